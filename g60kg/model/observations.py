"""Observations: what a figure says, the interval that it allows, and whether two disagree.

The rules are those of docs/model.md, "Conflict".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.dates import periods_agree, periods_equal
from g60kg.model.ontology_lookup import Measure, Vocabulary
from g60kg.namespaces import g60, local_name, term
from g60kg.stores.base import GraphStore, Term, objects_by_predicate

_HALF: Final = Decimal("0.5")
#: How far an exact count reaches: 8 and 9 have no common number.
_OF_COUNT: Final = Decimal("0.49")
#: Numbers with more digits before the point are outside the range of a double.
_MOST_DIGITS: Final = 300
_NUMBER: Final = term("unit:NUM")
#: How far "about" and "nearly" reach, as a part of the number; of a count and of 0, at least one.
_TOLERANCE: Final = Decimal("0.05")
#: From here on, sources round counts to tens.
_ROUNDED_FROM: Final = 1000

#: Factor of each unit to the unit of its dimension (QUDT conversion multipliers). Other units,
#: such as currencies, are comparable only with themselves.
_TO_BASE: Final = {
    name: (term(f"unit:{base}"), Decimal(factor))
    for name, base, factor in (
        (term("unit:KiloM"), "M", "1000"),
        (term("unit:KiloM2"), "M2", "1000000"),
        (term("unit:HA"), "M2", "10000"),
        (g60("Mu"), "M2", "666.666666666667"),
        (term("unit:PERCENT"), "FRACTION", "0.01"),
        (term("unit:PERMILLE"), "FRACTION", "0.001"),
        (term("unit:HR"), "MIN", "60"),
        (term("unit:GigaW-HR"), "KiloW-HR", "1000000"),
        (term("unit:MegaW"), "GigaW", "0.001"),
        (term("unit:DAY"), "MIN", "1440"),
        (g60("ExaFLOPS"), "PetaFLOPS", "1000"),
    )
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval of numbers; None is no bound, and an open end is excluded."""

    low: Decimal | None = None
    high: Decimal | None = None
    open_low: bool = False
    open_high: bool = False

    def excludes(self, other: Bounds) -> bool:
        """Return whether the intervals have no common number."""
        return self._is_below(other) or other._is_below(self)

    def _is_below(self, other: Bounds) -> bool:
        if self.high is None or other.low is None:
            return False
        gap = other.low - self.high
        return gap > 0 or (gap == 0 and (self.open_high or other.open_low))

    def scaled(self, factor: Decimal) -> Bounds:
        """Return the interval in another unit; the factor is positive."""
        low, high = (end and end * factor for end in (self.low, self.high))
        return replace(self, low=low, high=high)


