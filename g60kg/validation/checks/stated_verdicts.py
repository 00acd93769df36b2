"""Check the verdicts in files: whether they differ from those of the graph, or have future dates.

`verify --record` replaces verdicts, and a file written before must still be accepted. So the graph
keeps its own verdicts, and a file is compared with them. A first verdict is stored only if the
evidence is found in a text at hand. A verdict on another source's evidence is a violation, which
the check of ownership finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg.model.article_text import Text
from g60kg.model.change import Change
from g60kg.model.dates import edtf_days
from g60kg.model.evidence_comparison import TextsAtHand, read_evidence
from g60kg.namespaces import CHECKED_ON, RETRIEVED_ON, VERDICT, compact
from g60kg.stores.base import GraphStore, Term, objects_of
from g60kg.validation.check_codes import check_code
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

VERDICT_DIFFERS: Final = check_code("VerdictDiffers")
FUTURE_DATE: Final = check_code("FutureDate")
_COMPARISON: Final = (VERDICT, CHECKED_ON)
#: The verdicts on each piece of evidence, with the graph of its source.
Verdicts = Mapping[tuple[object, object], Set[Term]]


def recorded_verdicts(quads: Iterable[Quad], store: GraphStore) -> Verdicts:
    """Return the recorded verdicts on evidence whose verdict or check date the quads state.

    A verdict says whether a text has the evidence. The keys are evidence and graph: only a verdict
    in the graph of the quad counts.
    """
    stated = [quad for quad in quads if quad.predicate in _COMPARISON]
    pairs = [
        (node, graph)
        for node, graph in {(quad.subject, quad.graph_name) for quad in stated}
        if isinstance(node, NamedNode) and isinstance(graph, NamedNode)
    ]
    store.prefetch(node for node, _ in pairs)
    found = {(node, graph): store.quads(node, VERDICT, None, graph) for node, graph in pairs}
    return {pair: verdicts for pair, said in found.items() if (verdicts := objects_of(said))}


def without_recorded(quads: Iterable[Quad], recorded: Verdicts) -> list[Quad]:
    """Return the quads except verdicts and check dates of evidence with a recorded verdict.

    The recorded verdict must be in the graph of the quad.
    """
    return [
        quad
        for quad in quads
        if quad.predicate not in _COMPARISON or (quad.subject, quad.graph_name) not in recorded
    ]


def without_unseen(change: Change, texts: Mapping[str, Text]) -> Change:
    """Return the change without added verdicts and check dates of evidence not found in the texts.

    Evidence whose text is not given counts as not found.
    """
    stated = [quad for part in _COMPARISON for quad in change.added.quads(None, part)]
    nodes = {quad.subject for quad in stated if isinstance(quad.subject, NamedNode)}
    read = [one for node in nodes if (one := read_evidence(change.after, node)) is not None]
    compared = TextsAtHand(change.after, texts).compare(read)
    seen = {one.iri for one, found in compared if found.start is not None}
    unseen = {quad for quad in stated if quad.subject not in seen}
    kept = (quad for quad in change.stated.quads() if quad not in unseen)
    return Change.of(change.before, kept, change.removed) if unseen else change


def differing_verdicts(
    quads: Iterable[Quad], recorded: Verdicts, store: GraphStore, language: str
) -> Iterator[Finding]:
    """Yield a finding for each stated verdict that differs from the recorded verdicts.

    Only evidence with a recorded verdict in the graph of the quad is compared.
    """
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
    """Yield a finding for each date of a verdict or of a retrieval that is after tomorrow (UTC).

    A year or a month counts with its first day, an interval with its last.
    """
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
