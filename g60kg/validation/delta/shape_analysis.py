"""Analysis of a shapes graph: the reads of every shape, independent of change and graph."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import SH, Graph
from rdflib.term import Node

from g60kg.validation.delta.constraint_reads import ConstraintReads, Reporting, ResultReads
from g60kg.validation.delta.reads import Read, Unbounded
from g60kg.validation.delta.shape_graph import code_of, custom_parameters, targeted_shapes
from g60kg.validation.delta.shape_targets import Target, targets


@dataclass(frozen=True, slots=True)
class ShapeReads:
    """The reads of a shape with targets."""

    shape: Node
    code: str
    targets: tuple[Target, ...]
    reads: tuple[Read, ...]
    of_results: ResultReads | None
    reporting: tuple[Reporting, ...]


@dataclass(frozen=True, slots=True)
class UnboundedShape:
    """A shape for which the affected focus nodes cannot be derived, and the reason."""

    shape: Node
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis of the shapes with targets of a shapes graph."""

    shapes: tuple[ShapeReads, ...]
    unbounded: tuple[UnboundedShape, ...]

    def reporting(self, code: str) -> list[tuple[ShapeReads, Reporting]]:
        """Return the parts of shapes that report findings of a code."""
        return [(s, part) for s in self.shapes for part in s.reporting if part.code == code]


def analyse(shapes: Graph) -> Analysis:
    """Analyse every shape of a shapes graph.

    A shape with a construct whose reads are not completely known is unbounded and runs on the
    whole graph.
    """
    custom = custom_parameters(shapes)
    # Rules add triples before validation, so any shape may depend on any triple.
    by_rule = "rules add triples to the graph" if (None, SH.rule, None) in shapes else None
    bounded: list[ShapeReads] = []
    unbounded: list[UnboundedShape] = []
    for shape in targeted_shapes(shapes):
        code = code_of(shapes, shape)
        try:
            if by_rule:
                raise Unbounded(by_rule)
            found = tuple(targets(shapes, shape))
            reads, of_results, reporting = ConstraintReads.of(shapes, shape, custom)
        except Unbounded as error:
            unbounded.append(UnboundedShape(shape, code, str(error)))
        else:
            bounded.append(ShapeReads(shape, code, found, reads, of_results, reporting))
    return Analysis(tuple(bounded), tuple(unbounded))
