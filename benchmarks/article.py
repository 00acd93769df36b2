"""A synthetic article: its text, and its facts with their quotations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from benchmarks.world import CITIES, CITY_NAMES, Kind, Resource
from g60kg.model.iri_minting import (
    NewEvidence,
    NewObservation,
    Statement,
    article_triples,
)
from g60kg.namespaces import (
    FACT_STATUS,
    HAS_OBSERVATION,
    LABEL,
    ORIGIN,
    VOICE,
    WORDING,
    A,
    entity,
    g60,
    term,
)

#: One in this many statements contradicts those of other articles.
ONE_IN_CONFLICTS: Final = 25
COMPARATORS: Final = ("Exactly", "Approximately", "Nearly", "GreaterThan", "AtLeast", "AtMost")
ADVERBS: Final = ("", "about ", "nearly ", "more than ", "at least ", "at most ")
ADVERBS_ZH: Final = ("", "约", "近", "超过", "至少", "至多")
#: The property of each modality that a statement can have; a plain statement has none.
MODALITIES: Final = {
    "Attributed": VOICE,
    "Quoted": VOICE,
    "Goal": FACT_STATUS,
    "Superlative": WORDING,
    "Evaluative": WORDING,
    "Derived": ORIGIN,
}
#: Measures whose figures need no period.
TIMELESS: Final = frozenset(("total-investment",))
SPEAKERS: Final = ("an official of the district", "the chief engineer", "a manager of the park")
FILLER: Final = ("The work goes on. ", "Students come every week. ", "More is planned. ", "")


@dataclass
class Article:
    """An article under construction; its content depends only on seed and number."""

    seed: int
    number: int
    _text: list[str] = field(default_factory=list)
    _length: int = 0
    _said: dict[Triple, Statement] = field(default_factory=dict)
    _resources: dict[NamedNode, Resource] = field(default_factory=dict)
    _further: list[Triple] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed * 1_000_003 + self.number)
        self.chinese = self.random.random() < 0.3

    @property
    def source(self) -> str:
        """The publisher's number."""
        return str(3_000_000_000 + self.number)

    @property
    def text(self) -> str:
        """The text that the offsets refer to."""
        return "".join(self._text)

    @property
    def iri(self) -> NamedNode:
        """The Article node."""
        return entity(f"article-{self.source}")

    def triples(self) -> Iterator[Triple]:
        """The triples of its named graph, each once."""
        return iter(dict.fromkeys(self._triples()))

    def _triples(self) -> Iterator[Triple]:
        # After all years that the facts name.
        day = f"{2024 + self.number % 2}-{1 + self.number % 12:02}-{1 + self.number % 28:02}"
        header = {
            "title": f"Notes from the corridor, number {self.number}",
            "url": f"https://news.example.org/corridor/{self.source}",
            "date": day,
            "publisher": "Corridor Notes",
            "language": "zh" if self.chinese else "en",
            "text-sha256": hashlib.sha256(self.text.encode()).hexdigest(),
            "text-length": str(self._length),
        }
        for triple in article_triples(self.source, header):
            if triple.predicate != LABEL:
                yield triple
        yield Triple(self.iri, LABEL, Literal(header["title"], language="en"))
        for resource in self._resources.values():
            yield Triple(resource.iri, A, resource.type)
            yield Triple(resource.iri, LABEL, Literal(resource.label, language="en"))
            if resource.named_in_chinese:
                yield Triple(resource.iri, LABEL, Literal(resource.label_zh, language="zh"))
        yield from self._further
        for statement in self._said.values():
            if statement.status is None or statement.triple.predicate == HAS_OBSERVATION:
                yield statement.triple
            yield from statement.triples()

    # -- Statements ---------------------------------------------------------------

    def add(self, *triples: Triple) -> None:
        """Add triples that need no Fact."""
        self._further.extend(triples)

    def sample(self, kind: Kind) -> Resource:
        """Return a resource of a kind; ranks follow an unbounded power law."""
        far = kind.spread * (self.random.paretovariate(0.9) - 1)
        return self.introduce(Resource(kind, int(min(far, 1e12))))

    def introduce(self, resource: Resource) -> Resource:
        """Add a resource with its class and names, and return it."""
        self._resources.setdefault(resource.iri, resource)
        return resource

    def conflicts(self) -> bool:
        """Decide whether the next statement contradicts other articles."""
        return self.random.randrange(ONE_IN_CONFLICTS) == 0

    def literal(self, english: str, chinese: str) -> Literal:
        """Return a literal in the language of the article."""
        return Literal(chinese, language="zh") if self.chinese else Literal(english, language="en")

    def name_of(self, resource: Resource | str) -> str:
        """Return the name of a resource or city in the language of the article."""
        if isinstance(resource, str):
            return CITY_NAMES[resource] if self.chinese else resource.capitalize()
        return resource.label_zh if self.chinese else resource.label

    def quote(self, english: str, chinese: str) -> NewEvidence:
        """Append a sentence to the text and return it as evidence."""
        if self.random.random() < 0.5:
            self._write(self.random.choice(FILLER))
        sentence = chinese if self.chinese else english
        evidence = NewEvidence(self.iri, quote=sentence, start=self._length)
        self._write(sentence + ("。" if self.chinese else ". "))
        return evidence

    def _write(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def say(
        self,
        subject: NamedNode,
        predicate: str | NamedNode,
        value: NamedNode | Literal,
        evidence: NewEvidence,
        *,
        mode: str = "",
        time: str | None = None,
        verbatim: str | None = None,
        dated: bool = False,
        complete: bool = False,
    ) -> None:
        """State a triple with evidence; a repeated triple gets a further quotation."""
        property_ = g60(predicate) if isinstance(predicate, str) else predicate
        triple = Triple(subject, property_, value)
        before = self._said.get(triple)
        if before is not None:
            self._said[triple] = replace(before, evidence=(*before.evidence, evidence))
            return
        mode = (
            mode
            or self.random.choices(
                ("Asserted", "Attributed", "Goal", "Derived", "Evaluative", "Quoted"),
                (80, 7, 5, 3, 3, 2),
            )[0]
        )
        speaker = Literal(self.random.choice(SPEAKERS), language="en")
        note = Literal("Derived from the sentences before it.", language="en")
        self._said[triple] = Statement(
            triple,
            (evidence,),
            modality=((MODALITIES[mode], g60(mode)),) if mode in MODALITIES else (),
            time=time,
            attributed_to=speaker if mode == "Attributed" else None,
            note=note if mode == "Derived" else None,
            verbatim=verbatim,
            dated=dated,
            complete_list=complete,
        )

    def states(self, subject: NamedNode, predicate: str) -> bool:
        """Return whether the article has a statement with that subject and property."""
        property_ = g60(predicate)
        return any(t.subject == subject and t.predicate == property_ for t in self._said)

    def measure(
        self,
        subject: NamedNode,
        name: str,
        measure: str,
        value: int,
        unit: str,
        period: str | None = None,
    ) -> None:
        """State a figure of the subject, once per article."""
        if self.states(subject, "hasObservation"):
            return
        bound = self.random.choices(range(6), (50, 15, 10, 15, 5, 5))[0]
        value = value * 2 + 1 if self.conflicts() else value
        figure = NewObservation(
            subject=subject,
            measure=term(f"measure:{measure}"),
            value=str(value),
            comparator=g60(COMPARATORS[bound]),
            unit=term(f"unit:{unit}"),
            period=period,
            source=None if period or measure in TIMELESS else self.source,
        )
        self._further.extend(figure.triples())
        verbatim = f"{ADVERBS_ZH[bound]}{value}" if self.chinese else f"{ADVERBS[bound]}{value:,}"
        evidence = self.quote(f"the figure of {name} is {verbatim}", f"{name}的数字为{verbatim}")
        self.say(subject, HAS_OBSERVATION, figure.iri, evidence, mode="Asserted", verbatim=verbatim)

    def cities(self, resource: Resource, what: str) -> list[str]:
        """Return the cities that take part; some articles list a different last one."""
        first, count = resource.number(what, len(CITIES)), 2 + resource.number(f"{what} count", 5)
        chosen = [CITIES[(first + place) % len(CITIES)] for place in range(count)]
        if self.conflicts():
            chosen[-1] = CITIES[(first + count) % len(CITIES)]
        return chosen
