"""What the first pages show: key numbers, companies, projects, sources, what happened when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import A, compact, entity, g60, local_name
from g60kg.web.views.open_graph import overview
from g60kg.web.views.pages.page_reader import Reading, by
from g60kg.web.views.pages.view_models import (
    QuoteShown,
    RowShown,
    Shown,
    SourceShown,
    TableShown,
)

#: Rows that one page lists; a query has them all.
MOST: Final = 200
#: The measures of the corridor, and of industries, that the first page tells.
_CORRIDOR_MEASURES: Final = ("memberCityCount", "population", "area")
_INDUSTRY_MEASURE: Final = "enterpriseCount"
_NUMBERS: Final = 3
#: Rows that are looked at for them: of a large graph there are thousands.
_FIRST: Final = 20


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A figure, the wording of its source, the quotations behind it.

    Attributes:
        subject: what it measures.
        measure: which of its measures.
        value: the figure.
        verbatim: the wording of the first source.
        quotes: of all sources that state it.
        against: what other sources state instead.
    """

    subject: Shown
    measure: Shown
    value: Shown
    verbatim: Shown | None
    quotes: tuple[QuoteShown, ...]
    against: tuple[Shown, ...] = ()

    @property
    def sources(self) -> int:
        """The number of sources that state it."""
        return len({quote.source.name.iri for quote in self.quotes})


@dataclass(frozen=True, slots=True)
class Counted:
    """Something, and how many there are of it."""

    name: Shown
    count: int


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the first page shows.

    Attributes:
        numbers: the corridor's figures.
        industries: with the companies that the sources name in each.
        places: with the projects that settled in each.
        sources: articles and data sets.
        facts: how many there are.
        quotations: how many there are.
    """

    numbers: tuple[KeyNumber, ...]
    industries: tuple[Counted, ...]
    places: tuple[Counted, ...]
    sources: tuple[SourceShown, ...]
    facts: int
    quotations: int


@dataclass(frozen=True, slots=True)
class Told:
    """A thing with what else its row tells, and the words behind it."""

    name: Shown
    others: tuple[Shown | None, ...]
    quotes: tuple[QuoteShown, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Things that share a value.

    Attributes:
        name: the value; None for things that have none.
        things: in the order of the query.
    """

    name: Shown | None
    things: tuple[Told, ...]

    @property
    def anchor(self) -> str:
        """The fragment of its place on the page."""
        return local_name(self.name.iri or "") if self.name is not None else "none"


@dataclass(frozen=True, slots=True)
class Sections:
    """A page of things in sections."""

    sections: tuple[Section, ...]
    count: int
    cut: bool


@overview
def home(language: str) -> HomeView:
    """What the first page shows."""
    reading = Reading(language)
    corridor = compact(entity("corridor").value)
    known = any(True for _ in reading.store.quads(entity("corridor"), A, None))
    numbers = [
        number
        for measure in _CORRIDOR_MEASURES
        for number in (
            _numbers(reading, {"subject": corridor, "measure": measure}) if known else ()
        )
    ]
    numbers += _numbers(reading, {"measure": _INDUSTRY_MEASURE})[:_NUMBERS]
    counts = {local_name(iri): n for iri, n in reading.store.counts().members.items()}
    return HomeView(
        numbers=tuple(numbers),
        industries=_counted(reading.answer("enterprises"), "enterprise", "industry"),
        places=_counted(reading.answer("projects"), "project", "place"),
        sources=sources(reading),
        facts=counts.get("Fact", 0),
        quotations=counts.get("Quotation", 0),
    )


def _numbers(reading: Reading, given: dict[str, str]) -> list[KeyNumber]:
    """The key numbers that a query gives: equal ones are one, different ones name each other."""
    table = reading.answer("quantities", given, evidence=True, limit=_FIRST)
    subject, measure, verbatim = map(table.column, ("subject", "measure", "verbatim"))
    found: dict[tuple[object, ...], KeyNumber] = {}
    for row in table.rows:
        about, what = row.cells[subject], row.cells[measure]
        if about is None or what is None or not (value := _figure(reading, table, row)):
            continue
        assert value.figure is not None
        # Two sources may have a node each for the same figure.
        same = (about.iri, what.iri, replace(value.figure, iri="", equivalents=()))
        number = found.setdefault(same, KeyNumber(about, what, value, row.cells[verbatim], ()))
        found[same] = replace(number, quotes=tuple(dict.fromkeys((*number.quotes, *row.quotes))))
    return [
        replace(number, against=_against(reading, number))
        if sum((about, what) == (one[0], one[1]) for one in found) > 1
        else number
        for (about, what, _), number in found.items()
    ]


def _against(reading: Reading, number: KeyNumber) -> tuple[Shown, ...]:
    rivals = reading.rivals(NamedNode(number.subject.iri or ""))
    return rivals.get((number.subject, number.measure, number.value), ())


def _figure(reading: Reading, table: TableShown, row: RowShown) -> Shown | None:
    """The figure of a row: the quantity that has its subject, measure, number and unit."""
    cells = {name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell}
    subject, measure = cells["subject"].iri, cells["measure"].iri
    if subject is None or measure is None:
        return None
    for node in reading.objects(NamedNode(subject), NamedNode(measure)):
        shown = reading.shown(node)
        if shown.figure and shown.figure.number == cells["value"].text.replace(",", ""):
            return shown
    return None


def _counted(table: TableShown, thing: str, group: str) -> tuple[Counted, ...]:
    column = table.column(thing)
    counted = [
        Counted(name, len({row.cells[column] for row in rows}))
        for name, rows in by(table.rows, table.column(group))
        if name is not None
    ]
    return tuple(sorted(counted, key=lambda one: (-one.count, one.name.text)))


def sources(reading: Reading) -> tuple[SourceShown, ...]:
    """The articles and data sets, articles first, the latest first."""
    found = [reading.source(node.value) for node in reading.members(g60("Source"))]
    found.sort(key=lambda source: source.date or "", reverse=True)
    return tuple(sorted(found, key=lambda source: not source.is_article))


@overview
def sources_shown(language: str) -> tuple[tuple[SourceShown, int], ...]:
    """The articles and data sets, each with how many pieces of evidence it gave."""
    reading = Reading(language)
    return tuple(
        (source, len(reading.evidence_of(NamedNode(source.name.iri or ""))))
        for source in sources(reading)
    )


@overview
def sections(query: str, thing: str, group: str, language: str) -> Sections:
    """The answer to a query of things, in sections by another column, with the words behind."""
    table = Reading(language).answer(query, evidence=True, limit=MOST)
    column = table.column(thing)
    others = [index for index, name in enumerate(table.columns) if name not in (thing, group)]
    found = [
        Section(
            name,
            tuple(
                Told(about, tuple(row.cells[index] for index in others), row.quotes)
                for row in rows
                if (about := row.cells[column]) is not None
            ),
        )
        for name, rows in by(table.rows, table.column(group))
    ]
    # What has no value for the other column comes last.
    found.sort(key=lambda section: section.name is None)
    things = {row.cells[column] for row in table.rows}
    return Sections(tuple(found), len(things), table.more)
