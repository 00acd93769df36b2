"""Quads by pattern from an endpoint: a description at a time, and what was fetched is kept.

A round trip for every triple would make each check and label as slow as the way to the server.
So what is said of a thing is fetched as a whole, of many things together where they are known
beforehand, and never what is said of everything: what is moved depends on what is asked about,
not on the size of the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, Store

from g60kg.errors import RemoteFailure
from g60kg.namespaces import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH
from g60kg.stores.base import Term

#: Things whose descriptions are asked for in one request.
BATCH: Final = 100
#: Triples of a description that is kept; of what has more, only what is asked for is fetched.
LONGEST: Final = 1_000
#: How many quads of a pattern are asked for at first, and how many times more after that each
#: time: most who ask want one, and what is asked for anew is a third of the whole.
FIRST: Final = 64
MORE: Final = 4
#: Quads that are kept, but for the graphs that are held whole.
KEPT: Final = 200_000
#: Quads of graphs that were fetched whole that are kept, too: who asks for all seldom asks once.
WHOLE: Final = 500_000
#: Graphs that are asked about so often that they are fetched once, as they are.
HELD: Final = frozenset((ONTOLOGY_GRAPH, SHAPES_GRAPH))
_TERMS: Final = PREFIXES["g60"]

_Pattern: TypeAlias = tuple[
    NamedNode | BlankNode | None, NamedNode | None, Term | None, NamedNode | None
]


class Endpoint(Protocol):
    """What patterns are asked of."""

    @property
    def location(self) -> str:
        """The endpoint's URL."""

    def rows(self, text: str) -> QuerySolutions:
        """All rows of a SELECT."""

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs."""

    def is_own(self, graph: str) -> bool:
        """Whether a graph is one that the engine keeps for itself."""


class Patterns:
    """The quads of an endpoint by pattern.

    A blank node means nothing outside the reply that it came in. So a graph that has one in what
    is asked about is fetched whole, once, and answers from then on come from that copy.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._held: dict[NamedNode, Store] = {}
        self._forget()

    def _forget(self) -> None:
        self._described: dict[NamedNode, list[Quad]] = {}
        self._long: set[NamedNode] = set()
        self._found: dict[_Pattern, list[Quad]] = {}
        self._kept = 0

    def quads(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode | None,
        object_: Term | None,
        graph: NamedNode | None,
    ) -> Iterator[Quad]:
        """The quads that fit a pattern, each once; None fits anything."""
        pattern = (subject, predicate, object_, graph)
        blank = isinstance(subject, BlankNode) or isinstance(object_, BlankNode)
        # Of a blank node that is in no copy nothing is said there: it is somebody else's.
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
            for name in (graph,) if graph is not None else self._endpoint.graph_names():
                yield from self._copy(name).quads_for_pattern(None, None, None, name)

    def _has_all(self) -> bool:
        """Whether every graph was fetched whole."""
        # The names are not asked for where no source's graph can be among the copies.
        return len(self._held) > len(HELD) and all(
            name in self._held for name in self._endpoint.graph_names()
        )

    def expect(self, subjects: Iterable[NamedNode]) -> None:
        """Fetches the descriptions of things together."""
        if self._has_all():
            return
        if self._kept > KEPT:
            self._forget()
        unknown = [
            node
            for node in dict.fromkeys(subjects)
            if node not in self._described and node not in self._long
        ]
        for start in range(0, len(unknown), BATCH):
            self._describe(unknown[start : start + BATCH])

    def _describe(self, nodes: Sequence[NamedNode]) -> None:
        most = LONGEST if len(nodes) == 1 else LONGEST * 10
        values = " ".join(map(str, nodes))
        where = f"VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }}"
        found = self._asked((None, None, None, None), where, most + 1)
        if len(found) > most:
            if len(nodes) == 1:
                self._long.add(nodes[0])
                return
            for node in nodes:
                self._describe([node])
            return
        described: dict[NamedNode, list[Quad]] = {node: [] for node in nodes}
        for quad in found:
            if not isinstance(quad.subject, NamedNode) or quad.subject not in described:
                raise self._other_rows()
            described[quad.subject].append(quad)
        for node, quads in described.items():
            self._described[node] = self._settled((node, None, None, None), quads)
        self._kept += len(found)

    def _of_subject(self, subject: NamedNode, pattern: _Pattern) -> Iterator[Quad]:
        if subject not in self._described:
            self.expect((subject, *self._terms(subject)))
        quads = self._described.get(subject)
        if quads is None:
            quads = self._settled(pattern, self._asked(pattern, _where(pattern)))
        return (quad for quad in quads if _fits(quad, pattern))

    def _terms(self, subject: NamedNode) -> Iterator[NamedNode]:
        """All that the ontology is about, if it is about that: one term seldom comes alone."""
        if subject.value.startswith(_TERMS):
            for quad in self._copy(ONTOLOGY_GRAPH):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject

    def _in_steps(self, pattern: _Pattern) -> Iterator[Quad]:
        """The quads of a pattern that may be many, as far as they are taken."""
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
            settled = self._settled(pattern, found)
            if len(found) < limit:
                self._keep(pattern, settled)
            for quad in settled:
                if quad not in given:
                    given.add(quad)
                    yield quad
            if len(found) < limit:
                return
            limit *= MORE

    def _keep(self, pattern: _Pattern, quads: list[Quad]) -> None:
        if self._kept > KEPT:
            self._forget()
        self._found[pattern] = quads
        self._kept += len(quads)

    def _settled(self, pattern: _Pattern, found: list[Quad]) -> list[Quad]:
        """What was found, from the copies of the graphs that have blank nodes in it.

        What stands in the engine's own graphs is left out.
        """
        found = self._ours(found)
        blank = {quad.graph_name for quad in found if _has_blank(quad)}
        if not blank:
            return found
        settled = [quad for quad in found if quad.graph_name not in blank]
        for graph in blank:
            assert isinstance(graph, NamedNode)
            settled += self._copy(graph).quads_for_pattern(*pattern[:3], graph)
        return settled

    def _copy(self, graph: NamedNode) -> Store:
        """A graph fetched in one piece, its blank nodes named apart from those of others."""
        held = self._held.get(graph)
        if held is not None:
            return held
        pattern = (None, None, None, graph)
        copy = Store()
        number = len(self._held)
        has_blank = False
        for quad in self._asked(pattern, _where(pattern)):
            if _has_blank(quad):
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
        """The quads that the endpoint gives for a pattern."""
        names = [name for name, term in zip("spog", pattern, strict=True) if term is None]
        if not names:
            where, names = f"VALUES ?g {{ {pattern[3]} }} {where}", ["g"]
        variables = " ".join(f"?{name}" for name in names)
        cut = "" if limit is None else f" LIMIT {limit}"
        solutions = self._endpoint.rows(f"SELECT {variables} WHERE {{ {where} }}{cut}")
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
        except (KeyError, TypeError):  # no such column, nothing in it, or what cannot be there
            raise self._other_rows() from None
        return found

    def _other_rows(self) -> RemoteFailure:
        return RemoteFailure(
            f"{self._endpoint.location} answers with other rows than were asked for.",
            hint="Is this the query URL of a SPARQL endpoint?",
        )

    def _ours(self, found: list[Quad]) -> list[Quad]:
        """The quads that are not in the engine's own graphs."""
        own = {
            name
            for name in {quad.graph_name for quad in found}
            if isinstance(name, NamedNode) and self._endpoint.is_own(name.value)
        }
        return [quad for quad in found if quad.graph_name not in own] if own else found


def _quad(*parts: object) -> Quad:
    return Quad(*parts)  # type: ignore[arg-type]  # each where RDF has it


def _where(pattern: _Pattern) -> str:
    subject, predicate, object_, graph = (
        f"?{name}" if term is None else str(term)
        for name, term in zip("spog", pattern, strict=True)
    )
    return f"GRAPH {graph} {{ {subject} {predicate} {object_} }}"


def _fits(quad: Quad, pattern: _Pattern) -> bool:
    parts = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return all(term in (None, part) for term, part in zip(pattern, parts, strict=True))


def _has_blank(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
