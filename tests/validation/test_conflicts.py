"""check_conflicts: second values of single-valued properties."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, Quad

from g60kg.model.change import Change
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import PREFIXES, g60, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.conflicts import check_conflicts
from g60kg.validation.report.findings import Severity, Status
from tests.validation.stated import (
    CountingStore,
    bare,
    codes,
    conflicts,
    measured,
    members,
    named,
    quads,
    stated,
    year,
)

G60 = PREFIXES["g60"]
PHASE = named("one", "phase", "CorridorPhase", en="Version 2.0", zh="2.0版")


# -- Second values -----------------------------------------------------------


def test_another_source_with_another_value_is_a_warning_with_both_sides() -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016), "since 2016"))
    (finding,) = conflicts(before, stated("two", "phase", "startedOn", year(2017), "in 2017"))
    assert finding.severity is Severity.WARNING
    assert finding.status is Status.INTRODUCED
    assert finding.code == "SecondValue"
    assert finding.message == (
        "Version 2.0 can have one “started on”, and sources disagree: "
        "2017 (Article two: “in 2017”) or 2016 (Article one: “since 2016”)."
    )
    assert finding.focus == PREFIXES["id"] + "phase"
    assert finding.focus_label == "Version 2.0"
    assert finding.path == G60 + "startedOn"
    assert finding.value == "2017"
    assert finding.term == str(year(2017))
    assert finding.hint is not None


def test_one_source_with_two_values_is_a_violation() -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016), "since 2016"))
    (finding,) = conflicts(before, stated("one", "phase", "startedOn", year(2017), "in 2017"))
    assert codes([finding]) == [("SecondValue", "violation")]
    assert finding.message == (
        "Version 2.0 can have one “started on”, and one source gives it two: "
        "2017 (Article one: “in 2017”) and 2016 (Article one: “since 2016”)."
    )


def test_two_values_in_one_file_are_reported_once() -> None:
    added = [
        *stated("two", "phase", "startedOn", year(2016)),
        *stated("two", "phase", "startedOn", year(2017)),
    ]
    assert codes(conflicts(bare(PHASE), added)) == [("SecondValue", "violation")]


def test_two_sources_that_share_a_graph_are_two_sources() -> None:
    shared = graph_name("reference")
    added = [
        Quad(quad.subject, quad.predicate, quad.object, shared)
        for quad in (
            *stated("one", "phase", "startedOn", year(2016)),
            *stated("two", "phase", "startedOn", year(2017)),
        )
    ]
    assert codes(conflicts(bare(PHASE), added)) == [("SecondValue", "warning")]


def test_message_in_chinese() -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016), "since 2016"))
    added = stated("two", "phase", "startedOn", year(2017), "in 2017")
    (finding,) = conflicts(before, added, "zh")
    assert finding.message == (
        "2.0版的“启动时间”只能有一个值，而来源说法不一："
        "2017（Article two：“in 2017”）或2016（Article one：“since 2016”）。"
    )
    assert finding.focus_label == "2.0版"


def test_a_date_within_another_is_no_second_value() -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016)))
    assert conflicts(before, stated("two", "phase", "startedOn", Literal("2016-06"))) == ()


@pytest.mark.parametrize("status", ["Goal", "Planned", "Expected"])
def test_what_is_not_actual_contradicts_nothing(status: str) -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016)))
    assert conflicts(before, stated("two", "phase", "startedOn", year(2017), status=status)) == ()


def test_the_same_value_and_other_properties_are_no_conflict() -> None:
    before = bare(
        PHASE,
        stated("one", "phase", "startedOn", year(2016)),
        stated("one", "phase", "slogan", Literal("a slogan", language="en")),
    )
    added = [
        *stated("two", "phase", "startedOn", year(2016)),
        *stated("two", "phase", "slogan", Literal("another", language="en")),
    ]
    assert conflicts(before, added) == ()


def test_a_translation_is_no_second_value() -> None:
    english = stated("one", "x", "roleFunction", Literal("research", language="en"))
    chinese = stated("two", "x", "roleFunction", Literal("研发", language="zh"))
    other = stated("two", "x", "roleFunction", Literal("production", language="en"))
    assert conflicts(bare(english), chinese) == ()
    assert codes(conflicts(bare(english), other)) == [("SecondValue", "warning")]


def test_what_no_source_states_is_for_the_shapes() -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016)))
    direct = stated("two", "phase", "startedOn", year(2017))[2:3]
    assert [quad.predicate for quad in direct] == [g60("startedOn")]
    assert conflicts(before, direct) == ()


def test_a_fact_without_its_triple_counts_all_the_same() -> None:
    before = bare(PHASE, stated("one", "phase", "startedOn", year(2016)))
    quads = stated("two", "phase", "startedOn", year(2017))
    without = [quad for quad in quads if quad.predicate != g60("startedOn")]
    assert len(without) == len(quads) - 1
    assert codes(conflicts(before, without)) == [("SecondValue", "warning")]


def test_many_sources_of_a_value_are_counted() -> None:
    others = [stated(f"s{n}", "phase", "startedOn", year(2016), f"no {n}") for n in range(5)]
    (finding,) = conflicts(bare(PHASE, *others), stated("two", "phase", "startedOn", year(2017)))
    assert "Article s0: “no 0”; Article s1: “no 1”; Article s2: “no 2”; and 2 more" in (
        finding.message
    )


# -- The whole ---------------------------------------------------------------


def test_conflict_that_stood_before_is_existing_when_a_side_gains_words() -> None:
    old = stated("one", "phase", "startedOn", year(2016))
    before = bare(PHASE, old, stated("two", "phase", "startedOn", year(2017)))
    (finding,) = conflicts(before, stated("two", "phase", "startedOn", year(2017), "other words"))
    assert (finding.code, finding.status) == ("SecondValue", Status.EXISTING)
    assert conflicts(before, old) == ()


def test_shipped_graph_has_no_conflicts(store: LocalStore) -> None:
    instances = [
        quad for graph in store.source_graphs() for quad in store.quads(None, None, None, graph)
    ]
    assert conflicts(bare(), instances) == ()


def test_cost_does_not_grow_with_what_else_is_said_of_a_subject() -> None:
    added = [
        *stated("new", "phase", "startedOn", year(2017)),
        *members("new", "shanghai", "hangzhou"),
    ]

    def read(size: int) -> int:
        others = [
            quad
            for n in range(size)
            for quad in (
                *stated("one", "phase", "slogan", Literal(f"slogan {n}")),
                *stated("one", "corridor", "describedAs", Literal(f"status {n}")),
                *stated("other", f"p{n}", "locatedIn", "hangzhou"),
            )
        ]
        known = stated("one", "phase", "startedOn", year(2016))
        store = CountingStore(bare(others, known, members("one", "songjiang", "hangzhou")))
        vocabulary = Vocabulary(bare())
        assert len(check_conflicts(Change.of(store, added), vocabulary)) == 2
        return store.read

    assert read(300) <= read(10) + 20


def test_nothing_added_is_nothing_found(store: LocalStore) -> None:
    assert conflicts(store, []) == ()
    assert conflicts(store, quads("two", [])) == ()


def test_values_of_entities_that_may_be_one_are_reported_as_info() -> None:
    before = bare(
        named("one", "x", "Enterprise", en="Old Works"),
        named("two", "y", "Enterprise", en="New Works"),
        stated("one", "x", "foundedOn", year(2016)),
    )
    founded, note = (
        stated("two", "y", "foundedOn", year(2014)),
        stated("9", "x", "possiblySameAs", "y"),
    )
    assert conflicts(before, founded) == ()
    expected = [("PossibleConflict", "info")]
    assert codes(conflicts(before, [*founded, *note])) == expected
    assert codes(conflicts(bare(before.quads(), founded), note)) == expected
    (finding,) = conflicts(bare(before.quads(), note), founded)
    assert (finding.code, finding.severity.value) == expected[0]
    assert finding.message == (
        "New Works and Old Works may be one, but sources give them different values of "
        "“founded on”: 2014 (Article two: “so it is”), and 2016 (Article one: “so it is”)."
    )


@pytest.mark.parametrize(
    "measure",
    ["award-count", "share-of-awards", "agreement-count", "participant-count", "new-project-count"],
)
def test_a_sum_of_nine_months_is_none_of_the_year(measure: str) -> None:
    before = bare(measured("one", "x", measure, 8, period="2023-01/2023-09"))
    for period, expected in (("2023", []), ("2023-01/2023-09", [("FiguresContradict", "warning")])):
        assert (
            codes(conflicts(before, measured("two", "x", measure, 12, period=period))) == expected
        )
