"""Listing of the terms that a fact sheet can use: classes, predicates, measures, categories."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from g60kg.errors import UsageError
from g60kg.model.class_rules import classes_of_rules
from g60kg.model.everyday_names import CLASS_NAMES, with_usual
from g60kg.model.ontology_lookup import ObjectKind, Property, Vocabulary
from g60kg.namespaces import LABEL, A, g60, local_name, term
from g60kg.stores.base import GraphStore

Listing = dict[str, list[dict[str, Any]]]

_RANGES: Final = {"PlainLiteral": "text", "string": "text", "integer": "integer"}


class TermListing:
    """Lists the terms of a store, with labels and definitions in one language."""

    topics: Final = (
        *("classes", "predicates", "measures", "categories"),
        *("comparators", "modalities", "stages", "units"),
    )

    def __init__(self, store: GraphStore, language: str = "en") -> None:
        self._store = store
        self._language = language
        self._vocabulary = Vocabulary(store)
        self._ruled = classes_of_rules(store)
        self._class_names = with_usual(self._vocabulary.class_names, CLASS_NAMES)

    def all(self) -> Listing:
        """Return the terms of every topic, by topic."""
        return {topic: self.topic(topic) for topic in self.topics}

    def of(self, name: str) -> Listing:
        """Return the terms of a topic; or a class and the predicates that its entities may have.

        Raise UsageError for any other name.
        """
        if name.lower() in self.topics:
            return {name.lower(): self.topic(name.lower())}
        try:
            kind = self._class_names.find(name, "class")
        except UsageError as error:
            error.hint = " ".join(filter(None, (error.hint, f"Topics: {', '.join(self.topics)}.")))
            raise
        return {
            "classes": [self._class(kind)],
            "predicates": [self._predicate(prop) for prop in predicates_of(self._vocabulary, kind)],
        }

    def topic(self, topic: str) -> list[dict[str, Any]]:
        """Return the terms of one of :attr:`topics`, sorted by name."""
        vocabulary = self._vocabulary
        lists: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
            "classes": lambda: map(self._class, map(NamedNode, vocabulary.classes)),
            "predicates": lambda: map(self._predicate, _predicates(vocabulary)),
            "measures": self._measures,
            "categories": self._categories,
            "comparators": lambda: (
                {**self._described(iri), "name": vocabulary.notation(iri)}
                for iri in self._individuals("Comparator")
            ),
            "modalities": lambda: (
                {**self._described(NamedNode(iri)), "property": local_name(prop.value)}
                for iri, prop in vocabulary.modality_properties.items()
            ),
            "stages": lambda: map(self._described, self._individuals("Stage")),
            "units": lambda: (
                {"name": local_name(unit), "iri": unit}
                for unit in {u.value for m in vocabulary.measures.values() for u in m.units}
            ),
        }
        return sorted(lists[topic](), key=lambda entry: str(entry["name"]).casefold())

    def _class(self, iri: NamedNode) -> dict[str, Any]:
        supers = self._store.objects(iri, term("rdfs:subClassOf"))
        own = [local_name(n.value) for n in supers if isinstance(n, NamedNode) and _is_own(n)]
        return {**self._described(iri), "subClassOf": sorted(own)}

    def _predicate(self, prop: Property) -> dict[str, Any]:
        figure = prop.iri == g60("hasObservation")
        objects = self._store.objects(prop.iri, g60("usedForObject"))
        used = [one for one in objects if isinstance(one, NamedNode)]
        classes = self._ruled.get(prop.iri) or used or prop.range
        return {
            **self._described(prop.iri),
            "domain": sorted(local_name(one.value) for one in prop.used_for or prop.domain),
            "range": ["date (EDTF)"]
            if prop.date_valued
            else sorted(_RANGES.get(name := local_name(one.value), name) for one in classes)
            or ["any entity" if prop.kind is ObjectKind.ENTITY else "text"],
            "units": ["see measures"] if figure else [],
            "example": self._text(prop.iri, term("skos:example")),
        }

    def _measures(self) -> Iterable[dict[str, Any]]:
        for measure in self._vocabulary.measures.values():
            yield {
                **self._described(measure.iri),
                "statistic": local_name(measure.statistic.value) if measure.statistic else None,
                "of": local_name(measure.base.value) if measure.base else None,
                "units": [local_name(unit.value) for unit in measure.units],
                "timeless": measure.timeless,
                "flow": measure.flow,
            }

    def _categories(self) -> Iterable[dict[str, Any]]:
        for kind in sorted(self._vocabulary.subclasses(g60("Concept"))):
            for iri in self._store.subjects(A, NamedNode(kind)):
                if not _is_own(iri):
                    yield {**self._described(iri), "class": local_name(kind)}

    def _individuals(self, kind: str) -> list[NamedNode]:
        return [node for node in self._store.subjects(A, g60(kind)) if _is_own(node)]

    def _described(self, iri: NamedNode) -> dict[str, Any]:
        scope = " ".join(self._texts(iri, term("skos:scopeNote")))
        return {
            "name": local_name(iri.value),
            "label": self._text(iri, LABEL),
            "definition": self._text(iri, term("skos:definition")),
            **({"scope": scope} if scope else {}),
        }

    def _text(self, iri: NamedNode, predicate: NamedNode) -> str | None:
        return next(iter(self._texts(iri, predicate)), None)

    def _texts(self, iri: NamedNode, predicate: NamedNode) -> list[str]:
        """Return a property's texts in the listing's language, else in English, else in any."""
        found = [one for one in self._store.objects(iri, predicate) if isinstance(one, Literal)]
        order = {self._language: 0, "en": 1}
        found.sort(key=lambda one: (order.get(one.language or "", 2), one.value))
        return [one.value for one in found if one.language == found[0].language]


def _predicates(vocabulary: Vocabulary) -> Iterable[Property]:
    return (prop for prop in vocabulary.properties.values() if prop.requires_evidence)


def predicates_of(vocabulary: Vocabulary, kind: NamedNode) -> list[Property]:
    """Return the properties that entities of a class may have and that require evidence.

    Properties that any entity may have are last.
    """
    above = vocabulary.superclasses[kind.value]
    limits = {prop: (prop.domain, prop.used_for) for prop in _predicates(vocabulary)}
    if g60("Meta").value in above:  # no entity of the domain
        limits = {prop: both for prop, both in limits.items() if any(both)}
    found = [
        prop
        for prop, both in limits.items()
        if all(not classes or any(one.value in above for one in classes) for classes in both)
    ]
    return sorted(found, key=lambda prop: (not any(limits[prop]), prop.name.casefold()))


def _is_own(iri: NamedNode) -> bool:
    return iri.value.startswith(g60("").value)


def listing_lines(
    listing: Listing,
    translate: Callable[[str], str] = str,
    *,
    named: str = "{} ({})",
    gap: str = " ",
) -> list[str]:
    """Return a listing as lines: a heading for each topic, then its terms.

    ``named`` formats a name with its label; ``gap`` precedes a scope note and an example.
    """
    lines: list[str] = []
    for topic, entries in listing.items():
        lines += [*([""] if lines else []), translate(topic)]
        for entry in entries:
            label = entry.get("label")
            name = entry["name"] if label else translate(entry["name"])
            if label not in (None, name):
                name = named.format(name, label)
            limits = [
                ", ".join(map(translate, entry[key]))
                for key in ("domain", "range")
                if entry.get(key)
            ]
            arrow = f" [{' → '.join(limits)}]" if limits else ""
            units = f" [{', '.join(map(translate, entry['units']))}]" if entry.get("units") else ""
            text = translate(": ") + entry["definition"] if entry.get("definition") else ""
            text += gap + entry["scope"] if entry.get("scope") else ""
            example = (
                gap + translate(f"Example: {entry['example']}") if entry.get("example") else ""
            )
            lines.append(f"  {name}{arrow}{units}{text}{example}")
    return lines
