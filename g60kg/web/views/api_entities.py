"""Jobs of the JSON API: an entity with its facts, the entities of a class, the search."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.evidence import Quotation, best_grade
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.facts import FACT_TRIPLE, read_fact
from g60kg.model.observations import read_observation
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    ATTRIBUTED_TO,
    COMMENT,
    DATASET_RECORD,
    FACT,
    FACT_OBJECT,
    FACT_SUBJECT,
    LABEL,
    OBSERVATION,
    PASSAGE,
    PREFIXES,
    QUOTATION,
    TIME,
    VERBATIM,
    A,
    compact,
    expand,
    g60,
    local_name,
)
from g60kg.queries.entity_search import TellingFacts, search_entities
from g60kg.stores.base import GraphStore, Term
from g60kg.web.views.open_graph import Context, current, facts_with, lookup
from g60kg.web.views.query_results import Written


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


#: Facts, evidence and quantities are not listed as entities.
_BEHIND: Final = frozenset(
    kind.value for kind in (FACT, g60("Evidence"), QUOTATION, PASSAGE, DATASET_RECORD, OBSERVATION)
)


def entity_named(name: str) -> NamedNode:
    """Return the entity of a local name, a label, a CURIE or an IRI; raise UsageError."""
    context = current()
    local = expand(f"id:{name}") if expand(name) is None else None
    if local is not None and any(True for _ in context.store.quads(local, A, None)):
        return local
    return context.resolver.entity(name)


@lookup
def described(name: str, language: str, limit: int, offset: int) -> Written:
    """Return an entity as JSON: its names, its classes, and the facts with it as subject or value.

    The page applies to each kind of facts.
    """
    context, iri = current(), entity_named(name)
    context.need_process_unless_small(iri)
    descriptions = Descriptions(context.store, context.labels(language))
    page = slice(offset, offset + limit)
    about, naming = (facts_with(context.store, part, iri) for part in (FACT_SUBJECT, FACT_OBJECT))
    more = max(len(about), len(naming)) > page.stop
    complete = not more and offset == 0
    content = {
        **descriptions.named(iri),
        "labels": descriptions.labels(iri),
        "types": descriptions.types(iri),
        "facts": [descriptions.fact(fact) for fact in about[page]],
        "namedBy": [descriptions.fact(fact) for fact in naming[page]],
        "totals": {"facts": len(about), "namedBy": len(naming)},
        "complete": complete,
    }
    return Written(_json(content), complete, len(about[page]) + len(naming[page]), more)


def listed(class_: str | None, language: str, limit: int, offset: int) -> Written:
    """Return the entities of a class and its subclasses, sorted by IRI; without a class, all."""
    context = current()
    wanted = None if class_ is None else context.vocabulary.class_names.find(class_, "class")
    found = sorted(members(context, wanted))
    descriptions = Descriptions(context.store, context.labels(language))
    content = {
        "class": None if wanted is None else descriptions.named(wanted),
        "entities": [
            {
                **descriptions.named(NamedNode(iri)),
                "labels": descriptions.labels(NamedNode(iri)),
                "types": descriptions.types(NamedNode(iri)),
            }
            for iri in found[offset : offset + limit]
        ],
    }
    return _page(content, "entities", len(found), limit, offset)


def members(context: Context, wanted: NamedNode | None) -> set[str]:
    """Return the IRIs of the entities of a class and its subclasses; without a class, of all."""
    if wanted is None:
        above = context.vocabulary.superclasses
        kinds = [kind for kind, upper in above.items() if not upper & _BEHIND]
    else:
        kinds = list(context.vocabulary.subclasses(wanted))
    return {
        quad.subject.value
        for kind in kinds
        if kind.startswith(PREFIXES["g60"])
        for quad in context.store.quads(None, A, NamedNode(kind))
        if isinstance(quad.subject, NamedNode)
        and (wanted is not None or not quad.subject.value.startswith(PREFIXES["g60"]))
    }


def found(text: str, language: str, limit: int, offset: int) -> Written:
    """Return the entities with the words of a text in a name or a quotation; best matches first."""
    context = current()
    descriptions = Descriptions(context.store, context.labels(language))
    telling = TellingFacts(context.store, language)
    ranked = search_entities(context.store, context.resolver, text)
    results = [
        {
            **descriptions.named(entry.iri),
            "class": descriptions.named(entry.kind),
            "rank": entry.rank,
            "matched": [one.value for one in entry.matched],
            "facts": [
                {
                    "property": descriptions.named(fact.predicate),
                    "value": descriptions.value(fact.value),
                    "further": fact.further,
                }
                for fact in telling.of(entry.iri)
            ],
        }
        for entry in ranked[offset : offset + limit]
    ]
    return _page({"text": text, "results": results}, "results", len(ranked), limit, offset)


def _page(content: dict[str, Any], member: str, total: int, limit: int, offset: int) -> Written:
    """Return a page of a list, which is a member of the content."""
    more = offset + limit < total
    complete = not more and offset == 0
    content |= {"total": total, "complete": complete}
    return Written(_json(content), complete, len(content[member]), more)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
