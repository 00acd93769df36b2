"""View models of the pages of IRIs: entities, Facts and evidence; selects those of other IRIs.

The page of an entity has all its Facts if they are few, otherwise the first ones of each property.
In the latter case, a group has the number of all its Facts: the page says how many it
leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice, zip_longest
from typing import ClassVar, Final

from pyoxigraph import NamedNode

from g60kg import namespaces as ns
from g60kg.model.facts import Facts
from g60kg.namespaces import LABEL, A, g60, term
from g60kg.stores.base import Term, rows
from g60kg.web.views.open_graph import lookup
from g60kg.web.views.pages.conflicting_values import conflicting_values
from g60kg.web.views.pages.figure_pages import FiguresOfMeasure, FigureView, figure_view, figures_of
from g60kg.web.views.pages.ontology_page import OntologyView, ontology_view
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.source_pages import SourceView, source_view
from g60kg.web.views.pages.term_pages import MOST, TermView, graph_view, term_view
from g60kg.web.views.pages.view_models import EvidenceModel, FactModel, Group, Statement, TermModel

#: The most facts of an entity whose page marks conflicting values. The comparison takes time with
#: the square of the sources: a second for 1,500 facts (measured); a canned query answers it.
MOST_COMPARED: Final = 1_000
#: The properties that link to the same entity in other data sets.
_SAME: Final = (term("schema:sameAs"), term("owl:sameAs"))
#: On a page with more than MOST facts: about how many it shows, and the fewest of a group.
SHOWN: Final = 100
FEWEST_OF_GROUP: Final = 5


@dataclass(frozen=True, slots=True)
class EntityView:
    """The page of an entity.

    Attributes:
        other_names: the labels that differ from ``name``.
        same: the same entity in other data sets.
        groups: the statements about the entity, by property.
        incoming: the statements with the entity as value, by property.
        details: the property and the value of other triples, of properties without Facts.
        figures: the figures of the entity if it is a measure.
        cut: whether Facts are left out.
        compared: False if conflicts are not marked because there are too many Facts.
    """

    template: ClassVar = "entity.html"
    name: TermModel
    other_names: tuple[TermModel, ...]
    classes: tuple[TermModel, ...]
    same: tuple[TermModel, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    details: tuple[tuple[TermModel, TermModel], ...]
    figures: FiguresOfMeasure
    cut: bool
    schema_types: tuple[str, ...] = ()
    compared: bool = True


@dataclass(frozen=True, slots=True)
class FactView:
    """A Fact with its evidence, and the first MOST other Facts that state the same triple.

    ``is_cut`` if there are more of these.
    """

    template: ClassVar = "fact.html"
    name: TermModel
    fact: FactModel
    others: tuple[FactModel, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A quotation, a passage or a record, and the first MOST Facts that it supports.

    ``is_cut`` if there are more of these.
    """

    template: ClassVar = "quote.html"
    name: TermModel
    quote: EvidenceModel
    facts: tuple[FactModel, ...]
    is_cut: bool


ResourceView = (
    EntityView | OntologyView | SourceView | FactView | FigureView | EvidenceView | TermView
)


@lookup
def resource_view(language: str, iri: str) -> ResourceView | None:
    """Return the view model of an IRI; None if the graph does not contain it."""
    reader = PageReader(language)
    node = NamedNode(iri)
    if node != ns.HISTORY_GRAPH and any(reader.store.quads(None, None, None, node)):
        reader.context.need_process()
        return graph_view(reader, node)
    reader.context.need_process_unless_small(node)
    # A version of the ontology has the page of the ontology.
    node = next(iter(reader.subjects(term("owl:versionIRI"), node)), node)
    if node == ns.ONTOLOGY:
        reader.context.need_process()
        return ontology_view(language)
    kinds = reader.objects(node, A)
    if ns.FACT in kinds:
        return _fact(reader, node)
    if {ns.QUOTATION, ns.PASSAGE, ns.DATASET_RECORD} & set(kinds):
        return _quote(reader, node)
    if ns.OBSERVATION in kinds and (figure := figure_view(reader, node)) is not None:
        return figure
    if any(kind.value in reader.context.vocabulary.subclasses(g60("Source")) for kind in kinds):
        return source_view(reader, node)
    ours = any(kind.value in reader.context.vocabulary.classes for kind in kinds)
    if ours and not any(reader.store.quads(node, None, None, ns.ONTOLOGY_GRAPH)):
        return _entity(reader, node)
    return term_view(reader, node) if any(reader.store.quads(node)) else None


