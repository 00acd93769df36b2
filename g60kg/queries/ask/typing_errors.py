"""Correction of typing errors in a question, by the words of names and headers."""

from __future__ import annotations

from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.lexicon import Lexicon
from g60kg.queries.ask.question_tokens import Token
from g60kg.queries.ask.question_vocabulary import question_vocabulary

#: A word with a typing error has at least this many letters; a longer one may have two errors.
_TYPED: Final = 5
_LONG: Final = 8


def corrected_tokens(
    lexicon: Lexicon, listed: tuple[Token, ...]
) -> tuple[tuple[Token, ...], frozenset[int]]:
    """Return the tokens with typing errors corrected, and which ones were."""
    words = question_vocabulary()
    fixed: list[Token] = []
    choices: list[str] | None = None
    corrected: set[int] = set()
    for at, token in enumerate(listed):
        key = token.key if token.chinese else words.synonyms.get(token.key, token.key)
        known = key in lexicon.name_parts or key in lexicon.vocabulary or key in words.known
        if not known and len(token.key) >= _TYPED and not is_chinese(token.key):
            # Imported here: only an unknown word needs it.
            from rapidfuzz import process
            from rapidfuzz.distance import OSA

            if choices is None:
                english = (word for word in lexicon.vocabulary if not is_chinese(word))
                every = {*lexicon.name_parts, *english, *words.known, *words.synonyms}
                choices = sorted(word for word in every if len(word) >= _TYPED - 1)
            errors = 2 if len(token.key) >= _LONG else 1
            best = process.extractOne(token.key, choices, scorer=OSA.distance, score_cutoff=errors)
            # Another word without meaning is rather a word that is not known: "mayor", "major".
            if (
                best is not None
                and best[0][0] == token.key[0]
                and (
                    best[0] not in words.known
                    or len(best[0]) != len(token.key)
                    or sorted(best[0]) == sorted(token.key)
                )
            ):
                key = words.synonyms.get(best[0], best[0])
                corrected.add(at)
        fixed.append(token._replace(key=key))
    return tuple(fixed), frozenset(corrected)
