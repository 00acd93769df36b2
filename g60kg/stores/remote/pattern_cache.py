"""Quad patterns on an endpoint, with a cache of fetched descriptions.

The description of a node is all quads of which it is the subject. A round trip for every triple
would be slow, so the complete description is fetched, for many nodes together where they are known
in advance. The amount transferred depends on the nodes requested, not on the size of the graph.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, Store

from g60kg.errors import RemoteFailure, ResultCut
from g60kg.namespaces import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.local_store import has_blank_node
from g60kg.stores.remote.http_client import QUERY_URL_HINT

#: Nodes whose descriptions are fetched in one request.
BATCH: Final = 100
#: Maximum triples of a cached description; of a larger one only the pattern requested is fetched.
LONGEST: Final = 1_000
#: Quads of a pattern in the first request, and the growth factor of later requests: most callers
#: need one quad, and what is fetched again is a third of the whole.
FIRST: Final = 64
MORE: Final = 4
#: Quads in the cache, without those of graphs fetched as a whole.
KEPT: Final = 200_000
#: Quads of graphs fetched as a whole: a caller that reads all usually does so again.
WHOLE: Final = 500_000
#: Graphs read so often that they are fetched once, as a whole.
HELD: Final = frozenset((ONTOLOGY_GRAPH, SHAPES_GRAPH))
_TERMS: Final = PREFIXES["g60"]

_Pattern: TypeAlias = tuple[
    NamedNode | BlankNode | None, NamedNode | None, Term | None, NamedNode | None
]


class PatternStore(GraphStore):
    """A store that reads its quads by queries, and caches them.

    A blank node's label is valid in one reply only. So a graph with blank nodes in the result is
    fetched once as a whole, and later patterns are matched on that copy.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._held: dict[NamedNode, Store] = {}
        self._forget()

    def rows(self, text: str) -> QuerySolutions:
        """Return all rows of a SELECT."""
        raise NotImplementedError

    def is_own(self, graph: str) -> bool:
        """Return whether a graph is one of the engine's own."""
        raise NotImplementedError

    def _forget(self) -> None:
        #: The quads of patterns; None for a description that is too long to be kept.
        self._found: dict[_Pattern, list[Quad] | None] = {}
        self._kept = 0

    def _keep(self, pattern: _Pattern, quads: list[Quad]) -> None:
        self._found[pattern] = quads
        self._kept += len(quads)

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern, each once; None matches anything."""
        pattern = (subject, predicate, object_, graph)
        blank = isinstance(subject, BlankNode) or isinstance(object_, BlankNode)
        # A blank node that is in no copy belongs to another store: nothing matches.
        if blank or (graph is None and self._has_all()):
            for held in self._held.values():
                yield from held.quads_for_pattern(*pattern)
        elif graph is not None and (graph in HELD or graph in self._held):
            yield from self._copy(graph).quads_for_pattern(*pattern)
        elif isinstance(subject, NamedNode):
            yield from self._of_subject(subject, pattern)
        elif object_ is not None or predicate is not None:
            yield from self._in_steps(pattern)
        else:
            for name in (graph,) if graph is not None else self.graph_names():
                yield from self._copy(name).quads_for_pattern(None, None, None, name)

    def _has_all(self) -> bool:
        # Names are fetched only where a source's graph can be among the copies.
        return len(self._held) > len(HELD) and all(
            name in self._held for name in self.graph_names()
        )

    def prefetch(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Fetch the quads of the subjects, and of nodes that ``steps`` reach, in few requests."""
        nodes = list(subjects)
        if not self._has_all():
            if self._kept > KEPT:
                self._forget()
            unknown = [node for node in dict.fromkeys(nodes) if _about(node) not in self._found]
            for start in range(0, len(unknown), BATCH):
                self._describe(unknown[start : start + BATCH])
        if steps:
            reached = (q.object for n in nodes for p in steps[0] for q in self.quads(n, p))
            self.prefetch([node for node in reached if isinstance(node, NamedNode)], *steps[1:])

    def _describe(self, nodes: Sequence[NamedNode]) -> None:
        most = LONGEST if len(nodes) == 1 else LONGEST * 10
        values = " ".join(map(str, nodes))
        where = f"VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }}"
        found = self._asked((None, None, None, None), where, most + 1)
        if len(found) > most:
            if len(nodes) == 1:
                self._found[_about(nodes[0])] = None
                return
            for node in nodes:
                self._describe([node])
            return
        described: dict[object, list[Quad]] = {node: [] for node in nodes}
        for quad in found:
            if quad.subject not in described:
                raise self._other_rows()
            described[quad.subject].append(quad)
        for node in nodes:
            self._keep(_about(node), self._settled(_about(node), described[node]))

    def _of_subject(self, subject: NamedNode, pattern: _Pattern) -> Iterator[Quad]:
        if _about(subject) not in self._found:
            self.prefetch((subject, *self._terms(subject)))
        quads = self._found.get(_about(subject))
        if quads is None:
            quads = self._settled(pattern, self._asked(pattern, _where(pattern)))
        return (quad for quad in quads if _fits(quad, pattern))

    def _terms(self, subject: NamedNode) -> Iterator[NamedNode]:
        if subject.value.startswith(_TERMS):
            for quad in self._copy(ONTOLOGY_GRAPH):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject

    def _in_steps(self, pattern: _Pattern) -> Iterator[Quad]:
        """Yield the quads of a pattern that may match many; fetch only as far as they are read."""
        known = self._found.get(pattern)
        if known is None:
            wider = self._found.get((None, None, pattern[2], None))
            known = None if wider is None else [q for q in wider if _fits(q, pattern)]
        if known is not None:
            yield from known
            return
        given: set[Quad] = set()
        limit = FIRST
        while True:
            found = self._asked(pattern, _where(pattern), limit)
            is_complete = len(found) != limit
            settled = self._settled(pattern, found)
            if is_complete:
                if self._kept > KEPT:
                    self._forget()
                self._keep(pattern, settled)
            for quad in settled:
                if quad not in given:
                    given.add(quad)
                    yield quad
            if is_complete:
                return
            limit *= MORE

    def _settled(self, pattern: _Pattern, found: list[Quad]) -> list[Quad]:
        """Return the quads found, but from a copy those of a graph if one has a blank node.

        Quads of the engine's own graphs are left out.
        """
        names = {name for q in found if isinstance(name := q.graph_name, NamedNode)}
        own = {name for name in names if self.is_own(name.value)}
        blank = {q.graph_name for q in found if has_blank_node(q)} - own
        if not own and not blank:
            return found
        settled = [q for q in found if q.graph_name not in own | blank]
        for graph in blank:
            assert isinstance(graph, NamedNode)
            settled += self._copy(graph).quads_for_pattern(*pattern[:3], graph)
        return settled

    def _copy(self, graph: NamedNode) -> Store:
        """Fetch a graph as a whole, with blank node labels unique to it."""
        held = self._held.get(graph)
        if held is not None:
            return held
        pattern = (None, None, None, graph)
        copy = Store()
        number = len(self._held)
        has_blank = False
        for quad in self._asked(pattern, _where(pattern)):
            if has_blank_node(quad):
                has_blank = True
                subject, object_ = (
                    BlankNode(f"g{number}x{node.value}") if isinstance(node, BlankNode) else node
                    for node in (quad.subject, quad.object)
                )
                quad = _quad(subject, quad.predicate, object_, graph)
            copy.add(quad)
        if has_blank or graph in HELD or len(copy) + sum(map(len, self._held.values())) <= WHOLE:
            self._held[graph] = copy
        return copy

    def _asked(self, pattern: _Pattern, where: str, limit: int | None = None) -> list[Quad]:
        """Return the quads of a pattern, at most ``limit``; ``where`` is the pattern in SPARQL.

        If the server cuts the result before the limit, all quads of the pattern are fetched in
        pages, also beyond ``limit``.
        """
        names = [name for name, term in zip("spog", pattern, strict=True) if term is None]
        if not names:
            where, names = f"VALUES ?g {{ {pattern[3]} }} {where}", ["g"]
        variables = " ".join(f"?{name}" for name in names)
        every = f"SELECT {variables} WHERE {{ {where} }}"
        try:
            solutions = self.rows(every if limit is None else f"{every} LIMIT {limit}")
        except ResultCut:
            # Without LIMIT the rows come in pages.
            solutions = self.rows(every)
        wanted = set(names)
        found = []
        try:
            for row in solutions:
                subject, predicate, object_, graph = (
                    row[name] if name in wanted else term
                    for name, term in zip("spog", pattern, strict=True)
                )
                if not isinstance(graph, NamedNode):
                    raise self._other_rows()
                found.append(_quad(subject, predicate, object_, graph))
        # The column is missing or unbound, or its term cannot be in that position.
        except (KeyError, TypeError):
            raise self._other_rows() from None
        return found

    def _other_rows(self) -> RemoteFailure:
        return RemoteFailure(
            f"{self.location} answers with other columns than requested.",
            hint=QUERY_URL_HINT,
        )


def _quad(*parts: object) -> Quad:
    return Quad(*parts)  # type: ignore[arg-type]  # each where RDF has it


def _about(node: NamedNode) -> _Pattern:
    return (node, None, None, None)


def _where(pattern: _Pattern) -> str:
    subject, predicate, object_, graph = (
        f"?{name}" if term is None else str(term)
        for name, term in zip("spog", pattern, strict=True)
    )
    return f"GRAPH {graph} {{ {subject} {predicate} {object_} }}"


def _fits(quad: Quad, pattern: _Pattern) -> bool:
    parts = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return all(term in (None, part) for term, part in zip(pattern, parts, strict=True))
