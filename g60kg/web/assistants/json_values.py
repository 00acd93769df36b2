"""RDF terms, evidence and sources as compact JSON values for assistants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quotation
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.figure_text import figure_label
from g60kg.namespaces import compact
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import NamedQuery
from g60kg.queries.execution import run_named
from g60kg.row_formats.evidence_rows import plain
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.web.assistants.answer_pages import Mentioned
from g60kg.web.views.open_graph import Context

#: Members of a source that are shown with it.
_OF_SOURCE = ("url", "date", "publisher")


@dataclass(frozen=True)
class OpenGraph:
    """The graph that a tool reads, with the labels of the call's language."""

    context: Context
    labels: Labels

    @property
    def store(self) -> LocalStore:
        """The store of the graph."""
        return self.context.store

    def named(self, iri: NamedNode) -> dict[str, str]:
        """Return an entity with its CURIE and label; an observation's label is its figure."""
        label = self.labels.of(iri) or figure_label(self.store, self.labels, iri)
        return {"id": compact(iri.value), **({"label": label.value} if label else {})}

    def value(self, term: Term | None) -> Any:
        """Return a term: an IRI as an object with ``id`` and ``label``, a literal as its value."""
        return self.named(term) if isinstance(term, NamedNode) else literal_value(term)

    def answer(
        self,
        query: NamedQuery,
        terms: Mapping[str, Term],
        given: Mapping[str, Any],
        *,
        evidence: bool,
        usual: int,
    ) -> Answer:
        """Return the rows of a canned query that a call asks for, by default ``usual`` ones."""
        page = {"limit": given.get("limit", usual), "offset": given.get("offset", 0)}
        return run_named(self.store, query, terms, evidence=evidence, labels=self.labels, **page)

    def evidence(self, found: Iterable[Quotation]) -> tuple[list[dict[str, str]], Mentioned]:
        """Return references to evidence, each with its fact and modality, and their entries."""
        references, entries, sources = [], {}, {}
        for one in found:
            key, source = compact(one.iri), compact(one.article)
            references.append({"id": key, "fact": compact(one.fact), "modality": one.modality})
            entries[key] = _evidence(one)
            if source and source not in sources:
                sources[source] = self.source(NamedNode(one.article))
        return references, {"evidence": entries, "sources": sources}

    def reader(self) -> EvidenceReader:
        """Return a reader of evidence."""
        return EvidenceReader(self.store, self.labels)

    def source(self, iri: NamedNode) -> dict[str, str]:
        """Return the label, address, date and publisher of a source."""
        found = self.reader().source(iri)
        members = {name: getattr(found, name) for name in _OF_SOURCE if getattr(found, name)}
        return {"label": self.labels.text(iri), **members}


def _evidence(one: Quotation) -> dict[str, Any]:
    members = {
        "kind": one.kind.value,
        "quote": one.quote or None,
        "locator": one.locator or None,
        "source": compact(one.article) or None,
        "start": one.start,
        "end": one.end,
        "grade": one.grade,
        "checked_on": one.checked_on,
    }
    return {name: value for name, value in members.items() if value is not None}


def literal_value(term: Term | None) -> Any:
    """Return a literal or blank node: a number, a boolean, or text.

    >>> literal_value(Literal(3)), literal_value(Literal("杭州", language="zh"))
    (3, '杭州')
    """
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    value = plain(term)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def exact_value(term: Term | None) -> Any:
    """Return a term of a SPARQL result: an IRI is an object, so that no text can look like one.

    >>> exact_value(NamedNode("https://w3id.org/g60kg/id/hangzhou"))
    {'iri': 'id:hangzhou'}
    >>> exact_value(Literal("杭州", language="zh"))
    {'text': '杭州', 'language': 'zh'}
    """
    if isinstance(term, NamedNode):
        return {"iri": compact(term.value)}
    if isinstance(term, Literal) and term.language:
        return {"text": term.value, "language": term.language}
    return literal_value(term)
