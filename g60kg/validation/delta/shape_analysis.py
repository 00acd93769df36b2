"""What every shape reads: worked out once for a shapes graph, whatever the change and the graph."""

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
    """What a shape with targets reads.

    Attributes:
        shape: its node in the shapes graph.
        code: the code of its findings.
        targets: its targets, each with what it reads.
        reads: what its constraints read, in the shapes that it refers to as well.
        of_results: what it reads for single results, if they can be told apart.
        reporting: the parts of it that report findings.
    """

    shape: Node
    code: str
    targets: tuple[Target, ...]
    reads: tuple[Read, ...]
    of_results: ResultReads | None
    reporting: tuple[Reporting, ...]


@dataclass(frozen=True, slots=True)
class UnboundedShape:
    """A shape of which it cannot be told which focus nodes a change matters to, and why not."""

    shape: Node
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the shapes of a shapes graph read, each with targets of its own."""

    shapes: tuple[ShapeReads, ...]
    unbounded: tuple[UnboundedShape, ...]

    def reporting(self, code: str) -> list[tuple[ShapeReads, Reporting]]:
        """The parts of shapes that report findings of a code."""
        return [(s, part) for s in self.shapes for part in s.reporting if part.code == code]


def analyse(shapes: Graph) -> Analysis:
    """What every shape of a shapes graph reads.

    A shape with any construct that is not known through and through is unbounded: it is to be run
    in full. Nothing is guessed.
    """
    custom = custom_parameters(shapes)
    # Rules add triples before the shapes look at the graph, so any shape may depend on anything.
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
