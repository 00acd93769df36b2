"""Clashes in the closure of statements: what OWL 2 RL infers, queried for what cannot be true.

What OWL 2 RL does not infer is decided here: which class of a union a node is in, and whether a
literal is in a datatype.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.namespaces import A, term
from g60kg.reason.axioms import Axiom
from g60kg.validation.consistency.closure import NOTHING, SAME, SUBCLASS, Statement, Value, close
from g60kg.validation.consistency.literals import RANGES, value_of
from g60kg.validation.consistency.schema import DIFFERENT, DISJOINT, classes_of, kind_of

Nodes = frozenset[Hashable]
Classes = frozenset[NamedNode]

_UNION: Final = (term("rdfs:domain"), term("rdfs:range"))
_IRREFLEXIVE: Final = term("owl:IrreflexiveProperty")
_ASYMMETRIC: Final = term("owl:AsymmetricProperty")


class Clash(NamedTuple):
    """Nodes of which cannot be true what follows of them.

    Attributes:
        order: of the kinds of clashes in a report.
        kind: what is wrong.
        nodes: the nodes, those that are the same individual together.
    """

    order: int
    kind: str
    nodes: Nodes


class Clashes:
    """The clashes that statements and axioms lead to."""

    def __init__(self, axioms: Iterable[Axiom], facts: Iterable[Triple]) -> None:
        self._disjoint: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._different: set[frozenset[Hashable]] = set()
        self._above: dict[Hashable, set[Hashable]] = defaultdict(set)
        self._types: dict[Hashable, set[Hashable]] = defaultdict(set)
        self._same: dict[Hashable, set[Hashable]] = defaultdict(set)
        self._bounded: dict[Hashable, set[tuple[Hashable, Hashable]]] = defaultdict(set)
        self._unions: dict[Hashable, Classes] = {}
        self._fitting: dict[frozenset[Hashable], bool] = {}
        never_itself, asymmetric = set[Hashable](), set[Hashable]()
        statements: list[Statement] = [_statement(fact) for fact in facts]
        for axiom in axioms:
            kind, one, other = kind_of(axiom), axiom.triple.subject, axiom.triple.object
            if kind in (DISJOINT, DIFFERENT):
                if kind == DIFFERENT:
                    self._different.add(frozenset((one, other)))
                elif isinstance(one, NamedNode) and isinstance(other, NamedNode):
                    self._disjoint[one].add(other)
                    self._disjoint[other].add(one)
                continue
            if kind in (_IRREFLEXIVE, _ASYMMETRIC):
                never_itself.add(one)
                asymmetric |= {one} if kind == _ASYMMETRIC else set()
            elif kind in _UNION:
                self._unions[other] = classes_of(axiom)
            statements += [(t.subject, t.predicate, t.object) for t in axiom.triples]
        for subject, predicate, object_ in close(statements):
            if predicate == A:
                self._types[subject].add(object_)
            elif predicate == SAME:
                self._same[subject].add(object_)
                self._same[object_].add(subject)
            elif predicate == SUBCLASS:
                self._above[subject].add(object_)
            elif predicate == DIFFERENT:
                self._different.add(frozenset((subject, object_)))
            elif predicate in never_itself:
                self._bounded[predicate].add((subject, object_))
        self.found = sorted(
            {*self._of_classes(), *self._of_equalities(), *self._of_relations(asymmetric)},
            key=lambda clash: (clash.order, sorted(map(str, clash.nodes))),
        )

    def touch(self, clash: Clash) -> bool:
        """Return whether a clash of the same kind is among these, of one of its nodes."""
        return any(
            other.kind == clash.kind and not other.nodes.isdisjoint(clash.nodes)
            for other in self.found
        )

    def _group(self, node: Hashable) -> Nodes:
        return frozenset((node, *self._same.get(node, ())))

    def _of_classes(self) -> Iterable[Clash]:
        for node, types in self._types.items():
            if isinstance(node, Value):
                if not _fits_datatypes(node, types):
                    yield Clash(3, "datatype", self._group(node))
            elif not self._fits(frozenset(types)):
                yield Clash(0, "classes", self._group(node))

    def _fits(self, types: frozenset[Hashable]) -> bool:
        if types not in self._fitting:
            named = frozenset(name for name in types if isinstance(name, NamedNode))
            unions = {self._unions[name] for name in types if name in self._unions}
            self._fitting[types] = self._has_model(named, sorted(unions, key=len))
        return self._fitting[types]

    def _has_model(self, types: Classes, unions: list[Classes]) -> bool:
        """Return whether something can be in all of the classes, and in one of each union."""
        if NOTHING in types or any(self._disjoint[name] & types for name in types):
            return False
        left = [classes for classes in unions if classes.isdisjoint(types)]
        if not left:
            return True
        return any(
            self._has_model(types | self._with_superclasses(name), left[1:])
            for name in sorted(left[0], key=str)
        )

    def _with_superclasses(self, name: NamedNode) -> Classes:
        above = (upper for upper in self._above[name] if isinstance(upper, NamedNode))
        return frozenset((name, *above))

    def _of_equalities(self) -> Iterable[Clash]:
        for node, others in self._same.items():
            for other in others - {node}:
                if isinstance(node, Value) and isinstance(other, Value):
                    values = {node.value, other.value}
                    if len(values) > 1 and not any(isinstance(v, Literal) for v in values):
                        yield Clash(4, "values", self._group(node))
                elif frozenset((node, other)) in self._different:
                    yield Clash(1, "different", self._group(node))

    def _of_relations(self, asymmetric: set[Hashable]) -> Iterable[Clash]:
        for name, pairs in self._bounded.items():
            for one, other in pairs:
                if other in self._group(one):
                    yield Clash(2, f"itself {name}", self._group(one))
                elif name in asymmetric and (other, one) in pairs:
                    yield Clash(2, f"both ways {name}", self._group(one) | self._group(other))


def _statement(fact: Triple) -> Statement:
    object_ = fact.object
    if isinstance(object_, Literal):
        return fact.subject, fact.predicate, Value(fact.subject, value_of(object_) or object_)
    return fact.subject, fact.predicate, object_


def _fits_datatypes(node: Value, types: set[Hashable]) -> bool:
    if isinstance(node.value, Literal):
        return True
    ranges = (RANGES[name] for name in types if isinstance(name, NamedNode) and name in RANGES)
    return all(contains(node.value) for contains in ranges)  # type: ignore[arg-type]
