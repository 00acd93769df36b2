"""Resources of the server: entities, facts and canned queries by URI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from g60kg.errors import UnknownName
from g60kg.queries.catalog import NamedQuery, load_catalog, named_query
from g60kg.rdf.text_excerpt import excerpt
from g60kg.web.assistants.answer_pages import page, written
from g60kg.web.assistants.entity_tools import described, fact_named
from g60kg.web.assistants.json_values import OpenGraph

SCHEME: Final = "g60kg://"
JSON: Final = "application/json"
SPARQL: Final = "application/sparql-query"


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of resources: its name in the URI, and what a resource contains."""

    name: str
    title: str
    description: str
    media_type: str

    @property
    def uri(self) -> str:
        """The URI template (RFC 6570)."""
        return f"{SCHEME}{self.name}/{{name}}"


TEMPLATES: Final = (
    Template("id", "Entity", "An entity with its facts; the name is that of its IRI.", JSON),
    Template("fact", "Fact", "A fact with its evidence; the name is that of its IRI.", JSON),
    Template("query", "Canned query", "The SPARQL text of a canned query.", SPARQL),
)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a resource."""

    media_type: str
    text: str


def query_uri(query: NamedQuery) -> str:
    """Return the URI of a canned query."""
    return f"{SCHEME}query/{query.name}"


def listed_queries() -> tuple[NamedQuery, ...]:
    """Return the canned queries, which are the listed resources."""
    return tuple(load_catalog().values())


def read(uri: str, opened: Callable[[str], OpenGraph], language: str, most: int) -> Content:
    """Return the content of a resource; a long description ends at a fact, as in `describe`.

    Raises:
        UnknownName: there is no such resource.
    """
    kind, _, name = uri.removeprefix(SCHEME).partition("/")
    name = unquote(name)
    if not uri.startswith(SCHEME) or not name or kind not in {one.name for one in TEMPLATES}:
        known = ", ".join(one.uri for one in TEMPLATES)
        raise UnknownName(f"No resource {excerpt(uri)}.", hint=f"Resources: {known}.")
    if kind == "query":
        return Content(SPARQL, named_query(name).text)
    graph = opened(language)
    node = fact_named(graph, name) if kind == "fact" else graph.resolver.entity(name)
    return Content(JSON, written(page(described(graph, node, {}), most)))
