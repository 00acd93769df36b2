"""Patterns that a query only tests for existence: one match is read.

A triple that thousands of sources state has thousands of Facts. A rule that requires one of them
needs only one match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Triple
from rdflib import URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from g60kg.stores.base import Term
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.join_plans import EdgeLookup, Row, lookup, side_by_side
from g60kg.validation.delta.reads import Read
from g60kg.validation.shape_structure.constraint_queries import name_of, parsed
from g60kg.validation.shape_structure.triple_patterns import Edge


@dataclass(frozen=True, slots=True)
class ExistenceRead:
    """Patterns with one shared unknown, of which one common match is read."""

    edges: tuple[Edge, ...]
    about: tuple[str, ...]
    sought: str

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """Return, for each result, the triples of one match of the patterns."""
        names = (*self.about, self.sought)
        indexes = {name: index for index, name in enumerate(names)}
        lookups = [
            found for edge in self.edges if isinstance(found := lookup(edge, indexes), EdgeLookup)
        ]
        for row in read_for:
            term = _first(lookups, view, row)
            if term is None:
                continue
            terms = dict(zip(names, (*row, term), strict=True))
            for edge in self.edges:
                yield from view.match(*edge.bound(terms))


def _first(lookups: list[EdgeLookup], view: View, row: Row) -> Term | None:
    """Return a term with which all patterns match, or None.

    They are iterated in parallel, as by :func:`~g60kg.validation.delta.join_plans.fewest`: the
    first that ends has shown all candidates.
    """
    quick = [one for one in lookups if not one.is_search(row)] or lookups
    for used, taken, is_all in side_by_side(quick, view, row):
        others = [one for one in lookups if one is not used]
        for term in taken:
            if all(other.holds(view, (*row, term), exactly=False) for other in others):
                return term
        if is_all:
            return None
    raise AssertionError("one of them ends")


def with_existence_reads(
    text: str, about: tuple[str, ...], reads: tuple[Read, ...]
) -> tuple[Read | ExistenceRead, ...]:
    """Replace the reads of patterns that must be absent by existence reads.

    These are ``OPTIONAL { … } FILTER (!BOUND(?x))`` where each pattern in the braces has ?x and
    otherwise only variables of the result; reads of other queries are returned unchanged.
    """
    absent = _absent(text)
    if absent is None:
        return reads
    sought, variables = absent
    theirs = tuple(read for read in reads if sought in read.edge.variables)
    if not variables <= {*about, sought} or not all(sought in r.edge.variables for r in theirs):
        return reads
    edges = tuple(dict.fromkeys(read.edge for read in theirs))
    return (*(read for read in reads if read not in theirs), ExistenceRead(edges, about, sought))


def _absent(text: str) -> tuple[str, frozenset[str]] | None:
    """Return the variable that must be unbound, and all variables of its patterns."""
    query = parsed(text).algebra
    part = query.p
    while part.name in ("Project", "Distinct", "Reduced", "SelectQuery"):
        part = part.p
    if part.name != "Filter" or part.p.name != "LeftJoin":
        return None
    tested, optional = part.expr, part.p.p2
    if not (isinstance(tested, CompValue) and tested.name == "UnaryNot"):
        return None
    bound, inside = tested.expr, optional
    if not (isinstance(bound, CompValue) and bound.name == "Builtin_BOUND") or inside.name != "BGP":
        return None
    sought = bound.arg
    if part.p.expr.name != "TrueFilter" or sought in query.PV or not isinstance(sought, Variable):
        return None
    for triple in inside.triples:
        if sought not in (triple[0], triple[2]) or not isinstance(triple[1], URIRef):
            return None
    if sought in _mentioned(part.p.p1):
        return None
    terms = {node for triple in inside.triples for node in triple if isinstance(node, Variable)}
    return name_of(sought), frozenset(map(name_of, terms))


def _mentioned(part: object) -> set[object]:
    if isinstance(part, CompValue):
        return set().union(*map(_mentioned, part.values())) if part else set()
    if isinstance(part, list | tuple | set | frozenset):
        return set().union(*map(_mentioned, part)) if part else set()
    return {part} if isinstance(part, Variable) else set()
