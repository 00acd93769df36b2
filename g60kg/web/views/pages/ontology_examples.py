"""Examples of classes and properties, from the statements of the graph."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import FACT_PREDICATE, RESERVED_GRAPHS, A
from g60kg.stores.base import Term
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import TermModel

#: The most triples among which an example is chosen.
_MOST_READ: Final = 50

_Ends = tuple[NamedNode, Term]


def example_of_class(reader: PageReader, iri: str) -> tuple[TermModel, ...]:
    """Return an instance of a class, if possible not of a subclass; empty without one."""
    below = reader.context.vocabulary.subclasses(NamedNode(iri)) - {iri}
    for kinds in ([iri], sorted(below)):
        found = [ends for kind in kinds for ends in _ends(reader, A, NamedNode(kind))]
        if found:
            return (reader.term_model(_plainest(reader, found)[0]),)
    return ()


def example_of_property(reader: PageReader, prop: NamedNode) -> tuple[TermModel, ...]:
    """Return subject and value of a property; empty if the graph does not use it.

    A property that has no triple may have facts: what is planned has no triple.
    """
    if found := _ends(reader, prop, None):
        subject, value = _plainest(reader, found)
        return reader.term_model(subject), reader.term_model(value)
    facts = sorted(node.value for node, _ in _ends(reader, FACT_PREDICATE, prop))
    fact = reader.fact(NamedNode(facts[0]), quotes=False) if facts else None
    return (fact.subject, fact.value) if fact else ()


def _ends(reader: PageReader, predicate: NamedNode, value: NamedNode | None) -> list[_Ends]:
    """Return subject and object of triples, except of the ontology and the shapes."""
    return [
        (quad.subject, quad.object)
        for quad in islice(reader.store.quads(None, predicate, value), _MOST_READ)
        if quad.graph_name not in RESERVED_GRAPHS
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Term)
    ]


def _plainest(reader: PageReader, found: Iterable[_Ends]) -> _Ends:
    """Return the first triple by IRI, preferring entities with labels."""

    def without_label(ends: _Ends) -> int:
        return sum(isinstance(one, NamedNode) and reader.labels.of(one) is None for one in ends)

    ordered = sorted(found, key=lambda ends: (ends[0].value, str(ends[1])))
    # Few labels are read: the first triple nearly always has all of them.
    named = (ends for ends in ordered if not without_label(ends))
    return next(named, None) or min(ordered, key=without_label)
