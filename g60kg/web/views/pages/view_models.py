"""Terms, figures and sources as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as a source gives it.

    Attributes:
        iri: of its node.
        number: its number, as an xsd:decimal writes it.
        comparator: how the number bounds the value: ``lessThan``.
        unit: the local name of its QUDT unit: ``KiloM2``.
        as_of: the time that it holds for, in EDTF.
        equivalents: what the source gives as the same, in other units.
    """

    iri: str
    number: str
    comparator: str
    unit: str
    as_of: str | None
    equivalents: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A term as a page shows it.

    Attributes:
        text: what is read.
        iri: what it stands for; None for a literal.
        language: of the text, where it is known.
        url: the address that a literal is.
        figure: the quantity that the IRI is.
        is_number: whether it is a number, which a table aligns to the right.
    """

    text: str
    iri: str | None = None
    language: str | None = None
    url: str | None = None
    figure: Figure | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class SourceShown:
    """An article or a data set.

    Attributes:
        name: what a reader calls it.
        is_article: whether it is an article.
        date: of publication, in EDTF.
        publisher: its publisher's name.
        url: its address.
        language: of its text.
    """

    name: Shown
    is_article: bool
    date: str | None
    publisher: str | None
    url: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """The words of an article, or the record of a data set, behind a fact.

    Attributes:
        words: verbatim; of a record, its key.
        source: where they stand.
        start: offset in the text in code points; None for a record.
        end: where they end, exclusive.
        modality: the local name of the fact's modality, in lower case; empty without a fact.
    """

    words: str
    source: SourceShown
    start: int | None
    end: int | None
    modality: str = ""

    @property
    def anchor(self) -> str:
        """The fragment of its place on the source's page."""
        return f"at-{self.start}-{self.end}" if self.start is not None else f"record-{self.words}"


@dataclass(frozen=True, slots=True)
class FactShown:
    """One source's statement of one triple.

    Attributes:
        iri: of the fact.
        subject: of the triple.
        predicate: of the triple.
        value: of the triple.
        modality: the local name of its modality, in lower case.
        time: when it held, in EDTF.
        speaker: who says it, inside the source.
        note: what the curator remarks.
        verbatim: the source's wording of a figure.
        quotes: what stands behind it.
    """

    iri: str
    subject: Shown
    predicate: Shown
    value: Shown
    modality: str
    time: str | None
    speaker: Shown | None
    note: Shown | None
    verbatim: str | None
    quotes: tuple[QuoteShown, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple, with the facts that vouch for it.

    Attributes:
        subject: of the triple.
        predicate: of the triple.
        value: of the triple.
        facts: a fact a source.
        against: what other sources state instead.
    """

    subject: Shown
    predicate: Shown
    value: Shown
    facts: tuple[FactShown, ...]
    against: tuple[Shown, ...] = ()

    @property
    def sources(self) -> int:
        """The number of sources that state it."""
        return len({quote.source.name.iri for fact in self.facts for quote in fact.quotes})


@dataclass(frozen=True, slots=True)
class Group:
    """The statements that share a property.

    Attributes:
        predicate: theirs.
        statements: in the order of their values.
        inverse: the name of the property seen from the object, where the ontology has one.
    """

    predicate: Shown
    statements: tuple[Statement, ...]
    inverse: Shown | None = None


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of an answer: its cells, and what stands behind it."""

    cells: tuple[Shown | None, ...]
    quotes: tuple[QuoteShown, ...] = ()


@dataclass(frozen=True, slots=True)
class TableShown:
    """Rows of an answer.

    Attributes:
        columns: their names.
        rows: those shown.
        offset: how many were passed over.
        more: whether more follow.
    """

    columns: tuple[str, ...]
    rows: tuple[RowShown, ...]
    offset: int = 0
    more: bool = False

    def column(self, name: str) -> int:
        """The place of a column."""
        return self.columns.index(name)
