"""View models: terms, figures, sources, facts and tables on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from g60kg.model.evidence import EvidenceKind
from g60kg.model.observations import Observation
from g60kg.namespaces import POSSIBLY_SAME, g60
from g60kg.queries.row_counts import RowCounts
from g60kg.row_formats.citations import Citation
from g60kg.stores.base import Term

#: The fewest rows whose common values are given once.
FEWEST_IN_COMMON: Final = 3
#: How a figure can have a number that is no bound.
_AT: Final = tuple(map(g60, ("Exactly", "Approximately", "Nearly")))


@dataclass(frozen=True, slots=True)
class TermModel:
    """An RDF term on a page.

    Attributes:
        iri: None for a literal, a blank node, a text, and an IRI that is not an HTTP URL.
        language: the language of the text; None if it has none.
        url: the URL, if a literal is one; None otherwise.
        figure: the observation, if the IRI is one; None otherwise.
        measure: the measure of the observation.
        limits: the categories, the area and the ranking that limit the observation.
        equivalents: the same sum in other currencies, as the source gives it.
        parts: the terms of a cell that has several.
    """

    text: str
    iri: str | None = None
    language: str | None = None
    url: str | None = None
    figure: Observation | None = None
    measure: TermModel | None = None
    limits: tuple[TermModel, ...] = ()
    equivalents: tuple[TermModel, ...] = ()
    is_number: bool = False
    parts: tuple[TermModel, ...] = ()


def of_each_number(values: Iterable[TermModel]) -> tuple[TermModel, ...]:
    """Return distinct values, sorted by text and IRI; of figures with the same number, one.

    Figures have the same number if also their upper bounds, units and comparators are equal.
    “Exactly”, “about” and “nearly” count as equal: of “76,200” and “about 76,200”,
    the first by IRI is returned, since figures usually have no text.
    """
    found: dict[object, TermModel] = {}
    for value in sorted(values, key=lambda one: (one.text, one.iri or "")):
        one = value.figure
        same = one and (one.number, one.upper, one.unit, one.comparator in _AT or one.comparator)
        found.setdefault(same or value, value)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class SourceModel:
    """An article, a data set or another source."""

    name: TermModel
    is_article: bool
    date: str | None
    publisher: str | None
    url: str | None
    language: str | None
    archive: str | None = None
    schema_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceModel:
    """A piece of evidence that supports a Fact: a quotation or passage of an article, or a record.

    Attributes:
        text: the verbatim quotation; a record's words, else its key; a passage's locator.
        start: offset in the text in code points; None without a position.
        end: the offset after it.
        modality: that of the Fact, such as ``Attributed;Expected``; empty without a Fact.
        speaker: to whom the source attributes the Fact; None without an attribution.
        note: the curator's note on the Fact; None without one.
        grade: A, B, C or X.
        checked_on: when it was last compared with its source, in EDTF; None if never.
        link: the address of the source; for a quotation, with its words as a text fragment.
    """

    text: str
    source: SourceModel
    start: int | None
    end: int | None
    modality: str = ""
    speaker: TermModel | None = None
    note: TermModel | None = None
    kind: EvidenceKind = EvidenceKind.QUOTATION
    grade: str = "C"
    checked_on: str | None = None
    link: str = ""

    @property
    def anchor(self) -> str:
        """The URL fragment of the evidence on the page of its source.

        All passages with one locator have the same fragment.
        """
        if self.start is not None and self.kind is not EvidenceKind.PASSAGE:
            return f"at-{self.start}-{self.end}"
        return f"{self.kind}-{'-'.join(self.text.split())}"


def first_date(quotes: Iterable[EvidenceModel]) -> str:
    """Return the earliest known date of the sources of evidence; empty without one."""
    return min((quote.source.date for quote in quotes if quote.source.date), default="")


@dataclass(frozen=True, slots=True)
class FactModel:
    """A Fact: one source's statement of one triple.

    Attributes:
        predicate: the property; for a figure, its measure.
        modality: ``Asserted``, or the local names of its modality, joined by ``;``.
        time: when it was true, in EDTF; None if it is unknown.
        speaker: to whom the source attributes it; None without an attribution.
        note: the curator's note; None without one.
        verbatim: the source's wording of a figure; None without one.
        quotes: its evidence; empty if it was not read.
    """

    iri: str
    subject: TermModel
    predicate: TermModel
    value: TermModel
    modality: str
    time: str | None
    speaker: TermModel | None
    note: TermModel | None
    verbatim: str | None
    quotes: tuple[EvidenceModel, ...]

    @property
    def grade(self) -> str:
        """The best grade of its evidence; C without evidence."""
        return min((quote.grade for quote in self.quotes), default="C")


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple, the Facts that state it, and the values that contradict it."""

    subject: TermModel
    predicate: TermModel
    value: TermModel
    facts: tuple[FactModel, ...]
    conflicting: tuple[TermModel, ...] = ()
    possibly: tuple[tuple[TermModel, TermModel], ...] = ()
    further_sources: int = 0

    @property
    def sources(self) -> int:
        """The number of sources that state the triple; 0 for "possibly the same"."""
        if self.predicate.iri == POSSIBLY_SAME.value:
            return 0
        shown = {quote.source.name.iri for fact in self.facts for quote in fact.quotes}
        return len(shown) + self.further_sources


