"""Jobs of the JSON API that return entities, with the same answers as the assistants' tools."""

from typing import Any

from pyoxigraph import NamedNode

from g60kg.namespaces import A, expand
from g60kg.web.assistants import entity_tools
from g60kg.web.assistants.answer_pages import Answered, Row, listed, page, written
from g60kg.web.assistants.json_values import OpenGraph
from g60kg.web.views.dataset import members
from g60kg.web.views.open_graph import current
from g60kg.web.views.query_results import Written


def describe_entity(name: str, language: str, limit: int, offset: int) -> Written:
    """Return a page of the Facts about the entity with a local name, label, CURIE or IRI.

    Raise UsageError unless one entity has the name.
    """
    graph = _graph(language)
    iri = expand(f"id:{name}") if expand(name) is None else None
    if iri is None or not any(graph.store.quads(iri, A, None)):
        iri = graph.context.resolver.entity(name)
    return _page(entity_tools.entity_and_facts(graph, iri, {"limit": limit, "offset": offset}))


def search_entities(text: str, language: str, limit: int, offset: int) -> Written:
    """Return, as JSON, a page of the entities whose names or quotations match a text."""
    given = {"text": text, "limit": limit, "offset": offset}
    return _page(entity_tools.search(_graph(language), given))


def list_entities(class_: str | None, language: str, limit: int, offset: int) -> Written:
    """Return a page of the entities of a class and its subclasses, sorted by IRI.

    Without a class, they are all except Facts, evidence, figures and ontology terms.
    Raise UsageError for an unknown class.
    """
    graph = _graph(language)
    wanted = None if class_ is None else graph.context.vocabulary.class_names.find(class_, "class")
    data = {} if wanted is None else {"class": graph.named(wanted)}

    def row(iri: str) -> Row:
        return Row(entity_tools.introduced(graph, NamedNode(iri)))

    given = {"limit": limit, "offset": offset}
    return _page(listed(data, "entities", sorted(members(graph.context, wanted)), row, given))


def _graph(language: str) -> OpenGraph:
    return OpenGraph(current(), current().labels(language))


def _page(answered: Answered) -> Written:
    """Return an answer as a JSON page that is not larger than the server's limit for results.

    It is ``complete`` only if it has all rows.
    """
    answer: dict[str, Any] = page(answered, current().settings.max_result)
    more = "next_offset" in answer
    answer["complete"] = not more and answered.offset == 0
    body = written(answer).encode() + b"\n"
    return Written(body, answer["complete"], len(answer["data"][answered.member]), more)
