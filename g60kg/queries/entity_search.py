"""Search for entities by a part of a name: exact names first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from g60kg.model.evidence_lookup import Labels
from g60kg.model.names import folded
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import Resolver
from g60kg.stores.base import GraphStore


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """An entity, one of its classes, and its names that contain the text."""

    iri: NamedNode
    kind: NamedNode
    matched: tuple[str, ...]


def search_entities(
    store: GraphStore, resolver: Resolver, text: str, labels: Labels
) -> list[FoundEntity]:
    """Return the entities with a text in a name, in any language; best matches first."""
    query = named_query("search")
    terms = resolver.terms(query, {"text": text})
    answer = run_named(store, query, terms, language=labels.language, labels=labels)
    iri, kind, matched = (answer.columns.index(name) for name in ("entity", "class", "matched"))
    names: dict[tuple[NamedNode, NamedNode], list[str]] = {}
    for row, _ in answer.stream():
        entity, of_class, name = row[iri], row[kind], row[matched]
        if isinstance(entity, NamedNode) and isinstance(of_class, NamedNode):
            names.setdefault((entity, of_class), []).append(getattr(name, "value", ""))
    found = [FoundEntity(*nodes, tuple(matching)) for nodes, matching in names.items()]
    return sorted(found, key=lambda entry: _rank(text, entry.matched))


def _rank(text: str, names: Iterable[str]) -> int:
    """Return 0 if a name equals the text, 1 if one begins with it, else 2."""
    wanted = folded(text)
    return min(
        0 if folded(n) == wanted else 1 if folded(n).startswith(wanted) else 2 for n in names
    )
