"""Every snippet of the README does what it says."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
#: The width at which the README shows tables.
WIDTH = 84

FILES = {
    "facts.csv": "subject,predicate,object,quote\nBlue Rock,a,Enterprise,\n"
    "Blue Rock,locatedIn,Hangzou,moved to Hangzhou\n",
    "article.txt": "In 2024, Blue Rock moved to Hangzhou.",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            found.append((command, expected))
    return found


@pytest.mark.parametrize(("command", "expected"), commands(), ids=[c for c, _ in commands()])
def test_a_command_prints_what_is_shown(command: str, expected: str, tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    program, *arguments = shlex.split(command)
    assert program == "g60kg"
    done = subprocess.run(
        [sys.executable, "-m", "g60kg", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": str(WIDTH), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        timeout=120,
        check=False,
    )
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    assert printed == [line.rstrip() for line in expected.splitlines()]


def test_the_python_does_what_is_shown() -> None:
    for block in blocks("python"):
        example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
        assert example.examples
        result = doctest.DocTestRunner().run(example)
        assert result.failed == 0


def test_the_two_commands_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", blocks("sh")[0], re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_it_can_be_read_in_one_go() -> None:
    assert len(README.splitlines()) <= 100
