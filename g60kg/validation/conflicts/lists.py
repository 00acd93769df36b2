"""Lists that are said to be complete, and differ from source to source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from g60kg.stores.base import Term
from g60kg.validation.codes import CheckCode
from g60kg.validation.conflicts.places import Place, Side, sources_of
from g60kg.validation.report import Finding, Severity
from g60kg.validation.statements import Stated

LIST_DIFFERS: Final = CheckCode(
    "ListDiffers",
    (Severity.WARNING,),
    "Two sources list the values of a property for a subject differently, though a source that "
    "lists them lists them all (g60:closedList).",
    "Nine member cities with Songjiang and nine with Shanghai are not ten member cities. Each "
    "value that one list alone has is named, with what the other list has instead. Sources that "
    "list the same are compared with once.",
)


def list_conflicts(side: Side) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """The differences between each list that is touched and every different list.

    With each finding comes what makes it the same one on the other side of the addition.
    """
    for place in side.places:
        if place.property.closed_list:
            lists = _Lists(side, place)
            for source, other in lists.different():
                for value, message in lists.difference(source, other):
                    key = (LIST_DIFFERS.name, str(value), source, other)
                    hint = lists.words["hint"]
                    yield (
                        (*place.key, *key),
                        side.finding(place, LIST_DIFFERS, Severity.WARNING, value, message, hint),
                    )


@dataclass(slots=True)
class _Lists:
    """What each source lists at a place."""

    side: Side
    place: Place

    def different(self) -> Iterator[tuple[str, str]]:
        """Each touched source with one source of every list that is not the same as its own.

        Two that are both touched are a pair once.
        """
        lists = self._of_sources()
        for source in sorted(self.place.sources & lists.keys()):
            met = {lists[source]}
            for other in sorted(lists):
                done = other in self.place.sources and other < source
                if lists[other] not in met and not done:
                    met.add(lists[other])
                    yield source, other

    def difference(self, source: str, other: str) -> Iterator[tuple[Term, str]]:
        """Each value that the source's list alone has; if none, each that it leaves out."""
        lists = self._of_sources()
        mine = sorted(lists[source] - lists[other], key=str)
        others = sorted(lists[other] - lists[source], key=str)
        if not mine:
            have = self._facts(self._some(lists[source]), source)
            for value in others:
                yield value, self._message("shorter", value, have, [], self._facts([value], other))
            return
        key = "instead" if others else "longer"
        there = self._facts(others or self._some(lists[other]), other)
        for value in mine:
            yield value, self._message(key, value, self._facts([value], source), others, there)

    @property
    def words(self) -> dict[str, str]:
        """The words of the language asked for."""
        return _WORDS.get(self.side.language, _WORDS["en"])

    def _of_sources(self) -> dict[str, frozenset[Term]]:
        lists: dict[str, set[Term]] = defaultdict(set)
        for value, facts in self.side.stated(self.place).items():
            for source in sources_of(facts):
                lists[source].add(value)
        return {source: frozenset(values) for source, values in lists.items()}

    def _some(self, values: Iterable[Term]) -> list[Term]:
        """One value, for the words in which a list is given."""
        return sorted(values, key=str)[:1]

    def _facts(self, values: Iterable[Term], source: str) -> list[Stated]:
        stated = self.side.stated(self.place)
        return [fact for value in values for fact in stated[value] if source in fact.sources]

    def _message(
        self,
        key: str,
        value: Term,
        here: list[Stated],
        others: list[Term],
        there: list[Stated],
    ) -> str:
        wording = self.side.wording
        return self.words[key].format(
            subject=wording.name(self.place.subject),
            property=wording.name(self.place.property.iri),
            value=wording.name(value),
            said=wording.said(here),
            others=wording.listed(wording.name(one) for one in others),
            other_said=wording.said(there),
        )


_WORDS: Final = {
    "en": {
        "instead": "“{property}” of {subject}: {value} is on one list alone ({said}). "
        "Another source lists {others} instead ({other_said}).",
        "longer": "“{property}” of {subject}: {value} is on one list alone ({said}). "
        "Another source leaves it out ({other_said}).",
        "shorter": "“{property}” of {subject}: this list leaves out {value} ({said}), "
        "which another source has ({other_said}).",
        "hint": "A source that lists these values lists them all. If both lists are as their "
        "sources have them, let both stand: the query conflicts shows them.",
    },
    "zh": {
        "instead": "{subject}的“{property}”：{value}只见于其中一份名单（{said}）。"
        "另一来源所列的是{others}（{other_said}）。",
        "longer": "{subject}的“{property}”：{value}只见于其中一份名单（{said}）。"
        "另一来源没有列入（{other_said}）。",
        "shorter": "{subject}的“{property}”：这份名单（{said}）没有{value}，"
        "而另一来源列入（{other_said}）。",
        "hint": "列出这些值的来源即列出全部。如果两份名单都与原文一致，可以并存："
        "查询 conflicts 会一并列出。",
    },
}
