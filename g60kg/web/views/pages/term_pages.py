"""What the page of any other thing shows: a term of the ontology, a shape, a named graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg.namespaces import (
    FACT_PREDICATE,
    HAS_SOURCE,
    LABEL,
    ONTOLOGY,
    PREFIXES,
    SHAPES_GRAPH,
    local_name,
    term,
)
from g60kg.validation.check_codes import code_page
from g60kg.web.i18n import words
from g60kg.web.views.pages.page_reader import Reading
from g60kg.web.views.pages.view_models import Shown

#: The facts and members that one page lists; a query has them all.
MOST: Final = 200
#: The text that says what a term means.
_DEFINITION: Final = term("skos:definition")
_MESSAGE: Final = term("sh:message")
_SHAPES: Final = NamedNode(PREFIXES["shape"].rstrip("/"))


@dataclass(frozen=True, slots=True)
class TermList:
    """What belongs to a thing.

    Attributes:
        words: the key of the words that say how: ``thing.members``.
        members: those shown.
        count: how many there are.
    """

    words: str
    members: tuple[Shown, ...]
    count: int


@dataclass(frozen=True, slots=True)
class TermView:
    """Any other thing of the graph: a term of the ontology, a shape, a named graph.

    Attributes:
        name: its label.
        definition: what it means.
        triples: what is said of it.
        lists: what belongs to it.
        count: the triples of a named graph.
    """

    name: Shown
    definition: Shown | None
    triples: tuple[tuple[Shown, tuple[Shown, ...]], ...]
    lists: tuple[TermList, ...]
    count: int | None = None


def term_view(reading: Reading, node: NamedNode) -> TermView:
    """What the page of a term, a shape or anything else shows."""
    if node == _SHAPES or node.value.startswith(PREFIXES["shape"]):
        return _shape_view(reading, node)
    triples = [
        (reading.shown(predicate), values)
        for predicate in reading.predicates(node)
        if predicate not in (LABEL, _DEFINITION) and (values := _values(reading, node, predicate))
    ]
    definition = reading.worded(node, _DEFINITION)
    if node == ONTOLOGY:
        name = reading.worded(node, term("dcterms:title")) or reading.shown(node)
        return TermView(name, definition, tuple(triples), _terms(reading))
    if node.value in reading.context.vocabulary.classes:
        members = reading.members(node)
    else:
        members = reading.pointing(FACT_PREDICATE, node)
    lists = _listed(reading, "thing.members", members)
    return TermView(reading.shown(node), definition, tuple(triples), lists)


def _shape_view(reading: Reading, node: NamedNode) -> TermView:
    """A shape: what it tells who breaks it, what it is about, and the page of its code.

    The shapes as a whole: all of them.
    """
    triples: list[tuple[Shown, tuple[Shown, ...]]] = []
    for predicate in reading.predicates(node):
        values = _values(reading, node, predicate)
        if values and predicate != LABEL:
            triples.append((reading.shown(predicate), values))
    message = reading.worded(node, _MESSAGE)
    lists: tuple[TermList, ...] = ()
    if node == _SHAPES:
        told = {quad.subject for quad in reading.store.quads(None, _MESSAGE, None, SHAPES_GRAPH)}
        rules = [one for one in told if isinstance(one, NamedNode)]
        lists = _listed(reading, "shapes.rules", sorted(rules, key=lambda one: one.value))
    elif message is not None:
        page = code_page(local_name(node.value))
        triples.append((reading.shown(term("rdfs:seeAlso")), (Shown(page, url=page),)))
    return TermView(reading.shown(node), message, tuple(triples), lists)


def _values(reading: Reading, node: NamedNode, predicate: NamedNode) -> tuple[Shown, ...]:
    """The values of a property: of a union its members, as one; of other blank nodes none."""
    shown: list[Shown] = []
    for value in reading.objects(node, predicate):
        if not isinstance(value, BlankNode):
            shown.append(reading.shown(value))
        elif members := _union(reading, value):
            names = [reading.shown(member).text for member in members]
            shown.append(Shown(words(reading.language)("list.or").join(names)))
    return tuple(shown)


def _union(reading: Reading, node: BlankNode) -> list[NamedNode]:
    """The classes of a union, in its order; none where the node is no union."""
    members: list[NamedNode] = []
    rest = next(iter(reading.objects(node, term("owl:unionOf"))), None)
    seen: set[BlankNode] = set()
    while isinstance(rest, BlankNode) and rest not in seen:
        seen.add(rest)
        first = reading.objects(rest, term("rdf:first"))
        members += [one for one in first if isinstance(one, NamedNode)]
        rest = next(iter(reading.objects(rest, term("rdf:rest"))), None)
    return members


def _terms(reading: Reading) -> tuple[TermList, ...]:
    """The terms of the ontology by what they are."""
    vocabulary = reading.context.vocabulary
    own = PREFIXES["g60"]
    properties = [known.iri for known in vocabulary.properties.values()]
    kinds = {
        "ontology.classes": [NamedNode(iri) for iri in vocabulary.classes],
        "ontology.properties": [iri for iri in properties if iri.value.startswith(own)],
        "ontology.individuals": [NamedNode(iri) for iri in vocabulary.individuals],
    }
    return tuple(
        found for words, nodes in kinds.items() for found in _listed(reading, words, nodes)
    )


def _listed(reading: Reading, words: str, nodes: list[NamedNode]) -> tuple[TermList, ...]:
    if not nodes:
        return ()
    shown = [_as_member(reading, node) for node in nodes[:MOST]]
    return (TermList(words, tuple(sorted(shown, key=lambda one: one.text)), len(nodes)),)


def _as_member(reading: Reading, node: NamedNode) -> Shown:
    fact = reading.fact(node, quotes=False)
    if fact is None or fact.value.figure:
        return reading.shown(node)
    return Shown(f"{fact.subject.text} · {fact.value.text}", node.value)


def graph_view(reading: Reading, node: NamedNode) -> TermView:
    """What the page of a named graph shows."""
    count = sum(1 for _ in reading.store.quads(None, None, None, node))
    sources = sorted(
        {
            quad.object
            for quad in reading.store.quads(None, HAS_SOURCE, None, node)
            if isinstance(quad.object, NamedNode)
        },
        key=lambda source: source.value,
    )
    lists = _listed(reading, "thing.sources", sources)
    return TermView(reading.shown(node), None, (), lists, count)
