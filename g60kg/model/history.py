"""History of a store in PROV-O: what was added or retracted, when, by whom, why, from which file.

History is written to its own named graph, in the same transaction as the change. Retracted quads
are stored there as N-Quads text, so they are no statements any more. The graph has only predicates
that nothing else uses, not even rdf:type (PROV-O implies the classes), so that queries which name
their predicates need not exclude it.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from g60kg import namespaces as ns
from g60kg.errors import Retracted
from g60kg.model.sources import BEFORE_SOURCE_IDS
from g60kg.namespaces import LABEL, A, compact, expand, g60, local_name, term
from g60kg.rdf.text_excerpt import on_a_line, plural
from g60kg.stores.base import GraphStore

_HISTORY: Final = ns.BASE + "history/"
_GENERATED: Final = term("prov:generated")
_INVALIDATED: Final = term("prov:invalidated")
_USED: Final = term("prov:used")
_AGENT: Final = term("prov:wasAssociatedWith")
_ENDED: Final = term("prov:endedAtTime")
_VALUE: Final = term("prov:value")
_DIGEST: Final = g60("historyFileDigest")
_FILE_NAME: Final = g60("historyFileName")
_AGENT_NAME: Final = g60("historyAgentName")
_REASON: Final = g60("historyReason")
_OTHER: Final = g60("historyStatementCount")
_VERDICTS: Final = g60("historyVerdictCount")
#: The subject and the graph of a line of N-Quads.
_NODES: Final = re.compile(r"^(<[^>]*>) .* (<[^>]*>) \.$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class UsedFile:
    """A file of added facts: its name and the SHA-256 of its uncompressed bytes."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One addition, retraction or verification.

    Attributes:
        kind: ``added``, ``retracted`` or ``verified``.
        when: the time in UTC, ISO 8601.
        who: the name of the user who made the change.
        why: the reason; empty without one.
        facts: the IRIs of the facts that were added, extended or retracted, sorted.
        files: the files of an addition.
        quads: the quads that a retraction removed; else empty.
        other: the number of statements outside facts; None if the history does not have it.
        verdicts: the number of verdicts that a verification recorded.
    """

    iri: str
    kind: str
    when: str
    who: str
    why: str
    facts: tuple[str, ...]
    files: tuple[UsedFile, ...]
    quads: tuple[Quad, ...] = ()
    other: int | None = None
    verdicts: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the entry without its quads as JSON values."""
        return {
            "change": self.iri,
            "kind": self.kind,
            "when": self.when,
            "who": self.who,
            "why": self.why or None,
            "facts": list(self.facts),
            "otherStatements": self.other,
            "files": [{"name": file.name, "sha256": file.digest} for file in self.files],
            **({"verdicts": self.verdicts} if self.verdicts else {}),
        }


def counted(facts: int, other: int | None) -> str:
    """Return the numbers of facts and other statements as text; 0 or None leaves out the latter.

    >>> counted(1, 15), counted(8, 1), counted(2, None)
    ('1 fact and 15 other statements', '8 facts and 1 other statement', '2 facts')
    """
    text = f"{facts:,} fact{plural(facts)}"
    return text if not other else f"{text} and {other:,} other statement{plural(other)}"


def entry_of(
    kind: str,
    facts: Sequence[str],
    *,
    who: str,
    why: str = "",
    files: Sequence[UsedFile] = (),
    quads: Sequence[Quad] = (),
    other: int | None = None,
    verdicts: int = 0,
    now: datetime | None = None,
) -> HistoryEntry:
    """Return the entry of a change that is about to be made; its IRI has its time and a hash.

    The arguments are as in :class:`HistoryEntry`; ``now`` is the time, None for the present.
    """
    when = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
    when = when.replace("+00:00", "Z")
    content = "\n".join([kind, when, who, why, *facts, *(file.digest for file in files)])
    mark = hashlib.sha256(content.encode()).hexdigest()[:8]
    stamp = when.replace(":", "").replace(".", "-")
    return HistoryEntry(
        iri=f"{_HISTORY}{stamp}-{mark}",
        kind=kind,
        when=when,
        who=who,
        why=why,
        facts=tuple(sorted(facts)),
        files=tuple(files),
        quads=tuple(quads),
        other=other,
        verdicts=verdicts,
    )


def history_quads(entry: HistoryEntry) -> Iterator[Quad]:
    """Yield the entry in PROV-O, for the history graph."""
    activity = NamedNode(entry.iri)
    agent = NamedNode(f"{_HISTORY}agent-{hashlib.sha256(entry.who.encode()).hexdigest()[:12]}")
    yield _quad(activity, _ENDED, Literal(entry.when, datatype=term("xsd:dateTime")))
    yield _quad(activity, _AGENT, agent)
    yield _quad(agent, _AGENT_NAME, Literal(entry.who))
    if entry.why:
        yield _quad(activity, _REASON, Literal(entry.why))
    if entry.other is not None:
        yield _quad(activity, _OTHER, Literal(entry.other))
    if entry.verdicts:
        yield _quad(activity, _VERDICTS, Literal(entry.verdicts))
    link = _GENERATED if entry.kind == "added" else _INVALIDATED
    for fact in entry.facts:
        yield _quad(activity, link, NamedNode(fact))
    for number, file in enumerate(entry.files):
        used = NamedNode(f"{entry.iri}-file-{number}")
        yield _quad(activity, _USED, used)
        yield _quad(used, _FILE_NAME, Literal(file.name))
        yield _quad(used, _DIGEST, Literal(file.digest))
    if entry.quads:
        kept = NamedNode(f"{entry.iri}-quads")
        written = serialize(entry.quads, format=RdfFormat.N_QUADS)
        assert written is not None  # without a file argument it returns the bytes
        yield _quad(activity, _GENERATED, kept)
        yield _quad(kept, _VALUE, Literal(written.decode()))


