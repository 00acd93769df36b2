"""Compact JSON-LD: prefixes, single values, @type; on request a tree of one node.

The engine writes no context, rdflib's compaction changes numbers ("007") and the order of
nodes, and PyLD needs lxml (12 MB) and takes 0.4 s to import. The context has only
prefixes and, for a tree, the term ``facts``, so numbers and dates keep their spelling.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from g60kg.namespaces import PREFIXES, A, compact


def compacted(expanded: bytes, root: str | None = None) -> bytes:
    """Return flat expanded JSON-LD as a compact document; unchanged if an IRI is like a CURIE.

    Args:
        root: the IRI of a node that is written first, as a tree; see :func:`framed`.

    >>> text = b'[{"@id": "https://w3id.org/g60kg/id/hefei", "http://a/p": [{"@value": "x"}]}]'
    >>> print(compacted(text).decode())
    {"@context":{"id":"https://w3id.org/g60kg/id/"},"@graph":[{"@id":"id:hefei","http://a/p":"x"}]}
    """
    document = _Compaction()
    nodes = [document.node(node) for node in json.loads(expanded)]
    if document.ambiguous:
        return expanded
    context: dict[str, Any] = {name: PREFIXES[name] for name in sorted(document.prefixes)}
    if root is not None:
        nodes = framed(nodes, compact(root))
        context |= {FACTS: {"@reverse": _FACT_SUBJECT}} if FACTS in nodes[0] else {}
    written = {"@context": context, "@graph": nodes}
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


class _Compaction:
    def __init__(self) -> None:
        self.prefixes: set[str] = set()
        self.ambiguous = False

    def node(self, node: dict[str, Any]) -> dict[str, Any]:
        compact_node = {}
        for key, value in node.items():
            if key == "@id":
                compact_node[key] = self._iri(value)
            elif key == A.value and all("@id" in one for one in value):
                compact_node["@type"] = _single([self._iri(one["@id"]) for one in value])
            else:
                compact_node[self._iri(key)] = _single([self._value(one) for one in value])
        return compact_node

    def _value(self, value: dict[str, str]) -> Any:
        if value.keys() == {"@value"}:
            return value["@value"]
        return {
            key: self._iri(text) if key in ("@id", "@type") else text for key, text in value.items()
        }

    def _iri(self, iri: str) -> str:
        curie = compact(iri)
        prefix = curie.partition(":")[0]
        if curie != iri:
            self.prefixes.add(prefix)
        elif prefix in PREFIXES:
            self.ambiguous = True
        return curie


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


#: The term of the context for the Facts about a node.
FACTS: Final = "facts"
_FACT_SUBJECT: Final = "g60:factSubject"
#: Levels of nodes in each other, and the number of copies for each node, so that the size of the
#: document is linear. Beyond them, a node is a reference, and comes after the tree.
_DEPTH: Final = 8
_COPIES: Final = 10

Node = dict[str, Any]


def framed(nodes: Sequence[Node], root: str) -> list[Node]:
    """Return the tree of the compact node ``root``, then the nodes that are not in the tree.

    A node is repeated where it is referred to, up to a depth and a total number. A node
    that refers to the root is below ``@reverse`` of the root, by the first property that
    refers to it, and lacks that reference. A Fact about the root is below ``facts`` instead.

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
    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        self._copies = count(1)
        self._most = _COPIES * len(nodes)
        self.placed: set[str] = set()

    def embedded(self, name: str, above: tuple[str, ...], link: str | None) -> Node:
        """Return a node with copies of the nodes that it refers to, except of those ``above``.

        Its reference by ``link`` to ``above[0]`` is left out. Depth and total are limited.
        """
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
