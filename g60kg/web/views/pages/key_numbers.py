"""Key numbers of the home page, read by the indexes: an entity's latest figures of a measure.

The query ``quantities`` would read all figures of a measure, and ``conflicts`` all statements of an
entity: 3.5 s together at a million triples (measured).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from g60kg.model.observations import Difference
from g60kg.namespaces import (
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_OBSERVATION,
    HAS_SOURCE,
    OBSERVED_MEASURE,
)
from g60kg.stores.base import Term
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import FactModel, QuoteModel, TermModel


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A figure: the wording of its first source, all quotations, values of other sources.

    ``others`` is the number of other figures of the same measure, such as earlier ones.
    """

    subject: TermModel
    measure: TermModel
    value: TermModel
    verbatim: TermModel | None
    quotes: tuple[QuoteModel, ...]
    conflicting: tuple[TermModel, ...] = ()
    others: int = 0

    @property
    def sources(self) -> int:
        """The number of sources that state it."""
        return len({quote.source.name.iri for quote in self.quotes})

    @property
    def published(self) -> str:
        """The last date of its sources, in EDTF; empty without one."""
        return max((quote.source.date or "" for quote in self.quotes), default="")

    @property
    def last(self) -> str:
        """The end of its period, or the date of its sources, to compare with others."""
        assert self.value.figure is not None
        return (self.value.figure.period or self.published).removesuffix("/..").split("/")[-1]


def subjects_with(reader: PageReader, measure: NamedNode) -> list[NamedNode]:
    """Return the entities with a figure of a measure, sorted by IRI."""
    found = {
        about
        for figure in reader.subjects(OBSERVED_MEASURE, measure)
        for about in reader.subjects(HAS_OBSERVATION, figure)
    }
    return sorted(found, key=lambda node: node.value)


def key_numbers(reader: PageReader, subject: NamedNode, measure: NamedNode) -> list[KeyNumber]:
    """Return the latest figure of each kind that an entity has of a measure."""
    figures = list(_figures(reader, subject, measure))
    # Two sources may use different nodes for the same figure: one states its period.
    groups: dict[tuple[object, ...], list[TermModel]] = {}
    for value in figures:
        assert value.figure is not None
        groups.setdefault((value.figure.number, value.limits), []).append(value)
    latest: dict[tuple[TermModel, ...], KeyNumber] = {}
    for number in _numbers(reader, subject, measure, groups.values()):
        best = latest.get(number.value.limits)
        others = 0 if best is None else best.others + 1
        if best is None or number.last > best.last:
            best = number
        latest[number.value.limits] = replace(best, others=others)
    return [_with_rivals(reader, one, figures) if one.others else one for one in latest.values()]


def _figures(reader: PageReader, subject: NamedNode, measure: NamedNode) -> Iterator[TermModel]:
    """Yield the figures of a measure that an entity has, sorted by IRI."""
    for node in reader.objects(subject, HAS_OBSERVATION):
        if isinstance(node, NamedNode) and measure in reader.objects(node, OBSERVED_MEASURE):
            value = reader.term_model(node)
            if value.figure is not None and value.figure.number is not None:
                yield value


def _numbers(
    reader: PageReader,
    subject: NamedNode,
    measure: NamedNode,
    groups: Iterable[Sequence[TermModel]],
) -> list[KeyNumber]:
    """Return a key number for each group of equal figures that a source states."""
    about, what = reader.term_model(subject), reader.term_model(measure)
    found: list[tuple[tuple[object, ...], KeyNumber]] = []
    for values in groups:
        stated = sorted(
            (
                (_period(value, fact), fact.verbatim or "", fact.modality, fact)
                for value in values
                for fact in filter(None, map(reader.fact, _facts(reader, subject, value)))
            ),
            key=lambda one: one[:3],
        )
        if stated and (figure := values[0].figure):
            period, wording, _, _ = stated[0]
            quotes = dict.fromkeys(quote for *_, fact in stated for quote in fact.quotes)
            verbatim = TermModel(wording) if wording else None
            order = sorted(map(str, figure.categories)), period, figure.number
            found.append((order, KeyNumber(about, what, values[0], verbatim, tuple(quotes))))
    return [number for _, number in sorted(found, key=lambda one: one[0])]


def _period(value: TermModel, fact: FactModel) -> str:
    """Return the period of a figure: without one, the first date of the sources of a Fact."""
    dates = (quote.source.date or "" for quote in fact.quotes)
    return (value.figure and value.figure.period) or min(dates, default="")


def _facts(reader: PageReader, subject: NamedNode, value: TermModel) -> list[NamedNode]:
    """Return the Facts that state a figure of an entity."""
    return [
        fact
        for fact in reader.subjects(FACT_OBJECT, NamedNode(value.iri or ""))
        if subject in reader.objects(fact, FACT_SUBJECT)
        and HAS_OBSERVATION in reader.objects(fact, FACT_PREDICATE)
    ]


def _with_rivals(reader: PageReader, number: KeyNumber, figures: Iterable[TermModel]) -> KeyNumber:
    """Return a key number with the figures of other sources that contradict it."""
    subject, figure = NamedNode(number.subject.iri or ""), number.value.figure
    assert figure is not None
    known = reader.context.vocabulary.measures.get(number.measure.iri or "")
    rivals = (
        other
        for other in figures
        if other.figure is not None
        and figure.disagrees(other.figure, known) is Difference.YES
        and _have_two_sources(reader, subject, (number.value, other))
    )
    return replace(number, conflicting=tuple(sorted(rivals, key=lambda value: value.text)))


def _have_two_sources(reader: PageReader, subject: NamedNode, values: Iterable[TermModel]) -> bool:
    """Whether each value has a source, and not all have the same one."""
    of_each: list[set[Term]] = [
        {
            source
            for fact in _facts(reader, subject, value)
            for piece in reader.objects(fact, HAS_EVIDENCE)
            if isinstance(piece, NamedNode)
            for source in reader.objects(piece, HAS_SOURCE)
        }
        for value in values
    ]
    return all(of_each) and len(set().union(*of_each)) > 1
