"""Normal form norm-1: test vectors, the map of offsets, and the search for a digest."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from g60kg.model.text_normalization import NormalizedText, digest_of, normalized
from tests.conftest import ROOT

VECTORS: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "norm-1.json").read_text("utf-8"))

#: Characters on which the steps act, and of which some combine with others.
_MIXED: Final = st.text(
    st.sampled_from(
        "abe\u0301\u0308\u00a8 \u200b\u00ad\ufb01“”′″－"
        "ｶﾞ\u1100\u1161\u11a8각中文，。\u3099か\u09c7\u09be\n\u0344"
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)
#: White space and characters without width that a copy may have anywhere.
_SPACING: Final = st.text(st.sampled_from(" \n\t\u00a0\u3000\u200b\u00ad"), max_size=3)
_WORDS: Final = st.lists(
    st.text(st.sampled_from("abcdefgXYZ019é,.“”-'松江区科创走廊年"), min_size=1, max_size=8),
    min_size=6,
    max_size=40,
)


@pytest.mark.parametrize("vector", VECTORS["texts"], ids=lambda vector: vector["name"])
def test_texts_have_their_normal_form(vector: dict[str, Any]) -> None:
    normal = normalized(vector["text"])
    assert normal == vector["normalized"]
    assert (len(normal), digest_of(normal)) == (vector["length"], vector["digest"])
    assert NormalizedText(vector["text"]).normal == normal


@pytest.mark.parametrize("vector", VECTORS["spans"], ids=lambda vector: vector["name"])
def test_spans_cut_no_combining_sequence(vector: dict[str, Any]) -> None:
    span = NormalizedText(vector["text"]).span(vector["start"], vector["end"])
    assert (None if span is None else span.normal) == vector["normalized"]


@pytest.mark.parametrize("vector", VECTORS["copies"], ids=lambda vector: vector["name"])
def test_passages_are_found_in_copies(vector: dict[str, Any]) -> None:
    span = NormalizedText(vector["text"]).span(vector["start"], vector["end"])
    assert span is not None
    places = NormalizedText(vector["copy"]).places(digest_of(span.normal), len(span.normal))
    assert [list(place) for place in places] == vector["found"]


@example("e\u0301 \u0344")
@given(_MIXED)
def test_the_map_does_not_change_the_normal_form(text: str) -> None:
    assert NormalizedText(text).normal == normalized(text)
    assert normalized(normalized(text)) == normalized(text)


@given(_MIXED, st.data())
def test_a_span_is_found_by_its_digest(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = NormalizedText(text).span(start, data.draw(st.integers(start, len(text))))
    assume(span is not None)
    assert span is not None
    assert normalized(text[span.start : span.end]) == span.normal
    places = NormalizedText(text).places(digest_of(span.normal), len(span.normal))
    assert (span.start, span.end) in places


@given(_WORDS, st.data())
def test_a_passage_is_found_in_another_copy_and_not_with_a_letter_changed(
    words: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(words) - 3))
    last = data.draw(st.integers(first + 2, len(words) - 1))
    text = NormalizedText(" ".join(words))
    start = len(" ".join(words[:first])) + (1 if first else 0)
    span = text.span(start, start + len(" ".join(words[first : last + 1])))
    assert span is not None
    digest, length = digest_of(span.normal), len(span.normal)
    assert (span.start, span.end) in text.places(digest, length)

    spaced = "".join(word + data.draw(_SPACING) for word in words)
    header, footer = data.draw(st.sampled_from(["", "A HEADER\n\n"])), "\n\nA FOOTER"
    found = list(NormalizedText(header + spaced + footer).places(digest, length))
    assert span.normal in {normalized((header + spaced + footer)[s:e]) for s, e in found}

    at = data.draw(st.integers(0, length - 1))
    changed = "q" if unicodedata.category(span.normal[at]).startswith("L") else "Q"
    other = span.normal[:at] + changed + span.normal[at + 1 :]
    text_with_change = NormalizedText(
        normalized(" ".join(words[:first])) + other + normalized(" ".join(words[last + 1 :]))
    )
    # The words may also be elsewhere in the text.
    assume(span.normal not in text_with_change.normal)
    assert list(text_with_change.places(digest, length)) == []
