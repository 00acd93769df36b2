"""Tools that compare texts with the graph: verification of quotes, validation of facts."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from g60kg.errors import UsageError
from g60kg.gate.retraction import source_graph
from g60kg.model.article_text import Text
from g60kg.model.evidence_comparison import TextEvidence, Verdict, read_evidence
from g60kg.model.iri_minting import ARTICLE_PROPERTIES
from g60kg.model.text_normalization import NormalizedText, digest_of, normalized
from g60kg.namespaces import HAS_EVIDENCE, PASSAGE, QUOTATION, A, compact
from g60kg.web.assistants.answer_pages import Answered, Row, listed
from g60kg.web.assistants.entity_tools import evidence_row
from g60kg.web.assistants.json_values import OpenGraph
from g60kg.web.views import fact_check

#: The least characters of a quote in its normal form, so that a match means something.
LEAST_QUOTE: Final = 6
_TEXT_DIGEST: Final = ARTICLE_PROPERTIES["text-sha256"]
_SHEET_HEAD: Final = re.compile(r"^\ufeff?subject[,\t]", re.MULTILINE | re.IGNORECASE)
#: The matches which show that the quote is in its source.
_PROVING: Final = ("text", "equal", "part of this evidence")


def verify_quote(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the places of a quote in known texts, and the evidence that it matches.

    The ``verdict`` is ``verified`` if a text or a piece of evidence contains the quote.
    Otherwise it is ``unchecked`` if the text of a source is missing, else ``notFound``.
    If verified, ``exact`` says whether the quote matches character by character. Raise
    UsageError for an unknown source, and for a quote whose normal form is shorter than
    LEAST_QUOTE characters.
    """
    quote = given["quote"]
    wanted = normalized(quote)
    if len(wanted) < LEAST_QUOTE:
        raise UsageError(f"quote: at least {LEAST_QUOTE} letters are necessary.")
    source = given.get("source")
    within = None if source is None else source_graph(graph.store, source)
    evidence = list(_evidence_in(graph, within))
    stated = {quad.subject for quad in graph.store.quads(None, _TEXT_DIGEST, None, within)}
    articles = {one.source for one in evidence}
    articles |= {article for article in stated if isinstance(article, NamedNode)}
    texts = {
        article: text
        for article in articles
        for digest in graph.store.objects(article, _TEXT_DIGEST)
        if isinstance(digest, Literal) and (text := graph.context.texts.get(digest.value))
    }
    spans = {article: _spans(text, wanted) for article, text in texts.items()}
    rows: list[Row] = []
    exact = False
    for article, places in sorted(spans.items(), key=lambda pair: pair[0].value):
        for start, end in places:
            same = texts[article].content[start:end] == quote.strip()
            exact |= same
            rows.append(
                Row(
                    {"match": "text", "source": compact(article.value), "start": start,
                     "end": end, "exact": same},
                    {"sources": {compact(article.value): graph.source(article)}},
                )
            )  # fmt: skip
    for one in evidence:
        if match := _match(one, wanted, spans.get(one.source, [])):
            exact |= quote.strip() in one.exact
            row = evidence_row(graph, one.iri, graph.store.subjects(HAS_EVIDENCE, one.iri))
            rows.append(Row({"match": match, **row.value}, row.mentioned))
    proving = any(row.value["match"] in _PROVING for row in rows)
    unknown = [article for article in articles if article not in texts]
    verdict = Verdict.VERIFIED if proving else Verdict.UNCHECKED if unknown else Verdict.NOT_FOUND
    data = {
        "verdict": verdict.value,
        **({"exact": exact} if proving else {}),
        "texts_searched": len(texts),
        "sources_without_text": len(unknown),
    }
    return listed(data, "matches", rows, lambda row: row, given)


def _match(one: TextEvidence, wanted: str, spans: list[tuple[int, int]]) -> str:
    """Return how a quote, found at ``spans``, matches a piece of evidence; empty if it does not."""
    if one.digest:
        if one.length == len(wanted) and one.digest == digest_of(wanted):
            return "equal"
    else:
        known = normalized(one.exact)
        if known == wanted:
            return "equal"
        if wanted in known:
            return "part of this evidence"
        if known in wanted:
            return "contains this evidence"
    overlaps = any(
        start < place_end and place_start < end
        for start, end in spans
        for place_start, place_end in one.places
    )
    return "overlaps in the text" if overlaps else ""


def _evidence_in(graph: OpenGraph, within: NamedNode | None) -> Iterator[TextEvidence]:
    nodes = {n for kind in (QUOTATION, PASSAGE) for n in graph.store.subjects(A, kind, within)}
    for node in sorted(nodes, key=lambda node: node.value):
        if one := read_evidence(graph.store, node):
            yield one


def _spans(text: Text, wanted: str) -> list[tuple[int, int]]:
    if wanted not in normalized(text.content):
        return []  # without the map of offsets, which takes longer
    return [(span.start, span.end) for span in NormalizedText(text.content).occurrences(wanted)]


def check_facts(graph: OpenGraph, given: dict[str, Any]) -> Answered:
    """Return the validation report on a fact sheet or Turtle, with a row per finding.

    Nothing is stored.
    """
    facts: str = given["facts"]
    is_sheet = given.get("format", "sheet" if _SHEET_HEAD.search(facts) else "turtle") == "sheet"
    file = "facts.csv" if is_sheet else "facts.ttl", facts.encode()
    language, article = graph.labels.language, given.get("article") or ""
    report = fact_check.check([file], language, article)
    members = json.loads(report.to_json())
    results = [
        {name: value for name, value in result.items() if value is not None}
        for result in members.pop("results")
    ]
    return listed(members, "results", results, Row, given)