def _entity(reader: PageReader, node: NamedNode) -> EntityView:
    about = _read(reader, node, ns.FACT_SUBJECT, ns.FACT_OBJECT)
    groups = _without_equivalents(_groups_on_page(reader, about))
    incoming = _groups_on_page(reader, _read(reader, node, ns.FACT_OBJECT, ns.FACT_SUBJECT))
    same = reader.objects(node, ns.POSSIBLY_SAME) or reader.subjects(ns.POSSIBLY_SAME, node)
    has_conflicts = bool(same) or any(_may_conflict(reader, group) for group in groups)
    compared = not has_conflicts or _count(about) <= MOST_COMPARED
    with_facts = {group.predicate.iri for group in groups}
    left_out = {A.value, LABEL.value, ns.HIDDEN_LABEL.value, *(same.value for same in _SAME)}
    labels = [reader.term_model(label) for label in reader.objects(node, LABEL)]
    name = reader.term_model(node)
    details = tuple(
        (reader.term_model(predicate), reader.value(predicate, value))
        for predicate in reader.predicates(node)
        if predicate.value not in left_out | with_facts
        for value in reader.in_language(reader.objects(node, predicate))
        # The group of a figure has the name of its measure.
        if not (
            predicate == ns.HAS_OBSERVATION and any(reader.store.quads(None, ns.FACT_OBJECT, value))
        )
    )
    return EntityView(
        name=name,
        other_names=tuple(label for label in labels if label.text != name.text),
        classes=tuple(reader.term_model(kind) for kind in reader.objects(node, A)),
        same=tuple(reader.term_model(same) for way in _SAME for same in reader.objects(node, way)),
        groups=_with_conflicts(reader, node, groups, about, bool(same))
        if has_conflicts and compared
        else tuple(groups),
        incoming=tuple(_inverse(reader, group) for group in incoming),
        details=details,
        figures=figures_of(reader, node),
        cut=any(group.cut for group in (*groups, *incoming)),
        schema_types=reader.schema_types(node),
        compared=compared,
    )


def _without_equivalents(groups: list[Group]) -> list[Group]:
    """Return the groups without the figures that the page shows beside an equivalent one.

    A group left empty is removed.
    """
    beside = {
        other.iri for group in groups for one in group.statements for other in one.value.equivalents
    }
    found = []
    for group in groups:
        kept = tuple(one for one in group.statements if one.value.iri not in beside)
        left = replace(group, statements=kept)
        if group.count is not None:
            left = replace(left, count=group.count - group.size + left.size)
        if kept:
            found.append(left)
    return found


def _inverse(reader: PageReader, group: Group) -> Group:
    inverse = reader.inverses.get(group.predicate.iri or "")
    named = reader.term_model(inverse) if inverse is not None else None
    return replace(group, inverse=named)


def _may_conflict(reader: PageReader, group: Group) -> bool:
    """Return whether a group has values of several sources that can contradict each other."""
    facts = [fact for statement in group.statements for fact in statement.facts]
    sources = {quote.source.name.iri for fact in facts for quote in fact.quotes}
    if len(sources) < 2 or len(group.statements) < 2:
        return False
    vocabulary = reader.context.vocabulary
    predicate = group.predicate.iri or ""
    known = vocabulary.properties.get(predicate)
    return (
        predicate in vocabulary.measures
        or (known is not None and known.single_valued)
        or any(reader.objects(NamedNode(fact.iri), ns.COMPLETE_LIST) for fact in facts)
    )


def _with_conflicts(
    reader: PageReader,
    node: NamedNode,
    groups: list[Group],
    about: Mapping[str, _FactsOfProperty],
    has_same: bool,
) -> tuple[Group, ...]:
    facts = (fact for group in groups for one in group.statements for fact in one.facts)
    rivals = None
    if has_same or any(reader.objects(NamedNode(fact.iri), ns.COMPLETE_LIST) for fact in facts):
        rivals = reader.conflicting_values(node)

    def compared(one: Statement) -> Statement:
        if rivals is not None:
            conflicting, possibly = rivals.get((one.subject, one.predicate, one.value), ((), ()))
            return replace(one, conflicting=conflicting, possibly=possibly)
        property_, fact = one.predicate.iri or "", one.facts[0].iri
        some = about.get(property_)
        if some is None or fact not in some.value_of:  # of a figure that cannot be read
            return one
        of = some.by_value
        found = conflicting_values(reader, property_, some.value_of[fact], of, of.__getitem__)
        return replace(one, conflicting=found)

    return tuple(
        replace(group, statements=tuple(map(compared, group.statements))) for group in groups
    )


def _fact(reader: PageReader, node: NamedNode) -> TermView | FactView:
    fact = reader.fact(node)
    if fact is None:
        return term_view(reader, node)
    about = NamedNode(fact.subject.iri) if fact.subject.iri else node
    reader.context.need_process_unless_small(about)
    facts = Facts(reader.store)
    stated = facts.read(node)
    same = facts.of(stated.triple) if stated else []
    others = [other.iri for other in same if other.iri != node]
    shown = tuple(reader.facts(others[:MOST]))
    return FactView(reader.term_model(node), fact, shown, len(others) > MOST)


def _quote(reader: PageReader, node: NamedNode) -> TermView | EvidenceView:
    quote = reader.quote(node)
    if quote is None:
        return term_view(reader, node)
    facts = reader.subjects(ns.HAS_EVIDENCE, node)
    shown = tuple(reader.facts(facts[:MOST]))
    return EvidenceView(reader.term_model(node), quote, shown, len(facts) > MOST)


