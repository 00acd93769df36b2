"""Views of a graph before and after a change, over the store, without copying it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.namespaces import graph_name
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import is_respelled, normal
from g60kg.validation.delta.property_paths import (
    Alternative,
    Path,
    Repeat,
    Sequence,
    Step,
)

Pattern: TypeAlias = tuple[Term | None, Term | None, Term | None]

_CHANGE: Final = graph_name("change")


class Stored:
    """The triples of a store in any graph, with a cache.

    It serves one change.
    """

    def __init__(self, store: GraphStore, hidden: frozenset[NamedNode]) -> None:
        self._store = store
        self._hidden = hidden
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
        for quad in self._store.quads(subject, predicate, object_, None):
            if quad.graph_name not in self._hidden:
                found.append(quad.triple)
                yield found[-1]
        if subject is not None or object_ is not None:
            self._known[key] = found

    def mentions(self, subject: NamedNode | BlankNode | None, object_: Term | None) -> bool:
        """Whether the subject and the object occur in any triple; None always does.

        Most nodes of a change are new, so this is tested once instead of for each property.
        """
        return (subject is None or self._has(subject, None)) and (
            object_ is None or self._has(None, object_)
        )

    def _has(self, subject: NamedNode | BlankNode | None, object_: Term | None) -> bool:
        key = (subject, None, object_)
        known = self._mentioned.get(key)
        if known is None:
            known = next(self._store.quads(subject, None, object_, None), None) is not None
            self._mentioned[key] = known
        return known


class View:
    """Stored triples with some added and some removed, with a cache."""

    def __init__(
        self,
        stored: Stored,
        more: LocalStore | None = None,
        less: frozenset[Triple] = frozenset(),
    ) -> None:
        self._stored = stored
        self._more = more
        self._less = less
        self._reached: dict[tuple[Path, Term], frozenset[Term]] = {}
        self._held: dict[Pattern, bool] = {}

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Triple]:
        """Yield the triples that match a pattern, possibly repeated; None matches anything.

        An impossible term, such as a literal as subject, matches nothing.
        """
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode | None):
            return iter(())
        if object_ is not None and is_respelled(object_):
            return self._spelled_alike(subject, predicate, object_)
        return self._match(subject, predicate, object_)

    def _match(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode | None,
        object_: Term | None,
    ) -> Iterator[Triple]:
        for triple in self._stored.match(subject, predicate, object_):
            if triple not in self._less:
                yield triple
        if self._more is not None:
            for quad in self._more.quads(subject, predicate, object_, None):
                yield quad.triple

    def _spelled_alike(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode | None, object_: Term
    ) -> Iterator[Triple]:
        wanted = normal(object_)
        for triple in self._match(subject, predicate, None):
            if normal(object_of(triple)) == wanted:
                yield triple

    def is_of_change(self, subject: Term | None, object_: Term | None) -> bool:
        """Whether all triples of the two are the change's own, so that they are few."""
        if isinstance(subject, Literal) or is_respelled(object_):
            return False
        return not self._stored.mentions(subject, object_)

    def holds(self, subject: Term | None, predicate: Term | None, object_: Term | None) -> bool:
        """Whether any triple matches the pattern."""
        key = (subject, predicate, object_)
        known = self._held.get(key)
        if known is None:
            known = next(self.match(subject, predicate, object_), None) is not None
            self._held[key] = known
        return known

    def reach(self, path: Path, node: Term) -> frozenset[Term]:
        """Return the nodes that the path reaches from a node."""
        if isinstance(path, Step):
            return frozenset(self._step(path, node))
        key = (path, node)
        known = self._reached.get(key)
        if known is None:
            known = self._reached[key] = frozenset(self._walk(path, node))
        return known

    def _step(self, step: Step, node: Term) -> Iterator[Term]:
        if step.inverse:
            for triple in self.match(None, step.predicate, node):
                yield subject_of(triple)
        else:
            for triple in self.match(node, step.predicate, None):
                yield normal(object_of(triple))

    def _walk(self, path: Sequence | Alternative | Repeat, node: Term) -> set[Term]:
        match path:
            case Sequence(parts):
                here = {node}
                for part in parts:
                    here = {there for start in here for there in self.reach(part, start)}
                return here
            case Alternative(parts):
                return {there for part in parts for there in self.reach(part, node)}
            case Repeat(repeated, optional, many):
                found = {node} if optional else set()
                waiting = [node]
                while waiting:
                    new = self.reach(repeated, waiting.pop()) - found
                    found |= new
                    waiting += new if many else ()
                return found


def object_of(triple: Triple) -> Term:
    """Return a triple's object, which is not a triple term in this project."""
    assert not isinstance(triple.object, Triple)
    return triple.object


def subject_of(triple: Triple) -> NamedNode | BlankNode:
    """Return a triple's subject, which is not a triple term in this project."""
    assert not isinstance(triple.subject, Triple)
    return triple.subject


@dataclass(frozen=True, slots=True)
class Change:
    """The effective difference of a change, and the graph before and after it.

    Attributes:
        triples: the triples added or removed that make a difference.
        before: the graph without the change.
        after: the graph with it.
        either: the union of both. A match on either side is a match here too, so nothing that the
            change affects is missed.
    """

    triples: tuple[Triple, ...]
    before: View
    after: View
    either: View

    @classmethod
    def of(
        cls,
        store: GraphStore,
        added: Collection[Triple],
        removed: Collection[Triple],
        hidden: frozenset[NamedNode],
    ) -> Change:
        """Return the change that removes triples from the store, then adds others.

        Args:
            store: the graph without the change.
            added: triples to be in the graph afterwards.
            removed: triples to be in none of its graphs afterwards, unless they are added too.
            hidden: named graphs that shapes do not read.
        """
        stored = Stored(store, hidden)
        before = View(stored)
        # Through a store, so that literals are spelled as in the store below.
        given = LocalStore.holding(map(_quad, added), "the triples added")
        kept = {quad.triple for quad in given.quads()}
        taken = LocalStore.holding(map(_quad, removed), "the triples removed")
        new = [triple for triple in kept if not _is_in(before, triple)]
        gone = [
            triple
            for quad in taken.quads()
            for triple in (quad.triple,)
            if triple not in kept and _is_in(before, triple)
        ]
        more = LocalStore.holding(map(_quad, new), "the triples added")
        return cls(
            triples=(*new, *gone),
            before=before,
            after=View(stored, more, frozenset(gone)),
            either=View(stored, more),
        )


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, _CHANGE)


def _is_in(view: View, triple: Triple) -> bool:
    # The exact triple, not one that rdflib considers equal: each is stored separately.
    subject, object_ = subject_of(triple), object_of(triple)
    return any(found == triple for found in view.match(subject, triple.predicate, object_))