class Disagreement(Enum):
    """Whether two values contradict each other; ``MAY`` if that is uncertain."""

    NO = "no"
    MAY = "may"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Observation:
    """A g60:Observation; a single-valued part is None if it is missing or given more than once.

    Attributes:
        number: the number; of a range, the lower one.
        comparator: how the number bounds the true value.
        categories: all categories that limit the figure.
        upper: the upper number of a range.
        fraction: the fraction as the source states it.
        period: the reference period, in EDTF.
        area: the area that a share or a rank refers to.
        ranking: the published list that a rank is in.
        compared_with: the period of comparison of a growth.
        basis: what the source says about the method of counting.
        status: goal, planned or expected; None for an actual figure.
        equivalent: whether it repeats a sum in another currency.
    """

    measure: NamedNode | None
    number: Decimal | None
    comparator: NamedNode | None
    unit: NamedNode | None
    categories: frozenset[NamedNode] = frozenset()
    upper: Decimal | None = None
    fraction: str | None = None
    period: str | None = None
    area: NamedNode | None = None
    ranking: NamedNode | None = None
    compared_with: str | None = None
    basis: str | None = None
    status: NamedNode | None = None
    equivalent: bool = False

    def disagrees(self, other: Observation, measure: Measure | None) -> Disagreement:
        """Return whether two figures about one subject contradict each other.

        ``measure`` is the description of their measure; None if it is unknown.
        """
        # A total investment that is a goal and one that is agreed are one figure.
        prospective = measure is not None and measure.prospective
        mine = self.measure, self.categories, self.ranking, prospective or self.status
        if mine != (other.measure, other.categories, other.ranking, prospective or other.status):
            return Disagreement.NO
        integral = measure is None or measure.integral
        one, two = self._in_base_unit(integral=integral), other._in_base_unit(integral=integral)
        # The sums that both repeat are compared, in their own currency.
        if one is None or two is None or (self.equivalent and other.equivalent):
            return Disagreement.NO
        (unit, here), (other_unit, there) = one, two
        if unit != other_unit or not here.excludes(there):
            return Disagreement.NO
        # A sum or a mean over another period is another figure, however many days are common.
        agree = periods_equal if measure is not None and measure.flow else periods_agree
        if self.period and other.period and not agree(self.period, other.period):
            return Disagreement.NO
        pairs = list(zip(self._refinements(), other._refinements(), strict=True))
        only_mine = any(theirs is None is not own for own, theirs in pairs)
        only_theirs = any(own is None is not theirs for own, theirs in pairs)
        if (only_mine and only_theirs) or any(a != b for a, b in pairs if None not in (a, b)):
            return Disagreement.NO
        # Two lengths without a period are both that of the entity as it is.
        timeless = measure is not None and measure.timeless and self.period == other.period
        dated = timeless or (self.period is not None and other.period is not None)
        if not dated or only_mine or only_theirs or self._is_cut_off(other, integral=integral):
            return Disagreement.MAY
        return Disagreement.YES

    def _refinements(self) -> tuple[object, ...]:
        """Return area, period of comparison and basis, which a source can leave unsaid.

        For a figure of 2021, a comparison with 2020 is "year-on-year", as in the query
        ``conflicts``.
        """
        base, period = self.compared_with, self.period or ""
        year = period[:4]
        if year.isdecimal() and base == period.replace(year, str(int(year) - 1)):
            base = "year-on-year"
        return self.area, base, self.basis

    def _is_cut_off(self, other: Observation, *, integral: bool) -> bool:
        """Return whether one figure has the first digits of the other: 407.2 of 407.265 billion.

        Both must be exact, with one unit. Sources cut digits off instead of rounding. False for
        counts, whose digits are not cut off. ``integral`` is as in :meth:`bounds`.
        """
        exact = term("g60:Exactly")
        numbers = (self.number, other.number)
        if self.unit != other.unit or {self.comparator, other.comparator} != {exact}:
            return False
        if any(number is None or self._is_count(number, integral) for number in numbers):
            return False
        one, two = (number.normalize() for number in numbers if number is not None)
        shorter, longer = sorted((one.as_tuple().digits, two.as_tuple().digits), key=len)
        same_size = (one.is_signed(), one.adjusted()) == (two.is_signed(), two.adjusted())
        return same_size and len(shorter) > 1 and longer[: len(shorter)] == shorter

    def _is_count(self, number: Decimal, integral: bool) -> bool:
        return integral and self.unit == _NUMBER and number == number.to_integral_value()

    def _in_base_unit(self, *, integral: bool) -> tuple[NamedNode, Bounds] | None:
        bounds = self.bounds(integral=integral)
        if bounds is None or self.unit is None:
            return None
        base, factor = _TO_BASE.get(self.unit, (self.unit, Decimal(1)))
        return base, bounds.scaled(factor)

    def bounds(self, *, integral: bool) -> Bounds | None:
        """Return the interval of the true value in the figure's unit.

        None without a number or a comparator; unbounded for an unknown comparator. ``integral``
        says whether figures of the measure that have the unit NUM are whole numbers.
        """
        number, upper = self.number, self.upper
        if number is None or self.comparator is None:
            return None
        counted = self._is_count(number, integral)
        step = _HALF if counted and number.normalize().as_tuple().exponent == 0 else Decimal(0)
        margin = max(abs(number) * _TOLERANCE, Decimal(counted or not number))
        match local_name(self.comparator.value):
            case "Exactly":
                return _fraction_bounds(self.fraction) or _rounded(number, counted=counted)
            case "Approximately":
                return Bounds(number - margin, number + margin)
            case "Nearly":
                return Bounds(number - margin, number, open_high=True)
            case "LessThan":
                return Bounds(high=number - step, open_high=True)
            case "AtMost":
                return Bounds(high=number)
            case "GreaterThan":
                return Bounds(low=number + step, open_low=True)
            case "AtLeast":
                return Bounds(low=number)
            case "Between":
                return Bounds(number, upper)
        return Bounds()


