"""View models of the pages of articles and data sets: facts in the order of the text."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final

from pyoxigraph import NamedNode

from g60kg.model.evidence import EvidenceKind
from g60kg.namespaces import HAS_EVIDENCE, HAS_SOURCE, NOTE, g60
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import EvidenceModel, FactModel, SourceModel, TermModel

#: The most quotations of one page; a canned query returns all of them.
MOST: Final = 600
#: Several blank lines, such as removed photographs leave.
_GAP: Final = re.compile(r"\n\s*\n\s*\n")
_NUMBER: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class CitedEvidence:
    """A quotation, a record, or the passages with one locator, and the Facts listed under it.

    Attributes:
        quotes: one piece of evidence, or several with the same anchor, such as passages.
        facts: each Fact with the passages that also support it but do not list it.
        elsewhere: each piece of evidence that lists further Facts supported by this one, and their
            number.
    """

    quotes: tuple[EvidenceModel, ...]
    facts: tuple[tuple[FactModel, tuple[EvidenceModel, ...]], ...]
    elsewhere: tuple[tuple[EvidenceModel, int], ...]

    @property
    def quote(self) -> EvidenceModel:
        """The first quotation, passage or record."""
        return self.quotes[0]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text between bounds of quotations.

    ``start`` is its offset in code points if a quotation starts there, else None.
    """

    text: str
    anchor: str | None
    start: int | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """The page of an article or a data set."""

    template: ClassVar = "source.html"
    name: TermModel
    source: SourceModel
    licence: TermModel | None
    digest: str | None
    length: str | None
    passages: tuple[CitedEvidence, ...]
    text: tuple[Segment, ...]
    cut: bool
    reproduced: bool
    grades: tuple[tuple[str, int], ...]
    notes: tuple[TermModel, ...]


def source_view(reader: PageReader, node: NamedNode) -> SourceView:
    """Return the view model of an article or a data set."""
    behind = {
        one: quote
        for one in reader.subjects(HAS_SOURCE, node)
        if (quote := reader.quote(one)) is not None
    }
    passages = _passages(reader, behind)
    shown = passages[:MOST]
    # With `# reproduce: no`, a sheet has passages and no quotation.
    kinds = {quote.kind for quote in behind.values()}
    reproduced = EvidenceKind.PASSAGE not in kinds or EvidenceKind.QUOTATION in kinds
    licence = next(iter(reader.objects(node, g60("licence"))), None)
    digest = reader.text(node, g60("textDigest"))
    text = reader.context.texts.get(digest or "")
    notes = reader.objects(node, NOTE)
    return SourceView(
        name=reader.term_model(node),
        source=reader.source(node.value),
        licence=reader.term_model(licence) if licence is not None else None,
        digest=digest,
        length=reader.text(node, g60("textLength")),
        passages=tuple(shown),
        text=segments(text.content, [quote for passage in shown for quote in passage.quotes])
        if text and reproduced
        else (),
        reproduced=reproduced,
        cut=len(passages) > MOST,
        grades=tuple(sorted(Counter(quote.grade for quote in behind.values()).items())),
        notes=tuple(reader.value(NOTE, one) for one in reader.in_language(notes)),
    )


def _passages(reader: PageReader, behind: Mapping[NamedNode, EvidenceModel]) -> list[CitedEvidence]:
    """Return the evidence of a source with its Facts, in the order of the text.

    Each Fact is listed under the evidence of :func:`_stating`, and only counted under the rest.
    Equivalents of a figure are left out.
    """
    quotes: dict[str, dict[EvidenceModel, None]] = defaultdict(dict)
    for quote in sorted(behind.values(), key=_in_the_text):
        quotes[quote.anchor][quote] = None
    anchors: dict[str, list[str]] = defaultdict(list)
    for one, quote in behind.items():
        for supported in reader.subjects(HAS_EVIDENCE, one):
            anchors[supported.value].append(quote.anchor)
    facts = reader.facts(map(NamedNode, sorted(anchors)), quotes=False)
    beside = {other.iri for fact in facts for other in fact.value.equivalents}
    order = {anchor: place for place, anchor in enumerate(quotes)}
    first = {anchor: next(iter(found)) for anchor, found in quotes.items()}
    here: dict[str, list[tuple[FactModel, tuple[EvidenceModel, ...]]]] = defaultdict(list)
    elsewhere: dict[str, Counter[str]] = defaultdict(Counter)
    for fact in facts:
        if fact.value.iri in beside:
            continue
        places = sorted(set(anchors[fact.iri]), key=lambda anchor: order[anchor])
        stating = _stating([first[anchor] for anchor in places])
        others = [anchor for anchor in places if anchor not in stating]
        for anchor in stating:
            here[anchor].append((fact, tuple(first[other] for other in others)))
        for anchor in others:
            elsewhere[anchor][stating[0]] += 1
    return [
        CitedEvidence(
            tuple(found),
            tuple(here[anchor]),
            tuple(
                (first[stating], count)
                for stating, count in sorted(
                    elsewhere[anchor].items(), key=lambda pair: order[pair[0]]
                )
            ),
        )
        for anchor, found in quotes.items()
    ]


def _stating(quotes: Sequence[EvidenceModel]) -> list[str]:
    """Return the anchors of the evidence under which a Fact is shown.

    They are all quotations and records; without these, the last passage.
    """
    stating = [one.anchor for one in quotes if one.kind is not EvidenceKind.PASSAGE]
    return stating or [quotes[-1].anchor]


def _in_the_text(quote: EvidenceModel) -> tuple[int, int, list[int], str]:
    # Most passages have no offsets, but a locator such as "paragraph 10, sentence 2".
    numbers = _NUMBER.findall(quote.text) if quote.kind is EvidenceKind.PASSAGE else ()
    return quote.start or 0, quote.end or 0, [*map(int, numbers)], quote.text


def segments(text: str, quotes: list[EvidenceModel]) -> tuple[Segment, ...]:
    """Split a text at the starts and ends of quotations; empty segments are left out.

    >>> from g60kg.web.views.pages.view_models import TermModel, SourceModel
    >>> source = SourceModel(TermModel(""), True, None, None, None, "en")
    >>> found = segments("one two", [EvidenceModel("two", source, 4, 7)])
    >>> [(one.text, one.anchor) for one in found]
    [('one ', None), ('two', 'at-4-7')]
    """
    spans = [
        (quote.start, quote.end, quote.anchor)
        for quote in quotes
        if quote.start is not None and quote.end is not None and quote.end <= len(text)
    ]
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    starts = {start for start, _, _ in spans}
    found: list[Segment] = []
    for start, end in pairwise(cuts):
        around = [span for span in spans if span[0] <= start and end <= span[1]]
        shortest = min(around, key=lambda span: span[1] - span[0], default=None)
        piece = _GAP.sub("\n\n", text[start:end])
        # White space between two quotations is not a link.
        anchor = shortest[2] if shortest and piece.strip() else None
        found.append(Segment(piece, anchor, start if start in starts else None))
    return tuple(found)
