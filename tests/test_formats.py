"""The table of formats: every entry is read, written and offered under its name."""

from __future__ import annotations

import io

import pytest
from pyoxigraph import Literal, Quad, parse

from g60kg import formats
from g60kg.cli.output import EXTENSIONS, GRAPH_FORMATS
from g60kg.export import write_quads
from g60kg.formats import Format
from g60kg.namespaces import LABEL, entity
from g60kg.row_formats import write_rows
from g60kg.web import negotiation


def test_names_and_media_types_are_unique() -> None:
    for family in (formats.RDF, formats.ROWS):
        assert len({each.name for each in family}) == len(family)
        assert len({each.media_type for each in family}) == len(family)
        ends = [end for each in family for end in each.suffixes]
        assert len(set(ends)) == len(ends)


@pytest.mark.parametrize("each", formats.RDF, ids=lambda each: each.name)
def test_every_rdf_format_is_written_and_read(each: Format) -> None:
    quads = [Quad(entity("suzhou"), LABEL, Literal("Suzhou", language="en"))]
    out = io.BytesIO()
    write_quads(quads, each.name, out)
    found = formats.rdf_format_of(f"x{each.suffixes[0].upper()}.gz")
    assert found == each.rdf
    assert list(parse(out.getvalue(), format=found)) == quads


@pytest.mark.parametrize("each", formats.ROWS, ids=lambda each: each.name)
def test_every_row_format_is_written(each: Format) -> None:
    out = io.BytesIO()
    text = io.TextIOWrapper(out, encoding="utf-8")
    assert write_rows(each.name, ["city"], [([Literal("Suzhou")], [])], text) == 1
    text.flush()
    body = out.getvalue()
    assert (b"Suzhou" in body) is (each is not formats.WORKBOOK)
    assert body.startswith(b"PK") is (each is formats.WORKBOOK)


def test_the_command_line_offers_the_formats_of_the_table() -> None:
    assert list(GRAPH_FORMATS) == [form.name for form in negotiation.GRAPHS]
    assert EXTENSIONS[".xml"] == formats.XML.name
