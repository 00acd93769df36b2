"""What the page of one IRI shows: an entity, a source, a fact, a quotation, a term of the graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import (
    DATASET_RECORD,
    FACT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HISTORY_GRAPH,
    LABEL,
    ONTOLOGY_GRAPH,
    QUOTATION,
    A,
    g60,
    term,
)
from g60kg.web.views.open_graph import lookup
from g60kg.web.views.pages.page_reader import Reading
from g60kg.web.views.pages.source_pages import SourceView, source_view
from g60kg.web.views.pages.term_pages import (
    MOST,
    TermView,
    graph_view,
    term_view,
)
from g60kg.web.views.pages.view_models import (
    FactShown,
    Group,
    QuoteShown,
    Shown,
    Statement,
)

#: What leads to the same thing elsewhere.
_SAME: Final = (term("skos:exactMatch"), term("owl:sameAs"))


@dataclass(frozen=True, slots=True)
class EntityView:
    """An entity: what is stated of it, and what is stated of others and names it.

    Attributes:
        name: its label.
        other_names: its labels in other languages.
        classes: what it is.
        same: the same thing elsewhere.
        groups: the statements about it, by property.
        incoming: the statements whose value it is, by property.
        details: what is said of it without a fact.
        cut: whether there are more statements than are shown.
    """

    name: Shown
    other_names: tuple[Shown, ...]
    classes: tuple[Shown, ...]
    same: tuple[Shown, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    details: tuple[tuple[Shown, Shown], ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact with what stands behind it."""

    name: Shown
    fact: FactShown
    others: tuple[FactShown, ...]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quotation or record, and the facts that it supports."""

    name: Shown
    quote: QuoteShown
    facts: tuple[FactShown, ...]


ThingView = EntityView | SourceView | FactView | QuoteView | TermView


@lookup
def thing(iri: str, language: str) -> ThingView | None:
    """What the page of an IRI shows; None where the graph says nothing of it."""
    reading = Reading(language)
    node = NamedNode(iri)
    if node != HISTORY_GRAPH and any(reading.store.quads(None, None, None, node)):
        reading.context.need_process()
        return graph_view(reading, node)
    reading.context.need_process_unless_small(node)
    # A version of the ontology has the page of the ontology.
    node = next(iter(reading.pointing(term("owl:versionIRI"), node)), node)
    kinds = reading.objects(node, A)
    if FACT in kinds:
        return _fact(reading, node)
    if QUOTATION in kinds or DATASET_RECORD in kinds:
        return _quote(reading, node)
    if g60("Article") in kinds or g60("Dataset") in kinds:
        return source_view(reading, node)
    if any(True for _ in reading.store.quads(node, None, None, ONTOLOGY_GRAPH)):
        return term_view(reading, node)
    if not kinds:
        said = any(True for _ in reading.store.quads(node, None, None))
        return term_view(reading, node) if said else None
    ours = any(kind.value in reading.context.vocabulary.classes for kind in kinds)
    return _entity(reading, node) if ours else term_view(reading, node)


def _entity(reading: Reading, node: NamedNode) -> EntityView:
    about = reading.pointing(FACT_SUBJECT, node)
    naming = reading.pointing(FACT_OBJECT, node)
    groups = _grouped(reading, about[:MOST])
    doubtful = any(_in_doubt(reading, group) for group in groups)
    told = {group.predicate.iri for group in groups}
    left_out = {A.value, LABEL.value, *(same.value for same in _SAME), *told}
    labels = [reading.shown(label) for label in reading.objects(node, LABEL)]
    name = reading.shown(node)
    details = [
        (predicate, value)
        for predicate in reading.predicates(node)
        if predicate.value not in left_out
        for value in reading.objects(node, predicate)
    ]
    return EntityView(
        name=name,
        other_names=tuple(label for label in labels if label.text != name.text),
        classes=tuple(reading.shown(kind) for kind in reading.objects(node, A)),
        same=tuple(reading.shown(same) for way in _SAME for same in reading.objects(node, way)),
        groups=_with_conflicts(reading, node, groups) if doubtful else tuple(groups),
        incoming=tuple(_inverse(reading, group) for group in _grouped(reading, naming[:MOST])),
        details=tuple((reading.shown(name), reading.shown(value)) for name, value in details),
        cut=len(about) > MOST or len(naming) > MOST,
    )


def _grouped(reading: Reading, nodes: Iterable[NamedNode]) -> list[Group]:
    facts = [fact for fact in map(reading.fact, nodes) if fact is not None]
    triples: dict[tuple[Shown, Shown, Shown], list[FactShown]] = {}
    for fact in facts:
        triples.setdefault((fact.subject, fact.predicate, fact.value), []).append(fact)
    statements = sorted(
        (Statement(*triple, tuple(behind)) for triple, behind in triples.items()),
        key=lambda one: (one.value.text, one.subject.text),
    )
    groups: dict[Shown, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.predicate, []).append(statement)
    return sorted(
        (Group(prop, tuple(members)) for prop, members in groups.items()),
        key=lambda group: (not _in_articles(group), group.predicate.text),
    )


def _in_articles(group: Group) -> bool:
    """Whether an article states any of it: what is from data sets alone is shown last."""
    quotes = (quote for one in group.statements for fact in one.facts for quote in fact.quotes)
    return any(quote.source.is_article for quote in quotes)


def _inverse(reading: Reading, group: Group) -> Group:
    inverse = reading.inverses.get(group.predicate.iri or "")
    named = reading.shown(inverse) if inverse is not None else None
    return Group(group.predicate, group.statements, named)


def _in_doubt(reading: Reading, group: Group) -> bool:
    """Whether two sources speak of a property that leaves them no room to differ."""
    known = reading.context.vocabulary.properties.get(group.predicate.iri or "")
    if known is None or not (known.single_valued or known.closed_list):
        return False
    sources = {
        quote.source.name.iri
        for statement in group.statements
        for fact in statement.facts
        for quote in fact.quotes
    }
    return len(sources) > 1 and len(group.statements) > 1


def _with_conflicts(reading: Reading, node: NamedNode, groups: list[Group]) -> tuple[Group, ...]:
    """The groups, with what other sources state instead."""
    against = reading.rivals(node)
    return tuple(
        replace(
            group,
            statements=tuple(
                replace(one, against=against.get((one.subject, one.predicate, one.value), ()))
                for one in group.statements
            ),
        )
        for group in groups
    )


def _fact(reading: Reading, node: NamedNode) -> TermView | FactView:
    fact = reading.fact(node)
    if fact is None:
        return term_view(reading, node)
    reading.context.need_process_unless_small(NamedNode(fact.subject.iri or node.value))
    others = [
        reading.fact(other)
        for other in reading.pointing(FACT_SUBJECT, NamedNode(fact.subject.iri or ""))[:MOST]
        if other != node
        and reading.objects(other, FACT_PREDICATE) == reading.objects(node, FACT_PREDICATE)
        and reading.objects(other, FACT_OBJECT) == reading.objects(node, FACT_OBJECT)
    ]
    return FactView(reading.shown(node), fact, tuple(one for one in others if one is not None))


def _quote(reading: Reading, node: NamedNode) -> TermView | QuoteView:
    facts = [reading.fact(fact) for fact in reading.pointing(HAS_EVIDENCE, node)[:MOST]]
    found = [fact for fact in facts if fact is not None]
    quote = reading.quote(node)
    if quote is None:
        return term_view(reading, node)
    return QuoteView(reading.shown(node), quote, tuple(found))
