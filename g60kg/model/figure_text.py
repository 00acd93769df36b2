"""Text of a figure: measure, categories, comparator, number, unit and period."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.everyday_names import UNIT_WORDS
from g60kg.model.evidence_lookup import Labels
from g60kg.namespaces import g60, local_name, term
from g60kg.stores.base import GraphStore, Term

if TYPE_CHECKING:
    from g60kg.model.observations import Observation

_POPULATION: Final = term("measure:population")
_NUMBER: Final = term("unit:NUM")
#: Properties of an observation whose values the text names.
NAMING_FIGURES: Final = (
    ns.OBSERVED_MEASURE,
    ns.CATEGORY,
    ns.COMPARATOR,
    ns.REFERENCE_AREA,
    ns.IN_RANKING,
)
#: The most parts of a whole in a source's fraction.
_MOST_PARTS: Final = 1_000
_FRACTION: Final = term("unit:FRACTION")


def figure_label(store: GraphStore, labels: Labels, node: Term | None) -> Literal | None:
    """Return the text of an observation with one number as a label; None for any other node."""
    figure = figure_of(store, node)
    if figure is None:
        return None
    return Literal(figure_text(figure, labels.text, labels.language), language=labels.language)


def figure_with_bearer(store: GraphStore, labels: Labels, node: Term | None) -> str | None:
    """Return the entities that an observation is about and its text; None for any other node.

    None also for an observation without a number.
    """
    figure = figure_of(store, node)
    if figure is None or figure.number is None or node is None:
        return None
    # What is planned or expected has no statement, only a Fact.
    bearers = {
        labels.text(bearer)
        for fact in store.subjects(ns.FACT_OBJECT, node)
        for bearer in store.objects(fact, ns.FACT_SUBJECT)
        if isinstance(bearer, NamedNode)
    }
    text = figure_text(figure, labels.text, labels.language)
    colon = "：" if labels.language == "zh" else ": "
    return f"{', '.join(sorted(bearers))}{colon}{text}" if bearers else text


def figure_of(store: GraphStore, node: Term | None) -> Observation | None:
    """Return the observation of an IRI; None for another node or without exactly one value."""
    # Only the IRI is compared: reading every object without a label would be slow.
    if not isinstance(node, NamedNode) or not local_name(node.value).startswith("observation-"):
        return None
    from g60kg.model.observations import read_observation

    return read_observation(store, node)


def counts_people(unit: Term | None, row: Collection[Term | None]) -> bool:
    """Return whether a row of figures counts people: the unit NUM, with population in the row."""
    return unit == _NUMBER and _POPULATION in row


def figure_text(figure: Observation, name: Callable[[NamedNode], str], language: str = "en") -> str:
    """Return a figure as text: ``population approximately 57,920,000 people, 2020``.

    ``name`` returns the name of an IRI.
    """
    parts = [] if figure.measure is None else [name(figure.measure)]
    limits = (*sorted(figure.categories, key=str), figure.area, figure.ranking)
    if names := [name(one) for one in limits if one is not None]:
        parts.append(f"({', '.join(names)})")
    if figure.comparator is not None and figure.comparator != g60("Exactly"):
        parts.append(name(figure.comparator))
    number = "?" if figure.number is None else grouped(figure.number)
    if figure.upper is not None:
        number += f"–{grouped(figure.upper)}"
    parts.append(figure.fraction or number)
    unit = "" if figure.unit is None else local_name(figure.unit.value)
    if figure.measure == _POPULATION and unit == "NUM":
        unit = "people"
    if unit and unit not in ("NUM", "FRACTION"):
        word = UNIT_WORDS.get(language, UNIT_WORDS["en"]).get(unit, unit)
        parts.append(word.removesuffix("s") if parts[-1] == "1" else word)
    text = " ".join(parts)
    return text if figure.period is None else f"{text}, {figure.period}"


def figure_of_row(row: Mapping[str, Term | None]) -> Observation | None:
    """Return the figure in a row of a query, without its measure; None without a finite number.

    The columns are ``value``, ``upper``, ``unit`` and ``comparator`` (such as ``nearly``).
    """
    from g60kg.model.observations import Observation, decimal_of

    number = decimal_of(row.get("value"))
    if number is None:
        return None
    comparator, unit = row.get("comparator"), row.get("unit")
    notation = comparator.value if isinstance(comparator, Literal) else ""
    name = notation[:1].upper() + notation[1:]
    return Observation(
        measure=None,
        number=number,
        comparator=g60(name) if name else None,
        unit=unit if isinstance(unit, NamedNode) else None,
        upper=decimal_of(row.get("upper")),
        fraction=fraction_text(number) if unit == _FRACTION else None,
    )


def fraction_text(number: Decimal) -> str | None:
    """Return a fraction that rounds to a number; None without a simple one.

    Its denominator is 2 to 1,000; it differs from the number by less than 10^-12.

    >>> fraction_text(Decimal("0.066666666667")), fraction_text(Decimal("0.0625"))
    ('1/15', '1/16')
    >>> fraction_text(Decimal("0.0617283945"))
    """
    if not number.is_finite():
        return None
    from fractions import Fraction

    simple = Fraction(number).limit_denominator(_MOST_PARTS)
    exact = abs(Fraction(number) - simple) < Fraction(1, 10**12) and simple.denominator > 1
    return f"{simple.numerator}/{simple.denominator}" if exact else None


def grouped(number: Decimal) -> str:
    """Return a number with thousands separators.

    >>> grouped(Decimal("57920000")), grouped(Decimal("13.80"))
    ('57,920,000', '13.8')
    """
    return f"{number.normalize():,f}"
