"""View models of the home page and of the lists of enterprises, projects and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UnknownName
from g60kg.namespaces import HAS_OBSERVATION, HAS_SOURCE, A, compact, entity, g60, local_name
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import rows_of
from g60kg.stores.base import Term
from g60kg.web.views.pages.page_reader import PageReader, TripleModel
from g60kg.web.views.pages.view_models import (
    QuoteModel,
    RowModel,
    SourceModel,
    TableModel,
    TermModel,
)

#: The rows of one page.
MOST: Final = 50
#: The measures of the corridor, and of industries, on the home page.
_CORRIDOR_MEASURES: Final = (
    "measure:member-city-count",
    "measure:population",
    "measure:territory-area",
)
_INDUSTRY_MEASURE: Final = "measure:enterprise-count"
_NUMBERS: Final = 3
#: The rows read for them: a large graph has thousands.
_FIRST: Final = 20
#: The sources on the home page.
_SOURCES: Final = 8
_DATE: Final = g60("publicationDate")


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A figure: the wording of its first source, all quotations, values of other sources.

    ``others`` is the number of other figures of the same measure, such as earlier ones.
    """

    subject: TermModel
    measure: TermModel
    value: TermModel
    verbatim: TermModel | None
    quotes: tuple[QuoteModel, ...]
    conflicting: tuple[TermModel, ...] = ()
    others: int = 0

    @property
    def sources(self) -> int:
        """The number of sources that state it."""
        return len({quote.source.name.iri for quote in self.quotes})

    @property
    def published(self) -> str:
        """The last date of its sources, in EDTF; empty without one."""
        return max((quote.source.date or "" for quote in self.quotes), default="")

    @property
    def last(self) -> str:
        """The end of its period, or the date of its sources, to compare with others."""
        assert self.value.figure is not None
        return (self.value.figure.period or self.published).removesuffix("/..").split("/")[-1]


