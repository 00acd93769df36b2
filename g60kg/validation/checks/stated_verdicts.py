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
from g60kg.validation.check_codes import check_code
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

VERDICT_DIFFERS: Final = check_code("VerdictDiffers")
FUTURE_DATE: Final = check_code("FutureDate")
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
    words = check_texts("verdicts", language)
    terms = MessageTerms(store, language)
    for quad in quads:
        node, stated = quad.subject, quad.object
        if quad.predicate != VERDICT or not isinstance(node, NamedNode):
            continue
        own = recorded.get((node, quad.graph_name))
        if own is None or isinstance(stated, Triple) or stated in own:
            continue
        names = terms.listed(sorted(map(terms.name, own)))
        text = words["differs"].format(
            node=compact(node.value), stated=terms.name(stated), own=names
        )
        yield VERDICT_DIFFERS.finding(
            text, words["differs hint"], focus=node, path=VERDICT, value=stated
        )


def future_dates(quads: Iterable[Quad], language: str) -> Iterator[Finding]:
    """Yield a finding for each date of a comparison, or of a record, after tomorrow."""
    words = check_texts("verdicts", language)
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
            text = words["future"].format(date=date.value)
            yield FUTURE_DATE.finding(
                text, words["future hint"], focus=node, path=quad.predicate, value=date
            )
