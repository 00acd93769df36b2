"""A quotation or data set record as an answer shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words, or the record, behind one Fact.

    Attributes:
        quote: the article's words; of a data set record, its key.
        article: the IRI of the Article or Dataset.
        article_label: what a reader calls it.
        start: where the words start in the article's text, in code points; None for a record.
        end: where they end, exclusive; None for a record.
        modality: the local name of the Fact's modality, lower case: ``asserted``.
        fact: the IRI of the Fact.
    """

    quote: str
    article: str
    article_label: str
    start: int | None
    end: int | None
    modality: str
    fact: str
