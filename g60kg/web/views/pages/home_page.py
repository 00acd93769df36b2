"""View models of the home page with its key numbers, and of the lists of entities and sources.

Key numbers are the latest figures of an entity, read by the indexes. The query ``quantities`` would
read all figures of a measure, and ``conflicts`` all statements of an entity: 3.5 s together at a
million triples (measured).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Final

from pyoxigraph import NamedNode

from g60kg import namespaces as ns
from g60kg.model.observations import Disagreement, disagreement
from g60kg.model.sources import PUBLICATION_DATE
from g60kg.namespaces import PREFIXES, A, entity, g60, local_name, term
from g60kg.stores.base import Term
from g60kg.web.views.open_graph import current
from g60kg.web.views.pages.conflicting_values import conflicting_values
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import (
    EvidenceModel,
    FactModel,
    SourceModel,
    TableModel,
    TermModel,
    first_date,
    of_each_number,
)

#: The rows of one page.
MOST: Final = 50
#: The measures of the corridor on the home page.
_CORRIDOR_MEASURES: Final = (
    "measure:member-city-count",
    "measure:population",
    "measure:territory-area",
)
#: The key numbers of industries, and the sources, on the home page.
_NUMBERS: Final = 3
_SOURCES: Final = 6
#: The kinds of evidence with the names of their texts.
_EVIDENCE: Final = {"Quotation": "quotations", "Passage": "passages", "DatasetRecord": "records"}
#: The name of a text for a kind of evidence, with a number of pieces.
EvidenceCounts = tuple[tuple[str, int], ...]
#: Groups with the number of their members.
Counts = tuple[tuple[TermModel, int], ...]


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """The latest figure of an entity for a measure.

    ``others`` counts the other numbers of the entity for the same measure, category, area and
    ranking.
    """

    subject: TermModel
    measure: TermModel
    value: TermModel
    verbatim: TermModel | None
    quotes: tuple[EvidenceModel, ...]
    conflicting: tuple[TermModel, ...] = ()
    others: int = 0

    @property
    def sources(self) -> int:
        """The number of sources that state the figure."""
        return len({quote.source.name.iri for quote in self.quotes})

    @property
    def published(self) -> str:
        """The last date of the figure's sources, in EDTF; empty without one."""
        return max((quote.source.date or "" for quote in self.quotes), default="")

    @property
    def last(self) -> str:
        """The end of its period (start if open) or its sources' last date, in EDTF; else empty."""
        assert self.value.figure is not None
        return (self.value.figure.period or self.published).removesuffix("/..").split("/")[-1]


def key_numbers(reader: PageReader, subject: NamedNode, measure: NamedNode) -> list[KeyNumber]:
    """Return the latest figure of an entity for a measure, one for each category, area and ranking.

    Of figures with the same date, it is the one that most sources state.
    """
    figures = list(_figures(reader, subject, measure))
    # Two sources may use different nodes for the same figure: one states its period.
    groups: dict[tuple[object, ...], list[TermModel]] = {}
    for value in figures:
        assert value.figure is not None
        groups.setdefault((value.figure.number, value.limits), []).append(value)
    latest: dict[tuple[TermModel, ...], KeyNumber] = {}
    numbers = _numbers(reader, subject, measure, groups.values())
    for number in numbers:
        best = latest.get(number.value.limits)
        others = 0 if best is None else best.others + 1
        # Of figures of one date, the one that most sources state.
        if best is None or (number.last, number.sources) > (best.last, best.sources):
            best = number
        latest[number.value.limits] = replace(best, others=others)
    return [
        _with_rivals(reader, one, figures, numbers) if one.others else one
        for one in latest.values()
    ]


def _figures(reader: PageReader, subject: NamedNode, measure: NamedNode) -> Iterator[TermModel]:
    for node in reader.objects(subject, ns.HAS_OBSERVATION):
        if isinstance(node, NamedNode) and measure in reader.objects(node, ns.OBSERVED_MEASURE):
            value = reader.term_model(node)
            if value.figure is not None and value.figure.number is not None:
                yield value


def _numbers(
    reader: PageReader,
    subject: NamedNode,
    measure: NamedNode,
    groups: Iterable[Sequence[TermModel]],
) -> list[KeyNumber]:
    """Return a KeyNumber for each group of equal figures that a Fact states."""
    about, what = reader.term_model(subject), reader.term_model(measure)
    found: list[tuple[tuple[object, ...], KeyNumber]] = []
    for values in groups:
        stated = sorted(
            (
                (_period(value, fact), fact.verbatim or "", fact.modality, fact)
                for value in values
                for fact in reader.facts(_facts(reader, subject, NamedNode(value.iri or "")))
            ),
            key=lambda one: one[:3],
        )
        if stated and (figure := values[0].figure):
            period, wording, _, _ = stated[0]
            quotes = dict.fromkeys(quote for *_, fact in stated for quote in fact.quotes)
            verbatim = TermModel(wording) if wording else None
            order = sorted(map(str, figure.categories)), period, figure.number
            found.append((order, KeyNumber(about, what, values[0], verbatim, tuple(quotes))))
    return [number for _, number in sorted(found, key=lambda one: one[0])]


