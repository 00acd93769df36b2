"""Display text of cells: labels for IRIs, no language tags, digit groups in large decimals."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.sources import source_name
from g60kg.namespaces import compact
from g60kg.rdf.text_excerpt import visible
from g60kg.row_formats.evidence_rows import Row
from g60kg.stores.base import Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))
_DECIMAL: Final = re.compile(r"(-?)([0-9]{5,300})((?:\.[0-9]+)?)")
_LABEL: Final = "Label"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell for display."""

    text: str = ""
    iri: str | None = None
    curie: str | None = None
    language: str | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class DisplayColumn:
    """A column for display: its name, its index in a row, and that of its labels (None without)."""

    name: str
    term: int
    label: int | None

    def cell(self, row: Row) -> Cell:
        """Return the cell of a row for display, whose text is the label if there is one."""
        label = None if self.label is None else row[self.label]
        return _cell(row[self.term], label if isinstance(label, Literal) else None)


def display_columns(columns: Sequence[str]) -> list[DisplayColumn]:
    """Return the columns to display; a column of labels is part of the column that it belongs to.

    >>> [column.name for column in display_columns(["city", "cityLabel", "code"])]
    ['city', 'code']
    """
    indexes = {name: index for index, name in enumerate(columns)}
    return [
        DisplayColumn(name, index, indexes.get(name + _LABEL))
        for index, name in enumerate(columns)
        if not (name.endswith(_LABEL) and name.removesuffix(_LABEL) in indexes)
    ]


def _cell(term: Term | None, label: Literal | None) -> Cell:
    if term is None:
        return Cell()
    if isinstance(term, NamedNode):
        curie = compact(term.value)
        if label is None:
            return Cell(visible(curie), term.value, curie)
        return Cell(visible(label.value), term.value, curie, label.language)
    if isinstance(term, BlankNode):
        return Cell(str(term))
    if label is not None:
        return Cell(visible(label.value), language=label.language)
    kind = term.datatype.value
    text = _grouped(term.value) if kind == _XSD + "decimal" else visible(term.value)
    return Cell(text, language=term.language, is_number=kind in _NUMBERS)


def _grouped(number: str) -> str:
    """Return an xsd:decimal, with commas in its whole part if this has at least 5 digits.

    An xsd:integer is not formatted here: it can be a year or a code.
    """
    match = _DECIMAL.fullmatch(number)
    return f"{match[1]}{int(match[2]):,}{match[3]}" if match else visible(number)


def display_quotation(quoted: Quotation, translate: Callable[[str], str] = str) -> tuple[str, ...]:
    """Return the cells of SHOWN_COLUMNS for evidence, with modality and locator translated."""
    offsets = ("" if offset is None else str(offset) for offset in (quoted.start, quoted.end))
    text, article = evidence_text(quoted, translate), source_name(quoted.article)
    modality = visible(translate(quoted.modality))
    return (*map(visible, (text, article, quoted.date)), *offsets, modality, quoted.grade)


def evidence_text(quoted: Quotation, translate: Callable[[str], str] = str) -> str:
    """Return a quotation in quotation marks, the key of a record, or the locator of a passage.

    >>> evidence_text(Quotation("", "", "", 0, 40, "", "", EvidenceKind.PASSAGE, "paragraph 4"))
    '[not reproduced: paragraph 4]'
    """
    match quoted.kind:
        case EvidenceKind.RECORD:
            return translate(f"record {quoted.quote}")
        case EvidenceKind.PASSAGE:
            return translate(f"[not reproduced: {translate(quoted.locator)}]")
    return f"“{quoted.quote}”"
