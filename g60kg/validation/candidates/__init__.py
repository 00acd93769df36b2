"""Candidates: the focus nodes that may have findings, so that pySHACL runs on these alone.

A check that takes microseconds decides whether a node conforms to a shape of SHACL Core. A node
that certainly conforms is not a candidate; pySHACL, the reference, validates the candidates. So a
check may report too many nodes, but never too few. A shape with an unsupported construct is run by
pySHACL on its own targets.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF, SH, XSD, Graph
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import is_respelled, to_rdflib
from g60kg.validation.candidates.data_index import DataIndex
from g60kg.validation.candidates.query_rows import selected_nodes
from g60kg.validation.shape_structure.constraint_queries import constraint_text, query_text
from g60kg.validation.shape_structure.shape_graph import (
    SILENT,
    as_term,
    is_class,
    members,
    path_of,
    targeted_shapes,
)
from g60kg.validation.shape_structure.triple_patterns import Path, Step, Unbounded, iri

#: Nodes by the shape that runs on them.
FocusNodes: TypeAlias = Mapping[Node, Collection[Term]]
#: Whether a node conforms to a shape.
Conforms: TypeAlias = Callable[[Term], bool]
#: Whether a focus node with its value nodes satisfies a constraint.
Check: TypeAlias = Callable[[Term, Collection[Term]], bool]

#: Declarations by which a shapes graph changes what shapes mean.
_EXTENSIONS: Final = (SH.parameter, SH.rule, SH.entailment)
_KINDS: Final[dict[Node, tuple[type, ...]]] = {
    SH.IRI: (NamedNode,),
    SH.BlankNode: (BlankNode,),
    SH.Literal: (Literal,),
    SH.BlankNodeOrIRI: (BlankNode, NamedNode),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (NamedNode, Literal),
}
#: Datatypes for which rdflib's own check is that of pySHACL.
_CHECKED: Final = frozenset(
    {XSD.integer, XSD.decimal, XSD.boolean, XSD.string, XSD.anyURI, RDF.langString}
)
_COMPARED: Final[dict[Node, Callable[[Any, Any], bool]]] = {
    **{SH.minInclusive: ge, SH.minExclusive: gt, SH.maxInclusive: le, SH.maxExclusive: lt},
    **{SH.lessThan: lt, SH.lessThanOrEquals: le},
}
#: Stricter than pySHACL, hence unusable where a shape must not be conformed to.
_STRICTER: Final = frozenset({SH.datatype, SH.languageIn, SH.sparql, *_COMPARED})


def candidates(
    shapes: Graph,
    data: DataIndex,
    chosen: Collection[str] = (),
    focus_nodes: FocusNodes | None = None,
) -> tuple[FocusNodes, set[Node]]:
    """Return by shape the nodes that may have findings, and the shapes to run on all targets.

    The latter have an unsupported construct, or a SPARQL target with a possible finding. There are
    none with ``focus_nodes``, which limits the nodes. ``chosen`` limits the shapes by IRI, unless
    empty.
    """
    checks = CoreChecks(shapes, data)
    found: dict[Node, Collection[Term]] = {}
    kept = set()
    targeted = targeted_shapes(shapes) if focus_nodes is None else focus_nodes
    for shape in targeted:
        if chosen and str(shape) not in chosen:
            continue
        try:
            nodes = (
                frozenset[Term]().union(*_targets(shapes, shape, data))
                if focus_nodes is None
                else focus_nodes[shape]
            )
            conforms = checks.conforms(shape) if nodes else None
        except Unbounded:
            if focus_nodes is None:
                kept.add(shape)
            else:
                found[shape] = focus_nodes[shape]
            continue
        failing = [node for node in nodes if not (conforms and conforms(node))]
        if failing and focus_nodes is None and (shape, SH.target, None) in shapes:
            kept.add(shape)  # not every node that the store selects is a target
        else:
            found[shape] = failing
    return found, kept


def prepare(shapes: Graph) -> None:
    """Parse and cache the queries of shapes before their first use."""
    empty = DataIndex(())
    checks = CoreChecks(shapes, empty)
    for shape in targeted_shapes(shapes):
        with suppress(Unbounded):
            list(_targets(shapes, shape, empty))
            checks.conforms(shape)


def _targets(shapes: Graph, shape: Node, data: DataIndex) -> Iterator[Collection[Term]]:
    yield {as_term(node) for node in shapes.objects(shape, SH.targetNode)}
    for kind in shapes.objects(shape, SH.targetClass):
        yield data.instances(iri(kind))
    if is_class(shapes, shape):
        yield data.instances(iri(shape))
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        yield data.step(Step(iri(predicate))).keys()
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        yield data.step(Step(iri(predicate), inverse=True)).keys()
    for target in shapes.objects(shape, SH.target):
        text = query_text(shapes, target)
        yield selected_nodes(shapes, target, text, data, this_is_given=False)


class CoreChecks:
    """Functions that check whether a node of a data graph conforms to a shape of a shapes graph."""

    def __init__(self, shapes: Graph, data: DataIndex) -> None:
        self._shapes = shapes
        self._data = data
        self._around: list[Node] = []
        self._is_extended = any((None, extension, None) in shapes for extension in _EXTENSIONS)

    def conforms(self, shape: Node, *, exact: bool = False) -> Conforms:
        """Return the function that says whether a node conforms to a shape.

        It may say False of a node that conforms according to pySHACL, but not with ``exact``. It
        never says True of a node that does not conform.

        Raises:
            Unbounded: the shape has a construct that is not supported, or ``exact`` is not
                possible.
        """
        if self._is_extended:
            raise Unbounded("declarations of the shapes graph change what shapes mean")
        if shape in self._around:
            raise Unbounded("it refers to itself")
        self._around.append(shape)
        try:
            return self._compiled(shape, exact)
        finally:
            self._around.pop()

    def _compiled(self, shape: Node, exact: bool) -> Conforms:
        parameters = set(self._shapes.predicates(shape))
        if not parameters:
            raise Unbounded("it refers to a shape that does not exist")
        path = path_of(self._shapes, shape)
        checks = [
            check
            for parameter in sorted(parameters - SILENT, key=str)
            if str(parameter).startswith(str(SH))
            for check in self._checks(shape, parameter, path, exact)
        ]
        values = None if path is None else self._data.values(path)

        def conforms(node: Term) -> bool:
            reached = (node,) if values is None else values(node)
            for check in checks:  # noqa: SIM110 - faster than all()
                if not check(node, reached):
                    return False
            return True

        return conforms

    def _checks(
        self, shape: Node, parameter: Node, path: Path | None, exact: bool
    ) -> Iterator[Check]:
        if exact and parameter in _STRICTER:
            raise Unbounded(f"the check of {parameter} is not exact")
        values = list(self._shapes.objects(shape, parameter))
        if parameter == SH.sparql:
            violating = frozenset[Term]()
            for one in values:
                text = constraint_text(self._shapes, one, path)
                violating |= selected_nodes(self._shapes, one, text, self._data, this_is_given=True)
            # Literals may be spelled differently in the store.
            yield lambda node, _: not isinstance(node, Literal) and node not in violating
        elif parameter == SH["class"]:
            for kind in values:
                yield _each(self._data.instances(iri(kind)).__contains__)
        elif parameter == SH.hasValue:
            wanted = {as_term(value) for value in values}
            yield lambda _, reached: wanted.issubset(reached)
        elif parameter in (SH.node, SH.property):
            for part in values:
                if ((part, SH.path, None) in self._shapes) != (parameter == SH.property):
                    raise Unbounded("it refers to a shape of another kind")
                yield _each(self.conforms(part, exact=exact))
        elif parameter == SH["not"]:
            parts = [self.conforms(part, exact=True) for part in values]
            yield _each(lambda node: not any(conforms(node) for conforms in parts))
        elif parameter in (SH["or"], SH["and"]):
            for listed in values:
                several = [self.conforms(p, exact=exact) for p in members(self._shapes, listed)]
                yield _each(_combined(any if parameter == SH["or"] else all, several))
        elif parameter == SH.pattern:
            for pattern in values:
                yield _each(_matching(pattern))
        elif parameter in (SH.lessThan, SH.lessThanOrEquals):
            for other in values:
                yield self._less(_COMPARED[parameter], iri(other))
        elif parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
            yield self._qualified(shape, parameter, _number(values), exact)
        elif parameter == SH.qualifiedValueShape:
            if path is None or len(values) != 1:
                raise Unbounded("it counts values of several shapes, or of no path")
        else:
            yield self._of_one_value(parameter, values, path)

    def _of_one_value(self, parameter: Node, values: list[Node], path: Path | None) -> Check:
        if len(values) != 1:
            raise Unbounded(f"it has several values of {parameter}")
        (value,) = values
        if parameter == SH.nodeKind and value in _KINDS:
            kinds = _KINDS[value]
            return _each(lambda node: isinstance(node, kinds))
        if parameter == SH.datatype and value in _CHECKED:
            return _each(_of_datatype(iri(value)))
        if parameter == SH["in"]:
            return _each(frozenset(map(as_term, members(self._shapes, value))).__contains__)
        if parameter == SH.languageIn:
            tags = {str(tag).lower() for tag in members(self._shapes, value)}
            return _each(lambda node: isinstance(node, Literal) and node.language in tags)
        if parameter in (SH.minLength, SH.maxLength):
            length = _number(values)
            sign = 1 if parameter == SH.minLength else -1
            return _each(
                lambda node: (
                    not isinstance(node, BlankNode) and (len(node.value) - length) * sign >= 0
                )
            )
        if parameter in _COMPARED:
            limit, fits = _quantity(as_term(value)), _COMPARED[parameter]
            if limit is None:
                raise Unbounded("it compares with a value that is not a number")
            return _each(lambda node: (n := _quantity(node)) is not None and fits(n, limit))
        if path is not None and parameter in (SH.minCount, SH.maxCount):
            count, compare = _number(values), ge if parameter == SH.minCount else le
            return lambda _, reached: compare(len(reached), count)
        if path is not None and parameter == SH.uniqueLang and value == RdflibLiteral(True):
            return _of_different_languages
        raise Unbounded(f"the check of {parameter} is unknown")

    def _less(self, fits: Callable[[Any, Any], bool], other: NamedNode) -> Check:
        ends = self._data.step(Step(other))

        def check(node: Term, reached: Collection[Term]) -> bool:
            pairs = [(_quantity(v), _quantity(o)) for v in reached for o in ends.get(node, ())]
            return all(v is not None and o is not None and fits(v, o) for v, o in pairs)

        return check

    def _qualified(self, shape: Node, parameter: Node, limit: int, exact: bool) -> Check:
        is_most = parameter == SH.qualifiedMaxCount
        parts = list(self._shapes.objects(shape, SH.qualifiedValueShape))
        if len(parts) != 1:
            raise Unbounded("it counts values of several shapes, or of none")
        conforms = self.conforms(parts[0], exact=exact or is_most)

        def check(_: Term, reached: Collection[Term]) -> bool:
            count = sum(map(conforms, reached))
            return count <= limit if is_most else count >= limit

        return check


def _combined(some: Callable[[Iterable[bool]], bool], parts: Sequence[Conforms]) -> Conforms:
    return lambda node: some(conforms(node) for conforms in parts)


def _each(conforms: Conforms) -> Check:
    return lambda _, reached: all(map(conforms, reached))


def _number(values: list[Node]) -> int:
    if len(values) == 1 and isinstance(values[0], RdflibLiteral):
        count = values[0].value
        if values[0].datatype == XSD.integer and isinstance(count, int) and count >= 0:
            return count
    raise Unbounded("it has a count that is not one number")


@lru_cache(maxsize=100_000)
def _quantity(node: Term) -> Any:
    """Return the value of an integer or a decimal, else None."""
    if not isinstance(node, Literal):
        return None
    literal = to_rdflib(node)
    assert isinstance(literal, RdflibLiteral)
    numeric = literal.datatype in (XSD.integer, XSD.decimal)
    return literal.value if numeric and literal.ill_typed is False else None


def _of_datatype(datatype: NamedNode) -> Conforms:
    return lambda node: (
        isinstance(node, Literal)
        and node.datatype == datatype
        and (not is_respelled(node) or _is_well_typed(node))
    )


@lru_cache(maxsize=100_000)
def _is_well_typed(node: Literal) -> bool:
    literal = to_rdflib(node)
    return isinstance(literal, RdflibLiteral) and literal.ill_typed is False


def _of_different_languages(_: Term, reached: Collection[Term]) -> bool:
    tags = [n.language.lower() for n in reached if isinstance(n, Literal) and n.language]
    return len(tags) == len(set(tags))


def _matching(pattern: Node) -> Conforms:
    if not isinstance(pattern, RdflibLiteral):
        raise Unbounded("it has a pattern that is not a literal")
    try:
        search = re.compile(str(pattern)).search
    except re.error:
        raise Unbounded("it has a pattern that is not a regular expression") from None
    return lambda node: not isinstance(node, BlankNode) and search(node.value) is not None
