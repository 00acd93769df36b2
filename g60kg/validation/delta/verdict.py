"""The findings that a change introduces, fixes or leaves, from the affected part of the graph."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import Graph
from rdflib.term import Node

from g60kg.model.change import Change
from g60kg.rdf.text_excerpt import plural
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import from_rdflib, normal, store_under, to_rdflib
from g60kg.validation.candidates.data_index import changed_literals, store_of
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.collection_pause import collection_paused
from g60kg.validation.delta.graph_overlay import ChangeViews, View, object_of
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.reads import Reads, context
from g60kg.validation.delta.shape_analysis import (
    Look,
    Looks,
    ShapeReads,
    affected,
    analyse,
    targets_among,
)
from g60kg.validation.report.findings import (
    CheckResult,
    Finding,
    Key,
    Status,
    compared,
    term_of,
    worst_first,
)
from g60kg.validation.shacl_engines import complete_graph, quiet
from g60kg.validation.shape_structure.shape_graph import retargeted
from g60kg.validation.shape_structure.triple_patterns import THIS

#: The reads of each shape, with what they are read for.
Reading: TypeAlias = dict[ShapeReads, tuple[Sequence[Reads], set[Row]]]


@dataclass(frozen=True, slots=True)
class DeltaOutcome:
    """The findings of shapes on a change, and what was read to find them.

    ``unbounded``: codes of the shapes run on the complete graph, or ``all shapes``.
    """

    findings: tuple[Finding, ...]
    focus_nodes: int
    context_triples: int
    unbounded: tuple[str, ...]


@collection_paused()
def delta_findings(change: Change, shapes: Graph, language: str = "en") -> DeltaOutcome:
    """Return the findings of shapes that a change introduces, fixes or leaves.

    Introduced and fixed findings are the same as with two runs on the complete graph, before
    and after the change. Of the existing findings, only some are returned.
    """
    with quiet(), closing(ChangeViews.of(change)) as views:
        runs = _Runs(views, shapes, language)
        if views.triples and not (change.is_large and runs.run_complete()):
            runs.run_affected()
            runs.settle()
        return runs.outcome()


def delta_result(change: Change, shapes: Graph, language: str = "en") -> CheckResult:
    """Return the findings of :func:`delta_findings`.

    The note has the numbers of focus nodes and triples, or the shapes that ran on the complete
    graph, or both.
    """
    outcome = delta_findings(change, shapes, language)
    notes = []
    if outcome.context_triples or not outcome.unbounded:
        read = f"{outcome.context_triples} triple{plural(outcome.context_triples)} read"
        nodes = f"{outcome.focus_nodes} focus node{plural(outcome.focus_nodes)} checked"
        notes.append(f"{nodes}, {read}")
    if outcome.unbounded:
        notes.append(f"run on the complete graph: {', '.join(outcome.unbounded)}")
    return CheckResult(outcome.findings, note="; ".join(notes))


def complete_findings(
    triples: Iterable[Triple], shapes: Graph, language: str = "en"
) -> dict[Key, Finding]:
    """Return the findings of shapes on a complete graph, by their key."""
    known = dict.fromkeys(triples)
    changed = changed_literals(map(object_of, known))
    apart = [triple for triple in known if triple.object in changed]
    for triple in apart:
        del known[triple]
    found = {one.key: one for one in run_shapes(complete_graph(known), shapes, language=language)}
    if apart:
        rest = LocalStore.holding((Quad(*triple) for triple in known), "the rest")
        change = Change.of(rest, [Quad(*triple) for triple in apart])
        for one in delta_findings(change, shapes, language).findings:
            if one.status is Status.FIXED:
                found.pop(one.key, None)
            else:
                found[one.key] = replace(one, status=Status.INTRODUCED)
    return found


class _Runs:
    def __init__(self, change: ChangeViews, shapes: Graph, language: str) -> None:
        self._change = change
        self._shapes = shapes
        self._language = language
        self._before: dict[Key, Finding] = {}
        self._after: dict[Key, Finding] = {}
        self._open_for_reading: dict[ShapeReads, set[Term]] = {}
        self._context: set[Triple] = set()
        self._unbounded: tuple[str, ...] = ()

    def run_complete(self) -> bool:
        """Run all shapes on the complete graph, before and after the change.

        Return False, without findings, if they would run slowly: Oxigraph changes some literals.
        """
        graph = complete_graph(self._change.before.match(None, None, None))
        store = store_under(graph)
        if store is None:
            return False
        before = self._found_in(graph, self._shapes)
        if self._change.removed:
            # What is removed can be in the store in another spelling, which is not removed.
            graph = complete_graph(self._change.after.match(None, None, None))
            store = store_under(graph)
        else:
            store = store_of(self._change.added, store)
        if store is None:
            return False
        self._before, self._after = before, self._found_in(graph, self._shapes)
        nodes = {node for t in self._change.triples for node in (t.subject, t.object)}
        about = {_text_of(THIS, node) for node in nodes if not isinstance(node, Triple)}
        for key in self._before.keys() & self._after.keys():
            if key[1] not in about:
                del self._before[key], self._after[key]
        self._unbounded = ("all shapes",)
        return True

    def run_affected(self) -> None:
        """Run shapes before and after the change: on affected focus nodes, if unbounded on all."""
        before, after = affected(analyse(self._shapes), self._change)
        self._before |= self._found(self._change.before, before)
        self._after |= self._found(self._change.after, after)
        # The unbounded shapes run on the whole graph.
        kept = {unbounded.shape for unbounded in analyse(self._shapes).unbounded}
        self._unbounded = tuple(sorted({shape.code for shape in analyse(self._shapes).unbounded}))
        if not kept:
            return
        shapes = retargeted(self._shapes, {}, kept)
        for view, found in ((self._change.before, self._before), (self._change.after, self._after)):
            everything = complete_graph(view.match(None, None, None))
            found |= self._found_in(everything, shapes)

    def settle(self) -> None:
        """Mark as existing each new or fixed finding that an unaffected focus node also reports.

        Two focus nodes of a shape can share a value node and report the same finding about it; two
        shapes can share a nested shape.
        """
        doubtful = self._before.keys() ^ self._after.keys()
        rest: Looks = {}
        for code, focus in {(code, focus) for code, focus, _, _ in doubtful if focus}:
            for shape, part in analyse(self._shapes).reporting.get(code, ()):
                rows = part.to_focus.rows(self._change.after, _node_of(focus))
                more = {other for (other,) in rows} - self._open_for_reading.get(shape, set())
                if standing := targets_among(more, shape, self._change.after):
                    rest.setdefault(shape, Look()).nodes |= standing
        found = self._found(self._change.after, rest)
        for key in doubtful & found.keys():
            self._before[key] = self._after[key] = found[key]

    def outcome(self) -> DeltaOutcome:
        return DeltaOutcome(
            findings=worst_first(compared(self._before, self._after)),
            focus_nodes=len({node for nodes in self._open_for_reading.values() for node in nodes}),
            context_triples=len(self._context),
            unbounded=self._unbounded,
        )

    def _found_in(self, graph: Graph, shapes: Graph) -> dict[Key, Finding]:
        return {one.key: one for one in run_shapes(graph, shapes, language=self._language)}

    def _found(self, view: View, looks: Looks) -> dict[Key, Finding]:
        whole: Reading = {}
        single: Reading = {}
        for shape, look in looks.items():
            self._open_for_reading.setdefault(shape, set()).update(look.focus_nodes)
            whole[shape] = shape.reads, {(node,) for node in look.nodes}
            if shape.of_results:
                single[shape] = shape.of_results.enough, look.results
        # Separately: the reads of a complete node would produce further results about it.
        sought = _ResultFilter(looks)
        of_single = (finding for finding in self._run(view, single) if sought.has(finding))
        return {finding.key: finding for finding in (*self._run(view, whole), *of_single)}

    def _run(self, view: View, reading: Reading) -> tuple[Finding, ...]:
        reads: dict[Reads, set[Row]] = {}
        focus_nodes: dict[Node, set[Term]] = {}
        for shape, (read_by_it, rows) in reading.items():
            if rows:
                focus_nodes[shape.shape] = {row[0] for row in rows}
                for read in read_by_it:
                    reads.setdefault(read, set()).update(rows)
        if not focus_nodes:
            return ()
        triples = context(view, reads)
        triples |= {triple for nodes in focus_nodes.values() for triple in _naming(view, nodes)}
        self._context |= triples
        graph = _Context(view, triples)
        return run_shapes(graph, self._shapes, language=self._language, focus_nodes=focus_nodes)


class _Context(Graph):
    """A graph for pySHACL: its store has the triples that shapes look up.

    Its method ``triples``, for labels and suggestions in messages, reads the complete graph.
    """

    def __init__(self, view: View, triples: Iterable[Triple]) -> None:
        read = complete_graph(triples)
        super().__init__(store=read.store, identifier=read.identifier)
        self._view = view

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """Yield the triples of the complete graph that match a pattern, each once."""
        try:
            wanted = [None if part is None else from_rdflib(part) for part in triple]
        except ValueError:
            return  # an IRI that the store cannot hold
        for found in {*self._view.match(*wanted)}:
            yield tuple(map(to_rdflib, found))


def _naming(view: View, nodes: Iterable[Term]) -> Iterator[Triple]:
    """Yield one triple with each blank node: pySHACL needs one to name the node in a message."""
    for node in nodes:
        if isinstance(node, BlankNode):
            of_it = chain(view.match(node, None, None), view.match(None, None, node))
            yield from islice(of_it, 1)


class _ResultFilter:
    """A filter that keeps the findings of the single results that were evaluated.

    Other results are not reliable: not all of their triples were read.
    """

    def __init__(self, looks: Looks) -> None:
        self._about: dict[str, tuple[str, ...]] = {}
        self._evaluated: dict[str, set[tuple[str | None, ...]]] = {}
        for shape, look in looks.items():
            if shape.of_results:
                self._about[shape.code] = about = shape.of_results.about
                self._evaluated[shape.code] = {
                    tuple(map(_text_of, about, row)) for row in look.results
                }

    def has(self, finding: Finding) -> bool:
        _, focus, path, value = finding.key
        texts = {THIS: focus, "?path": path, "?value": value}
        result = tuple(texts[name] for name in self._about[finding.code])
        return result in self._evaluated[finding.code]


def _text_of(name: str, node: Term) -> str | None:
    """Return the text of variable ``name`` in a finding's key; None for a path without IRI."""
    if name == "?value" or isinstance(node, Literal):
        return None if name == "?path" else to_rdflib(node).n3()
    if name == THIS and isinstance(node, BlankNode):
        return f"_:{node.value}"
    return node.value if isinstance(node, NamedNode) else None


def _node_of(focus: str) -> Iterator[Row]:
    """Yield the focus node of the key of a finding, unless a store cannot hold it."""
    if focus.startswith("_:"):
        yield (BlankNode(focus[2:]),)
    elif focus.startswith('"'):
        literal = term_of(focus)
        yield from () if literal is None else ((normal(literal),),)
    else:
        with suppress(ValueError):
            yield (NamedNode(focus),)
