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
PIECE: Final = 500_000


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
        while lines := _lines(islice(quads, PIECE), line_format):
            # A literal may have "_:" in it too; such a line loses nothing by the detour.
            mentions += [line for line in lines if b"_:" in line]
            piece = sorted(line for line in lines if b"_:" not in line)
            if len(lines) == PIECE:
                file = files.enter_context(tempfile.TemporaryFile())
                file.writelines(piece)
                file.seek(0)
                pieces.append(file)
            else:
                pieces.append(piece)
        pieces.append(sorted(_relabelled(mentions, line_format)))
        for line, _ in groupby(heapq.merge(*pieces)):
            yield line


def _lines(quads: Iterable[Quad], line_format: RdfFormat) -> list[bytes]:
    wanted: Iterable[Quad] | Iterable[Triple] = quads
    if line_format == RdfFormat.N_TRIPLES:
        wanted = (quad.triple for quad in quads)
    # Only a line feed ends a line; the format escapes it everywhere else.
    return (serialize(wanted, format=line_format) or b"").splitlines(keepends=True)


def _relabelled(mentions: list[bytes], line_format: RdfFormat) -> list[bytes]:
    quads = list(parse(b"".join(mentions), format=line_format))
    order = order_blank_nodes(quads).order
    labels = {node: BlankNode(f"b{place + 1}") for node, place in order.items()}
    return _lines((_renamed(quad, labels) for quad in quads), line_format)


def _renamed(quad: Quad, labels: Mapping[BlankNode, BlankNode]) -> Quad:
    subject, object_ = quad.subject, quad.object
    return Quad(
        labels[subject] if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        labels[object_] if isinstance(object_, BlankNode) else object_,
        quad.graph_name,
    )
