"""Statistics of a graph: members by class, triples, sources, graphs, versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.evidence_lookup import Labels
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import HAS_SOURCE, ONTOLOGY, ONTOLOGY_GRAPH, A, compact, g60, local_name, term
from g60kg.package_data import __version__
from g60kg.rdf.text_excerpt import plural
from g60kg.stores.base import rows

if TYPE_CHECKING:
    from g60kg.stores.local_store import LocalStore
    from g60kg.stores.remote.endpoint_store import RemoteStore

#: Maximum number of sources and graphs that are listed by name.
LISTED: Final = 50
#: The classes of sources in a graph without the ontology.
_SOURCE_KINDS: Final = f"SELECT DISTINCT ?kind {{ ?piece {HAS_SOURCE} ?source . ?source a ?kind }}"


@dataclass(frozen=True, slots=True)
class GraphStatistics:
    """The counts of a graph: members by class, triples, sources, versions.

    ``classes`` has IRIs, labels and members, ``sources`` IRIs and labels. ``sources`` or ``graphs``
    is empty if there are more than 50.
    """

    store: str
    classes: tuple[tuple[str, str, int], ...]
    triples: int
    source_count: int
    sources: tuple[tuple[str, str], ...]
    graph_count: int
    graphs: tuple[str, ...]
    ontology_version: str | None

    def count(self, name: str) -> int:
        """Return the number of members of the class with a local name; 0 for an unknown class."""
        return sum(members for iri, _, members in self.classes if local_name(iri) == name)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {
            "store": self.store,
            "version": __version__,
            "ontology": self.ontology_version,
            "triples": self.triples,
            "facts": self.count("Fact"),
            "quotations": self.count("Quotation"),
            "passages": self.count("Passage"),
            "records": self.count("DatasetRecord"),
            "sourceCount": self.source_count,
            "sources": [{"iri": iri, "label": label} for iri, label in self.sources],
            "graphCount": self.graph_count,
            "graphs": list(self.graphs),
            "classes": [
                {"class": iri, "label": label, "members": members}
                for iri, label, members in self.classes
            ],
        }

    def to_lines(self) -> list[str]:
        """Return the counts as lines of text."""
        kinds = ("Fact", "Quotation", "Passage", "DatasetRecord")
        facts, quotations, passages, records = map(self.count, kinds)
        width = max((len(f"{members:,}") for _, _, members in self.classes), default=1)
        return [
            f"g60kg {__version__}, ontology {self.ontology_version or 'without a version'}: "
            f"{self.store}",
            f"{facts:,} fact{plural(facts)}, {quotations:,} quotation{plural(quotations)}, "
            f"{passages:,} passage{plural(passages)}, "
            f"{records:,} data set record{plural(records)}, "
            f"{self.triples:,} triple{plural(self.triples)}",
            "",
            f"Sources: {self.source_count:,}"
            + ("" if self.sources or not self.source_count else "; too many to list here"),
            *(f"  {label}  ({compact(iri)})" for iri, label in self.sources),
            "",
            "Members by class",
            *(f"  {members:>{width},}  {label}" for _, label, members in self.classes),
        ]


def graph_statistics(store: LocalStore | RemoteStore, language: str = "en") -> GraphStatistics:
    """Return the counts of a store with labels in a language."""
    labels = Labels(store, language)
    counts = store.counts()
    classes = tuple(
        (iri, labels.text(NamedNode(iri)), members) for iri, members in counts.members.items()
    )
    vocabulary = Vocabulary(store)
    kinds = vocabulary.subclasses(g60("Source"))
    if not vocabulary.superclasses:
        kinds = frozenset(row[0].value for row in rows(store, _SOURCE_KINDS) if row[0] is not None)
    source_count = sum(members for iri, _, members in classes if iri in kinds)
    sources: tuple[tuple[str, str], ...] = ()
    if source_count <= LISTED:
        found = {node for kind in kinds for node in store.subjects(A, NamedNode(kind))}
        named = sorted(found, key=str)
        sources = tuple((node.value, labels.text(node)) for node in named)
    few = counts.graphs <= LISTED
    versions = store.quads(ONTOLOGY, term("owl:versionInfo"), None, ONTOLOGY_GRAPH)
    version = next((quad.object for quad in versions), None)
    return GraphStatistics(
        store=store.location,
        classes=classes,
        triples=counts.triples,
        source_count=source_count,
        sources=sources,
        graph_count=counts.graphs,
        graphs=tuple(name.value for name in store.graph_names()) if few else (),
        ontology_version=version.value if isinstance(version, Literal) else None,
    )
