"""The focus nodes that a change can matter to, shape by shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from g60kg.stores.base import Term
from g60kg.validation.delta.analysis import Analysis, ShapeReads
from g60kg.validation.delta.reads import Read, TriplesByPredicate
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


class _Finder:
    """Goes from the triples of a change to focus nodes; remembers what shapes have in common."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._triples = TriplesByPredicate(change.triples)
        self._known: dict[Read, set[Term]] = {}

    def of(self, shape: ShapeReads) -> tuple[set[Term], set[Term]]:
        """The focus nodes of a shape that the change can matter to, before it and after it."""
        made = self._nodes(read for target in shape.targets for read in target.reads)
        read = self._nodes(shape.reads)
        before = members(shape, self._change.before, made | read)
        after = members(shape, self._change.after, made | read)
        looked_at = read | (before ^ after)
        return before & looked_at, after & looked_at

    def _nodes(self, reads: Iterable[Read]) -> set[Term]:
        return {node for read in reads for node in self._nodes_of(read)}

    def _nodes_of(self, read: Read) -> set[Term]:
        known = self._known.get(read)
        if known is None:
            triples = self._triples.for_read(read)
            known = self._known[read] = read.focus_nodes(self._change.either, triples)
        return known


def members(shape: ShapeReads, view: View, nodes: set[Term]) -> set[Term]:
    """Which of the nodes are targets of a shape in a view."""
    if not nodes:
        return set()
    return {node for target in shape.targets for node in target.members(view, nodes)}


def reporters(
    analysis: Analysis, view: View, code: str, node: Term
) -> Iterator[tuple[ShapeReads, set[Term]]]:
    """The focus nodes of each shape that can report findings of a code about a node.

    Two focus nodes of one shape can have a value node in common, and report the same finding of
    it; so can two shapes that have a part in common.
    """
    for shape in analysis.shapes:
        for part in shape.reporting:
            if part.code == code:
                found = {focus for (focus,) in part.to_focus.rows(view, [(node,)])}
                yield shape, members(shape, view, found)
