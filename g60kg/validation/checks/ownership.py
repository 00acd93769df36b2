"""Check that a file states nothing about other sources' facts and changes nothing accepted.

A source's facts, evidence and description belong to its named graph. Entities are shared: any file
may state facts about them, each with evidence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.model.change import Change
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    CHECKED_ON,
    FACT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SELECTOR,
    HAS_SOURCE,
    NAME_GRAPHS,
    OBSERVATION,
    PREFIXES,
    RESERVED_GRAPHS,
    VERDICT,
    A,
    compact,
    g60,
    graph_name,
)
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.finding_limit import Listing
from g60kg.validation.report.findings import Finding, Severity

FOREIGN_SOURCE: Final = CheckCode(
    "ForeignSource",
    (Severity.VIOLATION,),
    "A statement is about a fact, a quotation, a figure or a source that belongs to another "
    "source, rests on one, or is in another source's graph.",
    "A file that could add a speaker, a second quotation or a publisher to another source's facts "
    "would rewrite what readers cite, and retracting the file would not undo it. A file has one "
    "source, and states its facts in that source's graph.",
)
ACCEPTED_CHANGED: Final = CheckCode(
    "AcceptedChanged",
    (Severity.VIOLATION,),
    "A statement changes an accepted fact, quotation, figure or source, or adds to an accepted "
    "source a statement without a fact.",
    "Accepted statements were checked together. To correct one, retract it, which records the "
    "reason in the history, and add the corrected file. New facts of an accepted source need no "
    "retraction.",
)
UNSUPPORTED_ADDITION: Final = CheckCode(
    "UnsupportedAddition",
    (Severity.WARNING,),
    "An entity of another source gets a type, a label, a comment or a link that no fact of this "
    "source supports.",
    "Everybody who reads the entity sees the addition, and nothing shows where it comes from. "
    "It stays in the graph of the source that the file names, and retracting that source removes "
    "it.",
)
#: The codes of this part of the check ``vocabulary``.
CODES: Final = (FOREIGN_SOURCE, ACCEPTED_CHANGED, UNSUPPORTED_ADDITION)

_COMPARISON: Final = frozenset((VERDICT, CHECKED_ON))
_RESTS_ON: Final = frozenset((HAS_EVIDENCE, HAS_SELECTOR, HAS_SOURCE))
_NAMED_FOR: Final = re.compile(
    f"{re.escape(PREFIXES['fact'])}(?P<fact>.+)-[^-]*"
    rf"|{re.escape(PREFIXES['quote'])}(?P<quote>.+?)"
    r"-(?:n[0-9a-f]{16}(?:-position-\d+)?|\d+-\d+(?:-text|-position)?)"
    rf"|{re.escape(PREFIXES['id'])}article-(?P<article>.+)"
)
_OWN: Final = tuple(PREFIXES[prefix] for prefix in ("id", "measure", "fact", "quote"))


@dataclass(frozen=True, slots=True)
class _Fault:
    code: CheckCode
    message: str
    node: str
    owner: str = ""


def ownership_findings(
    files: Sequence[Sequence[Quad]], change: Change, vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return a finding for each statement that its file may not make.

    Args:
        files: for each file its quads, each in its source's graph.
    """
    listing = Listing(language)
    new = set(change.added.quads())
    for quads in files:
        stated = change.stated if len(files) == 1 else LocalStore.holding(quads, "a file")
        file = _File(
            change.before, stated, [quad for quad in stated.quads() if quad in new], vocabulary
        )
        for quad, fault in file.faults():
            if listing.wants(fault.code.name):
                listing.add(_finding(quad, fault, language))
    return listing.findings()


