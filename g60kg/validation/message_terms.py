"""Texts for messages: labels, figures, and the quotations that support facts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.facts import Fact
from g60kg.model.observations import Observation, read_observation
from g60kg.namespaces import compact, g60, local_name, term
from g60kg.stores.base import GraphStore, Term

#: Maximum quotations and values in a message; the rest are counted.
SHOWN: Final = 3

_EXACTLY: Final = g60("Exactly")
_COUNT: Final = term("unit:NUM")


class MessageTerms:
    """Texts in one language for terms and facts of a store."""

    def __init__(self, store: GraphStore, language: str) -> None:
        self._labels = Labels(store, language)
        self._store = store
        self._quotes = EvidenceReader(store, self._labels)
        self._words = _WORDS.get(language, _WORDS["en"])

    def label(self, node: Term) -> str | None:
        """Return the label of a node, or None."""
        found = self._labels.of(node)
        return None if found is None else found.value

    def name(self, node: Term) -> str:
        """Return the label of a node, else its CURIE, IRI or literal text."""
        label = self.label(node)
        if label is not None:
            return label
        if isinstance(node, NamedNode):
            return compact(node.value)
        return f"_:{node.value}" if isinstance(node, BlankNode) else node.value

    def value(self, node: Term) -> str:
        """Return a figure as comparator, number, unit and date; another node by its name."""
        figure = read_observation(self._store, node)
        return self.name(node) if figure is None else self._figure(figure)

    def evidence(self, facts: Iterable[Fact], further: int = 0) -> str:
        """Return the evidence of facts by source: ``Article: “words”; “more words”``.

        Args:
            facts: the Facts; the first few quotations are given, the rest counted.
            further: the number of further Facts, which were not read.
        """
        found = self._quotes.behind(fact.iri for fact in facts)
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
        """Return the first few of some names: ``Shanghai, Suzhou, Wuhu and 6 more``."""
        names = list(parts)
        shown = self._words["comma"].join(names[:SHOWN])
        if len(names) <= SHOWN:
            return shown
        return self._words["others"].format(shown=shown, count=len(names) - SHOWN, total=len(names))

    def _figure(self, figure: Observation) -> str:
        parts = [] if figure.measure is None else [f"{self.name(figure.measure)}:"]
        if figure.comparator is not None and figure.comparator != _EXACTLY:
            parts.append(self.name(figure.comparator))
        number = "?" if figure.number is None else grouped(figure.number)
        if figure.upper is not None:
            number += f"–{grouped(figure.upper)}"
        parts.append(figure.fraction or number)
        if figure.unit is not None and figure.unit != _COUNT:
            parts.append(local_name(figure.unit.value))
        if figure.period is not None:
            parts.append(self._words["period"].format(date=figure.period))
        return " ".join(parts)

    def _quoted(self, quoted: Quotation) -> str:
        words = quoted.locator if quoted.kind is EvidenceKind.PASSAGE else quoted.quote
        return self._words[quoted.kind].format(words=words)


def grouped(number: Decimal) -> str:
    """Return a number with thousands separators.

    >>> grouped(Decimal("57920000")), grouped(Decimal("13.80"))
    ('57,920,000', '13.8')
    """
    plain = number.normalize()
    return f"{plain:,f}"


def written(node: Term) -> str:
    """Return a finding's ``value`` of a node: IRI, text or blank node label."""
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value


_WORDS: Final = {
    "en": {
        "source": "{source}: {quotes}",
        "quotation": "“{words}”",
        "passage": "{words}",
        "record": "record {words}",
        "between": "; ",
        "more": "and {count} more",
        "comma": ", ",
        "others": "{shown} and {count} more",
        "period": "({date})",
    },
    "zh": {
        "source": "{source}：{quotes}",
        "quotation": "“{words}”",
        "passage": "{words}",
        "record": "记录 {words}",
        "between": "；",
        "more": "另有 {count} 处",
        "comma": "、",
        "others": "{shown}等 {total} 项",
        "period": "({date})",
    },
}
