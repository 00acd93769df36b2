"""Ranking of the canned queries by the words of a question.

Two measures of similarity, each from 0 to 1: BM25 of the question's words over the name,
summaries and sample questions in each header, and the n-grams of characters that the
question shares with the nearest sample question. Their mean counts, or the second one
alone, if it is higher: a question can be a sample question. A parameter in a sample
question, and a name for it in a question, are replaced by the sign of the parameter.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum, log
from typing import Final
from zlib import crc32

from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.catalog import NamedQuery, load_catalog

#: The signs for the values of parameters: characters for private use, which are in no word.
_FIRST_SIGN, _SIGNS = 0xE000, 6400
_GRAM_WORD: Final = re.compile(r"[\ue000-\uf8ff]|[^\W_]+")
_CONTENT: Final = re.compile(r"[^\W_\ue000-\uf8ff]")
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
#: The usual constants of BM25: saturation of repeated words, and the weight of the length.
_K1: Final = 1.2
_B: Final = 0.4
#: How often each text of a header counts.
_SAMPLES, _SUMMARY = 3, 2


@dataclass(frozen=True, slots=True)
class _Text:
    words: Mapping[str, int]
    length: float
    samples: Sequence[tuple[frozenset[str], float]]


@dataclass(frozen=True, slots=True)
class Compared:
    """The words and n-grams of a question, for comparison with query headers.

    ``best`` is an upper bound of the score of the words, ``weight`` the total rarity of
    the n-grams.
    """

    words: tuple[str, ...]
    best: float
    grams: frozenset[str]
    weight: float


class QueryRanking:
    """An index of the headers of canned queries."""

    def __init__(self, queries: Iterable[NamedQuery]) -> None:
        headers = {query.name: _header(query) for query in queries}
        among = Counter(word for words, _ in headers.values() for word in words)
        every = len(headers)
        self._rarity = {
            word: log(1 + (every - count + 0.5) / (count + 0.5)) for word, count in among.items()
        }
        grams = Counter(g for _, samples in headers.values() for one in samples for g in one)
        count = sum(len(samples) for _, samples in headers.values())
        self._gram_rarity = {gram: log(1 + count / number) for gram, number in grams.items()}
        self._texts = {
            name: _Text(
                words,
                float(sum(words.values())),
                [(sample, self._weight(sample)) for sample in samples],
            )
            for name, (words, samples) in headers.items()
        }
        self._mean = sum(text.length for text in self._texts.values()) / max(1, every)

    @property
    def vocabulary(self) -> Iterable[str]:
        """Every indexed feature of headers; see :meth:`QuestionVocabulary.features`."""
        return self._rarity.keys()

    def has_features(self, name: str, words: Iterable[str]) -> bool:
        """Return whether the header of a query has all of the words; False without words."""
        listed = list(words)
        return bool(listed) and all(word in self._texts[name].words for word in listed)

    def compared(self, text: str) -> Compared:
        """Return the words and n-grams of a text in which :func:`sign` has replaced the names."""
        text = question_vocabulary().content_of(text)
        words = [word for word in question_vocabulary().features(text) if word in self._rarity]
        best = sum(self._rarity[word] for word in words) * (_K1 + 1)
        grams = _grams(text)
        return Compared(tuple(words), best, grams, self._weight(grams))

    def score(self, name: str, text: Compared) -> float:
        """Return the similarity (0 to 1) of a query to what is compared of a question."""
        own = self._texts[name]
        by_words = self._bm25(text.words, own) / text.best if text.best else 0.0
        by_grams = max((self._alike(text, *sample) for sample in own.samples), default=0.0)
        return max(by_grams, (by_words + by_grams) / 2)

    def _bm25(self, words: Iterable[str], own: _Text) -> float:
        norm = _K1 * (1 - _B + _B * own.length / self._mean)
        counts = ((self._rarity[word], own.words.get(word, 0)) for word in words)
        return sum(rarity * n * (_K1 + 1) / (n + norm) for rarity, n in counts)

    def _alike(self, text: Compared, grams: frozenset[str], weight: float) -> float:
        return 2 * self._weight(text.grams & grams) / (text.weight + weight or 1)

    def _weight(self, grams: Iterable[str]) -> float:
        # An n-gram that no sample has is as rare as one that a single sample has. An exact sum does
        # not depend on the order of a set, which differs between processes.
        return fsum(self._gram_rarity.get(gram, 4.0) for gram in grams)


def sign(parameter: str) -> str:
    """Return the character that replaces the value of a parameter in texts that are compared."""
    return chr(_FIRST_SIGN + crc32(parameter.encode()) % _SIGNS)


@cache
def query_ranking() -> QueryRanking:
    """Return the index of the shipped canned queries."""
    return QueryRanking(load_catalog().values())


def _header(query: NamedQuery) -> tuple[Counter[str], list[frozenset[str]]]:
    """Return the words of a header with their weights, and the n-grams of its sample questions.

    The description is left out, and a sample of fillers and parameters, unless one is ``text``.
    """
    content = question_vocabulary().content_of
    signed = _PARAMETER.sub(lambda found: sign(found[1]), "\n".join(query.questions))
    compared = content(signed).split("\n")
    # "Who runs {organization}?" is a name alone when the words without meaning are gone.
    samples = [
        sample
        for sample, written in zip(compared, signed.split("\n"), strict=True)
        if _CONTENT.search(sample) or len(written) == 1 or sign("text") in written
    ]
    summaries = content("\n".join((query.name, query.summary, query.in_chinese[0])))
    words: Counter[str] = Counter()
    for text, weight in (("\n".join(samples), _SAMPLES), (summaries, _SUMMARY)):
        for word in question_vocabulary().features(text):
            words[word] += weight
    return words, list(map(_grams, samples))


def _grams(text: str) -> frozenset[str]:
    """Return the n-grams of a text: 3 characters of an ASCII word, 1 or 2 of another, and signs."""
    found: set[str] = set()
    for word in _GRAM_WORD.findall(text):
        if ord(word[0]) in range(_FIRST_SIGN, _FIRST_SIGN + _SIGNS):
            found.add(word)
        elif word.isascii():
            framed = f" {word} "
            found.update([framed[at : at + 3] for at in range(len(framed) - 2)])
        else:
            found.update(word)
            found.update([word[at : at + 2] for at in range(len(word) - 1)])
    return frozenset(found)
