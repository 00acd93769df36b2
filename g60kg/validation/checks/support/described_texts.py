"""Texts that a Fact states of its subject, such as a description, and its speakers.

Curators shorten and rephrase, so a text needs some content words of its evidence, not all. A
speaker is often named elsewhere in the article.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.stores.base import Term
from g60kg.validation.checks.support.entity_names import counts
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import CJK, Name, Span
from g60kg.validation.checks.support.written_numbers import normalised

#: The letters that forms of one word share: administration, administrative.
_STEM: Final = 4
_CHINESE: Final = re.compile(f"[{CJK}]+")


def lacks_text(fact: EvidencedFact) -> bool:
    """Whether the object of a Fact is a text of which no word is in the words of its evidence."""
    text = fact.object
    if not isinstance(text, Literal) or not text.language:
        return False
    language = text.language.partition("-")[0].lower()
    if any(words.own_languages and language not in words.own_languages for words in fact.evidence):
        return False
    own = _parts(text.value)
    return bool(own) and all(own.isdisjoint(_parts(words.text)) for words in fact.evidence)


def unnamed_speaker(facts: EvidencedFacts, fact: EvidencedFact) -> Term | None:
    """Return a speaker of a Fact whom the article, if it is at hand, does not name."""
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
    """Return the words of an article; the facts of one source come together."""
    return Span.of(normalised(text)), _parts(text)


def _parts(text: str) -> frozenset[str]:
    """Return the beginnings of the content words of a text, and its pairs of Chinese characters."""
    plain = normalised(text)
    words = (word[:_STEM] for word in Name.of(plain).words)
    runs = _CHINESE.findall(plain)
    return frozenset((*words, *("".join(pair) for run in runs for pair in pairwise(run))))
