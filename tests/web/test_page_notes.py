"""Notes of curators in the language of the page: of facts, entities and sources."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from g60kg.model.i18n.message_catalog import NOTES_CATALOGUE, texts
from g60kg.namespaces import COMMENT, NOTE, entity, graph_name, term
from g60kg.stores.local_store import LocalStore
from tests.conftest import ARTICLE
from tests.web.asking import get
from tests.web.reading_pages import Element, page
from tests.web.serving import serving

#: A user's note, which no catalogue has, and the facts, entities and sources that have it.
OWN = "Seen by a user."
FACT, ENTITY, SOURCE = f"{ARTICLE}-942c76712e12", "tencent", f"article-{ARTICLE}"


def note_of(root: Element, heading: str) -> Element:
    """The note under a heading of the details."""
    found = [one.one("dd") for one in root.all("div") if [heading] == texts_of(one, "dt")]
    assert len(found) == 1
    return found[0]


def texts_of(element: Element, name: str) -> list[str]:
    return [one.text for one in element.all(name)]


@pytest.mark.parametrize(
    ("path", "heading", "note"),
    [
        (
            f"/fact/{ARTICLE}-00b32135c519.html",
            "整理者注",
            "The nine cities are those that the same sentence lists.",
        ),
        ("/id/tencent-youtu-lab.html", "说明", "No Chinese name is certain."),
        ("/id/article-51job-songjiang.html", "备注", "The English name is a translation."),
    ],
)
def test_a_note_is_in_chinese(path: str, heading: str, note: str, complete_server: str) -> None:
    shown = note_of(page(complete_server, path, "zh"), heading)
    assert shown.text == texts(NOTES_CATALOGUE)[note]
    assert shown.all(lang="en") == []
    assert note in page(complete_server, path).text
    data = get(f"{complete_server}{path.replace('html', 'ttl')}", headers={"Accept-Language": "zh"})
    assert f'"{note}"@en' in data.text


@pytest.fixture(scope="module")
def own_notes(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server whose graph has notes of a user."""
    folder = tmp_path_factory.mktemp("notes")
    copy, note = folder / "store", Literal(OWN, language="en")
    shutil.copytree(loaded, copy)
    graph = graph_name(ARTICLE)
    store = LocalStore.at(copy, writable=True)
    store.extend(
        (
            Quad(term(f"fact:{FACT}"), COMMENT, note, graph),
            Quad(entity(ENTITY), NOTE, note, graph),
            Quad(entity(SOURCE), NOTE, note, graph),
        )
    )
    store.close()
    with serving(folder / "log", "--workers", "1", globals_=("--store", str(copy))) as started:
        yield started.url


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (f"/fact/{FACT}.html", "整理者注"),
        (f"/id/{ENTITY}.html", "说明"),
        (f"/id/{SOURCE}.html", "备注"),
    ],
)
def test_a_note_without_a_chinese_text_stays_english(
    path: str, heading: str, own_notes: str
) -> None:
    shown = note_of(page(own_notes, path, "zh"), heading)
    assert shown.one("span", lang="en").text == shown.text == OWN
