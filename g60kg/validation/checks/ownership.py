"""Check that a file states nothing about other sources' facts and changes nothing accepted.

A source's facts, evidence and description belong to its named graph, here called an owner. Entities
are shared: any file may state facts about them, each with evidence of its own.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.model.change import Change
from g60kg.model.history import is_emptied
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import A, compact, g60, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import CheckCode, FindingList, check_code
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

FOREIGN_SOURCE: Final = check_code("ForeignSource")
ACCEPTED_CHANGED: Final = check_code("AcceptedChanged")
UNSUPPORTED_ADDITION: Final = check_code("UnsupportedAddition")
_COMPARISON: Final = frozenset((ns.VERDICT, ns.CHECKED_ON))
_RESTS_ON: Final = frozenset((ns.HAS_EVIDENCE, ns.HAS_SELECTOR, ns.HAS_SOURCE))
_MENTIONS: Final = _RESTS_ON | {ns.FACT_SUBJECT}
#: The properties whose object may be a figure.
_OF_FIGURE: Final = frozenset((ns.FACT_OBJECT, ns.HAS_OBSERVATION, g60("equivalentOf")))
_NAMED_FOR: Final = re.compile(
    f"{re.escape(ns.PREFIXES['fact'])}(?P<fact>.+)-[^-]*"
    rf"|{re.escape(ns.PREFIXES['quote'])}(?P<quote>.+?)"
    r"-(?:n[0-9a-f]{16}(?:-position-\d+)?|\d+-\d+(?:-text|-position)?)"
    rf"|{re.escape(ns.PREFIXES['id'])}article-(?P<article>.+)"
)
#: A triple in a graph.
Stated: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]
_OWN: Final = tuple(ns.PREFIXES[prefix] for prefix in ("id", "measure", "fact", "quote"))


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why a file must not make a statement."""

    code: CheckCode
    message: str
    node: str
    owner: str = ""


def _finding(quad: Quad, fault: Fault, language: str) -> Finding:
    texts = check_texts("ownership", language)
    named = {
        "node": compact(fault.node),
        "owner": compact(fault.owner),
        "graph": compact(str(quad.graph_name).strip("<>")),
    }
    assert not isinstance(quad.subject, Triple)
    assert not isinstance(quad.object, Triple)
    return fault.code.finding(
        texts[fault.message].format(**named),
        texts[f"{fault.message} hint"].format(**named),
        focus=quad.subject,
        path=quad.predicate,
        value=quad.object,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
    )


