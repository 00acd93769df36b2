"""Jobs that run queries: SPARQL text and canned queries."""

import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples

from g60kg import formats
from g60kg.errors import UnsupportedQuery
from g60kg.export import described_facts, write_compact, write_triples
from g60kg.formats import Format
from g60kg.model.evidence_lookup import Labels
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import NamedQuery, ParameterType, named_query
from g60kg.queries.execution import facts_behind, run_named, select_answer
from g60kg.queries.parameters import answer_address
from g60kg.queries.row_counts import RowCounts
from g60kg.rdf.sparql_tokens import outline
from g60kg.row_formats import write_answer, write_rows
from g60kg.row_formats.citations import (
    Access,
    citations_of,
    footnote_of,
    format_citations,
    graph_version,
)
from g60kg.row_formats.reader_rows import reader_texts
from g60kg.stores.base import Term
from g60kg.stores.query_dataset import QueryDataset
from g60kg.web import negotiation
from g60kg.web.negotiation import NotAcceptable
from g60kg.web.views.open_graph import Context, current, lookup

#: The kinds of query results.
ROWS, BOOLEAN, GRAPH = "rows", "boolean", "graph"


@dataclass(frozen=True, slots=True)
class Written:
    """A serialized result."""

    body: bytes
    complete: bool = True
    count: int | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class ProtocolQuery:
    """A query of the SPARQL 1.1 Protocol."""

    text: str
    formats: tuple[str, ...] = ()
    accept: str = ""
    dataset: QueryDataset | None = None


def kind_of(text: str) -> str:
    """Return the kind of a query's result: ROWS, BOOLEAN or GRAPH.

    Raise InvalidQuery if the query is not supported; its syntax is not checked.
    """
    form = outline(text).form
    return {"SELECT": ROWS, "ASK": BOOLEAN}.get(form, GRAPH)


def sparql(asked: ProtocolQuery) -> tuple[Written, str]:
    """Return the result of a client's query in the negotiated format, and its Content-Type.

    Relative IRIs are resolved against the project's base. The graphs of the protocol replace those
    of the query.

    Raises:
        UsageError: the query is invalid or not supported.
        NotAcceptable: no format of this kind of result is acceptable.
    """
    is_graph = kind_of(asked.text) == GRAPH
    form = _form(negotiation.GRAPHS if is_graph else negotiation.ROWS, asked)
    result = current().store.query(asked.text, asked.dataset)
    if isinstance(result, QuerySolutions):
        return _rows_written(select_answer(result, asked.text), form.name), form.content_type
    out = LimitedBuffer(current().settings.max_result)
    if isinstance(result, QueryTriples):
        write_triples(result, form.name, out)
        return Written(out.getvalue()), form.content_type
    stream = io.TextIOWrapper(out, encoding="utf-8", newline="")
    write_answer(form.name, bool(result), stream)
    stream.flush()
    return Written(out.getvalue()), form.content_type


def _rows_written(answer: Answer, format_: str, **options: Any) -> Written:
    out = LimitedBuffer(current().settings.max_result)
    stream = io.TextIOWrapper(out, encoding="utf-8", newline="")
    count = write_rows(format_, answer.columns, answer.stream(), stream, **options)
    stream.flush()
    return Written(out.getvalue(), answer.complete, count, answer.cut)


def _form(offered: tuple[Format, ...], asked: ProtocolQuery) -> Format:
    for name in asked.formats[:-1]:
        try:
            return negotiation.choose(offered, format_=name)
        except NotAcceptable:
            continue
    last = asked.formats[-1] if asked.formats else None
    return negotiation.choose(offered, format_=last, accept=asked.accept)


