"""Telling the nodes of a graph apart by what surrounds them, whatever they are called.

Colour refinement: each node takes the colours of its neighbours into its own until nothing
changes. Where nodes still look alike (a ring of them, say) one is marked and refinement goes on;
of all the ways to mark them, the one that reads first is taken.

The standard canonicalisation of RDF (RDFC-1.0) ends in the same place, but a ring of 1,000 nodes
or a tangle of 16 keeps it busy for minutes; here the work is counted, and refused when it is too
much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Final

from pyoxigraph import BlankNode

from g60kg.errors import EngineFailure

#: Steps that one graph may take, beside some for each link of it: a few seconds at worst, where
#: ordinary graphs need none.
MOST_STEPS: Final = 3_000_000
STEPS_A_LINK: Final = 20
#: Nodes that may have to be marked to tell the members of one tangle apart.
MOST_MARKS: Final = 100

Colours = dict[BlankNode, str]
#: For each node its links, each as direction, predicate and graph, to nodes that can look alike.
Links = Mapping[BlankNode, list[tuple[str, BlankNode]]]


def digest(parts: Iterable[str]) -> str:
    """A short text that stands for those texts in that order."""
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


class _Steps:
    """Work done so far, so that a hostile graph ends in an error and not in a long wait."""

    def __init__(self, links: Links) -> None:
        self._left = MOST_STEPS + STEPS_A_LINK * sum(map(len, links.values()))
        self._nodes = len(links)

    def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise self.too_alike()

    def too_alike(self) -> EngineFailure:
        return EngineFailure(
            f"{self._nodes:,} blank nodes are too much alike to be put in a stable order.",
            hint="Give them IRIs, or leave out the duplicates among them.",
        )


def tell_apart(links: Links, colours: Colours) -> dict[BlankNode, str]:
    """A text for each node, no two alike, by which nodes sort the same whatever they are called.

    Args:
        links: for each node its neighbours, every link at both of its ends.
        colours: what is known of each node beside its links; changed in place.

    Raises:
        EngineFailure: too many nodes look alike.
    """
    steps = _Steps(links)
    _refine(colours, links, set(colours), steps, 0)
    ranks = dict(colours)
    twins: dict[str, int] = defaultdict(int)
    for tangle in _tangles(colours, links):
        inside = {node: [(link, to) for link, to in links[node] if to in tangle] for node in tangle}
        reading, marked = min(
            _readings({node: colours[node] for node in tangle}, inside, steps, 0),
            key=lambda found: found[0],
        )
        # Tangles that read alike can change places: any order of theirs gives the same graph.
        twins[reading] += 1
        for node, colour in marked.items():
            ranks[node] = f"{colours[node]} {reading} {twins[reading]:09} {colour}"
    return ranks


def _members(colours: Colours) -> dict[str, set[BlankNode]]:
    members: dict[str, set[BlankNode]] = defaultdict(set)
    for node, colour in colours.items():
        members[colour].add(node)
    return members


def _refine(
    colours: Colours, links: Links, unsettled: set[BlankNode], steps: _Steps, marks: int
) -> None:
    """Splits colours, in place, until nodes of one colour have neighbours of the same colours."""
    members = _members(colours)
    turn = 0
    while unsettled:
        turn += 1
        parts: dict[str, dict[str, list[BlankNode]]] = defaultdict(lambda: defaultdict(list))
        for node in unsettled:
            colour = colours[node]
            if len(members[colour]) > 1:
                around = sorted(f"{link} {colours[to]}" for link, to in links[node])
                steps.take(len(around) + 1)
                # The turn makes every shade a new one: no node joins those that left before it.
                parts[colour][digest([f"{marks} {turn}", colour, *around])].append(node)
        unsettled = set()
        for colour, shades in parts.items():
            if sum(map(len, shades.values())) == len(members[colour]):
                # The largest part keeps its colour: most nodes, and those around them, can rest.
                del shades[max(shades, key=lambda shade: (len(shades[shade]), shade))]
            for shade, nodes in shades.items():
                members[colour].difference_update(nodes)
                members[shade].update(nodes)
                for node in nodes:
                    colours[node] = shade
                    unsettled.update(to for _, to in links[node])


def _tangles(colours: Colours, links: Links) -> Iterator[set[BlankNode]]:
    """The sets of nodes that look like others and hang together through such nodes."""
    left = {node for alike in _members(colours).values() if len(alike) > 1 for node in alike}
    while left:
        tangle: set[BlankNode] = set()
        reached = [left.pop()]
        while reached:
            node = reached.pop()
            tangle.add(node)
            near = {to for _, to in links[node] if to in left}
            left -= near
            reached += near
        yield tangle


def _readings(
    colours: Colours, links: Links, steps: _Steps, marks: int
) -> Iterator[tuple[str, Colours]]:
    """Ways to give every node of a tangle its own colour, each with a digest of how it reads.

    Two ways that read the same are a symmetry of the tangle. Marking one node then leads to
    nothing that marking the other did not, and the rest of that branch is skipped.
    """
    steps.take(len(colours))
    alike = [(len(nodes), colour) for colour, nodes in _members(colours).items() if len(nodes) > 1]
    if not alike:
        lines = (
            f"{colours[node]} {link} {colours[to]}" for node in colours for link, to in links[node]
        )
        yield digest(sorted(lines)), colours
        return
    if marks == MOST_MARKS:
        raise steps.too_alike()
    _, colour = min(alike)
    earlier: set[str] = set()
    for node in [node for node, shade in colours.items() if shade == colour]:
        trial = dict(colours)
        trial[node] = digest([colour, "marked"])
        _refine(trial, links, {to for _, to in links[node]}, steps, marks + 1)
        here = set()
        for reading, marked in _readings(trial, links, steps, marks + 1):
            if reading in earlier:
                break
            here.add(reading)
            yield reading, marked
        earlier |= here
