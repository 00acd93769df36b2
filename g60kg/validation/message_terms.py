"""Texts for messages: labels, figures, and the quotations that support facts."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.facts import Fact
from g60kg.model.figure_text import figure_text
from g60kg.model.observations import read_observation
from g60kg.namespaces import compact
from g60kg.stores.base import GraphStore, Term
from g60kg.validation.texts import check_texts

#: Maximum quotations and values in a message; the rest are counted.
SHOWN: Final = 3


class MessageTerms:
    """Texts in one language for terms and facts of a store."""

    def __init__(self, store: GraphStore, language: str) -> None:
        self._labels = Labels(store, language)
        self._store = store
        self._quotes = EvidenceReader(store, self._labels)
        self._words = check_texts("evidence", language)

    def label(self, node: Term) -> str | None:
        """Return the label of an IRI in the language, else in English, else in any language.

        None if there is no label, or the node is not an IRI.
        """
        found = self._labels.of(node)
        return None if found is None else found.value

    def name(self, node: Term) -> str:
        """Return the label of a node, else the CURIE or IRI, literal text, or blank node label."""
        label = self.label(node)
        if label is not None:
            return label
        if isinstance(node, NamedNode):
            return compact(node.value)
        return f"_:{node.value}" if isinstance(node, BlankNode) else node.value

    def value(self, node: Term) -> str:
        """Return a figure as text, and any other node by its name."""
        figure = read_observation(self._store, node)
        if figure is None:
            return self.name(node)
        return figure_text(figure, self.name, self._labels.language)

    def evidence(self, facts: Iterable[Fact], further: int = 0) -> str:
        """Return the evidence of facts by source: ``Article: “words”; “more words”``.

        At most :data:`SHOWN` pieces of evidence are given; the number of the others plus
        ``further``, the number of Facts that were not read, follows unless it is 0. A passage is
        given by its locator.
        """
        found = self._quotes.evidence_of(fact.iri for fact in facts)
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
        """Return the first :data:`SHOWN` names and the number of the others.

        An example is ``Shanghai, Suzhou, Wuhu and 6 more``. Without names the text is empty.
        """
        names = list(parts)
        shown = self._words["comma"].join(names[:SHOWN])
        if len(names) <= SHOWN:
            return shown
        return self._words["others"].format(shown=shown, count=len(names) - SHOWN, total=len(names))

    def _quoted(self, quoted: Quotation) -> str:
        words = quoted.locator if quoted.kind is EvidenceKind.PASSAGE else quoted.quote
        return self._words[quoted.kind].format(words=words)
