"""The difference of a similar quotation is named, and the passage of the text is offered."""

from __future__ import annotations

import pytest

from g60kg.model.text_diff import differing, nearest_passage

TEXT = "The firm, “Blue Rock”, opened a café in 2024 – with nearly 3,000  guests from Hangzhou."


@pytest.mark.parametrize(
    ("words", "own", "expected"),
    [
        ('"Blue Rock"', "“Blue Rock”", "quotation marks"),
        ("2024 - with", "2024 – with", "dashes"),
        ("3,000 guests", "3,000  guests", "white space"),
        ("cafe\u0301 in", "café in", "Unicode form"),
        ("the firm", "The firm", "upper and lower case"),
        ("nearly 3000", "nearly 3,000", "nothing where the text has “,”, at character 9"),
        ("from Hangzou", "from Hangzhou", "nothing where the text has “h”, at character 11"),
        ("openend a café", "opened a café", "where the text has nothing"),
    ],
)
def test_the_difference_is_named(words: str, own: str, expected: str) -> None:
    near = nearest_passage(words, TEXT)
    assert near is not None
    assert own in near
    assert expected in differing(words, own)


def test_other_words_have_nothing_near() -> None:
    assert nearest_passage("an entirely different sentence about railways", TEXT) is None


def test_the_passage_is_in_place_where_the_text_has_a_ligature_and_accents() -> None:
    text = "ﬀ: a corridor of nine cities, ½ e\u0301e\u0301e\u0301."
    near = nearest_passage("corridor of nine cities, 1⁄2", text)
    assert near is not None
    assert near.startswith("corridor")
