"""What the page of an article or a data set shows: its facts in the order of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import HAS_EVIDENCE, g60
from g60kg.web.views.pages.page_reader import Reading
from g60kg.web.views.pages.view_models import (
    FactShown,
    QuoteShown,
    Shown,
    SourceShown,
)

#: The quotations that one page lists; a query has them all.
MOST: Final = 600
#: Blank lines in a row, such as photographs leave.
_GAP: Final = re.compile(r"\n\s*\n\s*\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text, or a record, and the facts that they support."""

    quote: QuoteShown
    facts: tuple[FactShown, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text: plain, or inside quotations.

    Attributes:
        text: its characters.
        anchor: of the shortest quotation around it; None where there is none.
        start: its offset, where a quotation begins.
    """

    text: str
    anchor: str | None
    start: int | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article or data set with its facts in the order of the text.

    Attributes:
        name: its label.
        source: its metadata.
        licence: under which it may be used.
        digest: SHA-256 of the text of which it was taken.
        length: of that text in code points.
        passages: its quotations, or records, with their facts.
        text: in segments; empty where it is not at hand.
        cut: whether there are more passages than are shown.
    """

    name: Shown
    source: SourceShown
    licence: Shown | None
    digest: str | None
    length: str | None
    passages: tuple[Passage, ...]
    text: tuple[Segment, ...]
    cut: bool


def source_view(reading: Reading, node: NamedNode) -> SourceView:
    """What the page of an article or a data set shows."""
    evidence = reading.evidence_of(node)
    passages = [
        Passage(quote, tuple(fact for fact in facts if fact is not None))
        for one in evidence
        if (quote := reading.quote(one)) is not None
        for facts in [
            [reading.fact(fact, quotes=False) for fact in reading.pointing(HAS_EVIDENCE, one)]
        ]
    ]
    passages.sort(key=lambda passage: _place(passage.quote))
    shown = passages[:MOST]
    licence = next(iter(reading.objects(node, g60("licence"))), None)
    digest = reading.text(node, g60("textDigest"))
    text = reading.context.texts.get(digest or "")
    return SourceView(
        name=reading.shown(node),
        source=reading.source(node.value),
        licence=reading.shown(licence) if licence is not None else None,
        digest=digest,
        length=reading.text(node, g60("textLength")),
        passages=tuple(shown),
        text=segments(text.content, [passage.quote for passage in shown]) if text else (),
        cut=len(passages) > MOST,
    )


def _place(quote: QuoteShown) -> tuple[int, int, str]:
    return (quote.start or 0, quote.end or 0, quote.words)


def segments(text: str, quotes: list[QuoteShown]) -> tuple[Segment, ...]:
    """A text cut where quotations begin and end.

    >>> from g60kg.web.views.pages.view_models import Shown, SourceShown
    >>> source = SourceShown(Shown(""), True, None, None, None, "en")
    >>> [(one.text, one.anchor) for one in segments("one two", [QuoteShown("two", source, 4, 7)])]
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
        # White space between two quotations is no link of its own.
        anchor = shortest[2] if shortest and piece.strip() else None
        found.append(Segment(piece, anchor, start if start in starts else None))
    return tuple(found)
