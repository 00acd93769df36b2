"""The triples of a graph as values of properties and instances of classes, and as a query store."""

from collections.abc import Callable, Collection, Iterable, Set
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

    ``store`` has the same triples for SPARQL queries; it is None if it would change a literal.
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
        """Return the nodes that one step of a path reaches, by the node from which it starts."""
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
        """Return a function that returns the nodes that a path reaches from a node."""
        if isinstance(path, Step):
            ends = self.step(path)
            return lambda node: ends.get(node, ())
        return lambda node: follow_path(path, node, lambda part, at: self.values(part)(at))

    def instances(self, kind: NamedNode) -> frozenset[Term]:
        """Return the instances of a class and of its subclasses at any depth."""
        known = self._instances.get(kind)
        if known is None:
            subclasses = self.values(Repeat(Step(_SUBCLASS, inverse=True), True, True))
            typed = self.step(Step(A, inverse=True))
            known = frozenset(node for each in subclasses(kind) for node in typed.get(each, ()))
            self._instances[kind] = known
        return known


def store_of(triples: Iterable[Triple], onto: Store | None = None) -> Store | None:
    """Return an Oxigraph store of the triples; None if Oxigraph would change a literal.

    With ``onto``, the triples are added to that store, which is returned.
    """
    known = list(triples)
    respelled = _respelled(triple.object for triple in known)
    spelled = _as_stored(respelled)
    if len(spelled) < len(respelled):
        return None
    quads = [Quad(t.subject, t.predicate, spelled.get(t.object, t.object)) for t in known]
    store = Store() if onto is None else onto
    store.bulk_extend(quads)
    return store


def changed_literals(nodes: Iterable[object]) -> Set[object]:
    """Return the literals that Oxigraph may write or compare differently from rdflib."""
    respelled = _respelled(nodes)
    return respelled - _as_stored(respelled).keys()


def _respelled(nodes: Iterable[object]) -> set[Literal]:
    return {node for node in nodes if isinstance(node, Literal) and is_respelled(node)}


def _as_stored(literals: Iterable[Literal]) -> dict[object, Term]:
    """Return, by literal, the spelling of rdflib for each literal that a store would not change."""
    spelled: dict[object, Term] = {}
    for literal in literals:
        read = to_rdflib(literal)
        assert isinstance(read, RdflibLiteral)
        if read.ill_typed is False or literal.datatype in _UNCHECKED:
            spelled[literal] = from_rdflib(read)
    # A store keeps every spelling that it returns, so all of them are tried in one transaction.
    store = Store()
    store.extend(Quad(A, A, one) for one in spelled.values())
    kept = {quad.object for quad in store}
    return {literal: one for literal, one in spelled.items() if one in kept}
