"""Reads of shapes: triple patterns that the evaluation of a shape at a focus node looks up.

The plans of a read lead from a matching triple to the focus nodes, and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pyoxigraph import NamedNode, Triple
from rdflib import URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import normal
from g60kg.validation.delta.graph_overlay import View, object_of, subject_of
from g60kg.validation.delta.join_plans import ALL, SOME, Plan, Unconnected
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.shape_structure.constraint_queries import name_of, parsed, variables_of
from g60kg.validation.shape_structure.triple_patterns import THIS, Edge, Fragment, Slot, Unbounded


@dataclass(frozen=True, slots=True)
class Read:
    """A triple pattern that a shape looks up."""

    edge: Edge
    to_focus: Plan
    from_focus: Plan = field(compare=False)

    @classmethod
    def of(cls, fragment: Fragment, about: tuple[str, ...] = (THIS,)) -> Read:
        """Return the read of a triple pattern with others that must match too.

        Raises:
            Unbounded: the patterns are not connected with the variables ``about``.
        """
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
        """Return the rows whose evaluation in the graph ``view`` looks up a changed triple.

        A row is a focus node, or a focus node with ?path, ?value or both of a single
        result. There can be further rows. Rows whose focus node is in ``without`` are
        left out.
        """
        rows = triples.rows(self.edge, self.to_focus.given)
        return self.to_focus.rows(view, rows, without) if rows else set()

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """Yield triples of the pattern, including all that the evaluation of rows looks up."""
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
        """Return the terms of variables in each changed triple that the pattern matches."""
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


@dataclass(frozen=True, slots=True)
class ExistenceRead:
    """Patterns with one shared unknown variable; one common match is enough for a result.

    The match must not have a triple of the patterns ``unless``.
    """

    plan: Plan
    edges: tuple[Edge, ...]
    unless: tuple[Edge, ...]

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """Yield, for each row, the triples of one sufficient match; without one, those of all."""
        for row in read_for:
            found: list[dict[str, Term | None]] = []
            for terms in self.plan.matches(view, row):
                found.append(terms)
                if not any(view.holds(*edge.bound(terms)) for edge in self.unless):
                    found = [terms]
                    break
            for terms in found:
                for edge in (*self.edges, *self.unless):
                    yield from view.match(*edge.bound(terms))


#: What returns the triples that the evaluation of focus nodes, or of single results, reads.
Reads: TypeAlias = Read | ExistenceRead


def context(view: View, reads: Mapping[Reads, Iterable[Row]]) -> set[Triple]:
    """Return the triples that the reads look up for their rows.

    They are sufficient to run the shapes for the focus nodes of the rows.
    """
    return {triple for read, rows in reads.items() for triple in read.triples(view, rows)}


def with_existence_reads(
    text: str, about: tuple[str, ...], reads: tuple[Read, ...]
) -> tuple[Reads, ...]:
    """Return a query's reads, with one ExistenceRead for the patterns whose absence it tests.

    These are ``OPTIONAL { … } FILTER (!BOUND(?x))`` where each pattern in the braces has ?x and
    otherwise only variables in ``about``; the braces may end with ``OPTIONAL { ?x … ?y } FILTER
    (!BOUND(?y) || …)``. For other queries the reads are returned unchanged.
    """
    absent = _absent(text)
    if absent is None:
        return reads
    sought, further = absent
    theirs = tuple(read for read in reads if sought in read.edge.variables)
    edges = tuple(dict.fromkeys(read.edge for read in theirs))
    unless = tuple(edge for edge in edges if further in edge.variables)
    if any(not edge.variables <= {*about, sought, further} for edge in edges):
        return reads
    if any(further in read.edge.variables for read in reads if read not in theirs):
        return reads
    kept = tuple(edge for edge in edges if edge not in unless)
    others = (read for read in reads if read not in theirs)
    any_object = tuple(replace(edge, object=None) for edge in unless)
    return (*others, ExistenceRead(Plan.of(kept, about, about, ALL), kept, any_object))


def _absent(text: str) -> tuple[str, str | None] | None:
    """Return the variables ?x and ?y of a query as in :func:`with_existence_reads`.

    ?y is None without a second OPTIONAL. The result is None for another query.
    """
    query = parsed(text).algebra
    part = query.p
    while part.name in ("Project", "Distinct", "Reduced", "SelectQuery"):
        part = part.p
    if part.name != "Filter" or part.p.name != "LeftJoin":
        return None
    sought, inside, expression = _unbound(part.expr), part.p.p2, part.p.expr
    further = None
    if inside.name == "LeftJoin" and inside.expr.name == "TrueFilter":
        is_or = expression.name == "ConditionalOrExpression"
        options = [expression.expr, *expression.other] if is_or else [expression]
        further = next(filter(None, map(_unbound, options)), None)
        more, inside = inside.p2, inside.p1
        if more.name != "BGP" or any(
            triple[0] != sought or triple[2] != further or not isinstance(triple[1], URIRef)
            for triple in more.triples
        ):
            return None
    elif expression.name != "TrueFilter":
        return None
    if sought is None or sought in query.PV or inside.name != "BGP":
        return None
    for triple in inside.triples:
        if sought not in (triple[0], triple[2]) or not isinstance(triple[1], URIRef):
            return None
    name, other = name_of(sought), None if further is None else name_of(further)
    mentioned = variables_of(part.p.p1)
    if name in mentioned or other in mentioned | variables_of(inside):
        return None
    return name, other


def _unbound(expression: object) -> Variable | None:
    if isinstance(expression, CompValue) and expression.name == "UnaryNot":
        bound = expression.expr
        if isinstance(bound, CompValue) and bound.name == "Builtin_BOUND":
            return bound.arg if isinstance(bound.arg, Variable) else None
    return None
