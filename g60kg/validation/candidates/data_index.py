"""The triples of a graph as values of properties and instances of classes, and as a query store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple
from rdflib import Literal as RdflibLiteral

from g60kg.namespaces import A, term
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import from_rdflib, is_respelled, to_rdflib
from g60kg.validation.shape_structure.triple_patterns import Path, Repeat, Step, follow_path

#: The nodes that a path reaches from a node, each once.
Values: TypeAlias = Callable[[Term], Collection[Term]]

_SUBCLASS: Final = term("rdfs:subClassOf")
#: Datatypes without a Python type, so that rdflib does not check their literals.
_UNCHECKED: Final = frozenset(map(term, ("xsd:anyURI", "xsd:gYear", "g60:Notation")))


class DataIndex:
    """An index of a graph by property, built as properties are asked for.

    Attributes:
        store: the same triples for SPARQL queries; None if it would change a literal.
    """

    def __init__(self, triples: Iterable[Triple] | Store) -> None:
        self._by_predicate: dict[Term, list[Triple]] = {}
        self.store: Store | None
        if isinstance(triples, Store):
            self.store = triples
        else:
            known = list(triples)
            self.store = store_of(known)
            for triple in known:
                self._by_predicate.setdefault(triple.predicate, []).append(triple)
        self._steps: dict[Step, dict[Term, list[Term]]] = {}
        self._instances: dict[NamedNode, frozenset[Term]] = {}

    def _with(self, predicate: NamedNode) -> Iterable[Quad | Triple]:
        if self._by_predicate or self.store is None:
            return self._by_predicate.get(predicate, ())
        return self.store.quads_for_pattern(None, predicate, None)

    def step(self, step: Step) -> dict[Term, list[Term]]:
        """Return the nodes that one step leads to, by the node that it starts from."""
        assert step.predicate is not None
        if step not in self._steps:
            known: dict[Any, list[Any]] = {}
            for stated in self._with(step.predicate):
                if step.inverse:
                    known.setdefault(stated.object, []).append(stated.subject)
                else:
                    known.setdefault(stated.subject, []).append(stated.object)
            self._steps[step] = known
        return self._steps[step]

    def values(self, path: Path) -> Values:
        """Return the function from a node to the nodes that a path reaches."""
        if isinstance(path, Step):
            ends = self.step(path)
            return lambda node: ends.get(node, ())
        return lambda node: follow_path(path, node, self._follow)

    def _follow(self, path: Path, node: Term) -> Collection[Term]:
        if isinstance(path, Step):
            return self.step(path).get(node, ())
        return follow_path(path, node, self._follow)

    def instances(self, kind: NamedNode) -> frozenset[Term]:
        """Return the instances of a class and of its subclasses."""
        known = self._instances.get(kind)
        if known is None:
            subclasses = self.values(Repeat(Step(_SUBCLASS, inverse=True), True, True))
            typed = self.step(Step(A, inverse=True))
            known = frozenset(node for each in subclasses(kind) for node in typed.get(each, ()))
            self._instances[kind] = known
        return known


def store_of(triples: Iterable[Triple], onto: Store | None = None) -> Store | None:
    """Return a store of the triples, or None if it would not hold them as rdflib does.

    Oxigraph writes some numbers and times differently from rdflib, and compares ill-typed
    literals differently.

    Args:
        onto: the store to add them to; None for a new one.
    """
    quads = []
    for triple in triples:
        value = triple.object
        if isinstance(value, Literal) and is_respelled(value):
            kept = _as_stored(value)
            if kept is None:
                return None
            quads.append(Quad(triple.subject, triple.predicate, kept))
        else:
            quads.append(Quad(triple.subject, triple.predicate, value))
    store = Store() if onto is None else onto
    store.bulk_extend(quads)
    return store


def is_changed(node: Term) -> bool:
    """Return whether Oxigraph may write or compare a term differently from rdflib."""
    return isinstance(node, Literal) and is_respelled(node) and _as_stored(node) is None


#: A store for one literal at a time.
_SCRATCH: Final = Store()


@lru_cache(maxsize=100_000)
def _as_stored(literal: Literal) -> Literal | None:
    """Return a literal as rdflib spells it if it is well-typed and a store keeps the spelling."""
    read = to_rdflib(literal)
    assert isinstance(read, RdflibLiteral)
    if read.ill_typed is not False and literal.datatype not in _UNCHECKED:
        return None
    spelled = from_rdflib(read)
    written = Quad(literal.datatype, literal.datatype, spelled)
    _SCRATCH.add(written)
    (quad,) = _SCRATCH
    _SCRATCH.remove(written)
    return spelled if isinstance(spelled, Literal) and quad.object == spelled else None
