"""Patterns that a query only tests for existence: one match is read.

A triple that thousands of sources state has thousands of Facts. A rule that requires one of them
needs only one match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Triple
from rdflib import URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from g60kg.stores.base import Term
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.join_plans import ALL, Plan
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.reads import Read
from g60kg.validation.shape_structure.constraint_queries import name_of, parsed, variables_of
from g60kg.validation.shape_structure.triple_patterns import Edge


@dataclass(frozen=True, slots=True)
class ExistenceRead:
    """Patterns with one shared unknown, of which one common match is read.

    Attributes:
        plan: the plan from the variables of a result to the matches.
        unless: patterns that the match should lack, with any object; if each has one, all matches
            are read.
    """

    plan: Plan
    edges: tuple[Edge, ...]
    unless: tuple[Edge, ...]

    def triples(self, view: View, read_for: Iterable[Row]) -> Iterator[Triple]:
        """Return, for each result, the triples of one match of the patterns."""
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


def with_existence_reads(
    text: str, about: tuple[str, ...], reads: tuple[Read, ...]
) -> tuple[Read | ExistenceRead, ...]:
    """Replace the reads of patterns that must be absent by existence reads.

    These are ``OPTIONAL { … } FILTER (!BOUND(?x))`` where each pattern in the braces has ?x and
    otherwise only variables of the result; the braces may end with
    ``OPTIONAL { ?x … ?y } FILTER (!BOUND(?y) || …)``. Reads of other queries are unchanged.
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
    """Return the variable that must be unbound, and one that its match should leave unbound."""
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
    """Return the variable of ``!BOUND(?x)``, or None for another expression."""
    if isinstance(expression, CompValue) and expression.name == "UnaryNot":
        bound = expression.expr
        if isinstance(bound, CompValue) and bound.name == "Builtin_BOUND":
            return bound.arg if isinstance(bound.arg, Variable) else None
    return None
