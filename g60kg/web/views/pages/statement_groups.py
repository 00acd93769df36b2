"""Statements of a page by property: all facts of an entity with few, the first of a large one.

Each group has the number of all its facts, so that a page says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import FACT_PREDICATE, HAS_OBSERVATION, OBSERVED_MEASURE
from g60kg.stores.base import Term
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.term_pages import MOST
from g60kg.web.views.pages.view_models import FactModel, Group, Statement, TermModel

#: On a page with more than MOST facts: about how many it shows, and the fewest of a group.
SHOWN: Final = 100
FEWEST_OF_GROUP: Final = 5


@dataclass(slots=True)
class _Facts:
    """The facts of a group by value, each with its named graph, and the number of all."""

    by_value: dict[Term, list[tuple[NamedNode, str]]] = field(default_factory=dict)
    count: int = 0

    def first(self, most: int) -> Iterator[NamedNode]:
        """Yield the first facts: one of each value in turn."""
        in_turn = chain.from_iterable(zip_longest(*self.by_value.values()))
        yield from (fact for fact, _ in islice(filter(None, in_turn), most))


def grouped(reader: PageReader, facts: Sequence[NamedNode], part: NamedNode) -> list[Group]:
    """Return the groups of facts: up to MOST, or about SHOWN of more.

    Args:
        reader: of the page.
        facts: sorted; all of them have the same subject or object.
        part: the property of facts whose values differ: g60:factObject or g60:factSubject.
    """
    if len(facts) <= MOST:
        return _groups(reader, facts)
    read = _read(reader, facts, part)
    most = max(FEWEST_OF_GROUP, min(SHOWN // 2, SHOWN // len(read)))
    shown = [fact for some in read.values() for fact in some.first(most)]
    return [_counted(group, read[group.predicate.iri or ""]) for group in _groups(reader, shown)]


def _read(reader: PageReader, facts: Sequence[NamedNode], part: NamedNode) -> dict[str, _Facts]:
    """Return the facts by the IRI of their property, a figure's by its measure."""
    found: dict[str, _Facts] = {}
    measures: dict[Term, str] = {}
    for fact in facts:
        stated = next(iter(reader.store.quads(fact, FACT_PREDICATE, None)), None)
        value = next(iter(reader.objects(fact, part)), None)
        if stated is None or value is None or not isinstance(stated.object, NamedNode):
            continue
        name = stated.object.value
        if stated.object == HAS_OBSERVATION and isinstance(value, NamedNode):
            if value not in measures:
                measure = next(iter(reader.objects(value, OBSERVED_MEASURE)), None)
                measures[value] = measure.value if isinstance(measure, NamedNode) else name
            name = measures[value]
        group = found.setdefault(name, _Facts())
        group.by_value.setdefault(value, []).append((fact, str(stated.graph_name)))
        group.count += 1
    return found


def _counted(group: Group, read: _Facts) -> Group:
    """Return a group with the number of its facts and of the sources that it does not show."""
    shown = {fact.iri for one in group.statements for fact in one.facts}
    graphs = {
        fact.value: (graph, facts)
        for facts in read.by_value.values()
        for fact, graph in facts
        if fact.value in shown
    }

    def further(statement: Statement) -> int:
        facts = graphs[statement.facts[0].iri][1]
        mine = {graphs[fact.iri][0] for fact in statement.facts}
        return len({graph for _, graph in facts} - mine)

    statements = (
        Statement(one.subject, one.predicate, one.value, one.facts, further_sources=further(one))
        for one in group.statements
    )
    return Group(group.predicate, tuple(statements), count=read.count)


def _groups(reader: PageReader, nodes: Sequence[NamedNode]) -> list[Group]:
    facts = [fact for fact in map(reader.fact, nodes) if fact is not None]
    triples: dict[tuple[TermModel, TermModel, TermModel], list[FactModel]] = {}
    for fact in facts:
        triples.setdefault((fact.subject, fact.predicate, fact.value), []).append(fact)
    statements = sorted(
        (Statement(*triple, tuple(behind)) for triple, behind in triples.items()),
        key=lambda one: (one.value.text, one.subject.text),
    )
    statements.sort(key=_period, reverse=True)
    groups: dict[TermModel, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.predicate, []).append(statement)
    return sorted(
        (Group(prop, tuple(members)) for prop, members in groups.items()),
        key=lambda group: (not _in_articles(group), _kind(group), group.predicate.text),
    )


def _period(one: Statement) -> str:
    """Return the period of a figure, so that the latest comes first; empty for other values."""
    return (one.value.figure.period or "") if one.value.figure else ""


def _kind(group: Group) -> int:
    """Return the place of a group: related entities, then figures, then texts."""
    value = group.statements[0].value
    return 1 if value.figure else 0 if value.iri else 2


def _in_articles(group: Group) -> bool:
    """Whether an article states any of it; groups from data sets alone come last."""
    quotes = (quote for one in group.statements for fact in one.facts for quote in fact.quotes)
    return any(quote.source.is_article for quote in quotes)
