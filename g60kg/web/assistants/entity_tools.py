"""Tools about entities: search, description, evidence, and statements in conflict."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.errors import UnknownName, UsageError
from g60kg.model.evidence import best_grade
from g60kg.model.facts import ASSERTED, FACT_TRIPLE, read_fact
from g60kg.model.history import retraction_of
from g60kg.namespaces import A, compact, expand
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import named_query
from g60kg.queries.entity_search import QUOTED, FoundEntity, TellingFacts, search_entities
from g60kg.web.assistants.answer_pages import MOST_ROWS, Answered, Row, listed
from g60kg.web.assistants.json_values import OpenGraph
from g60kg.web.views.open_graph import facts_with

_DETAILS = {
    "time": ns.TIME,
    "attributed_to": ns.ATTRIBUTED_TO,
    "verbatim": ns.VERBATIM,
    "note": ns.COMMENT,
}


def search(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the entities that match a text, best first, with what matches and a few facts each.

    With ``class``, only its members and those of its subclasses. Without a match, there are no
    rows, and ``nearest`` lists the entities with the most similar names.
    """
    found = search_entities(graph.store, graph.context.resolver, given["text"])
    if of_class := given.get("class"):
        vocabulary = graph.context.vocabulary
        kinds = vocabulary.subclasses(vocabulary.class_names.find(of_class, "class"))
        found = [entry for entry in found if not kinds.isdisjoint(_classes(graph, entry.iri))]
    nearest = () if found else graph.context.resolver.nearest(given["text"])
    data = {"nearest": list(map(graph.named, nearest))} if not found else {}
    telling = TellingFacts(graph.store, graph.labels.language)

    def row(entry: FoundEntity) -> Row:
        return Row({
            **graph.named(entry.iri),
            "class": graph.named(entry.kind),
            "rank": entry.rank,
            ("quotations" if entry.rank == QUOTED else "names"): [
                one.value for one in entry.matched
            ],
            "facts": [
                {
                    "property": graph.named(fact.predicate),
                    "value": graph.value(fact.value),
                    "further": fact.further,
                    **({"direction": "in"} if fact.is_inverse else {}),
                    **({"modality": fact.modality} if fact.modality != ASSERTED else {}),
                }
                for fact in telling.of(entry.iri)
            ],
        })  # fmt: skip

    return listed(data, "entities", found, row, given)