class _File:
    """The statements of one file, and what the store says about their nodes."""

    def __init__(
        self, before: GraphStore, stated: LocalStore, new: list[Quad], vocabulary: Vocabulary
    ) -> None:
        self._before = before
        self._stated = stated
        self._new = sorted(new, key=str)
        self._vocabulary = vocabulary
        # Statements about one node follow each other.
        self._graphs_of = lru_cache(1024)(self._read_graphs)
        self._homes = lru_cache(1024)(self._find_homes)
        self._kinds = lru_cache(1024)(self._read_kinds)
        self._types_before = lru_cache(1024)(self._read_types)
        before.expect(
            quad.object
            for quad in new
            if quad.predicate in _RESTS_ON and isinstance(quad.object, NamedNode)
        )

    def faults(self) -> Iterator[tuple[Quad, _Fault]]:
        """Each new statement that the file may not make, with the first reason."""
        for quad in self._new:
            fault = self._fault(quad)
            if fault is not None:
                yield quad, fault

    def _fault(self, quad: Quad) -> _Fault | None:
        subject, graph, object_ = quad.subject, quad.graph_name, quad.object
        if not (isinstance(subject, NamedNode) and isinstance(graph, NamedNode)):
            return None  # a violation of another code
        if not subject.value.startswith(_OWN):
            return None
        if graph in self._continued and len(self._graphs) > 1:
            return _Fault(FOREIGN_SOURCE, "graph", graph.value, graph.value)
        if graph in self._sourceless:
            return _Fault(FOREIGN_SOURCE, "sourceless", graph.value)
        if quad.predicate in _RESTS_ON and isinstance(object_, NamedNode):
            homes = self._homes(object_, graph)
            if graph not in homes:
                return _Fault(FOREIGN_SOURCE, "borrowed", object_.value, _first(homes))
        kinds = self._kinds(subject)
        if not subject.value.startswith(PREFIXES["id"]) or kinds & self._records:
            return self._fault_of_record(quad, subject, graph, bool(kinds & self._sources))
        known = {g for g in self._types_before(subject) if g not in RESERVED_GRAPHS}
        return self._fault_of_entity(quad, subject, graph, known) if known else None

    def _fault_of_record(
        self, quad: Quad, subject: NamedNode, graph: NamedNode, is_source: bool
    ) -> _Fault | None:
        """What is wrong with a statement about a fact, evidence, a selector or a source."""
        homes = self._homes(subject, graph)
        known = bool(self._graphs_of(subject))
        if graph not in homes:
            message = "other" if known else "named"
            return _Fault(FOREIGN_SOURCE, message, subject.value, _first(homes))
        if is_source and not known and graph in self._continued:
            return _Fault(FOREIGN_SOURCE, "second", subject.value)
        if quad.predicate in _COMPARISON:
            return None  # accepted evidence may be compared later
        if known and not (is_source and self._is_supported(quad)):
            return _Fault(ACCEPTED_CHANGED, "accepted", subject.value)
        return None

    def _fault_of_entity(
        self, quad: Quad, subject: NamedNode, graph: NamedNode, known: set[NamedNode]
    ) -> _Fault | None:
        """What is wrong with a statement about a figure or an entity that the store knows."""
        if self._is_supported(quad):
            return None
        prop = self._vocabulary.properties.get(quad.predicate.value)
        needs_fact = prop is not None and prop.requires_evidence
        restated = any(
            found.object == quad.object and found.graph_name not in RESERVED_GRAPHS
            for found in self._before.quads(subject, quad.predicate)
        )
        if restated != needs_fact:
            return None  # restated, or without a Fact, which is a violation of a shape
        if OBSERVATION in self._kinds(subject):
            if graph in known:
                return _Fault(ACCEPTED_CHANGED, "accepted", subject.value)
            return _Fault(FOREIGN_SOURCE, "other", subject.value, _first(known))
        if graph in self._continued and not self._describes_source_of(graph):
            return _Fault(ACCEPTED_CHANGED, "unsupported", subject.value, graph.value)
        return _Fault(UNSUPPORTED_ADDITION, "shared", subject.value, graph.value)

    @cached_property
    def _sources(self) -> frozenset[NamedNode]:
        """The classes of sources."""
        return frozenset(map(NamedNode, self._vocabulary.subclasses(g60("Source"))))

    @cached_property
    def _records(self) -> frozenset[NamedNode]:
        """The classes of what belongs to one source, and of sources."""
        evidence = map(NamedNode, self._vocabulary.subclasses(g60("Evidence")))
        return self._sources.union(evidence, (FACT,))

    @cached_property
    def _graphs(self) -> frozenset[NamedNode]:
        """The graphs that the file adds to."""
        return frozenset(q.graph_name for q in self._new if isinstance(q.graph_name, NamedNode))

    @cached_property
    def _continued(self) -> frozenset[NamedNode]:
        """The graphs that the file adds to and that hold an accepted source already."""
        return self._graphs & frozenset(self._before.source_graphs())

    @cached_property
    def _sourceless(self) -> frozenset[NamedNode]:
        """Of several graphs that the file adds to, those for which it describes no source."""
        others = self._graphs - self._continued - RESERVED_GRAPHS - NAME_GRAPHS
        found = frozenset(graph for graph in others if not self._describes_source_of(graph))
        return found if len(self._graphs) > 1 else frozenset()

    @cached_property
    def _supported(self) -> frozenset[tuple[object, ...]]:
        """The statements of the file's Facts, each with its graph."""
        parts = []
        for quad in self._stated.quads(None, FACT_SUBJECT, None):
            fact, graph = quad.subject, quad.graph_name
            if isinstance(fact, NamedNode) and isinstance(graph, NamedNode):
                for predicate in self._stated.quads(fact, FACT_PREDICATE, None, graph):
                    for value in self._stated.quads(fact, FACT_OBJECT, None, graph):
                        parts.append((quad.object, predicate.object, value.object, graph))
        return frozenset(parts)

    def _is_supported(self, quad: Quad) -> bool:
        return (quad.subject, quad.predicate, quad.object, quad.graph_name) in self._supported

    def _describes_source_of(self, graph: NamedNode) -> bool:
        """Whether the file describes the source of a graph, as its own file does."""
        return any(
            quad.object in self._sources and quad.graph_name == graph
            for quad in self._stated.quads(None, A, None)
        )

    def _read_graphs(self, node: NamedNode) -> frozenset[object]:
        """The sources' graphs of the store that describe a node."""
        return frozenset(q.graph_name for q in self._before.quads(node)) - RESERVED_GRAPHS

    def _find_homes(self, node: NamedNode, graph: NamedNode) -> set[NamedNode]:
        """The graphs that a fact, evidence, a selector or a source belongs to.

        A node of the store belongs where it is described. A new one belongs where the source that
        it is named for is described, or into the graph that is named for that source.
        """
        stated = {name for name in self._graphs_of(node) if isinstance(name, NamedNode)}
        if stated:
            return self._described(node) or stated
        named = _NAMED_FOR.fullmatch(node.value)
        if named is None:
            return {graph}
        source = named["fact"] or named["quote"] or named["article"]
        article, dataset = (
            NamedNode(f"{PREFIXES['id']}{kind}-{source}") for kind in ("article", "dataset")
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
        """The graphs of the store that give a node's type."""
        return {graph for graph in self._types_before(node) if graph not in RESERVED_GRAPHS}

    def _read_types(self, node: NamedNode) -> dict[NamedNode, set[object]]:
        found: dict[NamedNode, set[object]] = {}
        for quad in self._before.quads(node, A, None):
            if isinstance(quad.graph_name, NamedNode):
                found.setdefault(quad.graph_name, set()).add(quad.object)
        return found

    def _read_kinds(self, node: NamedNode) -> set[object]:
        """The types of a node, in the store and in the file."""
        own = {quad.object for quad in self._stated.quads(node, A, None)}
        return own.union(*self._types_before(node).values())


def _first(graphs: set[NamedNode]) -> str:
    return min(graph.value for graph in graphs)


def _finding(quad: Quad, fault: _Fault, language: str) -> Finding:
    message, hint = _MESSAGES.get(language, _MESSAGES["en"])[fault.message]
    named = {
        "node": compact(fault.node),
        "owner": compact(fault.owner),
        "graph": compact(str(quad.graph_name).strip("<>")),
    }
    object_ = quad.object
    assert isinstance(quad.subject, NamedNode)
    return Finding(
        severity=fault.code.severities[0],
        code=fault.code.name,
        message=message.format(**named),
        focus=quad.subject.value,
        path=quad.predicate.value,
        value=object_.value if isinstance(object_, NamedNode | Literal) else str(object_),
        hint=hint.format(**named),
        term=str(object_),
    )


#: For each kind of fault its message and how to fix it.
_MESSAGES: Final = {
    "en": {
        "other": (
            "{node} belongs to the source of {owner}, and this statement is in {graph}.",
            "Remove the statement. To correct another source, retract the fact and add that "
            "source's corrected file.",
        ),
        "sourceless": ("{graph} has no source in the file.", "Each of several graphs needs one."),
        "named": (
            "{node} is named for the source of {owner}, and this statement is in {graph}.",
            "Name facts and quotations for the file's source, as draft does. A file of several "
            "sources is TriG or N-Quads, with a graph for each that has its name.",
        ),
        "borrowed": (
            "This statement in {graph} rests on {node}, which belongs to the source of {owner}.",
            "Give evidence from the file's own source.",
        ),
        "graph": (
            "The file adds to {graph}, where another source is accepted, and to other graphs too.",
            "Give each source a file of its own.",
        ),
        "second": (
            "{node} is a new source, and {graph} belongs to an accepted one.",
            "State the source and its facts in a graph of its own.",
        ),
        "accepted": (
            "{node} is accepted already, and this statement changes it.",
            "Retract it with a reason, then add the file again.",
        ),
        "unsupported": (
            "This adds a statement without a fact to the accepted source of {graph}.",
            "Add a fact with a quotation, or move it to a file that describes its source.",
        ),
        "shared": (
            "No fact of this file supports this addition to the known entity {node}.",
            "Add a fact with a quotation. Otherwise it stays in {graph} until that source is "
            "retracted.",
        ),
    },
    "zh": {
        "other": (
            "{node} 属于 {owner} 的来源，而这条陈述在 {graph} 中。",
            "请删去这条陈述。如需更正其他来源，请撤回该事实，再添加该来源的更正文件。",
        ),
        "sourceless": ("文件未在 {graph} 中描述来源。", "文件若含多个图，每个图都须有其来源。"),
        "named": (
            "{node} 以 {owner} 的来源命名，而这条陈述在 {graph} 中。",
            "请以文件自身的来源命名事实与引文，draft 即如此命名。"
            "含多个来源的文件须为 TriG 或 N-Quads，每个来源各有一个以其命名的图。",
        ),
        "borrowed": (
            "{graph} 中的这条陈述以 {node} 为依据，而后者属于 {owner} 的来源。",
            "请给出出自文件自身来源的依据。",
        ),
        "graph": (
            "文件既向已有来源的 {graph} 添加内容，也向其他图添加内容。",
            "请为每个来源单独提供一个文件。",
        ),
        "second": (
            "{node} 是新来源，而 {graph} 属于已接受的来源。",
            "请将该来源及其事实陈述写入其自己的图。",
        ),
        "accepted": (
            "{node} 已被接受，而这条陈述会改动它。",
            "请先撤回并说明理由，再重新添加该文件。",
        ),
        "unsupported": (
            "这条陈述向 {graph} 中已接受的来源添加内容，却没有事实陈述支持。",
            "请引用支持它的原文，或写在描述其来源的文件中。",
        ),
        "shared": (
            "本文件为已有实体 {node} 添加了内容，却没有事实陈述支持。",
            "请引用支持它的原文；否则它保留在 {graph} 中，随该来源一并撤回。",
        ),
    },
}
