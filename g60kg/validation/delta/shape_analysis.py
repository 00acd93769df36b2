"""Analysis of a shapes graph: the reads of every shape, and the focus nodes a change can affect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import RdfFormat, Triple, parse
from rdflib import SH, Graph
from rdflib.term import Node

from g60kg import package_data
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.delta.constraint_reads import ConstraintReads, Reporting, ResultReads
from g60kg.validation.delta.graph_overlay import ChangeViews, View
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.reads import ChangedTriples, Read
from g60kg.validation.delta.shape_targets import Target, targets
from g60kg.validation.shape_structure.shape_graph import code_of, custom_parameters, targeted_shapes
from g60kg.validation.shape_structure.triple_patterns import Unbounded


@dataclass(frozen=True, slots=True, eq=False)
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
    _reporting: dict[str, list[tuple[ShapeReads, Reporting]]]

    def reporting(self, code: str) -> list[tuple[ShapeReads, Reporting]]:
        """Return the parts of shapes that report findings of a code."""
        return self._reporting.get(code, [])


@lru_cache(maxsize=8)
def analyse(shapes: Graph) -> Analysis:
    """Analyse every shape of a shapes graph, which does not change afterwards.

    A shape with a construct whose reads are not completely known is unbounded and runs on the
    whole graph.
    """
    custom = custom_parameters(shapes)
    bounded: list[ShapeReads] = []
    unbounded: list[UnboundedShape] = []
    for shape in targeted_shapes(shapes):
        code = code_of(shapes, shape)
        try:
            # Rules add triples before validation, so any shape may depend on any triple.
            if (None, SH.rule, None) in shapes:
                raise Unbounded("rules add triples to the graph")
            found = tuple(targets(shapes, shape))
            reads, of_results, reporting = ConstraintReads.of(shapes, shape, custom)
        except Unbounded as error:
            unbounded.append(UnboundedShape(shape, code, str(error)))
        else:
            bounded.append(ShapeReads(shape, code, found, reads, of_results, reporting))
    by_code: dict[str, list[tuple[ShapeReads, Reporting]]] = {}
    for one in bounded:
        for part in one.reporting:
            by_code.setdefault(part.code, []).append((one, part))
    return Analysis(tuple(bounded), tuple(unbounded), by_code)


@lru_cache(maxsize=1)
def _own_shapes() -> Graph:
    return _with_own(())


def _with_own(triples: Iterable[Triple]) -> Graph:
    texts = package_data.shape_files().values()
    own = (parse(one, format=RdfFormat.TURTLE, rename_blank_nodes=True) for one in texts)
    return rdflib_graph([*(quad.triple for quads in own for quad in quads), *triples])


def shape_graph(extra: Path | None = None) -> Graph:
    """Return the shipped shapes, with those of a file added."""
    return _own_shapes() if extra is None else _with_own(q.triple for q in read_rdf(extra))


@dataclass(slots=True)
class Look:
    """The part of a shape that must be evaluated.

    Attributes:
        nodes: focus nodes whose results are all evaluated.
        results: single results about other focus nodes; the focus node is first in each row.
    """

    nodes: set[Term] = field(default_factory=set)
    results: set[Row] = field(default_factory=set)

    @property
    def focus_nodes(self) -> set[Term]:
        """Return all focus nodes involved."""
        return self.nodes | {row[0] for row in self.results}


#: The parts to evaluate, by shape.
Looks: TypeAlias = dict[ShapeReads, Look]


def affected(analysis: Analysis, change: ChangeViews) -> tuple[Looks, Looks]:
    """Compute the parts of shapes whose findings a change can affect.

    These are the nodes that become targets or cease to be, and for other targets the results for
    which a constraint reads a changed triple.
    """
    finder = _Finder(analysis, change)
    before: Looks = {}
    after: Looks = {}
    for shape in analysis.shapes:
        were, are = finder.of(shape)
        before |= {shape: were} if were.focus_nodes else {}
        after |= {shape: are} if are.focus_nodes else {}
    return before, after


def targets_among(nodes: set[Term], shape: ShapeReads, view: View) -> set[Term]:
    """Return those of the nodes that are targets of a shape in a view."""
    found: set[Term] = set()
    for target in shape.targets if nodes else ():
        asked, known = view.targets.setdefault(target, (set(), set()))
        if new := nodes - asked:
            known |= target.members(view, new)
            asked |= new
        found |= nodes & known
    return found


class _Finder:
    """Map the triples of a change to focus nodes."""

    def __init__(self, analysis: Analysis, change: ChangeViews) -> None:
        self._analysis = analysis
        self._change = change
        self._triples = ChangedTriples(change.triples)
        self._made: dict[Target, set[Term]] = {}

    def of(self, shape: ShapeReads) -> tuple[Look, Look]:
        """Return the part of a shape that the change can affect, before or after it."""
        # If several parts report a code, a finding cannot be attributed to one of them.
        alone = len(self._analysis.reporting(shape.code)) == 1
        of_results = shape.of_results if alone else None
        views = self._change.before, self._change.after
        made = {node for target in shape.targets for node in self._made_by(target)}
        were, are = (targets_among(made, shape, view) for view in views)
        # These are evaluated completely, whatever else is read for them.
        differ = were ^ are
        rows = {
            row
            for read in (of_results.reads if of_results else shape.reads)
            for row in read.read_for(self._change.either, self._triples, differ)
        }
        nodes = {row[0] for row in rows}
        kept = targets_among(nodes, shape, self._change.after)
        if of_results:
            rows = {row for row in rows if row[0] in kept}
            return Look(were & differ, rows), Look(are & differ, set(rows))
        return Look(were & differ | kept), Look(are & differ | kept)

    def _made_by(self, target: Target) -> set[Term]:
        """Return the nodes that the change can make a target, or cease to be one."""
        known = self._made.get(target)
        if known is None:
            known = self._made[target] = {
                node
                for read in target.reads
                for (node,) in read.read_for(self._change.either, self._triples)
            }
        return known
