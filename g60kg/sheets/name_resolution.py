"""Resolution of names in a sheet: entities, properties, classes, units, speakers."""

import re
from collections.abc import Container, Iterable, Iterator, Set
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from g60kg import namespaces as ns
from g60kg.errors import AmbiguousName, UnknownName, UsageError
from g60kg.model.dates import edtf_years
from g60kg.model.everyday_names import CLASS_NAMES, STAGE_NAMES, comparator_of, with_usual
from g60kg.model.names import Names, folded, is_chinese, is_name_everywhere
from g60kg.model.ontology_lookup import Measure, Property, Vocabulary
from g60kg.namespaces import LABEL, entity, expand, g60, local_name, slug
from g60kg.sheets.cell_literals import language_of, time_in
from g60kg.sheets.entity_classes import EntityClasses
from g60kg.sheets.sheet_file import RowError, SheetRow, name_in
from g60kg.stores.base import GraphStore, Term

#: The statistics that compare a period with another.
_COMPARING: Final = tuple(map(g60, ("Growth", "MeanAnnualGrowth", "Change", "Ratio")))
#: The statistics that refer to an area.
_OF_AREA: Final = tuple(map(g60, ("Share", "Rank", "Change")))
#: What a plain statement can have in the column modality; it is no value of a property.
_ASSERTED: Final = g60("Asserted")
_SOURCE: Final = {g60("TextSource").value}
_LATIN: Final = re.compile("[A-Za-z]")


