"""View models of the pages of ontology terms, shapes and named graphs; examples of terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Final

from pyoxigraph import BlankNode, NamedNode

from g60kg import namespaces as ns
from g60kg.model.i18n import page_texts
from g60kg.model.ontology_lookup import rdf_list
from g60kg.model.term_listing import predicates_of
from g60kg.namespaces import LABEL, PREFIXES, A, local_name, term
from g60kg.stores.base import Term, objects_of
from g60kg.validation.check_codes import code_page
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import TermModel

#: The most facts and members of one page; a canned query returns all of them.
MOST: Final = 200
#: The most triples among which an example is chosen.
_MOST_READ: Final = 50
_DEFINITION: Final = term("skos:definition")
_MESSAGE: Final = term("sh:message")
_SHAPES: Final = NamedNode(PREFIXES["shape"].rstrip("/"))


#: A list on the page of a term: key of its heading, shown members, number of all.
TermList = tuple[str, tuple[TermModel, ...], int]


@dataclass(frozen=True, slots=True)
class TermView:
    """The page of a term, a shape, a named graph or any other resource."""

    template: ClassVar = "term.html"
    name: TermModel
    definition: TermModel | None
    triples: tuple[tuple[TermModel, tuple[TermModel, ...]], ...]
    lists: tuple[TermList, ...]
    count: int | None = None


def term_view(reader: PageReader, node: NamedNode) -> TermView:
    """Return the view model of a term, a shape or any other resource except a named graph."""
    is_shape = node == _SHAPES or node.value.startswith(PREFIXES["shape"])
    left_out = (LABEL,) if is_shape else (LABEL, _DEFINITION)
    triples = [
        (reader.term_model(predicate), values)
        for predicate in reader.predicates(node)
        if predicate not in left_out and (values := _values(reader, node, predicate))
    ]
    definition = reader.localized(node, _MESSAGE if is_shape else _DEFINITION)
    name = reader.term_model(node)
    lists: tuple[TermList, ...] = ()
    if node == _SHAPES:
        rules = reader.store.subjects(_MESSAGE, None, ns.SHAPES_GRAPH)
        lists = _listed(reader, "shapes.rules", rules)
    elif is_shape and definition is not None:
        page = code_page(local_name(node.value))
        triples.append((reader.term_model(term("rdfs:seeAlso")), (TermModel(page, url=page),)))
    elif not is_shape:
        is_class = node.value in reader.context.vocabulary.classes
        members = reader.members(node) if is_class else reader.subjects(ns.FACT_PREDICATE, node)
        if is_class:
            usable = [one.iri for one in predicates_of(reader.context.vocabulary, node)]
            lists = _listed(reader, "ontology.usable", usable)
        lists += _listed(reader, "entity.members", members)
    return TermView(name, definition, tuple(triples), lists)


def _values(reader: PageReader, node: NamedNode, predicate: NamedNode) -> tuple[TermModel, ...]:
    """Return the values of a property except blank nodes; a union of classes is one text."""
    shown: list[TermModel] = []
    for value in reader.objects(node, predicate):
        if not isinstance(value, BlankNode):
            shown.append(reader.value(predicate, value))
        elif members := _union(reader, value):
            names = [reader.term_model(member).text for member in members]
            shown.append(TermModel(page_texts(reader.language)("list.or").join(names)))
    return tuple(shown)


def _union(reader: PageReader, node: BlankNode) -> list[NamedNode]:
    """Return the classes of an ``owl:unionOf`` in order; empty if the node is not a union."""
    head = next(iter(reader.objects(node, term("owl:unionOf"))), None)
    return [one for one in rdf_list(head, reader.objects) if isinstance(one, NamedNode)]


def _listed(reader: PageReader, heading: str, nodes: list[NamedNode]) -> tuple[TermList, ...]:
    if not nodes:
        return ()
    shown = [_as_member(reader, node) for node in nodes[:MOST]]
    return ((heading, tuple(sorted(shown, key=lambda one: one.text)), len(nodes)),)


def _as_member(reader: PageReader, node: NamedNode) -> TermModel:
    fact = reader.fact(node, quotes=False)
    if fact is None or fact.value.figure:
        return reader.term_model(node)
    return TermModel(f"{fact.subject.text} · {fact.value.text}", node.value)


def graph_view(reader: PageReader, node: NamedNode) -> TermView:
    """Return the view model of a named graph, with its number of triples and its sources."""
    count = sum(1 for _ in reader.store.quads(None, None, None, node))
    found = objects_of(reader.store.quads(None, ns.HAS_SOURCE, None, node))
    sources = [one for one in found if isinstance(one, NamedNode)]
    sources.sort(key=lambda source: source.value)
    lists = _listed(reader, "entity.sources", sources)
    return TermView(reader.term_model(node), None, (), lists, count)


def example_of_class(reader: PageReader, iri: str) -> tuple[TermModel, ...]:
    """Return an instance of a class as a tuple of one, if possible not of a subclass.

    The tuple is empty without an instance.
    """
    below = sorted(reader.context.vocabulary.subclasses(NamedNode(iri)) - {iri})
    ends = _plainest(reader, A, [NamedNode(iri)]) or _plainest(reader, A, map(NamedNode, below))
    return (reader.term_model(ends[0]),) if ends else ()


def example_of_property(reader: PageReader, prop: NamedNode) -> tuple[TermModel, ...]:
    """Return the subject and the value of a statement with a property; empty without a statement.

    Without a triple, a Fact with the property is used, such as a planned relation.
    """
    if ends := _plainest(reader, prop, [None]):
        return tuple(map(reader.term_model, ends))
    ends = _plainest(reader, ns.FACT_PREDICATE, [prop])
    fact = reader.fact(ends[0], quotes=False) if ends else None
    return (fact.subject, fact.value) if fact else ()


def _plainest(
    reader: PageReader, predicate: NamedNode, values: Iterable[NamedNode | None]
) -> tuple[NamedNode, Term] | None:
    """Return the ends of the first triple by IRI whose entities have labels, else of the first.

    Few triples are read, and none of the ontology and the shapes; None without a triple.
    """
    ends = (
        (quad.subject, quad.object)
        for value in values
        for quad in islice(reader.store.quads(None, predicate, value), _MOST_READ)
        if quad.graph_name not in ns.RESERVED_GRAPHS
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Term)
    )
    ordered = sorted(ends, key=lambda ends: (ends[0].value, str(ends[1])))
    # Few labels are read: the first triple nearly always has all of them.
    named = (
        ends
        for ends in ordered
        if all(reader.labels.of(one) for one in ends if isinstance(one, NamedNode))
    )
    return next(named, None) or next(iter(ordered), None)
