"""The unit and the measure of a figure, chosen from the words near it."""

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from g60kg.model.names import folded, names_of
from g60kg.model.ontology_lookup import Measure, Vocabulary
from g60kg.namespaces import compact, g60, local_name
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.support.written_numbers import WrittenNumber
from g60kg.validation.checks.support.written_units import written_units

#: Words of a ratio that the name of its measure has too.
_PER: Final = re.compile(r"\bper (?!cent)\w+", re.I)
#: What is near a growth, a rank or a plan, beside the name of the measure.
_STATISTICS: Final = tuple(
    (name, re.compile(words, re.I))
    for name, words in (
        ("Growth", r"gr[eo]w|r[io]se|rising|increas|expan|\bup |surg|jump|climb|f[ea]ll|declin"
                   r"|decreas|drop|\bdown |增|涨|升|降|减|下滑|回落|同比"),
        ("Rank", "rank|place|position|top|largest|first|last|lead|第|位|名|列|居"),
    )
)  # fmt: skip
_PLANNED: Final = frozenset(["planned", "规划"])
_PLANNED_WORDS: Final = re.compile(
    r"plan|\bwill\b|\bto\b|target|goal|expect|规划|计划|拟|将|目标", re.I
)
#: A name with capitals, whose words do not say what is measured: "Building Scheme".
_NAME: Final = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+")
#: What else says that a measure is meant.
_MORE_NAMES: Final = {
    "floor-area": ("offices", "buildings", "办公楼", "厂房", "用房"),
    "site-area": ("covers site area", "占地"),
    "territory-area": ("covers",),
}
CLAUSE: Final = re.compile(r"[,;](?!\d)|[，；]")
_SPEED: Final = re.compile(r"时速\D{0,2}$")
_YEARS: Final = re.compile(r"[\s-]?(?:years?\b(?! old)|年)", re.I)
_FRACTION: Final = re.compile(r"[a-z -]+|[一二两三四五六七八九十百]+分之一|1/\d+", re.I)


class Measures:
    """The measures of a graph; chooses the one whose name has words of a text."""

    def __init__(self, store: GraphStore, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._words = {
            measure.iri.value: self._names_of(measure) for measure in vocabulary.measures.values()
        }

    def measure(self, text: str, number: WrittenNumber, unit: str) -> str:
        """Return the CURIE of the measure whose name has the largest share of words near a number.

        Words after the number count more. Only measures with the unit (a local name) count. "" if
        none shares a word.
        """
        rest = CLAUSE.split(text[number.end : number.end + 60])[0]
        around = text[max(number.start - 60, 0) : number.end] + rest
        near = set(_stems(_NAME.sub(" ", around)))
        ratio = None if "PER" in unit else _PER.search(around)
        divided_by = set(_stems(ratio[0])) if ratio else set()
        after = near & set(_stems(rest[:40]))
        absent = {g60(name) for name, words in _STATISTICS if not words.search(around)}
        planned = _PLANNED_WORDS.search(around)
        scores = [
            max(
                ((len(words & after) * 2 + len(words & near)) / len(words), len(words & near), iri)
                for words in names
            )
            for iri, all_names in sorted(self._words.items())
            if self._vocabulary.measures[iri].statistic not in absent
            and (names := [each for each in all_names if planned or not each & _PLANNED])
            and any(divided_by <= words for words in names)
            and any(local_name(each.value) == unit for each in self._vocabulary.measures[iri].units)
        ]
        score, _, best = max(scores, key=itemgetter(0, 1), default=(0, 0, ""))
        return compact(best) if score > 0 else ""

    def _names_of(self, measure: Measure) -> list[frozenset[str]]:
        labels = [each.value for each in names_of(self._store, measure.iri)]
        labels += _MORE_NAMES.get(local_name(measure.iri.value), ())
        names = (frozenset(_stems(each)) for each in labels)
        return [words for words in names if words]


_LEFT_OUT: Final = frozenset(
    ["number", "of", "the", "a", "an", "in", "on", "and", "by", "to", "along"]
)


def _stems(text: str) -> Iterator[str]:
    """Yield singular English words, except common ones, and pairs of Chinese characters."""
    plain = folded(text)
    for word in re.findall(r"[a-z]+", plain):
        if word not in _LEFT_OUT:
            word = word.replace("companies", "company")
            yield word[:-1] if word.endswith("s") and len(word) > 3 else word
    for run in re.findall(r"[一-鿿]+", plain):
        yield from (run[at : at + 2] for at in range(len(run) - 1))


def unit_of_number(text: str, number: WrittenNumber, last: WrittenNumber) -> str:
    """Return the local name of the unit of a number or a range; NUM if none is recognized."""
    if is_fraction(text, number):
        return "FRACTION"
    unit = next((unit for one in (last, number) for unit, _ in written_units(text, one)), "")
    if unit == "KiloM" and _SPEED.search(text, 0, number.start):
        return "KiloM-PER-HR"
    return unit or ("YR" if _YEARS.match(text, last.end) else "NUM")


def is_fraction(text: str, number: WrittenNumber) -> bool:
    """Return whether a number is written as one of n equal parts, such as 1/24 or "one third"."""
    written = text[number.start : number.end].strip()
    return number.value.numerator == 1 < number.value.denominator and bool(
        _FRACTION.fullmatch(written)
    )
