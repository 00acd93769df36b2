"""Facts with the texts of their evidence, and the names, numbers and years that they state."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.evidence_comparison import TextsAtHand, read_evidence
from g60kg.model.facts import FACT_TRIPLE
from g60kg.model.observations import decimal_of
from g60kg.namespaces import LABEL, A, g60, local_name, term
from g60kg.stores.base import GraphStore, Term, objects_by_predicate, text_of
from g60kg.validation.checks.support.cues import has_stage, sentences
from g60kg.validation.checks.support.entity_names import EntityNames, GraphName, counts
from g60kg.validation.checks.support.named_entities import Name, Span, written_language
from g60kg.validation.checks.support.written_dates import part_of_year, plan_years
from g60kg.validation.checks.support.written_numbers import (
    early_years,
    equal_numbers,
    normalised,
    written_numbers,
    written_years,
)
from g60kg.validation.checks.support.written_units import (
    STATED,
    direction,
    has_minus,
    is_expressed,
    is_loss,
    rank_direction,
    written_units,
    year_or_rank,
)

_OF_CHANGE: Final = frozenset(("Growth", "MeanAnnualGrowth", "Change"))
_STATISTIC: Final = g60("statistic")
_ONE_OF_TWO: Final = (frozenset(("en",)), frozenset(("zh",)))
_TEXT: Final = term("xsd:string")
_DATE: Final = re.compile(r"-?\d{4}(?:-\d\d){0,2}(?:[/.~?%-].*)?")
_YEAR: Final = re.compile(r"\d{4}")
_EDTF_YEAR: Final = re.compile(r"(?<![\d-])\d{4}(?!\d)")
_NUMERIC: Final = frozenset(term(f"xsd:{name}") for name in ("integer", "decimal", "double"))


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """The text of a piece of evidence.

    Attributes:
        text: the normalised text of the quotation or the passage.
        languages: the primary language tags of the source; empty if none is stated.
        source: the source; None if none is stated.
        locator: where a passage is, whose text must not be reproduced; None for a quotation.
        other: the language of the text, zh or en, if the source is in the other one; else None.
    """

    text: str
    languages: frozenset[str]
    source: Term | None
    locator: str | None
    other: str | None

    @property
    def own_languages(self) -> frozenset[str]:
        """The languages in which the text can name an entity; empty if unknown."""
        return frozenset((self.other,)) if self.other else self.languages


@dataclass(frozen=True, slots=True)
class EvidencedFact:
    """A Fact and the words of its evidence.

    Attributes:
        modes: the local names of its modality.
        is_derived: whether it is Derived and a comment explains it.
        is_complete: whether none of its evidence is left out of ``evidence`` for lack of a text.
        verbatim: the normalised source wording of its figure, if any.
        graphs: the named graphs that state its evidence.
    """

    subject: Term
    predicate: NamedNode
    object: Term
    modes: frozenset[str]
    is_derived: bool
    times: tuple[str, ...]
    speakers: tuple[Term, ...]
    evidence: tuple[EvidenceText, ...]
    is_complete: bool
    verbatim: str | None
    graphs: frozenset[GraphName]

    @property
    def has_year_object(self) -> bool:
        """Whether the object is a year of four digits, and the property's name contains “year”."""
        return (
            isinstance(self.object, Literal)
            and re.fullmatch(r"\d{4}", self.object.value) is not None
            and "year" in local_name(self.predicate.value).lower()
        )

    @property
    def has_ended(self) -> bool:
        """Whether the fact is Past, or one of its times is an interval with a stated end."""
        return "Past" in self.modes or self.gives_end

    @property
    def gives_end(self) -> bool:
        """Whether one of the times of the fact is an interval with a stated end."""
        return any(re.search(r"/-?\d", time) for time in self.times)

    @property
    def written_years(self) -> frozenset[int]:
        """The years in the evidence, and the first and last years of five-year plans in it.

        Numbers that can be years before 1500 are among them.
        """
        texts = [words.text for words in self.evidence]
        readers = (written_years, early_years, plan_years)
        return frozenset().union(*(years(text) for years in readers for text in texts))


