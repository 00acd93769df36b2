"""What a graph says of single individuals, looked up where it is asked for.

Premise: the graph as it was is consistent, and no subject in it has two values of a functional
property, which the gate lets in never. So what is old can be at odds with what is new alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.namespaces import HISTORY_GRAPH, PREFIXES, SHAPES_GRAPH, A
from g60kg.reason.axioms import Axiom
from g60kg.stores.base import GraphStore
from g60kg.stores.local import LocalStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.consistency.ontology import Restriction, Role
from g60kg.validation.consistency.rules import NOTHING, Need, Rules

Individual = NamedNode | BlankNode

#: Statements of one individual that are read one by one; of more, one a property is enough.
FEW: Final = 64

_HIDDEN: Final = frozenset((SHAPES_GRAPH, HISTORY_GRAPH))


@dataclass(frozen=True, slots=True)
class Asked:
    """A need of an individual, with the statements that bring it.

    Attributes:
        need: the classes of which it must be in one, and the axioms why.
        facts: the statements.
        is_new: whether one of them is added.
    """

    need: Need
    facts: tuple[Triple, ...]
    is_new: bool


class Individuals:
    """The individuals of a graph and of what is added to it.

    Attributes:
        rules: what the ontology asks of them.
        new: the triples that are added and stand nowhere in the graph, as a store.
    """

    def __init__(self, after: Overlay, rules: Rules) -> None:
        self.rules = rules
        self.new = LocalStore.holding(
            (quad for quad in after.new.quads() if not _is_there(after.base, quad)), "new triples"
        )
        self._base = after.base
        self._own: dict[Individual, tuple[Asked, ...]] = {}
        self._asked: dict[Individual, tuple[Asked, ...]] = {}
        self._restricted: dict[NamedNode, list[Restriction]] = defaultdict(list)
        for restriction in rules.ontology.restrictions:
            for lower, _ in rules.lower(restriction.property):
                self._restricted[lower.property].append(restriction)

    def statements(
        self,
        subject: Individual | None,
        predicate: NamedNode | None,
        object_: Individual | Literal | None,
    ) -> Iterator[Triple]:
        """The triples that fit a pattern, old ones first."""
        for store in (self._base, self.new):
            for quad in store.quads(subject, predicate, object_):
                if quad.graph_name not in _HIDDEN:
                    yield quad.triple

    def asked(self, node: Individual) -> tuple[Asked, ...]:
        """All that is asked of an individual: old needs first, each once; new ones fact by fact."""
        if node not in self._asked:
            self._asked[node] = (*self.own(node), *self._from_restrictions(node))
        return self._asked[node]

    def own(self, node: Individual) -> tuple[Asked, ...]:
        """What its types ask of an individual, and the properties on both sides of it."""
        if node not in self._own:
            old: dict[Need, Asked] = {}
            for triple in self._some(self._base, node):
                for need in self._needs(triple, node):
                    old.setdefault(need, Asked(need, (triple,), False))
            classes = {need.classes for need in old}
            new = [
                Asked(need, (triple,), True)
                for triple in (*_of(self.new, node, None), *_to(self.new, node, None))
                for need in self._needs(triple, node)
                if need.classes not in classes
            ]
            self._own[node] = (*old.values(), *new)
        return self._own[node]

    def restricted(self, node: Individual) -> Iterator[Individual]:
        """The individuals to which a restriction on an individual's new classes reaches."""
        if any(asked.is_new for asked in self.own(node)):
            for name in self._restricted:
                for triple in (*self.statements(node, name, None),):
                    if not isinstance(triple.object, Literal | Triple):
                        yield triple.object

    def is_individual_statement(self, triple: Triple) -> bool:
        """Whether a triple says a class or a relation of an individual, as OWL reads it."""
        if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
            return False
        if triple.predicate == A:
            return isinstance(triple.object, NamedNode)
        if isinstance(triple.object, Literal):
            return triple.predicate in self.rules.ontology.literal_properties
        return triple.predicate in self.rules.ontology.object_properties

    def _needs(self, triple: Triple, node: Individual) -> Iterator[Need]:
        """What a statement asks of an individual in it."""
        if not self.is_individual_statement(triple):
            return
        if triple.predicate == A:
            name = triple.object
            if triple.subject == node and isinstance(name, NamedNode) and _is_telling(name):
                yield Need(frozenset((name,)))
            return
        if triple.subject == node:
            yield from self.rules.needs(Role(triple.predicate))
        if triple.object == node:
            yield from self.rules.needs(Role(triple.predicate, True))

    def _some(self, store: GraphStore, node: Individual) -> list[Triple]:
        """The statements of an individual, or of very many as many as tell all its needs."""
        outgoing = list(islice(_of(store, node, None), FEW + 1))
        if len(outgoing) > FEW:
            outgoing = list(_of(store, node, A))
            outgoing += self._one_each(lambda name: _of(store, node, name))
        incoming = list(islice(_to(store, node, None), FEW + 1))
        if len(incoming) > FEW:
            incoming = self._one_each(lambda name: _to(store, node, name))
        return [*outgoing, *incoming]
