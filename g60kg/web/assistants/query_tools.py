"""Tools that run queries: canned queries, SPARQL, and the terms of the graph."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions

from g60kg.errors import UsageError
from g60kg.model.evidence import Quotation
from g60kg.model.term_listing import TermListing
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import NamedQuery, named_query
from g60kg.queries.execution import select_answer
from g60kg.web.assistants.answer_pages import MOST_ROWS, Answered, Row, listed
from g60kg.web.assistants.json_values import OpenGraph, exact_value

Item = TypeVar("Item")

#: The most rows with evidence, which is read for all of them, if a call gives no limit.
_WITH_EVIDENCE: Final = 100
#: The most pieces of evidence of a row: some statements have thirty, and few such rows fit a page.
_PIECES: Final = 3


def find_query(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the canned queries and parameter values that match a question, best first.

    ``understood`` is false if no query answers the question; the rows are then only the nearest
    queries, and ``reason`` says why.
    """
    language = graph.labels.language
    found = graph.context.interpreter.understand(given["question"], language)
    readings = (*(() if found.reading is None else (found.reading,)), *found.alternatives)
    rows = [Row({**one.to_json(), "summary": one.query.texts(language)[0]}) for one in readings]
    reason = {"reason": found.reason} if found.reason else {}
    if found.note:
        reason["note"] = found.note
    return Answered({"understood": found.reading is not None, **reason}, "readings", rows)


def run_query(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return rows of the canned query ``name`` with ``parameters``, like :func:`canned`.

    Raise UsageError if one of these is wrong.
    """
    parameters = given.get("parameters", {})
    for name, value in parameters.items():
        if not isinstance(value, str | int | None):
            raise UsageError(f"parameters: {name} must be a name or a number.")
    return canned(graph, named_query(given["name"]), parameters, given)


def canned(
    graph: OpenGraph, query: NamedQuery, parameters: dict[str, Any], given: dict[str, Any]
) -> Answered:
    """Return at most ``limit`` rows of a canned query from the call's ``offset``.

    Each row has at most three references to evidence, and none if ``evidence`` is false.
    """
    chosen = {name: value for name, value in parameters.items() if value is not None}
    terms = graph.context.resolver.terms(query, chosen)
    evidence = query.shows_evidence(given.get("evidence", True))
    usual = _WITH_EVIDENCE if evidence else MOST_ROWS
    answer = graph.answer(query, terms, given, evidence=evidence, usual=usual)
    data = {
        "query": query.name,
        "summary": query.texts(graph.labels.language)[0],
        "parameters": {name: graph.value(term) for name, term in terms.items()},
        "columns": list(query.columns),
    }
    offset = given.get("offset", 0)
    return Answered(data, "rows", _rows(graph, query, answer), offset, lambda: answer.cut)


def _rows(graph: OpenGraph, query: NamedQuery, answer: Answer) -> Iterator[Row]:
    for cells, quoted in answer.stream():
        named = dict(zip(answer.columns, cells, strict=True))
        value = {
            name: _cell(graph, named[name], named.get(f"{name}Label"))
            for name in query.columns
            if named[name] is not None
        }
        if not quoted:
            yield Row(value)
            continue
        references, mentioned = graph.evidence(_of_several_sources(quoted)[:_PIECES])
        left = len(quoted) - len(references)
        more = {"more_evidence": left} if left else {}
        yield Row({**value, "evidence": references, **more}, mentioned)


def _of_several_sources(quoted: Sequence[Quotation]) -> list[Quotation]:
    """Return the evidence sorted so that the first piece of each source is before all others."""
    first = {one.article: one for one in reversed(quoted)}
    return sorted(quoted, key=lambda one: first[one.article] is not one)


def _cell(graph: OpenGraph, term: Any, label: Any) -> Any:
    value = graph.value(term)
    return {**value, "label": label.value} if label is not None else value


def sparql(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the rows, the triples or the boolean of a SPARQL query.

    At most ``limit`` rows or triples are returned, from the call's ``offset``.
    """
    text, offset = given["query"], given.get("offset", 0)
    limit = given.get("limit", MOST_ROWS)
    result = graph.store.query(text)
    if isinstance(result, QueryBoolean):
        return Answered({"boolean": bool(result)})
    if isinstance(result, QuerySolutions):
        answer = select_answer(result, text)
        pairs, more = _window(answer.stream(), offset, limit)
        rows = (
            Row({
                name: exact_value(cell)
                for name, cell in zip(answer.columns, cells, strict=True)
                if cell is not None
            })
            for cells, _ in pairs
        )  # fmt: skip
        return Answered({"columns": list(answer.columns)}, "rows", rows, offset, more)
    triples, more = _window(result, offset, limit)
    rows = (
        Row({
            "subject": _exact(triple.subject),
            "predicate": _exact(triple.predicate),
            "object": _exact(triple.object),
        })
        for triple in triples
    )  # fmt: skip
    return Answered({}, "triples", rows, offset, more)


def _exact(term: object) -> Any:
    if isinstance(term, NamedNode | BlankNode | Literal):
        return exact_value(term)
    return str(term)


def _window(
    items: Iterable[Item], offset: int, limit: int
) -> tuple[Iterator[Item], Callable[[], bool]]:
    """Return the entries of a page, and a function that says if more follow: call it after them."""
    remaining = iter(items)
    return (islice(remaining, offset, offset + limit), lambda: next(remaining, None) is not None)


def schema(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the terms of ``topic``, such as "units" or a class; without it, all names by topic.

    Raise UsageError for an unknown topic.
    """
    listing = TermListing(graph.store, graph.labels.language)
    topic = given.get("topic")
    if topic is None:
        terms: list[dict[str, Any]] = [
            {"topic": each, "names": [entry["name"] for entry in entries]}
            for each, entries in listing.all().items()
        ]
    else:
        terms = [
            {"topic": each, **{name: member for name, member in entry.items() if member}}
            for each, entries in listing.of(topic).items()
            for entry in entries
        ]
    return listed({}, "terms", terms, Row, given)