class EvidencedFacts:
    """The Facts of a store with the texts of their evidence; each text is read once."""

    def __init__(self, store: GraphStore, at_hand: TextsAtHand, names: EntityNames) -> None:
        self.store = store
        self.at_hand = at_hand
        self.entity_names = names
        #: Returns the values of a figure by property; None for a node without a number.
        self.figure = cache(partial(_read_figure, store))
        self._text_of = cache(partial(_read_text, store, at_hand))

    def prefetch(self, facts: Iterable[NamedNode]) -> None:
        """Announce the Facts to be read next; a remote store can fetch them in one request."""
        self.store.prefetch(facts, (ns.HAS_EVIDENCE,), (ns.HAS_SELECTOR, ns.HAS_SOURCE))

    def read(self, iri: NamedNode) -> EvidencedFact | None:
        """Return a Fact; None if it does not state one triple, or no evidence of it has a text.

        A passage has a text only if the text of its article is at hand.
        """
        about = objects_by_predicate(self.store.quads(iri))
        terms = [about.get(name, ()) for name in FACT_TRIPLE]
        evidence = [self._text_of(node) for node in about.get(ns.HAS_EVIDENCE, ())]
        found = tuple(words for words in evidence if words is not None)
        if not found or any(len(one) != 1 for one in terms):
            return None  # the latter is a violation of a shape
        subject, predicate, object_ = (next(iter(one)) for one in terms)
        if not isinstance(predicate, NamedNode):
            return None
        modes = frozenset(
            local_name(node.value) for mode in ns.MODALITY for node in about.get(mode, ())
        )
        return EvidencedFact(
            subject=subject,
            predicate=predicate,
            object=object_,
            modes=modes,
            is_derived="Derived" in modes and ns.COMMENT in about,
            times=tuple(node.value for node in about.get(ns.TIME, ())),
            speakers=tuple(about.get(ns.ATTRIBUTED_TO, ())),
            evidence=found,
            is_complete=len(found) == len(evidence),
            verbatim=next((normalised(node.value) for node in about.get(ns.VERBATIM, ())), None),
            graphs=frozenset(q.graph_name for q in self.store.quads(iri, ns.HAS_EVIDENCE, None)),
        )

    def of_figure(self, fact: EvidencedFact, predicate: NamedNode) -> list[Term]:
        """Return the values of a property of a Fact's figure; empty if it states no figure."""
        return (self.figure(fact.object) or {}).get(predicate, [])

    def numbers(self, fact: EvidencedFact) -> list[Decimal]:
        """Return the numbers that a Fact states: of its figure, or its object; empty for a year."""
        figure = self.figure(fact.object)
        if figure is not None:
            stated = (number_in(figure, name) for name in (ns.NUMERIC_VALUE, ns.UPPER_VALUE))
            return [number for number in stated if number is not None]
        if fact.has_year_object or not isinstance(fact.object, Literal):
            return []
        number = decimal_of(fact.object) if fact.object.datatype in _NUMERIC else None
        return [] if number is None else [number]

    def states(self, fact: EvidencedFact, number: Decimal, *texts: str) -> bool:
        """Whether texts, by default the evidence, state a number of a Fact, whatever its sign."""
        said = texts or [words.text for words in fact.evidence]
        if any(match.equals(number) for text in said for match in written_numbers(text)):
            return True
        # Read only for the few numbers that are not in the text.
        statistics = self.statistics(fact)
        return any(is_expressed(number, one, text) for one in statistics for text in said)

    def _of_measure(self, fact: EvidencedFact, *path: NamedNode) -> list[Term]:
        """Return the nodes that a path of properties reaches from the measure of a Fact's figure.

        Empty if the Fact states no figure.
        """
        found = self.of_figure(fact, ns.OBSERVED_MEASURE)
        for step in path:
            nodes = [node for node in found if isinstance(node, NamedNode)]
            found = [value for node in nodes for value in self.store.objects(node, step)]
        return found

    def statistics(self, fact: EvidencedFact) -> set[str]:
        """Return the local names of the statistics of the measure of a Fact's figure."""
        return {local_name(kind.value) for kind in self._of_measure(fact, _STATISTIC)}

    def has_other_sign(self, fact: EvidencedFact, number: Decimal) -> bool:
        """Whether the evidence states a fall where a Fact states a rise, or the reverse.

        Places gained in a ranking are a fall of the position. True also for a figure other
        than a change if it is below zero without a minus sign, a loss or a fall; or above zero,
        always called a loss, and of a measure that may be negative.
        """
        sign = (number > 0) - (number < 0)
        of_rank = g60("Rank") in self._of_measure(fact, g60("ofMeasure"), _STATISTIC)
        matches = [
            (words.text, match)
            for words in fact.evidence
            for match in equal_numbers(words.text, [number])
        ]
        is_change = bool(_OF_CHANGE & self.statistics(fact))
        is_below = has_minus if is_change else is_loss
        found = {
            ((of_rank and rank_direction(*one)) or (-1 if is_below(*one) else direction(*one)))
            * sign
            for one in matches
        }
        if is_change:
            return found == {-1}
        if sign > 0 and self._of_measure(fact, g60("mayBeNegative")):
            return bool(matches) and all(is_loss(*one) for one in matches)
        return sign < 0 and 1 not in found

    def other_unit(self, fact: EvidencedFact, numbers: Collection[Decimal]) -> str | None:
        """Return the words of the evidence that give a number of a Fact another unit, or None.

        None if the stated unit is not in :data:`STATED` or is at any occurrence of a number, or if
        no occurrence has a unit. For a count, instead, None unless each occurrence has a unit or is
        a year or a rank; if the statistic is a rank, each must have a unit.
        """
        stated = {local_name(one.value) for one in self.of_figure(fact, ns.UNIT)}
        matches = [
            (words.text, match)
            for words in fact.evidence
            for match in equal_numbers(words.text, numbers)
        ]
        beside = [tuple(written_units(*match)) for match in matches]
        if stated == {"NUM"}:
            is_rank = "Rank" in self.statistics(fact)
            counted = [None if is_rank else year_or_rank(*match) for match in matches]
            if not all(map(any, zip(beside, counted, strict=True))):
                return None
            every = (*(said for units in beside for _, said in units), *filter(None, counted))
            return next(iter(every), None)
        found = [said for units in beside for said in units]
        is_other = found and stated and stated <= STATED and stated.isdisjoint(dict(found))
        return found[0][1] if is_other else None

    def is_in_verbatim(self, fact: EvidencedFact, numbers: Iterable[Decimal]) -> bool:
        """Whether the source wording of a figure has one of its numbers; True without a wording."""
        words = fact.verbatim
        return words is None or any(self.states(fact, number, words) for number in numbers)

    def years(self, fact: EvidencedFact) -> set[int]:
        """Return the years in the dates of a Fact; see :meth:`dates`."""
        return _years(self.dates(fact))

    def dates(self, fact: EvidencedFact) -> list[str]:
        """Return the times of a Fact, the period of its figure, and its object if it is a date."""
        periods = (node.value for node in self.of_figure(fact, ns.REFERENCE_PERIOD))
        return [*fact.times, *periods, *_date_of(fact)]

    def part_of_year(self, fact: EvidencedFact, numbers: Collection[Decimal]) -> str | None:
        """Return the words if evidence gives a yearly figure for part of a year alone, or None."""
        stated = self.of_figure(fact, ns.REFERENCE_PERIOD)
        periods = [node.value for node in stated] or fact.times
        is_flow = self._of_measure(fact, g60("flow"))
        if not (is_flow and periods and all(map(_YEAR.fullmatch, periods))):
            return None
        said = [
            part_of_year(sentence, match.start, match.end)
            for words in fact.evidence
            for sentence in sentences(words.text)
            for match in equal_numbers(sentence, numbers)
        ]
        return said[0] if all(said) and said else None

    def object_years(self, fact: EvidencedFact) -> set[int]:
        """Return the years of the object of a Fact if it is a date or a year, else an empty set."""
        return _years(_date_of(fact))

    def compared_years(self, fact: EvidencedFact) -> set[int]:
        """Return the years of the period with which a Fact's figure is compared; may be empty."""
        return _years(node.value for node in self.of_figure(fact, ns.COMPARED_WITH))

    def is_named(self, node: Term, fact: EvidencedFact) -> bool:
        """Whether the evidence of a Fact names a node; True if the node has no name to find."""
        if not isinstance(node, NamedNode) or (fact.predicate == A and node == fact.object):
            return True
        role = self.entity_names.of_role(node, is_subject=node == fact.subject)
        names = [*self.names(node, fact), *role]
        was_sought = False
        for words in fact.evidence:
            if node == words.source or has_stage(local_name(node.value), words.text):
                return True
            span, languages = Span.of(words.text), words.own_languages
            for tag, name in names:
                if counts(tag, name, languages):
                    was_sought = True
                    if name.is_in(span) and self._is_apart(name, words.text, node, fact):
                        return True
        return not was_sought

    def _is_apart(self, name: Name, text: str, node: NamedNode, fact: EvidencedFact) -> bool:
        is_subject = node == fact.subject
        other = fact.object if is_subject else fact.subject
        ends = (node, other if isinstance(other, NamedNode) else None)
        # A category or a basis says of which part a figure is: 市区.
        is_whole = is_subject and bool(self.of_figure(fact, ns.OBSERVED_MEASURE))
        is_whole = is_whole and not any(
            self.of_figure(fact, one) for one in (ns.CATEGORY, ns.BASIS)
        )
        return self.entity_names.is_apart(
            name, text, ends, fact.graphs, is_subject=is_subject, is_whole=is_whole
        )

    def names(self, node: NamedNode, fact: EvidencedFact) -> list[tuple[str, Name]]:
        """Return the names of an entity that count for a Fact, each with a primary language tag."""
        return self.entity_names.of(node, fact.graphs)

    def labels(self, node: Term) -> Iterator[str]:
        """Yield the labels of an IRI in all languages, or the text of a literal."""
        if isinstance(node, Literal):
            yield node.value
        elif isinstance(node, NamedNode):
            found = self.store.objects(node, LABEL)
            yield from (label.value for label in found if isinstance(label, Literal))