def _rounded(number: Decimal, *, counted: bool) -> Bounds:
    """Return the interval of the numbers that round to a number.

    Zeros at the end are not significant, except a single zero of a count below 1,000 (10, not 100).
    The margin of an exact count is 0.49: 8 is not 9.

    >>> _rounded(Decimal("10"), counted=True).low, _rounded(Decimal("10"), counted=False).low
    (Decimal('9.51'), Decimal('5'))
    """
    zeros = number.normalize().as_tuple().exponent
    assert isinstance(zeros, int)
    exact = counted and (zeros == 0 or (zeros == 1 and abs(number) < _ROUNDED_FROM))
    margin = Decimal(0) if not number else _OF_COUNT if exact else _HALF.scaleb(zeros)
    return Bounds(number - margin, number + margin)


def _fraction_bounds(fraction: str | None) -> Bounds | None:
    """Return the interval of the numbers whose reciprocal rounds to n, for a fraction ``1/n``.

    None for any other fraction.
    """
    top, _, bottom = (fraction or "").partition("/")
    divisor = decimal_of(Literal(bottom)) if top == "1" and bottom.isdecimal() else None
    return Bounds(1 / (divisor + _HALF), 1 / (divisor - _HALF)) if divisor else None


def disagreement(
    vocabulary: Vocabulary,
    property_: str,
    value: Term,
    other: Term,
    figure_of: Callable[[Term], Observation | None],
) -> Disagreement:
    """Return whether two values of a property, or two figures of a measure, contradict each other.

    ``property_`` is the IRI of either. ``figure_of`` returns the observation of a node.
    """
    of = vocabulary.properties.get(property_)
    if of is not None and of.iri != ns.HAS_OBSERVATION:
        return Disagreement.YES if of.excludes(value, other) else Disagreement.NO
    one, two = figure_of(value), figure_of(other)
    if value == other or one is None or two is None or one.measure is None:
        return Disagreement.NO
    return one.disagrees(two, vocabulary.measures.get(one.measure.value))


def is_plan(figure: Observation | None, vocabulary: Vocabulary) -> bool:
    """Return whether a figure is a goal, planned or expected, or its measure is prospective.

    False for None and for a figure without a measure.
    """
    if figure is None or figure.measure is None:
        return False
    measure = vocabulary.measures.get(figure.measure.value)
    return figure.status is not None or (measure is not None and measure.prospective)


def read_observation(store: GraphStore, node: Term) -> Observation | None:
    """Return an observation, its number None if not finite; None without exactly one value."""
    if isinstance(node, Literal):
        return None
    # Most nodes are no observation; all quads of a popular entity would be many.
    if not any(True for _ in store.quads(node, ns.NUMERIC_VALUE, None)):
        return None
    parts = objects_by_predicate(store.quads(node))

    def only(predicate: NamedNode) -> object:
        found = parts.get(predicate, ())
        return found[0] if len(found) == 1 else None

    def iri(predicate: NamedNode) -> NamedNode | None:
        found = only(predicate)
        return found if isinstance(found, NamedNode) else None

    def text(predicate: NamedNode) -> str | None:
        found = only(predicate)
        return found.value if isinstance(found, Literal) else None

    number = only(ns.NUMERIC_VALUE)
    if number is None:
        return None
    return Observation(
        measure=iri(ns.OBSERVED_MEASURE),
        number=decimal_of(number),
        comparator=iri(ns.COMPARATOR),
        unit=iri(ns.UNIT),
        categories=frozenset(
            one for one in parts.get(ns.CATEGORY, ()) if isinstance(one, NamedNode)
        ),
        upper=decimal_of(only(ns.UPPER_VALUE)),
        fraction=text(ns.FRACTION),
        period=text(ns.REFERENCE_PERIOD),
        area=iri(ns.REFERENCE_AREA),
        ranking=iri(ns.IN_RANKING),
        compared_with=text(ns.COMPARED_WITH),
        basis=text(ns.BASIS),
        status=iri(ns.FACT_STATUS),
        equivalent=ns.EQUIVALENT_OF in parts,
    )


def decimal_of(node: object) -> Decimal | None:
    """Return the finite number of a literal; None for any other node, or from ±1e301 on.

    >>> decimal_of(Literal("NaN")), decimal_of(Literal("1e400")), decimal_of(Literal("3.5"))
    (None, None, Decimal('3.5'))
    """
    if not isinstance(node, Literal):
        return None
    try:
        number = Decimal(node.value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() <= _MOST_DIGITS else None
