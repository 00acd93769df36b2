"""A read: what a shape looks up for a focus node, and how to get from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode, Triple
from rdflib import URIRef
from rdflib.term import Node

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import normal
from g60kg.validation.delta.graph_overlay import View, object_of, subject_of
from g60kg.validation.delta.join_plans import Plan, Unconnected
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.triple_patterns import (
    THIS,
    Edge,
    Fragment,
    Slot,
)


class Unbounded(Exception):
    """The focus nodes that a change can matter to cannot be told from the shape; why not."""


@dataclass(frozen=True, slots=True)
class Read:
    """A triple pattern that a shape reads.

    Attributes:
        edge: the pattern.
        to_focus: from a triple that fits it to what the shape reads it for: a focus node, or a
            focus node with what a result about it says, such as the value.
        from_focus: from there to what the variables of the pattern can be.
    """

    edge: Edge
    to_focus: Plan
    from_focus: Plan

    @classmethod
    def of(cls, fragment: Fragment, about: tuple[str, ...] = (THIS,)) -> Read:
        """The read that a fragment is.

        Args:
            fragment: what is read.
            about: the variables of what it is read for, the focus node first.

        Raises:
            Unbounded: nothing connects it with the focus node.
        """
        edge, others = fragment.edge, fragment.others
        variables = tuple(sorted(edge.variables))
        try:
            return cls(
                edge,
                to_focus=Plan.of(others, variables, about, about),
                from_focus=Plan.of((edge, *others), about, variables, variables),
            )
        except Unconnected:
            raise Unbounded("it reads what nothing connects with the focus node") from None

    def read_for(self, view: View, triples: ChangedTriples) -> set[Row]:
        """What any of the triples is read for."""
        rows = triples.rows(self.edge, self.to_focus.given)
        return self.to_focus.rows(view, rows) if rows else set()

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """What is read for some focus nodes, or some results about them."""
        names = self.from_focus.output
        edge = self.edge
        for row in self.from_focus.rows(view, read_for):
            terms = dict(zip(names, row, strict=True))
            subject, predicate, object_ = (
                terms[part] if isinstance(part, str) else part
                for part in (edge.subject, edge.predicate, edge.object)
            )
            yield from view.match(subject, predicate, object_)


class ChangedTriples:
    """The triples of a change, as the patterns that they fit see them."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._all = [
            (subject_of(triple), triple.predicate, normal(object_of(triple))) for triple in triples
        ]
        self._by_predicate: dict[Term, list[tuple[Term, Term, Term]]] = {}
        for found in self._all:
            self._by_predicate.setdefault(found[1], []).append(found)
        self._rows: dict[tuple[Slot | int, ...], frozenset[Row]] = {}

    def rows(self, edge: Edge, names: tuple[str, ...]) -> frozenset[Row]:
        """The terms that the triples which fit a pattern give to its variables."""
        slots = (edge.subject, edge.predicate, edge.object)
        # Patterns that differ in the names of their variables alone have the same rows.
        form = tuple(names.index(slot) if isinstance(slot, str) else slot for slot in slots)
        known = self._rows.get(form)
        if known is None:
            known = self._rows[form] = frozenset(self._fitting(form, len(names)))
        return known

    def _fitting(self, form: tuple[Slot | int, ...], length: int) -> Iterator[Row]:
        predicate = form[1]
        for found in (
            self._by_predicate.get(predicate, ()) if isinstance(predicate, NamedNode) else self._all
        ):
            row: dict[int, Term] = {}
            if all(
                slot is None
                or (row.setdefault(slot, term) if isinstance(slot, int) else slot) == term
                for slot, term in zip(form, found, strict=True)
            ):
                yield tuple(row[index] for index in range(length))


class Reads(Protocol):
    """What is read for some focus nodes, or some results about them."""

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """The triples that are read."""


def context(view: View, reads: Mapping[Reads, Iterable[Row]]) -> set[Triple]:
    """What the reads read, each for its own: enough to run the shapes for those focus nodes."""
    return {triple for read, rows in reads.items() for triple in read.triples(view, rows)}


def iri(node: Node) -> NamedNode:
    """An IRI of the shapes graph as the store writes it.

    Raises:
        Unbounded: it is none that the store could hold.
    """
    with suppress(ValueError):
        if isinstance(node, URIRef):
            return NamedNode(str(node))
    raise Unbounded(f"{node} stands where an IRI should")
