"""Reads of the constraints of a shape, at focus nodes and at the nodes reached from them.

A read is a triple pattern that the evaluation of a shape looks up: the result depends on the
triples that match it.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from rdflib import RDF, RDFS, SH, Graph
from rdflib.term import Node

from g60kg.validation.delta.join_plans import Plan, Unconnected
from g60kg.validation.delta.reads import Read, Reads, with_existence_reads
from g60kg.validation.shape_structure.constraint_queries import (
    Conjunction,
    constraint_text,
    query_reads,
    result_variables,
)
from g60kg.validation.shape_structure.shape_graph import SILENT, code_of, members, path_of
from g60kg.validation.shape_structure.triple_patterns import (
    THIS,
    Fragment,
    Path,
    Repeat,
    Statement,
    Step,
    Unbounded,
    fragments,
    iri,
    patterns,
    sequence,
)


def _named(names: str) -> frozenset[Node]:
    return frozenset(SH[name] for name in names.split())


#: Constraints that read only the value nodes themselves.
_OF_VALUES: Final = _named(
    "datatype nodeKind minCount maxCount in hasValue uniqueLang languageIn pattern flags "
    "minExclusive minInclusive maxExclusive maxInclusive minLength maxLength "
    "qualifiedMinCount qualifiedMaxCount ignoredProperties"
)
#: Constraints that compare the value nodes with another property of the focus node.
_OF_PAIRS: Final = _named("equals disjoint lessThan lessThanOrEquals")
_OF_SHAPES: Final = _named("property node not qualifiedValueShape")
_OF_LISTS: Final = _named("and or xone")
_READING: Final = _OF_VALUES | _OF_PAIRS | _OF_SHAPES | _OF_LISTS | {SH["class"], SH.closed}
#: From a node to its classes, subclasses included.
CLASSES: Final = sequence(
    Step(iri(RDF.type)), Repeat(Step(iri(RDFS.subClassOf)), optional=True, many=True)
)


@dataclass(frozen=True, slots=True)
class Reporting:
    """A shape or a part of one that reports findings, and a plan from its nodes to focus nodes."""

    code: str
    to_focus: Plan


@dataclass(frozen=True, slots=True)
class ResultReads:
    """The reads for a result with the variables ``about``; ``enough`` suffice to evaluate it."""

    about: tuple[str, ...]
    reads: tuple[Read, ...]
    enough: tuple[Reads, ...]


@dataclass(slots=True)
class ConstraintReads:
    """A traversal that collects the triple patterns that a shape and the shapes in it look up."""

    shapes: Graph
    custom: frozenset[Node]
    found: dict[Fragment, None] = field(default_factory=dict)
    reporting: dict[Reporting, None] = field(default_factory=dict)
    _around: list[Node] = field(default_factory=list)

    @classmethod
    def of(
        cls, shapes: Graph, shape: Node, custom: frozenset[Node]
    ) -> tuple[tuple[Read, ...], ResultReads | None, tuple[Reporting, ...]]:
        """Return the reads of a shape, its reads for one result, and the parts of it that report.

        The second is None if the results cannot be evaluated one by one. With a property in
        ``custom``, the reads are unknown.

        Raises:
            Unbounded: the reads are unknown.
        """
        collected = cls(shapes, custom)
        collected.visit(shape, (), THIS, reports=True)
        reads = tuple(map(Read.of, collected.found))
        return reads, collected._of_results(shape), tuple(collected.reporting)

    def visit(self, shape: Node, way: Conjunction, node: str, *, reports: bool) -> None:
        """Collect the reads of a shape at the values of the variable ``node``.

        The statements ``way`` lead to them from the focus node. ``reports``: also collect the shape
        in ``reporting``.
        """
        if shape in self._around:
            raise Unbounded("it refers to itself")
        self._around.append(shape)
        parameters = set(self.shapes.predicates(shape))
        self._refuse_unknown(parameters)
        if reports:
            self._report(shape, way, node)
        path = path_of(self.shapes, shape)
        value, to_value = node, way
        if path is not None and parameters & _READING:
            value = f"v{len(way)}"
            to_value = self._read(way, Statement(node, path, value))
        for name in parameters & (_OF_SHAPES | _OF_LISTS):
            inner = reports and name == SH.property
            for part in self._parts(shape, name):
                self.visit(part, to_value, value, reports=inner)
        for kind in self.shapes.objects(shape, SH["class"]):
            self._read(to_value, Statement(value, CLASSES, iri(kind)))
        if SH.closed in parameters:
            self._read(to_value, Statement(value, "property", "object"))
        for name in parameters & _OF_PAIRS:
            for other in self.shapes.objects(shape, name):
                self._read(way, Statement(node, Step(iri(other)), "other"))
        for constraint in self.shapes.objects(shape, SH.sparql):
            self._query(constraint, path, way, node)
        self._around.pop()

    def _of_results(self, shape: Node) -> ResultReads | None:
        """Return the reads of one result of a shape; None if they are not evaluated one by one."""
        queries = list(self.shapes.objects(shape, SH.sparql))
        if len(queries) != 1 or not _READING.isdisjoint(self.shapes.predicates(shape)):
            return None
        text = constraint_text(self.shapes, queries[0], path_of(self.shapes, shape))
        variables = result_variables(text)
        about = (THIS, *variables)
        try:
            reads = tuple(Read.of(fragment, about) for fragment in self.found)
        except Unbounded:
            return None
        enough = with_existence_reads(text, about, reads)
        return ResultReads(about, reads, enough) if variables else None

    def _refuse_unknown(self, parameters: set[Node]) -> None:
        if not parameters:
            raise Unbounded("it refers to a shape that does not exist")
        known = _READING | SILENT | {SH.sparql, SH.deactivated}
        for name in sorted(parameters - known, key=str):
            if name in self.custom or str(name).startswith(str(SH)):
                raise Unbounded(f"the reads of {name} are unknown")

    def _report(self, shape: Node, way: Conjunction, node: str) -> None:
        try:
            plan = Plan.of(patterns(way), (node,), (THIS,))
        except Unconnected:
            raise Unbounded("its findings are not connected with the focus node") from None
        self.reporting[Reporting(code_of(self.shapes, shape), plan)] = None

    def _read(self, way: Conjunction, statement: Statement) -> Conjunction:
        further = (*way, statement)
        self.found |= dict.fromkeys(fragments(further, len(way)))
        return further

    def _query(self, constraint: Node, path: Path | None, way: Conjunction, node: str) -> None:
        for found, read in query_reads(constraint_text(self.shapes, constraint, path), True):
            statements = tuple(_renamed(s, node) for s in found)
            self.found |= dict.fromkeys(fragments((*way, *statements), len(way) + read))

    def _parts(self, shape: Node, name: Node) -> list[Node]:
        values = list(self.shapes.objects(shape, name))
        if name not in _OF_LISTS:
            return values
        return [part for value in values for part in members(self.shapes, value)]


def _renamed(statement: Statement, node: str) -> Statement:
    start, end = (node if s == THIS else s for s in (statement.start, statement.end))
    path = node if statement.path == THIS else statement.path
    return replace(statement, start=start, path=path, end=end)
