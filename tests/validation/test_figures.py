"""Figures: which of them are in conflict, and which leave no number possible."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad

from g60kg.model.observations import Bounds
from g60kg.namespaces import entity, g60, graph_name
from g60kg.validation.report.findings import Status
from tests.validation.stated import (
    bare,
    codes,
    conflicts,
    measured,
    named,
)

COMPARATORS = ["Exactly", "Approximately", "LessThan", "AtMost", "GreaterThan", "AtLeast"]
PHASE = named("one", "phase", "CorridorPhase", en="Version 2.0", zh="2.0版")


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
        codes(conflicts(before, measured("two", "phase", "length", *other, unit="KiloM")))
        == expected
    )


def test_figures_in_two_units_are_two_values() -> None:
    before = bare(measured("one", "p", "totalInvestment", 45, unit="CCY_CNY"))
    added = measured("two", "p", "totalInvestment", 45, unit="CCY_USD")
    (finding,) = conflicts(before, added)
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
    assert (
        codes(conflicts(before, measured("two", "c", "population", 200, as_of=other))) == expected
    )


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
    across = conflicts(before, measured("two", "ai", "enterpriseCount", *other))
    within = conflicts(before, measured("one", "ai", "enterpriseCount", *other))
    assert codes(across) == [("BoundsContradicted", "warning")] * contradicted
    assert codes(within) == [("BoundsContradicted", "violation")] * contradicted


def test_comparators_are_readable_in_messages() -> None:
    before = bare(
        named("one", "ai", "Industry", en="artificial intelligence"),
        measured("one", "ai", "enterpriseCount", 84000, "GreaterThan"),
    )
    (finding,) = conflicts(before, measured("two", "ai", "enterpriseCount", 500, as_of=None))
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
    (finding,) = conflicts(before, added)
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

    # Between two whole numbers one half represents every value between them.
    step = Decimal(1) if whole else Decimal("0.5")
    numbers = [step * n for n in range(-4, 24)]
    possible = any(holds(n, one, number) and holds(n, other, another) for n in numbers)
    mine = Bounds.of(g60(one), Decimal(number))
    theirs = Bounds.of(g60(other), Decimal(another))
    assert mine.excludes(theirs, integers=whole) is not possible
    assert theirs.excludes(mine, integers=whole) is not possible


def test_a_fraction_among_whole_numbers_is_compared_as_it_is() -> None:
    half = Bounds.of(g60("Exactly"), Decimal("2.5"))
    assert not half.excludes(Bounds.of(g60("AtLeast"), Decimal("2.5")), integers=True)
    assert half.excludes(Bounds.of(g60("AtLeast"), Decimal(3)), integers=True)
