"""OWL 2 RL closure of statements by the reasoner `reasonable`, the only module that imports it.

Nodes of a closure are terms of RDF or any hashable value, such as :class:`Value`: all but OWL's own
terms are passed to the reasoner under names made here. It does not compare literals.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import NamedNode
from rdflib import URIRef
from reasonable import PyReasoner

from g60kg.namespaces import PREFIXES, A, term

#: Subject, predicate and object.
Statement = tuple[Hashable, Hashable, Hashable]

SAME: Final = term("owl:sameAs")
SUBCLASS: Final = term("rdfs:subClassOf")
NOTHING: Final = term("owl:Nothing")
_LANGUAGE: Final = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl"))
# Terms that a closure may contain without any statement that was given.
_INFERRED: Final = (A, SAME, SUBCLASS, NOTHING)


class Value(NamedTuple):
    """The value that a statement gives its subject, as a node of its own.

    Attributes:
        subject: the subject.
        value: what the literal denotes; the literal itself where that is not known.
    """

    subject: Hashable
    value: Hashable


def close(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield what follows from statements by the rules of OWL 2 RL, the statements included."""
    names: dict[Hashable, URIRef] = {}

    def name(node: Hashable) -> URIRef:
        if node not in names:
            own = isinstance(node, NamedNode) and node.value.startswith(_LANGUAGE)
            names[node] = URIRef(node.value if own else f"urn:node:{len(names)}")
        return names[node]

    reasoner = PyReasoner()
    reasoner.from_graph([(name(s), name(p), name(o)) for s, p, o in statements])
    for inferred in _INFERRED:
        name(inferred)
    nodes = {given: node for node, given in names.items()}
    for subject, predicate, object_ in reasoner.reason():
        if subject in nodes and predicate in nodes and object_ in nodes:
            yield nodes[subject], nodes[predicate], nodes[object_]
