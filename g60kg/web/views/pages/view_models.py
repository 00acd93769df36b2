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
        iri: None for a literal.
        url: the URL, if a literal is one.
        figure: the observation, if the IRI is one; the next members are its own.
        limits: the categories, the area and the ranking that limit the observation.
        equivalents: the same sum in other currencies, as the source gives it.
        is_number: whether it is a number; tables align numbers to the right.
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
    """Return values sorted by text; of “76,200” and “about 76,200”, the first."""
    found: dict[object, TermModel] = {}
    for value in sorted(values, key=lambda one: (one.text, one.iri or "")):
        one = value.figure
        same = one and (one.number, one.upper, one.unit, one.comparator in _AT or one.comparator)
        found.setdefault(same or value, value)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class SourceModel:
    """An article or a data set.

    Its date is in EDTF, ``archive`` the address of a copy; ``schema_types`` are of schema.org.
    """

    name: TermModel
    is_article: bool
    date: str | None
    publisher: str | None
    url: str | None
    language: str | None
    archive: str | None = None
    schema_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteModel:
    """A quotation or passage of an article, or a data set record, that supports a fact.

    Attributes:
        text: the quotation, verbatim; the key of a record; the locator of a passage.
        start: offset in the text in code points; None without a position.
        end: end offset, exclusive.
        modality: the local name of the fact's modality, in lower case; empty without a fact.
        speaker: whom the source attributes the fact to.
        note: the curator's note on the fact.
        grade: A, B, C or X.
        checked_on: when it was last compared with its source, in EDTF.
        link: the address of the source; of a quotation, with its words as a text fragment.
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
        """The URL fragment of the quotation, or of all passages with one locator, on its page."""
        if self.start is not None and self.kind is not EvidenceKind.PASSAGE:
            return f"at-{self.start}-{self.end}"
        return f"{self.kind}-{'-'.join(self.text.split())}"


@dataclass(frozen=True, slots=True)
class FactModel:
    """One source's statement of one triple.

    Attributes:
        modality: the local name of its modality, in lower case.
        time: when it held, in EDTF.
        speaker: whom the source attributes it to.
        note: the curator's note.
        verbatim: the source's wording of a figure.
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
    quotes: tuple[QuoteModel, ...]

    @property
    def grade(self) -> str:
        """The best grade of its evidence."""
        return min((quote.grade for quote in self.quotes), default="C")


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple, the facts that state it, one for each source, and the values of others.

    ``possibly`` has entities that may be the same, each with another value that a source gives it;
    ``further_sources`` is the number of sources whose facts are left out.
    """

    subject: TermModel
    predicate: TermModel
    value: TermModel
    facts: tuple[FactModel, ...]
    conflicting: tuple[TermModel, ...] = ()
    possibly: tuple[tuple[TermModel, TermModel], ...] = ()
    further_sources: int = 0

    @property
    def sources(self) -> int:
        """The number of sources that state it: none states what curators infer."""
        if self.predicate.iri == POSSIBLY_SAME.value:
            return 0
        shown = {quote.source.name.iri for fact in self.facts for quote in fact.quotes}
        return len(shown) + self.further_sources


@dataclass(frozen=True, slots=True)
class Group:
    """The statements with the same property, sorted by value, and the inverse property if any.

    ``count`` is the number of facts, if some are left out.
    """

    predicate: TermModel
    statements: tuple[Statement, ...]
    inverse: TermModel | None = None
    count: int | None = None

    @property
    def size(self) -> int:
        """The number of facts on the page."""
        return sum(len(one.facts) for one in self.statements)

    @property
    def cut(self) -> bool:
        """Whether facts are left out."""
        return self.count is not None and self.count > self.size


@dataclass(frozen=True, slots=True)
class RowModel:
    """A row of a result: its cells by column, its evidence, and the terms in the cells."""

    cells: dict[str, TermModel | None]
    quotes: tuple[QuoteModel, ...] = ()
    terms: Mapping[str, Term | None] = field(default_factory=dict)

    def __getitem__(self, column: str) -> TermModel | None:
        return self.cells[column]

    def text(self, column: str) -> str:
        """Return the text of a cell; empty without one."""
        cell = self.cells.get(column)
        return "" if cell is None else cell.text


@dataclass(frozen=True, slots=True)
class TableModel:
    """The rows of a page.

    Attributes:
        offset: the number of rows before the page.
        citations: of the sources behind the rows, if they were read with their evidence.
        address: the permanent address of the answer.
        counts: the total of rows and the facets, if they were counted.
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
        """The columns without a value in any row."""
        return tuple(name for name in self.columns if all(row[name] is None for row in self.rows))

    @property
    def common(self) -> dict[str, TermModel]:
        """The values that all rows share, by column; readers see the table without them."""
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
        """The other columns; a fact, of which a reader sees but a link, is the last one."""
        left_out = {*self.empty_columns, *self.common}
        shown = [name for name in self.columns if name not in left_out]
        return tuple(sorted(shown, key=lambda name: name == "fact"))


def grouped(rows: Iterable[RowModel], column: str) -> list[tuple[TermModel | None, list[RowModel]]]:
    """Group rows by the value of a column, in the order of first occurrence, None last."""
    groups: dict[str | None, tuple[TermModel | None, list[RowModel]]] = {}
    for row in rows:
        cell = row[column]
        key = None if cell is None else cell.iri or cell.text
        groups.setdefault(key, (cell, []))[1].append(row)
    return sorted(groups.values(), key=lambda group: group[0] is None)
