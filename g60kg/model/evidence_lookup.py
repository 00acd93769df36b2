"""Labels of IRIs and evidence of Facts, read from a store and cached."""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.evidence import EvidenceKind, Quotation, grade_of
from g60kg.model.facts import read_fact
from g60kg.model.sources import read_source
from g60kg.namespaces import LABEL, A, local_name
from g60kg.stores.base import GraphStore, Term, objects_by_predicate

#: Maximum number of cached labels: some tens of megabytes.
MAX_LABELS: Final = 100_000
_MOST_FACTS: Final = 1_000
_OFFSET: Final = re.compile("[0-9]{1,9}")


class Labels:
    """Labels of IRIs in a language, else in English, else in any language."""

    def __init__(self, store: GraphStore, language: str) -> None:
        self.language = language
        self._label = lru_cache(MAX_LABELS)(partial(_best_label, store, language))

    def of(self, term: Term | None) -> Literal | None:
        """Return the label of an IRI; None for another term or an IRI without a label."""
        return self._label(term) if isinstance(term, NamedNode) else None

    def text(self, iri: NamedNode) -> str:
        """Return the label of an IRI, or its local name if it has none."""
        label = self.of(iri)
        return label.value if label else local_name(iri.value)


def _best_label(store: GraphStore, language: str, iri: NamedNode) -> Literal | None:
    order = {language: 0, "en": 1}

    def rank(label: Literal) -> tuple[int, str]:
        return order.get((label.language or "").partition("-")[0], 2), label.value

    labels = (one for one in store.objects(iri, LABEL) if isinstance(one, Literal))
    return min(labels, key=rank, default=None)


class EvidenceReader:
    """Reader of the evidence of Facts, with a cache."""

    def __init__(self, store: GraphStore, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        #: Returns a Fact by its IRI; the last ones are kept.
        self.fact = lru_cache(_MOST_FACTS)(partial(read_fact, store))
        #: Returns the description of an article or a data set by its IRI.
        self.source = lru_cache(_MOST_FACTS)(partial(read_source, store, language=labels.language))
        self._found: dict[str, tuple[Quotation, ...]] = {}

    def prefetch(self, facts: Iterable[NamedNode]) -> None:
        """Let the store prefetch the evidence of Facts."""
        self._store.prefetch(facts, (ns.HAS_EVIDENCE,), (ns.HAS_SELECTOR, ns.HAS_SOURCE))

    def evidence_of(self, facts: Iterable[NamedNode]) -> tuple[Quotation, ...]:
        """Return the evidence of Facts, sorted by article and offset.

        Evidence that supports several of the Facts with one modality is returned once, for the
        first of these Facts by IRI.
        """
        found: dict[tuple[object, ...], Quotation] = {}
        for fact in sorted(facts, key=lambda fact: fact.value):
            if fact.value not in self._found:
                self._found[fact.value] = self._of_fact(fact)
            for one in self._found[fact.value]:
                key = (one.article, one.start, one.end, one.quote, one.locator, one.modality)
                found.setdefault(key, one)
        return tuple(sorted(found.values(), key=_in_the_text))

    def _of_fact(self, fact: NamedNode) -> tuple[Quotation, ...]:
        found = self.fact(fact)
        quoted = [
            self.of(evidence, fact.value, found.modality)
            for evidence in found.parts.get(ns.HAS_EVIDENCE, ())
            if isinstance(evidence, NamedNode)
        ]
        return tuple(sorted(quoted, key=_in_the_text))

    def of(self, evidence: NamedNode, fact: str = "", modality: str = "") -> Quotation:
        """Return the quotation, passage or record of an IRI; without text or source if unknown.

        ``fact`` and ``modality`` are those of the Fact that it supports.
        """
        about = objects_by_predicate(self._store.quads(evidence))
        source = next(iter(about.get(ns.HAS_SOURCE, ())), None)
        article = source if isinstance(source, NamedNode) else None
        if ns.RECORD_KEY in about:
            kind = EvidenceKind.RECORD
        else:
            passage = ns.NORMALIZED_DIGEST in about
            kind = EvidenceKind.PASSAGE if passage else EvidenceKind.QUOTATION
        words, places = selected(self._store, about.get(ns.HAS_SELECTOR, ()))
        start, end = min(places, default=(None, None))
        if kind is not EvidenceKind.QUOTATION:
            # The text of a passage is never shown, even if the graph has it against the rules.
            shown = about.get(ns.RECORD_TEXT) or about.get(ns.RECORD_KEY) or []
            words = "".join(text.value for text in shown[:1])
        verdict = next(iter(about.get(ns.VERDICT, ())), None)
        checked = next(iter(about.get(ns.CHECKED_ON, ())), None)
        return Quotation(
            quote=words,
            article="" if article is None else article.value,
            article_label="" if article is None else self._labels.text(article),
            start=start,
            end=end,
            modality=modality,
            fact=fact,
            kind=kind,
            locator="; ".join(sorted({text.value for text in about.get(ns.LOCATOR, ())})),
            grade=grade_of(kind, verdict),
            checked_on=None if checked is None else checked.value,
            iri=evidence.value,
            source=None if article is None else self.source(article),
        )


def selected(store: GraphStore, selectors: Iterable[Term]) -> tuple[str, list[tuple[int, int]]]:
    """Return the quoted text of the last selector with one, or "", and all positions.

    A position has start and end in code points; one that is not two numbers is left out.
    """
    words = ""
    places: list[tuple[int, int]] = []
    for selector in selectors:
        if isinstance(selector, (NamedNode, BlankNode)):
            quads = reversed([*store.quads(selector)])
            parts = {q.predicate: q.object.value for q in quads if isinstance(q.object, Literal)}
            words = parts.get(ns.EXACT) or words
            start, end = parts.get(ns.START, ""), parts.get(ns.END, "")
            if _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end):
                places.append((int(start), int(end)))
    return words, places


def stated_evidence(store: GraphStore, stated: GraphStore, kind: NamedNode) -> list[NamedNode]:
    """Return the evidence that ``stated`` describes, uses for Facts or has a verdict on.

    It is sorted by IRI. ``kind`` is its class, which ``stated`` or else ``store`` gives.
    """
    nodes = set(stated.subjects(A, kind))
    used = (quad.object for quad in stated.quads(None, ns.HAS_EVIDENCE, None))
    judged = (quad.subject for quad in stated.quads(None, ns.VERDICT, None))
    for node in chain(used, judged):
        if isinstance(node, NamedNode) and node not in nodes and kind in store.objects(node, A):
            nodes.add(node)
    return sorted(nodes, key=str)


def _in_the_text(one: Quotation) -> tuple[str, int, int, str, str]:
    return (one.article, one.start or 0, one.end or 0, one.quote + one.locator, one.modality)
