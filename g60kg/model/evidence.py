"""The evidence of a Fact for answers: a quotation or a dataset record."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from g60kg.namespaces import local_name
from g60kg.stores.base import Term


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation or dataset record that supports a Fact.

    Attributes:
        quote: the quoted text; for a dataset record, its key.
        start: the offset of the quotation in the article, in code points; None for a record.
        end: the offset after the quotation; None for a record.
        modality: the local name of the Fact's modality, lower case: ``asserted``.
    """

    quote: str
    article: str
    article_label: str
    start: int | None
    end: int | None
    modality: str
    fact: str


def modality_name(modality: Term | None) -> str:
    """Return a modality as answers show it: ``asserted``; empty if it is missing.

    >>> modality_name(NamedNode("https://w3id.org/g60kg/ontology/Goal"))
    'goal'
    """
    return local_name(modality.value).lower() if isinstance(modality, NamedNode) else ""
