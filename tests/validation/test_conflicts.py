"""check_conflicts: what is a conflict, how bad it is, and what is said of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, QuerySolutions

from g60kg.namespaces import PREFIXES, entity, g60, graph_name, term
from g60kg.stores.local import LocalStore
from g60kg.validation.conflicts import CODES, check_conflicts
from g60kg.validation.figures import Bounds
from g60kg.validation.report import Finding, Severity, Status
from g60kg.vocabulary import Vocabulary
from tests.graphs import ROOT
from tests.validation.stated import CountingStore, bare, measured, named, quads, stated

G60 = PREFIXES["g60"]
PHASE = named("one", "phase", "CorridorPhase", en="Version 2.0", zh="2.0版")
COMPARATORS = ["Exactly", "Approximately", "LessThan", "AtMost", "GreaterThan", "AtLeast"]


def year(number: int) -> Literal:
    return Literal(str(number), datatype=term("xsd:integer"))


def found(before: LocalStore, added: Sequence[Quad], language: str = "en") -> tuple[Finding, ...]:
    return check_conflicts(before, added, Vocabulary(before), language)


def codes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity.value) for finding in findings]


# -- Second values -----------------------------------------------------------


def test_another_source_with_another_value_is_a_warning_with_both_sides() -> None:
    before = bare(PHASE, stated("one", "phase", "phaseStartYear", year(2016), "since 2016"))
    (finding,) = found(before, stated("two", "phase", "phaseStartYear", year(2017), "in 2017"))
    assert finding.severity is Severity.WARNING
    assert finding.status is Status.INTRODUCED
    assert finding.code == "SecondValue"
    assert finding.message == (
        "Version 2.0 can have one “phase start year”, and sources disagree: "
        "2017 (Article two: “in 2017”) or 2016 (Article one: “since 2016”)."
    )
    assert finding.focus == PREFIXES["id"] + "phase"
    assert finding.focus_label == "Version 2.0"
    assert finding.path == G60 + "phaseStartYear"
    assert finding.value == "2017"
    assert finding.term == str(year(2017))
    assert finding.hint is not None


def test_one_source_with_two_values_is_a_violation() -> None:
    before = bare(PHASE, stated("one", "phase", "phaseStartYear", year(2016), "since 2016"))
    (finding,) = found(before, stated("one", "phase", "phaseStartYear", year(2017), "in 2017"))
    assert codes([finding]) == [("SecondValue", "violation")]
    assert finding.message == (
        "Version 2.0 can have one “phase start year”, and one source gives it two: "
        "2017 (Article one: “in 2017”) and 2016 (Article one: “since 2016”)."
    )


def test_two_values_in_one_file_are_told_once() -> None:
    added = [
        *stated("two", "phase", "phaseStartYear", year(2016)),
        *stated("two", "phase", "phaseStartYear", year(2017)),
    ]
    assert codes(found(bare(PHASE), added)) == [("SecondValue", "violation")]


def test_two_sources_that_share_a_graph_are_two_sources() -> None:
    shared = graph_name("reference")
    added = [
        Quad(quad.subject, quad.predicate, quad.object, shared)
        for quad in (
            *stated("one", "phase", "phaseStartYear", year(2016)),
            *stated("two", "phase", "phaseStartYear", year(2017)),
        )
    ]
    assert codes(found(bare(PHASE), added)) == [("SecondValue", "warning")]


def test_message_in_chinese() -> None:
    before = bare(PHASE, stated("one", "phase", "phaseStartYear", year(2016), "since 2016"))
    added = stated("two", "phase", "phaseStartYear", year(2017), "in 2017")
    (finding,) = found(before, added, "zh")
    assert finding.message == (
        "2.0版的“阶段起始年份”只能有一个值，而来源说法不一："
        "2017（Article two：“in 2017”）或 2016（Article one：“since 2016”）。"
    )
    assert finding.focus_label == "2.0版"


def test_the_same_value_and_other_properties_are_no_conflict() -> None:
    before = bare(
        PHASE,
        stated("one", "phase", "phaseStartYear", year(2016)),
        stated("one", "phase", "slogan", Literal("a slogan", language="en")),
    )
    added = [
        *stated("two", "phase", "phaseStartYear", year(2016)),
        *stated("two", "phase", "slogan", Literal("another", language="en")),
    ]
    assert found(before, added) == ()


def test_a_translation_is_no_second_value() -> None:
    english = stated("one", "x", "allocatedFunction", Literal("research", language="en"))
    chinese = stated("two", "x", "allocatedFunction", Literal("研发", language="zh"))
    other = stated("two", "x", "allocatedFunction", Literal("production", language="en"))
    assert found(bare(english), chinese) == ()
    assert codes(found(bare(english), other)) == [("SecondValue", "warning")]


def test_what_no_source_states_is_for_the_shapes() -> None:
    before = bare(PHASE, stated("one", "phase", "phaseStartYear", year(2016)))
    direct = stated("two", "phase", "phaseStartYear", year(2017))[2:3]
    assert [quad.predicate for quad in direct] == [g60("phaseStartYear")]
    assert found(before, direct) == ()


def test_a_fact_without_its_triple_counts_all_the_same() -> None:
    before = bare(PHASE, stated("one", "phase", "phaseStartYear", year(2016)))
    told = stated("two", "phase", "phaseStartYear", year(2017))
    without = [quad for quad in told if quad.predicate != g60("phaseStartYear")]
    assert len(without) == len(told) - 1
    assert codes(found(before, without)) == [("SecondValue", "warning")]


def test_many_sources_of_a_value_are_counted() -> None:
    others = [stated(f"s{n}", "phase", "phaseStartYear", year(2016), f"no {n}") for n in range(5)]
    (finding,) = found(bare(PHASE, *others), stated("two", "phase", "phaseStartYear", year(2017)))
    assert "Article s0: “no 0”; Article s1: “no 1”; Article s2: “no 2”; and 2 more" in (
        finding.message
    )


# -- Figures -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "other", "expected"),
    [
        ((40, "Exactly"), (40, "Approximately"), []),
        ((40, "Exactly"), (40, "AtLeast"), []),
        ((40, "Approximately"), (41, "Approximately"), [("SecondValue", "warning")]),
        ((40, "GreaterThan"), (45, "Exactly"), [("SecondValue", "warning")]),
        ((40, "Exactly"), (180, "Exactly"), [("BoundsContradicted", "warning")]),
        ((40, "LessThan"), (40, "AtLeast"), [("BoundsContradicted", "warning")]),
    ],
)
def test_figures_of_a_measure_with_one_value(
    figure: tuple[int, str], other: tuple[int, str], expected: list[tuple[str, str]]
) -> None:
    before = bare(PHASE, measured("one", "phase", "length", *figure, unit="KiloM"))
    assert (
        codes(found(before, measured("two", "phase", "length", *other, unit="KiloM"))) == expected
    )


def test_figures_in_two_units_are_two_values() -> None:
    before = bare(measured("one", "p", "totalInvestment", 45, unit="CCY_CNY"))
    added = measured("two", "p", "totalInvestment", 45, unit="CCY_USD")
    (finding,) = found(before, added)
    assert finding.code == "SecondValue"
    assert "45 CCY_USD (Article two: “Exactly 45 CCY_USD”) or 45 CCY_CNY" in finding.message


@pytest.mark.parametrize(
    ("date", "other", "expected"),
    [
        ("2016", "2023", []),
        ("2016", "2016", [("BoundsContradicted", "warning")]),
        # One without a date may be of any.
        ("2016", None, [("SecondValue", "warning")]),
    ],
)
def test_figures_of_two_dates_are_no_conflict(
    date: str, other: str | None, expected: list[tuple[str, str]]
) -> None:
    before = bare(measured("one", "c", "population", 100, as_of=date))
    assert codes(found(before, measured("two", "c", "population", 200, as_of=other))) == expected


@pytest.mark.parametrize(
    ("figure", "other", "contradicted"),
    [
        ((840, "GreaterThan"), (500, "Exactly"), True),
        ((3000, "LessThan"), (4000, "AtLeast"), True),
        ((3, "GreaterThan"), (4, "LessThan"), True),
        ((840, "GreaterThan"), (900, "Exactly"), False),
        ((840, "Approximately"), (500, "Exactly"), False),
    ],
)
def test_figures_of_a_measure_with_many_values(
    figure: tuple[int, str], other: tuple[int, str], contradicted: bool
) -> None:
    before = bare(measured("one", "ai", "enterpriseCount", *figure))
    across = found(before, measured("two", "ai", "enterpriseCount", *other))
    within = found(before, measured("one", "ai", "enterpriseCount", *other))
    assert codes(across) == [("BoundsContradicted", "warning")] * contradicted
    assert codes(within) == [("BoundsContradicted", "violation")] * contradicted


def test_bounds_are_told_in_words() -> None:
    before = bare(
        named("one", "ai", "Industry", en="artificial intelligence"),
        measured("one", "ai", "enterpriseCount", 84000, "GreaterThan"),
    )
    (finding,) = found(before, measured("two", "ai", "enterpriseCount", 500, as_of=None))
    assert finding.message == (
        "Sources contradict each other on “enterprise count” of artificial intelligence: "
        "500 (Article two: “Exactly 500 NUM”), "
        "but greater than 84,000 (Article one: “GreaterThan 84000 NUM”)."
    )


def test_a_date_added_to_a_quantity_ends_its_conflict() -> None:
    before = bare(
        measured("one", "c", "population", 100, as_of="2016"),
        measured("two", "c", "population", 200),
    )
    node = entity("quantity-c-population-exactly-200-NUM")
    added = [Quad(node, g60("asOf"), Literal("2023"), graph_name("two"))]
    (finding,) = found(before, added)
    assert (finding.code, finding.status) == ("SecondValue", Status.FIXED)


@given(
    st.sampled_from(COMPARATORS),
    st.integers(0, 6),
    st.sampled_from(COMPARATORS),
    st.integers(0, 6),
    st.booleans(),
)
def test_bounds_exclude_each_other_when_no_number_is_within_both(
    one: str, number: int, other: str, another: int, whole: bool
) -> None:
    def holds(value: Decimal, comparator: str, bound: int) -> bool:
        return {
            "Exactly": value == bound,
            "Approximately": True,
            "LessThan": value < bound,
            "AtMost": value <= bound,
            "GreaterThan": value > bound,
            "AtLeast": value >= bound,
        }[comparator]

    # Between two whole numbers one half stands for all that lies there.
    step = Decimal(1) if whole else Decimal("0.5")
    numbers = [step * n for n in range(-4, 24)]
    possible = any(holds(n, one, number) and holds(n, other, another) for n in numbers)
    mine = Bounds.of(g60(one), Decimal(number))
    theirs = Bounds.of(g60(other), Decimal(another))
    assert mine.excludes(theirs, whole=whole) is not possible
    assert theirs.excludes(mine, whole=whole) is not possible


def test_a_fraction_among_whole_numbers_is_compared_as_it_is() -> None:
    half = Bounds.of(g60("Exactly"), Decimal("2.5"))
    assert not half.excludes(Bounds.of(g60("AtLeast"), Decimal("2.5")), whole=True)
    assert half.excludes(Bounds.of(g60("AtLeast"), Decimal(3)), whole=True)


# -- Lists -------------------------------------------------------------------

CITIES = [
    quad
    for name in ("songjiang", "shanghai", "hangzhou", "wuhu")
    for quad in named("names", name, "City", en=name.capitalize())
]
CORRIDOR = named("names", "corridor", "Corridor", en="the corridor")


def members(source: str, *cities: str) -> list[Quad]:
    words = ", ".join(cities)
    return [
        quad for city in cities for quad in stated(source, "corridor", "hasMemberCity", city, words)
    ]


def listing(*added: Sequence[Quad]) -> LocalStore:
    return bare(CITIES, CORRIDOR, *added)


def test_value_of_one_list_stands_against_that_of_the_other() -> None:
    before = listing(members("one", "songjiang", "hangzhou"))
    (finding,) = found(before, members("two", "shanghai", "hangzhou"))
    assert codes([finding]) == [("ListDiffers", "warning")]
    assert finding.value == PREFIXES["id"] + "shanghai"
    assert finding.message == (
        "“member city” of the corridor: Shanghai is on one list alone "
        "(Article two: “shanghai, hangzhou”). "
        "Another source lists Songjiang instead (Article one: “songjiang, hangzhou”)."
    )


def test_longer_list_names_each_value_that_it_alone_has() -> None:
    before = listing(members("one", "hangzhou"))
    findings = found(before, members("two", "shanghai", "hangzhou", "wuhu"))
    assert [finding.value for finding in findings] == [
        PREFIXES["id"] + "shanghai",
        PREFIXES["id"] + "wuhu",
    ]
    assert findings[0].message == (
        "“member city” of the corridor: Shanghai is on one list alone "
        "(Article two: “shanghai, hangzhou, wuhu”). "
        "Another source leaves it out (Article one: “hangzhou”)."
    )


def test_shorter_list_names_each_value_that_it_leaves_out() -> None:
    before = listing(members("one", "shanghai", "hangzhou"))
    (finding,) = found(before, members("two", "hangzhou"))
    assert finding.value == PREFIXES["id"] + "shanghai"
    assert finding.message == (
        "“member city” of the corridor: this list leaves out Shanghai (Article two: “hangzhou”), "
        "which another source has (Article one: “shanghai, hangzhou”)."
    )


def test_same_list_is_no_conflict_and_nor_is_a_list_alone() -> None:
    assert (
        found(listing(members("one", "wuhu", "hangzhou")), members("two", "hangzhou", "wuhu")) == ()
    )
    assert found(listing(), members("two", "hangzhou", "wuhu")) == ()


def test_sources_that_list_the_same_are_compared_with_once() -> None:
    before = listing(*(members(f"s{n}", "songjiang") for n in range(4)), members("t", "wuhu"))
    findings = found(before, members("two", "shanghai"))
    assert len(findings) == 2
    assert ["Songjiang" in finding.message for finding in findings] == [True, False]
    assert ["Wuhu" in finding.message for finding in findings] == [False, True]


def test_two_new_lists_are_compared_once() -> None:
    added = [*members("two", "shanghai"), *members("three", "songjiang")]
    assert codes(found(listing(), added)) == [("ListDiffers", "warning")]


def test_list_that_becomes_the_same_ends_the_conflict() -> None:
    before = listing(members("one", "wuhu", "hangzhou"), members("two", "hangzhou"))
    (finding,) = found(before, members("two", "wuhu"))
    assert (finding.code, finding.status) == ("ListDiffers", Status.FIXED)


def test_list_in_chinese() -> None:
    before = listing(members("one", "songjiang"))
    (finding,) = found(before, members("two", "shanghai"), "zh")
    assert finding.message == (
        "the corridor的“成员城市”：Shanghai只见于其中一份名单（Article two：“shanghai”）。"
        "另一来源所列的是Songjiang（Article one：“songjiang”）。"
    )


# -- The whole ---------------------------------------------------------------


def test_conflict_that_stood_before_is_existing_when_a_side_gains_words() -> None:
    old = stated("one", "phase", "phaseStartYear", year(2016))
    before = bare(PHASE, old, stated("two", "phase", "phaseStartYear", year(2017)))
    (finding,) = found(before, stated("two", "phase", "phaseStartYear", year(2017), "other words"))
    assert (finding.code, finding.status) == ("SecondValue", Status.EXISTING)
    assert found(before, old) == ()


def test_shipped_graph_has_no_conflicts(store: LocalStore) -> None:
    instances = [
        quad for graph in store.source_graphs() for quad in store.quads(None, None, None, graph)
    ]
    assert found(bare(), instances) == ()


def test_conflicts_are_those_of_the_query() -> None:
    text = (ROOT / "queries" / "evidence" / "conflicts.rq").read_text("utf-8")
    conflicting = 0
    for seed in range(40):
        added = random_statements(seed)
        before = bare()
        solutions = bare(added).query(text)
        assert isinstance(solutions, QuerySolutions)
        rows = list(solutions)
        findings = found(before, added)
        single = {
            (finding.focus, finding.path)
            for finding in findings
            if finding.path != G60 + "enterpriseCount"
        }
        assert single == {(row["subject"].value, row["property"].value) for row in rows}, seed
        told = {f.value for f in findings if f.path != G60 + "enterpriseCount"}
        assert told <= {
            row[name].value for row in rows for name in ("value", "otherValue") if row[name]
        }
        conflicting += bool(single)
    assert 10 < conflicting < 40


def random_statements(seed: int) -> list[Quad]:
    """A few sources, each with one value at most for a property that can have one."""
    pick = random.Random(seed)
    added: list[Quad] = []
    for source in ("one", "two", "three")[: pick.randint(2, 3)]:
        if pick.random() < 0.5:
            added += stated(source, "phase", "phaseStartYear", year(pick.choice((2016, 2017))))
        if pick.random() < 0.5:
            figure = pick.choice((40, 40, 180))
            comparator = pick.choice(("Exactly", "Approximately"))
            added += measured(source, "phase", "length", figure, comparator, "KiloM")
        if pick.random() < 0.5:
            date = pick.choice((None, "2016", "2023"))
            added += measured(source, "c", "population", pick.choice((1, 2)), as_of=date)
        cities = [name for name in ("songjiang", "shanghai", "wuhu") if pick.random() < 0.7]
        added += members(source, *cities) if pick.random() < 0.5 else []
    return added


def test_cost_does_not_grow_with_what_else_is_said_of_a_subject() -> None:
    added = [
        *stated("new", "phase", "phaseStartYear", year(2017)),
        *members("new", "shanghai", "hangzhou"),
    ]

    def read(size: int) -> int:
        others = [
            quad
            for n in range(size)
            for quad in (
                *stated("one", "phase", "slogan", Literal(f"slogan {n}")),
                *stated("one", "corridor", "status", Literal(f"status {n}")),
                *stated("one", f"p{n}", "locatedIn", "hangzhou"),
            )
        ]
        known = stated("one", "phase", "phaseStartYear", year(2016))
        store = CountingStore(listing(others, known, members("one", "songjiang", "hangzhou")))
        vocabulary = Vocabulary(bare())
        assert len(check_conflicts(store, added, vocabulary)) == 2
        return store.read

    assert read(300) <= read(10) + 20


def test_nothing_added_is_nothing_found(store: LocalStore) -> None:
    assert found(store, []) == ()
    assert found(store, quads("two", [])) == ()


def test_codes_are_told_apart_and_explained() -> None:
    assert [code.name for code in CODES] == ["SecondValue", "ListDiffers", "BoundsContradicted"]
    assert all(code.summary.endswith(".") and code.why.endswith(".") for code in CODES)
