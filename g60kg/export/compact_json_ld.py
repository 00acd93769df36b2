"""Compact JSON-LD: the engine's flat expanded form with prefixes, single values and @type.

The context has prefixes alone, so numbers and dates keep their spelling. The engine writes no
context, and rdflib's compaction changes numbers ("007") and the order of nodes.
"""

from __future__ import annotations

import json
from typing import Any

from g60kg.export.framed_json_ld import FACTS, FACTS_TERM, framed
from g60kg.namespaces import PREFIXES, A, compact


def compacted(expanded: bytes, root: str | None = None) -> bytes:
    """Return flat expanded JSON-LD as a compact document; unchanged if an IRI is like a CURIE.

    With the IRI of a node, the document is framed: see :func:`g60kg.export.framed_json_ld.framed`.

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
        context |= FACTS_TERM if FACTS in nodes[0] else {}
    written = {"@context": context, "@graph": nodes}
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


class _Compaction:
    """Compacts nodes; collects the prefixes used."""

    def __init__(self) -> None:
        self.prefixes: set[str] = set()
        self.ambiguous = False

    def node(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return a node object in compact form."""
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
