"""The embedded store seen through rdflib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from oxrdflib import OxigraphStore
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple
from rdflib import XSD, BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.query import Result
from rdflib.term import Node

from g60kg.namespaces import PREFIXES

_STRING = str(XSD.string)


class _PlainStrings(OxigraphStore):
    """Oxigraph types every plain string xsd:string, which rdflib holds unequal to the plain one.

    RDF 1.1 (section 3.3) says they are the same literal, so what comes out here is the plain one,
    as rdflib's own parsers give it.
    """

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        for (subject, predicate, object_), contexts in super().triples(triple_pattern, context):
            yield (subject, predicate, _plain(object_)), contexts

    def query(self, *args: Any, **kwargs: Any) -> Result:
        result = super().query(*args, **kwargs)
        if result.type == "SELECT":
            result.bindings = [
                {name: _plain(term) for name, term in row.items()} for row in result.bindings
            ]
        elif result.graph is not None:
            plain = Graph()
            for subject, predicate, object_ in result.graph:
                plain.add((subject, predicate, _plain(object_)))
            result.graph = plain
        return result


def _plain(term: Any) -> Any:
    if isinstance(term, RdflibLiteral) and str(term.datatype) == _STRING:
        return RdflibLiteral(str(term))
    return term


def dataset_over(store: Store) -> Dataset:
    """An rdflib Dataset over that Oxigraph store, default graph the union, prefixes bound."""
    dataset = Dataset(store=_PlainStrings(store=store), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset


def to_rdflib(term: NamedNode | BlankNode | Literal) -> Node:
    """The rdflib term equal to a term of the store, plain strings plain."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    if term.datatype.value == _STRING:
        return RdflibLiteral(term.value)
    return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value))


def rdflib_graph(triples: Iterable[Triple]) -> Graph:
    """An rdflib Graph in memory that holds those triples."""
    graph = Graph()
    for triple in triples:
        assert not isinstance(triple.subject, Triple)
        assert not isinstance(triple.object, Triple)
        graph.add(
            (to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object))
        )
    return graph
