"""Differences between a quotation and the most similar words of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rapidfuzz.distance import Opcode

#: Look-alike characters and their replacement.
_QUOTES: Final = str.maketrans("“”„‟«»‘’‚‛`´", "\"\"\"\"\"\"''''''")
_DASHES: Final = str.maketrans("‐‑‒–—―−", "-------")
#: With more differences than this, the texts are reported as different.
_FEW: Final = 3

_FOLDS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("Unicode form", lambda words: unicodedata.normalize("NFC", words)),
    ("quotation marks", lambda words: words.translate(_QUOTES)),
    ("dashes", lambda words: words.translate(_DASHES)),
    ("white space", lambda words: " ".join(words.split())),
    ("width of characters", lambda words: unicodedata.normalize("NFKC", words)),
    ("upper and lower case", str.casefold),
)


def differing(words: str, own: str) -> str:
    """Return the first difference of a quotation from the words of a text, to end a sentence.

    ``words`` is the quotation. The result is ``the texts differ`` for more than three differences,
    unless all are of one kind, such as dashes.

    >>> differing("a “new start", 'a "new start')
    'the quotation marks differ: “ where the text has ", at character 3'
    >>> differing("nearly 3000 firms", "nearly 3,000 firms")
    'nothing where the text has “,”, at character 9'
    """
    for what, fold in _FOLDS:
        if words != own and fold(words) == fold(own):
            verb = "differs" if what in ("Unicode form", "white space") else "differ"
            return f"the {what} {verb}: {_first(words, own)}"
    steps = _steps(words, own)
    return _first(words, own) if len(steps) <= _FEW else "the texts differ"


def nearest_passage(words: str, content: str) -> str | None:
    """Return the part of a text most similar to a quotation; None if nothing is similar."""
    from rapidfuzz import fuzz

    for _, fold in _FOLDS:
        folded, whole = fold(words), fold(content)
        at = whole.find(folded) if len(whole) == len(content) else -1
        # Offsets are not the same after one part got shorter and another one longer.
        if at >= 0 and fold(content[at : at + len(folded)]) == folded:
            return content[at : at + len(folded)]
    loose = re.compile(r"\s+".join(map(re.escape, words.split())) or r"(?!)")
    if spaced := loose.search(content):
        return spaced.group()
    found = fuzz.partial_ratio_alignment(words, content, score_cutoff=75.0)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    while start > 0 and content[start - 1].isalnum() and content[start].isalnum():
        start -= 1
    while end < len(content) and content[end - 1].isalnum() and content[end].isalnum():
        end += 1
    return content[start:end].strip()


def _steps(words: str, own: str) -> list[Opcode]:
    from rapidfuzz.distance import Levenshtein

    return [code for code in Levenshtein.opcodes(words, own) if code.tag != "equal"]


def _first(words: str, own: str) -> str:
    steps = _steps(words, own)
    if not steps:
        return "nothing"
    step = steps[0]
    there = _visible(own[step.dest_start : step.dest_end])
    here = _visible(words[step.src_start : step.src_end])
    if len(there) <= 1 and len(here) <= 1 and there and here:
        difference = f"{here} where the text has {there}"
    else:
        difference = f"{_quoted(here)} where the text has {_quoted(there)}"
    return f"{difference}, at character {step.src_start + 1}"


def _quoted(part: str) -> str:
    return f"“{part}”" if part else "nothing"


def _visible(part: str) -> str:
    return "".join(
        character
        if character.isprintable()
        and (character == " " or not character.isspace())
        and not unicodedata.combining(character)
        else f"<{unicodedata.name(character, f'U+{ord(character):04X}').lower()}>"
        for character in part
    )
