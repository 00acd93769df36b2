"""Verification of the evidence of a graph against article texts, and the record of its verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.gate.retraction import source_graph
from g60kg.gate.transactions import who
from g60kg.model.article_text import Text
from g60kg.model.evidence_comparison import (
    Comparison,
    TextEvidence,
    TextsAtHand,
    Verdict,
    read_evidence,
)
from g60kg.model.history import entry_of, history_quads
from g60kg.namespaces import CHECKED_ON, PASSAGE, QUOTATION, VERDICT, A, g60
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore

_TERMS = {one: g60(one[:1].upper() + one[1:]) for one in Verdict}


@dataclass(frozen=True, slots=True)
class Verification:
    """The comparisons of the evidence of some sources, sorted by source and IRI."""

    compared: tuple[tuple[TextEvidence, Comparison], ...]

    def counts(self) -> dict[Verdict, int]:
        """Return the number of pieces of evidence by verdict, 0 included."""
        counts = Counter(found.verdict for _, found in self.compared)
        return {verdict: counts[verdict] for verdict in Verdict}

    def to_json(self) -> dict[str, Any]:
        """Return the counts and the comparisons as JSON values."""
        return {
            "summary": {verdict.value: count for verdict, count in self.counts().items()},
            "results": [
                {
                    "evidence": one.iri.value,
                    "source": one.source.value,
                    "kind": one.kind.value,
                    "verdict": found.verdict.value,
                    "start": found.start,
                    "end": found.end,
                }
                for one, found in self.compared
            ],
        }


def verify(
    store: GraphStore, texts: Mapping[str, Text], sources: Sequence[str] = ()
) -> Verification:
    """Compare the quotations and passages of sources, by default of all, with texts by digest.

    Raises:
        UnknownName: no source has such a name.
        UsageError: the graph with such a name is not that of a source.
    """
    graphs: Iterable[NamedNode | None] = [source_graph(store, source) for source in sources]
    nodes = {
        quad.subject
        for graph in graphs or [None]
        for kind in (QUOTATION, PASSAGE)
        for quad in store.quads(None, A, kind, graph)
        if isinstance(quad.subject, NamedNode)
    }
    read = (read_evidence(store, node) for node in nodes)
    evidence = [one for one in read if one is not None]
    return Verification(tuple(TextsAtHand(store, texts).compare(evidence)))


def record(store: LocalStore, verification: Verification, now: datetime | None = None) -> int:
    """Store the verdicts on evidence compared with recorded texts; return their number.

    A recorded text is one whose digest the source records; if it records none, any copy
    that has the evidence. Earlier verdicts on the same evidence are replaced. The number is
    also recorded in the history. Without verdicts nothing is written.

    Raises:
        EngineFailure: writing failed; the store is unchanged.
    """
    when = now or datetime.now(UTC)
    recorded = [(one, found) for one, found in verification.compared if found.of_record]
    if not recorded:
        return 0
    day = Literal(when.date().isoformat())
    added = [
        Quad(one.iri, predicate, value, typed.graph_name)
        for one, found in recorded
        for typed in store.quads(one.iri, A, None)
        for predicate, value in ((VERDICT, _TERMS[found.verdict]), (CHECKED_ON, day))
    ]
    removed = [
        quad
        for one, _ in recorded
        for predicate in (VERDICT, CHECKED_ON)
        for quad in store.quads(one.iri, predicate, None)
    ]
    entry = entry_of("verified", (), who=who(), verdicts=len(recorded), now=when)
    store.change(removed, [*added, *history_quads(entry)])
    return len(recorded)
