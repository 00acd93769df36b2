"""RDF 1.2: each Fact reifies the triple that it supports (`fact rdf:reifies <<( s p o )>>`).

A triple that is reified is not asserted by that, so that a plan has a reifier and no direct triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from g60kg.model.facts import FACT_TRIPLE, Fact
from g60kg.namespaces import term

_REIFIES: Final = term("rdf:reifies")
_PARTS: Final = tuple(f" {part} ".encode() for part in FACT_TRIPLE)


def with_reifiers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted N-Quads lines, and among them a line for each Fact that names one triple."""
    for _, run in groupby(lines, key=lambda line: line[: line.index(b" ")]):
        own = list(run)
        # A literal may contain a part too; its line is parsed, and has another property.
        parts = b"".join(line for line in own if any(part in line for part in _PARTS))
        yield from sorted([*own, *_reifiers(parts)]) if parts else own


def _reifiers(lines: bytes) -> list[bytes]:
    """Return the lines that reify the triple of one Fact, one for each of its graphs."""
    quads = list(parse(lines, format=RdfFormat.N_QUADS))
    written = b""
    for graph in {quad.graph_name for quad in quads}:
        fact = Fact.of(quads[0].subject, (quad for quad in quads if quad.graph_name == graph))
        if fact.is_complete:
            reifier = Quad(fact.iri, _REIFIES, Triple(*fact.triple), graph)
            written += serialize([reifier], format=RdfFormat.N_QUADS) or b""
    return written.splitlines(keepends=True)