def ownership_findings(
    files: Sequence[Sequence[Quad]], change: Change, vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return the findings of statements that their file must not make."""
    listing = FindingList(language)
    new = set(change.added.quads()) if change.added is not change.stated else None
    for quads in files:
        stated = change.stated if len(files) == 1 else LocalStore.holding(quads, "a file")
        added = [quad for quad in stated.quads() if new is None or quad in new]
        file = _File(change, stated, added, vocabulary)
        for quad, fault in file.faults():
            listing.add(fault.code, _finding, quad, fault, language)
    return listing.findings()


class _File:
    """The statements of one file, and the graphs of the store that describe the nodes in them."""

    def __init__(
        self, change: Change, stated: LocalStore, new: list[Quad], vocabulary: Vocabulary
    ) -> None:
        self._before, self._after = change.before, change.after
        self._stated = stated
        self._new = sorted(new, key=str)
        self._vocabulary = vocabulary
        # Statements about one node follow each other.
        self._graphs_of = lru_cache(1024)(self._read_graphs)
        self._figure_graphs = lru_cache(1024)(self._read_figure_graphs)
        self._homes = lru_cache(1024)(self._find_homes)
        self._kinds = lru_cache(1024)(self._read_kinds)
        self._types_before = lru_cache(1024)(self._read_types)
        self._before.prefetch(
            quad.object
            for quad in new
            if quad.predicate in _MENTIONS | _OF_FIGURE and isinstance(quad.object, NamedNode)
        )

    def faults(self) -> Iterator[tuple[Quad, Fault]]:
        for quad in self._new:
            if fault := self._fault(quad):
                yield quad, fault
        new = frozenset(self._new)
        for stated, quad in self._supported.items():
            is_missing = quad in new and not any(self._after.quads(*stated))
            if is_missing and (others := self._other_graphs(*stated)):
                yield quad, Fault(FOREIGN_SOURCE, "unstated", stated[0].value, _first(others))

    def _fault(self, quad: Quad) -> Fault | None:
        subject, graph, object_ = quad.subject, quad.graph_name, quad.object
        if not (isinstance(subject, NamedNode) and isinstance(graph, NamedNode)):
            return None  # a violation of another code
        if not isinstance(object_, NamedNode | Literal):
            return None  # the same
        if not subject.value.startswith(_OWN):
            return None
        if graph in self._continued and len(self._graphs) > 1:
            return Fault(FOREIGN_SOURCE, "graph", graph.value, graph.value)
        if graph in self._sourceless:
            return Fault(FOREIGN_SOURCE, "sourceless", graph.value)
        if isinstance(object_, NamedNode):
            of = quad.predicate
            if of in _RESTS_ON and graph not in (homes := self._homes(object_, graph)):
                return Fault(FOREIGN_SOURCE, "borrowed", object_.value, _first(homes))
            if of in _OF_FIGURE and (lenders := self._lenders(object_, graph)):
                return Fault(FOREIGN_SOURCE, "figure", object_.value, _first(lenders))
            if of == ns.FACT_SUBJECT and (owners := self._owners(object_, graph)):
                return Fault(FOREIGN_SOURCE, "about", object_.value, _first(owners))
        kinds = self._kinds(subject)
        if not subject.value.startswith(ns.PREFIXES["id"]) or kinds & self._records:
            return self._fault_of_record(quad, subject, graph, bool(kinds & self._sources))
        if self._figure_graphs(subject):
            return self._fault_of_figure(quad, subject, graph)
        stated = (subject, quad.predicate, object_, graph)
        return None if stated in self._supported else self._fault_of_entity(*stated)

    def _fault_of_record(
        self, quad: Quad, subject: NamedNode, graph: NamedNode, is_source: bool
    ) -> Fault | None:
        """Return the fault of a statement about a fact, evidence, selector or source, or None."""
        known = bool(self._graphs_of(subject))
        if graph not in (homes := self._homes(subject, graph)):
            message = "other" if known else "named"
            return Fault(FOREIGN_SOURCE, message, subject.value, _first(homes))
        if is_source and not known and graph in self._continued:
            return Fault(FOREIGN_SOURCE, "second", subject.value)
        if quad.predicate in _COMPARISON:
            return None  # accepted evidence may be compared later
        stated = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if known and not (is_source and stated in self._supported):
            return Fault(ACCEPTED_CHANGED, "accepted", subject.value)
        return None

    def _fault_of_figure(self, quad: Quad, subject: NamedNode, graph: NamedNode) -> Fault | None:
        """Return the fault of a statement about a figure, or None.

        It is a fault if another source describes the figure without that statement, or if the same
        source has described it already.
        """
        statements = self._after.quads(subject, quad.predicate)
        said = {found.graph_name for found in statements if found.object == quad.object}
        others = self._figure_graphs(subject) - {graph}
        if others - said:
            return Fault(FOREIGN_SOURCE, "other", subject.value, _first(others - said))
        if graph in self._described(subject):
            return Fault(ACCEPTED_CHANGED, "accepted", subject.value)
        return None

    def _fault_of_entity(
        self,
        subject: NamedNode,
        predicate: NamedNode,
        object_: NamedNode | Literal,
        graph: NamedNode,
    ) -> Fault | None:
        """Return the fault of a statement about an entity that no fact of the file supports.

        If the property requires evidence, it is a fault if another source states the same triple.
        Otherwise it is a fault if the entity is in the graph already and no source states the
        triple; or if the entity is new, ``graph`` is not, the file does not state the source of the
        graph, and no statement of the file has the entity as object. None if there is no fault.
        """
        prop = self._vocabulary.properties.get(predicate.value)
        if prop is not None and prop.requires_evidence:
            others = self._other_graphs(subject, predicate, object_, graph)
            # A statement of no other source is a violation of a shape.
            return Fault(FOREIGN_SOURCE, "rests", subject.value, _first(others)) if others else None
        known = self._before.quads(subject, predicate, object_)
        described = self._described(subject) - self._returning
        is_continued = graph in self._continued and graph not in self._with_source
        if described:
            is_supported = any(q.graph_name not in ns.RESERVED_GRAPHS for q in known)
        else:
            # A new entity comes into an accepted source with a fact that mentions it.
            is_supported = not is_continued or any(self._stated.quads(None, None, subject))
        if is_supported:
            return None
        if is_continued:
            return Fault(ACCEPTED_CHANGED, "unsupported", subject.value, graph.value)
        return Fault(UNSUPPORTED_ADDITION, "shared", subject.value, graph.value)

    def _lenders(self, node: NamedNode, graph: NamedNode) -> set[NamedNode]:
        """Return the graphs that state more of a figure than ``graph``, which uses the figure.

        Only classes and the properties of the ontology count, so a comment does not.
        """
        if not self._figure_graphs(node):
            return set()
        own = {quad.triple for quad in self._after.quads(node, None, None, graph)}
        return {
            quad.graph_name
            for quad in self._after.quads(node)
            if quad.triple not in own
            and (quad.predicate == A or quad.predicate.value in self._vocabulary.properties)
            and isinstance(quad.graph_name, NamedNode)
            and quad.graph_name not in ns.RESERVED_GRAPHS
        }

    def _owners(self, node: NamedNode, graph: NamedNode) -> Set[NamedNode]:
        """Return the graphs that describe a figure, except ``graph``.

        For a fact, evidence, a selector or a source, return those it belongs to, or an empty set if
        ``graph`` is one of them. Empty for other nodes.
        """
        if figures := self._figure_graphs(node):
            return figures - {graph}
        if node.value.startswith(ns.PREFIXES["id"]) and not self._kinds(node) & self._records:
            return set()
        homes = self._homes(node, graph)
        return set() if graph in homes else homes

    @cached_property
    def _sources(self) -> frozenset[NamedNode]:
        return frozenset(map(NamedNode, self._vocabulary.subclasses(g60("Source"))))

    @cached_property
    def _records(self) -> frozenset[NamedNode]:
        """The classes of nodes that belong to one source: sources, evidence and facts."""
        evidence = map(NamedNode, self._vocabulary.subclasses(g60("Evidence")))
        return self._sources.union(evidence, (ns.FACT,))

    @cached_property
    def _graphs(self) -> frozenset[NamedNode]:
        return frozenset(q.graph_name for q in self._new if isinstance(q.graph_name, NamedNode))

    @cached_property
    def _continued(self) -> frozenset[NamedNode]:
        """The graphs of the file that the store has already, without those of retracted sources.

        Ontology, shapes and history are left out.
        """
        known = self._graphs & frozenset(self._before.source_graphs())
        return frozenset(graph for graph in known if not is_emptied(self._before, graph))

    @cached_property
    def _returning(self) -> frozenset[NamedNode]:
        """The graphs of retracted sources that the file adds again, with their source."""
        known = (self._graphs - self._continued) & frozenset(self._before.source_graphs())
        return known & self._with_source

    @cached_property
    def _sourceless(self) -> frozenset[NamedNode]:
        """The graphs of the file that are not in ``_continued`` and for which it states no source.

        ``NAME_GRAPHS`` and ``RESERVED_GRAPHS`` are left out. Empty if the file has one graph.
        """
        others = self._graphs - self._continued - ns.RESERVED_GRAPHS - ns.NAME_GRAPHS
        return others - self._with_source if len(self._graphs) > 1 else frozenset()

    @cached_property
    def _with_source(self) -> frozenset[object]:
        stated = self._stated.quads(None, A, None)
        return frozenset(quad.graph_name for quad in stated if quad.object in self._sources)

    def _other_graphs(
        self,
        subject: NamedNode,
        predicate: NamedNode,
        object_: NamedNode | Literal,
        graph: NamedNode,
    ) -> Set[NamedNode]:
        found = (quad.graph_name for quad in self._after.quads(subject, predicate, object_))
        return {g for g in found if isinstance(g, NamedNode)} - ns.RESERVED_GRAPHS - {graph}

    @cached_property
    def _supported(self) -> dict[Stated, Quad]:
        """The triples in graphs that the file's Facts state, each with its g60:factSubject quad.

        A Fact with a status counts only if its property is g60:hasObservation.
        """
        found: dict[Stated, Quad] = {}
        for quad in self._stated.quads(None, ns.FACT_SUBJECT, None):
            fact, subject, graph = quad.subject, quad.object, quad.graph_name
            if not (isinstance(fact, NamedNode) and isinstance(graph, NamedNode)):
                continue
            said = {q.predicate: q.object for q in self._stated.quads(fact, None, None, graph)}
            predicate, value = said.get(ns.FACT_PREDICATE), said.get(ns.FACT_OBJECT)
            if ns.FACT_STATUS in said and predicate != ns.HAS_OBSERVATION:
                continue
            if (
                isinstance(subject, NamedNode)
                and isinstance(predicate, NamedNode)
                and isinstance(value, NamedNode | Literal)
            ):
                found[subject, predicate, value, graph] = quad
        return found

    def _read_graphs(self, node: NamedNode) -> frozenset[object]:
        return frozenset(q.graph_name for q in self._before.quads(node)) - ns.RESERVED_GRAPHS

    def _read_figure_graphs(self, node: NamedNode) -> frozenset[NamedNode]:
        return frozenset(
            quad.graph_name
            for quad in self._after.quads(node, A, ns.OBSERVATION)
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in ns.RESERVED_GRAPHS
        )

    def _find_homes(self, node: NamedNode, graph: NamedNode) -> set[NamedNode]:
        """Return the graphs that a fact, evidence, a selector or a source belongs to.

        A node of the store belongs to the graphs that give its type, else to those that have
        statements about it. A new node whose IRI contains the name of a source belongs to the graph
        that describes that source, or else to the graph with the name of that source. Any other
        node belongs to ``graph``.
        """
        stated = {name for name in self._graphs_of(node) if isinstance(name, NamedNode)}
        if stated:
            return self._described(node) or stated
        named = _NAMED_FOR.fullmatch(node.value)
        if named is None:
            return {graph}
        source = named["fact"] or named["quote"] or named["article"]
        article, dataset = (
            NamedNode(f"{ns.PREFIXES['id']}{kind}-{source}") for kind in ("article", "dataset")
        )
        found = self._described(article) | self._described(dataset)
        if not found:
            found = {
                quad.graph_name
                for quad in self._stated.quads(dataset, A, None)
                # An accepted source has its graph for itself.
                if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in self._continued
            }
        return found or {graph_name(source)}

    def _described(self, node: NamedNode) -> set[NamedNode]:
        return {graph for graph in self._types_before(node) if graph not in ns.RESERVED_GRAPHS}

    def _read_types(self, node: NamedNode) -> dict[NamedNode, set[object]]:
        found: dict[NamedNode, set[object]] = {}
        for quad in self._before.quads(node, A, None):
            if isinstance(quad.graph_name, NamedNode):
                found.setdefault(quad.graph_name, set()).add(quad.object)
        return found

    def _read_kinds(self, node: NamedNode) -> set[object]:
        own = {quad.object for quad in self._stated.quads(node, A, None)}
        return own.union(*self._types_before(node).values())


def _first(graphs: Set[NamedNode]) -> str:
    return min(graph.value for graph in graphs)
