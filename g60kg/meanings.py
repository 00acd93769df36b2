"""What the names in a sheet's rows mean: entities, properties, classes, units, speakers."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import UsageError
from g60kg.literals import language_of
from g60kg.namespaces import LABEL, PREFIXES, A, entity, expand, g60, local_name
from g60kg.sheets import RowError, SheetRow
from g60kg.stores.base import GraphStore, Term
from g60kg.terms import Names, slug
from g60kg.vocabulary import Property, Vocabulary


class Meanings:
    """Finds what a name means, in the graph or among what the sheet itself brings.

    Each look-up raises RowError, with the nearest names, where a name means nothing or too much.

    Attributes:
        vocabulary: the graph's ontology.
        names: the names of entities; those that the sheet brings are to be added.
    """

    def __init__(
        self, store: GraphStore, own: NamedNode, language: str, drafted: Iterable[Triple]
    ) -> None:
        """Reads the names from the graph.

        Args:
            store: the graph.
            own: the named graph of the sheet's source, which counts for nothing in its new draft.
            language: the sheet's language.
            drafted: the collection of the sheet's own triples: it grows while rows are read.
        """
        self._store = store
        self._language = language
        self._drafted = drafted
        self.vocabulary = Vocabulary(store)
        self.names = _names_of_others(store, own)

    def introduce(self, subject: str) -> Triple | None:
        """Lets rows name a subject that the sheet brings; the label of one that is new.

        Raises:
            RowError: no IRI can be made of the name.
        """
        label = None
        iri = expand(subject)
        if iri is None:
            known = self.names.meanings(subject)
            name = slug(subject)
            if not known and not name:
                raise RowError("subject", f'"{subject}" has no letter or digit.')
            iri = known[0] if len(known) == 1 else entity(name)
            if not known:
                tag = language_of(subject, self._language)
                label = Triple(iri, LABEL, Literal(subject, language=tag))
            self.names.add(subject, iri)
        self.names.add(local_name(iri.value), iri)
        return label

    def entity(self, row: SheetRow, column: str, prop: Property | None = None) -> NamedNode:
        """The entity in a cell; of several of one name, the one that fits the property's range."""
        text = row[column]
        if prop is not None and not prop.iri.value.startswith(PREFIXES["g60"]):
            iri = expand(text)
            if iri is None:
                raise RowError(column, f'"{text}" is no IRI.')
            return iri
        meant = self.names.meanings(text)
        if len(meant) > 1 and prop is not None and prop.range:
            fitting = [iri for iri in meant if self._is_a(iri, prop.range)]
            if len(fitting) == 1:
                return fitting[0]
        return _named(row, column, self.names, "entity")

    def _is_a(self, iri: NamedNode, classes: frozenset[NamedNode]) -> bool:
        wanted = {node.value for node in classes}
        stated = [quad.object for quad in self._store.quads(iri, A, None)]
        stated += [t.object for t in self._drafted if t.subject == iri and t.predicate == A]
        above = self.vocabulary.superclasses
        return any(
            wanted & above.get(node.value, frozenset())
            for node in stated
            if isinstance(node, NamedNode)
        )

    def class_in(self, row: SheetRow) -> NamedNode:
        """The class under ``object``."""
        return _named(row, "object", self.vocabulary.class_names, "class")

    def property(self, name: str) -> Property:
        """The property that a predicate names."""
        iri = expand(name)
        prop = self.vocabulary.properties.get(iri.value) if iri else None
        if prop is None:
            try:
                found = self.vocabulary.property_names.find(name, "property")
            except UsageError as error:
                raise RowError("predicate", error.message, error.hint) from None
            prop = self.vocabulary.properties[found.value]
        return prop

    def comparator(self, row: SheetRow) -> NamedNode:
        """How a row's figure bounds the true value: exactly, where nothing is said."""
        if not row["comparator"]:
            return g60("Exactly")
        return _named(row, "comparator", self.vocabulary.comparator_names, "comparator")

    def unit(self, row: SheetRow, prop: Property) -> NamedNode:
        """The unit of a row's figure: one that the property allows, or its only one."""
        allowed = ", ".join(local_name(unit.value) for unit in prop.units)
        if not row["unit"]:
            if len(prop.units) == 1:
                return prop.units[0]
            raise RowError("unit", f"{prop.name} needs a unit.", f"One of: {allowed}.")
        unit = _named(row, "unit", self.vocabulary.unit_names, "unit")
        if unit not in prop.units:
            raise RowError(
                "unit", f"{prop.name} is not measured in {row['unit']}.", f"One of: {allowed}."
            )
        return unit

    def modality(self, row: SheetRow) -> NamedNode:
        """How a row's statement is meant: asserted, where nothing is said."""
        if not row["modality"]:
            return g60("Asserted")
        return _named(row, "modality", self.vocabulary.modality_names, "modality")

    def speaker(self, row: SheetRow) -> Term | None:
        """Who says it: an entity, or the text itself where it names none; None for a blank cell."""
        text = row["attributed_to"]
        if not text:
            return None
        meant = self.names.meanings(text)
        if len(meant) == 1:
            return meant[0]
        return expand(text) or Literal(text, language=language_of(text, self._language))

    def dataset(self, row: SheetRow) -> NamedNode:
        """The data set that a row's record is in."""
        return _named(row, "dataset", self.names, "dataset")


def _named(row: SheetRow, column: str, names: Names, what: str) -> NamedNode:
    try:
        return names.find(row[column], what)
    except UsageError as error:
        hint = error.hint
        if hint is None and what == "entity":
            hint = f"Introduce it with a row: {row[column]},a,<class>."
        raise RowError(column, error.message, hint) from None


def _names_of_others(store: GraphStore, own: NamedNode) -> Names:
    """What other sources name."""
    names = Names()
    for quad in store.quads(None, LABEL, None):
        subject, label = quad.subject, quad.object
        if (
            quad.graph_name != own
            and isinstance(subject, NamedNode)
            and isinstance(label, Literal)
            and not subject.value.startswith((PREFIXES["g60"], PREFIXES["shape"]))
        ):
            names.add(label.value, subject)
    return names
