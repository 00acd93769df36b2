"""View model of the timeline: the dated statements, by year, property and entity.

The rows are those of the query ``timeline``, read year by year by the index of years up to the end
of the page: the query reads all of them, 2.3 s at a million triples (measured).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions

from g60kg.model.facts import read_fact
from g60kg.namespaces import FACT_OBJECT, FACT_PREDICATE, FACT_SUBJECT, OBSERVED_MEASURE, g60
from g60kg.stores.base import Term
from g60kg.web.views.pages.map_and_matrix import chosen_place, city_of, iri_of_place
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import EvidenceModel, RowModel, TableModel, TermModel

#: The rows of one page.
MOST: Final = 50
_START: Final = g60("startYear")
_STAGE: Final = g60("stage")
_YEAR: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of the dated statements."""

    table: TableModel
    years: tuple[str, ...]
    cities: tuple[TermModel, ...] = ()
    city: TermModel | None = None


@dataclass(frozen=True, slots=True)
class _Dating:
    """A row of ``timeline.rq``: a property, measure or realization stage of a subject in a year."""

    year: Literal
    what: NamedNode
    subject: NamedNode
    modality: str
    facts: tuple[NamedNode, ...]


def timeline(language: str, since: str, until: str, city: str = "", offset: int = 0) -> Timeline:
    """Return a page of the timeline from ``since`` to ``until``, inclusive; empty for no limit.

    With ``city``, return the statements about the city and entities in it. Raise UnknownName for
    an unknown city.
    """
    reader = PageReader(language)
    cities = tuple(one for row in reader.answer("member-cities").rows if (one := row["city"]))
    chosen = chosen_place(city, iri_of_place(language, city), cities)
    years = _years(reader, since, until)
    dated = (row for year in years for row in _of_year(reader, year))
    if chosen is not None:
        iris = frozenset(one.iri or "" for one in cities)
        nearest = cache(lambda subject: city_of(reader, subject.value, iris))
        dated = (row for row in dated if nearest(row.subject) == chosen.iri)
    # One row beyond the page shows whether there are more.
    found = list(islice(dated, offset, offset + MOST + 1))
    rows = [shown for row in found[:MOST] for shown in _by_evidence(reader, row)]
    columns = ("year", "what", "subject", "modality", "value")
    table = TableModel(columns, tuple(rows), offset, len(found) > MOST)
    return Timeline(table, tuple(year.value for year in years), cities, chosen)


def _by_evidence(reader: PageReader, row: _Dating) -> list[RowModel]:
    """Return the rows to show for a row of the query: one for the values with the same evidence."""
    # A row of the query joins the facts of all sources: each value keeps its own evidence.
    stated: dict[Term, list[NamedNode]] = {}
    for fact in row.facts:
        for value in reader.objects(fact, FACT_OBJECT):
            stated.setdefault(value, []).append(fact)
    groups: dict[tuple[EvidenceModel, ...], list[TermModel]] = {}
    for value, facts in stated.items():
        group = groups.setdefault(reader.quotes_of(facts), [])
        if value != row.what:  # a stage is named by itself
            group.append(reader.term_model(value))
    named: dict[str, Term | None] = {
        "year": row.year,
        "what": row.what,
        "subject": row.subject,
        "modality": Literal(row.modality),
    }
    cells = reader.cells(named)
    shown = []
    for quotes, values in groups.items():
        parts = tuple(sorted(values, key=lambda value: value.text))
        shown.append(RowModel({**cells, "value": TermModel("", parts=parts)}, quotes, named))
    return shown


def _years(reader: PageReader, since: str, until: str) -> list[Literal]:
    """Return the years that have rows from ``since`` to ``until`` (inclusive), sorted.

    An empty limit means no limit.
    """
    found = reader.store.query_canned(f"SELECT DISTINCT ?year WHERE {{ ?dated {_START} ?year . }}")
    assert isinstance(found, QuerySolutions)
    years = (year for (year,) in found if isinstance(year, Literal) and _YEAR.fullmatch(year.value))
    within = (
        year
        for year in years
        if int(since or 0) <= int(year.value) and (not until or int(year.value) <= int(until))
    )
    return sorted(within, key=lambda year: int(year.value))


def _of_year(reader: PageReader, year: Literal) -> Iterator[_Dating]:
    """Yield the rows of a year in the order of the query: by property, entity and modality."""
    found: dict[tuple[str, str, str], list[NamedNode]] = {}
    for node in reader.subjects(_START, year):
        # A year is a fact's own, or that of the figure that facts state.
        measures = reader.objects(node, OBSERVED_MEASURE)
        for fact in (node, *(reader.subjects(FACT_OBJECT, node) if measures else ())):
            names = measures if fact != node else reader.objects(node, FACT_PREDICATE)
            if names == [_STAGE]:
                names = reader.objects(node, FACT_OBJECT)
            subjects = reader.objects(fact, FACT_SUBJECT)
            for what, subject in product(names, subjects):
                if isinstance(what, NamedNode) and isinstance(subject, NamedNode):
                    key = what.value, subject.value, read_fact(reader.store, fact).modality
                    found.setdefault(key, []).append(fact)
    for (iri, about, modality), facts in sorted(found.items()):
        yield _Dating(year, NamedNode(iri), NamedNode(about), modality, tuple(facts))
