"""Validation of files of facts against a store before they are added, or of the store itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from pyoxigraph import NamedNode, Quad, Triple

from g60kg.gate.input_files import Incoming, read_incoming
from g60kg.model.article_text import Text
from g60kg.model.evidence_lookup import Labels
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import FACT, HISTORY_GRAPH, SHAPES_GRAPH, A
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.checks.input_policy import facts_alone, foreign_statements, has_long_chains
from g60kg.validation.checks.known_terms import unknown_terms
from g60kg.validation.checks.ownership import ownership_findings
from g60kg.validation.checks.quotations import (
    QuotationCheck,
    check_quotations,
    count_records,
    unchecked_records,
)
from g60kg.validation.report.findings import (
    CheckRun,
    Finding,
    Report,
    Status,
)

if TYPE_CHECKING:
    from rdflib import Graph

    from g60kg.validation.checks.consistency import ConsistencyCheck

Found = TypeVar("Found")

#: Maximum characters of a message or hint, and of a term, in a report.
LONGEST_MESSAGE = 2_000
LONGEST_TERM = 500

_HIDDEN = frozenset({SHAPES_GRAPH, HISTORY_GRAPH})


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits and extensions of a validation.

    Attributes:
        shape: the local name of the one shape to run; None for all.
        focus: the IRI of the one focus node; None for all.
        extra_shapes: a Turtle file with further shapes.
        full: whether to check the complete graph, not only what the files can affect.
    """

    shape: str | None = None
    focus: str | None = None
    extra_shapes: Path | None = None
    full: bool = False

    @property
    def complete(self) -> bool:
        """Whether shapes run on the complete graph."""
        return self.full or self.shape is not None or self.focus is not None


def validate(
    store: GraphStore,
    files: Sequence[Path | Incoming],
    *,
    texts: Mapping[str, Text],
    scope: Scope = Scope(),
    language: str = "en",
) -> Report:
    """Return the report on files added to a graph; without files, on the graph itself.

    A finding of the graph without the files is marked as existing: the verdict is about what the
    files introduce. Files that cannot be read are findings of the check ``syntax``.

    Args:
        store: the graph.
        files: RDF files and fact sheets, or their contents as read.
        texts: article texts by digest, for the check of quotations.
        scope: limits and extensions.
        language: of messages and labels.

    Raises:
        UsageError: unknown shape, invalid extra shapes, or unknown file extension.
    """
    checks = _Checks()
    incoming = checks.run(
        "syntax",
        lambda: [
            file if isinstance(file, Incoming) else read_incoming(file, store) for file in files
        ],
    )
    gate = _Gate(store, incoming, scope, language)
    findings = [finding for each in incoming for finding in each.findings]
    findings += checks.run("vocabulary", gate.vocabulary)
    findings += checks.run("shapes", lambda: gate.shapes(checks))
    quotations = checks.run("quotations", lambda: gate.quotations(texts))
    findings += quotations.findings
    findings += checks.run("consistency", lambda: gate.consistency(checks))
    if incoming:
        findings += checks.run("conflicts", gate.conflicts)
        findings += checks.run("duplicates", lambda: gate.duplicates(checks.note))
    return Report(
        store=store.location,
        files=tuple(each.file for each in incoming),
        # A file that is given twice has each finding twice.
        findings=tuple(dict.fromkeys(gate.finished(finding) for finding in findings)),
        checks=tuple(checks.done),
        facts=gate.fact_count(),
        quotations=quotations.counts,
    )


#: Note where only the rules can separate new contradictions from old ones.
_BY_RULES: Final = (
    "the graph was inconsistent before; contradictions of the files were found by rules"
)


def breaks(store: GraphStore, gone: Iterable[Quad], language: str = "en") -> tuple[Finding, ...]:
    """Return the shape violations that removing quads introduces."""
    from g60kg.validation.delta.shipped_shapes import analysis_of, shape_graph
    from g60kg.validation.delta.verdict import delta_findings

    taken = set(gone)
    # A triple that another source also states stays in the graph.
    triples = {
        quad.triple
        for quad in taken
        if not any(
            found not in taken
            for found in store.quads(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]  # no triple terms here
        )
    }
    shapes = shape_graph()
    outcome = delta_findings(store, (), triples, shapes, analysis_of(shapes), language, _HIDDEN)
    return tuple(found for found in outcome.findings if found.status is Status.INTRODUCED)


