"""Mistakes made on purpose in the delta verdict: the cases of its tests notice every one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from pyoxigraph import Triple
from rdflib import SH, URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from g60kg.errors import UsageError
from g60kg.model import change
from g60kg.namespaces import term
from g60kg.validation.delta import (
    constraint_reads,
    graph_overlay,
    join_plans,
    pattern_lookups,
    reads,
    shape_targets,
    verdict,
)
from g60kg.validation.delta.graph_overlay import ChangeViews, View
from g60kg.validation.delta.join_plans import ALL, Plan
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.reads import ChangedTriples, ExistenceRead, Read, Reads, context
from g60kg.validation.delta.shape_analysis import Analysis, Looks, affected
from g60kg.validation.shape_structure import constraint_queries, triple_patterns
from g60kg.validation.shape_structure.constraint_queries import ONE_WAY, Algebra, Ways
from g60kg.validation.shape_structure.triple_patterns import (
    Edge,
    Fragment,
    Path,
    Pattern,
    Repeat,
    Step,
    Stride,
    strides,
)
from tests.conftest import sampled
from tests.validation.delta_cases import CASES, Case, both


def overlook(monkeypatch: pytest.MonkeyPatch, name: str, *gone: URIRef) -> None:
    monkeypatch.setattr(constraint_reads, name, getattr(constraint_reads, name) - set(gone))


def walk_inverse_steps_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triple_patterns, "_edge", lambda s, step, o: Edge(s, step.predicate, o))


def repeat_paths_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def once(path: Path) -> Iterator[Stride]:
        return strides(path.path if isinstance(path, Repeat) else path)

    monkeypatch.setattr(triple_patterns, "strides", once)


def overlook_sh_node(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook(monkeypatch, "_OF_SHAPES", SH.node)


def overlook_sh_property(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook(monkeypatch, "_OF_SHAPES", SH.property)


def overlook_lists_of_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook(monkeypatch, "_OF_LISTS", SH["and"], SH["or"], SH.xone)


def overlook_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook(monkeypatch, "_OF_PAIRS", SH.equals, SH.lessThan)


def overlook_subclasses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (constraint_reads, shape_targets):
        monkeypatch.setattr(module, "CLASSES", Step(term("rdf:type")))


def overlook_targets_made_and_unmade(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shape_targets.PatternTarget.of
    monkeypatch.setattr(shape_targets.PatternTarget, "of", lambda s: replace(made(s), reads=()))


def overlook_optional_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    within = Algebra._within

    def mandatory(self: Algebra, part: CompValue, around: Ways, beside: Ways) -> Iterator[Any]:
        return within(self, part, around, beside) if beside == ONE_WAY else iter(())

    monkeypatch.setattr(Algebra, "_within", mandatory)


def overlook_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Algebra, "_expressions", lambda *_: iter(()))


def follow_the_first_branch_of_unions_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = Algebra.ways

    def first(self: Algebra, node: CompValue) -> Ways:
        return ways(self, node.p1 if node.name == "Union" else node)

    monkeypatch.setattr(Algebra, "ways", first)


def join_what_may_be_unbound(monkeypatch: pytest.MonkeyPatch) -> None:
    def within(self: Algebra, part: CompValue, around: Ways, beside: Ways) -> Iterator[Any]:
        return self.reads(part, constraint_queries._together(around, beside))

    monkeypatch.setattr(Algebra, "_within", within)


def look_at_changed_subjects_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read_for = Read.read_for

    def subjects(read: Read, view: View, triples: ChangedTriples) -> set[Row]:
        changed = {subject for subject, _, _ in triples._all}
        return {row for row in read_for(read, view, triples) if row[0] in changed}

    monkeypatch.setattr(Read, "read_for", subjects)


def overlook_removed_triples(monkeypatch: pytest.MonkeyPatch) -> None:
    def added(analysis: Analysis, change: ChangeViews) -> tuple[Looks, Looks]:
        new = tuple(t for t in change.triples if t in set(change.after.match(None, None, None)))
        return affected(analysis, replace(change, added=new, removed=()))

    monkeypatch.setattr(verdict, "affected", added)


def walk_the_graph_after_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def after(analysis: Analysis, change: ChangeViews) -> tuple[Looks, Looks]:
        return affected(analysis, replace(change, either=change.after))

    monkeypatch.setattr(verdict, "affected", after)


def walk_the_graph_before_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def before(analysis: Analysis, change: ChangeViews) -> tuple[Looks, Looks]:
        return affected(analysis, replace(change, either=change.before))

    monkeypatch.setattr(verdict, "affected", before)


def expect_all_other_triples_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_old_triples(edge: Edge, others: tuple[Pattern, ...], _: object) -> Fragment:
        return Fragment(edge, others, frozenset(others))

    monkeypatch.setattr(triple_patterns, "Fragment", of_old_triples)


def expect_the_triples_of_both_joined_groups_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constraint_queries, "replace", lambda statement, **_: statement)


def look_into_every_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "HIDDEN_GRAPHS", frozenset())


def keep_spellings_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pattern_lookups, reads, graph_overlay):
        monkeypatch.setattr(module, "normal", lambda node: node)
    for module in (join_plans, pattern_lookups, graph_overlay):
        monkeypatch.setattr(module, "is_respelled", lambda _: False)


def take_the_triples_of_focus_nodes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def near(view: View, reads: Mapping[Reads, Iterable[Row]]) -> set[Triple]:
        nodes = {row[0] for rows in reads.values() for row in rows}
        return {triple for triple in context(view, reads) if triple.subject in nodes}

    monkeypatch.setattr(verdict, "context", near)


def find_no_existing_triple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExistenceRead, "triples", lambda *_: iter(()))


def take_any_existing_triple(monkeypatch: pytest.MonkeyPatch) -> None:
    class OfTheFirstPattern:
        @staticmethod
        def of(patterns: tuple[Edge, ...], *args: Any) -> Plan:
            return Plan.of(patterns[:1] if ALL in args else patterns, *args)

    monkeypatch.setattr(reads, "Plan", OfTheFirstPattern)


def take_an_existing_triple_whatever_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    triples = ExistenceRead.triples

    def of_the_first(self: ExistenceRead, view: View, rows: Iterable[Row]) -> Iterator[Triple]:
        either = replace(self, edges=(*self.edges, *self.unless), unless=())
        return triples(either, view, rows)

    monkeypatch.setattr(ExistenceRead, "triples", of_the_first)


def take_results_for_all_of_a_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict._ResultFilter, "has", lambda *_: True)


def leave_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict._Runs, "settle", lambda _: None)


def leave_blank_nodes_unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "_naming", lambda *_: iter(()))


MISTAKES: Final = (
    walk_inverse_steps_forward,
    repeat_paths_once,
    overlook_sh_node,
    overlook_sh_property,
    overlook_lists_of_shapes,
    overlook_pairs,
    overlook_subclasses,
    overlook_targets_made_and_unmade,
    overlook_optional_groups,
    overlook_exists,
    follow_the_first_branch_of_unions_alone,
    join_what_may_be_unbound,
    look_at_changed_subjects_alone,
    overlook_removed_triples,
    walk_the_graph_after_alone,
    walk_the_graph_before_alone,
    expect_all_other_triples_unchanged,
    expect_the_triples_of_both_joined_groups_unchanged,
    look_into_every_graph,
    keep_spellings_apart,
    take_the_triples_of_focus_nodes_alone,
    find_no_existing_triple,
    take_any_existing_triple,
    take_an_existing_triple_whatever_it_has,
    take_results_for_all_of_a_node,
    leave_doubts,
    leave_blank_nodes_unnamed,
)


@pytest.mark.parametrize("mistake", sampled(MISTAKES), ids=lambda mistake: mistake.__name__)
def test_a_mistake_in_the_analysis_shows(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    constraint_queries.query_reads.cache_clear()
    mistake(monkeypatch)
    noticed = not all(agree(case) for case in CASES.values())
    constraint_queries.query_reads.cache_clear()
    assert noticed


def agree(case: Case) -> bool:
    try:
        delta, full = both(case)
    except UsageError:
        return False
    same = (delta.introduced, delta.fixed) == (full.introduced, full.fixed)
    return same and delta.existing <= full.existing
