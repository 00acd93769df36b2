"""Each note of a curator in the shipped graph has a Chinese text, and no table has notes."""

from __future__ import annotations

import re

from pyoxigraph import Literal, RdfFormat, parse

from g60kg import package_data
from g60kg.model.i18n.message_catalog import NOTES_CATALOGUE, texts
from g60kg.namespaces import NOTES
from g60kg.queries.catalog import load_catalog


def english_notes() -> set[str]:
    """The English notes of the shipped graph, also with the variable G60KG_DATA."""
    return {
        quad.object.value
        for turtle in package_data.instance_files().values()
        for quad in parse(turtle, RdfFormat.TURTLE)
        if quad.predicate in NOTES
        and isinstance(quad.object, Literal)
        and quad.object.language == "en"
    }


def test_each_note_has_a_chinese_text() -> None:
    notes, known = english_notes(), texts(NOTES_CATALOGUE).keys()
    assert len(notes) > 600
    # Notes without an entry in notes.po, then entries without a note in the graph.
    assert (sorted(notes - known), sorted(known - notes)) == ([], [])


def test_entries_are_in_alphabetical_order() -> None:
    assert list(texts(NOTES_CATALOGUE)) == sorted(texts(NOTES_CATALOGUE))


def test_a_quoted_text_stays_as_it_is() -> None:
    for english, chinese in texts(NOTES_CATALOGUE).items():
        quoted = re.findall(r'"([^"]+)"|“([^”]+)”', english)
        assert [one for pair in quoted for one in pair if one not in chinese] == [], english


def test_no_table_has_notes() -> None:
    """A canned query whose rows had notes would show them in English in a Chinese table."""
    for query in load_catalog().values():
        assert not re.search(r"rdfs:comment|skos:note", query.text), query.name
