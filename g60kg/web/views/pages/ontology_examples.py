"""Examples of classes and properties, from the statements of the graph."""

from __future__ import annotations

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
    found = (_plainest(reader, A, NamedNode(kind)) for kind in (iri, *sorted(below)))
    return tuple(reader.term_model(ends[0]) for ends in islice(filter(None, found), 1))


def example_of_property(reader: PageReader, prop: NamedNode) -> tuple[TermModel, ...]:
    """Return subject and value of a property; empty if the graph does not use it.

    A property that has no triple may have facts: what is planned has no triple.
    """
    if ends := _plainest(reader, prop, None):
        return tuple(map(reader.term_model, ends))
    ends = _plainest(reader, FACT_PREDICATE, prop)
    fact = reader.fact(ends[0], quotes=False) if ends else None
    return (fact.subject, fact.value) if fact else ()


def _plainest(reader: PageReader, predicate: NamedNode, value: NamedNode | None) -> _Ends | None:
    """Return the ends of the first triple by IRI whose entities have labels, else of the first.

    Triples of the ontology and the shapes are no examples.
    """
    ends = (
        (quad.subject, quad.object)
        for quad in islice(reader.store.quads(None, predicate, value), _MOST_READ)
        if quad.graph_name not in RESERVED_GRAPHS
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
