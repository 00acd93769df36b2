"""Terms of the store and of rdflib, which holds some to be equal that the store keeps apart."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import BNode, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from g60kg.namespaces import term
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import to_rdflib

#: Of these, equal in rdflib is equal in the store. Numbers and dates rdflib may spell anew.
_KEPT_AS_SPELLED: Final = frozenset({term("xsd:string"), term("rdf:langString")})


def is_respelled(node: Term | None) -> bool:
    """Whether rdflib, which shapes are run by, may hold differently spelled terms equal to it."""
    return isinstance(node, Literal) and node.datatype not in _KEPT_AS_SPELLED


def normal(node: Term) -> Term:
    """The term as rdflib spells it: two terms are equal there if their normal forms are here.

    >>> number = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    >>> normal(Literal(" 5 ", datatype=number)) == normal(Literal("5", datatype=number))
    True
    """
    return _respelled(node) if is_respelled(node) else node


@lru_cache(maxsize=10_000)
def _respelled(node: Term) -> Term:
    return from_rdflib(to_rdflib(node))


def from_rdflib(node: Node) -> Term:
    """The term of the store that is equal to a term of rdflib.

    Raises:
        ValueError: it is none that a store could hold.

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
    raise ValueError(f"{node!r} is no term")
