"""A read: what a shape looks up for a focus node, and how to get from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple
from rdflib.term import Node

from g60kg.stores.base import Term
from g60kg.validation.delta.lookups import Row
from g60kg.validation.delta.patterns import THIS, Edge, Fragment, Slot
from g60kg.validation.delta.plans import Plan, Unconnected
from g60kg.validation.delta.terms import normal
from g60kg.validation.delta.views import View, object_of, subject_of


class Unbounded(Exception):
    """The focus nodes that a change can matter to cannot be told from the shape; why not."""


@dataclass(frozen=True, slots=True)
class Read:
    """A triple pattern that a shape reads.

    Attributes:
        edge: the pattern.
        to_focus: from a triple that fits it to the focus nodes that the shape reads it for.
        from_focus: from a focus node to what the variables of the pattern can be.
    """

    edge: Edge
    to_focus: Plan
    from_focus: Plan

    @classmethod
    def of(cls, fragment: Fragment) -> Read:
        """The read that a fragment is.

        Raises:
            Unbounded: nothing connects it with the focus node.
        """
        edge, others = fragment.edge, fragment.others
        variables = tuple(sorted(edge.variables))
        try:
            return cls(
                edge,
                to_focus=Plan.of(others, variables, {THIS}, (THIS,)),
                from_focus=Plan.of((edge, *others), (THIS,), edge.variables, variables),
            )
        except Unconnected:
            raise Unbounded("it reads what nothing connects with the focus node") from None

    def row(self, triple: Triple) -> Row | None:
        """The terms that a triple gives to the pattern's variables; None if it does not fit."""
        terms: dict[str, Term] = {}
        found = (subject_of(triple), triple.predicate, normal(object_of(triple)))
        for part, term in zip(_slots(self.edge), found, strict=True):
            if isinstance(part, str):
                if terms.setdefault(part, term) != term:
                    return None
            elif part is not None and part != term:
                return None
        return tuple(terms[name] for name in self.to_focus.given)

    def focus_nodes(self, view: View, triples: Iterable[Triple]) -> set[Term]:
        """The nodes that any of the triples is read for."""
        rows = {row for triple in triples for row in (self.row(triple),) if row is not None}
        return {node for (node,) in self.to_focus.rows(view, rows)} if rows else set()

    def triples(self, view: View, focus_nodes: Iterable[Term]) -> Iterator[Triple]:
        """What is read for some focus nodes."""
        names = self.from_focus.output
        for row in self.from_focus.rows(view, ((node,) for node in focus_nodes)):
            terms = dict(zip(names, row, strict=True))
            subject, predicate, object_ = (
                terms[part] if isinstance(part, str) else part for part in _slots(self.edge)
            )
            yield from view.match(subject, predicate, object_)


def _slots(edge: Edge) -> tuple[Slot, Slot, Slot]:
    return edge.subject, edge.predicate, edge.object


class TriplesByPredicate:
    """The triples of a change, sorted by predicate, so that a read looks only at its own."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._all = tuple(triples)
        self._sorted: dict[NamedNode, list[Triple]] = {}
        for triple in self._all:
            self._sorted.setdefault(triple.predicate, []).append(triple)

    def for_read(self, read: Read) -> Iterable[Triple]:
        """The triples that can fit the read's pattern."""
        predicate = read.edge.predicate
        return self._sorted.get(predicate, ()) if isinstance(predicate, NamedNode) else self._all


def context(view: View, reads: Mapping[Read, Iterable[Term]]) -> set[Triple]:
    """What the reads read, each for its own focus nodes: enough to run the shapes for them."""
    return {
        triple for read, focus_nodes in reads.items() for triple in read.triples(view, focus_nodes)
    }


def iri(node: Node) -> NamedNode:
    """An IRI of the shapes graph as the store writes it.

    Raises:
        Unbounded: it is none that the store could hold.
    """
    try:
        return NamedNode(str(node))
    except ValueError:
        raise Unbounded(f"<{node}> is no IRI") from None
