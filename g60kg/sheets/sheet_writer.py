"""Writer of fact sheets: a graph as a sheet that ``draft`` compiles to the same graph.

In this module a claim is a triple of a row.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.errors import UsageError
from g60kg.model.article_text import source_id
from g60kg.model.facts import FACT_TRIPLE
from g60kg.model.iri_minting import ARTICLE_PROPERTIES, article_triples
from g60kg.model.names import Names
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.model.passage_evidence import (
    SEPARATOR,
    SPAN_PREFIX,
    PassageCell,
    PassagePosition,
    fingerprint,
)
from g60kg.model.sources import source_name
from g60kg.model.text_normalization import DIGEST_PREFIX
from g60kg.namespaces import LABEL, A, compact, g60, local_name
from g60kg.rdf.turtle import natural_key
from g60kg.sheets.cell_literals import language_of
from g60kg.sheets.header_values import HEADER_KEYS
from g60kg.sheets.sheet_file import COLUMNS, Sheet, SheetRow

Cells = dict[str, str]
Value = NamedNode | Literal
#: A triple that a fact sheet can hold.
Claim = tuple[NamedNode, NamedNode, Value]


class _Said:
    """The triples of each node; a blank node or a triple term raises UsageError."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._said: dict[NamedNode, dict[NamedNode, list[Value]]] = {}
        for triple in sorted({quad.triple for quad in quads}, key=str):
            subject, object_ = triple.subject, triple.object
            if not isinstance(subject, NamedNode) or not isinstance(object_, NamedNode | Literal):
                raise UsageError(f"A fact sheet cannot hold a blank node: {triple}")
            about = self._said.setdefault(subject, {})
            about.setdefault(triple.predicate, []).append(object_)

    def typed(self, name: str) -> set[NamedNode]:
        return {node for node in self._said if self.is_a(node, g60(name))}

    def is_a(self, node: NamedNode, *classes: NamedNode) -> bool:
        return any(kind in classes for kind in self.values(node, A))

    def values(self, node: NamedNode, predicate: NamedNode) -> list[Value]:
        return self._said.get(node, {}).get(predicate, [])

    def nodes(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self.values(node, predicate) if isinstance(value, NamedNode)]

    def one(self, node: NamedNode, predicate: NamedNode) -> Value | None:
        return next(iter(self.values(node, predicate)), None)

    def text(self, node: NamedNode, predicate: NamedNode) -> str:
        """Return the first object of a node and a predicate as text; "" without an object."""
        value = self.one(node, predicate)
        return "" if value is None else value.value

    def claims(self) -> Iterator[Claim]:
        for node, about in self._said.items():
            for predicate, values in about.items():
                for value in values:
                    yield node, predicate, value


#: The columns written; ``occurrence`` is redundant where ``start`` is given.
_WRITTEN: Final = tuple(name for name in COLUMNS if name != "occurrence")

#: Classes of nodes that are compiled from rows, so that their triples have no rows.
_COMPILED: Final = (
    *(ns.FACT, ns.OBSERVATION, ns.QUOTATION, ns.PASSAGE, ns.DATASET_RECORD),
    *(ns.TEXT_QUOTE_SELECTOR, ns.TEXT_POSITION_SELECTOR),
)


def fact_sheet(quads: Iterable[Quad], vocabulary: Vocabulary) -> str:
    """Return the fact sheet of one source as CSV: a row for each fact and quotation.

    Types, labels and statements that need no evidence have rows without a quotation. Compiling the
    sheet gives the same triples. Raise UsageError for quads that a sheet cannot hold.
    """
    quads = list(quads)
    said = _Said(quads)
    header = _header(said, {local_name(str(quad.graph_name).strip("<>")) for quad in quads})
    writer = _ClaimWriter(said, vocabulary, header.get("language", "en"))
    found = sorted(_rows(said, header), key=lambda row: writer.place(row[0]))
    rows = []
    lines: dict[object, int] = {}
    for number, (claim, evidence) in enumerate(found, len(header) + 2):
        cells = {**writer.cells(claim), **{key: text for key, text in evidence.items() if text}}
        lines.setdefault(claim[2], number)
        if originals := writer.originals(claim):
            cells["equivalent_of"] = str(lines.get(originals[0], ""))
        rows.append(SheetRow(number, cells))
    return Sheet("", header, _WRITTEN, tuple(rows)).text()


def _header(said: _Said, graphs: set[str]) -> dict[str, str]:
    articles = said.typed("Article") | said.typed("PressRelease") | said.typed("WebPage")
    for evidence in said.typed("Quotation") | said.typed("Passage"):
        articles.update(said.nodes(evidence, ns.HAS_SOURCE))
    sources = sorted(source_name(article.value) for article in articles) or sorted(graphs)
    if len(sources) > 1:
        message = f"A fact sheet holds one source; the selection has {len(sources)}."
        raise UsageError(message, hint=f"Choose one with --graph: {', '.join(sources)}.")
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
    if said.typed("Passage") and not said.typed("Quotation"):
        header["reproduce"] = "no"
    header["checked"] = _written_checked(said, header["text-sha256"])
    return {key: header[key] for key in HEADER_KEYS if header.get(key)}


