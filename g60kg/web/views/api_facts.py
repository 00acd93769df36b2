"""Resources and facts as JSON members: property, value, modality, time, figure and quotations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from g60kg.model.evidence import Quotation, best_grade
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.facts import FACT_TRIPLE, read_fact
from g60kg.model.observations import read_observation
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    ATTRIBUTED_TO,
    COMMENT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    LABEL,
    TIME,
    VERBATIM,
    A,
    compact,
    local_name,
)
from g60kg.stores.base import GraphStore, Term


class Descriptions:
    """JSON members of resources of a store, with labels in one language."""

    def __init__(self, store: GraphStore, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        self._quotes = EvidenceReader(store, self._labels)
        self._vocabulary = Vocabulary(store)

    def named(self, iri: NamedNode) -> dict[str, Any]:
        """Return a resource with its CURIE and label."""
        return {"iri": iri.value, "curie": compact(iri.value), "label": self._labels.text(iri)}

    def labels(self, iri: NamedNode) -> dict[str, str]:
        """Return the label in each language; the alphabetically first of several."""
        found: dict[str, str] = {}
        for quad in self._store.quads(iri, LABEL, None):
            if isinstance(quad.object, Literal):
                language = quad.object.language or "und"
                found[language] = min(quad.object.value, found.get(language, quad.object.value))
        return dict(sorted(found.items()))

    def types(self, iri: NamedNode) -> list[dict[str, Any]]:
        """Return the stated classes, sorted by IRI."""
        kinds = {quad.object.value for quad in self._store.quads(iri, A, None)
                 if isinstance(quad.object, NamedNode)}  # fmt: skip
        return [self.named(NamedNode(kind)) for kind in sorted(kinds)]

    def facts(self, subject: NamedNode) -> list[NamedNode]:
        """Return the facts about a resource, sorted by property."""
        return self._sorted_facts(FACT_SUBJECT, subject)

    def facts_naming(self, value: NamedNode) -> list[NamedNode]:
        """Return the facts with a resource as value, sorted by property."""
        return self._sorted_facts(FACT_OBJECT, value)

    def _sorted_facts(self, predicate: NamedNode, node: NamedNode) -> list[NamedNode]:
        quads = self._store.quads(None, predicate, node)
        facts = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted(facts, key=lambda fact: (self._property(fact), fact.value))

    def _property(self, fact: NamedNode) -> str:
        return min(map(str, self._store.objects(fact, FACT_PREDICATE)), default="")

    def fact(self, iri: NamedNode) -> dict[str, Any]:
        """Return a fact with its quotations."""
        fact = read_fact(self._store, iri)
        subject, predicate, value = map(fact.first, FACT_TRIPLE)
        quotations = self._quotes.behind([iri])
        return _without_none(
            {
                "iri": iri.value,
                "subject": self._named_or_none(subject),
                "property": self._named_or_none(predicate),
                "value": self.value(value),
                "modality": fact.modality,
                "time": self._text(fact.first(TIME)),
                "attributedTo": self._text(fact.first(ATTRIBUTED_TO)),
                "verbatim": self._text(fact.first(VERBATIM)),
                "note": self._text(fact.first(COMMENT)),
                "quotations": [_quotation(quoted) for quoted in quotations],
                "grade": best_grade(quotations),
            }
        )

    def value(self, value: Term | None) -> dict[str, Any]:
        """Return the object of a fact: exactly one of entity, figure and text."""
        if isinstance(value, NamedNode):
            figure = self._figure(value)
            return {"figure": figure} if figure else {"entity": self.named(value)}
        if isinstance(value, Literal):
            datatype = compact(value.datatype.value)
            is_text = datatype in ("xsd:string", "rdf:langString")
            return _without_none(
                {
                    "text": value.value,
                    "language": value.language,
                    "datatype": None if is_text else datatype,
                }
            )
        return {"text": "" if value is None else str(value)}

    def _figure(self, node: NamedNode) -> dict[str, Any] | None:
        """Return a figure with all that identifies it; None for another node."""
        found = read_observation(self._store, node)
        if found is None or found.number is None:
            return None
        notation = self._vocabulary.notation
        return _without_none(
            {
                "value": _json_number(found.number),
                "comparator": notation(found.comparator) if found.comparator else "exactly",
                "unit": self._named_or_none(found.unit),
                "measure": self._named_or_none(found.measure),
                "upper": None if found.upper is None else _json_number(found.upper),
                "fraction": found.fraction,
                "period": found.period,
                "categories": [self.named(one) for one in sorted(found.categories, key=str)]
                or None,
                "reference": self._named_or_none(found.area or found.ranking),
                "comparedWith": found.compared_with,
                "basis": found.basis,
                "status": local_name(found.status.value) if found.status else None,
            }
        )

    def _named_or_none(self, node: Term | None) -> dict[str, Any] | None:
        return self.named(node) if isinstance(node, NamedNode) else None

    def _text(self, node: Term | None) -> str | None:
        if isinstance(node, NamedNode):
            return self._labels.text(node)
        return node.value if isinstance(node, Literal) else None


def _quotation(quoted: Quotation) -> dict[str, Any]:
    return _without_none(
        {
            "quote": quoted.quote,
            "article": quoted.article,
            "articleLabel": quoted.article_label,
            "start": quoted.start,
            "end": quoted.end,
            "modality": quoted.modality,
            "fact": quoted.fact,
            "kind": quoted.kind,
            "locator": quoted.locator,
            "grade": quoted.grade,
            "checkedOn": quoted.checked_on,
        }
    )


def _without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _json_number(number: Decimal) -> int | float:
    """Return a JSON number: an integer where the value is one."""
    return int(number) if number == int(number) else float(number)
