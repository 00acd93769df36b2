"""The words of a text that a Fact states are in its evidence, its speakers in the article."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, sheet, warnings

SAID = "Blue Rock has opened a research park of 120 hectares with far better administration."
SAID_ZH = "蓝石建成了120公顷的科研园区，行政效率大幅提高。"


@pytest.mark.parametrize(
    ("text", "said", "is_found"),
    [
        ("the finest enterprise ever", SAID, True),
        ("opened a research park", SAID, False),
        ("large park for researchers", SAID, False),
        ("efficient administrative work", SAID, False),
        ("最受欢迎的企业", SAID_ZH, True),
        ("行政更为高效", SAID_ZH, False),
        # A translation cannot be compared.
        ("the finest enterprise ever", SAID_ZH, False),
        ("最受欢迎的企业", SAID, False),
    ],
)
@pytest.mark.parametrize("predicate", ["describedAs", "statesAim"])
def test_a_text_without_a_word_of_its_evidence(
    predicate: str, text: str, said: str, is_found: bool, store: LocalStore, tmp_path: Path
) -> None:
    language = "en" if said is not SAID_ZH else "zh"
    every = warnings(store, tmp_path, said, language, row("id:blue-rock", predicate, text, said))
    found = [one for one in every if one.code == "EvidenceLacksText"]
    assert bool(found) is is_found
    assert all(text in finding.message and said[:9] in finding.message for finding in found)


def test_a_derived_text_may_have_other_words(store: LocalStore, tmp_path: Path) -> None:
    fact = row("id:blue-rock", "describedAs", "the finest enterprise", SAID, modality="Derived")
    for note, count in (("", 1), ("A conclusion from the size.", 0)):
        every = warnings(store, tmp_path, SAID, "en", {**fact, "note": note})
        codes = [finding.code for finding in every]
        assert codes.count("EvidenceLacksText") == count


@pytest.mark.parametrize(
    ("speaker", "is_found"),
    [("a liar", True), ("the park's director", False), ("钱塘", True), ("id:hangzhou", True)],
)
def test_a_speaker_is_named_anywhere_in_the_article(
    speaker: str, is_found: bool, store: LocalStore, tmp_path: Path
) -> None:
    article = f"{SAID} The director of the park said so."
    fact = row("id:blue-rock", "describedAs", "better administration", SAID)
    said = {**fact, "modality": "attributed", "attributed_to": speaker}
    found = {one.code for one in warnings(store, tmp_path, article, "en", said)}
    assert ("EvidenceLacksSpeaker" in found) is is_found


def test_a_speaker_is_not_missing_from_an_article_without_its_text(
    store: LocalStore, tmp_path: Path
) -> None:
    fact = row("id:blue-rock", "describedAs", "better administration", SAID)
    said = {**fact, "modality": "attributed", "attributed_to": "a liar"}
    path, _ = sheet(tmp_path, SAID, "en", [said])
    found = {one.code for one in validate(store, [path], texts={}).findings}
    assert "EvidenceLacksSpeaker" not in found
