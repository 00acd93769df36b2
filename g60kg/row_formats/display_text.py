"""Cells as people read them: labels for IRIs, no language tags, large quantities in groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quotation
from g60kg.namespaces import compact, local_name
from g60kg.rdf.text_excerpt import visible
from g60kg.row_formats.evidence_rows import Row, Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))
_DECIMAL: Final = re.compile(r"(-?)([0-9]{5,})((?:\.[0-9]+)?)")
_LABEL: Final = "Label"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown.

    Attributes:
        text: what is read; may have line feeds, but no other control character.
        iri: the IRI that it stands for.
        curie: that IRI's CURIE, or the IRI itself.
        language: the language of the text, where it is known.
        is_number: whether it is a number.
    """

    text: str = ""
    iri: str | None = None
    curie: str | None = None
    language: str | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column as it is shown: a column ``x`` of entities takes in its column ``xLabel``."""

    name: str
    term: int
    label: int | None

    def cell(self, row: Row) -> Cell:
        """The cell of a row."""
        label = None if self.label is None else row[self.label]
        return _cell(row[self.term], label if isinstance(label, Literal) else None)


def shown_columns(columns: Sequence[str]) -> list[ShownColumn]:
    """The columns to show.

    >>> [column.name for column in shown_columns(["city", "cityLabel", "code"])]
    ['city', 'code']
    """
    place = {name: index for index, name in enumerate(columns)}
    return [
        ShownColumn(name, index, place.get(name + _LABEL))
        for index, name in enumerate(columns)
        if not (name.endswith(_LABEL) and name.removesuffix(_LABEL) in place)
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
    kind = term.datatype.value
    text = _grouped(term.value) if kind == _XSD + "decimal" else visible(term.value)
    return Cell(text, language=term.language, is_number=kind in _NUMBERS)


def _grouped(number: str) -> str:
    """A decimal from 10,000 on with its digits in groups.

    Decimals are what this graph measures. Integers are years, codes, ordinals and offsets as
    well as counts, and stay as they are.
    """
    match = _DECIMAL.fullmatch(number)
    return f"{match[1]}{int(match[2]):,}{match[3]}" if match else visible(number)


class ShownQuotation(NamedTuple):
    """A quotation as it is shown: in quotation marks; a record as "record" and its key."""

    quote: str
    article: str
    start: str
    end: str
    modality: str

    @classmethod
    def of(cls, quoted: Quotation) -> ShownQuotation:
        """How that quotation or record is shown."""
        is_record = quoted.start is None
        return cls(
            quote=visible(f"record {quoted.quote}" if is_record else f"“{quoted.quote}”"),
            article=visible(source_id(quoted.article)),
            start="" if quoted.start is None else str(quoted.start),
            end="" if quoted.end is None else str(quoted.end),
            modality=visible(quoted.modality),
        )


def source_id(iri: str) -> str:
    """The short name of an article or data set.

    >>> source_id("https://w3id.org/g60kg/id/article-2307119874")
    '2307119874'
    """
    return local_name(iri).removeprefix("article-").removeprefix("dataset-")
