"""Lists that are said to be complete, and differ from source to source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.facts import Stated
from g60kg.stores.base import Term
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.checks.conflicts.candidates import Place, Side
from g60kg.validation.report.findings import Finding, Severity

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
        if place.predicate.closed_list:
            lists = _Lists(side, place)
            for graph, other in lists.different():
                for value, message in lists.difference(graph, other):
                    key = (LIST_DIFFERS.name, str(value), graph.value, other.value)
                    hint = lists.words["hint"]
                    yield (
                        (*place.key, *key),
                        side.finding(place, LIST_DIFFERS, Severity.WARNING, value, message, hint),
                    )


class _Lists:
    """What each source lists at a place, by the source's graph."""

    def __init__(self, side: Side, place: Place) -> None:
        self.words = _WORDS.get(side.language, _WORDS["en"])
        self._side = side
        self._place = place
        lists: dict[NamedNode, set[Term]] = defaultdict(set)
        for value, graphs in side.graphs(place).items():
            for graph in graphs:
                lists[graph].add(value)
        self._lists = {graph: frozenset(values) for graph, values in lists.items()}

    def different(self) -> Iterator[tuple[NamedNode, NamedNode]]:
        """Each touched graph with one graph of every list that is not the same as its own.

        Two that are both touched are a pair once.
        """
        touched = {graph for graphs in self._place.graphs.values() for graph in graphs}
        for graph in sorted(touched & self._lists.keys(), key=str):
            met = {self._lists[graph]}
            for other in sorted(self._lists, key=str):
                done = other in touched and str(other) < str(graph)
                if self._lists[other] not in met and not done and self._is_stated(other):
                    met.add(self._lists[other])
                    yield graph, other

    def difference(self, graph: NamedNode, other: NamedNode) -> Iterator[tuple[Term, str]]:
        """Each value that the graph's list alone has; if none, each that it leaves out."""
        mine = sorted(self._lists[graph] - self._lists[other], key=str)
        others = sorted(self._lists[other] - self._lists[graph], key=str)
        if not mine:
            have = self._facts(self._some(graph), graph)
            for value in others:
                yield value, self._message("shorter", value, have, [], self._facts([value], other))
            return
        key = "instead" if others else "longer"
        there = self._facts(others or self._some(other), other)
        for value in mine:
            yield value, self._message(key, value, self._facts([value], graph), others, there)

    def _is_stated(self, graph: NamedNode) -> bool:
        return any(self._facts([value], graph) for value in self._lists[graph])

    def _some(self, graph: NamedNode) -> list[Term]:
        """One value, for the words in which a list is given."""
        return sorted(self._lists[graph], key=str)[:1]

    def _facts(self, values: Iterable[Term], graph: NamedNode) -> list[Stated]:
        side, place = self._side, self._place
        return [fact for value in values for fact in side.facts(place, value, [graph])]

    def _message(
        self,
        key: str,
        value: Term,
        here: list[Stated],
        others: list[Term],
        there: list[Stated],
    ) -> str:
        wording = self._side.wording
        return self.words[key].format(
            subject=wording.name(self._place.subject),
            property=wording.name(self._place.predicate.iri),
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
