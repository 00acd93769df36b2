"""The evidence of a Fact for answers: a quotation, a passage or a dataset record, and its grade."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode

from g60kg.model.sources import Source
from g60kg.namespaces import local_name
from g60kg.stores.base import Term


class EvidenceKind(StrEnum):
    """The kinds of evidence."""

    QUOTATION = "quotation"
    PASSAGE = "passage"
    RECORD = "record"


def grade_of(kind: EvidenceKind, verdict: Term | None) -> str:
    """Return the grade of evidence from its kind and its verdict, if it has one.

    It is A for a quotation or record that was verified or has moved, B for such a passage, X for
    evidence that was not found, and otherwise C.

    >>> grade_of(EvidenceKind.PASSAGE, NamedNode("https://w3id.org/g60kg/ontology/Moved"))
    'B'
    """
    match local_name(verdict.value) if isinstance(verdict, NamedNode) else "":
        case "Verified" | "Moved":
            return "B" if kind is EvidenceKind.PASSAGE else "A"
        case "NotFound":
            return "X"
    return "C"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation, passage or dataset record that supports a Fact.

    Attributes:
        quote: the quoted text; for a dataset record, its words, else its key; empty for a passage,
            whose text is not reproduced.
        article: the IRI of the article or data set; empty if it is unknown.
        article_label: the label of the article or data set; empty if it is unknown.
        start: the offset in the article, in code points; None without a position.
        end: the offset after it.
        modality: the Fact's modality, such as ``Attributed;Expected`` or ``Asserted``.
        fact: the IRI of the Fact.
        locator: where readers find a passage; empty for other evidence.
        grade: how far it was checked: A, B, C or X.
        checked_on: when it was last compared with its source, in EDTF; None if never.
        source: the article or data set; None if it is unknown.
    """

    quote: str
    article: str
    article_label: str
    start: int | None
    end: int | None
    modality: str
    fact: str
    kind: EvidenceKind = EvidenceKind.QUOTATION
    locator: str = ""
    grade: str = "C"
    checked_on: str | None = None
    iri: str = ""
    source: Source | None = None

    @property
    def title(self) -> str:
        """The title, as in :class:`Source`; empty if the source is unknown."""
        return self.source.title if self.source else ""

    @property
    def publisher(self) -> str:
        """The publisher of the source; empty if it is unknown."""
        return self.source.publisher if self.source else ""

    @property
    def date(self) -> str:
        """The date of publication, in EDTF; empty if it is unknown."""
        return self.source.date if self.source else ""

    @property
    def url(self) -> str:
        """The address of the source; empty if it is unknown."""
        return self.source.url if self.source else ""

    @property
    def link(self) -> str:
        """The address of the source, for a quotation with its words as a text fragment.

        Empty if the address is unknown.
        """
        if self.source is None:
            return ""
        is_quoted = self.kind is EvidenceKind.QUOTATION
        return self.source.link_to(self.quote if is_quoted else "")


def best_grade(evidence: Iterable[Quotation]) -> str:
    """Return the grade of a Fact, the best of its evidence; C without evidence."""
    return min((one.grade for one in evidence), default="C")
