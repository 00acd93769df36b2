"""IRI minting: the triples of Facts, evidence and quantities with their deterministic IRIs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol
from urllib.parse import quote as percent_encoded

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.model.dates import edtf_years
from g60kg.namespaces import (
    AS_OF,
    ATTRIBUTED_TO,
    COMMENT,
    COMPARATOR,
    DATASET_RECORD,
    END,
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
    NUMERIC_VALUE,
    PREFIXES,
    QUANTITY,
    QUOTATION,
    RECORD_KEY,
    START,
    TEXT_POSITION_SELECTOR,
    TEXT_QUOTE_SELECTOR,
    TIME,
    UNIT,
    VERBATIM,
    A,
    entity,
    g60,
    local_name,
    term,
)
from g60kg.stores.base import Term

_INTEGER: Final = term("xsd:integer")
_DECIMAL: Final = term("xsd:decimal")
_ANY_URI: Final = term("xsd:anyURI")
_HASH_DIGITS: Final = 12
#: The properties of an Article, by the key of a sheet's header.
ARTICLE_PROPERTIES: Final = {
    "url": g60("url"),
    "date": g60("publicationDate"),
    "publisher": g60("publisher"),
    "language": g60("language"),
    "text-sha256": g60("textDigest"),
    "text-length": g60("textLength"),
}


class EvidenceNode(Protocol):
    """Evidence of a statement."""

    @property
    def source(self) -> NamedNode:
        """The Article or the Dataset."""

    @property
    def iri(self) -> NamedNode:
        """The IRI of the node."""

    @property
    def selectors(self) -> tuple[NamedNode, ...]:
        """The IRIs of its selectors."""

    def triples(self) -> Iterator[Triple]:
        """Return the triples of these nodes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of a statement: a quotation of an article, or a record of a dataset.

    Attributes:
        quote: the quoted text; None for a record.
        start: its offset in the article's text, in code points.
        record: the record's key; None for a quotation.
    """

    source: NamedNode
    quote: str | None = None
    start: int = 0
    record: str | None = None

    @property
    def iri(self) -> NamedNode:
        """The IRI of the Quotation or DatasetRecord."""
        name = source_name(self.source)
        if self.quote is None:
            return entity(f"record-{name}-{_in_a_name(self.record or '')}")
        end = self.start + len(self.quote)
        return NamedNode(f"{PREFIXES['quote']}{name}-{self.start}-{end}")

    @property
    def selectors(self) -> tuple[NamedNode, NamedNode]:
        """The IRIs of a Quotation's text and position."""
        return NamedNode(f"{self.iri.value}-text"), NamedNode(f"{self.iri.value}-position")

    def triples(self) -> Iterator[Triple]:
        """Return the triples of the node: its source and its selectors or record key."""
        iri = self.iri
        yield Triple(iri, HAS_SOURCE, self.source)
        if self.quote is None:
            yield Triple(iri, A, DATASET_RECORD)
            yield Triple(iri, RECORD_KEY, Literal(self.record or ""))
            return
        words, place = self.selectors
        yield Triple(iri, A, QUOTATION)
        yield Triple(iri, HAS_SELECTOR, words)
        yield Triple(iri, HAS_SELECTOR, place)
        yield Triple(words, A, TEXT_QUOTE_SELECTOR)
        yield Triple(words, EXACT, Literal(self.quote))
        yield Triple(place, A, TEXT_POSITION_SELECTOR)
        yield Triple(place, START, integer_literal(self.start))
        yield Triple(place, END, integer_literal(self.start + len(self.quote)))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its comparator and unit; all attributes identify it."""

    subject: NamedNode
    measure: NamedNode
    value: str
    comparator: NamedNode
    notation: str
    unit: NamedNode
    as_of: str | None = None

    @property
    def iri(self) -> NamedNode:
        """``id:quantity-<subject>-<measure>-<comparator>-<value>-<unit>[-<as of>]``."""
        parts = [
            local_name(self.subject.value).removeprefix("quantity-"),
            local_name(self.measure.value),
            self.notation,
            self.value,
            local_name(self.unit.value),
        ]
        if self.as_of:
            parts.append(_in_a_name(self.as_of.replace("/", "_")))
        return entity("-".join(["quantity", *parts]))

    def triples(self) -> Iterator[Triple]:
        """Return the triples of the node: value, comparator, unit and date."""
        yield Triple(self.iri, A, QUANTITY)
        yield Triple(self.iri, NUMERIC_VALUE, Literal(self.value, datatype=_DECIMAL))
        yield Triple(self.iri, COMPARATOR, self.comparator)
        yield Triple(self.iri, UNIT, self.unit)
        if self.as_of:
            yield Triple(self.iri, AS_OF, Literal(self.as_of))


@dataclass(frozen=True, slots=True)
class Statement:
    """One source's statement of one triple, with all its evidence."""

    triple: Triple
    evidence: tuple[EvidenceNode, ...]
    modality: NamedNode
    time: str | None = None
    attributed_to: Term | None = None
    note: Literal | None = None
    verbatim: str | None = None


