"""The interval of numbers that a figure allows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g60kg.model.observations import Bounds, Observation
from g60kg.namespaces import g60, term


def bounds(
    number: str, comparator: str = "Exactly", *, integral: bool = False, **parts: object
) -> Bounds:
    figure = Observation(
        measure=term("measure:gdp"),
        number=Decimal(number),
        comparator=g60(comparator),
        unit=term("unit:NUM"),
    )
    found = replace(figure, **parts).bounds(integral=integral)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("number", "comparator", "low", "high"),
    [
        ("69", "Exactly", "68.5", "69.5"),
        ("44200", "Exactly", "44150", "44250"),
        ("10.9", "Exactly", "10.85", "10.95"),
        ("0", "Exactly", "0", "0"),
        ("-2.5", "Exactly", "-2.55", "-2.45"),
        ("100", "Approximately", "95", "105"),
        ("-100", "Approximately", "-105", "-95"),
        ("3000", "Nearly", "2850", "3000"),
        ("0", "Nearly", "-1", "0"),
        ("840", "GreaterThan", "840", None),
        ("840", "AtLeast", "840", None),
        ("840", "LessThan", None, "840"),
        ("840", "AtMost", None, "840"),
    ],
)
def test_intervals(number: str, comparator: str, low: str | None, high: str | None) -> None:
    found = bounds(number, comparator)
    assert found.low == (None if low is None else Decimal(low))
    assert found.high == (None if high is None else Decimal(high))
    assert found.open_low == (comparator == "GreaterThan")
    assert found.open_high == (comparator in ("LessThan", "Nearly"))


@pytest.mark.parametrize(
    ("number", "comparator", "expected"),
    [
        ("9", "Exactly", Bounds(Decimal("8.51"), Decimal("9.49"))),
        ("9.0", "Exactly", Bounds(Decimal("8.51"), Decimal("9.49"))),
        ("9.2", "Exactly", Bounds(Decimal("9.15"), Decimal("9.25"))),
        ("10", "Exactly", Bounds(Decimal("9.51"), Decimal("10.49"))),
        ("990", "Exactly", Bounds(Decimal("989.51"), Decimal("990.49"))),
        ("100", "Exactly", Bounds(Decimal(50), Decimal(150))),
        ("1210", "Exactly", Bounds(Decimal(1205), Decimal(1215))),
        ("10", "Approximately", Bounds(Decimal(9), Decimal(11))),
        ("10", "Nearly", Bounds(Decimal(9), Decimal(10), open_high=True)),
        ("100", "Approximately", Bounds(Decimal(95), Decimal(105))),
        ("10", "GreaterThan", Bounds(low=Decimal(10), open_low=True)),
        ("10", "LessThan", Bounds(high=Decimal(10), open_high=True)),
        ("1e40", "GreaterThan", Bounds(low=Decimal("1e40"), open_low=True)),
        ("0", "GreaterThan", Bounds(low=Decimal("0.5"), open_low=True)),
        ("9", "GreaterThan", Bounds(low=Decimal("9.5"), open_low=True)),
        ("9.2", "GreaterThan", Bounds(low=Decimal("9.2"), open_low=True)),
        ("9", "LessThan", Bounds(high=Decimal("8.5"), open_high=True)),
        ("9", "AtLeast", Bounds(low=Decimal(9))),
        ("9", "AtMost", Bounds(high=Decimal(9))),
    ],
)
def test_intervals_of_counts(number: str, comparator: str, expected: Bounds) -> None:
    assert bounds(number, comparator, integral=True) == expected


def test_a_percentage_is_no_count() -> None:
    percent = bounds("9", "GreaterThan", integral=True, unit=term("unit:PERCENT"))
    assert percent == Bounds(low=Decimal(9), open_low=True)


def test_a_range_is_its_own_interval() -> None:
    found = bounds("1000", "Between", upper=Decimal(1200))
    assert found == Bounds(Decimal(1000), Decimal(1200))


@pytest.mark.parametrize(("percent", "meets"), [("4.2", True), ("4.1", True), ("4.4", False)])
def test_one_of_n_reaches_half_way_to_its_neighbours(percent: str, meets: bool) -> None:
    found = bounds("0.041666666667", fraction="1/24")
    assert found == Bounds(1 / Decimal("24.5"), 1 / Decimal("23.5"))
    assert found.excludes(bounds(percent).scaled(Decimal("0.01"))) is not meets


def test_other_fractions_are_numbers() -> None:
    found = bounds("0.666666666667", fraction="2/3")
    assert found.low is not None
    assert Decimal("0.66") < found.low < Decimal("0.666666666667")


def test_a_fraction_of_thousands_of_digits_is_ignored() -> None:
    assert bounds("0.1", fraction="1/" + "7" * 5_000) == bounds("0.1")


def holds(value: Decimal, comparator: str, stated: int) -> bool:
    """Whether a value agrees with a stated number of one digit."""
    return {
        "Exactly": abs(value - stated) <= (Decimal("0.5") if stated else 0),
        "Approximately": abs(value - stated) <= (Decimal("0.05") * stated if stated else 1),
        "Nearly": Decimal("0.95") * stated <= value < stated,
        "LessThan": value < stated,
        "AtMost": value <= stated,
        "GreaterThan": value > stated,
        "AtLeast": value >= stated,
    }[comparator]


@given(
    st.sampled_from(["Exactly", "LessThan", "AtMost", "GreaterThan", "AtLeast", "Nearly"]),
    st.integers(1, 6),
    st.sampled_from(["LessThan", "AtMost", "GreaterThan", "AtLeast", "Approximately"]),
    st.integers(0, 6),
)
def test_intervals_exclude_each_other_when_no_number_is_in_both(
    one: str, number: int, other: str, another: int
) -> None:
    numbers = [Decimal(n) / 40 for n in range(-40, 400)]
    possible = any(holds(n, one, number) and holds(n, other, another) for n in numbers)
    mine, theirs = bounds(str(number), one), bounds(str(another), other)
    assert mine.excludes(theirs) is theirs.excludes(mine)
    assert mine.excludes(theirs) is not possible


_OF_COUNTS = st.sampled_from(["Exactly", "LessThan", "AtMost", "GreaterThan", "AtLeast"])


@given(_OF_COUNTS, st.integers(0, 6), _OF_COUNTS, st.integers(0, 6))
def test_counts_exclude_each_other_when_no_whole_number_is_in_both(
    one: str, number: int, other: str, another: int
) -> None:
    numbers = [Decimal(n) for n in range(-2, 10)]
    possible = any(holds(n, one, number) and holds(n, other, another) for n in numbers)
    mine, theirs = (
        bounds(str(number), one, integral=True),
        bounds(str(another), other, integral=True),
    )
    assert mine.excludes(theirs) is theirs.excludes(mine)
    assert mine.excludes(theirs) is not possible
