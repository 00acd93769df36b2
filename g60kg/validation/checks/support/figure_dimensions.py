"""Categories and reference areas of figures in the words of their evidence."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import CATEGORY, REFERENCE_AREA, A, local_name
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import Name, Span

#: Words that names of many categories have, which distinguish none of them.
_OF_MANY: Final = frozenset(
    ("company", "enterprise", "firm", "business", "industry", "project", "product", "center",
     "number", "level", "sector", "city", "national", "zone", "park", "kind")
)  # fmt: skip
_OF_MANY_ZH: Final = re.compile("企业|产业|项目|公司|中心|行业|产品|机构|建设")
#: Words that mean a division by its class: "second in the province".
_DIVISIONS: Final = {
    "Country": r"\bnation(?:al|wide|['’]?s)?\b|\bcountry|\bdomestic|\bChinese|[全我]国|国内|全國",
    "Corridor": r"\b(?:nine|9) cities|[九9]个?城",
    "Province": r"\bprovinc|[全本]省|省内",
    "Municipality": r"\bcity|\bmunicipal|[全本]市|市内",
    "PrefectureCity": r"\bcity|\bmunicipal|[全本]市|市内",
    "CountyDivision": r"\bdistrict|\bcounty|[全本][区县]|区内|县内",
}


def unnamed_dimension(facts: EvidencedFacts, fact: EvidencedFact) -> NamedNode | None:
    """Return a category or a reference area of the figure of a Fact that its words do not name.

    One word of a category is enough, since texts order its words freely ("firms in high tech"). An
    area can be named by its class, and the bearer is an area by itself.
    """
    figure = facts.figure(fact.object) or {}
    for category in figure.get(CATEGORY.value, ()):
        if isinstance(category, NamedNode) and not _has_word_of(facts, category, fact):
            return category
    for area in figure.get(REFERENCE_AREA.value, ()):
        is_named = area == fact.subject or facts.is_named(area, fact)
        if isinstance(area, NamedNode) and not is_named and not _has_class_of(facts, area, fact):
            return area
    return None


def _has_word_of(facts: EvidencedFacts, category: NamedNode, fact: EvidencedFact) -> bool:
    names = [name for _, name in facts.names(category, fact)]
    return not names or any(
        _shares_word(name, Span.of(words.text)) for name in names for words in fact.evidence
    )


def _shares_word(name: Name, span: Span) -> bool:
    words = name.words - _OF_MANY
    runs = [part for run in name.runs for part in _OF_MANY_ZH.split(run)]
    pairs = {run[start : start + 2] for run in runs for start in range(len(run) - 1)}
    if not words and not pairs:
        return name.is_in(span)
    return not words.isdisjoint(span.words) or any(pair in span.text for pair in pairs)


def _has_class_of(facts: EvidencedFacts, area: NamedNode, fact: EvidencedFact) -> bool:
    kinds = facts.store.objects(area, A)
    forms = [_DIVISIONS.get(local_name(kind.value)) for kind in kinds]
    return any(
        re.search(form, words.text, re.IGNORECASE)
        for form in forms
        if form is not None
        for words in fact.evidence
    )
