"""Findings of SHACL shapes on a graph.

The module is imported only when it is needed, since importing rdflib and pySHACL is slow.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from g60kg.errors import UnknownName
from g60kg.model.names import Names
from g60kg.namespaces import PREFIXES, compact, local_name
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.rdflib_view import plain_string
from g60kg.validation.candidates import FocusNodes
from g60kg.validation.report.findings import Finding, Severity, worst_first
from g60kg.validation.shacl_engines import quiet, report_of
from g60kg.validation.shape_structure.shape_graph import TARGETS, owner_of
from g60kg.validation.texts import check_texts

G60: Final = Namespace(PREFIXES["g60"])
#: A hint lists the instances of a class up to this number, else the nearest ones.
LISTED: Final = 10

_KINDS: Final = (SH.NodeShape, SH.PropertyShape)
_SEVERITIES: Final = {SH[one.capitalize()]: one for one in Severity}
#: Rules on the classes of a statement's parts, by the ontology's property that gives them.
_CLASSES_OF: Final = {
    "FactSubjectIsInDomain": RDFS.domain,
    "FactObjectIsInRange": RDFS.range,
    "ObservationReferenceIsInRange": RDFS.range,
    "PropertyIsUsedForClass": G60.usedFor,
    "PropertyIsUsedForObject": G60.usedForObject,
}


def run_shapes(
    graph: Graph,
    shapes: Graph,
    only: str | None = None,
    focus: str | None = None,
    language: str = "en",
    focus_nodes: FocusNodes | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of shapes on a graph, grouped by focus node, the worst group first.

    Args:
        graph: the instances together with the ontology. Strings must be plain literals, not
            xsd:string.
        only: the local name of the shape to run, with the shapes that it refers to; None for all.
        focus: the IRI of the focus node to validate; None for all.
        language: the language of the messages.
        focus_nodes: the focus nodes by shape, instead of the targets; None for the targets.

    Raises:
        UnknownName: no shape has the name ``only``.
        UsageError: the shapes are not SHACL, or a query in them is not SPARQL or is not supported.
        UnsupportedQuery: a query has FROM, a target query has SERVICE, or a property path
            follows too many statements in succession.
    """
    chosen = _with_parts(shapes, _shape_named(shapes, only)) if only else []
    with quiet():
        report = report_of(graph, shapes, chosen, focus, focus_nodes)
        writer = _FindingWriter(graph, shapes, language)
        found = {
            finding.key: finding
            for result in report.objects(None, SH.result)
            for finding in (writer.finding(report, result),)
            if focus is None or finding.focus == focus
        }
    return worst_first(found.values())


def _shape_named(shapes: Graph, name: str) -> URIRef:
    named = {
        local_name(shape): shape
        for target in TARGETS
        for shape in shapes.subjects(target)
        if isinstance(shape, URIRef)
    }
    if name in named:
        return named[name]
    known = Names((known, NamedNode(str(shape))) for known, shape in named.items())
    raise UnknownName(f'No shape is named "{excerpt(name)}".', hint=known.hint(name))


def _with_parts(shapes: Graph, shape: Node) -> list[str]:
    """Return the IRIs of a shape and of the named shapes that it refers to, at any depth.

    A named shape among them also runs on its own targets.
    """
    named = {one for kind in _KINDS for one in shapes.subjects(RDF.type, kind)}
    parts: dict[Node, None] = {}
    waiting: list[Node] = [shape]
    while waiting:
        node = waiting.pop()
        parts[node] = None
        waiting += [
            part
            for part in shapes.objects(node)
            if part not in parts and (isinstance(part, BNode) or part in named)
        ]
    return [str(part) for part in parts if isinstance(part, URIRef)]


