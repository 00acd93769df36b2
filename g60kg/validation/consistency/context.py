"""Statements to check together: what is added, and what the store says of the nodes it touches.

Premise: the store is consistent, and no subject in it has two values of a functional property,
since `add` accepts neither. So a contradiction involves an added statement, and what is read does
not grow with the store: of a node with many statements, a few for each property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.namespaces import HISTORY_GRAPH, PREFIXES, SHAPES_GRAPH, A, compact, term
from g60kg.stores.base import GraphStore, Term
from g60kg.validation.consistency.closure import NOTHING, SAME
from g60kg.validation.consistency.schema import DIFFERENT, Role, Schema

Individual = NamedNode | BlankNode

#: The most statements of a node, in one direction or along one role, that are all read.
FEW: Final = 64

_HIDDEN: Final = frozenset((SHAPES_GRAPH, HISTORY_GRAPH))
# OWL's own terms that state something of individuals, or nothing that matters here.
_NO_AXIOMS: Final = frozenset(
    (SAME, DIFFERENT, NOTHING, term("owl:Thing"), term("owl:NamedIndividual"))
)
_AXIOMS: Final = frozenset(
    term(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")
)


@dataclass(frozen=True, slots=True)
class Context:
    """The statements that a check looks at.

    Attributes:
        added: the added statements that no graph of the store has yet, sorted.
        known: statements of the store.
        axioms: OWL's own terms among what is added, which the check does not take in.
    """

    added: tuple[Triple, ...]
    known: tuple[Triple, ...]
    axioms: tuple[str, ...]


def context_of(store: GraphStore, schema: Schema, quads: Iterable[Quad]) -> Context:
    """Return the statements to check when quads are added to a store."""
    fresh = {quad.triple for quad in quads if not _stands(store, quad)}
    axioms = sorted({name for triple in fresh for name in _axiom_terms(triple)})
    added = sorted((triple for triple in fresh if _is_read(schema, triple)), key=str)
    reader = _Reader(store, schema, added)
    reader.read()
    return Context(tuple(added), tuple(dict.fromkeys(reader.known)), tuple(axioms))


class _Reader:
    """Reads statements of the nodes that what is added touches, and of those made one with them."""

    def __init__(self, store: GraphStore, schema: Schema, added: list[Triple]) -> None:
        self._store = store
        self._schema = schema
        self._added: dict[Individual, list[Triple]] = {}
        for triple in added:
            for end in _ends(triple):
                self._added.setdefault(end, []).append(triple)
        self.known: list[Triple] = []
        functional = schema.of_kind("owl:FunctionalProperty") & schema.object_properties
        self._functional = [schema.lower(name) for name in sorted(functional, key=str)]
        restricted = sorted({one.property for one in schema.restrictions}, key=str)
        self._restricted = [role for name in restricted for role in schema.lower(name)]
        bounded = schema.of_kind("owl:IrreflexiveProperty")
        bounded |= schema.of_kind("owl:AsymmetricProperty")
        self._bounded = {role.property for name in bounded for role in schema.lower(name)}
        self._fillers = {one.filler for one in schema.restrictions}
        self._has_equalities = any(True for _ in self._triples(None, SAME, None)) or any(
            triple.predicate == SAME for triple in added
        )

    def read(self) -> None:
        """Read until nothing new can be said of any node."""
        merged: dict[Individual, bool] = {}
        waiting = [(node, False) for node in sorted(self._added, key=str)]
        while waiting:
            node, is_merged = waiting.pop()
            if node in merged and (merged[node] or not is_merged):
                continue
            if node not in merged:
                self.known += self._statements(node)
            merged[node] = is_merged
            waiting += self._same(node, is_merged)
            waiting += [(other, False) for other in self._across_restrictions(node)]

    def _statements(self, node: Individual) -> Iterator[Triple]:
        """Yield what the store says of a node: all of little, of much a few for each property."""
        for inverse in (False, True):
            found = list(islice(self._along(node, None, inverse), FEW + 1))
            if len(found) > FEW:
                found = [t for t in self._along(node, A, False)] if not inverse else []
                for name in sorted(self._schema.object_properties, key=str):
                    most = FEW if name in self._bounded else 1
                    found += islice(self._along(node, name, inverse), most)
                for triple in self._added.get(node, ()):
                    found += self._beside(triple)
            yield from found

    def _beside(self, triple: Triple) -> Iterator[Triple]:
        """Yield what the store says of the two ends of an added statement together."""
        one, other = triple.subject, triple.object
        if triple.predicate in self._bounded and not isinstance(other, Literal | Triple):
            for subject, object_ in ((one, other), (other, one)):
                if not isinstance(subject, Triple):
                    yield from self._triples(subject, None, object_)

    def _same(self, node: Individual, is_merged: bool) -> Iterator[tuple[Individual, bool]]:
        """Yield the nodes that are, or may be, one with others by what is said of a node."""
        if self._has_equalities:
            equal = [*self._ends_along(node, Role(SAME)), *self._ends_along(node, Role(SAME, True))]
            if equal and not is_merged:
                yield node, True
            yield from ((other, True) for other in equal)
        for roles in self._functional:
            values = {end for role in roles for end in self._ends_along(node, role)}
            if len(values) > 1 or is_merged:
                yield from ((value, True) for value in sorted(values, key=str))

    def _across_restrictions(self, node: Individual) -> Iterator[Individual]:
        """Yield the nodes to which restrictions may extend what is said of a node, or from which.

        None where its stated class decides it already, as of most articles with many quotations.
        """
        types = [t.object for t in self._along(node, A, False)]
        above = (self._schema.above(name) for name in types if isinstance(name, NamedNode))
        is_decided = any(not self._fillers.isdisjoint(names) for names in above)
        for role in self._restricted:
            for end in (role, role.turned):
                if not (is_decided and end.inverse != role.inverse and not self._has_equalities):
                    yield from islice(self._ends_along(node, end), FEW)

    def _ends_along(self, node: Individual, role: Role) -> Iterator[Individual]:
        added = (t for t in self._added.get(node, ()) if t.predicate == role.property)
        found = self._along(node, role.property, role.inverse)
        for triple in (*added, *islice(found, FEW)):
            here, there = triple.subject, triple.object
            if role.inverse:
                here, there = there, here
            if here == node and isinstance(there, NamedNode | BlankNode):
                yield there

    def _along(self, node: Individual, name: NamedNode | None, inverse: bool) -> Iterator[Triple]:
        return self._triples(None, name, node) if inverse else self._triples(node, name, None)

    def _triples(
        self, subject: Individual | None, predicate: NamedNode | None, object_: Term | None
    ) -> Iterator[Triple]:
        found = _visible(self._store, subject, predicate, object_)
        return (triple for triple in found if _is_read(self._schema, triple))


def _is_read(schema: Schema, triple: Triple) -> bool:
    """Return whether OWL reads a triple as a class, a relation or a value of an individual."""
    object_ = triple.object
    if isinstance(triple.subject, Triple) or isinstance(object_, Triple):
        return False
    if isinstance(object_, Literal):
        return triple.predicate in schema.literal_properties
    if triple.predicate == A:
        return isinstance(object_, NamedNode) and (
            object_ == NOTHING or not object_.value.startswith(PREFIXES["owl"])
        )
    return triple.predicate in schema.object_properties or triple.predicate in (SAME, DIFFERENT)


def _visible(
    store: GraphStore,
    subject: Individual | None,
    predicate: NamedNode | None,
    object_: Term | None,
) -> Iterator[Triple]:
    for quad in store.quads(subject, predicate, object_):
        if quad.graph_name not in _HIDDEN:
            yield quad.triple


def _stands(store: GraphStore, quad: Quad) -> bool:
    """Return whether any graph has the triple."""
    if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
        return False
    return any(True for _ in _visible(store, quad.subject, quad.predicate, quad.object))


def _ends(triple: Triple) -> Iterator[Individual]:
    for end in (triple.subject, triple.object if triple.predicate != A else None):
        if isinstance(end, NamedNode | BlankNode):
            yield end


def _axiom_terms(triple: Triple) -> Iterator[str]:
    """Yield the terms by which a triple speaks of classes and properties, not of individuals."""
    says = triple.object if triple.predicate == A else triple.predicate
    if not isinstance(says, NamedNode):
        yield "a class expression"
    elif says in _AXIOMS or (says.value.startswith(PREFIXES["owl"]) and says not in _NO_AXIOMS):
        yield compact(says.value)
