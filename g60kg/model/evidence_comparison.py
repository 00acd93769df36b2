"""Comparison of quotations and passages with article texts at hand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.article_text import Text
from g60kg.model.evidence import EvidenceKind
from g60kg.model.evidence_lookup import selected
from g60kg.model.passage_evidence import span_digest
from g60kg.model.sources import source_name
from g60kg.model.text_normalization import DIGEST_PREFIX, NormalizedText, digest_of, normalized
from g60kg.namespaces import A, entity, g60
from g60kg.stores.base import GraphStore, text_of

_NUMBER: Final = re.compile("[0-9]{1,9}")
_DIGEST: Final = re.compile(re.escape(DIGEST_PREFIX) + "([0-9a-f]{64})")
_ID: Final = re.compile(r"\w[\w.-]{0,99}")
_TEXT_DIGEST: Final = g60("textDigest")
#: Evidence searched in a text to find out whether it is a copy of a source.
_SAMPLE: Final = 5
#: Characters of a quotation that no other text has by chance.
_DISTINCTIVE: Final = 20


class Verdict(StrEnum):
    """The result of comparing evidence with a text; UNCHECKED without a text."""

    VERIFIED = "verified"
    MOVED = "moved"
    NOT_FOUND = "notFound"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """A quotation or passage of a store.

    Attributes:
        source: the IRI of its article.
        kind: whether it is a quotation or a passage.
        exact: the text of a quotation; empty for a passage.
        digest: the SHA-256 of a passage in norm-1; empty for a quotation.
        length: the number of characters of a passage in norm-1; 0 for a quotation.
        places: its positions (start, end) in code points, end exclusive, sorted.
        span_digests: the digests of the exact text of a passage, as in the graph.
    """

    iri: NamedNode
    source: NamedNode
    kind: EvidenceKind
    exact: str
    digest: str
    length: int
    places: tuple[tuple[int, int], ...]
    span_digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict, and the position in the text if the evidence was found.

    Attributes:
        start: the offset in the text, in code points; None if it was not found.
        end: the offset after it; None if it was not found.
        of_record: whether the text is the one whose digest the source records, not another copy. If
            the source records no digest, evidence that is found in any copy counts as found in the
            recorded text.
    """

    verdict: Verdict
    start: int | None = None
    end: int | None = None
    of_record: bool = False


def read_evidence(store: GraphStore, node: NamedNode) -> TextEvidence | None:
    """Return a quotation or passage of a store.

    None for another node, and if its source, the text or position of a quotation, or the digest or
    length of a passage is missing or invalid.
    """
    kinds = set(store.objects(node, A))
    sources = {one for one in store.objects(node, ns.HAS_SOURCE) if isinstance(one, NamedNode)}
    if len(sources) != 1 or not kinds & {ns.QUOTATION, ns.PASSAGE}:
        return None
    exact, places = selected(store, store.objects(node, ns.HAS_SELECTOR))
    (source,) = sources
    if ns.QUOTATION in kinds:
        if not exact or not places:
            return None
        kind, digest, length = EvidenceKind.QUOTATION, "", 0
    else:
        match = _DIGEST.fullmatch(text_of(store, node, ns.NORMALIZED_DIGEST))
        size = text_of(store, node, ns.NORMALIZED_LENGTH)
        if match is None or not _NUMBER.fullmatch(size) or not int(size):
            return None
        kind, exact, digest, length = EvidenceKind.PASSAGE, "", match[1], int(size)
    return TextEvidence(
        iri=node,
        source=source,
        kind=kind,
        exact=exact,
        digest=digest,
        length=length,
        places=tuple(sorted(places)),
        span_digests=frozenset(
            one.value for one in store.objects(node, ns.SPAN_DIGEST) if isinstance(one, Literal)
        ),
    )


