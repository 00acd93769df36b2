"""Quads as sorted N-Quads or N-Triples: the same graph gives the same lines.

The engine writes the lines and they are sorted as bytes, which costs little beside writing them.
Memory stays bounded: a large graph is sorted piece by piece, the pieces wait on disk, and a range
of lines after the other is taken from all of them.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from enum import Enum
from itertools import groupby, islice
from operator import eq
from typing import IO, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from g60kg.turtle.blank_nodes import order_blank_nodes

#: Bytes of lines that are sorted in memory at a time.
PIECE: Final = 12 * 1024 * 1024
#: Bytes that are read from a piece at a time.
READ: Final = 64 * 1024
#: Of so many lines one is kept, to know where the ranges are.
SAMPLED: Final = 512
#: Quads that the engine writes at a time.
_BATCH: Final = 20_000

GraphName = NamedNode | BlankNode | DefaultGraph


class Lines(Enum):
    """What a line says of its graph: nothing, its name, or its name before all else."""

    TRIPLES = "ntriples"
    QUADS = "nquads"
    GRAPH_FIRST = "graph first"


class LineSorter:
    """Takes quads, or the lines of graphs, in any order and gives sorted lines, none twice.

    It is a stream to write N-Triples to, those of one graph after :meth:`begin`. Blank nodes are
    labelled anew, by their order.

    Args:
        lines: what the lines are to say of graphs.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._before = self._after = b""
        self._unsplit = bytearray()
        self._held: list[bytes] = []
        self._size = 0
        self._mentions: set[bytes] = set()
        self._pieces: list[IO[bytes]] = []
        self._samples: list[bytes] = []

    def begin(self, graph: GraphName) -> None:
        """What is written from now on belongs to that graph."""
        self._split()
        name = b"" if isinstance(graph, DefaultGraph) else str(graph).encode()
        if self._lines is Lines.GRAPH_FIRST:
            self._before = name + b"\t"
        elif self._lines is Lines.QUADS and name:
            self._after = b" " + name + b" .\n"
        else:
            self._after = b""

    def write(self, content: bytes) -> int:
        """Takes a part of the lines; it may end in the middle of one."""
        self._unsplit += content
        if len(self._unsplit) > PIECE // 4:
            self._split()
        return len(content)

    def flush(self) -> None:
        """Does nothing: what was written is seen to in time."""

    def add(self, quads: Iterable[Quad]) -> None:
        """Takes quads."""
        for graph, run in groupby(quads, key=lambda quad: quad.graph_name):
            self.begin(graph)
            while batch := [quad.triple for quad in islice(run, _BATCH)]:
                self.write(serialize(batch, format=RdfFormat.N_TRIPLES) or b"")

    def _split(self) -> None:
        """Makes lines of what was written, up to the last line's end."""
        end = self._unsplit.rfind(b"\n") + 1
        if not end:
            return
        content = bytes(self._unsplit[:end])
        del self._unsplit[:end]
        # Only a line feed ends a line, and " ." stands before it nowhere else: literals escape it.
        if self._after:
            content = content.replace(b" .\n", self._after)
        if self._before:
            content = self._before + content[:-1].replace(b"\n", b"\n" + self._before) + b"\n"
        lines = content.splitlines(keepends=True)
        if b"_:" in content:
            # A literal may have "_:" in it too; such a line loses nothing by the detour.
            self._mentions.update(line for line in lines if b"_:" in line)
            lines = [line for line in lines if b"_:" not in line]
        self._held += lines
        self._size += len(content)
        if self._size > PIECE:
            self._put_down()

    def _put_down(self) -> None:
        piece = _sorted(self._held)
        self._held, self._size = [], 0
        self._samples += piece[::SAMPLED]
        file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by sorted)
        file.write(b"".join(piece))
        file.seek(0)
        self._pieces.append(file)

    def sorted(self) -> Iterator[list[bytes]]:
        """The lines, some at a time.

        Raises:
            EngineFailure: blank nodes too much alike to be told apart.
        """
        with ExitStack() as files:
            for file in self._pieces:
                files.enter_context(file)
            self._split()
            if self._mentions:
                self._held += self._relabelled()
                self._mentions = set()
            last = _sorted(self._held)
            self._held = []
            if not self._pieces:
                yield last
                return
            yield from self._ranges([_Piece(file) for file in self._pieces], last)

    def _ranges(self, pieces: list[_Piece], last: list[bytes]) -> Iterator[list[bytes]]:
        """What lies between two bounds in every piece, sorted once more: mostly runs already."""
        bounds = sorted({*self._samples, *last[::SAMPLED]})
        # As many ranges as pieces, and as many again: each fits in memory, with some room.
        bounds = bounds[:: max(len(bounds) // (2 * len(pieces) + 2), 1)]
        start = 0
        for bound in bounds:
            stop = bisect_right(last, bound, start)
            found = last[start:stop]
            start = stop
            for piece in pieces:
                found += piece.up_to(bound)
            yield _sorted(found)
        yield _sorted([*last[start:], *(line for piece in pieces for line in piece.rest())])

    def _relabelled(self) -> Iterator[bytes]:
        if self._lines is Lines.GRAPH_FIRST:
            yield from self._relabelled_by_graph()
            return
        line_format = RdfFormat.N_QUADS if self._lines is Lines.QUADS else RdfFormat.N_TRIPLES
        quads = list(parse(b"".join(self._mentions), format=line_format))
        labels = _labels(quads)
        renamed = [_renamed(quad, labels) for quad in quads]
        written = (
            serialize(renamed, format=line_format)
            if self._lines is Lines.QUADS
            else serialize((quad.triple for quad in renamed), format=line_format)
        )
        yield from (written or b"").splitlines(keepends=True)

    def _relabelled_by_graph(self) -> Iterator[bytes]:
        quads: list[Quad] = []
        for line in self._mentions:
            name, _, triple = line.partition(b"\t")
            graph = graph_of_name(name)
            quads += (
                Quad(quad.subject, quad.predicate, quad.object, graph)
                for quad in parse(triple, format=RdfFormat.N_TRIPLES)
            )
        labels = _labels(quads)
        for quad in quads:
            graph = quad.graph_name
            name = b"" if isinstance(graph, DefaultGraph) else str(graph).encode()
            yield name + b"\t" + f"{_renamed(quad, labels).triple} .\n".encode()


def graph_of_name(name: bytes) -> GraphName:
    """The graph that stands before a line."""
    if not name:
        return DefaultGraph()
    written = name.decode()
    return BlankNode(written[2:]) if written.startswith("_:") else NamedNode(written[1:-1])


class _Piece:
    """A sorted piece on disk, read a little at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lines: list[bytes] = []

    def up_to(self, bound: bytes) -> list[bytes]:
        """The next lines, up to a bound and with it."""
        found: list[bytes] = []
        while True:
            if not self._lines:
                self._lines = self._file.readlines(READ)
                if not self._lines:
                    return found
            if self._lines[-1] > bound:
                stop = bisect_right(self._lines, bound)
                found += self._lines[:stop]
                self._lines = self._lines[stop:]
                return found
            found += self._lines
            self._lines = []

    def rest(self) -> list[bytes]:
        """All lines that are left."""
        return [*self._lines, *self._file.readlines()]


def _sorted(lines: list[bytes]) -> list[bytes]:
    lines.sort()
    # To compare neighbours is quicker than to hash them all, and most graphs have no duplicates.
    if any(map(eq, lines, islice(lines, 1, None))):
        return list(dict.fromkeys(lines))
    return lines


def _labels(quads: Iterable[Quad]) -> Mapping[BlankNode, BlankNode]:
    order = order_blank_nodes(quads).order
    return {node: BlankNode(f"b{place + 1}") for node, place in order.items()}


def _renamed(quad: Quad, labels: Mapping[BlankNode, BlankNode]) -> Quad:
    subject, object_ = quad.subject, quad.object
    return Quad(
        labels[subject] if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        labels[object_] if isinstance(object_, BlankNode) else object_,
        quad.graph_name,
    )