class NameResolver:
    """The names of the graph and of the sheet, and the entities and terms that they mean.

    Labels are in ``language`` by default. Most methods raise RowError if a name is unknown or
    ambiguous. For an unknown name, the hint has the nearest names if there are any.
    """

    def __init__(
        self, store: GraphStore, own: NamedNode, language: str, beside: GraphStore | None
    ) -> None:
        """Read the names in a store outside the graph ``own``, and in a store ``beside`` it."""
        self._store = store
        self._own = own
        self._language = language
        self.vocabulary = Vocabulary(store)
        self._modalities = self.vocabulary.modality_names.copy()
        self._modalities.add(local_name(_ASSERTED.value), _ASSERTED)
        self._class_names = with_usual(self.vocabulary.class_names, CLASS_NAMES)
        self._individuals = with_usual(self.vocabulary.individual_names, STAGE_NAMES)
        self.classes = EntityClasses(store, own, self.vocabulary, beside)
        self.names = _names_of_others(store, own)
        for name, node, _ in _naming(beside) if beside is not None else ():
            self.names.add(name, node)
        #: The line of the row that gives a name to an entity.
        self.named_in: dict[tuple[str, NamedNode], int] = {}

    def introduce(self, subject: str, labelled: Container[str] = ()) -> Triple | None:
        """Add the name of a subject; return its label, or None for a known name or an IRI.

        ``labelled`` has the languages of its rows with labels. If the detected language is one of
        them, a name with Latin letters gets the language of the sheet, or English.
        """
        label = None
        iri = expand(subject)
        _check_local_name(subject, "subject")
        if iri is None:
            known = self.names.meanings(subject)
            name = slug(subject)
            if not known and not name:
                raise RowError("subject", f'"{subject}" has no letter or digit.')
            iri = known[0] if len(known) == 1 else entity(name)
            if not known:
                tag = language_of(subject, self._language)
                if tag in labelled and _LATIN.search(subject):
                    # a name of mixed scripts, beside a Chinese one, or a word beside a Chinese name
                    tag = self._language if tag != self._language or is_chinese(subject) else "en"
                label = Triple(iri, LABEL, Literal(subject, language=tag))
            self.names.add(subject, iri)
        self.names.add(local_name(iri.value), iri)
        return label

    def entity(self, row: SheetRow, column: str, asked: Iterable[NamedNode] = ()) -> NamedNode:
        """Return the entity that a cell names.

        If several entities have the name, it is the one in the given classes; without classes, the
        one that is not a text source.
        """
        wanted = {node.value for node in asked}
        meant = self.names.meanings(row[column])
        if len(meant) > 1:
            # An article may have the name of what it is about as its title.
            fits = {iri: self.classes.is_a(iri, wanted or _SOURCE) for iri in meant}
            fitting = [iri for iri in meant if fits[iri] is bool(wanted)]
            if len(fitting) == 1:
                return fitting[0]
        name = name_in(row[column], column)
        _check_local_name(name, column)
        listed = self._listed(name, wanted)
        if listed is not None:
            return listed
        try:
            return self.names.find(
                name,
                "entity",
                suggest=(lambda iri: self.classes.is_a(iri, wanted)) if wanted else None,
            )
        except AmbiguousName as error:
            lines = {self.named_in.get((folded(name), iri), 0) for iri in meant} - {0}
            given = ", ".join(map(str, sorted(lines)))
            hint = (
                f"Line {given} gives this name: correct it, or write the id that is meant."
                if given
                else "Write the id that is meant."
            )
            raise RowError(column, error.message, hint) from None
        except UnknownName as error:
            kind = local_name(min(wanted)) if len(wanted) == 1 else "<class>"
            if values := sorted(map(local_name, self.classes.listed(wanted))):
                hint = f"Use one of {', '.join(values)}."
                raise RowError(column, error.message, hint) from None
            hint = error.hint or (
                "A date goes into the column time."
                if edtf_years(name) is not None
                else f"Introduce it with a row: {name},a,{kind}."
            )
            raise RowError(column, error.message, hint) from None

    def entity_for(self, row: SheetRow, prop: Property, column: str = "object") -> NamedNode:
        """Return the entity that a cell names; raise RowError if a property cannot have it."""
        found = self.entity(row, column, self.classes.needed(prop))
        self.classes.check_object(row, found, prop, column)
        return found

    def check_slip(self, row: SheetRow) -> None:
        """Raise RowError if the object of a row is an unknown ``id:`` IRI or a misspelt name.

        For a row with an unknown predicate. An object that is similar to no name is accepted.
        """
        name = row["object"]
        iri = expand(name)
        is_entity = iri is not None and iri.value.startswith(ns.PREFIXES["id"])
        if is_entity or (iri is None and self.names.is_misspelling(name)):
            self.entity(row, "object")

    def _listed(self, name: str, wanted: set[str]) -> NamedNode | None:
        """Return the term of a name, in the ``wanted`` classes, or of an IRI; None without one."""
        iri = expand(name)
        vocabulary = self.vocabulary
        meant = (iri,) if iri else self._individuals.meanings(name) if wanted else ()
        for one in meant:
            listed = one.value in vocabulary.individuals or one.value in vocabulary.measures
            if listed and (not wanted or self.classes.is_a(one, wanted)):
                return one
        return None

    def foreign(self, row: SheetRow) -> NamedNode:
        """Return the IRI in the column ``object``, known or not; raise RowError for other text."""
        iri = expand(row["object"])
        if iri is None:
            raise RowError("object", f'"{row["object"]}" is not an IRI.', "Such as wd:Q4970.")
        return iri

    def class_in(self, row: SheetRow) -> NamedNode:
        """Return the class that the column ``object`` names."""
        names = self._class_names
        hint = "Exchange subject and object." if names.meanings(row["subject"]) else None
        try:
            return _named(row, "object", names, "class", hint)
        except RowError:
            self._refuse_deprecated("object", row["object"])
            raise

    def predicate(self, name: str, of_measure: str = "") -> Property | Measure:
        """Return the predicate of a name; with ``of_measure``, the measure of that statistic."""
        vocabulary = self.vocabulary
        if of_measure:
            return self._derived_measure(name, of_measure)
        iri = expand(name)
        meant = (iri,) if iri else vocabulary.property_names.meanings(name)
        meant = meant or vocabulary.measure_names.meanings(name)
        for one in meant[:1] if len(meant) == 1 else ():
            found = vocabulary.properties.get(one.value) or vocabulary.measures.get(one.value)
            if found is not None:
                return found
        try:
            one = vocabulary.predicate_names.find(name, "predicate", suggest=self._is_usual)
        except AmbiguousName as error:
            hint = "Write the one whose definition names the class of the subject, or another one."
            raise RowError("predicate", error.message, hint) from None
        except UsageError as error:
            self._refuse_deprecated("predicate", name)
            raise RowError("predicate", error.message, error.hint) from None
        return vocabulary.properties.get(one.value) or vocabulary.measures[one.value]

    def _is_usual(self, predicate: NamedNode) -> bool:
        prop = self.vocabulary.properties.get(predicate.value)
        return prop is None or g60("Measure") not in prop.domain

    def slip(self, name: str) -> Property | Measure | None:
        """Return the predicate that a name misspells, or that replaces a removed one; or None."""
        meant = self.vocabulary.predicate_names.iri_of_misspelling(name)
        removed = expand(f"g60:{name}")
        if meant is None and removed is not None:
            new = self.vocabulary.successors(removed)
            meant = new[0] if len(new) == 1 else None
        iri = meant.value if meant else ""
        return self.vocabulary.properties.get(iri) or self.vocabulary.measures.get(iri)

    def _refuse_deprecated(self, column: str, name: str) -> None:
        new = self.vocabulary.replacement(name)
        if new is not None:
            # A sheet names terms of the ontology without a prefix.
            message = f"{name} was removed in 0.2; use {new.replace('g60:', '')}."
            raise RowError(column, message, "See docs/model.md, From 0.1 to 0.2.")

    def _derived_measure(self, statistic: str, of_measure: str) -> Measure:
        vocabulary = self.vocabulary
        kind = _found("predicate", vocabulary.statistic_names, statistic, "statistic")
        base = _found("of_measure", vocabulary.measure_names, of_measure, "measure")
        for measure in vocabulary.measures.values():
            if measure.statistic == kind and measure.base == base:
                return measure
        name = f"{local_name(kind.value).lower()}-of-{local_name(base.value)}"
        hint = (
            f"Add a row to instances/measures.csv: measure:{name}, with statistic "
            f"{local_name(kind.value)} and ofMeasure measure:{local_name(base.value)}."
        )
        raise RowError("predicate", f"No measure is the {statistic} of {of_measure}.", hint)

    def comparator(self, row: SheetRow) -> NamedNode:
        """Return the comparator of a row's figure; Exactly for an empty cell."""
        if not row["comparator"]:
            return g60("Exactly")
        names, word = self.vocabulary.comparator_names, comparator_of(row["comparator"])
        if word is not None and not names.meanings(row["comparator"]):
            return g60(word)
        return _named(row, "comparator", names, "comparator")

    def modality(self, row: SheetRow) -> tuple[tuple[NamedNode, NamedNode], ...]:
        """Return pairs of property and value, sorted as ``MODALITY``; none for plain, Asserted."""
        found: dict[NamedNode, NamedNode] = {}
        for name in row["modality"].split(";"):
            if not name.strip() or folded(name) == "plain":
                continue
            cell = SheetRow(row.line, {"modality": name.strip()})
            value = _named(cell, "modality", self._modalities, "modality")
            if value == _ASSERTED:
                continue
            prop = self.vocabulary.modality_properties[value.value]
            if found.setdefault(prop, value) != value:
                message = f"{local_name(found[prop].value)} and {local_name(value.value)} "
                raise RowError("modality", message + "exclude each other.", "Keep one of them.")
        return tuple((prop, found[prop]) for prop in ns.MODALITY if prop in found)

    def categories(self, row: SheetRow) -> tuple[NamedNode, ...]:
        """Return the categories of a row's figure, which the cell joins with ``;``."""
        names = [name.strip() for name in row["category"].split(";") if name.strip()]
        prop = self.vocabulary.declared(g60("category"))
        cells = (SheetRow(row.line, {"category": name}) for name in names)
        return tuple(self.entity_for(cell, prop, "category") for cell in cells)

    def reference(
        self, row: SheetRow, measure: Measure
    ) -> tuple[NamedNode | None, NamedNode | None, str | None]:
        """Return the area, the ranking and the period to which a row's figure refers.

        Each is None if the figure does not refer to one. A period or ``year-on-year`` is of a
        growth, a change or a ratio; an area of a share, a rank or a change; a ranking of a rank or
        its change. ``;`` joins several. Any other reference raises RowError.
        """
        cells = [cell.strip() for cell in row["reference"].split(";") if cell.strip()]
        parts = [
            self._reference(SheetRow(row.line, {"reference": cell}), measure) for cell in cells
        ]
        areas = [area for area, _, _ in parts if area]
        rankings = [ranking for _, ranking, _ in parts if ranking]
        periods = [period for _, _, period in parts if period]
        if max(len(areas), len(rankings), len(periods)) > 1:
            message = (
                "A figure refers to at most one area, one ranking and one period, "
                f'not to "{row["reference"]}".'
            )
            raise RowError("reference", message, "Keep one of them, or write a row for each.")
        return next(iter(areas), None), next(iter(rankings), None), next(iter(periods), None)

    def _reference(
        self, row: SheetRow, measure: Measure
    ) -> tuple[NamedNode | None, NamedNode | None, str | None]:
        cell = row["reference"]
        is_gap = measure.statistic == g60("Change") and (self.names.meanings(cell) or expand(cell))
        if measure.statistic in _COMPARING and not is_gap:
            if folded(cell) != "year-on-year":
                time_in(row, "reference")
            return None, None, folded(cell) if folded(cell) == "year-on-year" else cell
        if not self.names.meanings(cell) and (
            folded(cell) == "year-on-year" or edtf_years(cell) is not None
        ):
            message = (
                "Only a growth, a change or a ratio is compared with a period; "
                f"{measure.name} is none of them."
            )
            hint = "Empty the cell; the period of the figure is its time."
            raise RowError("reference", message, hint)
        found = self.entity(row, "reference")
        is_ranking = self.classes.is_a(found, {g60("Ranking").value})
        base = self.vocabulary.measures.get(measure.base.value) if measure.base else None
        _check_reference(measure, base, is_ranking=is_ranking)
        if is_ranking:
            return None, found, None
        area = self.vocabulary.declared(g60("referenceArea"))
        self.classes.check_object(row, found, area, "reference")
        return found, None, None

    def speaker(self, row: SheetRow) -> Term | None:
        """Return the speaker: the one entity with the name, an IRI, or the text; None if blank."""
        text = row["attributed_to"]
        if not text:
            return None
        meant = self.names.meanings(text)
        if len(meant) == 1:
            return meant[0]
        return expand(text) or Literal(text, language=language_of(text, self._language))

    def dataset(self, row: SheetRow) -> NamedNode:
        """Return the dataset that the column ``dataset`` of a row names."""
        return _named(row, "dataset", self.names, "dataset")


