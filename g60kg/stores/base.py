"""Interface of every store (in memory, on disk, behind an endpoint), and the counts of a store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Final, Protocol, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)

from g60kg.errors import EngineFailure
from g60kg.namespaces import PREFIXES, RESERVED_GRAPHS

Found = TypeVar("Found")
Term = NamedNode | BlankNode | Literal
QueryResult = QuerySolutions | QueryBoolean | QueryTriples


def objects_of(quads: Iterable[Quad]) -> set[Term]:
    """Return the distinct objects of quads, without triple terms (RDF 1.2)."""
    return {quad.object for quad in quads if not isinstance(quad.object, Triple)}


def objects_by_predicate(quads: Iterable[Quad]) -> dict[NamedNode, list[Term]]:
    """Return the distinct objects of quads by predicate, in order, without RDF 1.2 triple terms."""
    found: dict[NamedNode, dict[Term, None]] = {}
    for quad in quads:
        if not isinstance(quad.object, Triple):
            found.setdefault(quad.predicate, {})[quad.object] = None
    return {predicate: list(objects) for predicate, objects in found.items()}


def text_of(store: GraphStore, subject: NamedNode | BlankNode, predicate: NamedNode) -> str:
    """Return the text of a literal that a subject has for a predicate; empty without a literal.

    Of several literals, it is the one that the store returns first.
    """
    found = (quad.object for quad in store.quads(subject, predicate))
    return next((one.value for one in found if isinstance(one, Literal)), "")


class GraphStore(Protocol):
    """A dataset with a named graph for each source; its default graph is the union of all.

    Attributes:
        location: the store's name in messages: a path, a URL or "the shipped graph".
    """

    location: str

    def query(self, text: str) -> QueryResult:
        """Return the result of one SPARQL 1.1 query over the union of the graphs but the history.

        Raises:
            QuerySyntaxError: the engine cannot parse the text.
            UnsupportedQuery: the query uses SERVICE, has FROM with a graph that the store does not
                have, or exceeds a limit.
            EngineFailure: the engine failed.
        """

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern; None matches anything."""

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> Set[Term]:
        """Return the distinct objects that a subject has for a predicate, in all graphs."""
        return objects_of(self.quads(subject, predicate))

    def subjects(
        self, predicate: NamedNode, object_: Term | None = None, graph: NamedNode | None = None
    ) -> list[NamedNode]:
        """Return the IRIs that have a predicate, sorted; blank nodes are left out."""
        quads = self.quads(None, predicate, object_, graph)
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted(found, key=lambda node: node.value)

    def prefetch(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:  # noqa: ARG002
        """Announce the next reads, so that a remote store can fetch them in few requests.

        The reads are of the subjects, then of the objects that each step reaches. A step is a
        list of properties of the nodes before it. Results do not change. Other stores do nothing.
        """
        return

    def cached(self, name: str, read: Callable[[], Found]) -> Found:  # noqa: ARG002
        """Return the result of ``read``; a store that can detect changes caches it by ``name``."""
        return read()

    def graph_names(self) -> tuple[NamedNode, ...]:
        """Return the names of the graphs, sorted."""

    def source_graphs(self) -> tuple[NamedNode, ...]:
        """Return the sorted names of the sources' graphs: all but ontology, shapes and history."""
        return tuple(name for name in self.graph_names() if name not in RESERVED_GRAPHS)


def store_cached(read: Callable[[Any], Found]) -> cached_property[Found]:
    """Make a method a property whose value is cached in the object's ``store`` until a change.

    Objects over the same store share the value: do not modify it. An object that has read it keeps
    it after a change of the store; an object made later reads it again.
    """

    @wraps(read)
    def once(of: Any) -> Found:
        found: Found = of.store.cached(read.__qualname__, lambda: read(of))
        return found

    return cached_property(once)


_MEMBERS: Final = """
SELECT ?class (COUNT(DISTINCT ?member) AS ?members)
WHERE {{
  ?member a ?class .
  {} .
}}
GROUP BY ?class
ORDER BY DESC(?members) ?class
"""
#: The conditions for the class; in a graph without the ontology, the second one.
_OF_ONTOLOGY: Final = (
    "?class a owl:Class ; rdfs:isDefinedBy <https://w3id.org/g60kg/ontology>",
    f"FILTER(STRSTARTS(STR(?class), '{PREFIXES['g60']}'))",
)
_COUNT: Final = re.compile("[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of members by class IRI, of triples and of named graphs of a store."""

    members: Mapping[str, int]
    triples: int
    graphs: int

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Counts | None:
        """Return the counts in a JSON object; None if a key is missing or a value is not valid."""
        match content:
            case {"members": dict(members), "triples": int(triples), "graphs": int(graphs)} if all(
                isinstance(number, int) for number in members.values()
            ):
                return cls(members, triples, graphs)
            case _:
                return None


def count(store: GraphStore) -> Counts:
    """Count the members of each class, the triples in named graphs, and the named graphs.

    It reads the complete store.
    """
    text = "SELECT (COUNT(*) AS ?triples) WHERE { GRAPH ?source { ?s ?p ?o } }"
    triples = count_in(next(iter(rows(store, text)))[0])
    return Counts(members_of(store), triples or 0, len(store.graph_names()))


def members_of(store: GraphStore) -> dict[str, int]:
    """Return the number of members by the IRI of their class, largest first.

    Only classes of the ontology with at least one member are counted, also if the store does not
    have the ontology.
    """
    found = (
        {
            row[0].value: int(row[1].value)
            for row in rows(store, _MEMBERS.format(condition))
            if isinstance(row[0], NamedNode) and isinstance(row[1], Literal)
        }
        for condition in _OF_ONTOLOGY
    )
    return next(filter(None, found), {})


def count_in(cell: object) -> int | None:
    """Return the number in a literal of 1 to 18 digits; None for any other value.

    >>> count_in(Literal("12")), count_in(Literal("many")), count_in(Literal("9" * 30))
    (12, None, None)
    """
    text = cell.value if isinstance(cell, Literal) else ""
    return int(text) if _COUNT.fullmatch(text) else None


def rows(store: GraphStore, text: str) -> QuerySolutions:
    """Return the solutions of a SELECT query; raise EngineFailure for another form of query."""
    result = store.query(text)
    if not isinstance(result, QuerySolutions):
        raise EngineFailure("A count query returned no rows.")
    return result
