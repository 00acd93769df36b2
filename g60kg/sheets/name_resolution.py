"""What the names in a sheet's rows mean: entities, properties, classes, units, speakers."""

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

#: Predicates that a hint lists.
_LISTED: Final = 5

_LATIN: Final = re.compile("[A-Za-z]")


class Meanings:
    """Finds what a name means, in the graph or among what the sheet itself brings.

    Each look-up raises RowError, with the nearest names, where a name means nothing or too much.

    Attributes:
        vocabulary: the graph's ontology.
        names: the names of entities; those that the sheet brings are to be added.
    """

    def __init__(self, store: GraphStore, own: NamedNode, language: str) -> None:
        """Reads the names from the graph.

        Args:
            store: the graph.
            own: the named graph of the sheet's source, which counts for nothing in its new draft.
            language: the sheet's language.
        """
        self._store = store
        self._own = own
        self._language = language
        self._introduced: dict[str, list[NamedNode]] = defaultdict(list)
        self.vocabulary = Vocabulary(store)
        self.names = _names_of_others(store, own)

    def introduce(self, subject: str, labelled: Container[str] = ()) -> Triple | None:
        """Lets rows name a subject that the sheet brings; the label of one that is new.

        Args:
            subject: the name.
            labelled: the languages that rows give the subject a label in.

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
                if tag in labelled and _LATIN.search(subject):
                    tag = self._language  # a name of two scripts, beside one in Chinese
                label = Triple(iri, LABEL, Literal(subject, language=tag))
            self.names.add(subject, iri)
        self.names.add(local_name(iri.value), iri)
        return label

    def entity(self, row: SheetRow, column: str, asked: Iterable[NamedNode] = ()) -> NamedNode:
        """The entity in a cell; of several of one name, the one that is of an asked class."""
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
        """The IRI under ``object``, which need not be of this graph."""
        iri = expand(row["object"])
        if iri is None:
            raise RowError("object", f'"{row["object"]}" is not an IRI.', "Such as wd:Q4970.")
        return iri

    def classify(self, node: NamedNode, kind: NamedNode) -> None:
        """Lets a node be of a class, as a row of the sheet says."""
        self._introduced[node.value].append(kind)

    def _kinds(self, node: NamedNode) -> list[str]:
        """The classes that other sources and the sheet give a node."""
        stated = [q.object for q in self._store.quads(node, A, None) if q.graph_name != self._own]
        kinds = [kind for kind in stated if isinstance(kind, NamedNode)]
        return [kind.value for kind in kinds + self._introduced.get(node.value, [])]

    def _is_a(self, node: NamedNode, wanted: set[str]) -> bool:
        above = self.vocabulary.superclasses
        return any(wanted & above.get(kind, frozenset()) for kind in self._kinds(node))

    def check_subject(self, row: SheetRow, subject: NamedNode, prop: Property) -> None:
        """Checks that a subject can have a property at all.

        Raises:
            RowError: a class of the subject excludes every class that the property is for.
        """
        kind = self._excluded(subject, prop.domain)
        if kind is not None:
            message = (
                f"{prop.name} is for the class {_any_of(prop.domain)}; "
                f"{row['subject']} is of the class {local_name(kind)}."
            )
            raise RowError("predicate", message, self._other_predicates(kind, prop))

    def check_object(self, row: SheetRow, object_: NamedNode, prop: Property) -> None:
        """Checks that an entity can be the object of a property.

        Raises:
            RowError: a class of the object excludes every class that the property leads to.
        """
        kind = self._excluded(object_, prop.range)
        if kind is not None:
            message = (
                f"{prop.name} leads to the class {_any_of(prop.range)}; "
                f"{row['object']} is of the class {local_name(kind)}."
            )
            raise RowError("object", message, "Check the name, or use another predicate.")

    def _excluded(self, node: NamedNode, classes: frozenset[NamedNode]) -> str | None:
        """The class of a node with which it can be of none of some classes; None without one."""
        excludes = self.vocabulary.excludes
        for kind in self._kinds(node) if classes else ():
            if all(excludes(kind, one.value) for one in classes):
                return kind
        return None

    def _other_predicates(self, kind: str, prop: Property) -> str:
        """The predicates that lead from a class to what a property leads to, as a hint."""
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
        """The class under ``object``."""
        names = self.vocabulary.class_names
        try:
            return _named(row, "object", names, "class")
        except RowError as error:
            if error.hint is None and names.meanings(row["subject"]):
                error.hint = "Subject and object are the wrong way round."
            raise

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
        unit = next(iter(self.vocabulary.unit_names.meanings(row["unit"])), expand(row["unit"]))
        if unit is None or unit not in prop.units:
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
        raise RowError(column, error.message, error.hint) from None


def _any_of(classes: Iterable[NamedNode]) -> str:
    return " or ".join(sorted(local_name(node.value) for node in classes))


def _names_of_others(store: GraphStore, own: NamedNode) -> Names:
    """What other sources name."""
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