def _names_of_others(store: GraphStore, own: NamedNode) -> Names:
    # Read once for each state of a store.
    names, graphs = store.cached(_names_of_others.__qualname__, lambda: _all_names(store))
    if own not in graphs:
        return names.copy()
    return Names((name, node) for name, node, graph in _naming(store) if graph != own)


def _all_names(store: GraphStore) -> tuple[Names, Set[object]]:
    found = list(_naming(store))
    return Names((name, node) for name, node, _ in found), {graph for *_, graph in found}


def _naming(store: GraphStore) -> Iterator[tuple[str, NamedNode, object]]:
    for quad in (quad for one in ns.NAMING for quad in store.quads(None, one, None)):
        node, label = quad.subject, quad.object
        if (
            isinstance(node, NamedNode)
            and isinstance(label, Literal)
            and not node.value.startswith(ns.NOT_ENTITIES)
            and is_name_everywhere(quad)
        ):
            yield label.value, node, quad.graph_name


def _named(
    row: SheetRow, column: str, names: Names, what: str, hint: str | None = None
) -> NamedNode:
    return _found(
        column, names, row[column], what, hint or f"List them with g60kg terms {_TOPICS[what]}."
    )


def _found(column: str, names: Names, text: str, what: str, hint: str | None = None) -> NamedNode:
    try:
        return names.find(text, what)
    except UsageError as error:
        raise RowError(column, error.message, error.hint or hint) from None


