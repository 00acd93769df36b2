"""IRI minting: the triples of Facts, evidence and observations with their deterministic IRIs."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import quote as percent_encoded

from pyoxigraph import Literal, NamedNode, Triple

from g60kg import namespaces as ns
from g60kg.model.dates import edtf_years
from g60kg.model.passage_evidence import Passage
from g60kg.model.sources import source_name
from g60kg.namespaces import LABEL, A, entity, g60, local_name, term
from g60kg.stores.base import Term

_DECIMAL: Final = term("xsd:decimal")
#: The properties of an Article, by the key of a sheet's header.
ARTICLE_PROPERTIES: Final = {
    "url": g60("url"),
    "archive": g60("archivedAt"),
    "date": g60("publicationDate"),
    "publisher": g60("publisher"),
    "author": g60("author"),
    "language": g60("language"),
    "text-sha256": g60("textDigest"),
    "text-length": g60("textLength"),
}


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """Evidence of a statement: a quotation of an article, or a record of a dataset.

    Attributes:
        source: the IRI of the article or dataset.
        quote: the quoted text; for a record its own words, empty without any.
        start: the offset of a quotation in the article's text, in code points.
        record: the key of the record; None for a quotation.
        retrieved: the date on which the record was read, in EDTF; None if it is unknown.
    """

    source: NamedNode
    quote: str = ""
    start: int = 0
    record: str | None = None
    retrieved: str | None = None

    @property
    def iri(self) -> NamedNode:
        """The IRI of the Quotation or DatasetRecord."""
        name = source_name(self.source.value)
        if self.record is not None:
            return entity(f"record-{name}-{_in_a_name(self.record)}")
        end = self.start + len(self.quote)
        return NamedNode(f"{ns.PREFIXES['quote']}{name}-{self.start}-{end}")

    @property
    def selectors(self) -> tuple[NamedNode, NamedNode]:
        """The IRIs of a quotation's two selectors: of its text, and of its position."""
        return NamedNode(f"{self.iri.value}-text"), NamedNode(f"{self.iri.value}-position")

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of the evidence, with the selectors of a quotation."""
        iri = self.iri
        yield Triple(iri, ns.HAS_SOURCE, self.source)
        if self.record is not None:
            yield Triple(iri, A, ns.DATASET_RECORD)
            yield Triple(iri, ns.RECORD_KEY, Literal(self.record))
            if self.quote:
                yield Triple(iri, ns.RECORD_TEXT, Literal(self.quote))
            if self.retrieved is not None:
                yield Triple(iri, ns.RETRIEVED_ON, Literal(self.retrieved))
            return
        words, place = self.selectors
        yield Triple(iri, A, ns.QUOTATION)
        yield Triple(iri, ns.HAS_SELECTOR, words)
        yield Triple(iri, ns.HAS_SELECTOR, place)
        yield Triple(words, A, ns.TEXT_QUOTE_SELECTOR)
        yield Triple(words, ns.EXACT, Literal(self.quote))
        yield Triple(place, A, ns.TEXT_POSITION_SELECTOR)
        yield Triple(place, ns.START, Literal(self.start))
        yield Triple(place, ns.END, Literal(self.start + len(self.quote)))


@dataclass(frozen=True, slots=True)
class NewObservation:
    """A figure to be minted; its attributes, except ``equivalent_of``, identify it.

    The attributes that are not listed are as in :class:`g60kg.model.observations.Observation`.

    Attributes:
        value: the number, in canonical form; of a range, the lower one.
        compared_with: the period of comparison of a growth, in EDTF, or ``year-on-year``.
        equivalent_of: the figure in another currency that this one is the equivalent of.
        source: the source's id for a figure without a period whose measure changes with time; None
            for other figures.
    """

    subject: NamedNode
    measure: NamedNode
    value: str
    comparator: NamedNode
    unit: NamedNode
    categories: tuple[NamedNode, ...] = ()
    upper: str | None = None
    fraction: str | None = None
    period: str | None = None
    area: NamedNode | None = None
    ranking: NamedNode | None = None
    compared_with: str | None = None
    basis: str | None = None
    equivalent_of: NamedNode | None = None
    status: NamedNode | None = None
    source: str | None = None

    @property
    def iri(self) -> NamedNode:
        """The IRI ``id:observation-<subject>-<measure>-<hash>``, the same for equal figures."""
        categories = sorted(category.value for category in self.categories)
        number = (self.value, self.upper, self.fraction, self.comparator, self.unit)
        limits = (self.period, self.area, self.ranking, self.compared_with, self.basis, self.status)
        parts = (self.subject, self.measure, *categories, *number, *limits, self.source)
        texts = (one.value if isinstance(one, NamedNode) else one or "" for one in parts)
        name = f"observation-{local_name(self.subject.value)}-{local_name(self.measure.value)}"
        return entity(f"{name}-{_digest(chr(10).join(texts))}")

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of the observation."""
        iri = self.iri
        yield Triple(iri, A, ns.OBSERVATION)
        yield Triple(iri, ns.NUMERIC_VALUE, Literal(self.value, datatype=_DECIMAL))
        if self.upper is not None:
            yield Triple(iri, ns.UPPER_VALUE, Literal(self.upper, datatype=_DECIMAL))
        for category in self.categories:
            yield Triple(iri, ns.CATEGORY, category)
        parts: dict[NamedNode, NamedNode | str | None] = {
            ns.OBSERVED_MEASURE: self.measure,
            ns.COMPARATOR: self.comparator,
            ns.UNIT: self.unit,
            ns.REFERENCE_AREA: self.area,
            ns.IN_RANKING: self.ranking,
            ns.EQUIVALENT_OF: self.equivalent_of,
            ns.FACT_STATUS: self.status,
            ns.FRACTION: self.fraction,
            ns.REFERENCE_PERIOD: self.period,
            ns.COMPARED_WITH: self.compared_with,
            ns.BASIS: self.basis,
        }
        for predicate, part in parts.items():
            if part is not None:
                yield Triple(iri, predicate, Literal(part) if isinstance(part, str) else part)
        yield from _years(iri, self.period)