def _rows(said: _Said, header: dict[str, str]) -> Iterator[tuple[Claim, Cells]]:
    """Yield the triple of each row with its evidence cells; these are empty without a Fact."""
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


def _claim_of(said: _Said, fact: NamedNode) -> Claim:
    subject, predicate, object_ = (said.one(fact, part) for part in FACT_TRIPLE)
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_ is not None:
        return subject, predicate, object_
    raise UsageError(f"{compact(fact.value)} has no subject, predicate or object.")


def _evidence(said: _Said, fact: NamedNode) -> list[Cells]:
    """Return the evidence cells of a Fact: one dict for each row, in the order of the text.

    The quotation with the Fact's `verbatim` is first. All passages are in one row. Without
    evidence, there is one row with the other cells.
    """
    modality = [local_name(node.value) for one in ns.MODALITY for node in said.nodes(fact, one)]
    speaker = said.one(fact, ns.ATTRIBUTED_TO)
    common: Cells = {
        "modality": ";".join(modality),
        "time": said.text(fact, ns.TIME),
        "attributed_to": "" if speaker is None else _mention(speaker),
        "note": said.text(fact, ns.COMMENT),
        "list": "complete" if said.text(fact, ns.COMPLETE_LIST) == "true" else "",
    }
    words = said.text(fact, ns.VERBATIM)
    evidence = said.nodes(fact, ns.HAS_EVIDENCE)
    passages = [node for node in evidence if said.is_a(node, ns.PASSAGE)]
    places = [_place(said, node) for node in evidence if node not in passages]
    places.sort(key=lambda cells: (cells["quote"] != words, natural_key(cells["start"])))
    if passages:
        # Beside a quotation, passages are its context.
        column = "context" if places and places[0]["quote"] else "passage"
        first, rest = ({}, places) if column == "passage" else (places[0], places[1:])
        places = [{**first, **_passage_cells(said, passages, column)}, *rest]
    return [{**common, **place} for place in places] or [common]


def _place(said: _Said, evidence: NamedNode) -> Cells:
    """Return the cells of a quotation and its offset, or of a dataset and a record."""
    cells = {"quote": "", "start": ""}
    record = said.text(evidence, ns.RECORD_KEY)
    if record:
        source = said.one(evidence, ns.HAS_SOURCE)
        dataset = _mention(source) if isinstance(source, NamedNode) else ""
        words, retrieved = said.text(evidence, ns.RECORD_TEXT), said.text(evidence, ns.RETRIEVED_ON)
        cells = {"quote": words, "start": "", "retrieved": retrieved}
        return {**cells, "dataset": dataset, "record": record}
    for selector in said.nodes(evidence, ns.HAS_SELECTOR):
        cells["quote"] = said.text(selector, ns.EXACT) or cells["quote"]
        cells["start"] = said.text(selector, ns.START) or cells["start"]
    return cells


def _mention(node: Value) -> str:
    """Return a node as a cell: a CURIE, else an IRI in angle brackets, or the text of a literal."""
    curie = compact(node.value) if isinstance(node, NamedNode) else None
    return f"<{curie}>" if curie == node.value else curie or node.value


