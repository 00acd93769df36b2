"""Quantities: number, unit, date, and the interval that the comparator allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.namespaces import AS_OF, COMPARATOR, NUMERIC_VALUE, UNIT, g60, term
from g60kg.stores.base import GraphStore, Term

_COUNT: Final = term("unit:NUM")


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval of numbers; None means unbounded.

    Attributes:
        open_low: whether the lower bound itself is excluded.
        open_high: whether the upper bound itself is excluded.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    open_low: bool = False
    open_high: bool = False

    @classmethod
    def of(cls, comparator: NamedNode, number: Decimal) -> Bounds:
        """Return the interval of a comparator with a number.

        "About 40" is unbounded, since no source gives its precision. So is an unknown comparator.

        >>> Bounds.of(g60("LessThan"), Decimal(3000))
        Bounds(low=None, high=Decimal('3000'), open_low=False, open_high=True)
        """
        match comparator:
            case _Comparators.EXACTLY:
                return cls(low=number, high=number)
            case _Comparators.LESS_THAN:
                return cls(high=number, open_high=True)
            case _Comparators.AT_MOST:
                return cls(high=number)
            case _Comparators.GREATER_THAN:
                return cls(low=number, open_low=True)
            case _Comparators.AT_LEAST:
                return cls(low=number)
            case _:
                return cls()

    def excludes(self, other: Bounds, *, integers: bool = False) -> bool:
        """Whether the intervals have no common number, or no common integer.

        >>> more = Bounds.of(g60("GreaterThan"), Decimal(3))
        >>> less = Bounds.of(g60("LessThan"), Decimal(4))
        >>> more.excludes(less), more.excludes(less, integers=True)
        (False, True)
        """
        return self._is_below(other, integers) or other._is_below(self, integers)

    def _is_below(self, other: Bounds, integers: bool) -> bool:
        if self.high is None or other.low is None:
            return False
        gap = other.low - self.high
        excluded = self.open_high + other.open_low
        if integers and self._has_integer_bounds() and other._has_integer_bounds():
            return gap + excluded > 0
        return gap > 0 or (gap == 0 and excluded > 0)

    def _has_integer_bounds(self) -> bool:
        bounds = (self.low, self.high)
        return all(bound is None or bound == bound.to_integral_value() for bound in bounds)


class _Comparators:
    """The comparators of the ontology that bound a number."""

    EXACTLY: Final = g60("Exactly")
    LESS_THAN: Final = g60("LessThan")
    AT_MOST: Final = g60("AtMost")
    GREATER_THAN: Final = g60("GreaterThan")
    AT_LEAST: Final = g60("AtLeast")


@dataclass(frozen=True, slots=True)
class Observation:
    """A g60:Quantity; a part that is missing or given more than once is None.

    Attributes:
        comparator: how the number bounds the true value.
        as_of: the date in EDTF; may be None.
    """

    number: Decimal | None
    comparator: NamedNode | None
    unit: NamedNode | None
    as_of: str | None

    def differs(self, other: Observation) -> bool:
        """Whether number or unit differ, whatever the comparators.

        Quantities of two dates do not differ in this sense, since both may be true; a quantity
        without a date may be of any. The query ``conflicts`` uses the same definition.
        """
        if self.as_of is not None and other.as_of is not None and self.as_of != other.as_of:
            return False
        mine, others = (self.number, self.unit), (other.number, other.unit)
        return mine != others or None in mine

    def contradicts(self, other: Observation) -> bool:
        """Whether both cannot be true: same unit, same date, disjoint intervals."""
        if self.unit != other.unit or self.as_of != other.as_of or self.unit is None:
            return False
        mine, others = self.bounds, other.bounds
        if mine is None or others is None:
            return False
        return mine.excludes(others, integers=self.unit == _COUNT)

    @property
    def bounds(self) -> Bounds | None:
        """The interval of the true value; None if number or comparator is missing."""
        if self.number is None or self.comparator is None:
            return None
        return Bounds.of(self.comparator, self.number)


def read_observation(store: GraphStore, node: Term) -> Observation | None:
    """Read a quantity; return None if the node has neither number nor unit."""
    if isinstance(node, Literal):
        return None
    number, unit = _only(store, node, NUMERIC_VALUE), _only(store, node, UNIT)
    if number is None and unit is None:
        return None
    comparator, as_of = _only(store, node, COMPARATOR), _only(store, node, AS_OF)
    return Observation(
        number=_decimal(number),
        comparator=comparator if isinstance(comparator, NamedNode) else None,
        unit=unit if isinstance(unit, NamedNode) else None,
        as_of=as_of.value if isinstance(as_of, Literal) else None,
    )


def _only(store: GraphStore, node: NamedNode | BlankNode, predicate: NamedNode) -> object:
    found = {quad.object for quad in store.quads(node, predicate, None)}
    return found.pop() if len(found) == 1 else None


def _decimal(node: object) -> Decimal | None:
    if not isinstance(node, Literal):
        return None
    try:
        number = Decimal(node.value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
