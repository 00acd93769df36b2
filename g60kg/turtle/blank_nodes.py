"""An order of the blank nodes of a graph that depends on the graph alone, not on their labels.

Most blank nodes are the root of a small tree: used once, as an object, with nothing shared below.
Such a *ground* tree is known by a digest of what it says, in time linear in its size. The others
are told apart by what surrounds them, see :mod:`g60kg.turtle.colouring`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.errors import EngineFailure
from g60kg.turtle.colouring import Colours, Links, digest, tell_apart


@dataclass(frozen=True, slots=True)
class BlankNodes:
    """How the blank nodes of a graph are ordered, and which can be written inside another node.

    Attributes:
        order: each blank node's place, from 0: the same in every graph that differs in labels
            only, except for nodes that could change places without changing the graph.
        nested: those used once, as an object, and not part of a ring of such nodes.
    """

    order: Mapping[BlankNode, int]
    nested: frozenset[BlankNode]


def order_blank_nodes(quads: Iterable[Quad]) -> BlankNodes:
    """The order of a graph's blank nodes; quads that mention none may be left out.

    Raises:
        EngineFailure: so many blank nodes look alike that telling them apart would take too long,
            or one stands inside an RDF 1.2 triple term.
    """
    graph = _Graph(quads)
    nested = graph.nested()
    digests = graph.digest_ground_trees(nested)
    ranks = digests | tell_apart(*graph.links_and_colours(digests))
    return BlankNodes(graph.number(digests, ranks), frozenset(nested))


def _link(quad: Quad) -> str:
    return f"{quad.predicate} {quad.graph_name}"


class _Graph:
    """The quads that mention blank nodes, by the blank node that is their subject or object."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._outgoing: dict[BlankNode, list[Quad]] = {}
        self._incoming: dict[BlankNode, list[Quad]] = {}
        for quad in set(quads):
            if isinstance(quad.subject, BlankNode):
                self._outgoing.setdefault(quad.subject, []).append(quad)
                self._incoming.setdefault(quad.subject, [])
            if isinstance(quad.object, BlankNode):
                self._incoming.setdefault(quad.object, []).append(quad)
                self._outgoing.setdefault(quad.object, [])
            elif isinstance(quad.object, Triple) and mentions_blank(quad.object):
                raise EngineFailure(
                    "A blank node inside an RDF 1.2 triple term cannot be put in a stable order."
                )

    def nested(self) -> set[BlankNode]:
        """The nodes used once, less those whose chain of users comes back to them."""
        user = {node: quads[0].subject for node, quads in self._incoming.items() if len(quads) == 1}
        rings: set[BlankNode] = set()
        seen: set[BlankNode] = set()
        for start in user:
            path: dict[BlankNode, None] = {}
            node: NamedNode | BlankNode | Triple = start
            while isinstance(node, BlankNode) and node in user and node not in seen:
                seen.add(node)
                path[node] = None
                node = user[node]
            if isinstance(node, BlankNode) and node in path:
                chain = list(path)
                rings.update(chain[chain.index(node) :])
        return user.keys() - rings

    def digest_ground_trees(self, nested: set[BlankNode]) -> dict[BlankNode, str]:
        """What each node says, for those used at most once that rest on such nodes only."""
        waiting = {
            node: sum(isinstance(quad.object, BlankNode) for quad in quads)
            for node, quads in self._outgoing.items()
            if node in nested or not self._incoming[node]
        }
        digests: dict[BlankNode, str] = {}
        ready = [node for node, count in waiting.items() if count == 0]
        while ready:
            node = ready.pop()
            digests[node] = digest(
                sorted(
                    f"{_link(quad)} {_known(quad.object, digests)}" for quad in self._outgoing[node]
                )
            )
            for quad in self._incoming[node]:
                above = quad.subject
                if isinstance(above, BlankNode) and above in waiting:
                    waiting[above] -= 1
                    if waiting[above] == 0:
                        ready.append(above)
        return digests

    def links_and_colours(self, digests: Mapping[BlankNode, str]) -> tuple[Links, Colours]:
        """The links among the nodes without a digest, and a first colour from all else around."""
        links: dict[BlankNode, list[tuple[str, BlankNode]]] = {}
        colours: Colours = {}
        for node in self._outgoing.keys() - digests.keys():
            links[node] = []
            fixed = []
            ends = [(f"> {_link(quad)}", quad.object) for quad in self._outgoing[node]]
            ends += [(f"< {_link(quad)}", quad.subject) for quad in self._incoming[node]]
            for link, end in ends:
                if isinstance(end, BlankNode) and end not in digests:
                    links[node].append((link, end))
                else:
                    fixed.append(f"{link} {_known(end, digests)}")
            colours[node] = digest(sorted(fixed))
        return links, colours

    def number(
        self, digests: Mapping[BlankNode, str], ranks: Mapping[BlankNode, str]
    ) -> dict[BlankNode, int]:
        """A place for each node: by rank, the nodes of a ground tree after the tree's user."""
        roots = []
        for node, rank in ranks.items():
            users = self._incoming[node]
            if node not in digests or not users:
                roots.append(("", rank, node))
            elif not isinstance(users[0].subject, BlankNode):
                roots.append((f"{users[0].subject} {_link(users[0])}", rank, node))
        queue = [node for _, _, node in sorted(roots, key=lambda root: root[:2])]
        # The queue grows while it is read: breadth first, so that every user has its place.
        for node in queue:
            below = [
                (_link(quad), ranks[quad.object], quad.object)
                for quad in self._outgoing[node]
                if isinstance(quad.object, BlankNode) and quad.object in digests
            ]
            queue += [child for _, _, child in sorted(below, key=lambda link: link[:2])]
        return {node: place for place, node in enumerate(queue)}


def mentions_blank(term: NamedNode | BlankNode | Literal | Triple) -> bool:
    """Whether a term is a blank node or a triple term that has one in it."""
    if isinstance(term, Triple):
        return mentions_blank(term.subject) or mentions_blank(term.object)
    return isinstance(term, BlankNode)


def _known(term: NamedNode | BlankNode | Literal | Triple, digests: Mapping[BlankNode, str]) -> str:
    return digests[term] if isinstance(term, BlankNode) else str(term)
