"""Look-ups of names, figures and relations in a store, as questions need them."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.names import is_name_everywhere
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import stated_pairs


class FigureLookup:
    """Looks up whether a store has figures, and triples from one entity to another."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    def are_related(self, subject: NamedNode, other: NamedNode) -> bool:
        """Return whether the store has a triple from one entity to another."""
        return self._has(subject, None, other)

    def _has(self, *pattern: NamedNode | None) -> bool:
        return any(True for _ in self._store.quads(*pattern))

    def is_category(self, iri: NamedNode) -> bool:
        """Return whether a figure of the store has an entity as its category."""
        return self._has(None, ns.CATEGORY, iri)

    def has_figures(self, iri: NamedNode) -> bool:
        """Return whether the store has a figure about an entity."""
        return self._has(iri, ns.HAS_OBSERVATION, None)

    def has_figure_of(self, measure: NamedNode, entities: Iterable[NamedNode]) -> bool:
        """Return whether the store has a figure of a measure about one of the entities.

        Without entities, a figure about anything counts.
        """
        figures = {quad.subject for quad in self._store.quads(None, ns.OBSERVED_MEASURE, measure)}
        named = list(entities)
        about = (
            q.object for iri in named for q in self._store.quads(iri, ns.HAS_OBSERVATION, None)
        )
        return bool(figures) and (not named or any(figure in figures for figure in about))

    def has_figure_limited_to(self, measure: NamedNode, entities: Iterable[NamedNode]) -> bool:
        """Return whether a figure of a measure has one of the entities as its category."""
        limited = (
            quad.subject for iri in entities for quad in self._store.quads(None, ns.CATEGORY, iri)
        )
        return any(
            isinstance(figure, NamedNode) and self._has(figure, ns.OBSERVED_MEASURE, measure)
            for figure in limited
        )

    def measures_of(
        self, subjects: Iterable[NamedNode], categories: Collection[NamedNode]
    ) -> set[NamedNode]:
        """Return the measures of the figures about any of the subjects.

        With categories, only figures that have one of them count.
        """
        return {
            quad.object
            for iri in subjects
            for figure in self._objects(iri, ns.HAS_OBSERVATION)
            if not categories or not self._objects(figure, ns.CATEGORY).isdisjoint(categories)
            for quad in self._store.quads(figure, ns.OBSERVED_MEASURE, None)
            if isinstance(quad.object, NamedNode)
        }

    def _objects(self, subject: NamedNode, predicate: NamedNode) -> set[NamedNode]:
        quads = self._store.quads(subject, predicate, None)
        return {quad.object for quad in quads if isinstance(quad.object, NamedNode)}

    def has_reference(self, measure: NamedNode, area: NamedNode) -> bool:
        """Return whether a figure of a measure has an area as its reference, as a share does."""
        figures = (quad.subject for quad in self._store.quads(None, ns.REFERENCE_AREA, area))
        return any(
            isinstance(figure, NamedNode) and self._has(figure, ns.OBSERVED_MEASURE, measure)
            for figure in figures
        )


def stated_names(store: GraphStore) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield each IRI with each of its names, except hidden names that hold in one source only."""
    hidden = filter(is_name_everywhere, store.quads(None, ns.HIDDEN_LABEL, None))
    pairs = [stated_pairs(store, naming) for naming in ns.NAMING if naming != ns.HIDDEN_LABEL]
    for iri, name in chain(*pairs, dict.fromkeys((one.subject, one.object) for one in hidden)):
        if isinstance(iri, NamedNode) and isinstance(name, Literal):
            yield iri, name
