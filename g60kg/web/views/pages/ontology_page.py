"""View model of the page of the ontology: all its terms, with examples from the graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.i18n import page_texts
from g60kg.model.ontology_lookup import Property
from g60kg.model.term_listing import predicates_of
from g60kg.namespaces import LABEL, PREFIXES, A, compact, g60, local_name, term
from g60kg.stores.base import Term
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.term_pages import example_of_class, example_of_property
from g60kg.web.views.pages.view_models import TermModel

Row = tuple[TermModel, tuple[TermModel, ...]]

_OWN: Final = PREFIXES["g60"]
_DEFINITION: Final = term("skos:definition")
_DEPRECATED: Final = term("owl:deprecated")
_SUBCLASS: Final = term("rdfs:subClassOf")
_SUBPROPERTY: Final = term("rdfs:subPropertyOf")
_DOMAIN, _RANGE = term("rdfs:domain"), term("rdfs:range")
#: The parts of a restriction.
_ON, _ONLY = term("owl:onProperty"), term("owl:allValuesFrom")
_INVERSE: Final = term("owl:inverseOf")
_KINDS: Final = tuple(term(f"owl:{kind}Property") for kind in ("Object", "Datatype", "Annotation"))
#: Properties whose values are not among the rows of a term, or in both directions.
_ABOVE_ROWS: Final = frozenset(
    {A, LABEL, _DEFINITION, _DEPRECATED, term("rdfs:isDefinedBy"), term("owl:disjointWith")}
)
_TITLE, _DESCRIPTION = term("dcterms:title"), term("dcterms:description")
_VERSION: Final = term("owl:versionIRI")
#: The server has the current version only, so the values of these properties are not links.
_EARLIER_VERSIONS: Final = (term("owl:priorVersion"), term("owl:incompatibleWith"))
#: How terms here relate to one of another vocabulary, and the heading of these terms there.
_ALIGNING: Final = {
    _SUBCLASS: "subclasses",
    _SUBPROPERTY: "subproperties",
    term("rdfs:seeAlso"): "referring",
}


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term of the ontology, or a measure or category of the reference data.

    Attributes:
        labels: in English and Chinese.
        definitions: in English and Chinese.
        kinds: its types, such as "object property" and "transitive".
        rows: its other statements, each with its heading.
        example: an instance of a class, or the subject and the value of a property; empty without
            one.
    """

    iri: str
    labels: tuple[TermModel, ...]
    definitions: tuple[TermModel, ...]
    kinds: tuple[TermModel, ...]
    rows: tuple[Row, ...] = ()
    example: tuple[TermModel, ...] = ()

    @property
    def name(self) -> str:
        """The local name, also the anchor on the page (for a measure, after ``measure-``)."""
        return local_name(self.iri)