def _period(value: TermModel, fact: FactModel) -> str:
    """Return a figure's period, else the first date of a Fact's sources; empty without both."""
    return (value.figure and value.figure.period) or first_date(fact.quotes)


def _facts(reader: PageReader, subject: NamedNode, value: Term) -> list[NamedNode]:
    return [
        fact
        for fact in reader.subjects(ns.FACT_OBJECT, value)
        if subject in reader.objects(fact, ns.FACT_SUBJECT)
        and ns.HAS_OBSERVATION in reader.objects(fact, ns.FACT_PREDICATE)
    ]


def _with_rivals(
    reader: PageReader,
    number: KeyNumber,
    figures: Iterable[TermModel],
    numbers: Iterable[KeyNumber],
) -> KeyNumber:
    """Return a key number with the figures of other sources that contradict it.

    A figure of the same date, of any source, is included if it may contradict.
    """
    subject, measure = NamedNode(number.subject.iri or ""), number.measure.iri or ""
    of = {NamedNode(one.iri or ""): one for one in figures}
    value, facts_of = number.value, partial(_facts, reader, subject)
    assert value.figure is not None
    found = [
        rival
        for node, one in of.items()
        if one.figure and (one.figure.number, one.limits) == (value.figure.number, value.limits)
        for rival in conflicting_values(reader, measure, node, of, facts_of)
    ]
    vocabulary, own = reader.context.vocabulary, NamedNode(value.iri or "")
    for one in numbers:
        other = NamedNode(one.value.iri or "")
        differ = disagreement(vocabulary, measure, own, other, reader.figure)
        if differ is Disagreement.MAY and one.last == number.last:
            found.append(one.value)
    return replace(number, conflicting=of_each_number(found))


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page."""

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
    measure = term("measure:enterprise-count")
    subjects = {
        about
        for figure in reader.subjects(ns.OBSERVED_MEASURE, measure)
        for about in reader.subjects(ns.HAS_OBSERVATION, figure)
    }
    ordered = sorted(subjects, key=lambda node: node.value)
    numbers = (key_numbers(reader, subject, measure) for subject in ordered)
    return list(islice(chain.from_iterable(numbers), _NUMBERS))


def _counted(reader: PageReader, kind: NamedNode, predicate: NamedNode) -> Counts:
    """Return the number of direct instances of a class by value of a property, largest first."""
    members = reader.typed([kind])
    found = Counter(value for one in members for value in reader.objects(one, predicate))
    counted = [(reader.term_model(value), count) for value, count in found.items()]
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0].text)))


def sources(reader: PageReader) -> list[NamedNode]:
    """Return the sources, the latest first: articles and other sources, then data sets."""
    dates = {
        node: reader.text(node, PUBLICATION_DATE) or "" for node in reader.members(g60("Source"))
    }
    datasets = set(reader.members(g60("Dataset")))
    found = sorted(dates, key=lambda node: dates[node], reverse=True)
    return sorted(found, key=lambda node: node in datasets)


@dataclass(frozen=True, slots=True)
class SourceList:
    """A page of the list of sources."""

    rows: tuple[tuple[SourceModel, EvidenceCounts], ...]
    offset: int
    more: bool


def source_list(language: str, offset: int = 0) -> SourceList:
    """Return a page of the list of sources, after the first ``offset`` ones."""
    reader = PageReader(language)
    nodes = sources(reader)
    listed: list[tuple[SourceModel, EvidenceCounts]] = []
    for node in nodes[offset : offset + MOST]:
        evidence = reader.subjects(ns.HAS_SOURCE, node)
        kinds = Counter(kind for one in evidence for kind in reader.objects(one, A))
        counts = tuple((name, kinds[g60(kind)]) for kind, name in _EVIDENCE.items())
        listed.append((reader.source(node.value), counts))
    return SourceList(tuple(listed), offset, len(nodes) > offset + MOST)


def listed(language: str, query: str, group: str, offset: int = 0) -> TableModel:
    """Return a page of a query's rows with evidence, sorted by the column ``group``.

    Rows without a value in that column are last.
    """
    reader = PageReader(language)
    # The query has rows without a group first, which would fill the first page.
    return reader.answer(query, evidence=True, limit=MOST, offset=offset, sort=group)


def paths_of_cities() -> tuple[str, ...]:
    """Return the paths of the pages of the corridor and its member cities."""
    corridor = entity("corridor")
    cities = current().store.objects(corridor, g60("hasMemberCity"))
    iris = [corridor.value, *sorted(city.value for city in cities if isinstance(city, NamedNode))]
    return tuple(f"/id/{iri.removeprefix(PREFIXES['id'])}.html" for iri in iris)
