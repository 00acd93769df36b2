"""Line and column of each triple of a text in Turtle, TriG, N-Triples or N-Quads.

The text is followed token by token; the parser alone says what it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from pyoxigraph import Quad, RdfFormat, parse

from g60kg.rdf.positions import turtle_positions
from g60kg.rdf.positions.line_index import Offsets, Place, Places

__all__ = ["Place", "Places", "locate"]


def locate(text: str, rdf_format: RdfFormat, quads: Sequence[Quad] | None = None) -> Places:
    """Return the places of a text's triples; a triple without a certain place has none.

    Triples of JSON-LD and RDF/XML have no places. In the other formats, no place is known after a
    syntax error, after a reifier or an annotation of RDF 1.2, and in brackets nested more than
    some hundred deep. No text is an error.

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
        quads: what was parsed of the text, in the parser's order. Blank nodes are found by
            the labels they have there. Without it the text is parsed here.
    """
    text = text.removeprefix("\ufeff")
    if rdf_format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
        return Places(text, Offsets(), ())
    walk = turtle_positions.walk(text)
    # No further than was followed: the rest could hold terms too deep for the native parser.
    quads = _parsed(text[: walk.end], rdf_format) if quads is None else quads
    return Places(text, turtle_positions.agreeing(text, walk.offsets, quads), quads)


def _parsed(text: str, rdf_format: RdfFormat) -> list[Quad]:
    """The quads up to the first error."""
    quads: list[Quad] = []
    # Wrong syntax, text in no encoding, a token of many megabytes.
    with suppress(SyntaxError, ValueError, MemoryError):
        for quad in parse(text, format=rdf_format):
            quads.append(quad)
    return quads
