"""How a statement is meant, and the curator's note, wherever a page shows its evidence."""

from __future__ import annotations

import pytest

from tests.conftest import ARTICLE
from tests.web.reading_pages import page

NOTE = "The nine cities are those that the same sentence lists."
IN_CHINESE = "九城市为同一句列出的九个城市。"
AGREEMENT = "strategic-cooperation-agreement-2018"


PATHS = (
    "/queries/agreements?evidence=true",
    "/queries/claims-by-modality?modality=Derived&evidence=true",
    f"/id/{AGREEMENT}.html",
    f"/id/article-{ARTICLE}.html",
    "/timeline?from=2018&to=2018",
    "/ask?q=Which%20agreements%20did%20Hangzhou%20sign%3F&evidence=true",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_note_is_with_the_evidence(path: str, server: str) -> None:
    assert [one for one in page(server, path).all("p", class_="note") if NOTE in one.text]


def test_the_modality_is_with_each_quotation_of_a_row(server: str) -> None:
    root = page(server, PATHS[1])
    quoted = [one.text for one in root.all("figure") if "inferred by the curator" in one.text]
    assert any(NOTE in one for one in quoted)


def test_the_speaker_of_a_statement_is_with_its_quotation(server: str) -> None:
    root = page(server, "/queries/city-roles?city=Wuhu&evidence=true")
    quoted = [one.text for one in root.all("figure") if "attributed to a speaker" in one.text]
    assert quoted
    assert all("according to an official of the Shanghai liaison office" in one for one in quoted)


def test_a_quotation_found_by_its_words_has_how_it_is_meant(server: str) -> None:
    words = "industrialization in Wuhu"
    hits = page(server, f"/search?q={words.replace(' ', '%20')}").all("figure")
    assert hits
    assert all("attributed to a speaker" in one.text for one in hits)


@pytest.mark.parametrize("path", PATHS)
def test_a_note_is_in_chinese_on_a_chinese_page(path: str, server: str) -> None:
    root = page(server, path, "zh")
    assert root.one("html").attributes["lang"] == "zh"
    notes = [one for one in root.all("p", class_="note") if IN_CHINESE in one.text]
    assert notes
    assert not [one for note in notes for one in note.all("span", lang="en")]
    assert NOTE not in root.text


def test_the_latest_key_number_leads_to_its_development(complete_server: str) -> None:
    cards = page(complete_server, "/").one("ul", class_="cards numbers").all("li")
    people = [one for one in cards if "The corridor population" in one.text]
    assert len(people) == 1
    assert people[0].text.startswith("about 57.92 million")
    assert "measure=measure%3Apopulation" in people[0].link("How it developed")
