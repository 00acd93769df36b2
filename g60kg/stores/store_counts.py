"""How many members each class has, and how many triples and graphs a store holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from g60kg.errors import EngineFailure
from g60kg.stores.base import GraphStore

_MEMBERS = """
SELECT ?class (COUNT(DISTINCT ?member) AS ?members)
WHERE {
  ?member a ?class .
  ?class  a owl:Class ;
          rdfs:isDefinedBy <https://w3id.org/g60kg/ontology> .
}
GROUP BY ?class
ORDER BY DESC(?members) ?class
"""
_TRIPLES = "SELECT (COUNT(*) AS ?triples) WHERE { GRAPH ?source { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Counts:
    """Members by the IRI of their class, the most first; triples, each once a graph; graphs."""

    members: Mapping[str, int]
    triples: int
    graphs: int

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {"members": dict(self.members), "triples": self.triples, "graphs": self.graphs}

    @classmethod
    def from_json(cls, content: Mapping[str, Any] | None) -> Counts | None:
        """The counts in such values; None where they are none."""
        if content is None:
            return None
        members = content.get("members")
        triples, graphs = content.get("triples"), content.get("graphs")
        if not isinstance(members, dict):
            return None
        if not (isinstance(triples, int) and isinstance(graphs, int)):
            return None
        if not all(isinstance(number, int) for number in members.values()):
            return None
        return cls(members, triples, graphs)


def count(store: GraphStore) -> Counts:
    """Counts what a store holds, by looking at all of it."""
    triples = next(iter(rows(store, _TRIPLES)))[0]
    return Counts(
        members_of(store),
        int(triples.value) if isinstance(triples, Literal) else 0,
        len(store.graph_names()),
    )


def members_of(store: GraphStore) -> dict[str, int]:
    """How many members each class has."""
    return {
        row[0].value: int(row[1].value)
        for row in rows(store, _MEMBERS)
        if isinstance(row[0], NamedNode) and isinstance(row[1], Literal)
    }


def rows(store: GraphStore, text: str) -> QuerySolutions:
    """The solutions of a query that is known to be a SELECT."""
    result = store.query(text)
    if not isinstance(result, QuerySolutions):
        raise EngineFailure("A count came back as no rows.")
    return result
