"""Rows with evidence, rows with one line per quotation, and the Python values of cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quotation
from g60kg.namespaces import PREFIXES
from g60kg.stores.base import Term

Row = Sequence[Term | None]
#: A row and its quotations; none if no evidence was requested.
Evidenced = tuple[Row, Sequence[Quotation]]
#: Returns further members of the JSON object. Called after the last row, when it is known whether
#: the rows are complete.
Members = Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ReaderTexts:
    """Texts of a workbook in the language of its reader.

    Attributes:
        heading: returns the heading of a column, by its name.
        value: returns the text for a cell, by its column, its term and its row; empty if the cell
            keeps its own text.
        footnote: returns the citation of a quotation, for a column after the columns of evidence;
            None for no citations.
    """

    heading: Callable[[str], str]
    value: Callable[[str, Term | None, Row], str]
    footnote: Callable[[Quotation], str] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of writers, described at :func:`g60kg.row_formats.write_rows`."""

    evidence: bool = False
    members: Members | None = None
    caption: str | None = None
    escape_formulas: bool = False
    translate: Callable[[str], str] = str
    texts: ReaderTexts | None = None


#: The columns that evidence adds to formats that have only columns.
EVIDENCE_COLUMNS: Final = (
    *("quote", "article", "start", "end", "modality", "locator", "grade"),
    *("title", "publisher", "date", "url"),
)
#: The columns of evidence in tables for people, where a locator is in the place of a quote.
SHOWN_COLUMNS: Final = ("quote", "article", "date", "start", "end", "modality", "grade")


def with_evidence_columns(
    columns: Sequence[str], of_evidence: Sequence[str] = EVIDENCE_COLUMNS, prefix: str = "evidence"
) -> tuple[str, ...]:
    """Return the columns, followed by the columns of evidence.

    An added column whose name is in ``columns`` already gets the prefix.

    >>> with_evidence_columns(["city", "start"])[2:5]
    ('quote', 'article', 'evidenceStart')
    """
    added = (f"{prefix}{name.title()}" if name in columns else name for name in of_evidence)
    return (*columns, *added)


def one_line_per_quotation(rows: Iterable[Evidenced]) -> Iterator[Row]:
    """Yield each row once for each of its quotations, followed by the cells of EVIDENCE_COLUMNS.

    A row without quotations is yielded once, with None in these cells.
    """
    for row, quotations in rows:
        for quoted in quotations:
            yield (*row, *evidence_cells(quoted))
        if not quotations:
            yield (*row, *(None for _ in EVIDENCE_COLUMNS))


def evidence_cells(quoted: Quotation) -> Row:
    """Return the cells of EVIDENCE_COLUMNS for a quotation; None for an empty text or no offset."""
    return (
        _literal(quoted.quote),
        NamedNode(quoted.article) if quoted.article else None,
        None if quoted.start is None else Literal(quoted.start),
        None if quoted.end is None else Literal(quoted.end),
        *map(_literal, (quoted.modality, quoted.locator, quoted.grade)),
        *map(_literal, (quoted.title, quoted.publisher, quoted.date, quoted.url)),
    )


def _literal(text: str) -> Literal | None:
    return Literal(text) if text else None


_XSD: Final = PREFIXES["xsd"]
#: The datatypes of whole numbers and years, and of all numbers.
WHOLE: Final = frozenset(_XSD + name for name in ("integer", "int", "long", "gYear"))
NUMERIC: Final = WHOLE | {_XSD + name for name in ("decimal", "double", "float")}


def python_value(cell: Term | None) -> str | int | Decimal | bool | None:
    """Return the Python value of a term.

    An xsd:integer is an int, an xsd:boolean a bool, a finite xsd:decimal, double, float,
    int, long or gYear a Decimal. Any other term is its text: the IRI, the label of a
    blank node, or the lexical form; so is a numeric literal that is no number, or is from
    1e301 on. A fraction in an xsd:integer is cut off. None remains None.

    >>> from pyoxigraph import Literal
    >>> python_value(Literal("57920000", datatype=NamedNode(_XSD + "decimal")))
    Decimal('57920000')
    """
    if cell is None or isinstance(cell, (NamedNode, BlankNode)):
        return None if cell is None else cell.value
    datatype = cell.datatype.value
    if datatype == _XSD + "boolean":
        return cell.value in ("true", "1")
    if datatype in NUMERIC:
        from g60kg.model.observations import decimal_of

        number = decimal_of(cell)
        if number is None:
            return cell.value
        return int(number) if datatype == _XSD + "integer" else number
    return cell.value
