"""Jobs that cite the sources behind a canned query's answer, a fact or a figure."""

from __future__ import annotations

import datetime as dt

from pyoxigraph import NamedNode

from g60kg.errors import UnknownName
from g60kg.model.evidence_lookup import EvidenceReader
from g60kg.namespaces import FACT, FACT_OBJECT, OBSERVATION, A, expand
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import answer_address
from g60kg.rdf.text_excerpt import excerpt
from g60kg.row_formats.citations import Access, Citation, citations_of, graph_version, written
from g60kg.web.views.open_graph import Context, current, lookup
from g60kg.web.views.query_results import Written, terms_of


def cited_answer(
    name: str,
    given: dict[str, str],
    format_: str,
    *,
    language: str,
    accessed: dt.date,
    limit: int | None,
    offset: int,
    sort: str | None,
) -> Written:
    """Return the citations of the sources behind the rows of a canned query."""
    context, query = current(), named_query(name)
    terms = terms_of(context, query, given)
    answer = run_named(
        context.store,
        query,
        terms,
        language=language,
        evidence=True,
        limit=limit,
        offset=offset,
        sort=sort,
        labels=context.labels(language),
    )
    rows = [quoted for _, quoted in answer.stream()]
    citations = citations_of(one for quoted in rows for one in quoted)
    access = _access(accessed, answer_address(name, terms), language)
    body = written(format_, citations, access).encode()
    return Written(body, answer.complete, len(rows), answer.cut)


@lookup
def cited_fact(text: str, format_: str, *, language: str, accessed: dt.date) -> Written:
    """Return the citations of the sources of a fact, or of the facts that state a figure.

    Raises:
        UnknownName: the graph has no such fact or figure.
    """
    context, node = current(), expand(text)
    citations = () if node is None else citations_of_node(context, node, language)
    if node is None or not citations:
        raise UnknownName(
            f"There is no fact or figure {excerpt(text)}.",
            hint="Give the IRI or the CURIE of a fact, such as fact:2307119874-2c55b8da16e1.",
        )
    access = _access(accessed, node.value, language)
    return Written(written(format_, citations, access).encode(), count=len(citations))


def citations_of_node(context: Context, node: NamedNode, language: str) -> tuple[Citation, ...]:
    """Return the citations of a fact, or of the facts that state a figure; empty for others."""
    kinds = context.store.objects(node, A)
    facts: list[NamedNode] = []
    if FACT in kinds:
        facts = [node]
    elif OBSERVATION in kinds:
        context.need_process_unless_small(node)
        stating = context.store.quads(None, FACT_OBJECT, node)
        facts = [quad.subject for quad in stating if isinstance(quad.subject, NamedNode)]
    return citations_of(EvidenceReader(context.store, context.labels(language)).behind(facts))


def _access(date: dt.date, permalink: str, language: str) -> Access:
    return Access(date, permalink, language, graph_version(current().settings.store))
