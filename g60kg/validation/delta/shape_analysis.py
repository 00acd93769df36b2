"""Analysis of a shapes graph: the reads of each shape, and the focus nodes a change can affect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
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
    """A shape with targets, and the triple patterns on which its findings depend."""

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
    """The analysis of the shapes with targets of a shapes graph.

    ``reporting`` has the parts of shapes that report findings of each code.
    """

    shapes: tuple[ShapeReads, ...]
    unbounded: tuple[UnboundedShape, ...]
    reporting: Mapping[str, Sequence[tuple[ShapeReads, Reporting]]]


@lru_cache(maxsize=8)
def analyse(shapes: Graph) -> Analysis:
    """Return the analysis of a shapes graph, which must not change afterwards; cached.

    A shape whose reads are not completely known is unbounded.
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
            read = ConstraintReads.of(shapes, shape, custom)
            bounded.append(ShapeReads(shape, code, found, *read))
        except Unbounded as error:
            unbounded.append(UnboundedShape(shape, code, str(error)))
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
    """Return the graph of the shipped shapes and of the shapes in the file ``extra``.

    The graph must not be changed.

    Raises:
        UnreadableInput: the file is missing, or is not valid RDF.
        UsageError: its extension names no RDF format.
    """
    return _own_shapes() if extra is None else _with_own(q.triple for q in read_rdf(extra))


@dataclass(slots=True)
class Look:
    """The focus nodes and single results of a shape that must be evaluated."""

    nodes: set[Term] = field(default_factory=set)
    results: set[Row] = field(default_factory=set)

    @property
    def focus_nodes(self) -> set[Term]:
        """The focus nodes, including the focus nodes of single results."""
        return self.nodes | {row[0] for row in self.results}


#: The parts to evaluate, by shape.
Looks: TypeAlias = dict[ShapeReads, Look]


def affected(analysis: Analysis, change: ChangeViews) -> tuple[Looks, Looks]:
    """Return what must be evaluated before and after a change to find what it affects, by shape.

    These are the nodes that become targets or cease to be, and for other targets the focus nodes,
    or the single results, for which a constraint looks up a changed triple.
    """
    triples = ChangedTriples(change.triples)

    @cache
    def made_by(target: Target) -> set[Term]:
        """Return the nodes that can become a target, or cease to be one, by the change."""
        found = (read.read_for(change.either, triples) for read in target.reads)
        return {node for rows in found for (node,) in rows}

    before: Looks = {}
    after: Looks = {}
    for shape in analysis.shapes:
        # If several parts report a code, a finding cannot be attributed to one of them.
        alone = len(analysis.reporting[shape.code]) == 1
        of_results = shape.of_results if alone else None
        made = {node for target in shape.targets for node in made_by(target)}
        were, are = (targets_among(made, shape, view) for view in (change.before, change.after))
        # These are evaluated completely, whatever else is read for them.
        differ = were ^ are
        rows = {
            row
            for read in (of_results.reads if of_results else shape.reads)
            for row in read.read_for(change.either, triples, differ)
        }
        kept = targets_among({row[0] for row in rows}, shape, change.after)
        rows = {row for row in rows if row[0] in kept} if of_results else set()
        more = set() if of_results else kept
        for looks, ends in ((before, were), (after, are)):
            look = Look(ends & differ | more, set(rows))
            if look.focus_nodes:
                looks[shape] = look
    return before, after


def targets_among(nodes: set[Term], shape: ShapeReads, view: View) -> set[Term]:
    """Return the given nodes that are targets of a shape in one state of the graph."""
    found: set[Term] = set()
    for target in shape.targets if nodes else ():
        asked, known = view.targets.setdefault(target, (set(), set()))
        if new := nodes - asked:
            known |= target.members(view, new)
            asked |= new
        found |= nodes & known
    return found
