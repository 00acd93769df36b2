"""Candidate rows of a fact sheet, found in an article's text, for a curator to confirm."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, pairwise
from typing import Final

from pyoxigraph import NamedNode

from g60kg.gate.article_gaps import Mention, evidence_spans, figures_in, known_names, mentions
from g60kg.gate.measure_suggestions import CLAUSE, Measures, is_fraction, unit_of_number
from g60kg.gate.relation_suggestions import locations, memberships
from g60kg.model.everyday_names import COMPARATORS
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import PREFIXES, A, compact, expand, g60, local_name
from g60kg.sheets.cell_literals import integer_in, read_figure
from g60kg.sheets.compile import Draft
from g60kg.sheets.locators import sentence_spans
from g60kg.sheets.sheet_file import COLUMNS, SUGGESTED, Sheet, SheetRow
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.support.cues import comparator_cue
from g60kg.validation.checks.support.written_numbers import WrittenNumber, normalised

_TO: Final = re.compile(r"\s?(?:-|–|—|to|至|到)\s?(?:[$¥€]\s?)?")
_BETWEEN: Final = re.compile(r"\bbetween [$¥€]?$", re.I)
#: After a number that begins the name of a place: 八云镇.
_TOWN: Final = re.compile(r"[^\W\d个座条家]{1,2}(?:镇|乡|村|街道)")
#: Before the place of which a figure is a share.
_SHARE_OF: Final = re.compile("[占居]$")
#: A sum in brackets, which converts the one in yuan before it.
_CONVERTED: Final = re.compile(
    r"(?:yuan|rmb|(?<!美)元)\s?([(（][^()（）]*(?:[$€]|usd|dollars|美元)[^()（）]*[)）])", re.I
)
#: Capitalised words after the name of a place, which begins another name.
_CAPITALISED: Final = re.compile(r" ([A-Z][\w-]* [A-Z][\w-]*)")
#: Verbs that give a date, with the predicate of the milestone.
_VERBS: Final = tuple(
    (name, re.compile(words, re.I))
    for name, words in (
        ("foundedOn", r"\b(?:founded|established|set up)\b|成立|设立"),
        ("openedOn", r"\bopened\b|通车|开通|启用"),
        ("launchedOn", r"\b(?:launched|initiated)\b|启动|发布上线"),
        ("constructionStartedOn",
         r"\b(?:construction (?:of .{1,60}? )?(?:began|started)|broke ground)\b|开工"),
        ("completedOn", r"\b(?:completed)\b|建成|竣工"),
        ("issuedOn", r"\b(?:issued|released|published)\b|印发|发布"),
        ("signedOn", r"\b(?:signed|inked)\b|签署|签订"),
    )
)  # fmt: skip
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_DATE: Final = re.compile(
    rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(_MONTHS)})(?: (?P<day2>\d{{1,2}}),?)?"
    r" (?P<year>(?:19|20)\d\d)"
    r"|(?P<year2>(?:19|20)\d\d)年(?:(?P<month2>\d{1,2})月)?(?:(?P<day3>\d{1,2})日)?"
    r"|\b(?:in|since) (?P<year3>(?:19|20)\d\d)\b",
    re.I,
)
#: Dates and periods whose numbers are no figures.
_ANY_DATE: Final = re.compile(
    rf"\d{{4}}-\d\d(?:-\d\d)?|{_DATE.pattern}"
    r"|\b(?:first|last|past) (?:\w+ )?(?:quarters?|months|years|days)\b|前.{1,2}(?:个?季度|个月)",
    re.I,
)

#: The most characters of a suggested quote: a table pasted as text has no full stop.
_LONGEST: Final = 700
_BREAK: Final = re.compile(r".*[\s,;:，；：、]", re.DOTALL)


def with_suggestions(drafted: Draft, store: GraphStore, content: str) -> Sheet:
    """Return the sheet, then candidate rows: statements that no row of their sentence has.

    The predicate of a candidate begins with ``?``, and ``draft`` refuses the row until a
    curator has deleted the mark. A cell without a recognized value is empty. Candidates
    are figures, dates of milestones, memberships and locations. The sentence of a
    candidate, or the piece of a long one, is in the column ``quote``, or ``passage`` if
    the sheet must not reproduce the text.
    """
    finder = _Finder(drafted, store)
    spans = evidence_spans(drafted, content)
    stated = [
        (finder.ends(row["subject"], row["object"]), integer_in(row["start"]))
        for row in drafted.sheet.rows
    ]
    column = "passage" if drafted.sheet.header.get("reproduce") == "no" else "quote"
    line = max((row.line for row in drafted.sheet.rows), default=1)
    rows = []
    for start, end in chain.from_iterable(
        _pieces(content, *span) for span in sentence_spans(content)
    ):
        sentence = content[start:end]
        covered = any(first < end and start < last for first, last in spans)
        # A row of a passage has no offset.
        known = [ends for ends, at in stated if (covered if at is None else start <= at < end)]
        for cells in finder.rows(sentence):
            if any(_states(ends, cells) for ends in known):
                continue
            line += 1
            place = {column: sentence, **({"start": str(start)} if column == "quote" else {})}
            rows.append(SheetRow(line, {**cells, **place}))
    used = {*drafted.sheet.columns, *(name for row in rows for name in row.cells)}
    columns = tuple(name for name in COLUMNS if name in used)
    return replace(drafted.sheet, columns=columns, rows=(*drafted.sheet.rows, *rows))


def _states(ends: tuple[set[str], ...], cells: dict[str, str]) -> bool:
    """Return whether a row of the sheet states a candidate row, or its inverse.

    Predicates are not compared, nor are subjects if the candidate's object is a literal.

    Args:
        ends: the texts and CURIEs of the row's subject, and those of its object.
        cells: the candidate; an empty subject is any.
    """
    subject, object_ = cells["subject"], cells["object"]
    if not object_.startswith("id:"):
        return object_ in ends[1]
    return any(
        object_ in one and (not subject or subject in other) for one, other in (ends, ends[::-1])
    )


def _pieces(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        found = _BREAK.match(content, start, start + _LONGEST)
        at = found.end() if found else start + _LONGEST
        yield start, start + len(content[start:at].rstrip())
        start = at
    yield start, end


class _Finder:
    def __init__(self, drafted: Draft, store: GraphStore) -> None:
        self._store = store
        self._vocabulary = Vocabulary(store)
        self._names = known_names(drafted, store)
        self._classes: dict[str, set[str]] = {}
        for triple in drafted.triples:
            if triple.predicate == A and isinstance(triple.object, NamedNode):
                self._classes.setdefault(str(triple.subject).strip("<>"), set()).add(
                    triple.object.value
                )
        self._measures = Measures(store, self._vocabulary)

    def ends(self, *cells: str) -> tuple[set[str], ...]:
        """Return for each cell its text and the CURIEs of the entities with that name."""
        return tuple(
            {cell, *(compact(iri.value) for iri in self._names.meanings(cell))} for cell in cells
        )

    def rows(self, sentence: str) -> Iterator[dict[str, str]]:
        """Yield the cells of the candidates of a sentence by column, without the evidence."""
        text = normalised(sentence)
        if len(text) != len(sentence):  # The offsets of names and numbers would differ.
            sentence = text
        named = [
            each
            for each in mentions(sentence, self._names)
            if any(iri.startswith(PREFIXES["id"]) for iri in each.iris)
            and not self._is_in_name(sentence, each)
        ]
        yield from self._figures(text, named)
        yield from self._dates(text, named)
        yield from self._relations(text, named)

    def _figures(self, text: str, named: list[Mention]) -> Iterator[dict[str, str]]:
        numbers = list(figures_in(text))
        converted = [Mention(*match.span(1), ()) for match in _CONVERTED.finditer(text)]
        dates = [Mention(*match.span(), ()) for match in _ANY_DATE.finditer(text)]
        uppers = {
            one: other
            for one, other in pairwise(numbers)
            if one.value < other.value
            and (
                _TO.fullmatch(text, one.end, other.start)
                or (
                    _BETWEEN.search(text, 0, one.start)
                    and text[one.end : other.start].strip(" $¥€") == "and"
                )
            )
        }
        # Concepts that limit figures and have none.
        kinds = [
            one for one in named if self._is_a(one, "Concept") and not self._is_a(one, "Industry")
        ]
        bearers = [
            each
            for each in named
            if each not in kinds and not _SHARE_OF.search(text, 0, each.start)
        ]
        for number in numbers:
            names = [each for each in named if not self._states_count(text, number, each)]
            spans = [(each.start, each.end) for each in (*names, *dates, *converted)]
            within = any(first <= number.start and number.end <= last for first, last in spans)
            if within or number in uppers.values():
                continue
            if _TOWN.match(text, number.end) and not text[number.start].isdigit():
                continue
            last = uppers.get(number, number)
            unit = unit_of_number(text, number, last)
            kind = next((each for each in kinds if _is_counted(text, each, number, last)), None)
            cue = comparator_cue(text, number)
            comparator = COMPARATORS[cue[0]][0] if cue else ""
            yield {
                "subject": _subject(number.start, bearers),
                "category": compact(kind.iris[0]) if kind else "",
                "predicate": SUGGESTED + self._measures.measure(text, last, unit),
                "object": _cell(text, number),
                "upper": _cell(text, last) if last is not number else "",
                "unit": unit,
                "comparator": comparator[:1].lower() + comparator[1:],
            }

    def _states_count(self, text: str, number: WrittenNumber, name: Mention) -> bool:
        """Return whether a number within a name is a count: "integration of nine cities"."""
        spelled = text[number.start : number.end].strip().isalpha()
        counted = _COUNTED.match(text, number.end, name.end)
        return bool(spelled and counted) or self._is_a(name, "AgentGroup")

    def _dates(self, text: str, named: list[Mention]) -> Iterator[dict[str, str]]:
        for match in _DATE.finditer(text):
            found = {
                name: verb
                for name, pattern in _VERBS
                for verb in pattern.finditer(text)
                if abs(verb.start() - match.start()) < _NEAR
            }
            if found:
                name = min(found, key=lambda key: abs(found[key].start() - match.start()))
                subject = _subject(found[name].start(), named)
                yield {
                    "subject": subject,
                    "predicate": SUGGESTED + self._milestone(name, subject),
                    "object": _edtf(match),
                }

    def _milestone(self, name: str, subject: str) -> str:
        iri = expand(subject)
        if name != "launchedOn" or iri is None:
            return name
        starts = self._vocabulary.declared(g60("startedOn"))
        kinds = (local_name(kind.value) for kind in starts.used_for)
        is_started = self._meaning(Mention(0, 0, (iri.value,)), *kinds)
        return starts.name if is_started else name

    def _relations(self, text: str, named: list[Mention]) -> Iterator[dict[str, str]]:
        found = (
            *locations(text, named, self._meaning),
            *memberships(text, named, self._meaning, self._corridor_in),
        )
        for subject, predicate, object_ in dict.fromkeys(found):
            yield {"subject": subject, "predicate": SUGGESTED + predicate, "object": object_}

    def _corridor_in(self, name: str) -> str:
        spaces = [at for at in range(1, len(name)) if name[at - 1] == " " or not name[at].isascii()]
        parts = (*(name[at:] for at in spaces), *(name[:at] for at in reversed(spaces)))
        found = (
            self._meaning(Mention(0, 0, tuple(iri.value for iri in meanings)), "Corridor")
            for part in parts
            if (meanings := self._names.meanings(part.removeprefix("the ")))
        )
        return next(filter(None, found), "")

    def _is_in_name(self, sentence: str, mention: Mention) -> bool:
        rest = _CAPITALISED.match(sentence, mention.end)
        return (
            rest is not None and self._is_a(mention, "Place") and not self._names.meanings(rest[1])
        )

    def _is_a(self, mention: Mention, name: str) -> bool:
        return bool(self._meaning(mention, name))

    def _meaning(self, mention: Mention, *names: str) -> str:
        above = self._vocabulary.superclasses
        wanted = {g60(name).value for name in names}
        found = (
            compact(iri)
            for iri in mention.iris
            if not wanted or any(wanted & {*above.get(kind, ())} for kind in self._types(iri))
        )
        return next(found, "")

    def _types(self, iri: str) -> set[str]:
        if iri not in self._classes:
            kinds = self._store.objects(NamedNode(iri), A)
            self._classes[iri] = {kind.value for kind in kinds if isinstance(kind, NamedNode)}
        return self._classes[iri]


#: What a number counts: a plural, with an adjective before it or none.
_COUNTED: Final = re.compile(r"\s?(?:[a-z]+ )?[a-z]+s\b", re.I)
#: Maximum characters between a number and what it counts.
_COUNTED_WITHIN: Final = 40
#: The same between what it counts and the number: 高新技术企业共4.42万家.
_COUNTED_BEFORE: Final = 5
#: Maximum characters between a date and its verb.
_NEAR: Final = 80


def _subject(at: int, named: list[Mention]) -> str:
    before = [each for each in named if each.end <= at]
    found = before[-1:] or named[:1]
    return compact(found[0].iris[0]) if found else ""


def _is_counted(text: str, kind: Mention, number: WrittenNumber, last: WrittenNumber) -> bool:
    after = 0 <= kind.start - last.end < _COUNTED_WITHIN
    return (after and not CLAUSE.search(text, last.end, kind.start)) or (
        0 <= number.start - kind.end < _COUNTED_BEFORE
    )


def _cell(text: str, number: WrittenNumber) -> str:
    """Return a number as the text writes it, or in digits if a sheet would read another value."""
    written = text[number.start : number.end].strip()
    read = read_figure(written)
    if read is not None and number.equals(read.number):
        return written
    value = number.value
    if is_fraction(text, number):
        return f"1/{value.denominator}"
    if Fraction(Decimal(value.numerator) / value.denominator) == value:
        return format((Decimal(value.numerator) / value.denominator).normalize(), "f")
    return f"{value.numerator}/{value.denominator}"


def _edtf(match: re.Match[str]) -> str:
    parts: Mapping[str, str | None] = match.groupdict()
    year = parts["year"] or parts["year2"] or parts["year3"] or ""
    month = parts["month2"] or ""
    if parts["month"]:
        month = str(_MONTHS.index(parts["month"].lower()) + 1)
    day = parts["day"] or parts["day2"] or parts["day3"] or ""
    return "-".join(each.zfill(2) for each in (year, month, day) if each)
