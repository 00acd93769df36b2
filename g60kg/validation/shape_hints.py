"""Hints for findings of shapes: what was meant, what is allowed, what the form looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode
from rdflib import RDF, RDFS, SH, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from g60kg.namespaces import PREFIXES, compact, local_name
from g60kg.terms import Names

G60: Final = Namespace(PREFIXES["g60"])
#: A class with so few instances is listed in a hint; of a larger one the nearest are named.
LISTED: Final = 10

_MEANT: Final = {"en": "Did you mean {}?", "zh": "是否指：{}？"}
_ONE_OF: Final = {"en": "One of: {}.", "zh": "可用的有：{}。"}
_SUCH_AS: Final = {"en": "Such as {}.", "zh": "例如 {}。"}


class Hints:
    """Hints from what the graph knows and what the shapes show as examples."""

    def __init__(self, graph: Graph, shapes: Graph, language: str) -> None:
        self.graph = graph
        self.shapes = shapes
        self.language = language

    def hint(self, shape: Node, result: Mapping[Node, Node]) -> str | None:
        """What helps with one result, or None.

        Args:
            shape: the named shape that the result belongs to.
            result: the properties of the ``sh:ValidationResult``.
        """
        component = result[SH.sourceConstraintComponent]
        if component in (SH.ClassConstraintComponent, SH.OrConstraintComponent):
            return self._known_instances(shape, result.get(SH.value))
        if component == SH.SPARQLConstraintComponent:
            return self._allowed_units(shape, result[SH.focusNode])
        forms = [shape, *self.shapes.objects(shape, SH.node)]
        examples = {str(o) for form in forms for o in self.shapes.objects(form, SKOS.example)}
        return self._say(_SUCH_AS, sorted(examples))

    def _known_instances(self, shape: Node, value: Node | None) -> str | None:
        """Of an IRI that nothing describes, the nearest that is described; else the whole list."""
        if not isinstance(value, URIRef) or (value, RDF.type, None) in self.graph:
            return None
        known = sorted(
            instance
            for instance in {
                instance
                for wanted in self._classes(shape)
                for kind in self.graph.transitive_subjects(RDFS.subClassOf, wanted)
                for instance in self.graph.subjects(RDF.type, kind)
            }
            if isinstance(instance, URIRef)
        )
        names = Names((local_name(iri), NamedNode(str(iri))) for iri in known)
        near = [
            compact(iri.value)
            for name in names.nearest(local_name(value))
            for iri in names.meanings(name)
        ]
        if near:
            return self._say(_MEANT, near)
        return self._say(_ONE_OF, [compact(iri) for iri in known] if len(known) <= LISTED else [])

    def _classes(self, shape: Node) -> Iterator[Node]:
        """The classes that a shape asks values to be of, one of them or all."""
        yield from self.shapes.objects(shape, SH["class"])
        for alternatives in self.shapes.objects(shape, SH["or"]):
            for alternative in self.shapes.items(alternatives):
                yield from self.shapes.objects(alternative, SH["class"])

    def _allowed_units(self, shape: Node, quantity: Node) -> str | None:
        if self.shapes.value(shape, SH.path, any=True) != G60.unit:
            return None
        measures = self.graph.predicates(None, quantity)
        units = {u for measure in measures for u in self.graph.objects(measure, G60.allowedUnit)}
        return self._say(_ONE_OF, sorted(compact(str(unit)) for unit in units))

    def _say(self, words: Mapping[str, str], names: list[str]) -> str | None:
        if not names:
            return None
        between = "、" if self.language == "zh" else ", "
        return words.get(self.language, words["en"]).format(between.join(names))
