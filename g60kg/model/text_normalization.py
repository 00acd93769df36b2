"""Normal form norm-1 of texts: its digest, its offsets in the text, and the search for a digest.

The digest of a passage identifies its words without reproducing them. norm-1 removes what differs
between copies of one text: white space, invisible characters, the forms of quotation marks,
hyphens and characters of other widths. Case is kept. Test vectors are in ``docs/norm-1.json``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

#: The prefix of a digest in the graph.
DIGEST_PREFIX: Final = "norm-1:sha256:"

_MARKS: Final = str.maketrans(
    dict.fromkeys("“”„‟«»＂", '"')
    | dict.fromkeys("‘’‚‛′´`＇", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
)
#: Unicode White_Space, soft hyphens, and characters without width.
_REMOVED: Final = dict.fromkeys(
    chain(
        range(0x09, 0x0E), (0x20, 0x85, 0xA0, 0x1680), range(0x2000, 0x200B), (0x2028, 0x2029),
        (0x202F, 0x205F, 0x3000), (0xAD,), range(0x200B, 0x2010), (0x2060, 0xFEFF),
    )
)  # fmt: skip
#: Vowels and final consonants of Hangul, which compose with the letter before them.
_JAMO: Final = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")


def normalized(text: str) -> str:
    """Return a text in norm-1.

    >>> normalized("“G60” – a new start")
    '"G60"-anewstart'
    """
    compatible = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    return unicodedata.normalize("NFC", compatible.translate(_REMOVED))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class NormalizedText:
    """A text and its normal form, with a map between their offsets.

    The normal form joins those of all clusters. A cluster is a character and what may combine with
    it, which includes removed characters after it.
    """

    def __init__(self, content: str) -> None:
        self.content = content
        starts: list[int] = []  # offset in the text of the cluster of each normalized character
        ends: list[int] = []  # offset after it, without removed characters at the end
        parts: list[str] = []
        for start, cluster in _clusters(content):
            part, kept = _of_cluster(cluster)
            parts.append(part)
            starts += [start] * len(part)
            ends += [start + kept] * len(part)
        self.normal = "".join(parts)
        self._starts, self._ends = starts, ends

    def span(self, start: int, end: int) -> Span | None:
        """Return the normal form of a span of the text; None if the offsets are not a span.

        Offsets are in code points, end exclusive. A span has kept characters, is inside the text,
        and neither starts nor ends inside a combining sequence. White space at its ends is left
        out.

        >>> NormalizedText("a  café ").span(2, 8)
        Span(start=3, end=8, normal='café')
        >>> NormalizedText("a  café ").span(2, 7) is None
        True
        """
        if not 0 <= start < end <= len(self.content):
            return None
        inside = [
            index
            for index in range(bisect_left(self._starts, start), bisect_left(self._starts, end))
            if self._ends[index] <= end
        ]
        normal = normalized(self.content[start:end])
        if (
            not inside
            or _combines(normal[:1])
            or "".join(self.normal[index] for index in inside) != normal
        ):
            return None
        return Span(self._starts[inside[0]], self._ends[inside[-1]], normal)

    def occurrences(self, normal: str) -> Iterator[Span]:
        """Yield the spans of the text with normal form ``normal``; nothing if ``normal`` is empty.

        >>> list(NormalizedText("One two, one  two").occurrences("netwo"))
        [Span(start=1, end=7, normal='netwo'), Span(start=10, end=17, normal='netwo')]
        """
        index = self.normal.find(normal) if normal else -1
        while index >= 0:
            if self._is_span(index, len(normal)):
                yield Span(self._starts[index], self._ends[index + len(normal) - 1], normal)
            index = self.normal.find(normal, index + 1)

    def places(self, digest: str, length: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of the spans of the text whose normal form has a length and digest.

        The digest, a SHA-256, is in hexadecimal; offsets are in code points, end exclusive.

        >>> list(NormalizedText("One – two").places(digest_of("-two"), 4))
        [(4, 9)]
        """
        normal = self.normal
        wanted = bytes.fromhex(digest)
        for index in range(len(normal) - length + 1):
            window = normal[index : index + length]
            if hashlib.sha256(window.encode()).digest() == wanted and self._is_span(index, length):
                yield self._starts[index], self._ends[index + length - 1]

    def _is_span(self, index: int, length: int) -> bool:
        """Return whether a part of the normal form does not cut a combining sequence."""
        after = index + length
        return not (_combines(self.normal[index]) or _combines(self.normal[after : after + 1]))


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets of a part of a text, end exclusive, and the normal form of the part."""

    start: int
    end: int
    normal: str


def _combines(character: str) -> bool:
    """Return whether a character may combine with the one before it; False for no character."""
    return bool(character) and (
        unicodedata.category(character).startswith("M") or bool(_JAMO.match(character))
    )


@lru_cache(maxsize=10_000)
def _extends(character: str) -> bool:
    part = normalized(character)
    return not part or _combines(part[0])


def _clusters(content: str) -> Iterator[tuple[int, str]]:
    start = 0
    for index, character in enumerate(content):
        if index > start and not _extends(character):
            yield start, content[start:index]
            start = index
    if content:
        yield start, content[start:]


@lru_cache(maxsize=10_000)
def _of_cluster(cluster: str) -> tuple[str, int]:
    """Return a cluster's normal form, and its own length up to its last character that is kept."""
    kept = len(cluster)
    while kept and not normalized(cluster[kept - 1]):
        kept -= 1
    return normalized(cluster), kept
