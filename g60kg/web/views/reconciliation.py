"""Jobs of the reconciliation API: candidates, suggestions, previews, values of properties."""

import math
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from g60kg.errors import UnknownName, UsageError
from g60kg.model.i18n import page_texts
from g60kg.model.names import folded
from g60kg.namespaces import HISTORY_GRAPH, PREFIXES, A, g60, local_name, term
from g60kg.queries.entity_search import TellingFacts
from g60kg.queries.name_matching import (
    EXACT,
    Candidate,
    NameMatcher,
    NameQuery,
    entity_of,
    find_term,
)
from g60kg.stores.base import Term
from g60kg.web.views.open_graph import current
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.search_results import BesideModel, beside
from g60kg.web.views.pages.view_models import TermModel

#: What suggestions are made of.
KINDS: Final = ("entity", "type", "property")
#: The suggestions of one response, and the classes offered first.
PAGE: Final = 10
_DEFAULT_TYPES: Final = 10
#: The most values of a property of an entity.
_MOST_VALUES: Final = 100
_DEFINITION: Final = term("skos:definition")
#: The classes that are not offered: of statements, measures and sources.
_NOT_OFFERED: Final = frozenset(g60(one).value for one in ("Meta", "Measure", "Source"))
_NUMBERS: Final = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger"), ("int", int)),
    **dict.fromkeys(("decimal", "double", "float"), ("float", float)),
}

Members = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """The content of a preview."""

    id: str
    name: TermModel
    classes: tuple[TermModel, ...]
    definition: TermModel | None
    facts: tuple[BesideModel, ...]


def default_types(language: str) -> list[Members]:
    """Return the _DEFAULT_TYPES classes with the most entities, the largest first.

    The classes of statements, measures and sources are left out.
    """
    reader = PageReader(language)
    counts = reader.store.counts().members
    above = reader.context.vocabulary.superclasses
    own = [kind for kind in above if counts.get(kind) and not above[kind] & _NOT_OFFERED]
    own.sort(key=lambda kind: (-counts[kind], kind))
    return [_described(reader, NamedNode(kind)) for kind in own[:_DEFAULT_TYPES]]


def matched(language: str, queries: tuple[tuple[str, NameQuery | UsageError], ...]) -> Members:
    """Return the candidates of each query by its key.

    An invalid query has no candidates, but a message.
    """
    context = current()
    context.need_process()
    reader = PageReader(language)
    matcher = NameMatcher(context.store, context.vocabulary, context.resolver.names)
    found: Members = {}
    for key, query in queries:
        try:
            if isinstance(query, UsageError):
                raise query
            candidates = matcher.candidates(query)
            found[key] = {"result": [_candidate(reader, one) for one in candidates]}
        except UsageError as error:
            message = f"{error.message} {error.hint}" if error.hint else error.message
            found[key] = {"result": [], "message": message}
    return found


def _candidate(reader: PageReader, one: Candidate) -> Members:
    features = [{"id": name, "value": agrees} for name, agrees in one.hints]
    if one.name_score is not None:
        is_same = one.name_score == EXACT
        features[:0] = [
            {"id": "name", "value": one.name_score}, {"id": "exact_name", "value": is_same},
        ]  # fmt: skip
    return {
        **_named(reader, one.iri),
        "type": [_named(reader, kind) for kind in _kinds(reader, one.iri)],
        "score": one.score,
        "match": one.is_match,
        "features": features,
    }


def suggested(language: str, kind: str, prefix: str, offset: int) -> list[Members]:
    """Return at most PAGE resources of a kind (in KINDS) by identifier or beginning of a name."""
    reader = PageReader(language)
    vocabulary = reader.context.vocabulary
    if kind == "entity":
        reader.context.need_process()
        names = reader.context.resolver.names
    else:
        names = vocabulary.class_names if kind == "type" else vocabulary.property_names
    found: list[NamedNode] = []
    if folded(prefix):
        itself = _resource(reader, kind, prefix)
        beginning = (iri for _, meanings in names.beginning(prefix) for iri in meanings)
        found = list(dict.fromkeys((*((itself,) if itself else ()), *beginning)))
    space = PREFIXES["id" if kind == "entity" else "g60"]
    own = [iri for iri in found if iri.value.startswith(space)]
    return [
        {
            **_described(reader, iri),
            **({"notable": [_named(reader, one) for one in _kinds(reader, iri)]}
               if kind == "entity" else {}),
        }
        for iri in own[offset : offset + PAGE]
    ]  # fmt: skip


