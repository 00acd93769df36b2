"""The embedded store as an rdflib Graph or Dataset, and terms converted to and from rdflib."""

import logging
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from oxrdflib import OxigraphStore
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple
from rdflib import XSD, BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.term import Node, bind

from g60kg.namespaces import PREFIXES, term
from g60kg.stores.base import Term

_STRING = str(XSD.string)
#: Datatypes whose literals rdflib never spells differently, as it may numbers and dates.
_SPELLING_PRESERVED: Final = frozenset({term("xsd:string"), term("rdf:langString")})


#: What XML Schema allows as a decimal, after white space is removed.
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def _decimal(text: str) -> Decimal:
    """Return the value of an xsd:decimal; raise ValueError for NaN, INF and 1e400.

    Python's Decimal accepts all three.
    """
    if not _DECIMAL.fullmatch(text.strip()):
        raise ValueError("not a decimal")
    return Decimal(text)


_log = logging.getLogger("rdflib.term")
_log.disabled, _before = True, _log.disabled  # it warns of a second binding
bind(XSD.decimal, Decimal, _decimal)
_log.disabled = _before


class _PlainStrings(OxigraphStore):
    """An Oxigraph store that returns literals of type xsd:string as literals without datatype.

    They are the same literal (RDF 1.1, section 3.3), but rdflib compares them as unequal.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store=store)
        self.embedded = store

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        for (subject, predicate, object_), contexts in super().triples(triple_pattern, context):
            yield (subject, predicate, plain_string(object_)), contexts

    def query(self, *args: Any, **kwargs: Any) -> Result:
        result = super().query(*args, **kwargs)
        if result.type == "SELECT":
            result.bindings = [
                {name: plain_string(term) for name, term in row.items()} for row in result.bindings
            ]
        elif result.graph is not None:
            plain = Graph()
            for subject, predicate, object_ in result.graph:
                plain.add((subject, predicate, plain_string(object_)))
            result.graph = plain
        return result


def plain_string(node: Any) -> Any:
    """Return the term unchanged; of a literal of type xsd:string, the literal without datatype."""
    if isinstance(node, RdflibLiteral) and str(node.datatype) == _STRING:
        return RdflibLiteral(str(node))
    return node


def dataset_over(store: Store) -> Dataset:
    """Return an rdflib Dataset over an Oxigraph store.

    Its default graph is the union of all graphs, and the project's prefixes are bound.
    """
    dataset = Dataset(store=_PlainStrings(store=store), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset


def graph_over(store: Store) -> Graph:
    """Return the default graph of an Oxigraph store, not its named graphs, as an rdflib Graph."""
    return Graph(store=_PlainStrings(store=store), identifier=DATASET_DEFAULT_GRAPH_ID)


def store_under(graph: Graph) -> Store | None:
    """Return the store of a graph of :func:`graph_over` or :func:`dataset_over`, else None."""
    return graph.store.embedded if isinstance(graph.store, _PlainStrings) else None


def to_rdflib(node: NamedNode | BlankNode | Literal) -> Node:
    """Return the rdflib term for a term of the store; xsd:string literals get no datatype."""
    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if isinstance(node, BlankNode):
        return BNode(node.value)
    if node.language:
        return RdflibLiteral(node.value, lang=node.language)
    if node.datatype.value == _STRING:
        return RdflibLiteral(node.value)
    return RdflibLiteral(node.value, datatype=URIRef(node.datatype.value))


def rdflib_graph(triples: Iterable[Triple]) -> Graph:
    """Return a new rdflib Graph in memory with the triples, which must not have triple terms."""
    graph = Graph()
    for triple in triples:
        assert not isinstance(triple.subject, Triple)
        assert not isinstance(triple.object, Triple)
        graph.add(
            (to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object))
        )
    return graph


def is_respelled(node: Term | None) -> bool:
    """Return whether rdflib may treat the term as equal to a literal with another spelling.

    It may for a literal of a datatype other than xsd:string, such as a number or a date. False for
    an IRI, a blank node, None, and a literal with a language.
    """
    return isinstance(node, Literal) and node.datatype not in _SPELLING_PRESERVED


def normal(node: Term) -> Term:
    """Return the term as rdflib spells it; terms that rdflib treats as equal have one such form.

    >>> number = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    >>> normal(Literal(" 5 ", datatype=number)) == normal(Literal("5", datatype=number))
    True
    """
    return _respelled(node) if is_respelled(node) else node


@lru_cache(maxsize=10_000)
def _respelled(node: Term) -> Term:
    return from_rdflib(to_rdflib(node))


def from_rdflib(node: Node) -> Term:
    """Return the store's term for an rdflib term; raise ValueError for a node such as a variable.

    >>> from_rdflib(URIRef("urn:a"))
    <NamedNode value=urn:a>
    """
    if isinstance(node, RdflibLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        kind = NamedNode(str(node.datatype)) if node.datatype else None
        return Literal(str(node), datatype=kind)
    if isinstance(node, BNode):
        return BlankNode(str(node))
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    raise ValueError(f"{node!r} is not an RDF term")
