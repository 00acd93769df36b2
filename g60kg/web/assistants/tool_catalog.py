"""The tools of the server: names, arguments in JSON Schema, and calls that return a page."""

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, Literal

from g60kg.errors import UnknownName, UsageError
from g60kg.model.names import LANGUAGES
from g60kg.queries.catalog import NamedQuery, ParameterType, load_catalog
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.web.assistants import entity_tools, query_tools, text_tools
from g60kg.web.assistants.answer_pages import MOST_ROWS, Answered, page
from g60kg.web.assistants.json_values import OpenGraph
from g60kg.web.views.open_graph import current

#: The most characters of a text argument, unless it says otherwise.
LONGEST_TEXT: Final = 1_000
_TYPES: Final[dict[str, type]] = {
    "string": str, "integer": int, "boolean": bool, "object": dict,
}  # fmt: skip
QUERY_PREFIX: Final = "query_"
_NAME: Final = "a label in English or Chinese, a CURIE such as id:hangzhou, or an IRI"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a tool, a canned query or a prompt.

    Attributes:
        description: text for the assistant; empty if the name suffices.
        enum: the allowed texts; empty if any text is allowed.
        least: the smallest integer.
        most: the largest integer, or the most characters of a text.
    """

    name: str
    description: str = ""
    type: Literal["string", "integer", "boolean", "object"] = "string"
    required: bool = False
    enum: tuple[str, ...] = ()
    least: int = 0
    most: int = LONGEST_TEXT

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the argument's values."""
        schema: dict[str, Any] = {"type": self.type}
        if self.description:
            schema["description"] = self.description
        if self.enum:
            schema["enum"] = list(self.enum)
        if self.type == "integer":
            schema["minimum"] = self.least
        return schema

    def parsed(self, value: object) -> Any:
        """Return a value in the JSON type of the argument, also from text; or raise UsageError."""
        if isinstance(value, str) and self.type != "string":
            value = _read(value)
        if self.type == "string" and isinstance(value, int | float):
            value = str(value)
        elif self.type == "integer" and isinstance(value, float) and value.is_integer():
            value = int(value)
        is_flag = self.type == "integer" and isinstance(value, bool)
        if is_flag or not isinstance(value, _TYPES[self.type]):
            raise UsageError(f"{self.name}: must be of type {self.type}.")
        if isinstance(value, str):
            self._check_text(value)
        elif self.type == "integer" and not self.least <= int(str(value)) <= self.most:
            raise UsageError(f"{self.name}: must be from {self.least} to {self.most:,}.")
        return value

    def _check_text(self, text: str) -> None:
        if not is_unicode(text):
            raise UsageError(f"{self.name}: not valid Unicode.")
        if len(text) > self.most:
            raise UsageError(f"{self.name}: longer than {self.most:,} characters.")
        if self.required and not text.strip():
            raise UsageError(f"{self.name}: the value is empty.")
        if self.enum and text not in self.enum:
            raise UsageError(
                f'{self.name}: "{excerpt(text)}" is not a value.', hint=nearest(text, self.enum)
            )


def input_schema(arguments: Sequence[Argument]) -> dict[str, Any]:
    """Return the JSON Schema of the arguments of a tool."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {one.name: one.schema() for one in arguments},
        "additionalProperties": False,
    }
    if required := [one.name for one in arguments if one.required]:
        schema["required"] = required
    return schema


def parsed_arguments(
    tool: str, arguments: Sequence[Argument], given: Mapping[str, object]
) -> dict[str, Any]:
    """Return the values of a call by argument, without None; raise UsageError for a wrong call."""
    known = {one.name: one for one in arguments}
    for name in given:
        if name not in known:
            raise UsageError(
                f'{tool} has no argument "{excerpt(name)}".', hint=nearest(name, tuple(known))
            )
    values = {name: known[name].parsed(value) for name, value in given.items() if value is not None}
    for one in arguments:
        if one.required and one.name not in values:
            raise UsageError(f"{one.name}: the value is missing.", hint=one.description or None)
    return values


def nearest(text: str, names: Sequence[str]) -> str:
    """Return a hint with the most similar of some names, or with all of them if none is similar.

    >>> nearest("lymit", ("limit", "offset")), nearest("x", ())
    ('Did you mean limit?', 'There are none.')
    """
    near = difflib.get_close_matches(text.casefold(), names, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known: {', '.join(names)}." if names else "There are none."


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


_PAGE: Final = (
    Argument("limit", type="integer", least=1, most=MOST_ROWS),
    Argument("offset", "next_offset of the page before", "integer", most=10**9),
)
_LANGUAGE: Final = Argument("language", enum=LANGUAGES)
_EVIDENCE: Final = Argument("evidence", "default true", "boolean")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of the MCP server."""

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...]
    run: Callable[[OpenGraph, dict[str, Any]], Answered]


