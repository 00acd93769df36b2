"""Terms in the words of a reader: labels, figures, and the quotations behind a statement."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg.model.evidence import Quoted
from g60kg.model.evidence_lookup import Labels, Quotes
from g60kg.model.facts import Stated
from g60kg.model.observations import Figure, read_figure
from g60kg.namespaces import compact, g60, local_name, term
from g60kg.stores.base import GraphStore, Term

#: Quotations that a message gives for one side, and values that it lists; the rest are counted.
SHOWN: Final = 3

_EXACTLY: Final = g60("Exactly")
_COUNT: Final = term("unit:NUM")


class Wording:
    """Words in the language asked for, from the labels and quotations of a store."""

    def __init__(self, store: GraphStore, language: str) -> None:
        self._labels = Labels(store, language)
        self._store = store
        self._quotes = Quotes(store, self._labels)
        self._words = _WORDS.get(language, _WORDS["en"])

    def label(self, node: Term) -> str | None:
        """The label of a node; None where it has none."""
        found = self._labels.of(node)
        return None if found is None else found.value

    def name(self, node: Term) -> str:
        """What a reader calls a node: its label, else its CURIE, its IRI or the literal's text."""
        label = self.label(node)
        if label is not None:
            return label
        if isinstance(node, NamedNode):
            return compact(node.value)
        return f"_:{node.value}" if isinstance(node, BlankNode) else node.value

    def value(self, node: Term) -> str:
        """A value: a figure as number, bound, unit and date; anything else by its name."""
        figure = read_figure(self._store, node)
        return self.name(node) if figure is None else self._figure(figure)

    def said(self, statements: Iterable[Stated], further: int = 0) -> str:
        """The words behind statements, source by source: ``Article: “words”; “more words”``.

        Args:
            statements: the Facts to quote; the first few quotations are given, the rest counted.
            further: how many more there are that were not looked at.
        """
        found = self._quotes.behind(stated.fact for stated in statements)
        by_source: dict[str, list[str]] = {}
        for quoted in found[:SHOWN]:
            by_source.setdefault(quoted.article_label, []).append(self._quoted(quoted))
        words = self._words
        shown = [
            words["source"].format(source=source, quotes=words["between"].join(quotes))
            for source, quotes in by_source.items()
        ]
        rest = max(len(found) - SHOWN, 0) + further
        if rest:
            shown.append(words["more"].format(count=rest))
        return words["between"].join(shown)

    def listed(self, parts: Iterable[str]) -> str:
        """Some names, the first few of many: ``Shanghai, Suzhou, Wuhu and 6 more``."""
        names = list(parts)
        shown = self._words["comma"].join(names[:SHOWN])
        if len(names) <= SHOWN:
            return shown
        return self._words["others"].format(shown=shown, count=len(names) - SHOWN, total=len(names))

    def _figure(self, figure: Figure) -> str:
        parts = []
        if figure.comparator is not None and figure.comparator != _EXACTLY:
            parts.append(self.name(figure.comparator))
        parts.append("?" if figure.number is None else grouped(figure.number))
        if figure.unit is not None and figure.unit != _COUNT:
            parts.append(local_name(figure.unit.value))
        if figure.as_of is not None:
            parts.append(self._words["as of"].format(date=figure.as_of))
        return " ".join(parts)

    def _quoted(self, quoted: Quoted) -> str:
        kind = "record" if quoted.start is None else "words"
        return self._words[kind].format(words=quoted.quote)


def grouped(number: Decimal) -> str:
    """A number with its thousands apart.

    >>> grouped(Decimal("57920000")), grouped(Decimal("13.80"))
    ('57,920,000', '13.8')
    """
    plain = number.normalize()
    return f"{plain:,f}"


def written(node: Term) -> str:
    """What stands in a finding's ``value`` for a node: IRI, text or blank node label."""
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value


_WORDS: Final = {
    "en": {
        "source": "{source}: {quotes}",
        "words": "“{words}”",
        "record": "record {words}",
        "between": "; ",
        "more": "and {count} more",
        "comma": ", ",
        "others": "{shown} and {count} more",
        "as of": "(as of {date})",
    },
    "zh": {
        "source": "{source}：{quotes}",
        "words": "“{words}”",
        "record": "记录 {words}",
        "between": "；",
        "more": "另有 {count} 处",
        "comma": "、",
        "others": "{shown}等 {total} 项",
        "as of": "（{date}）",
    },
}
