"""The gate: what is wrong with files of facts, on top of a graph, before they enter it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from g60kg import paths
from g60kg.drafting import draft
from g60kg.errors import UnreadableInput
from g60kg.files import read_rdf
from g60kg.namespaces import SHAPES_GRAPH, A, g60
from g60kg.quotes import Labels
from g60kg.sheets import SheetProblem, is_sheet, read_sheet
from g60kg.sources import Text
from g60kg.stores.base import GraphStore
from g60kg.stores.loading import in_graphs
from g60kg.stores.local import LocalStore
from g60kg.validation.quotations import check_quotations, quotation_nodes
from g60kg.validation.report import CheckRun, Finding, Report, Severity, Status
from g60kg.validation.vocabulary import unknown_terms
from g60kg.vocabulary import Vocabulary

if TYPE_CHECKING:
    from rdflib import Graph

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a validation is limited to, or extended by.

    Attributes:
        shape: the local name of the one shape to run; None for all.
        focus: the IRI of the one node to look at; None for all.
        extra_shapes: a Turtle file of further shapes.
    """

    shape: str | None = None
    focus: str | None = None
    extra_shapes: Path | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file of facts as read: its quads, and what kept some of it from being read."""

    file: str
    quads: tuple[Quad, ...]
    findings: tuple[Finding, ...]


def validate(
    store: GraphStore,
    files: Sequence[Path],
    *,
    texts: Mapping[str, Text],
    scope: Scope = Scope(),
    language: str = "en",
) -> Report:
    """The verdict on files on top of a graph; without files, on the graph itself.

    A finding that stands without the files too is marked as existing: the verdict is about what
    the files introduce. Files that cannot be read are findings of the check ``syntax``.

    Args:
        store: the graph.
        files: RDF files and fact sheets.
        texts: article texts by digest, to compare quotations with.
        scope: limits and extensions.
        language: of messages and labels.

    Raises:
        UsageError: no shape of that name, extra shapes that are none, an unknown file extension.
    """
    runs: list[CheckRun] = []
    incoming = _timed(runs, "syntax", lambda: [read_incoming(file, store) for file in files])
    findings = [finding for each in incoming for finding in each.findings]
    added = [quad for each in incoming for quad in each.quads]
    combined = _combined(store, added) if files else store
    vocabulary = Vocabulary(combined)
    findings += _timed(
        runs,
        "vocabulary",
        lambda: [
            finding
            for each in incoming or (Incoming("", tuple(_instances(store)), ()),)
            for finding in unknown_terms(each.quads, vocabulary, each.file or None)
        ],
    )
    findings += _timed(
        runs, "shapes", lambda: _shapes(store, combined, scope, language, bool(files))
    )
    nodes = quotation_nodes(LocalStore.holding(added, "files") if files else store)
    quotations = _timed(runs, "quotations", lambda: check_quotations(combined, nodes, texts))
    labels = Labels(combined, language)
    return Report(
        store=store.location,
        files=tuple(str(file) for file in files),
        findings=tuple(_labelled(one, labels) for one in (*findings, *quotations.findings)),
        checks=tuple(runs),
        facts=_fact_count(added if files else _instances(store)),
        quotations=quotations.counts,
    )


def _timed(runs: list[CheckRun], name: str, work: Callable[[], Found]) -> Found:
    started = time.perf_counter()
    found = work()
    runs.append(CheckRun(name, True, time.perf_counter() - started))
    return found


def read_incoming(file: Path, store: GraphStore) -> Incoming:
    """The quads of an RDF file or a fact sheet; what cannot be read becomes a finding."""
    try:
        if is_sheet(file):
            drafted = draft(read_sheet(file), store)
            quads = tuple(
                Quad(t.subject, t.predicate, t.object, drafted.graph) for t in drafted.triples
            )
            return Incoming(str(file), quads, tuple(map(_sheet_finding, drafted.problems)))
        return Incoming(str(file), tuple(in_graphs(read_rdf(file), file)), ())
    except UnreadableInput as error:
        return Incoming(str(file), (), (_syntax_finding(error),))


def _syntax_finding(error: UnreadableInput) -> Finding:
    return _finding("Syntax", error.reason, error.file, error.line, error.column, error.hint)


def _sheet_finding(problem: SheetProblem) -> Finding:
    where = f"{problem.column}: " if problem.column else ""
    return _finding(
        "SheetRow", where + problem.message, problem.file, problem.line, None, problem.hint
    )


def _finding(
    code: str, message: str, file: str, line: int | None, column: int | None, hint: str | None
) -> Finding:
    return Finding(
        severity=Severity.VIOLATION,
        code=code,
        message=message,
        focus=None,
        focus_label=None,
        path=None,
        value=None,
        file=file,
        line=line,
        column=column,
        hint=hint,
    )


def _combined(store: GraphStore, added: Iterable[Quad]) -> LocalStore:
    both = LocalStore.holding(store.quads(), store.location)
    both.extend(added)
    return both


def _instances(store: GraphStore) -> Iterable[Quad]:
    """The quads that sources state: not the ontology's, whose own statements use OWL's terms."""
    for graph in store.source_graphs():
        yield from store.quads(None, None, None, graph)


def _shapes(
    store: GraphStore, combined: GraphStore, scope: Scope, language: str, files: bool
) -> list[Finding]:
    from g60kg.validation.shapes import run_shapes

    shapes = _shape_graph(scope.extra_shapes)

    def run(graph: GraphStore) -> tuple[Finding, ...]:
        return run_shapes(_data_graph(graph), shapes, scope.shape, scope.focus, language)

    found = list(run(combined))
    if not files or not found:
        return [replace(one, status=Status.INTRODUCED) for one in found]
    before = {_same(one) for one in run(store)}
    return [
        replace(one, status=Status.EXISTING if _same(one) in before else Status.INTRODUCED)
        for one in found
    ]


def _same(finding: Finding) -> tuple[str | None, ...]:
    return (finding.code, finding.focus, finding.path, finding.term)


def _data_graph(store: GraphStore) -> Graph:
    """What shapes look at: instances and ontology, through the terms that rdflib's parsers give."""
    from g60kg.stores.rdflib_view import rdflib_graph

    kept = (quad for quad in store.quads() if quad.graph_name != SHAPES_GRAPH)
    return rdflib_graph(Triple(quad.subject, quad.predicate, quad.object) for quad in kept)


def _shape_graph(extra: Path | None) -> Graph:
    from g60kg.stores.rdflib_view import rdflib_graph

    triples = [
        quad.triple
        for file in paths.shape_files()
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    if extra is not None:
        triples += [quad.triple for quad in read_rdf(extra)]
    return rdflib_graph(triples)


def _fact_count(quads: Iterable[Quad]) -> int:
    return len(
        {quad.subject for quad in quads if quad.predicate == A and quad.object == g60("Fact")}
    )


def _labelled(finding: Finding, labels: Labels) -> Finding:
    if finding.focus is None or finding.focus_label is not None or finding.focus.startswith("_:"):
        return finding
    label = labels.of(NamedNode(finding.focus))
    return replace(finding, focus_label=label.value if label else None)
