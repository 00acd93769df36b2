"""Chains of statements with transitive properties that are too long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.validation.checks.input_policy.policy_codes import MAX_CHAIN

Node = NamedNode | BlankNode


def in_long_chains(quads: Iterable[Quad], properties: frozenset[str]) -> Sequence[Quad]:
    """Return the quads of transitive properties at the end of a chain that is too long.

    They have :data:`MAX_CHAIN` others before them, or are in or after a cycle of more than that.
    """
    chained = [
        quad
        for quad in quads
        if quad.predicate.value in properties
        and not isinstance(quad.subject, Triple)
        and isinstance(quad.object, NamedNode | BlankNode)
    ]
    if len(chained) <= MAX_CHAIN:
        return ()
    steps: dict[Node, set[Node]] = defaultdict(set)
    incoming: dict[Node, int] = defaultdict(int)
    for quad in chained:
        subject, object_ = quad.subject, quad.object
        assert not isinstance(subject, Triple)
        assert isinstance(object_, NamedNode | BlankNode)
        if object_ not in steps[subject]:
            steps[subject].add(object_)
            incoming[object_] += 1
    # Node by node from those without predecessors; nodes that are never reached are in a cycle.
    before: dict[Node, int] = {node: 0 for node in steps if not incoming[node]}
    waiting = list(before)
    done: set[Node] = set()
    while waiting:
        node = waiting.pop()
        done.add(node)
        for following in steps.get(node, ()):
            before[following] = max(before.get(following, 0), before[node] + 1)
            incoming[following] -= 1
            if not incoming[following]:
                waiting.append(following)
    long = {node for node in done if before[node] >= MAX_CHAIN}
    circular = steps.keys() - done
    if len(circular) > MAX_CHAIN:
        long |= circular
    return [quad for quad in chained if quad.subject in long]