def _quad(subject: NamedNode, predicate: NamedNode, object_: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, object_, ns.HISTORY_GRAPH)


def latest_change(store: GraphStore) -> str | None:
    """Return the time of the latest change, as an entry has it; None without a history."""
    ended = store.quads(None, _ENDED, None, ns.HISTORY_GRAPH)
    return max(
        (quad.object.value for quad in ended if isinstance(quad.object, Literal)), default=None
    )


def history(store: GraphStore) -> list[HistoryEntry]:
    """Return every entry, oldest first."""
    found = (_read(store, one) for one in store.subjects(_ENDED, None, ns.HISTORY_GRAPH))
    return sorted(found, key=lambda entry: (entry.when, entry.iri))


def _read(store: GraphStore, activity: NamedNode) -> HistoryEntry:
    def nodes(predicate: NamedNode) -> list[NamedNode]:
        quads = store.quads(activity, predicate, None, ns.HISTORY_GRAPH)
        return [quad.object for quad in quads if isinstance(quad.object, NamedNode)]

    text = partial(_text, store)
    taken, made, used = map(nodes, (_INVALIDATED, _GENERATED, _USED))
    kept = [text(node, _VALUE) for node in made if node.value == f"{activity.value}-quads"]
    # An addition has files. Version 0.1 also recorded retractions that took nothing.
    retracted = bool(taken or kept or not used)
    other, verdicts = text(activity, _OTHER), text(activity, _VERDICTS)
    return HistoryEntry(
        iri=activity.value,
        kind="verified" if verdicts else "retracted" if retracted else "added",
        when=text(activity, _ENDED),
        who=next((text(agent, _AGENT_NAME) for agent in nodes(_AGENT)), ""),
        why=text(activity, _REASON),
        facts=tuple(sorted(node.value for node in (taken if retracted else made))),
        files=tuple(
            UsedFile(text(node, _FILE_NAME), text(node, _DIGEST))
            for node in sorted(used, key=lambda node: local_name(node.value))
        ),
        quads=tuple(chain.from_iterable(map(_parsed, kept))),
        other=int(other) if other.isdecimal() else None,
        verdicts=int(verdicts) if verdicts.isdecimal() else 0,
    )


def _parsed(text: str) -> list[Quad]:
    try:
        return list(parse(text, format=RdfFormat.N_QUADS))
    except SyntaxError:
        return []


def _text(store: GraphStore, subject: NamedNode, predicate: NamedNode) -> str:
    quads = store.quads(subject, predicate, None, ns.HISTORY_GRAPH)
    return next((q.object.value for q in quads if isinstance(q.object, Literal)), "")


def retraction_of(store: GraphStore, iri: NamedNode) -> Retracted | None:
    """Return the last retraction of a Fact, a subject or a graph as an error to raise.

    The caller checks that no statements of it are left. None if the history has no retraction of
    it: what was only the value of a retracted statement is unknown.
    """
    changes = store.subjects(_INVALIDATED, iri, ns.HISTORY_GRAPH)
    times = [(_text(store, one, _ENDED), one.value) for one in changes]
    if not times:
        known = store.cached("last_retractions", partial(_last_retractions, store))
        times = [known[str(iri)]] if str(iri) in known else []
    if not times:
        return None
    when, last = max(times)
    name, reason = compact(iri.value), _text(store, NamedNode(last), _REASON)
    return Retracted(
        f"{name} was retracted at {when}.",
        hint=f"Retraction {last}, with the reason: {on_a_line(reason)}",
        when=when,
        reason=reason,
        change=last,
    )


def retraction_by_name(store: GraphStore, text: str, *, of_source: bool) -> Retracted | None:
    """Return the last retraction of what a CURIE, an IRI or a local name meant, if it has no type.

    With ``of_source``, a local name may lack the beginning that the names of sources have.
    """
    for before in (*BEFORE_SOURCE_IDS, "") if of_source else ("",):
        iri = expand(text) or expand(f"id:{before}{text}")
        retraction = iri and retraction_of(store, iri)
        if retraction and not any(store.quads(iri, A)):
            return retraction
    return None


def _last_retractions(store: GraphStore) -> dict[str, tuple[str, str]]:
    """Return the time and the IRI of the last retraction by the subject or graph of its quads.

    A key is in N-Triples.
    """
    found: dict[str, tuple[str, str]] = {}
    for quad in store.quads(None, _VALUE, None, ns.HISTORY_GRAPH):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            change = NamedNode(quad.subject.value.removesuffix("-quads"))
            last = (_text(store, change, _ENDED), change.value)
            for node in set(chain.from_iterable(_NODES.findall(quad.object.value))):
                found[node] = max(found.get(node, last), last)
    return found


def is_emptied(store: GraphStore, graph: NamedNode) -> bool:
    """Return whether the source of a graph was retracted, and only what other sources need is left.

    That is the types and labels of entities, and all statements about figures and measures.
    """
    if any(store.quads(None, A, ns.FACT, graph)):
        return False
    figures = {
        quad.subject
        for kind in (ns.OBSERVATION, g60("Measure"))
        for quad in store.quads(None, A, kind, graph)
    }
    return all(
        quad.predicate in (A, LABEL) or quad.subject in figures
        for quad in store.quads(None, None, None, graph)
    ) and any(
        quad.graph_name == graph
        for entry in history(store)
        if entry.kind == "retracted"
        for quad in entry.quads
    )
