"""The sentences of an article that are not evidence of any row of its fact sheet."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.names import Names, is_chinese
from g60kg.model.sources import BEFORE_SOURCE_IDS
from g60kg.model.text_normalization import DIGEST_PREFIX, NormalizedText
from g60kg.namespaces import PREFIXES
from g60kg.sheets.compile import Draft
from g60kg.sheets.locators import sentence_spans
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.support.written_numbers import (
    WrittenNumber,
    normalised,
    written_numbers,
    written_years,
)

#: The name of a plan, whose numbers are no figures.
_PLAN: Final = re.compile(
    r"(?:\w+ )?(?:five|5)-year\b|[一二三四五六七八九十]+五(?=规划|计划|[”\"期时])", re.I
)
#: Between two numbers that are counted together.
_AND: Final = re.compile(r"\s?[a-z]+ and ", re.I)
#: A word of Latin letters and digits, or one Chinese character.
_PART: Final = re.compile(
    r"[㐀-䶿一-鿿豈-﫿]|[^\W_㐀-䶿一-鿿豈-﫿]+(?:['’-][^\W_㐀-䶿一-鿿豈-﫿]+)*"
)
#: The titles of sources, which texts do not name.
_SOURCES: Final = tuple(PREFIXES["id"] + before for before in BEFORE_SOURCE_IDS)
#: Maximum parts of a name: words, or Chinese characters.
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence without evidence: its span in code points, IRIs of entities, texts of figures."""

    start: int
    end: int
    sentence: str
    entities: tuple[str, ...]
    figures: tuple[str, ...]


def article_gaps(drafted: Draft, store: GraphStore, content: str) -> list[Gap]:
    """Return, in order, the sentences that name an entity or a figure and overlap with no evidence.

    Rows with errors have no evidence. The entities are those of the graph and of the sheet.
    """
    covered = evidence_spans(drafted, content)
    names = known_names(drafted, store)
    gaps = []
    for start, end in sentence_spans(content):
        if any(first < end and start < last for first, last in covered):
            continue
        sentence = content[start:end]
        entities = tuple(
            dict.fromkeys(iri for each in mentions(sentence, names) for iri in each.iris)
        )
        text = normalised(sentence)
        figures = tuple(text[number.start : number.end].strip() for number in figures_in(text))
        if entities or figures:
            gaps.append(Gap(start, end, sentence, entities, figures))
    return gaps


def evidence_spans(drafted: Draft, content: str) -> set[tuple[int, int]]:
    """Return the start and the exclusive end of the evidence of a compiled sheet, in code points.

    A passage without offsets is found in the text by its digest.
    """
    parts = (ns.START, ns.END, ns.NORMALIZED_DIGEST, ns.NORMALIZED_LENGTH)
    found: Mapping[NamedNode, dict[str, str]] = {part: {} for part in parts}
    for triple in drafted.triples:
        if triple.predicate in found and isinstance(triple.object, Literal):
            found[triple.predicate][str(triple.subject)] = triple.object.value
    starts, ends, digests, lengths = (found[part] for part in parts)
    spans = {(int(start), int(ends[node])) for node, start in starts.items() if node in ends}
    text = NormalizedText(content)
    for node, digest in digests.items():
        spans.update(text.places(digest.removeprefix(DIGEST_PREFIX), int(lengths[node])))
    return spans


def known_names(drafted: Draft, store: GraphStore) -> Names:
    """Return the names of the entities of a graph and of a compiled sheet, except of sources."""
    stored = (quad.triple for naming in ns.NAMING for quad in store.quads(None, naming, None))
    return Names(
        (triple.object.value, triple.subject)
        for triple in chain(stored, drafted.triples)
        if triple.predicate in ns.NAMING
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
        and not triple.subject.value.startswith((*ns.NOT_ENTITIES, *_SOURCES))
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence: its span, and the entities that have the name."""

    start: int
    end: int
    iris: tuple[str, ...]


def mentions(sentence: str, names: Names) -> Iterator[Mention]:
    """Yield the known names in a sentence, in order; names within a longer name are left out.

    A name of one character is left out, too.
    """
    parts = [match.span() for match in _PART.finditer(sentence)]
    at = 0
    while at < len(parts):
        for last in range(min(len(parts), at + _LONGEST), at, -1):
            start, end = parts[at][0], parts[last - 1][1]
            # One Chinese character or Latin letter is too short for a name.
            if end - start > 1 and (found := names.meanings(sentence[start:end])):
                yield Mention(start, end, tuple(iri.value for iri in found))
                at = last
                break
        else:
            at += 1


def figures_in(text: str) -> Iterator[WrittenNumber]:
    """Yield the numbers of a normalized text that can be figures.

    Years, numbers of five-year plans, and the English words "one" and "first" are left out. "One"
    is kept if a word, "and" and another number follow it: "one city and three counties".
    """
    years = written_years(text)
    plans = [match.span() for match in _PLAN.finditer(text)]
    numbers = [
        each
        for each in written_numbers(text)
        if not any(start < each.end and each.start < end for start, end in plans)
    ]
    for number, following in zip_longest(numbers, numbers[1:]):
        written = text[number.start : number.end].strip()
        is_counted = following and _AND.fullmatch(text, number.end, following.start)
        is_figure = written[0].isdigit() or is_chinese(written) or number.value != 1
        is_figure = is_figure or bool(is_counted and written.lower() == "one")
        if number.value not in years and is_figure:
            yield number
