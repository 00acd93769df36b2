"""View models of the pages of articles and data sets: facts in the order of the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.evidence import EvidenceKind
from g60kg.namespaces import HAS_EVIDENCE, HAS_SOURCE, g60, term
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import FactModel, QuoteModel, SourceModel, TermModel

#: The most quotations of one page; a canned query returns all of them.
MOST: Final = 600
#: Several blank lines, such as removed photographs leave.
_GAP: Final = re.compile(r"\n\s*\n\s*\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation or record, and the facts that it supports."""

    quote: QuoteModel
    facts: tuple[FactModel, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text: plain, or inside quotations.

    Attributes:
        anchor: of the shortest quotation around it; None outside quotations.
        start: its offset if a quotation begins there.
    """

    text: str
    anchor: str | None
    start: int | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article or data set with its facts in the order of the text.

    The text is empty if it is not available or may not be reproduced; ``cut`` says whether
    passages are left out; ``grades`` has the number of pieces of evidence by grade, ``notes`` what
    the sheet says of its date or its name.
    """

    name: TermModel
    source: SourceModel
    licence: TermModel | None
    digest: str | None
    length: str | None
    passages: tuple[Passage, ...]
    text: tuple[Segment, ...]
    cut: bool
    reproduced: bool
    grades: tuple[tuple[str, int], ...]
    notes: tuple[TermModel, ...]


def source_view(reader: PageReader, node: NamedNode) -> SourceView:
    """Return the view model of an article or a data set."""
    evidence = reader.subjects(HAS_SOURCE, node)
    passages = [
        Passage(quote, tuple(reader.facts(reader.subjects(HAS_EVIDENCE, one), quotes=False)))
        for one in evidence
        if (quote := reader.quote(one)) is not None
    ]
    passages.sort(key=lambda one: (one.quote.start or 0, one.quote.end or 0, one.quote.text))
    shown = passages[:MOST]
    # With `# reproduce: no`, a sheet has passages and no quotation.
    kinds = {passage.quote.kind for passage in passages}
    reproduced = EvidenceKind.PASSAGE not in kinds or EvidenceKind.QUOTATION in kinds
    licence = next(iter(reader.objects(node, g60("licence"))), None)
    digest = reader.text(node, g60("textDigest"))
    text = reader.context.texts.get(digest or "")
    return SourceView(
        name=reader.term_model(node),
        source=reader.source(node.value),
        licence=reader.term_model(licence) if licence is not None else None,
        digest=digest,
        length=reader.text(node, g60("textLength")),
        passages=tuple(shown),
        text=segments(text.content, [passage.quote for passage in shown])
        if text and reproduced
        else (),
        reproduced=reproduced,
        cut=len(passages) > MOST,
        grades=tuple(sorted(Counter(passage.quote.grade for passage in passages).items())),
        notes=tuple(map(reader.term_model, reader.objects(node, term("skos:note")))),
    )


def segments(text: str, quotes: list[QuoteModel]) -> tuple[Segment, ...]:
    """Split a text at the starts and ends of quotations.

    >>> from g60kg.web.views.pages.view_models import TermModel, SourceModel
    >>> source = SourceModel(TermModel(""), True, None, None, None, "en")
    >>> [(one.text, one.anchor) for one in segments("one two", [QuoteModel("two", source, 4, 7)])]
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
