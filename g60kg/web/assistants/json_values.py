"""RDF terms, evidence and sources as compact JSON values for assistants."""

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
from g60kg.row_formats.evidence_rows import python_value
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.web.assistants.answer_pages import Mentioned
from g60kg.web.views.open_graph import Context

#: Members of a source that are shown with it.
_OF_SOURCE = ("url", "date", "publisher")


@dataclass(frozen=True)
class OpenGraph:
    """The graph that a tool reads, with labels in the language of the call."""

    context: Context
    labels: Labels

    @property
    def store(self) -> LocalStore:
        """The store of the graph."""
        return self.context.store

    def named(self, iri: NamedNode) -> dict[str, str]:
        """Return an entity as ``id``, its CURIE, and ``label``, if it has one.

        The label of an observation without one is its figure with unit and period.
        """
        label = self.labels.of(iri) or figure_label(self.store, self.labels, iri)
        return {"id": compact(iri.value), **({"label": label.value} if label else {})}

    def value(self, term: Term | None) -> Any:
        """Return an IRI as ``id`` and ``label``, and any other term as :func:`literal_value`."""
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
        """Return at most ``limit`` (or ``usual``) rows of a query from the call's ``offset``."""
        page = {"limit": given.get("limit", usual), "offset": given.get("offset", 0)}
        return run_named(self.store, query, terms, evidence=evidence, labels=self.labels, **page)

    def evidence(self, found: Iterable[Quotation]) -> tuple[list[dict[str, str]], Mentioned]:
        """Return references to pieces of evidence, in order, and the entries that they refer to.

        A reference has the identifier of the evidence, its Fact and the Fact's modality. The
        entries are pieces of evidence and sources, by the member ``evidence`` or ``sources`` and by
        identifier.
        """
        references, entries, sources = [], {}, {}
        for one in found:
            key, source = compact(one.iri), compact(one.article)
            references.append({"id": key, "fact": compact(one.fact), "modality": one.modality})
            entries[key] = _evidence(one)
            if source and source not in sources:
                sources[source] = self.source(NamedNode(one.article))
        return references, {"evidence": entries, "sources": sources}

    def reader(self) -> EvidenceReader:
        """Return a new reader of evidence."""
        return EvidenceReader(self.store, self.labels)

    def source(self, iri: NamedNode) -> dict[str, str]:
        """Return the label of a source, and its address, date and publisher if it has them."""
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
    """Return a literal as a number, a boolean or text; a blank node as text; None for None.

    >>> literal_value(Literal(3)), literal_value(Literal("杭州", language="zh"))
    (3, '杭州')
    """
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    value = python_value(term)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def exact_value(term: Term | None) -> Any:
    """Return a term of a SPARQL result as JSON in which a text cannot look like an IRI.

    An IRI is an object with ``iri``, and a literal with a language an object with ``text`` and
    ``language``. Other terms are as in :func:`literal_value`.

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
