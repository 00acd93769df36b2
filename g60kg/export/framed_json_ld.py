"""JSON-LD framed on one node: a tree of the node, its facts, their evidence and the sources.

PyLD (BSD) frames too, but needs lxml (12 MB) and takes 0.4 s to import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any, Final

#: The term of the context for the Facts about a node.
FACTS: Final = "facts"
FACTS_TERM: Final = {FACTS: {"@reverse": "g60:factSubject"}}
_FACT_SUBJECT: Final = "g60:factSubject"
#: Levels of nodes in each other, and the number of copies for each node, so that the size of the
#: document is linear. Beyond them, a node is a reference, and comes after the tree.
_DEPTH: Final = 8
_COPIES: Final = 10

Node = dict[str, Any]


def framed(nodes: Sequence[Node], root: str) -> list[Node]:
    """Return compact nodes as the tree of a node, and after it those that are not in the tree.

    A node is repeated where it is referred to. A statement about the root is in its subject, below
    ``@reverse`` of the root; a Fact about it is below ``facts``.

    >>> nodes = [{"@id": "fact:1", "g60:factSubject": {"@id": "id:a"}, "g60:note": "x"}]
    >>> framed(nodes, "id:a")
    [{'@id': 'id:a', 'facts': [{'@id': 'fact:1', 'g60:note': 'x'}]}]
    """
    tree = _Tree({root: {"@id": root}} | {node["@id"]: node for node in nodes})
    framed_root = tree.embedded(root, (), None)
    reverse: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        link = next((key for key, value in node.items() if _refers(value, root)), None)
        if link is not None and node["@id"] != root:
            key = FACTS if link == _FACT_SUBJECT else link
            reverse[key].append(tree.embedded(node["@id"], (root,), link))
    if facts := reverse.pop(FACTS, None):
        framed_root[FACTS] = facts
    if reverse:
        framed_root["@reverse"] = dict(reverse)
    return [framed_root, *(node for node in nodes if node["@id"] not in tree.placed)]


class _Tree:
    """Embeds nodes in each other; ``placed`` has the ids of the embedded ones."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        self._copies = count(1)
        self._most = _COPIES * len(nodes)
        self.placed: set[str] = set()

    def embedded(self, name: str, above: tuple[str, ...], link: str | None) -> Node:
        """Return a node with the nodes it refers to, without its link to the root above it."""
        self.placed.add(name)
        inside = (*above, name)
        node: Node = {}
        for key, value in self._nodes[name].items():
            values = value if isinstance(value, list) else [value]
            if key == link:
                values = [one for one in values if one != {"@id": above[0]}]
            if key not in ("@id", "@type"):
                values = [self._value(one, inside) for one in values]
            if values:
                node[key] = values if len(values) > 1 else values[0]
        return node

    def _value(self, value: Any, above: tuple[str, ...]) -> Any:
        name = value.get("@id") if isinstance(value, dict) and value.keys() == {"@id"} else None
        if name not in self._nodes or name in above or len(above) >= _DEPTH:
            return value
        return value if next(self._copies) > self._most else self.embedded(name, above, None)


def _refers(value: Any, name: str) -> bool:
    return {"@id": name} in (value if isinstance(value, list) else [value])
