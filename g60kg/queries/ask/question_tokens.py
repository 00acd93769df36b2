"""Tokens of questions and names: words of alphabetic scripts, and single Chinese characters."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from g60kg.model.names import NO_WIDTH, is_chinese

_WORD: Final = re.compile(r"[^\W_]+")
#: "didn't" is "did not".
_NOT: Final = re.compile(r"(?<=[a-z])n['’]t\b", re.IGNORECASE)
#: A possessive ending or a contraction, which is no word of a name.
_ENDING: Final = re.compile(r"(?<=[\w.)])['’](s|re|ve|ll|d|m|t)\b", re.IGNORECASE)
#: Words of at most this many letters have no plural ending to remove.
_SHORT: Final = 3
#: The words of names that say nothing: most entities are the corridor's.
USUAL_WORDS: Final = frozenset(
    ("g60", "corridor", "of", "the", "on", "at", "for", "and", "in", "a", "to", "is")
)
#: The legal forms of companies, which few questions have.
_LEGAL_FORMS: Final = frozenset(("co", "ltd", "limited", "inc"))
#: The least number of words that can be the name of one entity without the others.
_IN_ORDER: Final = 3


class Token(NamedTuple):
    """A word or a Chinese character of a text.

    Attributes:
        key: its form for comparison: lower case, singular.
        written: as the text has it after :func:`normalized`.
        start: its offset in the normalised text, in characters.
        end: the offset after it.
    """

    key: str
    written: str
    start: int
    end: int

    @property
    def chinese(self) -> bool:
        """Whether it is a Chinese character."""
        return is_character(self.key)


#: The tokens of a text, in order.
Tokens = tuple[Token, ...]


def is_character(key: str) -> bool:
    """Return whether a token is a Chinese character."""
    return len(key) == 1 and not key.isascii() and is_chinese(key)


def normalized(text: str) -> str:
    """Return a text with characters of one width, without zero-width characters.

    Contractions and possessives lose their ending after an apostrophe; "n't" becomes "not".

    >>> normalized("Songjiang’s ＧＤＰ")
    'Songjiang GDP'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(NO_WIDTH)
    return _ENDING.sub("", _NOT.sub(" not", text)) if "'" in text or "’" in text else text


def tokens(text: str) -> Tokens:
    """Return the tokens of a text.

    >>> [token.key for token in tokens("Cities of the G60科创走廊")]
    ['city', 'of', 'the', 'g60', '科', '创', '走', '廊']
    """
    return tuple(
        Token(singular(part.casefold()), part, start, start + len(part))
        for found in _WORD.finditer(normalized(text))
        for start, part in _parts(found[0], found.start())
    )


def keys(text: str) -> tuple[str, ...]:
    """Return the tokens of a text in their form for comparison: lower case, singular."""
    found = _WORD.findall(normalized(text).casefold())
    if text.isascii():
        return tuple(map(singular, found))
    return tuple(singular(part) for word in found for _, part in _parts(word, 0))


def _parts(word: str, start: int) -> Iterator[tuple[int, str]]:
    if word.isascii():
        yield start, word
        return
    for chinese, group in groupby(word, is_character):
        part = "".join(group)
        yield from enumerate(part, start) if chinese else ((start, part),)
        start += len(part)


def share_of_name(words: Sequence[str], name: tuple[str, ...]) -> float:
    """Return the share (0 to 1) of the words of a name that are in ``words``.

    It is 0 if one of ``words`` is not in the name, or if Chinese characters are in another order.
    It is 1 for three or more words in the order of the name that end with its last one, without
    Chinese. USUAL_WORDS (such as "of") count only for the order, and legal forms of companies
    only if in ``words``.
    """
    parts, rest = set(words) - USUAL_WORDS, iter(name)
    chinese = any(map(is_character, words))
    ordered = all(word in rest for word in words)
    if ordered and not chinese and len(parts) >= _IN_ORDER and name[-1] == words[-1]:
        return 1.0
    if not parts <= {*name} or (chinese and not ordered):
        return 0.0
    return len(parts) / len(set(name) - USUAL_WORDS - (_LEGAL_FORMS - parts))


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """Return a word without a plural ending.

    >>> [singular(word) for word in ("cities", "companies", "business", "zones", "gas")]
    ['city', 'company', 'business', 'zone', 'gas']
    """
    if len(word) <= _SHORT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]