#: The kinds of evidence with the names of their texts.
_EVIDENCE: Final = {"Quotation": "quotations", "Passage": "passages", "DatasetRecord": "records"}
#: The name of a text for a kind of evidence, with a number of pieces.
EvidenceCounts = tuple[tuple[str, int], ...]
#: Groups with the number of their members.
Counts = tuple[tuple[TermModel, int], ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page: the corridor's figures, industries and places with counts, and sources."""

    numbers: tuple[KeyNumber, ...]
    industries: Counts
    places: Counts
    sources: tuple[SourceModel, ...]
    facts: int
    evidence: EvidenceCounts


def home(language: str) -> HomeView:
    """Return the view model of the home page."""
    reader = PageReader(language)
    corridor = compact(entity("corridor").value)
    known = any(True for _ in reader.store.quads(entity("corridor"), A, None))
    numbers = [
        number
        for measure in _CORRIDOR_MEASURES
        for number in (_numbers(reader, {"subject": corridor, "measure": measure}) if known else ())
    ]
    numbers += _numbers(reader, {"measure": _INDUSTRY_MEASURE})[:_NUMBERS]
    conflicts = cache(reader.conflicting_values)
    counts = {local_name(iri): n for iri, n in reader.store.counts().members.items()}
    return HomeView(
        numbers=tuple(
            replace(number, conflicting=_conflicting(conflicts, number))
            if number.others
            else number
            for number in numbers
        ),
        industries=_counted(reader, "enterprises", "enterprise", "industry"),
        places=_counted(reader, "projects", "project", "place"),
        sources=_latest_sources(reader),
        facts=counts.get("Fact", 0),
        evidence=tuple((name, counts.get(kind, 0)) for kind, name in _EVIDENCE.items()),
    )


def _numbers(reader: PageReader, given: dict[str, str]) -> list[KeyNumber]:
    """Return the key numbers of a query: of each measure of an entity, the latest figure."""
    try:
        table = reader.answer("quantities", given, evidence=True, limit=_FIRST)
    except UnknownName:
        # A store without the ontology has no measures.
        return []
    found: dict[tuple[object, ...], KeyNumber] = {}
    for row in table.rows:
        about, what = row["subject"], row["measure"]
        if about is None or what is None or not (value := _figure(reader, row)):
            continue
        assert value.figure is not None
        # Two sources may use different nodes for the same figure.
        same = (about.iri, what.iri, value.figure)
        number = found.setdefault(same, KeyNumber(about, what, value, row["verbatim"], ()))
        found[same] = replace(number, quotes=tuple(dict.fromkeys((*number.quotes, *row.quotes))))
    latest: dict[tuple[object, ...], KeyNumber] = {}
    for number in found.values():
        kind = (number.subject.iri, number.measure.iri, number.value.limits)
        known = latest.get(kind)
        best = number if known is None or number.last > known.last else known
        latest[kind] = replace(best, others=known.others + 1 if known else 0)
    return list(latest.values())


def _conflicting(
    conflicts: Callable[[NamedNode], dict[TripleModel, tuple[TermModel, ...]]], number: KeyNumber
) -> tuple[TermModel, ...]:
    values = conflicts(NamedNode(number.subject.iri or ""))
    return values.get((number.subject, number.measure, number.value), ())


def _figure(reader: PageReader, row: RowModel) -> TermModel | None:
    """Return the figure of a row: the observation with its subject, measure and number."""
    subject, measure, value = row["subject"], row["measure"], row["value"]
    if not (subject and subject.iri and measure and measure.iri and value):
        return None
    for node in reader.objects(NamedNode(subject.iri), HAS_OBSERVATION):
        shown = reader.term_model(node)
        figure = shown.figure
        if figure is None or figure.number is None or shown.measure != measure:
            continue
        if f"{figure.number:f}" == value.text.replace(",", ""):
            return shown
    return None


def _counted(reader: PageReader, query: str, member: str, group: str) -> Counts:
    """Return the number of members of each group in the rows of a query, largest first."""
    named = named_query(query)
    members: dict[Term, set[Term | None]] = {}
    for row in rows_of(reader.store, named, {}):
        if (of_group := row[named.columns.index(group)]) is not None:
            members.setdefault(of_group, set()).add(row[named.columns.index(member)])
    counted = [(reader.term_model(of_group), len(found)) for of_group, found in members.items()]
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0].text)))


def _latest_sources(reader: PageReader) -> tuple[SourceModel, ...]:
    """Return the first of the sources as :func:`sources` sorts them."""
    dates = {node: reader.text(node, _DATE) or "" for node in reader.members(g60("Source"))}
    articles: list[SourceModel] = []
    others: list[SourceModel] = []
    for node in sorted(dates, key=lambda one: dates[one], reverse=True):
        source = reader.source(node.value)
        (articles if source.is_article else others).append(source)
        if len(articles) == _SOURCES:
            break
    return (*articles, *others)[:_SOURCES]


def sources(reader: PageReader) -> tuple[SourceModel, ...]:
    """Return the articles and then the data sets, the latest first."""
    found = [reader.source(node.value) for node in reader.members(g60("Source"))]
    found.sort(key=lambda source: source.date or "", reverse=True)
    return tuple(sorted(found, key=lambda source: not source.is_article))


def sources_with_counts(language: str) -> tuple[tuple[SourceModel, EvidenceCounts], ...]:
    """Return the articles and data sets, each with the numbers of its evidence by kind."""
    reader = PageReader(language)
    return tuple((source, _evidence_of(reader, source)) for source in sources(reader))


def _evidence_of(reader: PageReader, source: SourceModel) -> EvidenceCounts:
    evidence = reader.subjects(HAS_SOURCE, NamedNode(source.name.iri or ""))
    kinds = Counter(kind for node in evidence for kind in reader.objects(node, A))
    return tuple((name, kinds[g60(kind)]) for kind, name in _EVIDENCE.items())


def listed(language: str, query: str, offset: int = 0) -> TableModel:
    """Return a page of the rows of a query, with quotations."""
    return PageReader(language).answer(query, evidence=True, limit=MOST, offset=offset)
