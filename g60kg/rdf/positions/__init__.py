"""Line and column of each triple of a text in Turtle, TriG, N-Triples or N-Quads.

The text is read token by token; only the parser decides its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from pyoxigraph import Quad, RdfFormat, parse

from g60kg.rdf.positions import turtle_positions
from g60kg.rdf.positions.line_index import Offsets, Place, Places

__all__ = ["Place", "Places", "locate"]


def locate(text: str, rdf_format: RdfFormat, quads: Sequence[Quad] | None = None) -> Places:
    """Return the positions of a text's triples; a triple with no certain position has none.

    Triples of JSON-LD and RDF/XML have no positions. In the other formats, none is known after a
    syntax error, after a reifier or an annotation of RDF 1.2, and in brackets nested more than
    some hundred deep. No text raises an error.

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
        text: the file's text; a byte order mark at its start does not count as a column.
        rdf_format: one of the six formats of input files.
        quads: the quads of the text, in the parser's order. Blank nodes are found by the labels
            they have there. Without it the text is parsed here.
    """
    text = text.removeprefix("\ufeff")
    if rdf_format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
        return Places(text, Offsets(), ())
    walk = turtle_positions.walk(text)
    # Only up to the end of the walk: the rest could hold terms too deep for the native parser.
    quads = _parsed(text[: walk.end], rdf_format) if quads is None else quads
    return Places(text, turtle_positions.agreeing(text, walk.offsets, quads), quads)


def _parsed(text: str, rdf_format: RdfFormat) -> list[Quad]:
    """Return the quads up to the first error."""
    quads: list[Quad] = []
    # Syntax error, surrogates in the text, a token of many megabytes.
    with suppress(SyntaxError, ValueError, MemoryError):
        for quad in parse(text, format=rdf_format):
            quads.append(quad)
    return quads
