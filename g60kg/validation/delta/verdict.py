"""The findings that a change brings, leaves or mends, from a look at what it matters to alone."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import Graph
from rdflib.term import Node

from g60kg.namespaces import SHAPES_GRAPH
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.rdflib_view import from_rdflib, normal, rdflib_graph, to_rdflib
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.delta.affected_nodes import (
    Look,
    Looks,
    Members,
    affected,
)
from g60kg.validation.delta.graph_overlay import Change, View, object_of
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.reads import Reads, context
from g60kg.validation.delta.shape_analysis import Analysis, ShapeReads
from g60kg.validation.delta.shape_graph import retargeted
from g60kg.validation.delta.triple_patterns import THIS
from g60kg.validation.report.findings import Finding, Status, worst_first
from g60kg.validation.shacl_engines import complete_graph, quiet

#: What two findings have in common that are the same one: code, focus node, path and value.
Key: TypeAlias = tuple[str, str | None, str | None, str | None]

#: What of the graph each shape reads, and for what.
Reading: TypeAlias = dict[ShapeReads, tuple[Sequence[Reads], set[Row]]]

_HIDDEN: Final = frozenset({SHAPES_GRAPH})


@dataclass(frozen=True, slots=True)
class DeltaOutcome:
    """What came of looking at a change.

    Attributes:
        findings: those that the change brings (introduced), mends (fixed), and those that stand
            both without it and with it (existing) at the nodes that were looked at.
        focus_nodes: how many nodes were looked at.
        context_triples: how many triples were taken from the graph for it.
        unbounded: the codes of the shapes that were run in full, on the whole graph.
    """

    findings: tuple[Finding, ...]
    focus_nodes: int
    context_triples: int
    unbounded: tuple[str, ...]


def delta_findings(
    before: GraphStore,
    added: Collection[Triple],
    removed: Collection[Triple],
    shapes: Graph,
    analysis: Analysis,
    language: str = "en",
    hidden: frozenset[NamedNode] = _HIDDEN,
) -> DeltaOutcome:
    """The findings of shapes that a change brings, leaves or mends.

    What it brings and what it mends are the same as if the shapes were run on the whole graph
    before and after; of what stands on both sides, only what is met on the way is given.

    Args:
        before: the graph without the change.
        added: triples to be in the graph afterwards.
        removed: triples to be in none of its graphs afterwards; they go before the others come.
        shapes: the shapes.
        analysis: what they read.
        language: of messages, labels and hints.
        hidden: the named graphs of ``before`` that shapes do not look at.

    Raises:
        UsageError, UnsupportedQuery: as :func:`run_shapes` does.
    """
    with quiet():
        change = Change.of(before, added, removed, hidden)
        runs = _Runs(change, shapes, analysis, language)
        if change.triples:
            runs.run_affected()
            runs.run_unbounded()
            runs.settle()
    return runs.outcome()


class _Runs:
    """Runs shapes on both sides of a change, and compares what they find."""

    def __init__(self, change: Change, shapes: Graph, analysis: Analysis, language: str) -> None:
        self._change = change
        self._shapes = shapes
        self._analysis = analysis
        self._language = language
        self._before: dict[Key, Finding] = {}
        self._after: dict[Key, Finding] = {}
        self._open_for_reading: dict[ShapeReads, set[Term]] = {}
        self._context: set[Triple] = set()

    def run_affected(self) -> None:
        """Runs each shape for the focus nodes that the change can matter to."""
        before, after = affected(self._analysis, self._change)
        self._before |= self._found(self._change.before, before)
        self._after |= self._found(self._change.after, after)

    def run_unbounded(self) -> None:
        """Runs the shapes that cannot be bounded on the whole graph."""
        kept = {unbounded.shape for unbounded in self._analysis.unbounded}
        if not kept:
            return
        shapes = retargeted(self._shapes, {}, kept)
        for view, found in ((self._change.before, self._before), (self._change.after, self._after)):
            everything = complete_graph(view.match(None, None, None))
            for finding in run_shapes(everything, shapes, language=self._language):
                found[_key(finding)] = finding

    def settle(self) -> None:
        """Looks whether what seems brought or mended is reported for other focus nodes as well.

        Two focus nodes of one shape can have a value node in common, and report the same finding
        of it; so can two shapes that have a part in common. What the change does not matter to is
        the same on both sides: found there, it stands.
        """
        doubtful = self._before.keys() ^ self._after.keys()
        rest: Looks = {}
        members = Members(self._change.after)
        written = _Written(self._context, self._open_for_reading.values(), self._change.after)
        for code, focus in {(code, focus) for code, focus, _, _ in doubtful if focus}:
            for shape, part in self._analysis.reporting(code):
                for node in written.nodes(focus):
                    rows = part.to_focus.rows(self._change.after, [(node,)])
                    more = {other for (other,) in rows} - self._open_for_reading.get(shape, set())
                    if standing := members.of(shape, more):
                        rest.setdefault(shape, Look()).nodes |= standing
        found = self._found(self._change.after, rest)
        for key in doubtful & found.keys():
            self._before[key] = self._after[key] = found[key]

    def outcome(self) -> DeltaOutcome:
        """The findings of both sides, each with what became of it."""
        return DeltaOutcome(
            findings=worst_first(self._compared()),
            focus_nodes=len({node for nodes in self._open_for_reading.values() for node in nodes}),
            context_triples=len(self._context),
            unbounded=tuple(sorted({shape.code for shape in self._analysis.unbounded})),
        )

    def _found(self, view: View, looks: Looks) -> dict[Key, Finding]:
        """What shapes find in a view where they are to look, from what they read there alone."""
        whole: Reading = {}
        single: Reading = {}
        for shape, look in looks.items():
            self._open_for_reading.setdefault(shape, set()).update(look.focus_nodes)
            whole[shape] = shape.reads, {(node,) for node in look.nodes}
            if shape.of_results:
                single[shape] = shape.of_results.enough, look.results
        # Apart: what is read of a node as a whole would be taken for more results of it.
        sought = _Sought(looks)
        found = self._run(view, whole)
        found += (finding for finding in self._run(view, single) if sought.has(finding))
        return {_key(finding): finding for finding in found}

    def _run(self, view: View, reading: Reading) -> list[Finding]:
        reads: dict[Reads, set[Row]] = {}
        focus_nodes: dict[Node, set[Term]] = {}
        for shape, (read_by_it, rows) in reading.items():
            if rows:
                focus_nodes[shape.shape] = {row[0] for row in rows}
                for read in read_by_it:
                    reads.setdefault(read, set()).update(rows)
        if not focus_nodes:
            return []
        triples = context(view, reads)
        triples |= {triple for nodes in focus_nodes.values() for triple in _naming(view, nodes)}
        self._context |= triples
        shapes = retargeted(
            self._shapes, {shape: map(to_rdflib, nodes) for shape, nodes in focus_nodes.items()}
        )
        return list(run_shapes(_Context(view, triples), shapes, language=self._language))

    def _compared(self) -> Iterator[Finding]:
        for key, finding in self._after.items():
            status = Status.EXISTING if key in self._before else Status.INTRODUCED
            yield replace(finding, status=status)
        for key, finding in self._before.items():
            if key not in self._after:
                yield replace(finding, status=Status.FIXED)


class _Context(Graph):
    """What shapes read, for the engine, which asks the graph's store; for labels, everything.

    A message calls nodes by their labels and names those that may have been meant, which no shape
    reads. Those are asked of this object, which looks them up in the view.
    """

    def __init__(self, view: View, triples: Iterable[Triple]) -> None:
        read = rdflib_graph(triples)
        super().__init__(store=read.store, identifier=read.identifier)
        self._view = view

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """The triples of the whole view that fit a pattern, each once."""
        try:
            wanted = [None if part is None else from_rdflib(part) for part in triple]
        except ValueError:
            return  # an IRI that no store could hold
        for found in {*self._view.match(*wanted)}:
            yield tuple(map(to_rdflib, found))


def _key(finding: Finding) -> Key:
    return finding.code, finding.focus, finding.path, finding.term


def _naming(view: View, nodes: Iterable[Term]) -> Iterator[Triple]:
    """A triple with each blank node: the engine must find one to name the node in a message."""
    for node in nodes:
        if isinstance(node, BlankNode):
            of_it = chain(view.match(node, None, None), view.match(None, None, node))
            yield from islice(of_it, 1)


class _Sought:
    """Tells the single results that were looked for from others about the same focus nodes.

    For those not enough is read.
    """

    def __init__(self, looks: Looks) -> None:
        self._about: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, set[tuple[str | None, ...]]] = {}
        for shape, look in looks.items():
            if shape.of_results:
                self._about[shape.code] = about = shape.of_results.about
                self._told[shape.code] = {tuple(map(_told, about, row)) for row in look.results}

    def has(self, finding: Finding) -> bool:
        """Whether it was looked for."""
        told = {THIS: finding.focus, "?path": finding.path, "?value": finding.term}
        return tuple(told[name] for name in self._about[finding.code]) in self._told[finding.code]


def _told(name: str, node: Term) -> str | None:
    """What a finding has of a node that the result says."""
    if name == THIS:
        return f"_:{node.value}" if isinstance(node, BlankNode) else str(to_rdflib(node))
    if name == "?value":
        return to_rdflib(node).n3()
    return node.value if isinstance(node, NamedNode) else None


class _Written:
    """The nodes that a finding may be about: it has no more of its focus node than the text."""

    def __init__(self, met: Iterable[Triple], looked_at: Iterable[set[Term]], view: View) -> None:
        self._view = view
        self._literals = {text for text, _ in _literals(object_of(triple) for triple in met)}
        self._literals |= {text for nodes in looked_at for text, _ in _literals(nodes)}

    def nodes(self, text: str) -> set[Term]:
        """The nodes that are written so."""
        if text.startswith("_:"):
            return {BlankNode(text[2:])}
        found: set[Term] = set()
        if text in self._literals:
            # There may be others like it, in another language or of another datatype.
            everything = (object_of(triple) for triple in self._view.match(None, None, None))
            found = {literal for written, literal in _literals(everything) if written == text}
        with suppress(ValueError):
            found.add(NamedNode(text))
        return found


def _literals(nodes: Iterable[Term]) -> Iterator[tuple[str, Term]]:
    for node in nodes:
        if isinstance(node, Literal):
            spelled = normal(node)
            yield spelled.value, spelled
