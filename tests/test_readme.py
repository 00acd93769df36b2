"""Tests of the README and the page for Python: commands and Python print what is shown."""

from __future__ import annotations

import doctest
import re
import shlex

import pytest

from docs.make.__main__ import README as PAGE
from docs.make.__main__ import working_folder
from docs.make.snippets import WIDTH, Snippet, blocks, snippets
from tests.cli.run import printed
from tests.conftest import ROOT

# The pages show the shipped graph.
pytestmark = pytest.mark.usefixtures("shipped_graph")

README = (ROOT / PAGE).read_text(encoding="utf-8")

SNIPPETS = snippets(README)
#: Commands that look at the whole graph.
SLOW = re.compile("^g60kg (reason|validate)")


@pytest.mark.parametrize(
    "snippet",
    [
        pytest.param(
            each, id=each.command, marks=pytest.mark.long if SLOW.search(each.command) else ()
        )
        for each in SNIPPETS
    ],
)
def test_a_command_prints_what_is_shown(snippet: Snippet) -> None:
    assert shlex.split(snippet.command)[0] == "g60kg"
    assert "…" not in "".join(snippet.expected)  # every line is compared literally
    with working_folder(PAGE) as folder:
        assert printed(snippet.command, folder) == list(snippet.expected)


@pytest.mark.parametrize("page", [PAGE.name, "docs/python.md"])
def test_the_python_prints_what_is_shown(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    text = "".join(blocks((ROOT / page).read_text(encoding="utf-8"), "python"))
    example = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert example.examples
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE if page != PAGE.name else 0
    assert doctest.DocTestRunner(optionflags=options).run(example).failed == 0


def test_the_two_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", blocks(README, "sh")[0], re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_it_has_at_most_100_lines() -> None:
    assert len(README.splitlines()) <= 100
