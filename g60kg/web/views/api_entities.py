"""Jobs of the JSON API: an entity with its facts, the entities of a class, the search."""

from __future__ import annotations

import json
from typing import Any, Final

from pyoxigraph import NamedNode

from g60kg.namespaces import (
    DATASET_RECORD,
    FACT,
    OBSERVATION,
    PASSAGE,
    PREFIXES,
    QUOTATION,
    A,
    expand,
    g60,
)
from g60kg.queries.entity_search import TellingFacts, search_entities
from g60kg.web.views.api_facts import Descriptions
from g60kg.web.views.open_graph import Context, current, lookup
from g60kg.web.views.query_results import Written

#: Facts, evidence and quantities are not listed as entities.
_BEHIND: Final = frozenset(
    kind.value for kind in (FACT, g60("Evidence"), QUOTATION, PASSAGE, DATASET_RECORD, OBSERVATION)
)


def entity_named(name: str) -> NamedNode:
    """Return the entity of a local name, a label in any case, a CURIE or an IRI.

    Raises:
        UnknownName: no entity has the name; the nearest names are suggested.
        AmbiguousName: several entities have the name.
    """
    context = current()
    local = expand(f"id:{name}") if expand(name) is None else None
    if local is not None and any(True for _ in context.store.quads(local, A, None)):
        return local
    return context.resolver.entity(name)


@lookup
def described(name: str, language: str, limit: int, offset: int) -> Written:
    """Return an entity as JSON: its names, its classes, and the facts with it as subject or value.

    The page applies to each kind of facts.
    """
    context, iri = current(), entity_named(name)
    context.need_process_unless_small(iri)
    descriptions = Descriptions(context.store, context.labels(language))
    page = slice(offset, offset + limit)
    about, naming = descriptions.facts(iri), descriptions.facts_naming(iri)
    more = max(len(about), len(naming)) > page.stop
    complete = not more and offset == 0
    content = {
        **descriptions.named(iri),
        "labels": descriptions.labels(iri),
        "types": descriptions.types(iri),
        "facts": [descriptions.fact(fact) for fact in about[page]],
        "namedBy": [descriptions.fact(fact) for fact in naming[page]],
        "totals": {"facts": len(about), "namedBy": len(naming)},
        "complete": complete,
    }
    return Written(_json(content), complete, len(about[page]) + len(naming[page]), more)


def listed(class_: str | None, language: str, limit: int, offset: int) -> Written:
    """Return the entities of a class and its subclasses, sorted by IRI; without a class, all.

    Raises:
        UnknownName: no class has the name; the nearest names are suggested.
    """
    context = current()
    wanted = None if class_ is None else context.vocabulary.class_names.find(class_, "class")
    found = sorted(members(context, wanted))
    descriptions = Descriptions(context.store, context.labels(language))
    content = {
        "class": None if wanted is None else descriptions.named(wanted),
        "entities": [
            {
                **descriptions.named(NamedNode(iri)),
                "labels": descriptions.labels(NamedNode(iri)),
                "types": descriptions.types(NamedNode(iri)),
            }
            for iri in found[offset : offset + limit]
        ],
    }
    return _page(content, "entities", len(found), limit, offset)


def members(context: Context, wanted: NamedNode | None) -> set[str]:
    """Return the IRIs of the entities of a class and its subclasses; without a class, of all."""
    if wanted is None:
        above = context.vocabulary.superclasses
        kinds = [kind for kind, upper in above.items() if not upper & _BEHIND]
    else:
        kinds = list(context.vocabulary.subclasses(wanted))
    return {
        quad.subject.value
        for kind in kinds
        if kind.startswith(PREFIXES["g60"])
        for quad in context.store.quads(None, A, NamedNode(kind))
        if isinstance(quad.subject, NamedNode)
        and (wanted is not None or not quad.subject.value.startswith(PREFIXES["g60"]))
    }


def found(text: str, language: str, limit: int, offset: int) -> Written:
    """Return the entities with the words of a text in a name or a quotation; best matches first."""
    context = current()
    descriptions = Descriptions(context.store, context.labels(language))
    telling = TellingFacts(context.store, language)
    ranked = search_entities(context.store, context.resolver, text)
    results = [
        {
            **descriptions.named(entry.iri),
            "class": descriptions.named(entry.kind),
            "rank": entry.rank,
            "matched": [one.value for one in entry.matched],
            "facts": [
                {
                    "property": descriptions.named(fact.predicate),
                    "value": descriptions.value(fact.value),
                    "further": fact.further,
                }
                for fact in telling.of(entry.iri)
            ],
        }
        for entry in ranked[offset : offset + limit]
    ]
    return _page({"text": text, "results": results}, "results", len(ranked), limit, offset)


def _page(content: dict[str, Any], member: str, total: int, limit: int, offset: int) -> Written:
    """Return a page of a list, which is a member of the content."""
    more = offset + limit < total
    complete = not more and offset == 0
    content |= {"total": total, "complete": complete}
    return Written(_json(content), complete, len(content[member]), more)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
