"""The focus nodes that a change can affect, by shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from g60kg.stores.base import Term
from g60kg.validation.delta.graph_overlay import ChangeViews, View
from g60kg.validation.delta.pattern_lookups import Row
from g60kg.validation.delta.reads import ChangedTriples, Read
from g60kg.validation.delta.shape_analysis import Analysis, ShapeReads
from g60kg.validation.delta.shape_targets import Target


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


class Members:
    """Decide which nodes are targets of shapes in a view, with a cache."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._asked: dict[Target, set[Term]] = {}
        self._found: dict[Target, set[Term]] = {}

    def of(self, shape: ShapeReads, nodes: set[Term]) -> set[Term]:
        """Return those of the nodes that are targets of a shape."""
        members: set[Term] = set()
        for target in shape.targets if nodes else ():
            asked = self._asked.setdefault(target, set())
            found = self._found.setdefault(target, set())
            if new := nodes - asked:
                found |= target.members(self._view, new)
                asked |= new
            members |= nodes & found
        return members


class _Finder:
    """Map the triples of a change to focus nodes, with a cache shared by the shapes."""

    def __init__(self, analysis: Analysis, change: ChangeViews) -> None:
        self._analysis = analysis
        self._change = change
        self._triples = ChangedTriples(change.triples)
        self._known: dict[Read, set[Row]] = {}
        self._before = Members(change.before)
        self._after = Members(change.after)

    def of(self, shape: ShapeReads) -> tuple[Look, Look]:
        """Return the part of a shape that the change can affect, before or after it."""
        # If several parts report a code, a finding cannot be attributed to one of them.
        alone = len(self._analysis.reporting(shape.code)) == 1
        of_results = shape.of_results if alone else None
        made = self._rows(read for target in shape.targets for read in target.reads)
        rows = self._rows(of_results.reads if of_results else shape.reads)
        candidates = {row[0] for row in made | rows}
        before = self._before.of(shape, candidates)
        after = self._after.of(shape, candidates)
        differ = before ^ after
        if of_results:
            return (
                Look(before & differ, {row for row in rows if row[0] in before - differ}),
                Look(after & differ, {row for row in rows if row[0] in after - differ}),
            )
        nodes = differ | {row[0] for row in rows}
        return Look(before & nodes), Look(after & nodes)

    def _rows(self, reads: Iterable[Read]) -> set[Row]:
        return {row for read in reads for row in self._rows_of(read)}

    def _rows_of(self, read: Read) -> set[Row]:
        known = self._known.get(read)
        if known is None:
            known = self._known[read] = read.read_for(self._change.either, self._triples)
        return known