TOOLS: Final = (
    Tool(
        "find_query",
        "Find the query for a question",
        "The canned queries and parameters that a question can mean, best first, for run_query. "
        "With `understood: false`, they are only the nearest: check the summaries, or use search.",
        (
            Argument("question", "in English or Chinese", required=True, most=400),
            Argument("language", "of the summaries", enum=LANGUAGES),
        ),
        query_tools.find_query,
    ),
    Tool(
        "run_query",
        "Run a canned query",
        "Run a canned query, by a name from find_query or the resource list. Each row names the "
        "evidence behind it; `data.evidence` has its quotation, offsets and grade by id, "
        "`data.sources` the articles.",
        (
            Argument("name", "name of the query, such as projects", required=True),
            Argument(
                "parameters",
                "values by parameter; an entity is " + _NAME + "; queries with "
                "a date take from and to (years), most take source",
                "object",
            ),
            *_PAGE,
            _EVIDENCE,
            _LANGUAGE,
        ),
        query_tools.run_query,
    ),
    Tool(
        "search",
        "Search entities",
        "Find entities by words of a name or a quotation, in English or Chinese, best first. Rank: "
        "1 label, 2 other name, 3 words, 4 beginnings of words, 5 quotation.",
        (
            Argument("text", "words in any order, or their beginnings", required=True, most=400),
            Argument("class", "only entities of this class, such as Enterprise"),
            *_PAGE,
            _LANGUAGE,
        ),
        entity_tools.search,
    ),
    Tool(
        "describe",
        "Describe an entity",
        "All names, classes and facts of an entity, or one fact; each fact with its modality (a "
        "goal or a speaker's claim is no established fact), grade and evidence.",
        (Argument("entity", _NAME, required=True), *_PAGE, _LANGUAGE),
        entity_tools.describe,
    ),
    Tool(
        "evidence",
        "Evidence of a fact or an entity",
        "Quotations, passages and records with source, offsets and grade (A compared with its "
        "source, B passage compared, C never compared, X not found), and the facts they support.",
        (
            Argument("fact", "id of a fact, such as fact:…"),
            Argument("entity", _NAME),
            *_PAGE,
            _LANGUAGE,
        ),
        entity_tools.evidence,
    ),
    Tool(
        "conflicts",
        "Statements in conflict",
        "Pairs of statements of two sources that cannot both be true, each with its evidence. With "
        "otherSubject, an entity that may be the same, the conflict is only possible.",
        (Argument("entity", "only about this entity: " + _NAME), *_PAGE, _LANGUAGE),
        entity_tools.conflicts,
    ),
    Tool(
        "verify_quote",
        "Verify a quote",
        "Whether and where words are in a known text or match known evidence, and the facts that "
        "rest on them. Verdict: verified, notFound, or unchecked (a source's text is missing).",
        (
            Argument("quote", "the words", required=True, most=5_000),
            Argument("source", "only this source: its id, or the CURIE of its article"),
            *_PAGE,
            _LANGUAGE,
        ),
        text_tools.verify_quote,
    ),
    Tool(
        "check_facts",
        "Validate new facts",
        "Validate a fact sheet (CSV) or Turtle on top of the graph, as `g60kg add` would; nothing "
        "is stored. Returns the report; correct the facts until it conforms without warnings.",
        (
            Argument("facts", "fact sheet or Turtle", required=True, most=2_000_000),
            Argument("article", "text of the article, in which quotes are found", most=2_000_000),
            Argument("format", "default: recognized", enum=("sheet", "turtle")),
            *_PAGE,
            _LANGUAGE,
        ),
        text_tools.check_facts,
    ),
    Tool(
        "sparql",
        "Run SPARQL",
        "Run SPARQL 1.1 (SELECT, ASK, CONSTRUCT, DESCRIBE). The prefixes g60, id, fact, quote, "
        "measure, oa, rdfs, skos are declared. Use ORDER BY to read several pages.",
        (Argument("query", "SPARQL text", required=True, most=200_000), *_PAGE),
        query_tools.sparql,
    ),
    Tool(
        "schema",
        "Classes, properties, measures",
        "The terms of the graph, which fact sheets and SPARQL use.",
        (
            Argument(
                "topic",
                "classes, predicates, measures, categories, comparators, modalities, stages, "
                "units, or a class: its predicates; default: all names",
            ),
            *_PAGE,
            _LANGUAGE,
        ),
        query_tools.schema,
    ),
)


@cache
def tools(all_queries: bool = False) -> Mapping[str, Tool]:
    """Return the tools by name; with ``all_queries``, also a tool for each canned query."""
    canned = map(_of_query, load_catalog().values()) if all_queries else ()
    return {tool.name: tool for tool in (*TOOLS, *canned)}


def find_tool(name: str, all_queries: bool = False) -> Tool:
    """Return the tool with a name; raise UnknownName if it is unknown."""
    known = tools(all_queries)
    if name not in known:
        raise UnknownName(f'No tool is called "{excerpt(name)}".', hint=nearest(name, tuple(known)))
    return known[name]


def call(
    name: str, given: Mapping[str, object], all_queries: bool, language: str, most: int
) -> dict[str, Any]:
    """Return a page of a tool's answer of at most ``most`` bytes; UsageError for a wrong call."""
    tool = find_tool(name, all_queries)
    values = parsed_arguments(tool.name, tool.arguments, given)
    labels = current().labels(values.get("language", language))
    return page(tool.run(OpenGraph(current(), labels), values), most)


def _of_query(query: NamedQuery) -> Tool:
    arguments = [
        Argument(
            parameter.name,
            parameter.description,
            "integer" if parameter.type is ParameterType.INTEGER else "string",
            enum=parameter.enum if parameter.type is ParameterType.STRING else (),
            most=10**9,
        )
        for parameter in (*query.parameters, *query.filters)
    ]
    return Tool(
        QUERY_PREFIX + query.name,
        query.name,
        query.summary,
        (*arguments, *_PAGE, _LANGUAGE),
        partial(_run_query, query),
    )


def _run_query(query: NamedQuery, graph: OpenGraph, given: dict[str, Any]) -> Answered:
    parameters = {
        p.name: given[p.name] for p in (*query.parameters, *query.filters) if p.name in given
    }
    return query_tools.canned(graph, query, parameters, given)