@dataclass(frozen=True, slots=True)
class Group:
    """The statements with the same property; of figures, with the same measure."""

    predicate: TermModel
    statements: tuple[Statement, ...]
    inverse: TermModel | None = None
    count: int | None = None

    @property
    def size(self) -> int:
        """The number of Facts on the page."""
        return sum(len(one.facts) for one in self.statements)

    @property
    def cut(self) -> bool:
        """Whether Facts are left out on the page."""
        return self.count is not None and self.count > self.size


@dataclass(frozen=True, slots=True)
class RowModel:
    """A row of a result."""

    cells: dict[str, TermModel | None]
    quotes: tuple[EvidenceModel, ...] = ()
    terms: Mapping[str, Term | None] = field(default_factory=dict)

    def __getitem__(self, column: str) -> TermModel | None:
        return self.cells[column]

    def text(self, column: str) -> str:
        """Return the text of a cell; empty if the cell is empty or the column is missing."""
        cell = self.cells.get(column)
        return "" if cell is None else cell.text


@dataclass(frozen=True, slots=True)
class TableModel:
    """A page of rows.

    Attributes:
        offset: the number of rows of the query before the page.
        more: whether rows follow the page.
        citations: the sources of the rows, if they were read with their evidence.
        address: the permanent address of the answer; empty without one.
        counts: the number of all rows and the facets, if they were counted; None otherwise.
    """

    columns: tuple[str, ...]
    rows: tuple[RowModel, ...]
    offset: int = 0
    more: bool = False
    citations: tuple[Citation, ...] = ()
    address: str = ""
    counts: RowCounts | None = None

    @property
    def is_part(self) -> bool:
        """Whether there are rows before or after the page."""
        return self.more or self.offset > 0

    @property
    def empty_columns(self) -> tuple[str, ...]:
        """The columns that are empty in all rows of the page; all of them if it has no rows."""
        return tuple(name for name in self.columns if all(row[name] is None for row in self.rows))

    @property
    def common(self) -> dict[str, TermModel]:
        """The values that all rows share, by column; empty for fewer than FEWEST_IN_COMMON rows."""
        if len(self.rows) < FEWEST_IN_COMMON:
            return {}
        first, *others = self.rows
        return {
            name: cell
            for name in self.columns
            if (cell := first[name]) is not None and all(row[name] == cell for row in others)
        }

    @property
    def varying_columns(self) -> tuple[str, ...]:
        """The columns of the table on the page: those that are neither empty nor common.

        The column ``fact`` is last.
        """
        left_out = {*self.empty_columns, *self.common}
        shown = [name for name in self.columns if name not in left_out]
        return tuple(sorted(shown, key=lambda name: name == "fact"))


def grouped(rows: Iterable[RowModel], column: str) -> list[tuple[TermModel | None, list[RowModel]]]:
    """Return each value of a column with its rows, in the order of first occurrence.

    Rows without a value are the last group, with the value None.
    """
    groups: dict[str | None, tuple[TermModel | None, list[RowModel]]] = {}
    for row in rows:
        cell = row[column]
        key = None if cell is None else cell.iri or cell.text
        groups.setdefault(key, (cell, []))[1].append(row)
    return sorted(groups.values(), key=lambda group: group[0] is None)
