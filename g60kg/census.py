"""What a graph holds, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from g60kg.errors import EngineFailure
from g60kg.namespaces import ONTOLOGY, ONTOLOGY_GRAPH, compact, local_name, term
from g60kg.quotes import Labels
from g60kg.stores.base import GraphStore
from g60kg.version import __version__

_COUNTS = """
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
_SOURCES = """
SELECT DISTINCT ?source
WHERE {
  ?source a/rdfs:subClassOf* g60:Source .
}
ORDER BY ?source
"""


@dataclass(frozen=True, slots=True)
class Census:
    """The counts of a graph: members by class (with label), triples, sources, versions."""

    store: str
    classes: tuple[tuple[str, str, int], ...]
    triples: int
    sources: tuple[tuple[str, str], ...]
    graphs: tuple[str, ...]
    ontology_version: str | None

    def count(self, name: str) -> int:
        """The members of the class of that local name."""
        return sum(members for iri, _, members in self.classes if local_name(iri) == name)

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {
            "store": self.store,
            "version": __version__,
            "ontology": self.ontology_version,
            "triples": self.triples,
            "facts": self.count("Fact"),
            "quotations": self.count("Quotation"),
            "records": self.count("DatasetRecord"),
            "sources": [{"iri": iri, "label": label} for iri, label in self.sources],
            "graphs": list(self.graphs),
            "classes": [
                {"class": iri, "label": label, "members": members}
                for iri, label, members in self.classes
            ],
        }

    def to_text(self) -> str:
        """The counts as lines for a person."""
        width = max((len(f"{members:,}") for _, _, members in self.classes), default=1)
        lines = [
            f"g60kg {__version__}, ontology {self.ontology_version or 'of no version'}: "
            f"{self.store}",
            f"{self.count('Fact'):,} facts, {self.count('Quotation'):,} quotations, "
            f"{self.count('DatasetRecord'):,} data set records, {self.triples:,} triples",
            "",
            "Sources",
            *(f"  {label}  ({compact(iri)})" for iri, label in self.sources),
            "",
            "Members by class",
            *(f"  {members:>{width},}  {label}" for _, label, members in self.classes),
        ]
        return "\n".join(lines)


def take_census(store: GraphStore, language: str = "en") -> Census:
    """The counts of a store, labels in that language."""
    labels = Labels(store, language)
    classes = tuple(
        (row[0].value, labels.text(row[0]), int(row[1].value))
        for row in _rows(store, _COUNTS)
        if isinstance(row[0], NamedNode) and isinstance(row[1], Literal)
    )
    sources = tuple(
        (row[0].value, labels.text(row[0]))
        for row in _rows(store, _SOURCES)
        if isinstance(row[0], NamedNode)
    )
    triples = next(iter(_rows(store, _TRIPLES)))[0]
    versions = store.quads(ONTOLOGY, term("owl:versionInfo"), None, ONTOLOGY_GRAPH)
    version = next((quad.object for quad in versions), None)
    return Census(
        store=store.location,
        classes=classes,
        triples=int(triples.value) if isinstance(triples, Literal) else 0,
        sources=sources,
        graphs=tuple(name.value for name in store.graph_names()),
        ontology_version=version.value if isinstance(version, Literal) else None,
    )


def _rows(store: GraphStore, text: str) -> QuerySolutions:
    result = store.query(text)
    if not isinstance(result, QuerySolutions):
        raise EngineFailure("A count came back as no rows.")
    return result
