"""What a graph says of single individuals, looked up where it is asked for.

Premise: the graph as it was is consistent, and no subject in it has two values of a functional
property; the gate lets neither in. So what is old can only be at odds with what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.namespaces import HISTORY_GRAPH, PREFIXES, SHAPES_GRAPH, A, compact, term
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.checks.consistency.axiom_rules import NOTHING, Need, Rules
from g60kg.validation.checks.consistency.axioms import DIFFERENT, SAME, Role

Individual = NamedNode | BlankNode

#: Finds statements of an individual in a store, with a property or with any.
Find = Callable[[GraphStore, Individual, NamedNode | None], Iterator[Triple]]

#: Statements of one individual that are read one by one; where there are more, one a property is.
FEW: Final = 64

_HIDDEN: Final = frozenset((SHAPES_GRAPH, HISTORY_GRAPH))
_OWL: Final = PREFIXES["owl"]
# OWL's own terms that say something of individuals, or nothing that matters here.
_NO_AXIOMS: Final = frozenset(
    (SAME, DIFFERENT, NOTHING, term("owl:Thing"), term("owl:NamedIndividual"))
)
_AXIOMS: Final = frozenset(
    term(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A need of an individual, with the statements that bring it.

    Attributes:
        node: the individual.
        need: the classes of which it must be in one, and the axioms why.
        facts: the statements.
        is_new: whether it takes something that is added to bring it.
    """

    node: Individual
    need: Need
    facts: tuple[Triple, ...]
    is_new: bool


