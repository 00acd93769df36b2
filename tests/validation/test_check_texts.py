"""The texts of checks and reports: the same keys and placeholders in both languages, all of use."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

import g60kg.validation.texts as texts_module
from g60kg.model.names import LANGUAGES, is_chinese
from g60kg.validation.check_codes import codes_by_check
from g60kg.validation.texts import check_texts, read

ROOT = Path(texts_module.__file__).parents[2]
#: Keys of Chinese texts that are placeholders and punctuation alone.
NO_WORDS = {
    "and",
    "between",
    "comma",
    "end",
    "fact",
    "kind",
    "passage",
    "quotation",
    "quote",
    "source",
    "a",
}


def named(text: str) -> set[str]:
    return {str(name) for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_sections_keys_and_placeholders() -> None:
    english, chinese = map(read, LANGUAGES)
    assert {name: [*found] for name, found in english.items()} == {
        name: [*found] for name, found in chinese.items()
    }
    for section, found in english.items():
        for key, text in found.items():
            other = chinese[section][key]
            # A Chinese text has no articles, and may give a total for a rest.
            assert named(other) - named(text) <= {"total"}, (section, key)
            assert named(text) - named(other) <= {"article", "count"}, (section, key)
            assert is_chinese(other) or key in NO_WORDS, (section, key)


def asked_for(function: str) -> set[object]:
    """Return the first arguments of the calls of a function in the package."""
    return {
        node.args[0].value
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function
        if isinstance(node.args[0], ast.Constant)
    }


def test_each_section_is_used() -> None:
    assert asked_for("check_texts") == read("en").keys()


@pytest.mark.parametrize("language", ["fr", ""])
def test_another_language_has_the_english_texts(language: str) -> None:
    assert check_texts("report", language) == check_texts("report", "en")


def test_each_described_code_is_one_of_its_check() -> None:
    codes = codes_by_check()
    for check, described in read("codes").items():
        names = [code.name for code in codes[check]]
        assert names[: len(described)] == [*described]


def test_each_described_code_is_used() -> None:
    described = {name for codes in read("codes").values() for name in codes}
    assert asked_for("check_code") == described
