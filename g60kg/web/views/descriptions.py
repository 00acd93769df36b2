"""Jobs that describe a resource as RDF: an entity, Fact, piece of evidence, source or term."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Final
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode, Quad

from g60kg import namespaces as ns
from g60kg.errors import Retracted, UnknownName
from g60kg.export import Selection, entity_statements, export, write_compact
from g60kg.export.selection import (
    described_facts,
    evidence_and_source,
    fact_and_evidence,
    introductions,
)
from g60kg.model.history import retraction_of
from g60kg.namespaces import BASE, PREFIXES, compact, local_name, term
from g60kg.stores.local_store import LocalStore
from g60kg.web.views.open_graph import current, lookup
from g60kg.web.views.query_results import LimitedBuffer

#: The first path segment of a resource, and the namespace of its IRI.
KINDS: Final = {
    "id": PREFIXES["id"],
    "fact": PREFIXES["fact"],
    "quote": PREFIXES["quote"],
    "measure": PREFIXES["measure"],
    "graph": PREFIXES["graph"],
    "ontology": PREFIXES["g60"],
    "shapes": PREFIXES["shape"],
}
#: The resources whose path is only the kind.
ROOTS: Final = {
    "ontology": ns.ONTOLOGY,
    "shapes": NamedNode(PREFIXES["shape"].rstrip("/")),
    "project": NamedNode(BASE + "project"),
}
_VERSION: Final = term("owl:versionIRI")


@dataclass(frozen=True, slots=True)
class ResourceLookup:
    """The result of a search for a resource.

    Attributes:
        iri: None if the graph does not contain the resource.
        nearest: IRI and label of those with similar names; for a graph, the first five graphs.
        moved: the local name that differs only in upper and lower case; empty without one.
        retracted: the retraction of the resource; None if it was not retracted.
    """

    iri: str | None
    nearest: tuple[tuple[str, str], ...] = ()
    moved: str = ""
    retracted: Retracted | None = None


@lookup
def exists(kind: str, name: str) -> bool:
    """Return whether a graph other than the history contains a resource."""
    return _iri(kind, name) is not None


@lookup
def find(kind: str, name: str) -> ResourceLookup:
    """Return the IRI of a resource; without the resource, its retraction or suggestions."""
    iri = _iri(kind, name)
    if iri is not None:
        return ResourceLookup(iri.value)
    current().need_process()
    retractions = (retraction_of(current().store, one) for one in _possible(kind, name))
    if retracted := next(filter(None, retractions), None):
        return ResourceLookup(None, retracted=retracted)
    return ResourceLookup(None, _nearest(kind, name), _in_another_case(kind, name))


@lookup
def describe(kind: str, name: str, format_: str) -> bytes:
    """Return the description of a resource in an RDF format.

    It has statements about the resource and, unless it is a term or a shape, Facts with
    their evidence. For a source's graph, the ontology or all shapes, it is all statements
    of that graph.

    Raise UnknownName for a missing resource, and UnsupportedQuery for too large a result.
    """
    context = current()
    iri = _iri(kind, name)
    if iri is None:
        raise UnknownName(f"The graph has no entry {kind}/{name}.")
    context.need_process_unless_small(iri)
    is_ontology = iri == ns.ONTOLOGY or _version_of(context.store, iri)
    if is_ontology or kind == "graph" or not name:
        context.need_process()
    out = LimitedBuffer(context.settings.max_result)
    if is_ontology:
        export(context.store, format_, out, Selection(graph=ns.ONTOLOGY_GRAPH.value))
    elif kind == "shapes" and not name:
        export(context.store, format_, out, Selection(graph=ns.SHAPES_GRAPH.value))
    elif kind == "graph":
        export(context.store, format_, out, Selection(graph=iri.value))
    else:
        write_compact(_quads_about(context.store, kind, iri), format_, out, iri)
    return out.getvalue()


def _iri(kind: str, name: str) -> NamedNode | None:
    store = current().store
    if not name:
        root = ROOTS.get(kind)
        return root if root is not None and any(store.quads(root, None, None)) else None
    for iri in _possible(kind, name):
        if iri == ns.HISTORY_GRAPH:
            continue
        if kind == "graph" and any(store.quads(None, None, None, iri)):
            return iri
        if kind == "ontology" and _version_of(store, iri):
            return iri
        if any(quad.graph_name != ns.HISTORY_GRAPH for quad in store.quads(iri, None, None)):
            return iri
    return None


def _possible(kind: str, name: str) -> Iterator[NamedNode]:
    """Yield the IRIs that a local name in a path can mean: as it is written, or percent-encoded."""
    # IRIs in the data may have non-ASCII characters, or these percent-encoded.
    for written in dict.fromkeys((name, quote(name, safe="!$&'()*+,;=:@~"))):
        with suppress(ValueError):
            yield NamedNode(KINDS[kind] + written)


def _in_another_case(kind: str, name: str) -> str:
    """Return the only name of a term of the ontology that differs in upper and lower case alone.

    For other kinds, it is the name in lower case, if the graph contains it. Empty without one.
    """
    if kind == "ontology":
        vocabulary = current().vocabulary
        known = {*vocabulary.classes, *vocabulary.properties, *vocabulary.individuals}
        same = {local_name(iri) for iri in known if iri.startswith(KINDS[kind])}
        found = [one for one in same if one.lower() == name.lower()]
        return found[0] if len(found) == 1 else ""
    lower = name.lower()
    return lower if lower != name and _iri(kind, lower) is not None else ""


def _version_of(store: LocalStore, iri: NamedNode) -> bool:
    return any(store.quads(ns.ONTOLOGY, _VERSION, iri))


def _nearest(kind: str, name: str) -> tuple[tuple[str, str], ...]:
    context = current()
    text = name.replace("-", " ").replace("_", " ")
    found: Iterable[NamedNode]
    if kind == "ontology":
        vocabulary = context.vocabulary
        found = [
            iri
            for names in (vocabulary.class_names, vocabulary.property_names)
            for near in names.nearest(text)
            for iri in names.meanings(near)
        ]
    elif kind == "id":
        found = context.resolver.nearest(text)
    elif kind == "graph":
        found = context.store.source_graphs()[:5]
    else:
        return ()
    named = ((iri, context.labels("en").of(iri)) for iri in dict.fromkeys(found))
    return tuple((iri.value, label.value if label else compact(iri.value)) for iri, label in named)


def _quads_about(store: LocalStore, kind: str, iri: NamedNode) -> Iterable[Quad]:
    if kind in ROOTS:
        graph = ns.SHAPES_GRAPH if kind == "shapes" else ns.ONTOLOGY_GRAPH
        return _term(store, iri, graph)
    if kind == "fact":
        return described_facts(store, [iri])
    if kind == "quote":
        quads = [*evidence_and_source(store, iri, set())]
        for fact in store.subjects(ns.HAS_EVIDENCE, iri):
            quads += fact_and_evidence(store, fact, set())
    else:
        quads = entity_statements(store, iri, store.source_graphs())
    return chain(quads, introductions(store, Selection(), quads))


def _term(store: LocalStore, iri: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    waiting: list[NamedNode | BlankNode] = [iri]
    seen: set[BlankNode] = set()
    while waiting:
        for quad in store.quads(waiting.pop(), None, None, graph):
            yield quad
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
