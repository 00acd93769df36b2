"""Consistency of a graph, and the statements it implies but does not contain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The result of reasoning over a graph.

    Attributes:
        consistent: whether the graph has a model.
        inferred: triples that follow from the graph and are not in it, sorted; empty when the
            graph is inconsistent, from which everything would follow.
        unsatisfiable: IRIs of the named classes that can have no member, sorted.
    """

    consistent: bool
    inferred: tuple[Triple, ...] = ()
    unsatisfiable: tuple[str, ...] = ()


class _Role(NamedTuple):
    """A property, or the inverse of one."""

    iri: str
    inverse: bool = False

    def inverted(self) -> _Role:
        return _Role(self.iri, not self.inverse)


def reason(triples: Iterable[Triple], *, time_limit: float = TIME_LIMIT) -> Reasoning:
    """Return the consistency and the consequences of a graph, by HermiT.

    ``inferred`` contains, for individuals with an IRI:

    - every class with an IRI that they belong to, through superclasses, domains, ranges and
      class expressions;
    - every relation between two of them through an object property with an IRI: super-properties,
      inverses, symmetry, transitivity, property chains, equality of individuals;
    - the values of their data properties, given again for each super-property.

    It does not contain: statements of the graph itself; ``owl:Thing`` and OWL's other own terms;
    statements about classes and properties; which individuals are the same or different;
    statements about blank nodes. Annotations are ignored, and so are data property values of
    datatypes outside OWL 2 (``xsd:date``), although their super-properties are included.

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
    """HermiT's output, parsed: direct steps only; the methods compute the closure."""

    def __init__(self) -> None:
        self.class_steps: dict[str, set[str]] = defaultdict(set)
        self.object_steps: dict[_Role, set[_Role]] = defaultdict(set)
        self.data_steps: dict[str, set[str]] = defaultdict(set)
        self.direct_types: list[tuple[str, str]] = []
        self.direct_relations: list[tuple[_Role, str, str]] = []
        self.unsatisfiable: set[str] = set()

    def types(self) -> Iterator[Triple]:
        """Yield every membership of an individual in a named class."""
        for individual, direct in self.direct_types:
            for name in reachable([direct], self.class_steps):
                if not name.startswith(_OWL):
                    yield Triple(NamedNode(individual), A, NamedNode(name))

    def relations(self) -> Iterator[Triple]:
        """Yield every relation of two individuals through a named object property."""
        for direct, one, other in self.direct_relations:
            for role in reachable([direct], self.object_steps):
                start, end = (other, one) if role.inverse else (one, other)
                if not role.iri.startswith(_OWL):
                    yield Triple(NamedNode(start), NamedNode(role.iri), NamedNode(end))

    def values(self, given: Iterable[Triple]) -> Iterator[Triple]:
        """Yield the data property values for each super-property."""
        for triple in given:
            if isinstance(triple.object, Literal) and triple.predicate.value in self.data_steps:
                for name in reachable([triple.predicate.value], self.data_steps):
                    if not name.startswith(_OWL):
                        yield Triple(triple.subject, NamedNode(name), triple.object)


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


def _read_axiom(answer: _Answer, kind: str, roles: list[_Role]) -> None:
    names = [role.iri for role in roles]
    match kind:
        case "Type":
            answer.direct_types.append((names[0], names[1]))
        case "SubClassOf":
            answer.class_steps[names[0]].add(names[1])
        case "EquivalentClasses" if _NOTHING in names:
            answer.unsatisfiable.update(name for name in names if name != _NOTHING)
        case "EquivalentClasses":
            for name in names:
                answer.class_steps[name].update(names)
        case "SubDataPropertyOf":
            answer.data_steps[names[0]].add(names[1])
        case "EquivalentDataProperties":
            for name in names:
                answer.data_steps[name].update(names)
        case "SubObjectPropertyOf":
            _add_step(answer, roles[0], roles[1])
        case "EquivalentObjectProperties":
            for one in roles:
                for other in roles:
                    _add_step(answer, one, other)


def _add_step(answer: _Answer, lower: _Role, upper: _Role) -> None:
    answer.object_steps[lower].add(upper)
    answer.object_steps[lower.inverted()].add(upper.inverted())


def _sorted(triples: Iterable[Triple]) -> list[Triple]:
    return sorted(triples, key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
