"""A store with quads added in memory and others hidden, without a copy of the store."""

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain

from pyoxigraph import BlankNode, NamedNode, Quad

from g60kg.errors import UnsupportedQuery
from g60kg.stores.base import GraphStore, QueryResult, Term, objects_of


class Overlay(GraphStore):
    """A store as it would be after a change: ``base`` without ``removed``, with ``added``.

    It matches patterns; it cannot run queries. ``added`` must have no quad that ``base`` has.
    """

    def __init__(
        self, base: GraphStore, added: GraphStore, removed: Set[Quad] = frozenset()
    ) -> None:
        self.location = base.location
        self._base = base
        self._added = added
        self._removed = removed

    def query(self, text: str) -> QueryResult:
        """Raise UnsupportedQuery always."""
        raise UnsupportedQuery(f"A change of {self.location} cannot be queried: {text}")

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Return the quads that match a pattern, each once; None matches anything."""
        found = self._base.quads(subject, predicate, object_, graph)
        if removed := self._removed:
            found = (quad for quad in found if quad not in removed)
        return chain(found, self._added.quads(subject, predicate, object_, graph))

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> Set[Term]:
        """Return the distinct objects that a subject has for a predicate, in all graphs."""
        if self._removed:
            return objects_of(self.quads(subject, predicate))
        return self._base.objects(subject, predicate) | self._added.objects(subject, predicate)

    def prefetch(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Announce the next reads to the base store; see :meth:`GraphStore.prefetch`."""
        self._base.prefetch(subjects, *steps)

    def graph_names(self) -> tuple[NamedNode, ...]:
        """Return the names of the graphs, sorted, also of a graph whose quads are all removed."""
        names = {*self._base.graph_names(), *self._added.graph_names()}
        return tuple(sorted(names, key=lambda name: name.value))
