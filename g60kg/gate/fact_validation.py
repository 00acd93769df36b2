"""Validation of files of facts against a store before they are added, or of the store itself."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyoxigraph import NamedNode, Quad

from g60kg.gate.input_files import Incoming, compiled_together, read_incoming
from g60kg.gate.retraction import outdated, with_source_gone, with_sources_going
from g60kg.model.article_text import Text
from g60kg.model.change import IN_PROPORTION, LARGE, Change, visible_triples
from g60kg.model.evidence_comparison import TextsAtHand
from g60kg.model.evidence_lookup import Labels
from g60kg.model.figure_text import figure_with_bearer
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import FACT, FACT_SUBJECT, HAS_EVIDENCE, HAS_OBSERVATION, HAS_SELECTOR, A, g60
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks import known_terms, quotations, stated_verdicts
from g60kg.validation.checks.conflicts import check_conflicts
from g60kg.validation.checks.consistency import check_consistency, check_consistency_fully
from g60kg.validation.checks.duplicates import check_duplicates
from g60kg.validation.checks.input_policy import (
    Faulty,
    facts_alone,
    faults_in,
    foreign_statements,
    long_chains,
)
from g60kg.validation.checks.ownership import ownership_findings
from g60kg.validation.checks.repeated_facts import repeated_facts
from g60kg.validation.checks.support import check_support
from g60kg.validation.collection_pause import collection_paused
from g60kg.validation.report.findings import (
    CheckResult,
    CheckRun,
    Finding,
    Key,
    PassageCounts,
    QuotationCounts,
    Report,
    Status,
    compared,
)

if TYPE_CHECKING:
    from rdflib import Graph

    from g60kg.validation.delta.own_process import OwnProcess

Found = TypeVar("Found")

#: Maximum characters of a message or hint, and of a term, in a report.
LONGEST_MESSAGE = 2_000
LONGEST_TERM = 500
_LIMITS: Final = {
    **dict.fromkeys(("message", "hint"), LONGEST_MESSAGE),
    **dict.fromkeys(("focus", "focus_label", "path", "value"), LONGEST_TERM),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Options as for :meth:`g60kg.api.KnowledgeGraph.validate`; ``focus`` is an IRI."""

    shape: str | None = None
    focus: str | None = None
    extra_shapes: Path | None = None
    full: bool = False


@collection_paused()
def validate(
    store: GraphStore,
    files: Sequence[Path | Incoming],
    *,
    texts: Mapping[str, Text],
    article: Text | None = None,
    scope: Scope = Scope(),
    language: str = "en",
    in_processes: bool = False,
) -> Report:
    """Return the report on files added to a graph; without files, on the graph itself.

    A finding of the graph without the files is marked as existing; the verdict depends only on the
    findings that the files introduce. Files that cannot be read are findings of the check
    ``syntax``.

    Args:
        files: RDF files and fact sheets, or their contents as read.
        texts: article texts by digest, for the check of quotations.
        article: a further text; a warning if the sources in RDF files record other texts.
        in_processes: whether a second process may run shapes.

    Raises:
        UnreadableInput: the file of extra shapes is missing or not valid RDF.
        UsageError: unknown shape, invalid extra shapes, or unknown file extension.
    """
    return Validation(store, files, scope, language, in_processes).report(texts, article)


def introduced_findings(change: Change, language: str = "en") -> tuple[Finding, ...]:
    """Return the findings of shapes that a change introduces, of every severity.

    A finding whose value is a source that the change removes has a hint.
    """
    from g60kg.validation.delta.shape_analysis import shape_graph
    from g60kg.validation.delta.verdict import delta_findings

    outcome = delta_findings(change, shape_graph(), language)
    broken = (found for found in outcome.findings if found.status is Status.INTRODUCED)
    return tuple(with_sources_going(found, change, language) for found in broken)


