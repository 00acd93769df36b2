"""Texts that a Fact states about its subject, such as a description, and its speakers.

Curators shorten and rephrase, so such a text must share some content words with its evidence, not
all. A speaker is often named elsewhere in the article. Words of what a Fact states are not a cue of
a plan or a denial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import local_name
from g60kg.stores.base import Term
from g60kg.validation.checks.support.cues import Cue
from g60kg.validation.checks.support.entity_names import counts
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import CJK, Name, Span
from g60kg.validation.checks.support.written_numbers import normalised

#: The letters that forms of one word share: administration, administrative.
_STEM: Final = 4
_CHINESE: Final = re.compile(f"[{CJK}]+")


def lacks_text(fact: EvidencedFact) -> bool:
    """Whether the object of a Fact is a text that shares no content word with the evidence.

    False if the text has no language tag or no content words, or if a piece of evidence is in
    another language.
    """
    text = fact.object
    if not isinstance(text, Literal) or not text.language:
        return False
    language = text.language.partition("-")[0].lower()
    if any(words.own_languages and language not in words.own_languages for words in fact.evidence):
        return False
    own = _parts(text.value)
    return bool(own) and all(own.isdisjoint(_parts(words.text)) for words in fact.evidence)


def unnamed_speaker(facts: EvidencedFacts, fact: EvidencedFact) -> Term | None:
    """Return a speaker of a Fact whom an article of its evidence does not name, or None.

    None at the first article that is not at hand. A speaker who has no name in the languages of
    the article counts as named.
    """
    for words in fact.evidence if fact.speakers else ():
        source = words.source
        article = facts.at_hand.article(source) if isinstance(source, NamedNode) else None
        if article is None:
            return None
        span, parts = _of_article(article)
        for speaker in fact.speakers:
            if isinstance(speaker, Literal):
                own = _parts(speaker.value)
                named = not own or not own.isdisjoint(parts)
            elif isinstance(speaker, NamedNode):
                names = [
                    name
                    for tag, name in facts.names(speaker, fact)
                    if counts(tag, name, words.languages)
                ]
                named = not names or any(name.is_in(span) for name in names)
            if not named:
                return speaker
    return None


@lru_cache(maxsize=4)
def _of_article(text: str) -> tuple[Span, frozenset[str]]:
    return Span.of(normalised(text)), _parts(text)


def _parts(text: str) -> frozenset[str]:
    plain = normalised(text)
    words = (word[:_STEM] for word in Name.of(plain).words)
    runs = _CHINESE.findall(plain)
    return frozenset((*words, *("".join(pair) for run in runs for pair in pairwise(run))))


@dataclass(frozen=True, slots=True)
class OwnText:
    """The texts of a fact in small letters: of its property and literal, and names of its nodes."""

    stated: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, facts: EvidencedFacts, fact: EvidencedFact) -> OwnText:
        """Return the texts of a fact."""
        name = re.sub("(?<=[a-z])(?=[A-Z])", " ", local_name(fact.predicate.value))
        texts: list[Term] = [fact.predicate]
        if isinstance(fact.object, Literal):
            texts.append(fact.object)
        labels = (label for node in texts for label in facts.labels(node))
        nodes = [node for node in (fact.subject, fact.object) if isinstance(node, NamedNode)]
        names = {normalised(label).lower() for node in nodes for label in facts.labels(node)}
        names.update(name.text for node in nodes for _, name in facts.names(node, fact))
        return cls(normalised(" ".join((name, *labels))).lower(), tuple(sorted(names - {""})))

    def has(self, cue: Cue, sentence: str) -> bool:
        """Return whether a cue of a sentence is in ``stated``, or is part of one of the names."""
        return self._are_stated(cue) or any(
            _is_in_name(cue, sentence.lower(), name) for name in self.names
        )

    def _are_stated(self, cue: Cue) -> bool:
        first = cue.words.lower().split()[0]
        if not first.isascii():
            return first in self.stated
        if len(first) < 4:  # "in talks to", "has its sights on"
            return re.search(rf"\b{re.escape(cue.words.lower())}\b", self.stated) is not None
        return re.search(rf"\b{re.escape(first[:4])}", self.stated) is not None


def _is_in_name(cue: Cue, sentence: str, name: str) -> bool:
    places = (match.start() for match in re.finditer(re.escape(name), sentence))
    if any(start <= cue.start < start + len(name) for start in places):
        return True
    first = cue.words.lower().split()[0]
    if first.isascii():
        return first in re.findall("[a-z]+", name)
    around = (sentence[max(cue.start - 2, 0) : cue.end], sentence[cue.start : cue.end + 2])
    return any(len(part) == cue.end - cue.start + 2 and part in name for part in around)