@lookup
def run_canned(
    name: str,
    given: Mapping[str, str | int],
    format_: str,
    *,
    language: str,
    evidence: bool,
    limit: int | None,
    offset: int,
    sort: str | None = None,
    understood: Mapping[str, Any] | None = None,
    escape_formulas: bool = False,
    bom: bool = False,
    facets: tuple[str, ...] | None = None,
    accessed: dt.date | None = None,
) -> Written:
    """Return a canned query's rows, its Facts in an RDF format, or the citations of its sources.

    RDF always includes the evidence of the Facts. Raise UsageError for an unknown query or an
    invalid parameter.
    """
    context, query = current(), named_query(name)
    terms = terms_of(context, query, given)
    page: dict[str, Any] = {
        "limit": limit,
        "offset": offset,
        "sort": sort,
        "labels": context.labels(language),
    }
    if any(format_ == form.name for form in negotiation.GRAPHS):
        behind = facts_behind(context.store, query, terms, **page)
        out = LimitedBuffer(context.settings.max_result)
        write_compact(described_facts(context.store, behind.facts), format_, out)
        return Written(out.getvalue(), behind.complete, behind.rows, behind.cut)
    page |= {"evidence": evidence, "facets": facets, "understood": understood}
    joined = any(format_ == form.name for form in formats.READING)
    answer = run_named(context.store, query, terms, **page, joined=joined)
    access = accessed and access_on(accessed, answer_address(name, terms), language)
    if access and any(format_ == form.name for form in formats.CITATIONS):
        rows = [quoted for _, quoted in answer.stream()]
        citations = citations_of(one for quoted in rows for one in quoted)
        body = format_citations(format_, citations, access).encode()
        return Written(body, answer.complete, len(rows), answer.cut)
    return _rows_written(
        answer,
        format_,
        evidence=evidence,
        members=lambda: {
            "meta": {
                **answer.meta(answer.complete),
                **_counts(answer.counts(), context.labels(language)),
            }
        },
        caption=name,
        escape_formulas=escape_formulas,
        bom=bom,
        texts=access and reader_texts(language, partial(footnote_of, access=access)),
    )


def access_on(date: dt.date, permalink: str, language: str) -> Access:
    """Return the access to the graph on a date, as citations state it in a language."""
    return Access(date, permalink, language, graph_version(current().settings.store))


def _counts(found: RowCounts | None, labels: Labels) -> dict[str, Any]:
    """Return the number of rows and the facets as members of ``meta``; empty without a count."""
    if found is None:
        return {}
    return {
        "total": {"rows": found.total, "exact": found.exact},
        "facets": {
            facet.column: {
                "values": [
                    {
                        "value": value.value,
                        **({"label": label.value} if (label := labels.of(value)) else {}),
                        "count": count,
                    }
                    for value, count in facet.values
                ],
                "more": facet.more,
                "exact": found.exact,
            }
            for facet in found.facets
        },
    }


def answer_question(
    question: str, *, language: str, evidence: bool, limit: int | None, offset: int
) -> Written:
    """Return the answer to a question as JSON; if not understood, the reason and alternatives.

    Raise UsageError for an empty or too long question.
    """
    found = current().interpreter.understand(question, language)
    if found.reading is None:
        return Written(json.dumps({"meta": found.meta()}, ensure_ascii=False).encode() + b"\n")
    query = found.reading.query
    return run_canned(
        query.name,
        found.reading.parameters,
        "json",
        language=language,
        evidence=query.shows_evidence(evidence),
        limit=limit,
        offset=offset,
        understood=found.meta(),
    )


def terms_of(
    context: Context, query: NamedQuery, given: Mapping[str, str | int]
) -> dict[str, Term]:
    """Return the terms of a query's given parameters, by name.

    Raise UsageError for an invalid parameter.
    """
    entities = [
        parameter.name
        for parameter in query.parameters
        if parameter.type is ParameterType.IRI and not parameter.optional
    ]
    if not entities or any(name not in given for name in entities):
        context.need_process()
    terms = context.resolver.terms(query, given)
    context.need_process_unless_small(
        *(found for found in terms.values() if isinstance(found, NamedNode))
    )
    return terms


class LimitedBuffer(io.BytesIO):
    """A buffer of at most ``most`` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, content: Any, /) -> int:
        """Write bytes and return their number; raise UnsupportedQuery above ``most`` bytes."""
        if self.tell() + len(content) > self._most:
            raise UnsupportedQuery(
                f"The answer is larger than {self._most:,} bytes.",
                hint="Add a LIMIT, or download the complete graph.",
            )
        return super().write(content)
