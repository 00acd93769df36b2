"""Words of a question that no name or query header has: corrected, or reported as unknown."""

from collections.abc import Iterator
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.lexicon import Lexicon
from g60kg.queries.ask.question_tokens import Token, Tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary

#: The digits of a number that is unknown unless it is a year or in a name; "top 5" is not.
_LARGE_NUMBER: Final = 4
#: A shorter word is corrected only by a letter more or less, or by two exchanged ones.
_TYPED: Final = 5
#: The shortest word that is corrected, and the shortest that may have two errors.
_SHORT: Final = 3
_LONG: Final = 8
_ERRORS: Final = 2
#: The endings of verbs, and of nouns of what is done.
_ENDINGS: Final = ("ing", "ed", "es", "er", "ment", "ion", "s")


def corrected_tokens(lexicon: Lexicon, listed: Tokens) -> tuple[Tokens, frozenset[int]]:
    """Return the tokens with their keys for comparison, and the numbers of the corrected ones.

    In the keys, typing errors are corrected, and synonyms and inflected forms are replaced.
    """
    words = question_vocabulary()
    fixed: list[Token] = []
    choices: list[str] = []
    corrected: set[int] = set()
    for at, token in enumerate(listed):
        key = token.key if token.chinese else words.synonyms.get(token.key, token.key)
        known = any(key in one for one in (lexicon.name_parts, lexicon.vocabulary, words.known))
        known = known or token.key in words.elsewhere
        if not known and not token.chinese:
            # "Mismatching" is a form of a word that is compared.
            stems = (
                stem
                for stem in _stems(token.key)
                if stem in words.synonyms or lexicon.meanings((stem,))
            )
            stem = next(stems, "")
            key = words.synonyms.get(stem, stem or key)
            known = bool(stem)
        word = token.key if token.key.isascii() and token.key.isalpha() else ""
        if not known and len(word) >= _SHORT:
            choices = choices or _choices(lexicon)
            best = _nearest(word, choices)
            if best is not None and not (
                token.written[0].isupper()
                and _is_other_name(word, best)
                and best not in lexicon.vocabulary
            ):
                key = words.synonyms.get(best, best)
                corrected.add(at)
        fixed.append(token._replace(key=key))
    return tuple(fixed), frozenset(corrected)


def _stems(word: str) -> Iterator[str]:
    """Yield the words that a word can be a form of: "match" for "matched" and "matching"."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > _SHORT:
            yield from (stem, f"{stem}e", stem[:-1] if stem[-1] == stem[-2] else stem)


def _choices(lexicon: Lexicon) -> list[str]:
    words = question_vocabulary()
    english = (word for word in lexicon.vocabulary if not is_chinese(word))
    every = {*lexicon.name_parts, *english, *words.known, *words.synonyms}
    return sorted(word for word in every if len(word) >= _SHORT and not is_chinese(word))


def _nearest(word: str, choices: list[str]) -> str | None:
    """Return the word of ``choices`` that a word with a typing error means, or None.

    An always known word is meant only if letters are missing, added or exchanged: "mayor" is not
    "major".
    """
    # Imported here: only an unknown word needs it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    errors = _ERRORS if len(word) >= _LONG else 1
    near = [one for one in choices if one[0] == word[0] and _can_be(word, one)]
    found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=errors)
    return None if found is None else str(found[0])


def _is_other_name(word: str, meant: str) -> bool:
    """Return whether words have one length, but not the same letters: Xianyang is not Xianyong."""
    return len(meant) == len(word) and sorted(meant) != sorted(word)


def _can_be(word: str, meant: str) -> bool:
    if sorted(meant) == sorted(word):
        return True
    if len(word) < _TYPED or meant in question_vocabulary().known:
        return len(meant) != len(word) and len(word) > _SHORT
    # "Starbucks" has not struck a deal.
    return abs(len(meant) - len(word)) < _ERRORS


def uncovered_runs(
    lexicon: Lexicon, text: str, listed: Tokens, taken: set[int]
) -> list[tuple[int, int]]:
    """Return the runs of adjacent unknown Chinese tokens, as token numbers, end exclusive.

    A token is known if its number is in ``taken``, or if the question vocabulary, the ontology or
    the header of a canned query has its word.
    """
    covered = set(taken)
    for start, end in question_vocabulary().known_chinese(text):
        covered.update(at for at, t in enumerate(listed) if start <= t.start < end)
    covered.update(at for at, t in enumerate(listed) if t.chinese and t.key in lexicon.vocabulary)
    for at in range(len(listed) - 1):
        pair = listed[at].key + listed[at + 1].key
        if listed[at].end == listed[at + 1].start and pair in lexicon.vocabulary:
            covered.update((at, at + 1))
    runs: list[tuple[int, int]] = []
    for at, token in enumerate(listed):
        if at not in covered and token.chinese:
            if runs and runs[-1][1] == at and listed[at - 1].end == token.start:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
    return runs


def unknown_tokens(
    lexicon: Lexicon, text: str, listed: Tokens, taken: set[int], names: int
) -> tuple[tuple[str, ...], int]:
    """Return the unknown words as written, and ``names`` plus the number of known words.

    Words that only ask do not count; all Chinese words together count as one.
    """
    words = question_vocabulary()
    unknown: list[str] = []
    known = names
    longer = [span for span in words.known_chinese(text) if span[1] > span[0] + 1]
    single = {
        at
        for at, t in enumerate(listed)
        if t.key in words.single
        and at not in taken
        and not any(start <= t.start < end for start, end in longer)
    }
    for at, token in enumerate(listed):
        if at in taken or token.chinese or token.key in words.fillers:
            continue
        if token.key in lexicon.vocabulary or (
            token.key.isdecimal() and len(token.key) < _LARGE_NUMBER
        ):
            # "who" alone says nothing.
            known += not any(token.key in asking for asking in words.content["asks"].values())
        elif token.key not in words.known:
            unknown.append(token.written)
    for start, end in uncovered_runs(lexicon, text, listed, taken):
        if end == start + 1:
            # With a word of one character beside it, it can be a name: 华为.
            start -= start - 1 in single
            # A surname has a given name behind it: 李强.
            named = listed[start].key in words.content["surnames_zh"]
            free = end < len(listed) and end not in taken and listed[end].chinese
            end += end in single or (named and free)
        unknown.append("".join(token.written for token in listed[start:end]))
    if any(listed[at].chinese and at not in taken for at in range(len(listed))):
        known += not lexicon.vocabulary.isdisjoint(words.features(text))
    return tuple(unknown), known
