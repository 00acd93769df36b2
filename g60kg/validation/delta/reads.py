"""Reads of shapes: the patterns looked up for a focus node, and the way between the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Protocol

from pyoxigraph import NamedNode, Triple

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import normal
from g60kg.validation.delta.graph_overlay import View, object_of, subject_of
from g60kg.validation.delta.join_plans import SOME, Plan, Unconnected
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.shape_structure.triple_patterns import THIS, Edge, Fragment, Slot, Unbounded


@dataclass(frozen=True, slots=True)
class Read:
    """A triple pattern that a shape reads.

    Attributes:
        to_focus: the plan from a matching triple to what it is read for: a focus node, or a focus
            node with the other variables of a result, such as the value.
        from_focus: the plan from there to the variables of the pattern.
    """

    edge: Edge
    to_focus: Plan
    from_focus: Plan = field(compare=False)

    @classmethod
    def of(cls, fragment: Fragment, about: tuple[str, ...] = (THIS,)) -> Read:
        """Return the read of a fragment."""
        edge, others = fragment.edge, fragment.others
        variables = tuple(sorted(edge.variables))
        try:
            return cls(
                edge,
                to_focus=Plan.of(others, variables, about, SOME, fragment.unchanged),
                from_focus=Plan.of((edge, *others), about, variables),
            )
        except Unconnected:
            raise Unbounded(
                "it reads a pattern that is not connected with the focus node"
            ) from None

    def read_for(
        self, view: View, triples: ChangedTriples, without: Set[Term] = frozenset()
    ) -> set[Row]:
        """Return the focus nodes, or results about them, that depend on a changed triple.

        Args:
            without: focus nodes that need not be found.
        """
        rows = triples.rows(self.edge, self.to_focus.given)
        return self.to_focus.rows(view, rows, without) if rows else set()

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """Yield the triples that the evaluation of focus nodes, or of single results, reads."""
        names = self.from_focus.output
        for row in self.from_focus.rows(view, read_for):
            yield from view.match(*self.edge.bound(dict(zip(names, row, strict=True))))


class ChangedTriples:
    """The triples of a change, indexed by the patterns they match."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._all = [
            (subject_of(triple), triple.predicate, normal(object_of(triple))) for triple in triples
        ]
        self._by_predicate: dict[Term, list[tuple[Term, Term, Term]]] = {}
        for found in self._all:
            self._by_predicate.setdefault(found[1], []).append(found)
        self._rows: dict[tuple[Slot | int, ...], frozenset[Row]] = {}

    def rows(self, edge: Edge, names: tuple[str, ...]) -> frozenset[Row]:
        """Return the values of the variables for each changed triple that the pattern matches."""
        slots = (edge.subject, edge.predicate, edge.object)
        # Patterns that differ only in variable names have the same rows.
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
    """Return the triples that the evaluation of focus nodes, or of single results, reads."""

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """Return the triples read."""


def context(view: View, reads: Mapping[Reads, Iterable[Row]]) -> set[Triple]:
    """Return the triples of all reads: enough to run the shapes for those focus nodes."""
    return {triple for read, rows in reads.items() for triple in read.triples(view, rows)}
