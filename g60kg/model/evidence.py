"""The evidence of a Fact for answers: a quotation or a dataset record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation or dataset record that supports a Fact.

    Attributes:
        quote: the quoted text; for a dataset record, its words, else its key.
        start: the offset of the quotation in the article, in code points; None for a record.
        end: the offset after the quotation; None for a record.
        modality: the Fact's modality: ``Attributed;Expected``, or ``Asserted``.
    """

    quote: str
    article: str
    article_label: str
    start: int | None
    end: int | None
    modality: str
    fact: str
