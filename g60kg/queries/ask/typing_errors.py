"""Correction of typing errors in a question, by the words of names and headers."""

from __future__ import annotations

from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.lexicon import Lexicon
from g60kg.queries.ask.question_tokens import Token
from g60kg.queries.ask.question_vocabulary import question_vocabulary

#: A shorter word is corrected only by a letter more or less, or by two exchanged ones.
_TYPED: Final = 5
#: The shortest word that is corrected, and the shortest that may have two errors.
_SHORT: Final = 3
_LONG: Final = 8


def corrected_tokens(
    lexicon: Lexicon, listed: tuple[Token, ...]
) -> tuple[tuple[Token, ...], frozenset[int]]:
    """Return the tokens with typing errors corrected, and which ones were."""
    words = question_vocabulary()
    fixed: list[Token] = []
    choices: list[str] = []
    corrected: set[int] = set()
    for at, token in enumerate(listed):
        key = token.key if token.chinese else words.synonyms.get(token.key, token.key)
        known = key in lexicon.name_parts or key in lexicon.vocabulary or key in words.known
        word = token.key if token.key.isascii() and token.key.isalpha() else ""
        if not known and len(word) >= _SHORT:
            choices = choices or _choices(lexicon)
            best = _nearest(word, choices)
            if best is not None:
                key = words.synonyms.get(best, best)
                corrected.add(at)
        fixed.append(token._replace(key=key))
    return tuple(fixed), frozenset(corrected)


def _choices(lexicon: Lexicon) -> list[str]:
    words = question_vocabulary()
    english = (word for word in lexicon.vocabulary if not is_chinese(word))
    every = {*lexicon.name_parts, *english, *words.known, *words.synonyms}
    return sorted(word for word in every if len(word) >= _SHORT and not is_chinese(word))


def _nearest(word: str, choices: list[str]) -> str | None:
    """Return the word that is meant; a word without meaning only by a letter more or less.

    "Mayor" is another word than "major".
    """
    # Imported here: only an unknown word needs it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(word) < _TYPED and question_vocabulary().is_ordinary(word):
        return None
    errors = 2 if len(word) >= _LONG else 1
    near = [one for one in choices if one[0] == word[0] and _can_be(word, one)]
    found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=errors)
    return None if found is None else str(found[0])


def _can_be(word: str, meant: str) -> bool:
    if sorted(meant) == sorted(word):
        return True
    if len(word) < _TYPED or meant in question_vocabulary().known:
        return len(meant) != len(word) and len(word) > _SHORT
    return True
