"""SPARQL queries of shapes: their executable text, and the triple patterns that they look up.

A read is a triple pattern that a query looks up, with the statements that hold where it does.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, TypeAlias

from rdflib import OWL, RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from g60kg.namespaces import PREFIXES
from g60kg.validation.shape_structure.triple_patterns import (
    STAY,
    THIS,
    Path,
    Repeat,
    Slot,
    Statement,
    Step,
    Unbounded,
    alternative,
    as_sparql,
    iri,
    sequence,
)

#: Statements that hold together, and the alternative ways to match a group.
Conjunction: TypeAlias = tuple[Statement, ...]
Ways: TypeAlias = tuple[Conjunction, ...]

#: Statements that hold together, and the index of the one that a query reads there.
QueryRead: TypeAlias = tuple[Conjunction, int]

ONE_WAY: Final[Ways] = ((),)
#: Unions multiply: beyond this many alternatives the query is unbounded.
_MOST_WAYS: Final = 32
_EXISTS: Final = ("Builtin_EXISTS", "Builtin_NOTEXISTS")
#: Parts of a query with which further triples can remove a solution.
_NOT_MONOTONE: Final = frozenset({"LeftJoin", "Minus", "Group", "AggregateJoin", "Slice", *_EXISTS})
_SELECTING: Final = ("Project", "Distinct", "Reduced")
#: Functions and clauses whose result in a part of a graph can differ from the whole. NOW() does
#: not belong here: it gives all nodes the same moment.
_BY_CHANCE: Final = frozenset(
    {"Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE"} | {"Aggregate_GroupConcat"}
)


class Algebra:
    """A traversal of a query's algebra: its patterns, and the statements that hold with them.

    ``given`` has the variables that are bound before the query runs.
    """

    def __init__(self, given: frozenset[str]) -> None:
        self._given = given

    def reads(self, node: CompValue, around: Ways) -> Iterator[QueryRead]:
        """Yield the reads of a part of a query for each alternative of statements ``around`` it."""
        match node.name:
            case "BGP":
                own = tuple(map(_statement, node.triples))
                for outer in around:
                    for index in range(len(own)):
                        yield (*outer, *own), len(outer) + index
            case "Join":
                later = (tuple(replace(s, is_later=True) for s in w) for w in self.ways(node.p2))
                yield from self._within(node.p1, around, tuple(later))
                yield from self._within(node.p2, around, self.ways(node.p1))
            case "Union":
                yield from self._within(node.p1, around, ONE_WAY)
                yield from self._within(node.p2, around, ONE_WAY)
            case "LeftJoin":
                yield from self._within(node.p1, around, ONE_WAY)
                yield from self._within(node.p2, around, self.ways(node.p1))
                both = _together(self.ways(node.p1), self.ways(node.p2))
                yield from self._expressions(node.expr, around, both)
            case "Minus":
                yield from self._within(node.p1, around, ONE_WAY)
                yield from self._within(node.p2, around, self.ways(node.p1))
            case "Filter" | "Extend" | "OrderBy" | "Group" | "AggregateJoin":
                yield from self._within(node.p, around, (self._same(node),))
                yield from self._expressions(_expression(node), around, self.ways(node))
            case name if name in _SELECTING:
                yield from self._within(node.p, around, ONE_WAY)
            case "ToMultiSet" if node.p.name == "values":
                return
            case _:
                raise Unbounded(f"its query has a part whose reads are unknown: {node.name}")

    def ways(self, node: CompValue) -> Ways:
        """Return alternative conjunctions of statements, one of which holds in each solution."""
        match node.name:
            case "BGP":
                return (tuple(map(_statement, node.triples)),)
            case "Join":
                return _together(self.ways(node.p1), self.ways(node.p2))
            case "Union":
                return (*self.ways(node.p1), *self.ways(node.p2))
            case "LeftJoin" | "Minus":
                return self.ways(node.p1)
            case "Filter" | "Extend" | "OrderBy" | "Group" | "AggregateJoin":
                return _together(self.ways(node.p), (self._same(node),))
            case name if name in _SELECTING:
                return self.ways(node.p)
            case "ToMultiSet" if node.p.name == "values":
                return ONE_WAY
            case _:
                raise Unbounded(f"its query has a part whose reads are unknown: {node.name}")

    def _same(self, node: CompValue) -> Conjunction:
        """Return a statement with an empty path for each sameTerm condition that a filter requires.

        Only variables that are bound in every solution are included; empty for another part.
        """
        if node.name != "Filter" or not isinstance(node.expr, CompValue):
            return ()
        is_and = node.expr.name == "ConditionalAndExpression"
        parts = [node.expr.expr, *node.expr.other] if is_and else [node.expr]
        found = (
            Statement(name_of(part.arg1), STAY, name_of(part.arg2))
            for part in parts
            if isinstance(part, CompValue) and part.name == "Builtin_sameTerm"
            if isinstance(part.arg1, Variable) and isinstance(part.arg2, Variable)
        )
        certain = self.certain(node.p) | self._given
        return tuple(same for same in found if same.variables <= certain)

    def _within(self, part: CompValue, around: Ways, beside: Ways) -> Iterator[QueryRead]:
        """Yield the reads of a part of a query, with the statements ``around`` and ``beside`` it.

        One is dropped if it shares a variable that the part may leave unbound.
        """
        mentioned = variables_of(part)
        certain = self.certain(part)
        held = _together(around, beside)
        kept = (
            tuple(s for s in way if s.variables & mentioned <= certain | self._given)
            for way in held
        )
        yield from self.reads(part, tuple(dict.fromkeys(kept)))

    def certain(self, part: CompValue) -> frozenset[str]:
        """Return the variables that triple patterns bind in every solution of a part."""
        bound = [frozenset(v for s in way for v in s.variables) for way in self.ways(part)]
        return frozenset.intersection(*bound)

    def _expressions(self, expression: Any, around: Ways, beside: Ways) -> Iterator[QueryRead]:
        for inner in _checked(expression):
            yield from self._within(inner, around, beside)


def _together(one: Ways, other: Ways) -> Ways:
    if len(one) * len(other) > _MOST_WAYS:
        raise Unbounded("its query can be matched in too many ways")
    return tuple((*first, *second) for first in one for second in other)


def _expression(node: CompValue) -> Any:
    if node.name == "AggregateJoin":
        grouped = list(node.p.expr or ())
        for aggregate in node.A:
            one_of_several = aggregate.name == "Aggregate_Sample" and aggregate.vars not in grouped
            if one_of_several and aggregate.vars != Variable(THIS):
                raise Unbounded("its query returns an arbitrary one of several values")
        return node.A
    return node.expr


def _checked(expression: Any) -> Iterator[CompValue]:
    """Yield the graph patterns of EXISTS and NOT EXISTS in an expression.

    Raises:
        Unbounded: the expression calls a function that may read the graph, or whose result is
            random.
    """
    if isinstance(expression, CompValue):
        if expression.name in _EXISTS:
            yield expression.graph
            return
        if expression.name in _BY_CHANCE:
            raise Unbounded("its query has a random result")
        if expression.name == "Function" and not str(expression.iri).startswith(str(XSD)):
            raise Unbounded(f"its query calls <{expression.iri}>")
        for part in expression.values():
            yield from _checked(part)
    elif isinstance(expression, list | tuple):
        for part in expression:
            yield from _checked(part)


def variables_of(part: Any) -> frozenset[str]:
    """Return the names of all variables and blank nodes in a part of a query."""
    if isinstance(part, Variable | BNode):
        return frozenset({name_of(part)})
    if isinstance(part, CompValue):
        return variables_of(tuple(part.values()))
    if isinstance(part, dict):
        return variables_of((*part.keys(), *part.values()))
    if isinstance(part, list | tuple | set | frozenset):
        return frozenset().union(*map(variables_of, part))
    return frozenset()


def _statement(triple: tuple[Node, Any, Node]) -> Statement:
    subject, predicate, object_ = triple
    path = name_of(predicate) if isinstance(predicate, Variable) else path_in(predicate)
    return Statement(_slot(subject), path, _slot(object_))


def name_of(variable: Variable | BNode) -> str:
    """Return the name in patterns of a variable or blank node: ``?x``, ``_:b``, or ``this``."""
    if variable == Variable(THIS):
        return THIS
    return f"?{variable}" if isinstance(variable, Variable) else f"_:{variable}"


def _slot(node: Node) -> Slot:
    if isinstance(node, Variable | BNode):
        return name_of(node)
    return iri(node) if isinstance(node, URIRef) else None


def path_in(path: Any) -> Path:
    """Return a path of rdflib as one of this project, in which ``!p`` is any predicate.

    Raises:
        Unbounded: it is unknown, or the inverse of a longer path, which pySHACL runs differently.
    """
    match path:
        case URIRef():
            return Step(iri(path))
        case InvPath(arg=URIRef() as predicate):
            return Step(iri(predicate), inverse=True)
        case InvPath():
            raise Unbounded("it has the inverse of a path")
        case SequencePath():
            return sequence(*map(path_in, path.args))
        case AlternativePath():
            return alternative(*map(path_in, path.args))
        case MulPath():
            return Repeat(path_in(path.path), optional=path.zero, many=path.more)
        case NegatedPath():
            # Any predicate: the exclusions are left to the engine.
            either_way = any(isinstance(part, InvPath) for part in path.args)
            return alternative(Step(None), Step(None, inverse=True)) if either_way else Step(None)
        case _:
            raise Unbounded("its query has a path of an unknown kind")


_OF_A_RESULT: Final = (Variable("path"), Variable("value"))
#: Declarations of prefixes, a line each, and the white space after them.
_PREFIXES: Final = re.compile(r"((?:PREFIX \S*: <[^>\s]*>\n)*)\s*")
#: Where the SHACL processor inserts the focus node and the path, by the same expressions.
_THIS_IN_TEXT: Final = re.compile(r"[\s{}()][$?]this")
_PATH_IN_TEXT: Final = re.compile(r"([\s{}()])[$?]PATH")


def constraint_text(shapes: Graph, constraint: Node, path: Path | None) -> str:
    """Return the executable query of a sh:sparql: with its prefixes, and $PATH replaced.

    Raises:
        Unbounded: $this or the path is missing, or :func:`query_text` raises it.
    """
    text = query_text(shapes, constraint)
    if not _THIS_IN_TEXT.search(text):
        raise Unbounded("its query does not name $this")
    if path is not None:
        text = _PATH_IN_TEXT.sub(lambda found: found[1] + as_sparql(path), text)
    elif _PATH_IN_TEXT.search(text):
        raise Unbounded("its query uses $PATH, and the shape has no path")
    return text


def query_text(shapes: Graph, node: Node) -> str:
    """Return the executable query of a constraint or a SPARQL target, with its prefixes.

    Raises:
        Unbounded: there is not one query, or a prefix is ambiguous.
    """
    texts = list(shapes.objects(node, SH.select))
    if len(texts) != 1 or not isinstance(texts[0], Literal):
        raise Unbounded("it does not have exactly one query")
    declared: dict[str, set[str]] = {"rdf": {str(RDF)}, "rdfs": {str(RDFS)}, "owl": {str(OWL)}}
    ontologies = set(shapes.subjects(RDF.type, OWL.Ontology))
    for named in shapes.objects(node, SH.prefixes):
        # Without prefixes of its own, it uses those of every ontology.
        own = named in ontologies and (named, SH.declare, None) in shapes
        for declaring in {named} if own else {named, *ontologies}:
            for declaration in shapes.objects(declaring, SH.declare):
                prefix = shapes.value(declaration, SH.prefix, any=True)
                namespaces = {str(n) for n in shapes.objects(declaration, SH.namespace)}
                declared[str(prefix)] = declared.get(str(prefix), set()) | namespaces
    lines = []
    for name, meant in sorted(declared.items()):
        if len(meant) > 1:
            raise Unbounded(f"the prefix {name} is declared in several ways")
        lines += [f"PREFIX {name}: <{namespace}>" for namespace in meant]
    return "\n".join((*lines, str(texts[0])))


def parsed(text: str) -> Query:
    """Return the parsed query; cached.

    Raises:
        Unbounded: it is not a SPARQL query.
    """
    found = _PREFIXES.match(text)
    declarations = sorted(found[1].splitlines()) if found else []
    if found and len({one.split(":")[0] for one in declarations}) == len(declarations):
        text = "\n".join((*declarations, text[found.end() :]))
    return _parsed(text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Query:
    try:
        return prepareQuery(text, initNs=dict(PREFIXES))
    except Exception as error:  # for an undeclared prefix rdflib raises a bare Exception
        raise Unbounded(f"its query is not SPARQL: {error}") from None


@lru_cache(maxsize=256)
def query_reads(text: str, this_is_given: bool) -> tuple[QueryRead, ...]:
    """Return the reads of a SELECT query; unless ``this_is_given``, it must select ?this.

    Raises:
        Unbounded: the reads are unknown.
    """
    query = parsed(text).algebra
    if query.name != "SelectQuery" or query.datasetClause:
        raise Unbounded("its query is not a SELECT on the graph itself")
    if not this_is_given and Variable(THIS) not in query.PV:
        raise Unbounded("its target's query does not return ?this")
    given = frozenset({THIS}) if this_is_given else frozenset()
    return tuple(dict.fromkeys(Algebra(given).reads(query.p, ONE_WAY)))


def monotone_ways(text: str) -> Ways:
    """Return alternative conjunctions, one of which each solution of a query has.

    Empty if triples that are added to a graph can remove a solution, for example by OPTIONAL.
    """
    part = parsed(text).algebra.p
    is_monotone = all(inner.name not in _NOT_MONOTONE for inner in parts_of(part))
    return Algebra(frozenset()).ways(part) if is_monotone else ()


@lru_cache(maxsize=256)
def result_variables(text: str) -> tuple[str, ...]:
    """Return which of ?path and ?value a constraint's query selects and always binds by a pattern.

    Results that differ in one of them do not depend on each other. Empty if the query groups
    solutions or selects ?failure.
    """
    query = parsed(text).algebra
    parts = list(parts_of(query.p))
    if Variable("failure") in query.PV or any(part.name == "Group" for part in parts):
        return ()
    computed = {part.var for part in parts if part.name == "Extend"}
    certain = Algebra(frozenset({THIS})).certain(query.p)
    taken = (v for v in _OF_A_RESULT if v in query.PV and v not in computed)
    return tuple(name for name in map(name_of, taken) if name in certain)


def parts_of(part: Any) -> Iterator[CompValue]:
    """Yield a part of a query's algebra, then all parts in it."""
    if isinstance(part, CompValue):
        yield part
        for inner in part.values():
            yield from parts_of(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from parts_of(inner)