def fact_iri(source: str, triple: Triple) -> NamedNode:
    """``fact:<source>-<hash>``: the same source's statement of the same triple has one IRI.

    The hash is the start of the SHA-256 of the triple in N-Triples.
    """
    spelled = f"{triple.subject} {triple.predicate} {triple.object}"
    digest = hashlib.sha256(spelled.encode()).hexdigest()[:_HASH_DIGITS]
    return NamedNode(f"{PREFIXES['fact']}{source}-{digest}")


def statement_triples(statement: Statement) -> Iterator[Triple]:
    """Return the triples of the Fact and its evidence, without the direct triple."""
    triple = statement.triple
    fact = fact_iri(source_name(statement.evidence[0].source), triple)
    yield Triple(fact, A, FACT)
    yield Triple(fact, FACT_SUBJECT, triple.subject)
    yield Triple(fact, FACT_PREDICATE, triple.predicate)
    yield Triple(fact, FACT_OBJECT, triple.object)
    yield Triple(fact, MODALITY, statement.modality)
    for evidence in statement.evidence:
        yield Triple(fact, HAS_EVIDENCE, evidence.iri)
        yield from evidence.triples()
    if statement.time is not None:
        yield Triple(fact, TIME, Literal(statement.time))
        first, last = edtf_years(statement.time) or (None, None)
        if first is not None:
            yield Triple(fact, g60("startYear"), integer_literal(first))
        if last is not None:
            yield Triple(fact, g60("endYear"), integer_literal(last))
    if statement.attributed_to is not None:
        yield Triple(fact, ATTRIBUTED_TO, statement.attributed_to)
    if statement.note is not None:
        yield Triple(fact, COMMENT, statement.note)
    if statement.verbatim is not None:
        yield Triple(fact, VERBATIM, Literal(statement.verbatim))


def article_triples(source: str, header: Mapping[str, str]) -> Iterator[Triple]:
    """Return the triples of an Article from a sheet's header."""
    article = entity(f"article-{source}")
    language = header.get("language", "en")
    title = header.get("title") or f"Article {source}"
    yield Triple(article, A, g60("Article"))
    yield Triple(article, LABEL, Literal(title, language=language.lower()))
    yield Triple(article, g60("url"), Literal(header["url"], datatype=_ANY_URI))
    yield Triple(article, g60("language"), Literal(language.lower()))
    for key in ("date", "publisher", "text-sha256"):
        if header.get(key):
            yield Triple(article, ARTICLE_PROPERTIES[key], Literal(header[key]))
    if header.get("text-length", "").isdecimal():
        yield Triple(article, g60("textLength"), integer_literal(int(header["text-length"])))


def canonical(number: Decimal) -> str:
    """Return the canonical lexical form of a number (XML Schema Part 2): no exponent.

    >>> canonical(Decimal("57920000.0"))
    '57920000'
    """
    text = format(number.normalize(), "f")
    return "0" if text == "-0" else text


def _in_a_name(text: str) -> str:
    """Return a text as a part of an IRI's local name, percent-encoded where necessary.

    >>> _in_a_name("CN-31/7"), _in_a_name("2023-06"), _in_a_name("上海 7")
    ('CN-31%2F7', '2023-06', '上海%207')
    """
    return re.sub(r"[^\w.-]", lambda match: percent_encoded(match[0], safe=""), text)


def source_name(source: NamedNode) -> str:
    """Return the id in the IRIs of a source's facts and quotations."""
    return local_name(source.value).removeprefix("article-").removeprefix("dataset-")


def integer_literal(number: int) -> Literal:
    """Return an integer as an ``xsd:integer``."""
    return Literal(str(number), datatype=_INTEGER)