#: The argument of ``g60kg terms`` that lists the names of a column.
_TOPICS: Final = {
    "class": "classes",
    "comparator": "comparators",
    "modality": "modalities",
    "dataset": "Dataset",
}
_OWN_NAME: Final = re.compile(r"(id|measure):(.+)", re.DOTALL)


def _check_local_name(name: str, column: str) -> None:
    """Raise RowError for a CURIE such as ``id:a/b``; letters, digits and ``._-`` are allowed."""
    own = _OWN_NAME.fullmatch(name)
    if own is not None and not re.fullmatch(r"[\w.-]+", own[2]):
        message = f'"{name}" is not a simple name: no white space, slash or other sign.'
        raise RowError(column, message, f"Write {own[1]}:{slug(own[2])}.")


def _check_reference(measure: Measure, base: Measure | None, *, is_ranking: bool) -> None:
    if measure.statistic is None:
        return
    if is_ranking:
        if g60("Rank") in (measure.statistic, base and base.statistic):
            return
        message = f"Only a rank, or a change of one, is in a ranking; {measure.name} is neither."
        raise RowError("reference", message, "Empty the cell, or correct the predicate.")
    if measure.statistic in _OF_AREA:
        return
    message = f"Only a share, a rank or a change refers to an area; {measure.name} is none of them."
    raise RowError("reference", message, "Empty the cell; what limits a count is its category.")
