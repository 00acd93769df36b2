"""A change of a graph: the quads added and removed, and the graph before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.model.facts import Facts
from g60kg.namespaces import HIDDEN_GRAPHS
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.overlay import Overlay

#: From this many quads on, all of a local graph of at most this many times their number is read.
LARGE: Final = 2_000
IN_PROPORTION: Final = 10

#: Triples read before duplicates are left to the store.
MANY: Final = 256

Pattern: TypeAlias = tuple[Term | None, Term | None, Term | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a graph, computed once for all checks.

    All graphs are visible, except the shapes and the history.

    Attributes:
        before: the graph without the change; a copy in memory if it is local and not much
            larger than a large change.
        after: the graph with the change; the same object as ``before`` if nothing changes.
        stated: the quads to be added, literals spelled as a store spells them.
        added: the stated quads that ``before`` does not hold.
        removed: the removed quads that ``before`` holds and that are not stated.
        added_triples: the triples of added quads that no visible graph holds before.
        removed_triples: the triples of removed quads that no visible graph holds afterwards.
        facts_before: the Facts of ``before``.
        facts: the Facts of ``after``.
    """

    before: GraphStore
    after: GraphStore
    stated: LocalStore
    added: LocalStore
    removed: frozenset[Quad]
    added_triples: tuple[Triple, ...]
    removed_triples: tuple[Triple, ...]
    facts_before: Facts
    facts: Facts

    @classmethod
    def of(
        cls, before: GraphStore, added: Iterable[Quad] = (), removed: Collection[Quad] = ()
    ) -> Change:
        """Return the change that removes quads from a graph, then adds others."""
        stated = LocalStore.holding(added, "the quads to be added")
        if len(stated) >= LARGE and isinstance(before, LocalStore):
            before = before.in_memory(len(stated) * IN_PROPORTION)
        before.prefetch(q.subject for q in stated.quads() if isinstance(q.subject, NamedNode))
        quads = list(stated.quads())
        known = _described(before, quads)
        fresh = [quad for quad in quads if not (quad.subject in known and _holds(before, quad))]
        all_new = len(fresh) == len(quads)
        new = stated if all_new else LocalStore.holding(fresh, "the quads added")
        given = set(quads) if removed else set()
        spelled = LocalStore.holding(removed, "the quads removed").quads() if removed else ()
        gone = frozenset(q for q in spelled if q not in given and _holds(before, q))
        after = Overlay(before, new, gone) if len(new) or gone else before
        return cls(
            before,
            after,
            stated,
            new,
            gone,
            added_triples=_not_in(before, fresh, known),
            removed_triples=_not_in(after, gone, {quad.subject for quad in gone}),
            facts_before=Facts(before),
            facts=Facts(after),
        )

    @property
    def is_large(self) -> bool:
        """Whether a check of the complete graph is faster than a check of what the change affects.

        False for a store that is not local.
        """
        changed = len(self.added_triples) + len(self.removed_triples)
        if changed < LARGE or not isinstance(self.before, LocalStore):
            return False
        return len(self.before) <= changed * IN_PROPORTION


def visible_triples(
    store: GraphStore,
    subject: NamedNode | BlankNode | None = None,
    predicate: NamedNode | None = None,
    object_: Term | None = None,
) -> Iterator[Triple]:
    """Yield the triples that match a pattern in all graphs, except the shapes and the history.

    A triple is repeated for each graph that has it. Triples with a triple term (RDF 1.2), which no
    check reads, are left out. None matches anything.
    """
    for quad in store.quads(subject, predicate, object_):
        if quad.graph_name not in HIDDEN_GRAPHS and not isinstance(quad.object, Triple):
            yield quad.triple


class Stored:
    """The triples of a store in the graphs that checks read, with a cache.

    The store must not change.
    """

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._known: dict[Pattern, list[Triple]] = {}
        self._mentioned: dict[Pattern, bool] = {}

    def match(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode | None,
        object_: Term | None,
    ) -> Iterator[Triple]:
        """Yield the triples that match a pattern, possibly repeated; None matches anything."""
        key = (subject, predicate, object_)
        known = self._known.get(key)
        if known is not None:
            yield from known
            return
        if not self.mentions(subject, object_):
            return
        found = []
        for triple in self._read(key):
            found.append(triple)
            yield triple
        if subject is not None or object_ is not None:
            self._known[key] = found

    def _read(
        self, pattern: tuple[NamedNode | BlankNode | None, NamedNode | None, Term | None]
    ) -> Iterator[Triple]:
        """Yield the triples that match a pattern; one in several graphs can be repeated."""
        subject, predicate, object_ = pattern
        found = visible_triples(self._store, subject, predicate, object_)
        if subject is None or predicate is None:
            yield from found
            return
        if object_ is not None:
            yield from islice(found, 1)
            return
        met: set[Triple] = set()
        for number, triple in enumerate(found):
            if triple not in met:
                met.add(triple)
                yield triple
            elif number >= MANY and len(met) * 4 < number:
                objects = self._store.objects(subject, predicate)
                rest = {Triple(subject, predicate, one) for one in objects} - met
                yield from (one for one in rest if _holds(self._store, one))
                return

    def prefetch(self, nodes: Iterable[Term]) -> None:
        """Let the store prefetch the IRIs among nodes."""
        self._store.prefetch(node for node in nodes if isinstance(node, NamedNode))

    def mentions(self, subject: NamedNode | BlankNode | None, object_: Term | None) -> bool:
        """Return whether some quad has the subject and some quad the object; None always passes."""
        return (subject is None or self._has(subject, None)) and (
            object_ is None or self._has(None, object_)
        )

    def _has(self, subject: NamedNode | BlankNode | None, object_: Term | None) -> bool:
        key = (subject, None, object_)
        if key not in self._mentioned:
            found = next(self._store.quads(subject, None, object_, None), None)
            self._mentioned[key] = found is not None
        return self._mentioned[key]


def _described(store: GraphStore, quads: Iterable[Quad]) -> Set[object]:
    subjects = {quad.subject for quad in quads if not isinstance(quad.subject, Triple)}
    return {one for one in subjects if next(store.quads(one), None) is not None}


def _not_in(store: GraphStore, quads: Iterable[Quad], known: Set[object]) -> tuple[Triple, ...]:
    """Return the triples of visible quads that no visible graph of a store holds.

    Each triple is returned once.

    Args:
        known: the subjects of the quads that are also the subject of a quad in the store.
    """
    visible = (quad.triple for quad in quads if quad.graph_name not in HIDDEN_GRAPHS)
    return tuple(
        triple
        for triple in dict.fromkeys(visible)
        if not (triple.subject in known and _holds(store, triple))
    )


def _holds(store: GraphStore, stated: Quad | Triple) -> bool:
    subject, object_ = stated.subject, stated.object
    if isinstance(subject, Triple) or isinstance(object_, Triple):
        return False  # triple terms of RDF 1.2: no source states them, no check reads them
    if isinstance(stated, Quad):
        named = stated.graph_name if isinstance(stated.graph_name, NamedNode) else None
        return any(q == stated for q in store.quads(subject, stated.predicate, object_, named))
    return stated in visible_triples(store, subject, stated.predicate, object_)