def _read_figure(store: GraphStore, node: Term) -> dict[NamedNode, list[Term]] | None:
    if isinstance(node, Literal) or not any(store.quads(node, ns.NUMERIC_VALUE, None)):
        return None
    return objects_by_predicate(store.quads(node))


def _read_text(store: GraphStore, at_hand: TextsAtHand, evidence: Term) -> EvidenceText | None:
    if isinstance(evidence, Literal):
        return None
    about = objects_by_predicate(store.quads(evidence))
    source = next(iter(about.get(ns.HAS_SOURCE, ())), None)
    of_source = objects_by_predicate(store.quads(source)) if isinstance(source, NamedNode) else {}
    nodes = (one for one in about.get(ns.HAS_SELECTOR, ()) if not isinstance(one, Literal))
    words = (text_of(store, node, ns.EXACT) for node in nodes)
    exact, locator = next(filter(None, words), None), None
    if exact is None:
        passage = None
        if isinstance(evidence, NamedNode):
            passage = read_evidence(store, evidence)
        exact = at_hand.text_of(passage) if passage else None
        if passage is None or exact is None:
            return None  # the check of passages reports it
        locators = about.get(ns.LOCATOR, ())
        places = ("–".join(map(str, place)) for place in passage.places)
        locator = min((node.value for node in locators), default=next(places, ""))
    tags = " ".join(node.value for node in of_source.get(g60("language"), ()))
    found = (tag.partition("-")[0].lower() for tag in re.split(r"[\s,;]+", tags) if tag)
    languages, written = frozenset(found), written_language(exact)
    other = written if languages in _ONE_OF_TWO and written not in languages else None
    return EvidenceText(normalised(exact), languages, source, locator, other)


def _date_of(fact: EvidencedFact) -> list[str]:
    node = fact.object
    is_date = isinstance(node, Literal) and (
        fact.has_year_object or (node.datatype == _TEXT and _DATE.fullmatch(node.value))
    )
    return [node.value] if is_date else []


def _years(dates: Iterable[str]) -> set[int]:
    return {int(year) for date in dates for year in _EDTF_YEAR.findall(date)}


def number_in(figure: Mapping[NamedNode, list[Term]], name: NamedNode) -> Decimal | None:
    """Return the number of a property of a figure; None if it has none or it is invalid."""
    return next((decimal_of(node) for node in figure.get(name, ())), None)
