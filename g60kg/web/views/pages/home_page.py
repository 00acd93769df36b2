"""View models of the home page and of the lists of enterprises, projects and sources."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import HAS_SOURCE, A, entity, g60, local_name, term
from g60kg.web.views.pages.key_numbers import KeyNumber, key_numbers, subjects_with
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import SourceModel, TableModel, TermModel

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
#: The sources on the home page.
_SOURCES: Final = 8
_DATE: Final = g60("publicationDate")


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
    numbers = [
        number
        for measure in _CORRIDOR_MEASURES
        for number in key_numbers(reader, entity("corridor"), term(measure))
    ]
    counts = {local_name(iri): n for iri, n in reader.store.counts().members.items()}
    return HomeView(
        numbers=(*numbers, *_of_industries(reader)),
        industries=_counted(reader, g60("Enterprise"), g60("inIndustry")),
        places=_counted(reader, g60("Project"), g60("locatedIn")),
        sources=tuple(reader.source(node.value) for node in sources(reader)[:_SOURCES]),
        facts=counts.get("Fact", 0),
        evidence=tuple((name, counts.get(kind, 0)) for kind, name in _EVIDENCE.items()),
    )


def _of_industries(reader: PageReader) -> list[KeyNumber]:
    """Return the key numbers of the first industries."""
    measure = term(_INDUSTRY_MEASURE)
    found: list[KeyNumber] = []
    for subject in subjects_with(reader, measure):
        found += key_numbers(reader, subject, measure)
        if len(found) >= _NUMBERS:
            break
    return found[:_NUMBERS]


def _counted(reader: PageReader, kind: NamedNode, predicate: NamedNode) -> Counts:
    """Return the number of members of a class for each value of a property, largest first."""
    members = reader.typed([kind])
    found = Counter(value for one in members for value in reader.objects(one, predicate))
    counted = [(reader.term_model(value), count) for value, count in found.items()]
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0].text)))


def sources(reader: PageReader) -> list[NamedNode]:
    """Return the articles and other sources and then the data sets, each the latest first."""
    dates = {node: reader.text(node, _DATE) or "" for node in reader.members(g60("Source"))}
    datasets = set(reader.members(g60("Dataset")))
    found = sorted(dates, key=lambda node: dates[node], reverse=True)
    return sorted(found, key=lambda node: node in datasets)


@dataclass(frozen=True, slots=True)
class SourceList:
    """A page of the sources, each with the numbers of its evidence by kind."""

    sources: tuple[tuple[SourceModel, EvidenceCounts], ...]
    offset: int
    more: bool


def source_list(language: str, offset: int = 0) -> SourceList:
    """Return a page of the list of sources."""
    reader = PageReader(language)
    nodes = sources(reader)
    shown = (reader.source(node.value) for node in nodes[offset : offset + MOST])
    listed = tuple((source, _evidence_of(reader, source)) for source in shown)
    return SourceList(listed, offset, len(nodes) > offset + MOST)


def _evidence_of(reader: PageReader, source: SourceModel) -> EvidenceCounts:
    evidence = reader.subjects(HAS_SOURCE, NamedNode(source.name.iri or ""))
    kinds = Counter(kind for node in evidence for kind in reader.objects(node, A))
    return tuple((name, kinds[g60(kind)]) for kind, name in _EVIDENCE.items())


def listed(language: str, query: str, group: str, offset: int = 0) -> TableModel:
    """Return a page of the rows of a query, with quotations, by group; rows without one last."""
    reader = PageReader(language)
    # The query has rows without a group first, which would fill the first page.
    return reader.answer(query, evidence=True, limit=MOST, offset=offset, sort=group)