def preview(language: str, kind: str, local: str) -> Preview:
    """Return the preview of a resource; raise UnknownName if the graph does not contain it."""
    reader = PageReader(language)
    node = _resource(reader, kind, local)
    if node is None:
        raise UnknownName(f"There is no {kind} {local}.", hint="See the candidates of a query.")
    facts: tuple[BesideModel, ...] = ()
    if kind == "entity":
        reader.context.need_process_unless_small(node)
        facts = beside(reader, TellingFacts(reader.store, language).of(node))
    return Preview(
        local,
        reader.term_model(node),
        tuple(map(reader.term_model, _kinds(reader, node))),
        reader.localized(node, _DEFINITION),
        facts,
    )


def proposed(language: str, type_: str, limit: int) -> list[Members]:
    """Return at most ``limit`` properties that the entities of a class can have, by name.

    An empty class means any class. Raise UnknownName for an unknown class.
    """
    reader = PageReader(language)
    vocabulary = reader.context.vocabulary
    names = vocabulary.class_names
    kind = find_term(names, type_, "type", "class", UnknownName) if type_ else None
    above = vocabulary.superclasses.get(kind.value, frozenset()) if kind else frozenset()
    found = [
        _named(reader, one.iri)
        for one in vocabulary.properties.values()
        if one.iri.value.startswith(PREFIXES["g60"])
        and one.requires_evidence
        and (kind is None or not (limits := one.used_for or one.domain)
             or any(limit.value in above for limit in limits))
    ]  # fmt: skip
    return sorted(found, key=lambda one: folded(one["name"]))[:limit]


def extended(language: str, ids: tuple[str, ...], properties: tuple[str, ...]) -> Members:
    """Return up to 100 values of each property for each entity, with the properties' names.

    An unknown entity has no values. Raise UsageError for an unknown property.
    """
    reader = PageReader(language)
    reader.context.need_process()
    names = reader.context.vocabulary.property_names
    wanted = {name: find_term(names, name, "extend", "property") for name in properties}
    rows = {}
    for local in ids:
        node = _resource(reader, "entity", local)
        rows[local] = {
            name: [] if node is None else _values(reader, node, predicate)
            for name, predicate in wanted.items()
        }
    meta = [
        {"id": name, "name": reader.term_model(predicate).text}
        for name, predicate in wanted.items()
    ]
    return {"meta": meta, "rows": rows}


def _values(reader: PageReader, node: NamedNode, predicate: NamedNode) -> list[Members]:
    found = reader.objects(node, predicate)[:_MOST_VALUES]
    return [shown for one in found if (shown := _value(reader, one))]


def _value(reader: PageReader, value: Term) -> Members | None:
    if isinstance(value, Literal):
        name, read = _NUMBERS.get(local_name(value.datatype.value), ("str", str))
        try:
            number = read(value.value)
        except ValueError:
            return {"str": value.value}
        # JSON has no infinity and no NaN.
        is_in_json = not isinstance(number, float) or math.isfinite(number)
        return {name: number} if is_in_json else {"str": value.value}
    if not isinstance(value, NamedNode):
        return None
    if value.value.startswith(PREFIXES["id"]):
        figure = reader.term_model(value).figure
        if figure is None:
            return _named(reader, value)
        return {"str": page_texts(reader.language).figure(figure)}
    return {"str": reader.term_model(value).text}


def _resource(reader: PageReader, kind: str, local: str) -> NamedNode | None:
    """Return the entity, class or property with a local name; None if it is not in the graph."""
    if kind == "entity":
        node = entity_of(local)
        known = node is not None and any(
            quad.graph_name != HISTORY_GRAPH for quad in reader.store.quads(node, A, None)
        )
        return node if known else None
    vocabulary = reader.context.vocabulary
    iri = PREFIXES["g60"] + local
    return NamedNode(iri) if iri in (
        vocabulary.classes if kind == "type" else vocabulary.properties
    ) else None  # fmt: skip


def _kinds(reader: PageReader, iri: NamedNode) -> list[NamedNode]:
    return [
        one
        for one in reader.objects(iri, A)
        if isinstance(one, NamedNode) and one.value in reader.context.vocabulary.classes
    ]


def _named(reader: PageReader, iri: NamedNode) -> Members:
    space = next((one for one in ("id", "g60") if iri.value.startswith(PREFIXES[one])), "")
    local = iri.value.removeprefix(PREFIXES[space]) if space else iri.value
    return {"id": local, "name": reader.labels.text(iri)}


def _described(reader: PageReader, iri: NamedNode) -> Members:
    definition = reader.localized(iri, _DEFINITION)
    return {**_named(reader, iri), **({"description": definition.text} if definition else {})}
