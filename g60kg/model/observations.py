"""A quantity as a figure: number, unit, date, and which numbers its comparator leaves possible."""

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
    """The numbers from ``low`` to ``high``; None is no bound.

    Attributes:
        low: the lower bound.
        high: the upper bound.
        open_low: whether the lower bound itself is left out.
        open_high: whether the upper bound itself is left out.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    open_low: bool = False
    open_high: bool = False

    @classmethod
    def of(cls, comparator: NamedNode, number: Decimal) -> Bounds:
        """What a comparator with a number leaves possible.

        "About 40" bounds nothing: how far off it may be, no source says. So does a comparator
        that the ontology lacks.

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

    def excludes(self, other: Bounds, *, whole: bool = False) -> bool:
        """Whether no number is within both; no whole number, where only those can be.

        >>> more = Bounds.of(g60("GreaterThan"), Decimal(3))
        >>> less = Bounds.of(g60("LessThan"), Decimal(4))
        >>> more.excludes(less), more.excludes(less, whole=True)
        (False, True)
        """
        return self._ends_before(other, whole) or other._ends_before(self, whole)

    def _ends_before(self, other: Bounds, whole: bool) -> bool:
        if self.high is None or other.low is None:
            return False
        gap = other.low - self.high
        ends_left_out = self.open_high + other.open_low
        if whole and self._is_whole() and other._is_whole():
            return gap + ends_left_out > 0
        return gap > 0 or (gap == 0 and ends_left_out > 0)

    def _is_whole(self) -> bool:
        ends = (self.low, self.high)
        return all(end is None or end == end.to_integral_value() for end in ends)


class _Comparators:
    """The comparators that bound a number, as the ontology names them."""

    EXACTLY: Final = g60("Exactly")
    LESS_THAN: Final = g60("LessThan")
    AT_MOST: Final = g60("AtMost")
    GREATER_THAN: Final = g60("GreaterThan")
    AT_LEAST: Final = g60("AtLeast")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a g60:Quantity says; a part that it lacks, or has more than once, is None.

    Attributes:
        number: the number.
        comparator: how it bounds the true value.
        unit: the QUDT unit.
        as_of: the date in EDTF; None where none is stated.
    """

    number: Decimal | None
    comparator: NamedNode | None
    unit: NamedNode | None
    as_of: str | None

    def differs(self, other: Figure) -> bool:
        """Whether the two are not the same figure: number or unit differ, whatever bounds them.

        Figures of two dates do not differ in this sense, since both may be true; one without a
        date may be of any. The query ``conflicts`` draws the same line.
        """
        if self.as_of is not None and other.as_of is not None and self.as_of != other.as_of:
            return False
        mine, others = (self.number, self.unit), (other.number, other.unit)
        return mine != others or None in mine

    def contradicts(self, other: Figure) -> bool:
        """Whether both cannot be true: same unit, same date, and bounds that exclude each other."""
        if self.unit != other.unit or self.as_of != other.as_of or self.unit is None:
            return False
        mine, others = self.bounds, other.bounds
        if mine is None or others is None:
            return False
        return mine.excludes(others, whole=self.unit == _COUNT)

    @property
    def bounds(self) -> Bounds | None:
        """What the figure leaves possible; None where it is incomplete."""
        if self.number is None or self.comparator is None:
            return None
        return Bounds.of(self.comparator, self.number)


def read_figure(store: GraphStore, node: Term) -> Figure | None:
    """The figure that a node is; None where it is no quantity, having neither number nor unit."""
    if isinstance(node, Literal):
        return None
    number, unit = _only(store, node, NUMERIC_VALUE), _only(store, node, UNIT)
    if number is None and unit is None:
        return None
    comparator, as_of = _only(store, node, COMPARATOR), _only(store, node, AS_OF)
    return Figure(
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