class _ClaimWriter:
    def __init__(self, said: _Said, vocabulary: Vocabulary, language: str) -> None:
        self._said = said
        self._vocabulary = vocabulary
        self._language = language

    def cells(self, claim: Claim) -> Cells:
        """Return the cells of a triple by column; columns without a value can be missing."""
        subject, predicate, object_ = claim
        cells = {"subject": _mention(subject), "predicate": self._predicate(predicate, object_)}
        if isinstance(object_, NamedNode):
            if predicate == ns.HAS_OBSERVATION and self._said.is_a(object_, ns.OBSERVATION):
                return {**cells, **self._observation(object_)}
            if predicate == A:
                return {**cells, "object": _name(object_, self._vocabulary.class_names)}
        return {**cells, "object": _mention(object_)}

    def place(self, claim: Claim) -> tuple[object, ...]:
        """Return the sort key of a row: by subject, the rows with its class and labels first.

        A figure that is the equivalent of another one comes after it.
        """
        _, predicate, object_ = claim
        kind = 0 if predicate == A else 1 if predicate == LABEL else 2
        cells = self.cells(claim)
        # English labels first: `draft` takes an entity's name from there.
        foreign = isinstance(object_, Literal) and object_.language not in (None, "en")
        return (
            natural_key(cells["subject"]),
            kind,
            kind == 1 and foreign,
            len(self.originals(claim)),
            cells["predicate"],
            natural_key(cells["object"]),
            _mention(object_) if isinstance(object_, NamedNode) else "",
        )

    def originals(self, claim: Claim) -> list[Value]:
        """Return the figures of which the figure in a triple is the equivalent, nearest first."""
        found: list[Value] = []
        node: Value | None = claim[2]
        while isinstance(node, NamedNode) and node not in found:
            found.append(node)
            node = self._said.one(node, ns.EQUIVALENT_OF)
        return found[1:]

    def _observation(self, node: NamedNode) -> Cells:
        said = self._said
        measure, unit = said.one(node, ns.OBSERVED_MEASURE), said.one(node, ns.UNIT)
        comparator = said.one(node, ns.COMPARATOR)
        nodes = (said.one(node, ns.REFERENCE_AREA), said.one(node, ns.IN_RANKING))
        references = [_mention(one) for one in nodes if isinstance(one, NamedNode)]
        references.append(said.text(node, ns.COMPARED_WITH))
        bound = ""
        if isinstance(comparator, NamedNode) and comparator != g60("Exactly"):
            bound = self._vocabulary.notation(comparator)
        return {
            "predicate": _mention(measure) if isinstance(measure, NamedNode) else "",
            "object": said.text(node, ns.FRACTION) or said.text(node, ns.NUMERIC_VALUE),
            "upper": said.text(node, ns.UPPER_VALUE),
            "unit": local_name(unit.value) if unit is not None else "",
            "comparator": bound,
            "time": said.text(node, ns.REFERENCE_PERIOD),
            "category": ";".join(_mention(one) for one in said.nodes(node, ns.CATEGORY)),
            "reference": ";".join(filter(None, references)),
            "basis": said.text(node, ns.BASIS),
        }

    def _predicate(self, predicate: NamedNode, object_: NamedNode | Literal) -> str:
        if predicate == A:
            return "a"
        language = object_.language if isinstance(object_, Literal) else None
        if predicate == LABEL:
            return f"label@{language or self._language}"
        name = _name(predicate, self._vocabulary.property_names)
        if language and isinstance(object_, Literal):
            guessed = language_of(object_.value, self._language)
            return name if language == guessed else f"{name}@{language}"
        return name


def _name(iri: NamedNode, names: Names) -> str:
    """Return the local name of a term if it means only this term, else the CURIE."""
    name = local_name(iri.value)
    return name if names.meanings(name) == (iri,) else _mention(iri)


def _passage_cells(said: _Said, passages: Sequence[NamedNode], column: str) -> Cells:
    """Return the passages of a fact as the cell of a column and the cell of ``locator``.

    A passage with several positions or locators is written once for each.
    """
    cells: list[str] = []
    locators: list[str] = []
    starts = {node: next(iter(_places(said, node)), (0, 0))[0] for node in passages}
    for passage in sorted(passages, key=lambda node: (starts[node], node.value)):
        written = _cells(said, passage)
        known = sorted(value.value for value in said.values(passage, ns.LOCATOR))
        for cell, locator in zip_longest(written, known):
            cells.append(cell or written[-1])
            locators.append(locator or known[-1] if known else "")
    return {column: SEPARATOR.join(cells), "locator": SEPARATOR.join(locators)}


def _cells(said: _Said, passage: NamedNode) -> list[str]:
    digest = said.text(passage, ns.NORMALIZED_DIGEST).removeprefix(DIGEST_PREFIX)
    length = said.text(passage, ns.NORMALIZED_LENGTH)
    spans = sorted(
        value.value.removeprefix(SPAN_PREFIX) for value in said.values(passage, ns.SPAN_DIGEST)
    )
    places = _places(said, passage)
    if not length.isdecimal() or (places and not spans):
        raise UsageError(f"A fact sheet cannot hold the passage {compact(passage.value)}.")
    if not places:
        return [str(PassageCell(digest, int(length)))]
    cells = []
    for place, span in zip_longest(places, spans):
        start, end = place or places[-1]
        cells.append(
            str(PassageCell(digest, int(length), PassagePosition(start, end, span or spans[-1])))
        )
    return cells


def _places(said: _Said, passage: NamedNode) -> list[tuple[int, int]]:
    return sorted(
        (int(said.text(selector, ns.START)), int(said.text(selector, ns.END)))
        for selector in said.nodes(passage, ns.HAS_SELECTOR)
        if said.text(selector, ns.START).isdecimal() and said.text(selector, ns.END).isdecimal()
    )


def _written_checked(said: _Said, text_digest: str) -> str:
    """Return the header value ``checked`` if all evidence was verified on one day, else ""."""
    evidence = said.typed("Quotation") | said.typed("Passage")
    days = {value.value for node in evidence for value in said.values(node, ns.CHECKED_ON)}
    if len(days) != 1 or any(said.one(node, ns.VERDICT) != g60("Verified") for node in evidence):
        return ""
    triples = (Triple(*claim) for claim in said.claims())
    return f"{days.pop()} {fingerprint(triples, text_digest)}"