class Individuals:
    """The individuals of a graph and of what is added to it.

    Attributes:
        rules: what the ontology asks of them.
        added: the added statements about individuals that stand nowhere in the graph yet, sorted.
        axioms: OWL's own terms among what is added, which no rule takes in.
    """

    def __init__(self, after: Overlay, rules: Rules) -> None:
        self.rules = rules
        self._base = after.base
        fresh = [quad for quad in after.new.quads() if not _stands(after.base, quad)]
        self._new = LocalStore.holding(fresh, "what is new")
        triples = {quad.triple for quad in fresh}
        self.axioms = sorted({name for triple in triples for name in _axiom_terms(triple)})
        self.added = tuple(sorted(filter(self.is_read, triples), key=str))
        self._is_added = frozenset(self.added)
        self._added_to: dict[Individual, dict[Triple, None]] = defaultdict(dict)
        for triple in self.added:
            for end in (triple.subject, triple.object):
                if isinstance(end, NamedNode | BlankNode):
                    self._added_to[end][triple] = None
        self._own: dict[Individual, tuple[Asked, ...]] = {}

    def is_added(self, triple: Triple) -> bool:
        """Whether a statement is one of those added."""
        return triple in self._is_added

    def is_read(self, triple: Triple) -> bool:
        """Whether OWL reads a triple as a class, a relation or a value of an individual."""
        ontology, object_ = self.rules.ontology, triple.object
        if isinstance(triple.subject, Triple) or isinstance(object_, Triple):
            return False
        if isinstance(object_, Literal):
            return triple.predicate in ontology.literal_properties
        if triple.predicate == A:
            return isinstance(object_, NamedNode) and (
                object_ == NOTHING or not object_.value.startswith(_OWL)
            )
        return triple.predicate in ontology.object_properties or triple.predicate in _NO_AXIOMS

    def statements(
        self, subject: Individual | None, predicate: NamedNode | None, object_: Term | None
    ) -> Iterator[Triple]:
        """The statements that fit a pattern, old ones first; None fits anything."""
        for store in (self._base, self._new):
            yield from filter(self.is_read, _triples(store, subject, predicate, object_))

    def related(self, node: Individual, role: Role) -> Iterator[tuple[Triple, Individual]]:
        """The statements that lead from an individual along a role, with where they lead."""
        subject, object_ = (None, node) if role.inverse else (node, None)
        for triple in self.statements(subject, role.property, object_):
            there = triple.subject if role.inverse else triple.object
            if isinstance(there, NamedNode | BlankNode):
                yield triple, there

    def is_settled(self, node: Individual) -> bool:
        """Whether its old types meet all that added statements ask of an individual.

        That is so of most, and then nothing more needs to be known of them.
        """
        types = {
            upper
            for triple in _of(self._base, node, A)
            if isinstance(triple.object, NamedNode)
            for upper in self.rules.above(triple.object)
        }
        return all(not asked.need.classes.isdisjoint(types) for asked in self._added_needs(node))

    def own(self, node: Individual) -> tuple[Asked, ...]:
        """What its classes and relations ask of an individual: each old need once, new ones all."""
        if node not in self._own:
            old: dict[frozenset[NamedNode], Asked] = {}
            for triple in self._telling(node):
                for need in self._needs(triple, node):
                    old.setdefault(need.classes, Asked(node, need, (triple,), False))
            new = (asked for asked in self._added_needs(node) if asked.need.classes not in old)
            self._own[node] = (*old.values(), *new)
        return self._own[node]

    def _added_needs(self, node: Individual) -> list[Asked]:
        return [
            Asked(node, need, (triple,), True)
            for triple in self._added_to.get(node, ())
            for need in self._needs(triple, node)
        ]

    def restricted_before(self, node: Individual) -> Iterator[Asked]:
        """What restrictions ask of an individual by old statements alone.

        Not looked for where its old classes tell already, since what is old is consistent: the
        many quotations of an article that is typed need not be looked through.
        """
        rules = self.rules
        told = [
            name
            for asked in self.own(node)
            if not asked.is_new and len(asked.need.classes) == 1
            for name in asked.need.classes
        ]
        for restriction in rules.ontology.restrictions:
            filler = restriction.filler
            if not any(filler in rules.above(n) or rules.clash(n, filler) for n in told):
                asked = self._old_restriction(node, restriction.member, restriction.property)
                if asked is not None:
                    need = Need(frozenset((filler,)), (*asked.need.axioms, restriction.axiom))
                    yield Asked(node, need, asked.facts, False)

    def _old_restriction(
        self, node: Individual, member: NamedNode, along: NamedNode
    ) -> Asked | None:
        """The first old statement that leads here along a property from a member of a class."""
        for role, why in self.rules.lower(along):
            for triple, other in self.related(node, Role(role.property, not role.inverse)):
                if self.is_added(triple):
                    break
                for asked in self.own(other):
                    axioms = self.rules.membership(asked.need, member)
                    if axioms is not None and not asked.is_new:
                        need = Need(frozenset((member,)), (*axioms, *why))
                        return Asked(other, need, (*asked.facts, triple), False)
        return None

    def _needs(self, triple: Triple, node: Individual) -> Iterator[Need]:
        """What a statement asks of an individual in it."""
        if triple.predicate == A:
            if triple.subject == node and isinstance(triple.object, NamedNode):
                yield Need(frozenset((triple.object,)))
            return
        if triple.subject == node:
            yield from self.rules.needs(Role(triple.predicate))
        if triple.object == node:
            yield from self.rules.needs(Role(triple.predicate, True))

    def _telling(self, node: Individual) -> Iterator[Triple]:
        """The old statements of an individual, types first; of very many, one a property."""
        found = list(islice(_of(self._base, node, None), FEW + 1))
        if len(found) > FEW:
            found = [*_of(self._base, node, A), *self._one_each(node, _of)]
        yield from sorted(filter(self.is_read, found), key=lambda triple: triple.predicate != A)
        found = list(islice(_to(self._base, node, None), FEW + 1))
        if len(found) > FEW:
            found = self._one_each(node, _to)
        yield from filter(self.is_read, found)

    def _one_each(self, node: Individual, find: Find) -> list[Triple]:
        found = (
            islice(filter(self.is_read, find(self._base, node, name)), 1)
            for name in self.rules.asking_properties
        )
        return [triple for first in found for triple in first]


def _of(store: GraphStore, node: Individual, predicate: NamedNode | None) -> Iterator[Triple]:
    return _triples(store, node, predicate, None)


def _to(store: GraphStore, node: Individual, predicate: NamedNode | None) -> Iterator[Triple]:
    return _triples(store, None, predicate, node)


def _triples(
    store: GraphStore,
    subject: Individual | None,
    predicate: NamedNode | None,
    object_: Term | None,
) -> Iterator[Triple]:
    for quad in store.quads(subject, predicate, object_):
        if quad.graph_name not in _HIDDEN:
            yield quad.triple


def _stands(store: GraphStore, quad: Quad) -> bool:
    """Whether any graph has the triple."""
    if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
        return False
    return any(_triples(store, quad.subject, quad.predicate, quad.object))


def _axiom_terms(triple: Triple) -> Iterator[str]:
    """The terms by which a triple speaks of classes and properties rather than of individuals."""
    says = triple.object if triple.predicate == A else triple.predicate
    if not isinstance(says, NamedNode):
        yield "a class expression"
    elif says in _AXIOMS or (says.value.startswith(_OWL) and says not in _NO_AXIOMS):
        yield compact(says.value)
