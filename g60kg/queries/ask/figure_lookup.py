"""Look-ups of figures and relations in a store, as questions need them."""

from collections.abc import Collection, Iterable

from pyoxigraph import NamedNode

from g60kg import namespaces as ns
from g60kg.stores.base import GraphStore


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
        return any(self._has_limit(measure, ns.CATEGORY, iri) for iri in entities)

    def has_reference(self, measure: NamedNode, area: NamedNode) -> bool:
        """Return whether a figure of a measure has an area as its reference, as a share does."""
        return self._has_limit(measure, ns.REFERENCE_AREA, area)

    def _has_limit(self, measure: NamedNode, limit: NamedNode, value: NamedNode) -> bool:
        figures = (quad.subject for quad in self._store.quads(None, limit, value))
        return any(
            isinstance(figure, NamedNode) and self._has(figure, ns.OBSERVED_MEASURE, measure)
            for figure in figures
        )

    def measures_of(
        self, subjects: Iterable[NamedNode], categories: Collection[NamedNode]
    ) -> set[NamedNode]:
        """Return the measures of the figures about any of the subjects.

        With categories, only figures that have one of them count.
        """
        objects = self._store.objects
        return {
            measure
            for iri in subjects
            for figure in objects(iri, ns.HAS_OBSERVATION)
            if isinstance(figure, NamedNode)
            and (not categories or not objects(figure, ns.CATEGORY).isdisjoint(categories))
            for measure in objects(figure, ns.OBSERVED_MEASURE)
            if isinstance(measure, NamedNode)
        }
