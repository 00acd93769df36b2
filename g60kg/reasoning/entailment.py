"""Consistency of a graph, and the statements it implies but does not contain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import EngineFailure
from g60kg.model.ontology_lookup import reachable
from g60kg.namespaces import PREFIXES, A
from g60kg.reasoning.owl_axioms import logical_triples
from g60kg.reasoning.reasoner_process import (
    TIME_LIMIT,
    Inconsistent,
    classify,
    workplace,
    write_ontology,
)

_OWL: Final = PREFIXES["owl"]
_NOTHING: Final = f"{_OWL}Nothing"

# HermiT's output lines: a hierarchy or type axiom with its terms; a property with its pairs.
_AXIOM: Final = re.compile(r"(\w+)\( (.*) \)")
_TERM: Final = re.compile(r"(ObjectInverseOf\( )?<([^>]*)>")
_VALUES: Final = re.compile(r"<([^>]*)> \(known instances: (.*) \| possible instances: (.*)\) ?")
_PAIR: Final = re.compile(r"\(<([^>]*)>, <([^>]*)>\)")
# A step, or several, of a hierarchy of one of these kinds.
_CLASSES, _OBJECT_PROPERTIES, _DATA_PROPERTIES = "Class", "ObjectPropert", "DataPropert"
_HIERARCHY: Final = re.compile(
    rf"(?:Sub|Equivalent)({_CLASSES}|{_OBJECT_PROPERTIES}|{_DATA_PROPERTIES})"
)


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The result of reasoning over a graph.

    Of an inconsistent graph, ``inferred`` and ``unsatisfiable`` are empty.

    Attributes:
        consistent: whether the graph has a model.
        inferred: triples that follow from the graph and are not in it, sorted.
        unsatisfiable: IRIs of the named classes that can have no member, sorted.
    """

    consistent: bool
    inferred: tuple[Triple, ...] = ()
    unsatisfiable: tuple[str, ...] = ()


class _Role(NamedTuple):
    """A class or a property, or with ``inverse`` the inverse of a property."""

    iri: str
    inverse: bool = False

    def inverted(self) -> _Role:
        return _Role(self.iri, not self.inverse)


def reason(triples: Iterable[Triple], *, time_limit: float = TIME_LIMIT) -> Reasoning:
    """Return the consistency and the consequences of a graph, by HermiT.

    ``inferred`` contains, for individuals with an IRI: each class with an IRI that they belong to,
    each relation between two of them through an object property with an IRI, and the values of
    their data properties (also of blank nodes), repeated for each super-property.

    It does not contain: statements of the graph itself; OWL's own terms; statements about classes
    and properties; which individuals are the same or different; types and relations of blank
    nodes. Annotations are ignored, and so are data property values of datatypes outside OWL 2
    (``xsd:date``), although their super-properties are included.

    Raises:
        MissingExtra, EngineFailure: as :func:`classify`.

    >>> from pyoxigraph import RdfFormat, parse
    >>> graph = parse(
    ...     '''@prefix ex: <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    ...     ex:near a owl:ObjectProperty , owl:SymmetricProperty . ex:wuhu ex:near ex:hefei .''',
    ...     format=RdfFormat.TURTLE,
    ... )
    >>> [str(triple) for triple in reason(quad.triple for quad in graph).inferred]
    ['<https://example.org/hefei> <https://example.org/near> <https://example.org/wuhu>']
    """
    given = set(triples)
    with workplace() as folder:
        ontology = write_ontology(folder / "graph.nt", _sorted(logical_triples(given)))
        try:
            answer = _read(classify(ontology, time_limit))
        except Inconsistent:
            return Reasoning(consistent=False)
    inferred = set(answer.types()) | set(answer.relations()) | set(answer.values(given))
    return Reasoning(
        consistent=True,
        inferred=tuple(_sorted(inferred - given)),
        unsatisfiable=tuple(sorted(answer.unsatisfiable)),
    )


class _Answer:
    """HermiT's parsed output; the methods add superclasses and super-properties at any depth."""

    def __init__(self) -> None:
        #: What a class or a property is below, by the kind of hierarchy.
        self.steps: dict[str, dict[_Role, set[_Role]]] = defaultdict(lambda: defaultdict(set))
        self.direct_types: list[tuple[str, str]] = []
        self.direct_relations: list[tuple[_Role, str, str]] = []
        self.unsatisfiable: set[str] = set()

    def _above(self, kind: str, start: _Role) -> Iterator[_Role]:
        """Yield a class or property and all above it in the hierarchy ``kind``, but OWL's own."""
        reached = reachable([start], self.steps[kind])
        return (role for role in reached if not role.iri.startswith(_OWL))

    def types(self) -> Iterator[Triple]:
        """Yield the membership of each individual in each named class but OWL's own classes."""
        for individual, direct in self.direct_types:
            for role in self._above(_CLASSES, _Role(direct)):
                yield Triple(NamedNode(individual), A, NamedNode(role.iri))

    def relations(self) -> Iterator[Triple]:
        """Yield every relation of two individuals through a named object property but OWL's own."""
        for direct, one, other in self.direct_relations:
            for role in self._above(_OBJECT_PROPERTIES, direct):
                start, end = (other, one) if role.inverse else (one, other)
                yield Triple(NamedNode(start), NamedNode(role.iri), NamedNode(end))

    def values(self, given: Iterable[Triple]) -> Iterator[Triple]:
        """Yield the data property values of the given triples for each super-property."""
        steps = self.steps[_DATA_PROPERTIES]
        for triple in given:
            lowest = _Role(triple.predicate.value)
            if isinstance(triple.object, Literal) and lowest in steps:
                for role in self._above(_DATA_PROPERTIES, lowest):
                    yield Triple(triple.subject, NamedNode(role.iri), triple.object)


def _read(text: str) -> _Answer:
    answer = _Answer()
    for line in text.splitlines():
        if axiom := _AXIOM.fullmatch(line.strip()):
            roles = [_Role(iri, bool(inverse)) for inverse, iri in _TERM.findall(axiom[2])]
            if len(roles) > 1:
                _read_axiom(answer, axiom[1], roles)
        elif values := _VALUES.fullmatch(line):
            if _PAIR.search(values[3]):
                raise EngineFailure(f"HermiT left values of {values[1]} undecided.")
            answer.direct_relations += [
                (_Role(values[1]), one, other) for one, other in _PAIR.findall(values[2])
            ]
    return answer


def _read_axiom(answer: _Answer, axiom: str, roles: list[_Role]) -> None:
    if axiom == "Type":
        answer.direct_types.append((roles[0].iri, roles[1].iri))
    elif axiom == "EquivalentClasses" and _Role(_NOTHING) in roles:
        answer.unsatisfiable.update(role.iri for role in roles if role.iri != _NOTHING)
    elif kind := _HIERARCHY.match(axiom):
        equivalent = axiom.startswith("Equivalent")
        for lower, upper in permutations(roles, 2) if equivalent else [roles[:2]]:
            answer.steps[kind[1]][lower].add(upper)
            answer.steps[kind[1]][lower.inverted()].add(upper.inverted())


def _sorted(triples: Iterable[Triple]) -> list[Triple]:
    return sorted(triples, key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