class _Checks:
    """Runs checks and records their times."""

    def __init__(self) -> None:
        self.done: list[CheckRun] = []
        self._note: str | None = None
        self._ran = True

    def note(self, text: str | None, ran: bool = True) -> None:
        """Set the note of the current check, and whether it ran."""
        self._note = text
        self._ran = ran

    def run(self, name: str, work: Callable[[], Found]) -> Found:
        """Return the result of a check."""
        started = time.perf_counter()
        self._note, self._ran = None, True
        found = work()
        seconds = time.perf_counter() - started
        self.done.append(CheckRun(name, self._ran, seconds, self._note))
        return found


class _Gate:
    """The graph before and after the files, and the checks of the difference."""

    def __init__(
        self, store: GraphStore, incoming: Sequence[Incoming], scope: Scope, language: str
    ) -> None:
        self.before = store
        self.incoming = incoming
        self._terms = Vocabulary(store)
        self._files = [facts_alone(each.quads, self._terms) for each in incoming]
        self.added = [quad for file in self._files for quad in file]
        overlay = Overlay(store, self.added) if incoming else None
        self.after: GraphStore = overlay or store
        self._overlay = overlay
        self._scope = scope
        self._language = language
        self._labels = Labels(self.after, language)

    def vocabulary(self) -> list[Finding]:
        """Return unknown terms, forbidden statements and changes of other sources."""
        whole = Incoming("", tuple(_instances(self.before)) if not self.incoming else ())
        found = [
            finding
            for each in self.incoming or (whole,)
            for finding in (
                *unknown_terms(each.quads, self._terms, None, self._language),
                *foreign_statements(each.quads, self._terms, self._language),
            )
        ]
        if self._overlay is not None:
            found += ownership_findings(self._files, self._overlay, self._terms, self._language)
        return found

    def shapes(self, checks: _Checks) -> list[Finding]:
        """Return the findings of shapes on the complete graph, or on what the files can affect."""
        from g60kg.validation.shacl_engines import quiet

        if has_long_chains(self.added, self._terms):
            checks.note("a chain of statements is too long", ran=False)
            return []
        with quiet():
            return self._of_shapes(checks.note)

    def _of_shapes(self, note: Callable[[str], None]) -> list[Finding]:
        from g60kg.stores.rdflib_view import rdflib_graph
        from g60kg.validation.checks.shapes import run_shapes
        from g60kg.validation.delta.shipped_shapes import shape_graph
        from g60kg.validation.shacl_engines import complete_graph

        shapes = shape_graph(self._scope.extra_shapes)
        only, focus = self._scope.shape, self._scope.focus
        if self.incoming and not self._scope.complete:
            return self._delta(shapes, note)
        graph_of = rdflib_graph if only or focus else complete_graph
        after = graph_of(_triples(self.after))
        found = run_shapes(after, shapes, only, focus, self._language)
        if not self.incoming or not found:
            return list(found)
        before = graph_of(_triples(self.before))
        earlier = run_shapes(before, shapes, only, focus, self._language)
        before_keys = {_same(one) for one in earlier}
        after_keys = {_same(one) for one in found}
        return [
            replace(one, status=Status.EXISTING if _same(one) in before_keys else Status.INTRODUCED)
            for one in found
        ] + [replace(one, status=Status.FIXED) for one in earlier if _same(one) not in after_keys]

    def _delta(self, shapes: Graph, note: Callable[[str], None]) -> list[Finding]:
        from g60kg.validation.delta.shipped_shapes import analysis_of
        from g60kg.validation.delta.verdict import delta_findings

        outcome = delta_findings(
            self.before,
            [quad.triple for quad in self.added],
            (),
            shapes,
            analysis_of(shapes),
            self._language,
            _HIDDEN,
        )
        looked = (
            f"{outcome.focus_nodes} focus nodes checked, {outcome.context_triples} triples read"
        )
        if outcome.unbounded:
            looked += f"; run on the complete graph: {', '.join(outcome.unbounded)}"
        note(looked)
        return list(outcome.findings)

    def consistency(self, checks: _Checks) -> tuple[Finding, ...]:
        """Return contradictions: by rules around the added quads; with full, by HermiT."""
        from g60kg.validation.checks.consistency import check_consistency

        if self._scope.full:
            outcome = self._reasoned(self.after)
            if self.incoming and outcome.findings:
                outcome = self._new_contradictions(outcome)
        elif self.incoming:
            outcome = check_consistency(self.before, self.added, self._language)
        else:
            checks.note("use --full to check the graph itself with a reasoner", ran=False)
            return ()
        checks.note(outcome.note, outcome.ran)
        return outcome.findings

    def _new_contradictions(self, outcome: ConsistencyCheck) -> ConsistencyCheck:
        """Return the new contradictions of a graph that may have been inconsistent before."""
        from g60kg.validation.checks.consistency import check_consistency

        earlier = self._reasoned(self.before)
        if not earlier.findings:
            return outcome
        # An inconsistent graph entails everything, so only the rules can find what is new.
        ours = check_consistency(self.before, self.added, self._language)
        existing = tuple(replace(finding, status=Status.EXISTING) for finding in earlier.findings)
        return replace(ours, findings=(*existing, *ours.findings), note=_BY_RULES)

    def _reasoned(self, store: GraphStore) -> ConsistencyCheck:
        from g60kg.validation.checks.consistency import check_consistency_fully

        triples = _triples(store)
        return check_consistency_fully(triples, self._language)

    def conflicts(self) -> tuple[Finding, ...]:
        """Return conflicts with other sources, or within one source."""
        from g60kg.validation.checks.conflicts import check_conflicts

        return check_conflicts(self.before, self.added, self._terms, self._language)

    def duplicates(self, note: Callable[[str | None], None]) -> tuple[Finding, ...]:
        """Return entities and facts that the graph may already have."""
        from g60kg.validation.checks.duplicates import check_duplicates

        outcome = check_duplicates(self.before, self.added, self._terms, self._language)
        note(outcome.note)
        return outcome.findings

    def quotations(self, texts: Mapping[str, Text]) -> QuotationCheck:
        """Compare quotations with their texts, and count dataset records, which are not checked."""
        if self._overlay is None:
            found = check_quotations(self.before, self.before, texts, self._language)
            return replace(found, counts=replace(found.counts, records=count_records(self.before)))
        stated = LocalStore.holding(self.added, "files")
        found = check_quotations(self.after, stated, texts, self._language)
        records, warnings = unchecked_records(self.after, self._overlay.new, self._language)
        return QuotationCheck(replace(found.counts, records=records), (*found.findings, *warnings))

    def fact_count(self) -> int:
        """Return the number of Facts in the files; without files, in the graph."""
        quads = self.added if self.incoming else _instances(self.before)
        return len({q.subject for q in quads if q.predicate == A and q.object == FACT})

    def finished(self, finding: Finding) -> Finding:
        """Return the finding with its place in a file and its label, cut to a readable length."""
        if self.incoming:
            nearest = min(self.incoming, key=lambda each: each.distance(finding))
            placed = nearest.placed(finding)
            if placed is not None and nearest.is_sheet:
                from g60kg.validation.sheet_terms import in_sheet_terms

                placed = in_sheet_terms(placed, self._language)
            finding = placed or finding
        return _readable(self._labelled(finding))

    def _labelled(self, finding: Finding) -> Finding:
        known = finding.focus_label is not None or finding.focus is None
        if known or (finding.focus or "").startswith("_:"):
            return finding
        try:
            label = self._labels.of(NamedNode(finding.focus or ""))
        except ValueError:  # a focus node can be a literal
            return finding
        return replace(finding, focus_label=label.value if label else None)


