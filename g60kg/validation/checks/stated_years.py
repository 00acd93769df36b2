"""Check that the years of facts and figures are those of their dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.model.dates import edtf_years
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    END_YEAR,
    FACT_OBJECT,
    FACT_PREDICATE,
    REFERENCE_PERIOD,
    START_YEAR,
    TIME,
    compact,
)
from g60kg.stores.base import Term
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.finding_limit import Listing
from g60kg.validation.report.findings import Finding, Severity

OTHER_YEAR: Final = CheckCode(
    "OtherYear",
    (Severity.VIOLATION,),
    "g60:startYear or g60:endYear of a fact or a figure is not the year of its date.",
    "The years are derived: from the time of a fact, the value of a dated property, or the period "
    "of a figure. Filters and timelines read them; a year without its date has no evidence.",
)
#: The codes of this part of the check ``vocabulary``.
CODES: Final = (OTHER_YEAR,)

_MESSAGES: Final = {
    "en": (
        "{property} of {node} is not the year of its date.",
        "Remove it, or give the date that the text states; draft derives the years.",
    ),
    "zh": (
        "{node} 的 {property} 与其日期的年份不符。",
        "请删去，或填写文中的日期；年份由 draft 推算。",
    ),
}


def stated_year_findings(
    quads: Collection[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return a finding for each year in a file that is not that of the date in it."""
    listing = Listing(language)
    message, hint = _MESSAGES.get(language, _MESSAGES["en"])
    stated = [quad for quad in quads if quad.predicate in (START_YEAR, END_YEAR)]
    nodes = {quad.subject for quad in stated}
    about: defaultdict[object, defaultdict[NamedNode, list[Term]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for quad in quads:
        if quad.subject in nodes and isinstance(quad.object, (NamedNode, Literal)):
            about[quad.subject][quad.predicate].append(quad.object)
    for quad in stated:
        index = 0 if quad.predicate == START_YEAR else 1
        years = (edtf_years(date) for date in _dates(about[quad.subject], vocabulary))
        expected = {str(found[index]) for found in years if found is not None}
        year = quad.object.value if isinstance(quad.object, Literal) else ""
        if year not in expected and listing.wants(OTHER_YEAR.name):
            names = {"property": compact(quad.predicate.value), "node": str(quad.subject)}
            if isinstance(quad.subject, NamedNode):
                names["node"] = compact(quad.subject.value)
            listing.add(
                Finding(
                    severity=Severity.VIOLATION,
                    code=OTHER_YEAR.name,
                    message=message.format(**names),
                    focus=quad.subject.value if isinstance(quad.subject, NamedNode) else None,
                    path=quad.predicate.value,
                    value=year,
                    hint=hint,
                    term=str(quad.object),
                )
            )
    return listing.findings()


def _dates(about: defaultdict[NamedNode, list[Term]], vocabulary: Vocabulary) -> list[str]:
    """Return the dates that the years of a fact or a figure are derived from."""
    properties = vocabulary.properties
    dated = any(
        isinstance(name, NamedNode)
        and name.value in properties
        and properties[name.value].date_valued
        for name in about[FACT_PREDICATE]
    )
    found = about[FACT_OBJECT] if dated else [*about[TIME], *about[REFERENCE_PERIOD]]
    return [date.value for date in found if isinstance(date, Literal)]
