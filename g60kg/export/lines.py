"""Quads as sorted N-Quads or N-Triples: the same graph gives the same lines.

The engine writes the lines and they are sorted as bytes, which costs little beside writing them.
Memory stays bounded: a large graph is sorted piece by piece, the pieces wait on disk.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby, islice
from typing import Final

from pyoxigraph import BlankNode, Quad, RdfFormat, Triple, parse, serialize

from g60kg.turtle.blank_nodes import order_blank_nodes

#: Quads that are sorted in memory at a time.
PIECE: Final = 250_000


def sorted_lines(quads: Iterable[Quad], line_format: RdfFormat) -> Iterator[bytes]:
    """The lines of a graph, sorted, none twice; blank nodes are labelled by their order.

    Args:
        quads: in any order.
        line_format: RdfFormat.N_QUADS, or RdfFormat.N_TRIPLES to leave out the graphs' names.

    Raises:
        EngineFailure: blank nodes too much alike to be told apart.
    """
    quads = iter(quads)
    mentions: list[bytes] = []
    with ExitStack() as files:
        pieces: list[Iterable[bytes]] = []
        while content := _written(islice(quads, PIECE), line_format):
            # Only a line feed ends a line; the formats escape it, and a return, everywhere else.
            lines = set(content.splitlines(keepends=True))
            if b"_:" in content:
                # A literal may have "_:" in it too; such a line loses nothing by the detour.
                blank = {line for line in lines if b"_:" in line}
                mentions += blank
                lines -= blank
            piece = sorted(lines)
            if len(piece) < PIECE // 2:  # the last one, as a rule
                pieces.append(piece)
                continue
            file = files.enter_context(tempfile.TemporaryFile())
            file.writelines(piece)
            file.seek(0)
            pieces.append(file)
        if mentions:
            pieces.append(sorted(_relabelled(mentions, line_format)))
        if len(pieces) == 1:
            yield from pieces[0]
        else:
            for line, _ in groupby(heapq.merge(*pieces)):
                yield line


def _written(quads: Iterable[Quad], line_format: RdfFormat) -> bytes:
    if line_format == RdfFormat.N_TRIPLES:
        triples: Iterable[Triple] = (quad.triple for quad in quads)
        return serialize(triples, format=line_format) or b""
    return serialize(quads, format=line_format) or b""


def _relabelled(mentions: Iterable[bytes], line_format: RdfFormat) -> set[bytes]:
    quads = list(parse(b"".join(mentions), format=line_format))
    order = order_blank_nodes(quads).order
    labels = {node: BlankNode(f"b{place + 1}") for node, place in order.items()}
    content = _written((_renamed(quad, labels) for quad in quads), line_format)
    return set(content.splitlines(keepends=True))


def _renamed(quad: Quad, labels: Mapping[BlankNode, BlankNode]) -> Quad:
    subject, object_ = quad.subject, quad.object
    return Quad(
        labels[subject] if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        labels[object_] if isinstance(object_, BlankNode) else object_,
        quad.graph_name,
    )