def _readable(finding: Finding) -> Finding:
    """Return the finding with short texts and without control characters."""
    is_short = finding.term is None or len(finding.term) <= LONGEST_TERM

    def cut(text: str | None, limit: int) -> str | None:
        return text if text is None else excerpt(text, limit)

    return replace(
        finding,
        message=excerpt(finding.message, LONGEST_MESSAGE),
        hint=cut(finding.hint, LONGEST_MESSAGE),
        focus=cut(finding.focus, LONGEST_TERM),
        focus_label=cut(finding.focus_label, LONGEST_TERM),
        path=cut(finding.path, LONGEST_TERM),
        value=cut(finding.value, LONGEST_TERM),
        term=finding.term if is_short else None,
    )


def _instances(store: GraphStore) -> Iterator[Quad]:
    """Return the quads of sources, without those of the ontology, which use OWL terms."""
    for graph in store.source_graphs():
        yield from store.quads(None, None, None, graph)


def _same(finding: Finding) -> tuple[str | None, ...]:
    return (finding.code, finding.focus, finding.path, finding.term)


def _triples(store: GraphStore) -> Iterator[Triple]:
    """Return the triples that shapes read: instances and ontology, with duplicates."""
    for quad in store.quads():
        if quad.graph_name not in _HIDDEN:
            yield quad.triple
