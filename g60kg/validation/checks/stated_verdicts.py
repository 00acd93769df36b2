"""Check of the verdicts in files: against those of the graph, and that their dates are past.

`verify --record` replaces verdicts, and a file from before must be accepted again. So the graph
keeps its own verdicts, and a file is compared with them. A verdict on another source's evidence is
a violation, which the check of ownership finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg.model.dates import edtf_days
from g60kg.namespaces import CHECKED_ON, RETRIEVED_ON, VERDICT, compact
from g60kg.stores.base import GraphStore, Term, objects_of
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import Finding, Severity

VERDICT_DIFFERS: Final = CheckCode(
    "VerdictDiffers",
    (Severity.WARNING,),
    "A file states another verdict on evidence than the graph has.",
    "Only verify --record replaces a verdict. A file from before is accepted again, and the graph "
    "keeps its own verdict; where the two differ, the file is old or wrong. A later date of the "
    "same verdict is not reported.",
)
FUTURE_DATE: Final = CheckCode(
    "FutureDate",
    (Severity.WARNING,),
    "Evidence was compared, or a record read, on a day that has not come.",
    "The date says how far a verdict or a record can be trusted. One in the future is a slip or a "
    "forgery. A day is allowed for time zones.",
)
#: The codes of this part of the check ``quotations``.
CODES: Final = (VERDICT_DIFFERS, FUTURE_DATE)

#: The verdicts on each piece of evidence, with the graph of its source.
Verdicts = Mapping[tuple[object, object], Set[Term]]


def recorded_verdicts(quads: Iterable[Quad], store: GraphStore) -> Verdicts:
    """Return the verdicts that graphs have on the evidence on which quads in them state one."""
    stated = [quad for quad in quads if quad.predicate in (VERDICT, CHECKED_ON)]
    pairs = [
        (node, graph)
        for node, graph in {(quad.subject, quad.graph_name) for quad in stated}
        if isinstance(node, NamedNode) and isinstance(graph, NamedNode)
    ]
    store.expect(node for node, _ in pairs)
    found = {(node, graph): store.quads(node, VERDICT, None, graph) for node, graph in pairs}
    return {pair: verdicts for pair, said in found.items() if (verdicts := objects_of(said))}


def without_recorded(quads: Iterable[Quad], recorded: Verdicts) -> list[Quad]:
    """Return the quads without verdicts on evidence that has one in the same graph.

    A verdict in the graph of another source is a statement about that source's evidence.
    """
    return [
        quad
        for quad in quads
        if quad.predicate not in (VERDICT, CHECKED_ON)
        or (quad.subject, quad.graph_name) not in recorded
    ]


def differing_verdicts(
    quads: Iterable[Quad], recorded: Verdicts, store: GraphStore, language: str
) -> Iterator[Finding]:
    """Yield a finding for each verdict that differs from the graph's on the same evidence."""
    message, hint = _MESSAGES.get(language, _MESSAGES["en"])
    terms = MessageTerms(store, language)
    for quad in quads:
        node, stated = quad.subject, quad.object
        if quad.predicate != VERDICT or not isinstance(node, NamedNode):
            continue
        own = recorded.get((node, quad.graph_name))
        if own is None or isinstance(stated, Triple) or stated in own:
            continue
        names = terms.listed(sorted(map(terms.name, own)))
        text = message.format(node=compact(node.value), stated=terms.name(stated), own=names)
        yield VERDICT_DIFFERS.finding(text, hint, focus=node, path=VERDICT, value=stated)


def future_dates(quads: Iterable[Quad], language: str) -> Iterator[Finding]:
    """Yield a finding for each date of a comparison, or of a record, after tomorrow."""
    message, hint = _FUTURE.get(language, _FUTURE["en"])
    tomorrow = datetime.now(UTC).toordinal() + 1
    for quad in quads:
        node, date = quad.subject, quad.object
        if quad.predicate not in (CHECKED_ON, RETRIEVED_ON) or not (
            isinstance(node, NamedNode) and isinstance(date, Literal)
        ):
            continue
        days = edtf_days(date.value)
        # A year or a month may be the present one; an interval ends on its last day.
        if days is not None and days["/" in date.value] > tomorrow:
            text = message.format(date=date.value)
            yield FUTURE_DATE.finding(text, hint, focus=node, path=quad.predicate, value=date)


#: The message and how to fix it.
_FUTURE: Final = {
    "en": ("{date} is in the future.", "Give the day of the comparison, or of the retrieval."),
    "zh": ("{date} 是将来的日期。", "请填写核验或获取的实际日期。"),
}
_MESSAGES: Final = {
    "en": (
        "The file's verdict on {node} is {stated}, the graph's is {own}. The graph keeps its own.",
        "Remove the verdict. To compare the evidence again, use verify --record.",
    ),
    "zh": (
        "文件对 {node} 的核验结论是“{stated}”，图中已有的是“{own}”。图保留已有的结论。",
        "请删去该结论。如需重新比对，请使用 verify --record。",
    ),
}
