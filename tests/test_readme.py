"""Every snippet of the README does what it says."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from docs.make.snippets import Snippet, blocks, run, snippets
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")

FILES = {
    "facts.csv": "subject,predicate,object,quote\nBlue Rock,a,Enterprise,\n"
    "Blue Rock,locatedIn,Hangzou,moved to Hangzhou\n",
    "article.txt": "In 2024, Blue Rock moved to Hangzhou.",
}


SNIPPETS = snippets(README)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[each.command for each in SNIPPETS])
def test_a_command_prints_what_is_shown(snippet: Snippet, tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert shlex.split(snippet.command)[0] == "g60kg"
    assert "…" not in "".join(snippet.shown)  # so each line is compared as it stands
    assert run(snippet.command, tmp_path) == list(snippet.shown)


def test_the_python_does_what_is_shown() -> None:
    for block in blocks(README, "python"):
        example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
        assert example.examples
        result = doctest.DocTestRunner().run(example)
        assert result.failed == 0


def test_the_two_commands_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", blocks(README, "sh")[0], re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_it_can_be_read_in_one_go() -> None:
    assert len(README.splitlines()) <= 100