def describe(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return what :func:`entity_and_facts` returns for the entity with the name ``entity``."""
    return entity_and_facts(graph, graph.context.resolver.entity(given["entity"]), given)


def entity_and_facts(graph: OpenGraph, iri: NamedNode, given: dict[str, Any]) -> Answered:
    """Return an entity's names and classes, with the Facts whose subject or value it is as rows.

    For a Fact, that Fact is the only row.
    """
    about, mentions = (
        facts_with(graph.store, part, iri) for part in (ns.FACT_SUBJECT, ns.FACT_OBJECT)
    )
    facts = [iri] if _is_fact(graph, iri) else list(dict.fromkeys([*about, *mentions]))
    return listed(introduced(graph, iri), "facts", facts, partial(_fact, graph), given)


def introduced(graph: OpenGraph, iri: NamedNode) -> dict[str, Any]:
    """Return an entity's CURIE, label, names by language ("und" without a language) and classes."""
    names: dict[str, list[str]] = {}
    for naming in ns.NAMING:
        for label in sorted(set(graph.store.objects(iri, naming)), key=str):
            if isinstance(label, Literal):
                names.setdefault(label.language or "und", []).append(label.value)
    return {
        **graph.named(iri),
        "names": names,
        "classes": [graph.named(NamedNode(kind)) for kind in sorted(_classes(graph, iri))],
    }


def evidence(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the evidence of ``fact``, or of the Facts with the subject ``entity``.

    A row names those of these Facts that it supports, and no others. Raise UsageError
    unless exactly one of ``fact`` and ``entity`` is given.
    """
    if ("fact" in given) == ("entity" in given):
        raise UsageError("Give one of the arguments fact and entity.")
    if "fact" in given:
        facts = [fact_named(graph, given["fact"])]
    else:
        entity = graph.context.resolver.entity(given["entity"])
        facts = facts_with(graph.store, ns.FACT_SUBJECT, entity)
    supported: dict[str, list[NamedNode]] = {}
    for fact in facts:
        for node in graph.store.objects(fact, ns.HAS_EVIDENCE):
            if isinstance(node, NamedNode):
                supported.setdefault(node.value, []).append(fact)

    def row(iri: str) -> Row:
        return evidence_row(graph, NamedNode(iri), supported[iri])

    return listed({}, "evidence", sorted(supported), row, given)


def evidence_row(graph: OpenGraph, node: NamedNode, facts: list[NamedNode]) -> Row:
    """Return the row of a piece of evidence, with the statements of the given Facts."""
    _, mentioned = graph.evidence([graph.reader().of(node)])
    entry = mentioned["evidence"][compact(node.value)]
    statements = [_statement(graph, fact) for fact in dict.fromkeys(facts)]
    return Row(
        {"id": compact(node.value), **dict(entry), "facts": statements},  # type: ignore[call-overload]  # entries are objects
        {"sources": mentioned["sources"]},
    )


def conflicts(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return pairs of values that cannot both be true, each with its source and evidence.

    With ``otherSubject`` in a row, an entity that may be the same, the conflict is only
    possible. With ``entity``, only the pairs about that entity.
    """
    query = named_query("conflicts")
    entity = given.get("entity")
    terms = {"entity": graph.context.resolver.entity(entity)} if entity else {}
    answer = graph.answer(query, terms, given, evidence=True, usual=MOST_ROWS)
    offset = given.get("offset", 0)
    return Answered({}, "conflicts", _pairs(graph, answer), offset, lambda: answer.cut)


def _pairs(graph: OpenGraph, answer: Answer) -> Iterator[Row]:
    for cells, quoted in answer.stream():
        row = dict(zip(answer.columns, cells, strict=True))
        references, mentioned = graph.evidence(quoted)
        by_source: dict[str, list[dict[str, str]]] = {}
        for reference, one in zip(references, quoted, strict=True):
            by_source.setdefault(compact(one.article), []).append(reference)
        sides = []
        for value, source, date, sources in (
            ("value", "article", "date", "sources"),
            ("otherValue", "otherArticle", "otherDate", "otherSources"),
        ):
            named = graph.value(row[source])
            sides.append(
                {
                    "value": graph.value(row[value]),
                    "source": named,
                    "date": graph.value(row[date]),
                    "sources": graph.value(row[sources]),
                    "evidence": by_source.get(named["id"], []) if named else [],
                }
            )
        yield Row(
            {
                "subject": graph.value(row["subject"]),
                "property": graph.value(row["property"]),
                "sides": sides,
                **({"otherSubject": graph.value(other)} if (other := row["otherSubject"]) else {}),
            },
            mentioned,
        )


def fact_named(graph: OpenGraph, name: str) -> NamedNode:
    """Return the Fact with a CURIE, an IRI or a local name; raise UnknownName without one."""
    iri = expand(name) or expand(f"fact:{name}")
    if iri is None or not _is_fact(graph, iri):
        raise (iri and retraction_of(graph.store, iri)) or UnknownName(
            f"No fact {name[:80]}.",
            hint="Facts are named in the answers of describe and run_query.",
        )
    return iri


def _is_fact(graph: OpenGraph, iri: NamedNode) -> bool:
    return any(graph.store.quads(iri, A, ns.FACT))


def _classes(graph: OpenGraph, iri: NamedNode) -> set[str]:
    return {one.value for one in graph.store.objects(iri, A) if isinstance(one, NamedNode)}


def _statement(graph: OpenGraph, iri: NamedNode) -> dict[str, Any]:
    fact = read_fact(graph.store, iri)
    subject, predicate, value = map(fact.first, FACT_TRIPLE)
    return {
        "id": compact(iri.value),
        "subject": graph.value(subject),
        "property": graph.value(predicate),
        "value": graph.value(value),
        "modality": fact.modality,
    }


def _fact(graph: OpenGraph, iri: NamedNode) -> Row:
    fact = read_fact(graph.store, iri)
    quotations = graph.reader().evidence_of([iri])
    references, mentioned = graph.evidence(quotations)
    details = {
        name: graph.value(found)
        for name, predicate in _DETAILS.items()
        if (found := fact.first(predicate)) is not None
    }
    return Row(
        {
            **_statement(graph, iri),
            **details,
            "grade": best_grade(quotations),
            "evidence": [reference["id"] for reference in references],
        },
        mentioned,
    )
