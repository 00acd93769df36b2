"""External sort of N-Quads or N-Triples: the same graph gives the same lines.

The engine writes the lines, which are sorted as bytes. Memory is bounded: a large graph is sorted
in pieces on disk, which are then merged.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from enum import Enum
from heapq import merge
from itertools import groupby, islice
from operator import eq
from typing import IO, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from g60kg.rdf.atomic_output import in_temporary_folder
from g60kg.rdf.turtle.blank_nodes import order_blank_nodes

#: Bytes of lines sorted in memory at a time.
PIECE: Final = 12 * 1024 * 1024
#: Quads serialised by the engine, and lines merged, at a time.
_BATCH: Final = 20_000

GraphName = NamedNode | BlankNode | DefaultGraph


class Lines(Enum):
    """Where a line has its graph: nowhere, at the end, or at the start."""

    TRIPLES = "ntriples"
    QUADS = "nquads"
    GRAPH_FIRST = "graph first"


class LineSorter:
    """Sort quads, or lines of graphs, and remove duplicates.

    It is a stream for N-Triples, those of one graph after :meth:`begin`. Blank nodes get new
    labels in canonical order.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._before = self._after = b""
        self._unsplit = bytearray()
        self._held: list[bytes] = []
        self._size = 0
        self._mentions: set[bytes] = set()
        self._pieces: list[IO[bytes]] = []

    def begin(self, graph: GraphName) -> None:
        """Assign the following lines to that graph."""
        self._split()
        name = b"" if isinstance(graph, DefaultGraph) else str(graph).encode()
        if self._lines is Lines.GRAPH_FIRST:
            self._before = name + b"\t"
        elif self._lines is Lines.QUADS and name:
            self._after = b" " + name + b" .\n"
        else:
            self._after = b""

    def write(self, content: bytes) -> int:
        """Accept bytes; they may end in the middle of a line."""
        self._unsplit += content
        if len(self._unsplit) > PIECE // 4:
            self._split()
        return len(content)

    def flush(self) -> None:
        """Do nothing: buffers are flushed when needed."""

    def add(self, quads: Iterable[Quad]) -> None:
        """Accept quads."""
        union = DefaultGraph() if self._lines is Lines.TRIPLES else None
        for graph, run in groupby(quads, key=lambda quad: union or quad.graph_name):
            self.begin(graph)
            while batch := [quad.triple for quad in islice(run, _BATCH)]:
                self.write(serialize(batch, format=RdfFormat.N_TRIPLES) or b"")

    def _split(self) -> None:
        """Process the bytes written, up to the last complete line."""
        end = self._unsplit.rfind(b"\n") + 1
        if not end:
            return
        content = bytes(self._unsplit[:end])
        del self._unsplit[:end]
        # Only a line feed ends a line, and " ." precedes it nowhere else: literals escape it.
        if self._after:
            content = content.replace(b" .\n", self._after)
        if self._before:
            content = self._before + content[:-1].replace(b"\n", b"\n" + self._before) + b"\n"
        lines = content.splitlines(keepends=True)
        if b"_:" in content:
            # A literal may contain "_:" too; parsing such a line is slower but correct.
            self._mentions.update(line for line in lines if b"_:" in line)
            lines = [line for line in lines if b"_:" not in line]
        self._held += lines
        self._size += len(content)
        if self._size > PIECE:
            self._put_down()

    def _put_down(self) -> None:
        piece = _sorted(self._held)
        self._held, self._size = [], 0
        with in_temporary_folder():
            file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by sorted)
            file.write(b"".join(piece))
            file.seek(0)
        self._pieces.append(file)

    def sorted(self) -> Iterator[list[bytes]]:
        """Yield the lines in chunks; raise EngineFailure for blank nodes without an order."""
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
            unique = (line for line, _ in groupby(merge(*self._pieces, last)))
            while lines := list(islice(unique, _BATCH)):
                yield lines

    def _relabelled(self) -> Iterator[bytes]:
        by_graph = self._lines is Lines.GRAPH_FIRST
        quads: list[Quad] = []
        for line in self._mentions:
            name, triple = line.split(b"\t", 1) if by_graph else (b"", line)
            quads += (
                Quad(one.subject, one.predicate, one.object, graph_of_name(name))
                if by_graph
                else one
                for one in parse(triple, format=RdfFormat.N_QUADS)
            )
        order = order_blank_nodes(quads).order
        labels = {node: BlankNode(f"b{place + 1}") for node, place in order.items()}
        for quad in quads:
            graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
            written = str(_renamed(quad, labels).triple)
            if by_graph:
                yield f"{graph}\t{written} .\n".encode()
            else:
                yield f"{written} {graph and graph + ' '}.\n".encode()


def graph_of_name(name: bytes) -> GraphName:
    """Return the graph at the start of a line."""
    if not name:
        return DefaultGraph()
    written = name.decode()
    return BlankNode(written[2:]) if written.startswith("_:") else NamedNode(written[1:-1])


def _sorted(lines: list[bytes]) -> list[bytes]:
    lines.sort()
    # Comparing neighbours is faster than hashing all lines, and most graphs have no duplicates.
    if any(map(eq, lines, islice(lines, 1, None))):
        return list(dict.fromkeys(lines))
    return lines


def _renamed(quad: Quad, labels: Mapping[BlankNode, BlankNode]) -> Quad:
    subject, object_ = quad.subject, quad.object
    return Quad(
        labels[subject] if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        labels[object_] if isinstance(object_, BlankNode) else object_,
        quad.graph_name,
    )
