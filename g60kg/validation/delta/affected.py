"""The focus nodes that a change can matter to, shape by shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from g60kg.stores.base import Term
from g60kg.validation.delta.analysis import Analysis, ShapeReads
from g60kg.validation.delta.reads import ChangedTriples, Read
from g60kg.validation.delta.targets import Target
from g60kg.validation.delta.views import Change, View

#: The focus nodes that each shape is to look at.
FocusNodes: TypeAlias = dict[ShapeReads, set[Term]]


def affected(analysis: Analysis, change: Change) -> tuple[FocusNodes, FocusNodes]:
    """The focus nodes whose findings can differ between the two sides of a change.

    Those that become targets or cease to be, and those that are targets and for which a
    constraint reads a triple that has changed: as they are before the change, and after it.
    """
    finder = _Finder(change)
    before: FocusNodes = {}
    after: FocusNodes = {}
    for shape in analysis.shapes:
        were, are = finder.of(shape)
        before |= {shape: were} if were else {}
        after |= {shape: are} if are else {}
    return before, after


class Members:
    """Tells which nodes are targets of shapes in a view; asks for each target of each node once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._asked: dict[Target, set[Term]] = {}
        self._found: dict[Target, set[Term]] = {}

    def of(self, shape: ShapeReads, nodes: set[Term]) -> set[Term]:
        """Which of the nodes are targets of a shape."""
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
    """Goes from the triples of a change to focus nodes; remembers what shapes have in common."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._triples = ChangedTriples(change.triples)
        self._known: dict[Read, set[Term]] = {}
        self._before = Members(change.before)
        self._after = Members(change.after)

    def of(self, shape: ShapeReads) -> tuple[set[Term], set[Term]]:
        """The focus nodes of a shape that the change can matter to, before it and after it."""
        made = self._nodes(read for target in shape.targets for read in target.reads)
        read = self._nodes(shape.reads)
        before = self._before.of(shape, made | read)
        after = self._after.of(shape, made | read)
        looked_at = read | (before ^ after)
        return before & looked_at, after & looked_at

    def _nodes(self, reads: Iterable[Read]) -> set[Term]:
        return {node for read in reads for node in self._nodes_of(read)}

    def _nodes_of(self, read: Read) -> set[Term]:
        known = self._known.get(read)
        if known is None:
            known = self._known[read] = read.focus_nodes(self._change.either, self._triples)
        return known
