"""Check that the text of its evidence supports a Fact: names, numbers, years, hedges, negations.

A quotation can be verbatim and say something else. The check reads all evidence of a Fact together
and returns warnings, since a text can support a statement that it does not repeat.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from pyoxigraph import NamedNode

from g60kg import namespaces as ns
from g60kg.model.change import Change
from g60kg.model.everyday_names import COMPARATORS
from g60kg.model.evidence_comparison import TextsAtHand
from g60kg.model.figure_text import grouped
from g60kg.namespaces import A, g60, local_name, term
from g60kg.stores.base import GraphStore, Term
from g60kg.validation.check_codes import CheckCode, FindingList, check_code, written
from g60kg.validation.checks.support.cues import (
    Cue,
    comparator_cue,
    cues,
    has_stage,
    is_end,
    sentences,
)
from g60kg.validation.checks.support.described_texts import OwnText, lacks_text, unnamed_speaker
from g60kg.validation.checks.support.entity_names import EntityNames
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts, number_in
from g60kg.validation.checks.support.figure_dimensions import left_out_category, unnamed_dimension
from g60kg.validation.checks.support.name_cues import (
    exception_of,
    follows_holder,
    of_own_subject,
    past_cue_of,
    present_cue,
)
from g60kg.validation.checks.support.named_entities import Span
from g60kg.validation.checks.support.property_verbs import has_verb, verb_cues
from g60kg.validation.checks.support.written_dates import (
    missing_date,
    other_years,
    year_of_another_event,
)
from g60kg.validation.checks.support.written_numbers import (
    equal_numbers,
    normalised,
    written_numbers,
    written_years,
)
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import Finding, Status
from g60kg.validation.texts import check_texts

LACKS_SUBJECT: Final = check_code("EvidenceLacksSubject")
LACKS_OBJECT: Final = check_code("EvidenceLacksObject")
LACKS_CATEGORY: Final = check_code("EvidenceLacksCategory")
CATEGORY_LEFT_OUT: Final = check_code("CategoryIsLeftOut")
LACKS_NUMBER: Final = check_code("EvidenceLacksNumber")
LACKS_YEAR: Final = check_code("EvidenceLacksYear")
LACKS_DATE: Final = check_code("EvidenceLacksDate")
LACKS_TEXT: Final = check_code("EvidenceLacksText")
LACKS_SPEAKER: Final = check_code("EvidenceLacksSpeaker")
OTHER_LANGUAGE: Final = check_code("EvidenceIsInOtherLanguage")
NEGATES: Final = check_code("EvidenceNegates")
HEDGES: Final = check_code("EvidenceHedges")

_NOT_ACTUAL: Final = frozenset(("Goal", "Planned", "Expected"))
_REPORTED: Final = _NOT_ACTUAL | {"Attributed", "Quoted"}
#: The comparators of a number below zero: a fall of more than 5 percent is below -5.
_OF_FALL: Final = COMPARATORS | {
    "nearly": ["GreaterThan", "AtLeast", "Approximately"],
    **dict.fromkeys(("less than", "at most"), COMPARATORS["at least"]),
    **dict.fromkeys(("more than", "at least"), COMPARATORS["at most"]),
}
#: Measures of a maximum, and what gives one: "trains run at up to 350 kilometers per hour".
_MAXIMA: Final = frozenset(map(term, ("measure:design-speed", "measure:operating-speed")))
_MAXIMUM: Final = re.compile("up to|a max|[最至]多", re.IGNORECASE)
#: What holds of a plan, too: who pursues it, its aim, what it mentions, the period that it is for,
#: the course of a line to be built, the number of an event in its series, and whom it is to serve.
_OF_PLANS: Final = frozenset(
    map(
        g60,
        ("initiatedBy", "statesAim", "mentions", "effectiveFrom", "coveredPeriod", "along",
         "passesThrough", "terminus", "ordinal", "serves"),
    )
)  # fmt: skip
_PLANNED: Final = g60("PlannedStage")
_POST_IN: Final = g60("postIn")
#: Properties of what joins a group, and the one that has the member as its object.
_MEMBERS: Final = frozenset((g60("memberOf"), g60("holdsPost")))
_HAS_MEMBER: Final = g60("hasMemberCity")
_HOLDERS: Final = frozenset((_POST_IN, g60("holdsPost")))
#: Facts that are read together: a remote store fetches them in one request.
_TOGETHER: Final = 500
#: Quotations that a message repeats.
_SHOWN: Final = 2

#: For each code, the arguments of its message: ``text`` selects one of several messages.
_Problems = dict[CheckCode, dict[str, str]]


def check_support(
    change: Change, stated: GraphStore, at_hand: TextsAtHand, language: str = "en"
) -> tuple[Finding, ...]:
    """Return warnings of Facts that their evidence does not support.

    There is one for each Fact and code, at most 100 of a code. Facts are checked whose
    evidence is in ``stated``: the added quads or the graph. A warning that applied before
    the change is ``existing``; one that no longer applies is ``fixed``.
    """
    found = {quad.subject for quad in stated.quads(None, ns.HAS_EVIDENCE, None)}
    facts = sorted((fact for fact in found if isinstance(fact, NamedNode)), key=str)
    listing = FindingList(language)
    names_now, names_earlier = EntityNames(change.after), EntityNames(change.before)
    for first in range(0, len(facts), _TOGETHER):
        together = facts[first : first + _TOGETHER]
        now = _FactsWithProblems(change.after, at_hand, names_now, language)
        earlier = _FactsWithProblems(change.before, at_hand, names_earlier, language)
        now.facts.prefetch(together)
        for fact in together:
            problems = now.problems(fact)
            old = {} if change.after is change.before else earlier.problems(fact)
            for code in old | problems:
                if code in problems:
                    status = Status.EXISTING if code in old else Status.INTRODUCED
                    listing.add(code, now.finding, fact, code, problems[code], status)
                else:
                    listing.add(code, earlier.finding, fact, code, old[code], Status.FIXED)
    return listing.findings()


class _FactsWithProblems:
    """The problems of Facts in one store: what their evidence lacks or contradicts."""

    def __init__(
        self, store: GraphStore, at_hand: TextsAtHand, names: EntityNames, language: str
    ) -> None:
        self.facts = EvidencedFacts(store, at_hand, names)
        self._terms = MessageTerms(store, language)
        self._words = check_texts("support", language)

    def problems(self, iri: NamedNode) -> _Problems:
        fact = self.facts.read(iri)
        if fact is None:
            return {}
        lacking = self._lacking(fact) if fact.is_complete and not fact.is_derived else {}
        return lacking | self._contrary(fact)

    def _lacking(self, fact: EvidencedFact) -> _Problems:
        found: _Problems = {}
        about = {"property": self._terms.name(self._property(fact)), "words": self._quoted(fact)}
        if any(words.locator is not None for words in fact.evidence):
            about["evidence"] = "passage"

        def add(code: CheckCode, value: str, name: str | None = None, **more: str) -> None:
            found[code] = {**about, "value": value, "name": name or value, **more}

        is_figure = self.facts.figure(fact.object) is not None
        is_named = is_figure or self.facts.is_named(fact.object, fact)
        for code, node in (
            (LACKS_TEXT, fact.object if lacks_text(fact) else None),
            (LACKS_SPEAKER, unnamed_speaker(self.facts, fact)),
            (LACKS_SUBJECT, None if self._names_subject(fact) else fact.subject),
            (LACKS_OBJECT, None if is_named else fact.object),
            (LACKS_CATEGORY, unnamed_dimension(self.facts, fact)),
            (CATEGORY_LEFT_OUT, left_out_category(self.facts, fact)),
        ):
            if node is not None:
                add(code, written(node) or "", self._terms.value(node))
        if all(words.other for words in fact.evidence):
            add(OTHER_LANGUAGE, fact.evidence[0].other or "")
        numbers = self.facts.numbers(fact)
        missing = [number for number in numbers if not self.facts.states(fact, number)]
        if missing:
            add(LACKS_NUMBER, str(missing[0]), self._terms.listed(map(grouped, missing)))
        elif is_figure and any(self.facts.has_other_sign(fact, number) for number in numbers):
            add(LACKS_NUMBER, str(numbers[0]), grouped(numbers[0]), text="sign")
        elif is_figure and (unit := self.facts.other_unit(fact, numbers)):
            add(LACKS_NUMBER, unit, self._terms.value(fact.object), text="unit", cue=unit)
        elif is_figure and numbers and not self.facts.is_in_verbatim(fact, numbers):
            add(LACKS_NUMBER, fact.verbatim or "", grouped(numbers[0]), text="verbatim")
        years = [str(year) for year in sorted(self.facts.years(fact) - fact.written_years)]
        if years:
            add(LACKS_YEAR, years[0], self._terms.listed(years))
        elif beside := self._other_years(fact):
            stated = self._terms.listed(map(str, sorted(self.facts.years(fact))))
            add(LACKS_YEAR, beside, stated, text="beside", cue=beside)
        elif lacking := self._missing_date(fact):
            add(LACKS_DATE, lacking)
        elif is_figure and (part := self.facts.part_of_year(fact, numbers)):
            add(LACKS_DATE, part, text="part", cue=part)
        return found

    def _missing_date(self, fact: EvidencedFact) -> str | None:
        text = " ".join(words.text for words in fact.evidence)
        missing = (missing_date(date, text) for date in self.facts.dates(fact))
        return next(filter(None, missing), None)

    def _other_years(self, fact: EvidencedFact) -> str | None:
        """Return the part of the evidence that dates what a Fact states to other years, or None.

        None also if the Fact has no year.
        """
        name = local_name(fact.predicate.value)
        is_date = bool(self.facts.object_years(fact))

        def is_dated(text: str) -> bool:
            return has_verb(name, text) if is_date else self._has_object(text, fact)

        texts = [words.text for words in fact.evidence]
        years = self.facts.years(fact)
        years |= self.facts.compared_years(fact)
        if not years:
            return None
        own = partial(of_own_subject, facts=self.facts, fact=fact)
        if found := other_years(texts, years, is_dated, own, is_far=not is_date):
            return found
        member = fact.object if fact.predicate == _HAS_MEMBER else fact.subject
        is_member = fact.predicate == _HAS_MEMBER or fact.predicate in _MEMBERS
        return year_of_another_event(
            name, texts, years, lambda text: is_member and self._has_name(text, member, fact)
        )

    def _names_subject(self, fact: EvidencedFact) -> bool:
        figure = self.facts.figure(fact.subject)
        if figure is None:
            return self.facts.is_named(fact.subject, fact)
        number = number_in(figure, ns.NUMERIC_VALUE)  # the name of a figure
        return number is None or self.facts.states(fact, number)

    def _contrary(self, fact: EvidencedFact) -> _Problems:
        found: _Problems = {}

        def add(code: CheckCode, cue: str, **more: str) -> None:
            said = {"cue": cue, "value": cue, "words": self._quoted(fact)}
            found.setdefault(code, {**said, **more})

        if bound := self._bound(fact):
            found[HEDGES] = bound
        # A planned hub is a hub, and what is planned has its name.
        for cue in () if fact.predicate in (A, g60("alternativeName")) else self._cues(fact):
            if cue.kind == "negation":
                add(NEGATES, cue.words)
            elif cue.kind == "plan" and self._is_of_plans(fact):
                continue  # who pursues a plan is actual, and an aim is no result
            elif not fact.modes & (_NOT_ACTUAL if cue.kind == "plan" else _REPORTED):
                add(HEDGES, cue.words, text=cue.kind)
        if excepted := exception_of(self.facts, fact):
            add(NEGATES, excepted)
        is_actual = not (fact.has_ended or fact.modes & _NOT_ACTUAL)
        if is_actual and (past := past_cue_of(self.facts, fact)):
            add(HEDGES, past, text="past")
        if "Past" in fact.modes and not fact.gives_end and not fact.is_derived:
            text = " ".join(words.text for words in fact.evidence)
            if present := present_cue(text):
                add(HEDGES, present, text="present")
        return found

    def _property(self, fact: EvidencedFact) -> NamedNode:
        measures = self.facts.of_figure(fact, ns.OBSERVED_MEASURE)
        return next((one for one in measures if isinstance(one, NamedNode)), fact.predicate)

    def _is_of_plans(self, fact: EvidencedFact) -> bool:
        stated = self._property(fact)
        return stated in _OF_PLANS or any(self.facts.store.quads(stated, g60("prospective"), None))

    def _bound(self, fact: EvidencedFact) -> dict[str, str] | None:
        """Return the message arguments for a comparator of the evidence that excludes the figure's.

        For example, "nearly 3,000" excludes the comparator "exactly". None if the Fact states no
        single number, or if the evidence lacks it or has it even once without such a comparator.
        """
        figure = self.facts.figure(fact.object)
        number = number_in(figure, ns.NUMERIC_VALUE) if figure else None
        if figure is None or number is None or ns.UPPER_VALUE in figure:
            return None
        stated = next(iter(figure.get(ns.COMPARATOR, ())), None)
        name = "Exactly" if stated is None else local_name(stated.value)
        allowed_by = _OF_FALL if number < 0 else COMPARATORS
        excluded = None
        is_maximum = name == "Exactly" and self._property(fact) in _MAXIMA
        for words in fact.evidence:
            for match in written_numbers(words.text):
                if match.equals(number):
                    bound = comparator_cue(words.text, match)
                    if bound is None or name in allowed_by[bound[0]]:
                        return None
                    if is_maximum and _MAXIMUM.match(bound[1]):
                        return None
                    excluded = excluded or bound
        if excluded is None:
            return None
        kind, cue = excluded
        allowed = self._words["or"].join(
            label for one in allowed_by[kind] if (label := self._terms.label(g60(one)))
        )
        value = self._terms.value(fact.object)
        return {"cue": cue, "value": cue, "text": "bound", "stated": value, "kind": allowed}

    def _cues(self, fact: EvidencedFact) -> Iterator[Cue]:
        """Yield the cues that apply to a Fact, in the sentences that have its object.

        If no sentence has it, the cues of all sentences.
        """
        every = [one for words in fact.evidence for one in sentences(words.text)]
        name = local_name(fact.predicate.value)
        found = {one: (*cues(one), *verb_cues(name, one)) for one in every}
        if not any(found.values()):
            return
        subject = fact.subject
        is_planned = isinstance(subject, NamedNode) and any(
            stage == _PLANNED for stage in self.facts.store.objects(subject, g60("stage"))
        )
        own, stated = OwnText.of(self.facts, fact), self.facts.numbers(fact)
        stage = local_name(fact.object.value)
        for sentence in [one for one in every if self._has_object(one, fact)] or every:
            numbers = equal_numbers(sentence, stated)
            for cue in found[sentence]:
                # "Cancelled" is no denial of what is discontinued, "no longer" of what ended.
                is_own = own.has(cue, sentence) or has_stage(stage, cue.words)
                ended = fact.has_ended and is_end(cue.words)
                is_plan = cue.kind == "plan"
                other = (is_plan and not cue.is_about(sentence, numbers)) or cue.is_elsewhere(
                    sentence,
                    lambda text: self._has_object(text, fact),
                    lambda text: self._has_name(text, fact.subject, fact),
                )
                other = other or self._is_about_holder(cue, sentence, fact)
                if not (is_own or ended or other or (is_planned and is_plan)):
                    yield cue

    def _is_about_holder(self, cue: Cue, sentence: str, fact: EvidencedFact) -> bool:
        """Return whether a Chinese cue is about an act of a post's holder: 实验室主任魏岚将致辞."""
        if fact.predicate not in _HOLDERS or cue.words.isascii() or cue.is_of_sentence:
            return False
        is_post_in = fact.predicate == _POST_IN
        return follows_holder(
            sentence,
            cue,
            lambda text: self._has_name(text, fact.subject if is_post_in else fact.object, fact),
            lambda text: is_post_in or self._has_name(text, fact.subject, fact),
        )

    def _has_object(self, sentence: str, fact: EvidencedFact) -> bool:
        numbers = self.facts.numbers(fact)
        if numbers:
            return bool(equal_numbers(sentence, numbers))
        object_ = fact.object
        if isinstance(object_, NamedNode):
            is_stage = has_stage(local_name(object_.value), sentence)
            return is_stage or self._has_name(sentence, object_, fact)
        if years := self.facts.object_years(fact):
            return not written_years(sentence).isdisjoint(years)
        return Span.of(normalised(object_.value)).text in Span.of(sentence).text

    def _has_name(self, text: str, node: Term, fact: EvidencedFact) -> bool:
        span = Span.of(text)
        return isinstance(node, NamedNode) and any(
            name.is_in(span) for _, name in self.facts.names(node, fact)
        )

    def _quoted(self, fact: EvidencedFact) -> str:
        shown = self._words["between"].join(
            self._words["quote"].format(words=words.text)
            if words.locator is None
            else self._words["passage"].format(locator=words.locator)
            for words in fact.evidence[:_SHOWN]
        )
        rest = len(fact.evidence) - _SHOWN
        return shown + (self._words["more"].format(count=rest) if rest > 0 else "")

    def finding(
        self, fact: NamedNode, code: CheckCode, args: dict[str, str], status: Status
    ) -> Finding:
        key = f"{code.name} {args['text']}" if "text" in args else code.name
        hint = self._words.get(f"{key} hint {args.get('evidence')}") or self._words[f"{key} hint"]
        return code.finding(
            self._words[key].format(**args),
            hint.format(**args),
            focus=fact,
            path=ns.HAS_EVIDENCE,
            value=args["value"],
            status=status,
        )