@dataclass(frozen=True, slots=True)
class ClassNode:
    """A class in the hierarchy, with its subclasses."""

    name: TermModel
    children: tuple[ClassNode, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A property in the diagram of the ontology.

    ``domain`` and ``range`` include superclasses, the narrowest class first.
    """

    domain: tuple[str, ...]
    name: str
    range: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A term of another vocabulary, its types, and the terms of the ontology that refer to it."""

    name: TermModel
    kinds: tuple[TermModel, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class OntologyView:
    """The page of the ontology.

    Attributes:
        title: in English and Chinese, like the description.
        metadata: the other statements about the ontology, each with its heading.
        any_entity: the text for any entity.
        hierarchy: the classes without a superclass in the ontology, with their subclasses.
        properties: three tuples: object, datatype and annotation properties.
        enumerations: the values of enumerations, by class.
        measures: those of the reference data, like the categories.
    """

    template: ClassVar = "ontology.html"
    title: tuple[TermModel, ...]
    description: tuple[TermModel, ...]
    metadata: tuple[Row, ...]
    relations: tuple[Relation, ...]
    any_entity: str
    hierarchy: tuple[ClassNode, ...]
    classes: tuple[TermEntry, ...]
    properties: tuple[tuple[TermEntry, ...], ...]
    enumerations: tuple[TermEntry, ...]
    measures: tuple[TermEntry, ...]
    categories: tuple[TermEntry, ...]
    deprecated: tuple[TermEntry, ...]
    alignments: tuple[Alignment, ...]
    prefixes: tuple[tuple[str, str], ...]


def ontology_view(language: str) -> OntologyView:
    """Return the view model of the ontology."""
    return _Builder(PageReader(language)).view()


class _Builder:
    def __init__(self, reader: PageReader) -> None:
        self._reader = reader
        self._vocabulary = reader.context.vocabulary
        self._texts = page_texts(reader.language)

    def view(self) -> OntologyView:
        alignments = self._alignments()
        names = {compact(one.name.iri or "").partition(":")[0] for one in alignments}
        names |= {"g60", "id", "measure", "unit", "xsd", "rdf", "rdfs", "owl"}
        return OntologyView(
            title=self._both(ns.ONTOLOGY, _TITLE),
            description=self._both(ns.ONTOLOGY, _DESCRIPTION),
            metadata=self._metadata(),
            relations=self._relations(),
            any_entity=self._texts("ontology.any"),
            hierarchy=tuple(
                self._tree(name)
                for name in sorted(self._vocabulary.classes, key=_by_name)
                if not self._parents(name)
            ),
            classes=tuple(map(self._class, sorted(self._vocabulary.classes, key=_by_name))),
            properties=tuple(tuple(map(self._property, self._of_kind(kind))) for kind in _KINDS),
            enumerations=self._enumerations(),
            measures=tuple(map(self._entry, self._sorted(self._vocabulary.measures))),
            categories=self._categories(),
            deprecated=self._deprecated(),
            alignments=alignments,
            prefixes=tuple((name, PREFIXES[name]) for name in sorted(names & set(PREFIXES))),
        )

    def _metadata(self) -> tuple[Row, ...]:
        without = {A, _TITLE, _DESCRIPTION, _VERSION, *_EARLIER_VERSIONS}
        versions = (
            (
                self._reader.term_model(predicate),
                tuple(
                    TermModel(one.value, one.value if predicate == _VERSION else None)
                    for one in self._reader.objects(ns.ONTOLOGY, predicate)
                ),
            )
            for predicate in (_VERSION, *_EARLIER_VERSIONS)
        )
        return (*self._rows(ns.ONTOLOGY, without), *versions)

    # -- Terms -------------------------------------------------------------------

    def _entry(
        self,
        node: NamedNode,
        more: Iterable[Row] = (),
        example: tuple[TermModel, ...] = (),
    ) -> TermEntry:
        first = (_SUBCLASS, _SUBPROPERTY, _DOMAIN, _RANGE, _INVERSE)
        order = {one.value: place for place, one in enumerate(first)}
        rows = [*self._rows(node, _ABOVE_ROWS), *(row for row in more if row[1])]
        rows.sort(key=lambda row: order.get(row[0].iri or "", len(order)))
        return TermEntry(
            node.value,
            self._both(node, LABEL),
            self._both(node, _DEFINITION),
            self._models(self._reader.objects(node, A)),
            tuple(rows),
            example,
        )

    def _class(self, iri: str) -> TermEntry:
        node = NamedNode(iri)
        parents = list(map(NamedNode, self._parents(iri)))
        inherited = {known for one in parents for known in predicates_of(self._vocabulary, one)}
        found = (one for one in predicates_of(self._vocabulary, node) if one not in inherited)
        usable = [one.iri for one in found]
        domain_of = [one for one in self._subjects(_DOMAIN, node) if one not in usable]
        computed = (
            ("usable-further" if parents else "usable", usable),
            ("subclasses", self._subjects(_SUBCLASS, node)),
            ("disjoint", [NamedNode(one) for one in self._vocabulary.disjoint_with(iri)]),
            ("domain-of", domain_of),
            ("range-of", self._subjects(_RANGE, node)),
            ("members", self._individuals(node)),
        )
        more = (self._row(key, nodes) for key, nodes in computed)
        return self._entry(node, more, example_of_class(self._reader, iri))

    def _property(self, known: Property) -> TermEntry:
        node = known.iri
        any_ = TermModel(self._texts("ontology.any"))
        ends = [
            (self._reader.term_model(end), (any_,))
            for end, classes in ((_DOMAIN, known.domain), (_RANGE, known.range))
            if not classes
        ]
        computed = (
            ("subproperties", self._subjects(_SUBPROPERTY, node)),
            ("inverse", self._subjects(_INVERSE, node)),
        )
        more = (*ends, *(self._row(key, nodes) for key, nodes in computed))
        return self._entry(node, more, example_of_property(self._reader, node))

    def _rows(self, node: NamedNode, without: Iterable[NamedNode]) -> tuple[Row, ...]:
        store, left_out = self._reader.store, set(without)
        values: dict[NamedNode, set[Term]] = {}
        for quad in list(store.quads(node, None, None, ns.ONTOLOGY_GRAPH)) or store.quads(node):
            # Many graphs state the class of a popular category. Pages show no triple terms.
            if isinstance(quad.object, Term):
                values.setdefault(quad.predicate, set()).add(quad.object)
        return tuple(
            (self._reader.term_model(predicate), self._models(values[predicate]))
            for predicate in sorted(values.keys() - left_out, key=str)
        )

    def _row(self, key: str, nodes: Iterable[NamedNode]) -> Row:
        return TermModel(self._texts(f"ontology.{key}")), self._models(nodes)

    def _models(self, terms: Iterable[Term]) -> tuple[TermModel, ...]:
        shown = (self._model(one) for one in terms)
        return tuple(
            sorted(shown, key=lambda one: (one.language or "", one.text.casefold(), one.iri or ""))
        )

    def _model(self, value: Term) -> TermModel:
        if isinstance(value, BlankNode):
            on, only = (self._reader.objects(value, part)[:1] for part in (_ON, _ONLY))
            if on and only:
                ends = {"property": compact(on[0].value), "kind": compact(only[0].value)}
                return TermModel(self._texts("ontology.only", **ends))
        return self._reader.term_model(value)

    def _both(self, node: NamedNode, predicate: NamedNode) -> tuple[TermModel, ...]:
        return self._models(self._reader.objects(node, predicate))

    def _subjects(self, predicate: NamedNode, value: Term) -> list[NamedNode]:
        return self._reader.store.subjects(predicate, value, ns.ONTOLOGY_GRAPH)

    def _of_kind(self, kind: NamedNode) -> list[Property]:
        nodes = set(self._subjects(A, kind))
        known = self._vocabulary.properties.items()
        found = [one for iri, one in known if iri.startswith(_OWN) and one.iri in nodes]
        return sorted(found, key=lambda known: _by_name(known.iri.value))

    def _individuals(self, kind: NamedNode) -> list[NamedNode]:
        return [one for one in self._subjects(A, kind) if one.value in self._vocabulary.individuals]

    def _sorted(self, iris: Iterable[str]) -> list[NamedNode]:
        return [NamedNode(iri) for iri in sorted(iris, key=_by_name)]

    def _parents(self, iri: str) -> set[str]:
        above = self._reader.objects(NamedNode(iri), _SUBCLASS)
        return {one.value for one in above} & self._vocabulary.classes

    def _tree(self, iri: str) -> ClassNode:
        below = sorted({one.value for one in self._subjects(_SUBCLASS, NamedNode(iri))})
        return ClassNode(
            self._reader.term_model(NamedNode(iri)),
            tuple(self._tree(one) for one in below if one in self._vocabulary.classes),
        )

    # -- Groups of terms -----------------------------------------------------------

    def _enumerations(self) -> tuple[TermEntry, ...]:
        members = (
            one
            for kind in (*self._sorted(self._vocabulary.classes), term("qudt:Unit"))
            for one in self._sorted(member.value for member in self._individuals(kind))
        )
        # The datatype of their notations.
        datatypes = self._subjects(A, term("rdfs:Datatype"))
        return tuple(map(self._entry, dict.fromkeys((*members, *datatypes))))

    def _categories(self) -> tuple[TermEntry, ...]:
        entries = [
            TermEntry(
                one.value, self._both(one, LABEL), (), self._models(self._reader.objects(one, A))
            )
            for one in self._reader.members(g60("Concept"))
            if not one.value.startswith(_OWN)
        ]
        return tuple(sorted(entries, key=lambda one: (one.kinds[0].text, _by_name(one.iri))))

    def _deprecated(self) -> tuple[TermEntry, ...]:
        true = Literal("true", datatype=term("xsd:boolean"))
        nodes = self._subjects(_DEPRECATED, true)
        return tuple(map(self._entry, self._sorted(node.value for node in nodes)))

    def _alignments(self) -> tuple[Alignment, ...]:
        """Return the terms of other vocabularies that the ontology declares or refers to."""
        declared = [one for kind in (term("owl:Class"), *_KINDS) for one in self._subjects(A, kind)]
        related = [
            quad.object
            for predicate in _ALIGNING
            for quad in self._reader.store.quads(None, predicate, None, ns.ONTOLOGY_GRAPH)
            if isinstance(quad.object, NamedNode)
        ]
        foreign = {one for one in (*declared, *related) if not one.value.startswith(_OWN)}
        found = []
        for node in sorted(foreign, key=lambda one: compact(one.value)):
            rows = [self._row(key, self._subjects(how, node)) for how, key in _ALIGNING.items()]
            kinds = self._models(self._reader.objects(node, A))
            name = TermModel(compact(node.value), node.value)
            found.append(Alignment(name, kinds, tuple(row for row in rows if row[1])))
        return tuple(found)

    # -- The diagram ---------------------------------------------------------------

    def _relations(self) -> tuple[Relation, ...]:
        """Return the object properties, without inverses of stored ones, and of restrictions."""
        found = [
            Relation(self._above(known.domain), known.name, self._above(known.range))
            for known in self._of_kind(_KINDS[0])
            if known.iri.value not in self._vocabulary.inverses
        ]
        for quad in self._reader.store.quads(None, _ONLY, None, ns.ONTOLOGY_GRAPH):
            if isinstance(quad.subject, BlankNode) and isinstance(quad.object, NamedNode):
                (on,) = self._reader.objects(quad.subject, _ON)
                start = self._above(self._subjects(_SUBCLASS, quad.subject))
                found.append(Relation(start, compact(on.value), self._above([quad.object])))
        return tuple(found)

    def _above(self, classes: Iterable[NamedNode]) -> tuple[str, ...]:
        supers = self._vocabulary.superclasses
        found = {name for kind in classes for name in supers.get(kind.value, {kind.value})}
        ordered = sorted(found, key=lambda name: (-len(supers.get(name, ())), name))
        return tuple(map(local_name, ordered))


def _by_name(iri: str) -> str:
    return local_name(iri).casefold()
