"""Patterns of which a query asks only whether they hold: one way in which they do is read.

Of what thousands of sources state, thousands of Facts tell. A rule that wants one of them is
content with any, so no more are read for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Triple
from rdflib import URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from g60kg.stores.base import Term
from g60kg.validation.delta.constraint_queries import parsed
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.pattern_lookups import (
    EdgeLookup,
    Row,
    lookup,
    side_by_side,
)
from g60kg.validation.delta.query_algebra import name_of
from g60kg.validation.delta.reads import Read
from g60kg.validation.delta.triple_patterns import Edge


@dataclass(frozen=True, slots=True)
class Witness:
    """Patterns with one unknown in each, read once where they hold together.

    Attributes:
        edges: the patterns.
        about: the variables that are known, in the order of the rows.
        sought: the one that is not.
    """

    edges: tuple[Edge, ...]
    about: tuple[str, ...]
    sought: str

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """For each of some results the triples of one way in which the patterns hold."""
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
                subject, predicate, object_ = (
                    terms[part] if isinstance(part, str) else part
                    for part in (edge.subject, edge.predicate, edge.object)
                )
                yield from view.match(subject, predicate, object_)


def _first(lookups: list[EdgeLookup], view: View, row: Row) -> Term | None:
    """A term with which all of them hold; None where there is none.

    They are iterated in parallel, as by :func:`~g60kg.validation.delta.pattern_lookups.fewest`: the
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
    raise AssertionError("one of them comes to its end")


def with_witness(
    text: str, about: tuple[str, ...], reads: tuple[Read, ...]
) -> tuple[Read | Witness, ...]:
    """What is read for single results of a query, once only of what it wants to be absent.

    That is ``OPTIONAL { … } FILTER (!BOUND(?x))``, where each pattern in the braces has ?x in it
    and else what a result tells; another query's reads come back as they are.
    """
    absent = _absent(text)
    if absent is None:
        return reads
    sought, variables = absent
    theirs = tuple(read for read in reads if sought in read.edge.variables)
    if not variables <= {*about, sought} or not all(sought in r.edge.variables for r in theirs):
        return reads
    edges = tuple(dict.fromkeys(read.edge for read in theirs))
    return (*(read for read in reads if read not in theirs), Witness(edges, about, sought))


def _absent(text: str) -> tuple[str, frozenset[str]] | None:
    """The variable of what is to be absent, and all variables of its patterns."""
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
