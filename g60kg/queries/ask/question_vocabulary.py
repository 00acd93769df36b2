"""Words of questions: words without meaning, synonyms, and words for counts, years and columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, Final

from g60kg import package_data
from g60kg.model.names import is_chinese
from g60kg.queries.ask.question_tokens import is_character, keys, normalized, singular
from g60kg.rdf.text_excerpt import excerpt

#: Why a question is not understood: a key of ``reasons`` in the vocabulary, and the words meant.
Doubt = tuple[str, tuple[str, ...]]
_LATIN: Final = re.compile(r"[A-Za-z]+")
_FILE: Final = "queries/ask/question_vocabulary.yaml"
#: The endings of verbs and adjectives.
_INFLECTED: Final = ("ed", "ing", "ly", "able", "ive", "ous", "less")
_ORDINARY: Final = "queries/ask/ordinary_words.txt"


@dataclass(frozen=True)
class QuestionVocabulary:
    """The content of ``question_vocabulary.yaml``."""

    content: Mapping[str, Any]

    @cached_property
    def fillers(self) -> frozenset[str]:
        """The English words without meaning for the choice of a query, in the singular."""
        return frozenset(keys(self.content["fillers"]))

    @cached_property
    def phrases(self) -> dict[re.Pattern[str], str]:
        """The replacement of each phrase, as a template for :meth:`re.Match.expand`."""
        return {
            re.compile(phrase if is_chinese(phrase) else rf"\b(?:{phrase})\b", re.I): meaning
            for phrase, meaning in self.content["phrases"].items()
        }

    @cached_property
    def known(self) -> frozenset[str]:
        """The English words that are never unknown: ``fillers``, ``kept`` and ``units``."""
        return self.fillers | frozenset(keys(f"{self.content['kept']} {self.content['units']}"))

    @cached_property
    def single(self) -> frozenset[str]:
        """The Chinese words without meaning of one character, which can be a part of a word."""
        return frozenset(word for word in self.content["fillers_zh"].split() if len(word) == 1)

    @cached_property
    def _known_chinese(self) -> frozenset[str]:
        lists = (
            self.content[name] for name in ("fillers_zh", "particles_zh", "kept_zh", "units_zh")
        )
        statistics = (word for words in self.content["statistics"].values() for word in words)
        return frozenset((*(word for listed in lists for word in listed.split()), *statistics))

    def known_chinese(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the known Chinese words in a text, and of the words with synonyms.

        Spans are in characters, end exclusive: the longest word at each offset, so they can
        overlap.
        """
        known = self._known_chinese | self.synonyms.keys()
        longest = max(map(len, self._known_chinese))
        for start in range(len(text)):
            for end in range(min(len(text), start + longest), start, -1):
                if text[start:end] in known:
                    yield start, end
                    break

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """The verbs, adjectives and other words that are not nouns, without plural endings."""
        lines = package_data.file_text(_ORDINARY).splitlines()
        words = {word for line in lines if not line.startswith("#") for word in line.split()}
        return frozenset(word if is_chinese(word) else singular(word) for word in words)

    def is_ordinary(self, word: str) -> bool:
        """Return whether a word counts as no noun, by its ending or a list.

        True for a single Chinese character.

        >>> [question_vocabulary().is_ordinary(word) for word in ("sponsored", "hospitals")]
        [True, False]
        """
        if not is_chinese(word):
            return word.endswith(_INFLECTED) or singular(word.casefold()) in self.ordinary
        return len(word) == 1 or word in self.ordinary

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """The lower-case words of names of places outside the corridor and of some counties."""
        return frozenset(self.content["elsewhere"].casefold().split())

    def has_place_elsewhere(self, chinese: str) -> bool:
        """Return whether two characters of a Chinese text are a place in :attr:`elsewhere`."""
        return any(chinese[at : at + 2] in self.elsewhere for at in range(len(chinese) - 1))

    @cached_property
    def synonyms(self) -> dict[str, str]:
        """For each word with synonyms, the one of them that replaces it for comparison."""
        return {
            keys(word)[0] if not is_chinese(word) else word: group.split()[0]
            for group in self.content["synonyms"]
            for word in group.split()
        }

    def synonyms_of(self, word: str) -> tuple[str, ...]:
        """Return the synonyms that a word replaces for comparison; empty for any other word."""
        return tuple(other for other, first in self.synonyms.items() if first == word != other)

    def count_stems(self, name: str) -> Iterator[str]:
        """Yield what a measure with that name counts: "patents" for "number of patents"."""
        for form in (*self.content["count_names"], *self.content["count_names_zh"]):
            before, _, behind = form.partition("{}")
            if name.startswith(before) and name.endswith(behind):
                yield name[len(before) : len(name) - len(behind)]

    @cached_property
    def _chinese_filler(self) -> re.Pattern[str]:
        # A single character is often a part of a word.
        long = [word for word in self.content["fillers_zh"].split() if len(word) > 1]
        long.sort(key=len, reverse=True)
        return re.compile("|".join((*long, *self.content["particles_zh"].split())))

    def content_of(self, text: str) -> str:
        """Return a text for comparison: words without meaning removed, and synonyms replaced.

        >>> question_vocabulary().content_of("Which firms are there, in which city").split()
        ['enterprise', ',', 'city']
        """
        plain = _LATIN.sub(self._compared_word, normalized(text))
        if plain.isascii():
            return plain
        plain = self._chinese_filler.sub(" ", plain)
        return self._chinese_synonym.sub(lambda found: self.synonyms[found[0]], plain)

    def _compared_word(self, found: re.Match[str]) -> str:
        word = singular(found[0].casefold())
        return " " if word in self.fillers else self.synonyms.get(word, word)

    @cached_property
    def _chinese_synonym(self) -> re.Pattern[str]:
        words = sorted((word for word in self.synonyms if is_chinese(word)), key=len, reverse=True)
        return re.compile("|".join(words))

    def compared(self, name: str) -> tuple[str, ...]:
        """Return the tokens of a name, with each word replaced by its synonym for comparison."""
        return tuple(
            key if is_character(key) else self.synonyms.get(key, key) for key in keys(name)
        )

    def features(self, text: str) -> tuple[str, ...]:
        """Return the words of a text with synonyms replaced, and its pairs of Chinese characters.

        A Chinese character alone is a feature too.
        """
        text = normalized(text)
        if text.isascii():
            return self.compared(text)
        plain = self._chinese_synonym.sub(lambda found: self.synonyms[found[0]], text)
        found: list[str] = []
        for part in re.findall(r"\w+", plain):
            listed = keys(part)
            found += [self.synonyms.get(key, key) for key in listed if not is_character(key)]
            if len(listed) == 1 and is_character(part):
                found.append(part)
            for one, two in pairwise(listed):
                if is_character(one) and is_character(two):
                    found.append(one + two)
        return tuple(found)

    def statistics_asked(self, text: str, *, of_one: bool = False) -> list[str]:
        """Return the statistics that a question has words for, such as ``Share``.

        ``of_one`` adds those that without an entity are an order of rows, such as ``Rank``.
        """
        listed, plain = set(keys(text)), text.casefold().replace("-", " ")
        tables = [self.content["statistics"], *[self.content["statistics_of_one"]] * of_one]
        return [
            str(statistic)
            for table in tables
            for statistic, words in table.items()
            if any(w in plain if is_chinese(w) or " " in w else w in listed for w in words)
        ]

    def names_text(self, text: str) -> bool:
        """Return whether a question has a word for what a publisher publishes: an article."""
        return _has_word(text, self.content["texts"].split())

    def reason(self, doubt: Doubt, language: str) -> str:
        """Return why a question is not understood, in a language: ``zh``, else English."""
        kind, words = doubt
        if language == "zh":
            listed = "、".join(f"“{excerpt(word)}”" for word in words)
        else:
            language, listed = "en", ", ".join(f'"{excerpt(word)}"' for word in words)
        return str(self.content["reasons"][kind][language]).format(listed)

    def kinds_asked(self, text: str) -> frozenset[str]:
        """Return the kinds of columns that a question asks for: ``who``, ``where``, ``when``."""
        asks = self.content["asks"]
        return frozenset(kind for kind in asks if _has_word(text, asks[kind]))

    def kinds_of(self, columns: Iterable[str]) -> frozenset[str]:
        """Return the kinds of the columns of a query: ``who``, ``where``, ``when``.

        Most columns have no kind.
        """
        listed = set(columns)
        return frozenset(
            kind for kind, names in self.content["columns"].items() if listed & set(names)
        )


def _has_word(text: str, words: Iterable[str]) -> bool:
    listed = set(keys(text))
    return any(word in text if is_chinese(word) else word in listed for word in words)


@cache
def question_vocabulary() -> QuestionVocabulary:
    """Return the question vocabulary, which is read once."""
    return QuestionVocabulary(package_data.mapping(_FILE))