class TextsAtHand:
    """Compares evidence with the text whose digest its source records, else with another copy.

    A text whose digest no source records is a copy of the source whose id is the name of its file.
    If the name is not such an id, the text is a copy of a source if it has a passage or a long
    quotation of the source, or most of the first pieces of its evidence.
    """

    def __init__(self, store: GraphStore, texts: Mapping[str, Text]) -> None:
        self._store = store
        self._texts = texts
        self._found: dict[TextEvidence, tuple[Comparison, str | None]] = {}
        self._normalized: dict[str, NormalizedText] = {}
        recorded = {
            quad.object.value
            for digest in texts
            for quad in store.quads(None, _TEXT_DIGEST, Literal(digest))
            if isinstance(quad.object, Literal)
        }
        self._copies = sorted(texts.keys() - recorded)
        self._unnamed = [digest for digest in self._copies if not self._is_named(digest)]

    def compare(self, evidence: Iterable[TextEvidence]) -> list[tuple[TextEvidence, Comparison]]:
        """Return the evidence, sorted by source and IRI, each with its comparison."""
        ordered = sorted(evidence, key=lambda one: (one.source.value, one.iri.value))
        for source, group in groupby(ordered, key=lambda one: one.source):
            members = list(group)
            if all(one in self._found for one in members):
                continue
            recorded = text_of(self._store, source, _TEXT_DIGEST)
            digest = recorded if recorded in self._texts else self._copy_of(source, members)
            for one in members:
                comparison = self._compared(one, digest, digest == recorded)
                if not recorded and comparison.start is not None:
                    comparison = replace(comparison, of_record=True)
                self._found[one] = (comparison, digest)
        return [(one, self._found[one][0]) for one in ordered]

    def text_of(self, one: TextEvidence) -> str | None:
        """Return the words of a piece of evidence in the text at hand; None if not found."""
        self.compare([one])
        found, digest = self._found[one]
        if digest is None or found.start is None:
            return None
        return self._texts[digest].content[found.start : found.end]

    def article(self, source: NamedNode) -> str | None:
        """Return the recorded text of a source; None if it is not at hand."""
        text = self._texts.get(text_of(self._store, source, _TEXT_DIGEST))
        return None if text is None else text.content

    def _compared(self, one: TextEvidence, digest: str | None, of_record: bool) -> Comparison:
        if digest is None:
            return Comparison(Verdict.UNCHECKED)
        if one.kind is EvidenceKind.QUOTATION:
            place = self._quotation(one, digest, of_record)
        else:
            place = self._passage(one, digest)
        if place is None:
            return Comparison(Verdict.NOT_FOUND, of_record=of_record)
        moved = bool(one.places) and place not in one.places
        verdict = Verdict.MOVED if moved else Verdict.VERIFIED
        return Comparison(verdict, *place, of_record=of_record)

    def _quotation(self, one: TextEvidence, digest: str, of_record: bool) -> tuple[int, int] | None:
        """Return start and end of a quotation in a text, in code points; None if it is not found.

        ``of_record`` says that the source records the digest. In another text, a span with the
        same normal form is also found.
        """
        text = self._texts[digest]
        for start, end in one.places:
            if text.content[start:end] == one.exact:
                return start, end
        if places := text.places(one.exact):
            return places[0], places[0] + len(one.exact)
        if of_record:
            return None
        spans = self._normal(digest).occurrences(normalized(one.exact))
        return next(((span.start, span.end) for span in spans), None)

    def _passage(self, one: TextEvidence, digest: str) -> tuple[int, int] | None:
        text = self._normal(digest)
        for start, end in one.places:
            span = text.span(start, end)
            if span and len(span.normal) == one.length and digest_of(span.normal) == one.digest:
                return start, end
        return next(text.places(one.digest, one.length), None)

    def _copy_of(self, source: NamedNode, members: list[TextEvidence]) -> str | None:
        """Return the digest of a source's copy, by its file name or its ``members``, else None.

        The members are the evidence of the source. Texts with a recorded digest do not count.
        """
        name = source_name(source.value)
        named = [digest for digest in self._copies if self._texts[digest].name == name]
        if named:
            return named[0]
        sample = members[:_SAMPLE]
        found = {
            digest: [
                one
                for one in sample
                if self._compared(one, digest, of_record=False).verdict is not Verdict.NOT_FOUND
            ]
            for digest in self._unnamed
        }
        best = max(found, key=lambda digest: len(found[digest]), default=None)
        if best is None:
            return None
        distinctive = any(
            one.kind is EvidenceKind.PASSAGE or len(one.exact) >= _DISTINCTIVE
            for one in found[best]
        )
        return best if distinctive or 2 * len(found[best]) > len(sample) else None

    def _is_named(self, digest: str) -> bool:
        """Return whether a text's file is named, without suffix, by the id of an article."""
        name = self._texts[digest].name
        if not _ID.fullmatch(name):
            return False
        quads = self._store.quads(entity(f"article-{name}"), None, None)
        return next(iter(quads), None) is not None

    def _normal(self, digest: str) -> NormalizedText:
        if digest not in self._normalized:
            self._normalized[digest] = NormalizedText(self._texts[digest].content)
        return self._normalized[digest]

    def span_differs(self, one: TextEvidence, found: Comparison) -> bool:
        """Return whether a verified passage's exact words differ from the graph's digest of them.

        False if the passage is not verified, if the text that the source records is not at hand,
        or if the graph has no such digest.
        """
        text = self.article(one.source)
        if text is None or not one.span_digests or found.verdict is not Verdict.VERIFIED:
            return False
        return span_digest(text[found.start : found.end]) not in one.span_digests
