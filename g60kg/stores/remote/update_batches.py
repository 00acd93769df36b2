"""Batches of triples for SPARQL Update; triples that share a blank node stay together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Triple

#: Maximum triples and characters of one INSERT DATA: engines compile an update before they run it.
TRIPLES: Final = 500
CHARACTERS: Final = 256 * 1024


def batches(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """Split triples into batches; a blank node's label is valid within one request only.

    Triples connected by blank nodes form one batch, whatever its size.
    """
    plain: list[Triple] = []
    knots = _Knots()
    for triple in triples:
        if not knots.take(triple):
            plain.append(triple)
    piece: list[Triple] = []
    length = 0
    for together in (*knots.all(), *([triple] for triple in plain)):
        size = sum(len(str(triple)) for triple in together)
        if piece and (len(piece) + len(together) > TRIPLES or length + size > CHARACTERS):
            yield piece
            piece, length = [], 0
        piece += together
        length += size
    if piece:
        yield piece


class _Knots:
    """Triples grouped by the blank nodes that they share."""

    def __init__(self) -> None:
        self._above: dict[BlankNode, BlankNode] = {}
        self._triples: list[tuple[BlankNode, Triple]] = []

    def take(self, triple: Triple) -> bool:
        """Add the triple if it has a blank node; return whether it was added."""
        nodes = [n for n in (triple.subject, triple.object) if isinstance(n, BlankNode)]
        if not nodes:
            return False
        first, *others = map(self._top, nodes)
        for other in others:
            if other != first:
                self._above[other] = first
        self._triples.append((first, triple))
        return True

    def _top(self, node: BlankNode) -> BlankNode:
        while (above := self._above.get(node)) is not None:
            node = above
        return node

    def all(self) -> list[list[Triple]]:
        """The groups of connected triples."""
        knots: dict[BlankNode, list[Triple]] = {}
        for node, triple in self._triples:
            knots.setdefault(self._top(node), []).append(triple)
        return list(knots.values())
