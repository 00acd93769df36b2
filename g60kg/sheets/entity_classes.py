"""Classes of the entities in a sheet, and whether an entity may be used with a predicate."""

from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.class_rules import REGISTER, classes_of_rules, other_class
from g60kg.model.ontology_lookup import Measure, ObjectKind, Property, Vocabulary
from g60kg.namespaces import A, g60, local_name
from g60kg.sheets.sheet_file import RowError, RowWarning, SheetRow
from g60kg.stores.base import GraphStore

#: Maximum number of predicates in a hint.
_SHOWN: Final = 5
_HINT: Final = "Check the name, or use another predicate."


class EntityClasses:
    """The classes of entities, from the graph without the sheet's own source, and from the sheet.

    Also from the store ``beside`` the graph. The checks pass for an entity without any class.
    """

    def __init__(
        self,
        store: GraphStore,
        own: NamedNode,
        vocabulary: Vocabulary,
        beside: GraphStore | None,
    ) -> None:
        self._store, self._own, self._vocabulary = store, own, vocabulary
        self._introduced: dict[str, list[NamedNode]] = defaultdict(list)
        for quad in beside.quads(None, A) if beside is not None else ():
            if isinstance(quad.object, NamedNode):
                self._introduced[str(quad.subject).strip("<>")].append(quad.object)

    def classify(self, row: SheetRow, node: NamedNode, kind: NamedNode) -> None:
        """Record the class that a row of the sheet gives to a node.

        Raises:
            RowError: the graphs ``entities`` and ``categories`` give the node classes, none of
                which is above, below or equal to ``kind``, unless the sheet is one of
                them; or the ontology lists all instances of ``kind``.
        """
        values = sorted(map(local_name, self.listed({kind.value})))
        if values:
            name = local_name(kind.value)
            message = f"No source introduces a {name}: the ontology lists them all."
            raise RowError("object", message, f"Use one of {', '.join(values)}.")
        registered = None if self._own in REGISTER else other_class(node, kind, self._vocabulary)
        if registered is not None:
            name = local_name(registered.value)
            message = f"{row['subject']} is registered as {name}, not as {local_name(kind.value)}."
            hint = f"Write {name} or delete the row; another entity needs a name of its own."
            raise RowError("object", message, hint)
        self._introduced[node.value].append(kind)

    def listed(self, kinds: Iterable[str]) -> frozenset[str]:
        """Return the IRIs of individuals of the ontology that directly have one of the classes."""
        quads = (q for kind in kinds for q in self._store.quads(None, A, NamedNode(kind)))
        found = (q.subject.value for q in quads if isinstance(q.subject, NamedNode))
        return self._vocabulary.individuals.intersection(found)

    def is_a(self, node: NamedNode, wanted: Set[str]) -> bool:
        """Return whether a node has one of the classes or a subclass; False without a class."""
        above = self._vocabulary.superclasses
        return any(wanted & above.get(kind, frozenset()) for kind in self._kinds(node))

    def needed(self, prop: Property) -> frozenset[NamedNode]:
        """Return the classes of which a property's objects must be; empty if any class is possible.

        They are those that a shape lists for the property, else its range.
        """
        return self._ruled.get(prop.iri, prop.range)

    @cached_property
    def _ruled(self) -> dict[object, frozenset[NamedNode]]:
        return classes_of_rules(self._store)

    def check_subject(self, row: SheetRow, subject: NamedNode, prop: Property) -> None:
        """Check that the class of a subject is in the domain of a property.

        Raises:
            RowError: the subject has classes, but none in the domain.
        """
        kind = self._class_outside(subject, prop.domain)
        if kind is not None:
            message = _of_subject(row, prop.name, prop.domain, kind)
            raise RowError("predicate", message, self._other_predicates(kind, prop))

    def check_object(
        self, row: SheetRow, object_: NamedNode, prop: Property, column: str = "object"
    ) -> None:
        """Check that the entity in a column can be the object of a property.

        Raises:
            RowError: the object has classes, but none that the property needs.
        """
        needed = self.needed(prop)
        kind = self._class_outside(object_, needed)
        if kind is not None:
            hint = _HINT if column == "object" else "Check the name, or use the column basis."
            if g60("SpatialThing") in needed and self.is_a(object_, {g60("Organization").value}):
                hint = "If its building is meant, add an `a` row with Facility."
            name = prop.name if column == "object" else column
            raise RowError(column, _of_object(row, name, needed, kind, column), hint)

    def check_use(
        self, row: SheetRow, subject: NamedNode, object_: object, *used: Property | Measure
    ) -> None:
        """Check that predicates are used for the classes of a subject and an object.

        Raises:
            RowWarning: the ontology says that one of them is used for other classes.
        """
        name = used[0].name
        for one in used:
            classes = self._used_for(one, "usedFor")
            kind = self._class_outside(subject, classes)
            if kind is not None:
                raise RowWarning("predicate", _of_subject(row, name, classes, kind), _HINT)
            classes = self._used_for(one, "usedForObject")
            kind = self._class_outside(object_, classes) if isinstance(object_, NamedNode) else None
            if kind is not None:
                raise RowWarning("object", _of_object(row, name, classes, kind), _HINT)

    def _used_for(self, used: Property | Measure, annotation: str) -> frozenset[NamedNode]:
        stated = (q.object for q in self._store.quads(used.iri, g60(annotation), None))
        return frozenset(kind for kind in stated if isinstance(kind, NamedNode))

    def _kinds(self, node: NamedNode) -> list[str]:
        stated = [q.object for q in self._store.quads(node, A, None) if q.graph_name != self._own]
        kinds = [kind for kind in stated if isinstance(kind, NamedNode)]
        return [kind.value for kind in kinds + self._introduced.get(node.value, [])]

    def _class_outside(self, node: NamedNode, classes: frozenset[NamedNode]) -> str | None:
        """Return a class of a node if none of its classes is a given class or below one, else None.

        None also if the node has no class, or if no classes are given.
        """
        wanted = {one.value for one in classes}
        kinds = self._kinds(node) if wanted else []
        return kinds[0] if kinds and not self.is_a(node, wanted) else None

    def _other_predicates(self, kind: str, prop: Property) -> str:
        """Return a hint with the predicates from a class to the range of a property.

        If there are none or many, the hint is general advice.
        """
        above = self._vocabulary.superclasses
        here, there = above.get(kind, frozenset()), {one.value for one in prop.range}
        names = [
            other.name
            for other in self._vocabulary.properties.values()
            if other.kind is prop.kind is ObjectKind.ENTITY
            and here & {one.value for one in other.domain}
            and there & {one.value for one in other.range}
        ]
        if not names or len(names) > _SHOWN:
            return "Check the name and its class, or use another predicate."
        return f"From {local_name(kind)} to {_any_of(prop.range)}: {', '.join(sorted(names))}."


def _of_subject(row: SheetRow, name: str, classes: Iterable[NamedNode], kind: str) -> str:
    subject, given = row["subject"], local_name(kind)
    return f"{name} is for the class {_any_of(classes)}; {subject} is of the class {given}."


def _of_object(
    row: SheetRow, name: str, classes: Iterable[NamedNode], kind: str, column: str = "object"
) -> str:
    needed, given = _any_of(classes), local_name(kind)
    return f"{name} needs an object of the class {needed}; {row[column]} is of the class {given}."


def _any_of(classes: Iterable[NamedNode]) -> str:
    return " or ".join(sorted(local_name(node.value) for node in classes))
