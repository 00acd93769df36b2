"""A graph before and after a change, as views over the store, without copying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import tee

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from g60kg.model.change import Change, Stored, visible_triples
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import is_respelled, normal
from g60kg.validation.shape_structure.triple_patterns import Path, Step, follow_path


class View:
    """The visible triples of a store, with some added and some removed; lookups are cached."""

    def __init__(
        self,
        stored: Stored,
        more: LocalStore | None = None,
        less: frozenset[Triple] = frozenset(),
        unchanged: View | None = None,
    ) -> None:
        self._stored = stored
        self._more = more
        self._less = less
        #: Returns the nodes that a path reaches from a node.
        self.reach = cache(self._reach)
        #: Returns whether a triple matches a pattern; None matches any term.
        self.holds = cache(self._holds)
        self.targets: dict[object, tuple[set[Term], set[Term]]] = {}
        self.unchanged = unchanged or self
        self._subjects: dict[tuple[Term | None, Term | None], Iterator[Term]] = {}
        self._objects: dict[tuple[Term | None, Term | None], Iterator[Term]] = {}

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Triple]:
        """Return the triples that match a pattern, possibly repeated; None matches any term.

        Terms that rdflib takes for equal match, whatever their spelling. A term that is impossible
        in its position, such as a literal as subject, matches nothing.
        """
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode | None):
            return iter(())
        if object_ is not None and is_respelled(object_):
            wanted, found = normal(object_), self._match(subject, predicate, None)
            return (triple for triple in found if normal(object_of(triple)) == wanted)
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
            yield from visible_triples(self._more, subject, predicate, object_)

    def subjects(self, predicate: Term | None, object_: Term | None) -> Iterator[Term]:
        """Return the subjects of triples with a predicate and object, possibly with duplicates."""
        key = predicate, object_
        found = self._subjects.get(key) or map(subject_of, self.match(None, *key))
        # The store is read once, as far as an iteration needs it.
        self._subjects[key], again = tee(found)
        return again

    def objects(self, subject: Term | None, predicate: Term | None) -> Iterator[Term]:
        """Return the objects of triples with a subject and predicate, possibly with duplicates.

        None matches any term. Literals are spelled as by rdflib.
        """
        key = subject, predicate
        found = self._objects.get(key) or map(normal, map(object_of, self.match(*key, None)))
        self._objects[key], again = tee(found)
        return again

    def prefetch(self, nodes: Iterable[Term]) -> None:
        """Announce the nodes to be read next; a remote store can fetch them in one request."""
        self._stored.prefetch(nodes)

    def close(self) -> None:
        """End the open iterations over the store; the thread that began them must call this."""
        self._subjects.clear()
        self._objects.clear()

    def _holds(self, subject: Term | None, predicate: Term | None, object_: Term | None) -> bool:
        return any(self.match(subject, predicate, object_))

    def _reach(self, path: Path, node: Term) -> frozenset[Term]:
        if not isinstance(path, Step):
            return frozenset(follow_path(path, node, self.reach))
        if path.inverse:
            return frozenset(self.subjects(path.predicate, node))
        return frozenset(self.objects(node, path.predicate))


def object_of(triple: Triple) -> Term:
    """Return a triple's object, which is not a triple term in this project."""
    assert not isinstance(triple.object, Triple)
    return triple.object


def subject_of(triple: Triple) -> NamedNode | BlankNode:
    """Return a triple's subject, which is not a triple term in this project."""
    assert not isinstance(triple.subject, Triple)
    return triple.subject


@dataclass(frozen=True, slots=True)
class ChangeViews:
    """The triples that a change adds or removes, and views of the graph."""

    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]
    before: View
    after: View
    either: View

    def close(self) -> None:
        """Close the views."""
        for view in (self.before, self.after, self.either, self.either.unchanged):
            view.close()

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The triples added or removed."""
        return (*self.added, *self.removed)

    @classmethod
    def of(cls, change: Change) -> ChangeViews:
        """Return the views of a change."""
        stored, removed = Stored(change.before), frozenset(change.removed_triples)
        before = View(stored)
        unchanged = View(stored, less=removed) if removed else before
        return cls(
            change.added_triples,
            change.removed_triples,
            before=before,
            after=View(stored, change.added, removed),
            either=View(stored, change.added, unchanged=unchanged),
        )