@dataclass(slots=True)
class _FactsOfProperty:
    by_value: dict[Term, list[NamedNode]] = field(default_factory=dict)
    value_of: dict[str, Term] = field(default_factory=dict)

    def first(self, most: int) -> Iterator[NamedNode]:
        """Yield at most ``most`` Facts: first one of each value, then a second one, and so on."""
        in_turn = chain.from_iterable(zip_longest(*self.by_value.values()))
        return islice(filter(None, in_turn), most)


def _read(
    reader: PageReader, node: NamedNode, own: NamedNode, part: NamedNode
) -> dict[str, _FactsOfProperty]:
    """Return the Facts with a node as ``own``, their subject or value, by property or measure."""
    # Two look-ups for each fact take twice as long.
    pattern = f"?fact {own} {node} ; {ns.FACT_PREDICATE} ?stated ; {part} ?value"
    read = {
        fact: (stated, value)
        for fact, stated, value in rows(
            reader.store, f"SELECT ?fact ?stated ?value {{ {pattern} }}"
        )
        if isinstance(fact, NamedNode) and isinstance(stated, NamedNode) and isinstance(value, Term)
    }
    found: dict[str, _FactsOfProperty] = {}
    measures: dict[Term, str] = {}
    for fact, (stated, value) in sorted(read.items(), key=lambda one: one[0].value):
        name = stated.value
        if stated == ns.HAS_OBSERVATION and isinstance(value, NamedNode):
            if value not in measures:
                measure = next(iter(reader.objects(value, ns.OBSERVED_MEASURE)), None)
                measures[value] = measure.value if isinstance(measure, NamedNode) else name
            name = measures[value]
        group = found.setdefault(name, _FactsOfProperty())
        group.by_value.setdefault(value, []).append(fact)
        group.value_of[fact.value] = value
    return found


def _count(read: Mapping[str, _FactsOfProperty]) -> int:
    return sum(len(some.value_of) for some in read.values())


def _groups_on_page(reader: PageReader, read: Mapping[str, _FactsOfProperty]) -> list[Group]:
    """Return the groups of Facts to show: all Facts up to MOST, else the first of each."""
    if _count(read) <= MOST:
        facts = sorted(fact for some in read.values() for fact in some.value_of)
        return _groups(reader, map(NamedNode, facts))
    most = max(FEWEST_OF_GROUP, min(SHOWN // 2, SHOWN // len(read)))
    shown = [fact for some in read.values() for fact in some.first(most)]
    return [
        _counted(reader, group, read.get(group.predicate.iri or ""))
        for group in _groups(reader, shown)
    ]


def _counted(reader: PageReader, group: Group, read: _FactsOfProperty | None) -> Group:
    """Return a group with the number of all its Facts and, by statement, of the sources not shown.

    It is unchanged if ``read`` lacks its Facts.
    """
    facts = {one.facts[0].iri for one in group.statements}
    if read is None or not facts <= read.value_of.keys():  # of figures that cannot be read
        return group

    def graphs(facts: Iterable[NamedNode]) -> set[object]:
        return {
            quad.graph_name for fact in facts for quad in reader.store.quads(fact, ns.FACT_SUBJECT)
        }

    def counted(one: Statement) -> Statement:
        alike = read.by_value[read.value_of[one.facts[0].iri]]
        if len(alike) == len(one.facts):
            return one
        further = graphs(alike) - graphs(NamedNode(fact.iri) for fact in one.facts)
        return replace(one, further_sources=len(further))

    return replace(
        group, statements=tuple(map(counted, group.statements)), count=len(read.value_of)
    )


def _groups(reader: PageReader, nodes: Iterable[NamedNode]) -> list[Group]:
    triples: dict[tuple[TermModel, TermModel, TermModel], list[FactModel]] = {}
    for fact in reader.facts(nodes):
        triples.setdefault((fact.subject, fact.predicate, fact.value), []).append(fact)
    statements = sorted(
        (Statement(*triple, tuple(behind)) for triple, behind in triples.items()),
        key=lambda one: (one.value.text, one.subject.text),
    )
    # The latest figures come first.
    statements.sort(
        key=lambda one: (one.value.figure and one.value.figure.period) or "", reverse=True
    )
    groups: dict[TermModel, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.predicate, []).append(statement)
    return sorted(
        (Group(prop, tuple(members)) for prop, members in groups.items()),
        key=lambda group: (not _in_articles(group), _kind(group), group.predicate.text),
    )


def _kind(group: Group) -> int:
    """Return the sort key of a group by its first value: 0 an entity, 1 a figure, 2 a text."""
    value = group.statements[0].value
    return 1 if value.figure else 0 if value.iri else 2


def _in_articles(group: Group) -> bool:
    quotes = (quote for one in group.statements for fact in one.facts for quote in fact.quotes)
    return any(quote.source.is_article for quote in quotes)