class _FindingWriter:
    """Converts results of a SHACL report to findings, with hints from the graph and the shapes."""

    def __init__(self, graph: Graph, shapes: Graph, language: str) -> None:
        self.graph = graph
        self.shapes = shapes
        self.language = language

    def finding(self, report: Graph, result: Node) -> Finding:
        parts = {p: o for p, o in report.predicate_objects(result) if p != SH.resultMessage}
        shape = owner_of(self.shapes, parts[SH.sourceShape])
        focus, path = parts.get(SH.focusNode), parts.get(SH.resultPath)
        value: Node | None = plain_string(parts.get(SH.value))
        # A message of pySHACL only where the shape has none.
        message = self._text(self.shapes, shape, SH.message)
        return Finding(
            severity=_SEVERITIES.get(URIRef(str(parts[SH.resultSeverity])), Severity.VIOLATION),
            code=local_name(str(shape)),
            message=message or self._text(report, result, SH.resultMessage) or "",
            focus=_plain(focus),
            focus_label=self._label(focus) if focus is not None else None,
            path=str(path) if isinstance(path, URIRef) else None,
            value=_plain(value),
            hint=self._hint(shape, parts),
            term=value.n3() if value is not None else None,
            literal=focus.n3() if isinstance(focus, Literal) else None,
            component=str(parts[SH.sourceConstraintComponent]),
        )

    def _label(self, node: Node) -> str | None:
        """Return a node's label; for a Fact or a figure, which have none, what it states as text.

        None if there is neither.
        """
        label = self._own_label(node) or self._figure(node)
        if label:
            return label
        triple = self._values(node, "factSubject", "factPredicate", "factObject")
        return " — ".join(map(self._name, triple)) if len(triple) == 3 else None

    def _values(self, node: Node, *names: str) -> list[Node]:
        """Return one value of each of the named ``g60:`` properties that the node has."""
        found = (self.graph.value(node, G60[name], any=True) for name in names)
        return [value for value in found if value is not None]

    def _figure(self, node: Node) -> str | None:
        """Return the text of an observation: measure, number, unit and period.

        None for a node without a number.
        """
        if not self._values(node, "numericValue"):
            return None
        parts = self._values(node, "observedMeasure", "numericValue", "unit", "referencePeriod")
        # The number of an invalid figure can be a figure, even the same one.
        return " ".join(self._own_label(part) or compact(str(part)) for part in parts)

    def _own_label(self, node: Node) -> str | None:
        return self._text(self.graph, node, RDFS.label)

    def _text(self, graph: Graph, node: Node, prop: URIRef) -> str | None:
        """Return a text of a node in the language, else in English, else without a language.

        Otherwise the first of the texts in alphabetical order; None without any text.
        """
        found = sorted(
            (o for o in graph.objects(node, prop) if isinstance(o, Literal)), reverse=True
        )
        by_language = {text.language or "": str(text) for text in found}
        for wanted in (self.language, "en", ""):
            if wanted in by_language:
                return by_language[wanted]
        return min(by_language.values(), default=None)

    def _name(self, node: Node) -> str:
        return self._own_label(node) or self._figure(node) or compact(str(node))

    def _hint(self, shape: Node, result: Mapping[Node, Node]) -> str | None:
        component = result[SH.sourceConstraintComponent]
        if component in (SH.ClassConstraintComponent, SH.OrConstraintComponent):
            return self._known_instances(list(self._classes(shape)), result.get(SH.value))
        wanted = _CLASSES_OF.get(local_name(str(shape)))
        if wanted is not None and SH.resultPath in result:
            return self._needed_classes(wanted, result[SH.resultPath], result.get(SH.value))
        if component == SH.SPARQLConstraintComponent:
            return self._allowed_units(shape, result[SH.focusNode])
        forms = [shape, *self.shapes.objects(shape, SH.node)]
        examples = {str(o) for form in forms for o in self.shapes.objects(form, SKOS.example)}
        return self._say("such as", sorted(examples))

    def _needed_classes(self, wanted: Node, prop: Node, value: Node | None) -> str | None:
        """Return a hint with the classes that a property needs, then the classes of the value.

        If the value has no class, instances that may be meant follow instead. None if both
        parts are missing.

        Args:
            wanted: the property of the ontology that gives the classes, such as rdfs:domain.
        """
        classes = sorted(self.graph.objects(prop, wanted), key=str)
        given = sorted(local_name(str(kind)) for kind in self.graph.objects(value, RDF.type))
        parts = [
            self._say("needed", [local_name(str(kind)) for kind in classes]),
            self._say("given", given) or self._known_instances(classes, value),
        ]
        between = "" if self.language == "zh" else " "
        return between.join(part for part in parts if part) or None

    def _known_instances(self, classes: list[Node], value: Node | None) -> str | None:
        """Return a hint with the instances of classes whose names are nearest to the value's name.

        Without near names, the hint has all instances if there are at most :data:`LISTED`. None if
        there are more or none, or if the value is not an IRI, or has a class.
        """
        if not isinstance(value, URIRef) or (value, RDF.type, None) in self.graph:
            return None
        found = {
            instance
            for wanted in classes
            for kind in self.graph.transitive_subjects(RDFS.subClassOf, wanted)
            for instance in self.graph.subjects(RDF.type, kind)
        }
        known = sorted(instance for instance in found if isinstance(instance, URIRef))
        names = Names((local_name(iri), NamedNode(str(iri))) for iri in known)
        near = [
            compact(iri.value)
            for name in names.nearest(local_name(value))
            for iri in names.meanings(name)
        ]
        if near:
            return self._say("meant", near)
        return self._say("one of", [compact(iri) for iri in known] if len(known) <= LISTED else [])

    def _classes(self, shape: Node) -> Iterator[Node]:
        yield from self.shapes.objects(shape, SH["class"])
        for alternatives in self.shapes.objects(shape, SH["or"]):
            for alternative in self.shapes.items(alternatives):
                yield from self.shapes.objects(alternative, SH["class"])

    def _allowed_units(self, shape: Node, observation: Node) -> str | None:
        if self.shapes.value(shape, SH.path, any=True) != G60.unit:
            return None
        measures = self.graph.objects(observation, G60.observedMeasure)
        units = {u for measure in measures for u in self.graph.objects(measure, G60.measureUnit)}
        return self._say("one of", sorted(compact(str(unit)) for unit in units))

    def _say(self, key: str, names: list[str]) -> str | None:
        if not names:
            return None
        between = "、" if self.language == "zh" else ", "
        return check_texts("shapes", self.language)[key].format(between.join(names))


def _plain(node: Node | None) -> str | None:
    if node is None:
        return None
    return f"_:{node}" if isinstance(node, BNode) else str(node)
