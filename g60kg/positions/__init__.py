"""Where the triples of an RDF text stand: the line and column of each, for whoever reports on it.

Turtle, TriG, N-Triples and N-Quads are followed token by token, JSON-LD and RDF/XML value by
value. The parser alone says what a text means; this package says where it was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from pyoxigraph import Quad, RdfFormat, parse

from g60kg.positions import json_ld, rdf_xml, turtle
from g60kg.positions.marks import PARSER_ERRORS, follow
from g60kg.positions.places import Offsets, Place, Places

__all__ = ["Place", "Places", "locate"]


def locate(text: str, rdf_format: RdfFormat, quads: Sequence[Quad] | None = None) -> Places:
    """The places of a text's triples; never an error, and no place where none is certain.

    In JSON-LD a triple's place is that of its value, and a subject's that of its object; the types
    of one object share the place of the first. In RDF/XML both are the start of an element.

    What cannot be followed has no place. In every format: text after a syntax error (in JSON-LD,
    all of it), and text with brackets or elements nested some hundred deep. In Turtle: what comes
    after a reifier or an annotation of RDF 1.2. In JSON-LD: the cells of lists, values of reverse
    properties, of type ``@json`` and in ``@id``, ``@type`` and ``@graph`` containers. In RDF/XML:
    the cells of collections, reified triples, and properties that are attributes of a property.

    >>> from pyoxigraph import NamedNode
    >>> from g60kg.namespaces import A
    >>> songjiang, city = NamedNode("https://x.org/songjiang"), NamedNode("https://x.org/City")
    >>> text = "PREFIX x: <https://x.org/>\\nx:songjiang\\n    a x:District, x:City ."
    >>> places = locate(text, RdfFormat.TURTLE)
    >>> places.of_triple(songjiang, A, city)
    Place(line=3, column=19)
    >>> places.of_subject(songjiang)
    Place(line=2, column=1)

    Args:
        text: the file's text; a byte order mark at its start counts as no column.
        rdf_format: one of the six formats that files come in.
        quads: what was parsed of the text, in the parser's order. Blank nodes are looked up by
            the labels they have there. Without it the text is parsed here.
    """
    text = text.removeprefix("\ufeff")
    offsets = _offsets(text, rdf_format, quads)
    return Places(text, *offsets)


def _offsets(
    text: str, rdf_format: RdfFormat, quads: Sequence[Quad] | None
) -> tuple[Offsets, Sequence[Quad]]:
    if rdf_format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
        marked = (json_ld if rdf_format == RdfFormat.JSON_LD else rdf_xml).marked(text)
        if marked is None:
            return Offsets(), ()
        quads = _parsed(text, rdf_format) if quads is None else quads
        return follow(marked, rdf_format, quads), quads
    walk = turtle.walk(text)
    # No further than was followed: the rest could hold terms too deep for the native parser.
    quads = _parsed(text[: walk.end], rdf_format) if quads is None else quads
    return turtle.agreeing(text, walk.offsets, quads), quads


def _parsed(text: str, rdf_format: RdfFormat) -> list[Quad]:
    """The quads up to the first error."""
    quads: list[Quad] = []
    with suppress(*PARSER_ERRORS):
        for quad in parse(text, format=rdf_format):
            quads.append(quad)
    return quads
