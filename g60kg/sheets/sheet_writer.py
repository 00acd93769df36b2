"""Writer of fact sheets: a graph as a sheet that ``draft`` compiles to the same graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from g60kg.errors import UsageError
from g60kg.model.article_text import source_id
from g60kg.model.iri_minting import ARTICLE_PROPERTIES, article_triples
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    ATTRIBUTED_TO,
    COMMENT,
    COMPLETE_LIST,
    DATASET_RECORD,
    EXACT,
    FACT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SELECTOR,
    HAS_SOURCE,
    LABEL,
    MODALITY,
    OBSERVATION,
    QUOTATION,
    RECORD_KEY,
    RECORD_TEXT,
    RETRIEVED_ON,
    START,
    TEXT_POSITION_SELECTOR,
    TEXT_QUOTE_SELECTOR,
    TIME,
    VERBATIM,
    A,
    compact,
    g60,
    local_name,
)
from g60kg.rdf.turtle import natural_key
from g60kg.sheets.sheet_claims import Cells, ClaimWriter, mention
from g60kg.sheets.sheet_file import (
    COLUMNS,
    HEADER_KEYS,
    Sheet,
    SheetRow,
)
from g60kg.sheets.source_claims import Claim, Said

#: The columns written; ``occurrence`` is redundant where ``start`` is given.
WRITTEN: Final = tuple(name for name in COLUMNS if name != "occurrence")

#: Classes of nodes that are compiled from rows, so that their triples have no rows.
_COMPILED: Final = (
    FACT,
    QUOTATION,
    DATASET_RECORD,
    OBSERVATION,
    TEXT_QUOTE_SELECTOR,
    TEXT_POSITION_SELECTOR,
)


def fact_sheet(quads: Iterable[Quad], vocabulary: Vocabulary) -> str:
    """Return the fact sheet of one source as CSV: a row for each fact and quotation.

    Rows without quotations, for types, labels and statements that need no evidence, introduce the
    entities. Compiling the sheet gives the same triples.

    Args:
        quads: the statements of the source; records of data sets may be among them.
        vocabulary: the ontology that names are taken from.

    Raises:
        UsageError: the quads are of several articles, or a sheet cannot represent them.
    """
    quads = list(quads)
    said = Said(quads)
    header = _header(said, {local_name(str(quad.graph_name).strip("<>")) for quad in quads})
    writer = ClaimWriter(said, vocabulary, header.get("language", "en"))
    rows = sorted(_rows(said, header), key=lambda row: writer.place(row[0]))
    numbered = []
    lines: dict[object, int] = {}
    for number, (claim, evidence) in enumerate(rows, len(header) + 2):
        cells = {**writer.cells(claim), **{key: text for key, text in evidence.items() if text}}
        lines.setdefault(claim[2], number)
        if (original := writer.equivalent(claim)) is not None:
            cells["equivalent_of"] = str(lines.get(original, ""))
        numbered.append((number, cells))
    sheet = Sheet(
        file="",
        header=header,
        columns=WRITTEN,
        rows=tuple(SheetRow(number, cells) for number, cells in numbered),
    )
    return sheet.text()


def _header(said: Said, graphs: set[str]) -> dict[str, str]:
    articles = said.typed("Article") | said.typed("PressRelease") | said.typed("WebPage")
    for quotation in said.typed("Quotation"):
        articles.update(said.nodes(quotation, HAS_SOURCE))
    sources = sorted(_id_of(article) for article in articles) or sorted(graphs)
    if len(sources) > 1:
        raise UsageError(
            f"A fact sheet holds one source; the selection has {len(sources)}.",
            hint=f"Choose one with --graph: {', '.join(sources)}.",
        )
    if not articles:
        return {"id": sources[0]} if sources else {}
    article = articles.pop()
    header = {key: said.text(article, predicate) for key, predicate in ARTICLE_PROPERTIES.items()}
    language = header["language"] or "en"
    for label in said.values(article, LABEL):
        if not isinstance(label, NamedNode) and label.language == language:
            header["title"] = label.value
    kind = next((one for one in said.nodes(article, A) if one != g60("Article")), None)
    if kind is not None:
        header["type"] = local_name(kind.value)
    if source_id(header["url"]) != sources[0]:
        header["id"] = sources[0]
    return {key: header[key] for key in HEADER_KEYS if header.get(key)}


def _id_of(article: NamedNode) -> str:
    return local_name(article.value).removeprefix("article-")


def _rows(said: Said, header: dict[str, str]) -> Iterator[tuple[Claim, Cells]]:
    """Yield the statement of each row and its evidence cells."""
    needless: set[object] = set()
    if "url" in header:
        source = header.get("id") or source_id(header["url"])
        compiled = article_triples(source, header)
        needless = {(triple.subject, triple.predicate, triple.object) for triple in compiled}
    for fact in sorted(said.typed("Fact"), key=str):
        claim = _claim_of(said, fact)
        needless.add(claim)
        for evidence in _evidence(said, fact):
            yield claim, evidence
    for claim in said.claims():
        if claim not in needless and not said.is_a(claim[0], *_COMPILED):
            yield claim, {}


def _claim_of(said: Said, fact: NamedNode) -> Claim:
    subject = said.one(fact, FACT_SUBJECT)
    predicate = said.one(fact, FACT_PREDICATE)
    object_ = said.one(fact, FACT_OBJECT)
    if (
        not isinstance(subject, NamedNode)
        or not isinstance(predicate, NamedNode)
        or object_ is None
    ):
        raise UsageError(f"{compact(fact.value)} has no subject, predicate or object.")
    return subject, predicate, object_


def _evidence(said: Said, fact: NamedNode) -> list[Cells]:
    """Return the evidence cells of a Fact, one per place, in the order of the text.

    The quotation with the Fact's `verbatim` comes first: `draft` reads it from the first row.
    """
    modality = [local_name(node.value) for one in MODALITY for node in said.nodes(fact, one)]
    speaker = said.one(fact, ATTRIBUTED_TO)
    common = {
        "modality": ";".join(modality),
        "time": said.text(fact, TIME),
        "attributed_to": mention(speaker) if isinstance(speaker, NamedNode) else "",
        "note": said.text(fact, COMMENT),
        "list": "complete" if said.text(fact, COMPLETE_LIST) == "true" else "",
    }
    if speaker is not None and not isinstance(speaker, NamedNode):
        common["attributed_to"] = speaker.value
    words = said.text(fact, VERBATIM)
    places = [_place(said, node) for node in said.nodes(fact, HAS_EVIDENCE)]
    places.sort(key=lambda cells: (cells["quote"] != words, natural_key(cells["start"])))
    return [{**common, **place} for place in places] or [common]


def _place(said: Said, evidence: NamedNode) -> Cells:
    """Return the quotation and its offset, or the dataset and its record."""
    cells = {"quote": "", "start": ""}
    record = said.text(evidence, RECORD_KEY)
    if record:
        source = said.one(evidence, HAS_SOURCE)
        dataset = mention(source) if isinstance(source, NamedNode) else ""
        words, retrieved = said.text(evidence, RECORD_TEXT), said.text(evidence, RETRIEVED_ON)
        cells = {"quote": words, "start": "", "retrieved": retrieved}
        return {**cells, "dataset": dataset, "record": record}
    for selector in said.nodes(evidence, HAS_SELECTOR):
        cells["quote"] = said.text(selector, EXACT) or cells["quote"]
        cells["start"] = said.text(selector, START) or cells["start"]
    return cells
