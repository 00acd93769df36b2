"""Quads that the retraction of facts and sources removes, and entities that must stay.

The module also adds a hint to a finding about a source that a retraction removes or has removed.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from g60kg import namespaces as ns
from g60kg.errors import UnknownName, UsageError
from g60kg.model.change import Change
from g60kg.model.facts import FACT_TRIPLE
from g60kg.model.history import history, is_emptied, retraction_by_name
from g60kg.model.names import Names
from g60kg.model.sources import BEFORE_SOURCE_IDS
from g60kg.namespaces import LABEL, A, compact, expand, g60, graph_name, local_name
from g60kg.rdf.text_excerpt import excerpt, first_of, plural
from g60kg.stores.base import GraphStore
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

#: Properties that introduce an entity without a statement about it.
_INTRODUCTION: Final = (A, LABEL)
#: The classes of what means nothing without its parts.
_COMPOSED: Final = (ns.OBSERVATION, g60("Measure"))
_NAMED: Final = (ns.PREFIXES["id"], ns.PREFIXES["measure"])
_SOURCES: Final = tuple(ns.PREFIXES["id"] + before for before in BEFORE_SOURCE_IDS)


@dataclass(frozen=True, slots=True)
class Removal:
    """The quads that a retraction removes.

    Attributes:
        facts: the IRIs of the Facts, sorted.
        quads: the Facts, direct triples, evidence, figures, and entities that nothing mentions any
            more.
        kept: the IRIs of entities whose description by a removed source stays, since
            other sources mention them.
        already: the given names of facts and sources that were retracted before, with the time.
    """

    facts: tuple[str, ...]
    quads: tuple[Quad, ...]
    kept: tuple[str, ...]
    already: tuple[tuple[str, str], ...] = ()


def removal(store: GraphStore, targets: Iterable[str]) -> Removal:
    """Return the quads that the retraction of facts and sources removes.

    Raises:
        UnknownName: no fact or source has that name; the nearest names are suggested.
        UsageError: the graph with that name is not that of a source.
    """
    facts: set[Quad] = set()
    whole: set[NamedNode] = set()
    already: list[tuple[str, str]] = []
    for target in targets:
        if found := _fact(store, target) or _facts_of_dataset(store, target):
            facts.update(found)
        elif when := retracted_at(store, target):
            already.append((target, when))
        else:
            whole.add(source_graph(store, target))
    for graph in whole:
        facts.update(store.quads(None, A, ns.FACT, graph))
    return replace(_Removing(store, facts, whole).run(), already=tuple(already))


def outdated(store: GraphStore, stated: Sequence[Quad], sources: Set[str]) -> list[Quad]:
    """Return the quads of a retracted source that must be removed when it is added again.

    They are the types and labels that the retraction kept of entities that ``stated`` gives a type,
    except figures and measures. ``sources`` are the IRIs of the classes of sources.
    """
    typed = [
        (quad.subject, quad.object, quad.graph_name)
        for quad in stated
        if quad.predicate == A and isinstance(quad.subject, NamedNode)
    ]
    graphs = {g for _, kind, g in typed if isinstance(kind, NamedNode) and kind.value in sources}
    nodes = {node for node, _, graph in typed if graph in graphs}
    # The sources of a figure describe it alike.
    nodes -= {node for node, kind, _ in typed if kind in _COMPOSED}
    # As the change expects them: an endpoint is asked once.
    store.prefetch({quad.subject for quad in stated if isinstance(quad.subject, NamedNode)})
    found = [
        quad
        for node in nodes
        for quad in store.quads(node)
        if quad.graph_name in graphs and quad.predicate in _INTRODUCTION
    ]
    emptied = {
        graph
        for graph in {quad.graph_name for quad in found}
        if isinstance(graph, NamedNode) and is_emptied(store, graph)
    }
    return [quad for quad in found if quad.graph_name in emptied]


def retracted_at(store: GraphStore, target: str) -> str | None:
    """Return when a fact or a source was last retracted; None if it was not.

    None also for a source that is in the graph again, but not for such a fact.
    """
    iri = expand(target)
    names = _source_names(local_name(iri.value) if iri is not None else target)
    if any(
        local_name(graph.value) in names and not is_emptied(store, graph)
        for graph in store.source_graphs()
    ):
        return None
    for entry in reversed(history(store)):
        graphs = {
            local_name(q.graph_name.value)
            for q in entry.quads
            if isinstance(q.graph_name, NamedNode)
        }
        rests_on = (quad.object for quad in entry.quads if quad.predicate == ns.HAS_SOURCE)
        if (
            _dataset(target) in rests_on
            or graphs.intersection(names)
            or (iri is not None and entry.kind == "retracted" and iri.value in entry.facts)
        ):
            return entry.when
    return None


def _source_names(name: str) -> tuple[str, ...]:
    return (name, *map(name.removeprefix, BEFORE_SOURCE_IDS))


def _fact(store: GraphStore, target: str) -> list[Quad]:
    iri = expand(target)
    return list(store.quads(iri, A, ns.FACT, None)) if iri is not None else []


def _dataset(target: str) -> NamedNode:
    iri = expand(target)
    name = local_name(iri.value) if iri is not None else target
    return NamedNode(f"{ns.PREFIXES['id']}dataset-{quote(name.removeprefix('dataset-'))}")


def _facts_of_dataset(store: GraphStore, target: str) -> list[Quad]:
    """Return the type statements of the Facts whose evidence is records of a dataset.

    Empty if the dataset has a graph of its own, which is retracted as a source.
    """
    dataset = _dataset(target)
    graphs = {quad.graph_name for quad in store.quads(dataset, A, None)}
    if graph_name(local_name(dataset.value).removeprefix("dataset-")) in graphs:
        return []
    return [
        typed
        for record in store.quads(None, ns.HAS_SOURCE, dataset)
        if isinstance(record.subject, NamedNode)
        for fact in store.quads(None, ns.HAS_EVIDENCE, record.subject)
        if isinstance(fact.subject, NamedNode)
        for typed in store.quads(fact.subject, A, ns.FACT)
    ]


def source_graph(store: GraphStore, target: str) -> NamedNode:
    """Return the graph of a source.

    Raises:
        Retracted: the source was retracted.
        UnknownName: no source has that name; the nearest names are suggested.
        UsageError: the graph with that name is not that of a source.
    """
    iri = expand(target)
    name = local_name(iri.value) if iri is not None else target
    known = {local_name(graph.value): graph for graph in store.source_graphs()}
    for candidate in _source_names(name):
        if candidate in known and not is_emptied(store, known[candidate]):
            return known[candidate]
    if name in {local_name(graph.value) for graph in ns.RESERVED_GRAPHS}:
        raise UsageError(
            f"{excerpt(target)} is not a source: its graph belongs to the store itself."
        )
    if gone := retraction_by_name(store, target, of_source=True):
        raise gone
    hint = Names((source, graph) for source, graph in known.items()).hint(name)
    raise UnknownName(
        f'No fact and no source is called "{excerpt(target)}".',
        hint=hint or "Sources are listed by: g60kg query run sources",
    )


class _Removing:
    def __init__(self, store: GraphStore, facts: set[Quad], whole: set[NamedNode]) -> None:
        self._store = store
        self._facts = facts
        self._whole = whole
        self._gone: dict[Quad, None] = {}
        self._kept: set[str] = set()
        self._is_emptied = lru_cache(None)(partial(is_emptied, store))

    def run(self) -> Removal:
        mentioned: set[NamedNode] = set()
        for typed in sorted(self._facts, key=str):
            if isinstance(typed.subject, NamedNode) and isinstance(typed.graph_name, NamedNode):
                mentioned.update(self._take_fact(typed.subject, typed.graph_name))
        for graph in self._whole:
            mentioned.update(self._take_source(graph))
        # A figure or a measure that stays mentions others, and entities.
        composed: set[NamedNode] = set()
        before = -1
        while before < (before := len(self._gone)):
            mentioned.update(
                quad.object
                for quad in self._gone
                if isinstance(quad.object, NamedNode) and quad.object.value.startswith(_NAMED)
            )
            composed.update(node for node in mentioned if self._has_parts(node))
            self._take_orphans(composed)
        self._take_orphans(mentioned.difference(composed))
        facts = {q.subject.value for q in self._facts if isinstance(q.subject, NamedNode)}
        gone = tuple(sorted(self._gone, key=str))
        # A figure that mentioned one may have been taken later.
        kept = (one for one in self._kept if any(self._left(None, None, NamedNode(one))))
        return Removal(tuple(sorted(facts)), gone, tuple(sorted(kept)))

    def _take(self, quads: Iterable[Quad]) -> None:
        self._gone.update(dict.fromkeys(quads))

    def _left(
        self,
        subject: NamedNode | None,
        predicate: NamedNode | None,
        object_: NamedNode | None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        for quad in self._store.quads(subject, predicate, object_, graph):
            if quad not in self._gone and quad.graph_name not in ns.RESERVED_GRAPHS:
                yield quad

    def _take_fact(self, fact: NamedNode, graph: NamedNode) -> set[NamedNode]:
        own = list(self._left(fact, None, None, graph))
        self._take(own)
        said = {quad.predicate: quad.object for quad in own}
        subject, predicate, object_ = map(said.get, FACT_TRIPLE)
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            vouched = any(
                self._supports(quad.subject, predicate, object_)
                for quad in self._left(None, ns.FACT_SUBJECT, subject, graph)
            )
            # What introduces an entity of a whole source is taken later, unless others need it.
            if not vouched and not (graph in self._whole and predicate in _INTRODUCTION):
                stated = self._store.quads(subject, predicate, None, graph)
                self._take(quad for quad in stated if quad.object == object_)
        for quad in own:
            if quad.predicate == ns.HAS_EVIDENCE and isinstance(quad.object, NamedNode):
                self._take_evidence(quad.object, graph)
        nodes = {node for node in (subject, object_) if isinstance(node, NamedNode)}
        return {node for node in nodes if node.value.startswith(ns.PREFIXES["id"])}

    def _supports(self, fact: object, predicate: NamedNode, object_: object) -> bool:
        """Return whether a node still is a Fact of a predicate and an object after the removal.

        A Fact with a status does not count unless it is of a figure.
        """
        return isinstance(fact, NamedNode) and (
            any(self._left(fact, ns.FACT_PREDICATE, predicate))
            and any(quad.object == object_ for quad in self._left(fact, ns.FACT_OBJECT, None))
            and (predicate == ns.HAS_OBSERVATION or not any(self._left(fact, ns.FACT_STATUS, None)))
        )

    def _take_evidence(self, evidence: NamedNode, graph: NamedNode) -> None:
        if any(self._left(None, ns.HAS_EVIDENCE, evidence)):
            return
        for quad in list(self._left(evidence, None, None, graph)):
            if quad.predicate == ns.HAS_SELECTOR and isinstance(quad.object, NamedNode):
                self._take(self._left(quad.object, None, None, graph))
            self._take([quad])

    def _take_source(self, graph: NamedNode) -> set[NamedNode]:
        """Remove the rest of a source's graph; return the entities that it introduces.

        The types and labels of these remain; of figures and measures, all statements.
        """
        introduced: set[NamedNode] = set()
        source = {NamedNode(before + local_name(graph.value)) for before in _SOURCES}
        composed = {
            quad.subject for kind in _COMPOSED for quad in self._store.quads(None, A, kind, graph)
        }
        for quad in list(self._left(None, None, None, graph)):
            subject = quad.subject
            introduces = subject in composed or quad.predicate in _INTRODUCTION
            is_entity = introduces and subject not in source
            if isinstance(subject, NamedNode) and subject.value.startswith(_NAMED) and is_entity:
                introduced.add(subject)
            else:
                self._take([quad])
        return introduced

    def _take_orphans(self, entities: Iterable[NamedNode]) -> None:
        graphs = self._whole.union(quad.graph_name for quad in self._gone)
        for entity in sorted(entities, key=str):
            self._take_if_orphan(entity, graphs)

    def _take_if_orphan(self, entity: NamedNode, graphs: Set[object]) -> None:
        own = list(self._left(entity, None, None))
        needed = any(self._left(None, None, entity)) or (
            not self._has_parts(entity) and any(quad.predicate not in _INTRODUCTION for quad in own)
        )
        for graph in sorted({quad.graph_name for quad in own}, key=str):
            if graph not in graphs and (needed or not self._is_emptied(graph)):
                continue
            if not (needed and self._needs(entity, graph)):
                self._take(quad for quad in own if quad.graph_name == graph)
            elif graph in self._whole:
                self._kept.add(entity.value)

    def _needs(self, entity: NamedNode, graph: object) -> bool:
        """Whether a graph must keep the description of an entity that other sources mention.

        If only Facts of the graph are removed, it must; for a figure or a measure, only
        if the graph also mentions the entity. Otherwise it must unless other graphs have
        a type and an English label of the entity or, for a figure or a measure, all its
        properties.
        """
        has_parts = self._has_parts(entity)
        mentioning = {quad.graph_name for quad in self._left(None, None, entity)}
        if graph not in self._whole and (not has_parts or graph in mentioning):
            return True
        elsewhere = [q for q in self._left(entity, None, None) if q.graph_name != graph]
        if has_parts:
            described = {quad.triple for quad in elsewhere}
            own = self._store.quads(entity, None, None)
            return any(q.graph_name == graph and q.triple not in described for q in own)
        types = any(found.predicate == A for found in elsewhere)
        return not types or not any(
            isinstance(found.object, Literal) and found.object.language == "en"
            for found in elsewhere
            if found.predicate == LABEL
        )

    def _has_parts(self, entity: NamedNode) -> bool:
        return any(any(self._store.quads(entity, A, kind)) for kind in _COMPOSED)


def removal_summary(removal_: Removal) -> str:
    """Return a one-line summary of a removal: facts, triples, and the entities that are kept."""
    facts = len(removal_.facts)
    text = f"{facts} fact{plural(facts)}, {len(removal_.quads)} triple{plural(len(removal_.quads))}"
    if removal_.kept:
        named = first_of([compact(iri) for iri in removal_.kept], 3)
        text += f"; other sources still mention {named}"
    return text


def with_sources_going(finding: Finding, change: Change, language: str) -> Finding:
    """Return a finding that a removal introduces, with a hint if its value is a removed source.

    Any other finding is returned unchanged.
    """
    source, node, path = _undescribed_source(finding, change.after), finding.node, finding.path
    if source is None or node is None or path is None:
        return finding
    stated = change.after.quads(node, NamedNode(path), source)
    graphs = (quad.graph_name for quad in stated)
    names = sorted({local_name(name.value) for name in graphs if isinstance(name, NamedNode)})
    text = check_texts("shapes", language)["going"]
    return replace(finding, hint=text.format(value=compact(source.value), sources=", ".join(names)))


def with_source_gone(finding: Finding, store: GraphStore, language: str) -> Finding:
    """Return a finding, with another hint if its value is a source that was retracted.

    Any other finding is returned unchanged.
    """
    source = _undescribed_source(finding, store)
    when = retracted_at(store, source.value) if source is not None else None
    if source is None or when is None:
        return finding
    text = check_texts("shapes", language)["gone"]
    return replace(finding, hint=text.format(value=compact(source.value), when=when))


def _undescribed_source(finding: Finding, store: GraphStore) -> NamedNode | None:
    value = finding.value_term if finding.component else None
    if not isinstance(value, NamedNode) or not value.value.startswith(_SOURCES):
        return None
    return None if any(store.quads(value, A)) else value