@dataclass(frozen=True, slots=True)
class Statement:
    """One source's statement of one triple, with all its evidence.

    Attributes:
        evidence: at least one piece of evidence, all of one source.
        modality: pairs of a property of modality and its value; empty for a plain statement.
        time: when a relation holds, in EDTF; None if no time is stated.
        attributed_to: the speaker whom the source names; None without one.
        note: a note of the curator; None without one.
        verbatim: the words of a figure; None without them.
        dated: whether the object is a date in EDTF.
        complete_list: whether it belongs to a list that its source says is complete.
        further_time: the time of a further term, if the same source has the triple at another time;
            else None.
    """

    triple: Triple
    evidence: tuple[NewEvidence | Passage, ...]
    modality: tuple[tuple[NamedNode, NamedNode], ...] = ()
    time: str | None = None
    attributed_to: Term | None = None
    note: Literal | None = None
    verbatim: str | None = None
    dated: bool = False
    complete_list: bool = False
    further_time: str | None = None

    @property
    def status(self) -> NamedNode | None:
        """The status of a goal, a plan, an expectation or what is past; None if actual."""
        return dict(self.modality).get(ns.FACT_STATUS)

    @property
    def fact(self) -> NamedNode:
        """The IRI of its Fact."""
        source = source_name(self.evidence[0].source.value)
        return fact_iri(source, self.triple, self.status, self.further_time)

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of the Fact and its evidence, without the direct triple."""
        fact = self.fact
        yield Triple(fact, A, ns.FACT)
        yield Triple(fact, ns.FACT_SUBJECT, self.triple.subject)
        yield Triple(fact, ns.FACT_PREDICATE, self.triple.predicate)
        yield Triple(fact, ns.FACT_OBJECT, self.triple.object)
        for predicate, value in self.modality:
            yield Triple(fact, predicate, value)
        for evidence in self.evidence:
            yield Triple(fact, ns.HAS_EVIDENCE, evidence.iri)
            yield from evidence.triples()
        if self.time is not None:
            yield Triple(fact, ns.TIME, Literal(self.time))
        date = self.time
        if self.dated and isinstance(self.triple.object, Literal):
            date = self.triple.object.value
        yield from _years(fact, date)
        if self.attributed_to is not None:
            yield Triple(fact, ns.ATTRIBUTED_TO, self.attributed_to)
        if self.note is not None:
            yield Triple(fact, ns.COMMENT, self.note)
        if self.verbatim is not None:
            yield Triple(fact, ns.VERBATIM, Literal(self.verbatim))
        if self.complete_list:
            yield Triple(fact, ns.COMPLETE_LIST, Literal(True))


def fact_iri(
    source: str, triple: Triple, status: NamedNode | None = None, further_time: str | None = None
) -> NamedNode:
    """Return ``fact:<source>-<hash>``, the IRI of the Fact of a source's statement.

    The hash is the start of the SHA-256 of the triple in N-Triples, of the statement's status if it
    is not actual, and of the time of a further term.
    """
    spelled = f"{triple.subject} {triple.predicate} {triple.object}"
    spelled += "".join(f" {one}" for one in (status, further_time) if one is not None)
    return NamedNode(f"{ns.PREFIXES['fact']}{source}-{_digest(spelled)}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _years(node: NamedNode, date: str | None) -> Iterator[Triple]:
    first, last = (date and edtf_years(date)) or (None, None)
    if first is not None:
        yield Triple(node, ns.START_YEAR, Literal(first))
    if last is not None:
        yield Triple(node, ns.END_YEAR, Literal(last))


def article_triples(source: str, header: Mapping[str, str]) -> Iterator[Triple]:
    """Yield the triples of a text source from its source id and a sheet's header.

    By default, the class is Article, the language English and the title "Article" with the id.
    """
    article = entity(f"article-{source}")
    language = header.get("language", "en")
    title = header.get("title") or f"Article {source}"
    yield Triple(article, A, g60(header.get("type") or "Article"))
    yield Triple(article, LABEL, Literal(title, language=language.lower()))
    for key in ("url", "archive"):
        if header.get(key):
            yield Triple(
                article, ARTICLE_PROPERTIES[key], Literal(header[key], datatype=term("xsd:anyURI"))
            )
    yield Triple(article, g60("language"), Literal(language.lower()))
    for key in ("date", "publisher", "author", "text-sha256"):
        if header.get(key):
            yield Triple(article, ARTICLE_PROPERTIES[key], Literal(header[key]))
    # A store can have a length of any digits, which `validate` reports.
    if re.fullmatch("[0-9]{1,9}", header.get("text-length", "")):
        yield Triple(article, g60("textLength"), Literal(int(header["text-length"])))


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
