"""The text of a fact itself, which has no cue of a plan or a denial of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import local_name
from g60kg.stores.base import Term
from g60kg.validation.checks.support.cues import Cue
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.written_numbers import normalised


@dataclass(frozen=True, slots=True)
class OwnText:
    """The words of a fact's property and text, and the names of its entities, in small letters."""

    stated: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, facts: EvidencedFacts, fact: EvidencedFact) -> OwnText:
        """Return the words of a fact."""
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
        """Return whether a cue of a sentence is one of the words, or part of a name."""
        return self._are_stated(cue) or any(
            _is_in_name(cue, sentence.lower(), name) for name in self.names
        )

    def _are_stated(self, cue: Cue) -> bool:
        """Whether the property or the text has a cue: “will” in willCreate, “plan” in “planned”."""
        first = cue.words.lower().split()[0]
        if not first.isascii():
            return first in self.stated
        if len(first) < 4:  # "in talks to", "has its sights on"
            return re.search(rf"\b{re.escape(cue.words.lower())}\b", self.stated) is not None
        return re.search(rf"\b{re.escape(first[:4])}", self.stated) is not None


def _is_in_name(cue: Cue, sentence: str, name: str) -> bool:
    """Whether a cue is part of a name, which a sentence may shorten: “the plan to”, 行动计划."""
    places = (match.start() for match in re.finditer(re.escape(name), sentence))
    if any(start <= cue.start < start + len(name) for start in places):
        return True
    first = cue.words.lower().split()[0]
    if first.isascii():
        return first in re.findall("[a-z]+", name)
    around = (sentence[max(cue.start - 2, 0) : cue.end], sentence[cue.start : cue.end + 2])
    return any(len(part) == cue.end - cue.start + 2 and part in name for part in around)
