"""Sorted N-Quads or N-Triples: the same graph gives the same lines.

The engine writes the lines, which are sorted as bytes, a large graph on disk.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import groupby, islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from g60kg.rdf.external_sort import ExternalSort
from g60kg.rdf.turtle.blank_nodes import order_blank_nodes

#: Bytes of lines sorted in memory at a time.
PIECE: Final = 12 * 1024 * 1024
#: Quads serialised by the engine, and lines given back, at a time.
_BATCH: Final = 20_000

GraphName = NamedNode | BlankNode | DefaultGraph


class Lines(Enum):
    """The form of a line: a triple, a triple and its graph, or a graph, a tab and a triple."""

    TRIPLES = "ntriples"
    QUADS = "nquads"
    GRAPH_FIRST = "graph first"


class LineSorter:
    """Sorts quads, or N-Triples lines of graphs, and removes duplicates.

    It can be used as a binary stream for N-Triples. Blank nodes get new labels in canonical order.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._graph: GraphName = DefaultGraph()
        self._unsplit = bytearray()
        self._sort = ExternalSort[bytes](PIECE)
        #: The lines of each graph that mention blank nodes.
        self._mentions: dict[GraphName, set[bytes]] = defaultdict(set)

    def begin(self, graph: GraphName) -> None:
        """Assign all lines written after this call to a graph."""
        self._split()
        self._graph = DefaultGraph() if self._lines is Lines.TRIPLES else graph

    def write(self, content: bytes) -> int:
        """Accept bytes of N-Triples, which may end in the middle of a line; return their number."""
        self._unsplit += content
        if len(self._unsplit) > PIECE // 4:
            self._split()
        return len(content)

    def flush(self) -> None:
        """Do nothing."""

    def add(self, quads: Iterable[Quad]) -> None:
        """Accept quads; their graphs are ignored if a line is a triple."""
        union = DefaultGraph() if self._lines is Lines.TRIPLES else None
        for graph, run in groupby(quads, key=lambda quad: union or quad.graph_name):
            self.begin(graph)
            while batch := [quad.triple for quad in islice(run, _BATCH)]:
                self.write(serialize(batch, format=RdfFormat.N_TRIPLES) or b"")

    def _split(self) -> None:
        """Process the bytes written, up to the last complete line, and keep the rest."""
        end = self._unsplit.rfind(b"\n") + 1
        if not end:
            return
        lines = bytes(self._unsplit[:end]).splitlines(keepends=True)
        if b"_:" in self._unsplit:
            # A literal may contain "_:" too; parsing such a line is slower but correct.
            self._mentions[self._graph].update(line for line in lines if b"_:" in line)
            lines = [line for line in lines if b"_:" not in line]
        del self._unsplit[:end]
        placed = self._placed(lines, self._graph)
        self._sort.add(placed, sum(map(len, placed)))

    def _placed(self, lines: list[bytes], graph: GraphName) -> list[bytes]:
        name = b"" if isinstance(graph, DefaultGraph) else str(graph).encode()
        if self._lines is Lines.GRAPH_FIRST:
            return [b"%s\t%s" % (name, line) for line in lines]
        # Only a line feed ends a line, and " ." precedes it nowhere else: literals escape it.
        return [b"%s%s .\n" % (line[:-2], name) for line in lines] if name else lines

    def sorted(self) -> Iterator[list[bytes]]:
        """Yield all lines in order, without duplicates, in lists; call it only once."""
        self._split()
        if self._mentions:
            self._sort.add(self._relabelled(), 0)
        lines = self._sort.sorted()
        while chunk := list(islice(lines, _BATCH)):
            yield chunk

    def _relabelled(self) -> Iterator[bytes]:
        quads = [
            Quad(one.subject, one.predicate, one.object, graph)
            for graph, lines in self._mentions.items()
            for one in parse(b"".join(lines), format=RdfFormat.N_TRIPLES)
        ]
        order = order_blank_nodes(quads).order
        labels = {node: BlankNode(f"b{place + 1}") for node, place in order.items()}
        for quad in quads:
            line = f"{_renamed(quad, labels).triple} .\n".encode()
            yield from self._placed([line], quad.graph_name)


def graph_of_name(name: bytes) -> GraphName:
    """Return the graph for the name at the start of a line; the default graph for an empty name."""
    if not name:
        return DefaultGraph()
    written = name.decode()
    return BlankNode(written[2:]) if written.startswith("_:") else NamedNode(written[1:-1])


def _renamed(quad: Quad, labels: Mapping[BlankNode, BlankNode]) -> Quad:
    subject, object_ = quad.subject, quad.object
    return Quad(
        labels[subject] if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        labels[object_] if isinstance(object_, BlankNode) else object_,
        quad.graph_name,
    )
