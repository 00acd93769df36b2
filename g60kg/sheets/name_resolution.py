"""Resolution of names in a sheet: entities, properties, classes, units, speakers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import UsageError
from g60kg.model.names import Names
from g60kg.model.ontology_lookup import Kind, Property, Vocabulary
from g60kg.namespaces import LABEL, NOT_ENTITIES, A, entity, expand, g60, local_name, slug
from g60kg.sheets.cell_literals import language_of
from g60kg.sheets.sheet_file import RowError, SheetRow, name_in
from g60kg.stores.base import GraphStore, Term

#: Maximum number of predicates in a hint.
_LISTED: Final = 5

_LATIN: Final = re.compile("[A-Za-z]")


class Meanings:
    """Resolves names of the graph and of the sheet itself.

    Each method raises RowError with the nearest names if a name is unknown or ambiguous.
    """

    def __init__(self, store: GraphStore, own: NamedNode, language: str) -> None:
        """Read the names from the graph.

        Args:
            store: the graph.
            own: the named graph of the sheet's source, which a new draft replaces.
            language: the sheet's language.
        """
        self._store = store
        self._own = own
        self._language = language
        self._introduced: dict[str, list[NamedNode]] = defaultdict(list)
        self.vocabulary = Vocabulary(store)
        self.names = _names_of_others(store, own)

    def introduce(self, subject: str, labelled: Container[str] = ()) -> Triple | None:
        """Add a subject of the sheet; return the label of a new one.

        Args:
            subject: the name.
            labelled: the languages of the subject's labels in the sheet.
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
                if tag in labelled and _LATIN.search(subject):
                    tag = self._language  # a name of mixed scripts, beside a Chinese one
                label = Triple(iri, LABEL, Literal(subject, language=tag))
            self.names.add(subject, iri)
        self.names.add(local_name(iri.value), iri)
        return label

    def entity(self, row: SheetRow, column: str, asked: Iterable[NamedNode] = ()) -> NamedNode:
        """Return the entity of a cell; of several with one name, the one in the given classes."""
        wanted = {node.value for node in asked}
        meant = self.names.meanings(row[column])
        if len(meant) > 1 and wanted:
            fitting = [iri for iri in meant if self._is_a(iri, wanted)]
            if len(fitting) == 1:
                return fitting[0]
        name = name_in(row[column], column)
        try:
            return self.names.find(
                name, "entity", suggest=(lambda iri: self._is_a(iri, wanted)) if wanted else None
            )
        except UsageError as error:
            kind = local_name(min(wanted)) if len(wanted) == 1 else "<class>"
            hint = error.hint or f"Introduce it with a row: {name},a,{kind}."
            raise RowError(column, error.message, hint) from None

    def foreign(self, row: SheetRow) -> NamedNode:
        """Return the IRI in the column ``object``, which can be outside this graph."""
        iri = expand(row["object"])
        if iri is None:
            raise RowError("object", f'"{row["object"]}" is not an IRI.', "Such as wd:Q4970.")
        return iri

    def classify(self, node: NamedNode, kind: NamedNode) -> None:
        """Add the class of a node from a row of the sheet."""
        self._introduced[node.value].append(kind)

    def _kinds(self, node: NamedNode) -> list[str]:
        """Return the classes of a node in other sources and the sheet."""
        stated = [q.object for q in self._store.quads(node, A, None) if q.graph_name != self._own]
        kinds = [kind for kind in stated if isinstance(kind, NamedNode)]
        return [kind.value for kind in kinds + self._introduced.get(node.value, [])]

    def _is_a(self, node: NamedNode, wanted: set[str]) -> bool:
        above = self.vocabulary.superclasses
        return any(wanted & above.get(kind, frozenset()) for kind in self._kinds(node))

    def check_subject(self, row: SheetRow, subject: NamedNode, prop: Property) -> None:
        """Check that a subject can have a property.

        Raises:
            RowError: a class of the subject is disjoint with every class of the domain.
        """
        kind = self._excluded(subject, prop.domain)
        if kind is not None:
            message = (
                f"{prop.name} is for the class {_any_of(prop.domain)}; "
                f"{row['subject']} is of the class {local_name(kind)}."
            )
            raise RowError("predicate", message, self._other_predicates(kind, prop))

    def check_object(self, row: SheetRow, object_: NamedNode, prop: Property) -> None:
        """Check that an entity can be the object of a property.

        Raises:
            RowError: a class of the object is disjoint with every class of the range.
        """
        kind = self._excluded(object_, prop.range)
        if kind is not None:
            message = (
                f"{prop.name} needs an object of the class {_any_of(prop.range)}; "
                f"{row['object']} is of the class {local_name(kind)}."
            )
            raise RowError("object", message, "Check the name, or use another predicate.")

    def _excluded(self, node: NamedNode, classes: frozenset[NamedNode]) -> str | None:
        """Return the class of a node that is disjoint with all given classes, or None."""
        excludes = self.vocabulary.excludes
        for kind in self._kinds(node) if classes else ():
            if all(excludes(kind, one.value) for one in classes):
                return kind
        return None

    def _other_predicates(self, kind: str, prop: Property) -> str:
        """Return a hint with the predicates between a class and the range of a property."""
        above = self.vocabulary.superclasses
        here, there = above.get(kind, frozenset()), {one.value for one in prop.range}
        names = [
            other.name
            for other in self.vocabulary.properties.values()
            if other.kind is prop.kind is Kind.ENTITY
            and here & {one.value for one in other.domain}
            and there & {one.value for one in other.range}
        ]
        if not names or len(names) > _LISTED:
            return "Check the name and its class, or use another predicate."
        return f"From {local_name(kind)} to {_any_of(prop.range)}: {', '.join(sorted(names))}."

    def class_in(self, row: SheetRow) -> NamedNode:
        """Return the class in the column ``object``."""
        names = self.vocabulary.class_names
        try:
            return _named(row, "object", names, "class")
        except RowError as error:
            if error.hint is None and names.meanings(row["subject"]):
                error.hint = "Exchange subject and object."
            raise

    def property(self, name: str) -> Property:
        """Return the property of a predicate."""
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
        """Return the comparator of a row's figure; the default is Exactly."""
        if not row["comparator"]:
            return g60("Exactly")
        return _named(row, "comparator", self.vocabulary.comparator_names, "comparator")

    def unit(self, row: SheetRow, prop: Property) -> NamedNode:
        """Return the unit of a row's figure; the default is the only unit of the property."""
        allowed = ", ".join(local_name(unit.value) for unit in prop.units)
        if not row["unit"]:
            if len(prop.units) == 1:
                return prop.units[0]
            raise RowError("unit", f"{prop.name} needs a unit.", f"One of: {allowed}.")
        unit = next(iter(self.vocabulary.unit_names.meanings(row["unit"])), expand(row["unit"]))
        if unit is None or unit not in prop.units:
            raise RowError(
                "unit", f"{prop.name} is not measured in {row['unit']}.", f"One of: {allowed}."
            )
        return unit

    def modality(self, row: SheetRow) -> NamedNode:
        """Return the modality of a row; the default is Asserted."""
        if not row["modality"]:
            return g60("Asserted")
        return _named(row, "modality", self.vocabulary.modality_names, "modality")

    def speaker(self, row: SheetRow) -> Term | None:
        """Return the speaker: an entity, else the text itself; None for a blank cell."""
        text = row["attributed_to"]
        if not text:
            return None
        meant = self.names.meanings(text)
        if len(meant) == 1:
            return meant[0]
        return expand(text) or Literal(text, language=language_of(text, self._language))

    def dataset(self, row: SheetRow) -> NamedNode:
        """Return the dataset of a row's record."""
        return _named(row, "dataset", self.names, "dataset")


def _named(row: SheetRow, column: str, names: Names, what: str) -> NamedNode:
    try:
        return names.find(row[column], what)
    except UsageError as error:
        raise RowError(column, error.message, error.hint) from None


def _any_of(classes: Iterable[NamedNode]) -> str:
    return " or ".join(sorted(local_name(node.value) for node in classes))


def _names_of_others(store: GraphStore, own: NamedNode) -> Names:
    """Return the entities of other sources."""
    names = Names()
    for quad in store.quads(None, LABEL, None):
        subject, label = quad.subject, quad.object
        if (
            quad.graph_name != own
            and isinstance(subject, NamedNode)
            and isinstance(label, Literal)
            and not subject.value.startswith(NOT_ENTITIES)
        ):
            names.add(label.value, subject)
    return names