class Validation:
    """The checks of files against a graph; without files, of the graph itself."""

    @collection_paused()
    def __init__(
        self,
        store: GraphStore,
        files: Sequence[Path | Incoming],
        scope: Scope = Scope(),
        language: str = "en",
        in_processes: bool = False,
    ) -> None:
        self._done: list[CheckRun] = []
        self.incoming = self._run(
            "syntax",
            lambda: compiled_together(
                [
                    file if isinstance(file, Incoming) else read_incoming(file, store)
                    for file in files
                ]
            ),
        )
        self._scope = scope
        self._language = language
        process = self._own_process(store) if in_processes else None
        self._terms = Vocabulary(store)
        self._faults = [faults_in(each.quads, self._terms) for each in self.incoming]
        facts = [
            facts_alone(each.quads, faults)
            for each, faults in zip(self.incoming, self._faults, strict=True)
        ]
        every = [quad for quads in facts for quad in quads]
        recorded = stated_verdicts.recorded_verdicts(every, store)
        self._verdicts = (
            *stated_verdicts.differing_verdicts(every, recorded, store, language),
            *stated_verdicts.future_dates(every, language),
        )
        self._files = [stated_verdicts.without_recorded(quads, recorded) for quads in facts]
        stated = [quad for file in self._files for quad in file]
        sources = self._terms.subclasses(g60("Source"))
        self.change = Change.of(store, stated, outdated(store, stated, sources))
        self._labels = Labels(self.change.after, language)
        self._process: OwnProcess | None = None
        if process is not None and self.change.is_large and not self._has_long_chains():
            process.send(self.change)
            self._process = process
        elif process is not None:
            process.end()

    @collection_paused()
    def report(self, texts: Mapping[str, Text], article: Text | None = None) -> Report:
        """Run the checks and return their report."""
        texts = texts if article is None else {**texts, article.digest: article}
        at_hand = TextsAtHand(self.change.after, texts)
        no_findings: list[Finding] = []
        first = [finding for each in self.incoming for finding in each.findings]
        first += self._run("vocabulary", self._vocabulary, [])
        findings: list[Finding] = []
        change, terms, language = self.change, self._terms, self._language
        stated = change.stated if self.incoming else change.before
        (quoted, differing), (passages, missing) = self._run(
            "quotations",
            lambda: (
                self._quotations(stated, texts),
                quotations.check_passages(change.after, stated, at_hand, language),
            ),
            ((QuotationCounts(), no_findings), (PassageCounts(), no_findings)),
        )
        findings += (*differing, *missing)
        if self._scope.shape is None:
            findings += self._verdicts
            # Drafting a sheet compares the digests.
            if article is not None and not all(each.is_sheet for each in self.incoming):
                findings += quotations.other_text(change.after, change.stated, article, language)
        added = change.added if self.incoming else change.before
        run, no_result = self._run, CheckResult(())
        findings += run("support", partial(check_support, change, added, at_hand, language), [])
        findings += run("consistency", self._consistency, no_result).findings
        if self.incoming:
            findings += run("conflicts", partial(check_conflicts, change, terms, language), [])
            duplicates = partial(check_duplicates, change, terms, language)
            findings += run("duplicates", duplicates, no_result).findings
        before, after = self._all_finished(first), self._all_finished(findings)
        # Run last, since another process may take a while, but reported after the vocabulary.
        shapes = self._run("shapes", self._shapes).findings
        self._done.insert(2, self._done.pop())
        shown = [one for one in shapes if not any(e.may_be_wrong(one) for e in self.incoming)]
        facts = {
            quad.subject for quad in self._quads() if quad.predicate == A and quad.object == FACT
        }
        return Report(
            store=self.change.before.location,
            files=tuple(each.file for each in self.incoming),
            # A file that is given twice has each finding twice.
            findings=tuple(dict.fromkeys((*before, *self._all_finished(shown), *after))),
            checks=tuple(self._done),
            facts=len(facts),
            quotations=quoted,
            passages=passages,
        )

    def _run(self, name: str, work: Callable[[], Found], no_result: Found | None = None) -> Found:
        if no_result is not None and self._scope.shape is not None:
            self._done.append(CheckRun(name, False, 0.0, "only the shape given is checked"))
            return no_result
        started = time.perf_counter()
        found = work()
        seconds = time.perf_counter() - started
        ran, note = (found.ran, found.note) if isinstance(found, CheckResult) else (True, None)
        self._done.append(CheckRun(name, ran, seconds, note))
        return found

    def _quads(self) -> Iterable[Quad]:
        if self.incoming:
            return chain.from_iterable(self._files)
        store = self.change.before
        graphs = store.source_graphs()
        return (quad for graph in graphs for quad in store.quads(None, None, None, graph))

    def _vocabulary(self) -> list[Finding]:
        """Return findings of terms, classes, years, forbidden statements and repeated Facts.

        With files, changes of what sources have already stated are forbidden too.
        """
        stated = [each.quads for each in self.incoming] or [tuple(self._quads())]
        faults: Sequence[list[Faulty] | None] = self._faults or [None]
        graphs = [next((quad.graph_name for quad in quads), None) for quads in stated]
        found = [
            replace(finding, graph=graph if isinstance(graph, NamedNode) else None)
            for quads, graph, known in zip(stated, graphs, faults, strict=True)
            for finding in (
                *known_terms.unknown_terms(quads, self._terms, self._language),
                *foreign_statements(quads, self._terms, self._language, known),
                *known_terms.registered_class_findings(quads, self._terms, self._language),
                *known_terms.stated_year_findings(quads, self._terms, self._language),
            )
        ]
        if self.incoming:
            found += ownership_findings(self._files, self.change, self._terms, self._language)
        facts = self._quads() if self.incoming else stated[0]
        return [*found, *repeated_facts(facts, self.change, self._language)]

    def _own_process(self, store: GraphStore) -> OwnProcess | None:
        stated = sum(len(each.quads) for each in self.incoming)
        if stated < LARGE or self._scope != Scope() or (os.cpu_count() or 1) < 2:
            return None
        if not isinstance(store, LocalStore) or len(store) > stated * IN_PROPORTION:
            return None
        from g60kg.validation.delta.own_process import OwnProcess

        return OwnProcess(self._language)

    def _has_long_chains(self) -> bool:
        return bool(long_chains(list(self._quads()), self._terms))

    def _shapes(self) -> CheckResult:
        if self._process is not None:
            with suppress(EOFError):  # it was killed, perhaps for lack of memory
                return self._process.result()
        from g60kg.validation.delta.shape_analysis import shape_graph
        from g60kg.validation.delta.verdict import delta_result
        from g60kg.validation.shacl_engines import quiet

        if self.incoming and self._has_long_chains():
            return CheckResult((), False, "a chain of statements is too long")
        with quiet():
            shapes = shape_graph(self._scope.extra_shapes)
            if self.incoming and self._scope == Scope(extra_shapes=self._scope.extra_shapes):
                return delta_result(self.change, shapes, self._language)
            found = self._complete(self.change.after, shapes)
            if not self.incoming or not found:
                return CheckResult(tuple(found.values()))
            earlier = self._complete(self.change.before, shapes)
        return CheckResult(tuple(compared(earlier, found)))

    def _complete(self, store: GraphStore, shapes: Graph) -> dict[Key, Finding]:
        from g60kg.stores.rdflib_view import rdflib_graph
        from g60kg.validation.checks.shapes import run_shapes
        from g60kg.validation.delta.verdict import complete_findings

        only, focus, triples = self._scope.shape, self._scope.focus, visible_triples(store)
        if not only and not focus:
            return complete_findings(triples, shapes, self._language)
        found = run_shapes(rdflib_graph(triples), shapes, only, focus, self._language)
        return {one.key: one for one in found}

    def _consistency(self) -> CheckResult:
        change, language = self.change, self._language
        if not self._scope.full:
            if self.incoming:
                return check_consistency(change, language)
            return CheckResult((), False, "use --full to check the graph itself with a reasoner")
        outcome = check_consistency_fully(visible_triples(change.after), language)
        if not (self.incoming and outcome.findings):
            return outcome
        earlier = check_consistency_fully(visible_triples(change.before), language).findings
        if not earlier:
            return outcome
        # An inconsistent graph entails everything, so only the rules can find what is new.
        existing = (replace(finding, status=Status.EXISTING) for finding in earlier)
        found = check_consistency(change, language).findings
        note = "the graph was inconsistent before; contradictions of the files were found by rules"
        return CheckResult((*existing, *found), note=note)

    def _quotations(
        self, stated: GraphStore, texts: Mapping[str, Text]
    ) -> tuple[QuotationCounts, list[Finding]]:
        """Compare ``stated`` quotations with texts, and count dataset records not compared.

        With files, these are records that new facts use or to which files add a verdict;
        without files, all records.
        """
        change = self.change
        counts, found = quotations.check_quotations(change.after, stated, texts, self._language)
        if self.incoming:
            records, warnings = quotations.unchecked_records(change, self._language)
        else:
            records, warnings = quotations.count_records(change.before), ()
        return replace(counts, records=records), [*found, *warnings]

    def _all_finished(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings as they are reported, at each of their locations.

        If the scope has a focus node, only findings about it, its figures, Facts and their
        evidence, and findings without a focus node are returned.
        """
        asked = (one for one in findings if not self._scope.focus or one.focus in self._focused)
        return [placed for one in asked for placed in self._finished(one)]

    @cached_property
    def _focused(self) -> Set[str | None]:
        after, focus = self.change.after, NamedNode(self._scope.focus or "")
        facts = after.subjects(FACT_SUBJECT, focus)
        after.prefetch(facts, (HAS_EVIDENCE,), (HAS_SELECTOR,))
        stated = (one for fact in facts for one in after.objects(fact, HAS_EVIDENCE))
        evidence = [one for one in stated if isinstance(one, NamedNode)]
        selectors = (one for node in evidence for one in after.objects(node, HAS_SELECTOR))
        figures = after.objects(focus, HAS_OBSERVATION)
        return {None, *(one.value for one in (focus, *facts, *figures, *evidence, *selectors))}

    def _finished(self, finding: Finding) -> Iterator[Finding]:
        """Yield a finding, shortened and labelled, at each location in its file; once if none."""
        finding = with_source_gone(finding, self.change.after, self._language)
        if figure := figure_with_bearer(self.change.after, self._labels, finding.node):
            finding = replace(finding, focus_label=figure)
        elif finding.focus_label is None and (label := self._labels.of(finding.node)):
            finding = replace(finding, focus_label=label.value)
        places: list[Finding] = []
        if self.incoming:
            nearest = min(self.incoming, key=lambda each: each.distance(finding))
            places = nearest.placed(finding)
            if places and nearest.is_sheet:
                from g60kg.validation.shape_rules import in_sheet_terms

                places = [in_sheet_terms(placed, self._language) for placed in places]
        yield from map(_readable, places or [finding])


def _readable(finding: Finding) -> Finding:
    texts = {name: getattr(finding, name) for name in _LIMITS}
    cut: dict[str, Any] = {
        name: excerpt(text, _LIMITS[name]) for name, text in texts.items() if text is not None
    }
    is_short = finding.term is None or len(finding.term) <= LONGEST_TERM
    return replace(finding, **cut, term=finding.term if is_short else None)
