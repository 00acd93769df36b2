"""Random shapes of every construct; random graphs, and changes, of the terms they mention."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from g60kg.namespaces import PREFIXES, A, expand, local_name, term
from tests.graphs import SHAPE_FILES
from tests.validation.delta_cases import PREFIXED
from tests.validation.delta_runs import EX

#: Settings of properties whose faults are rare: `make test-long` tries 600 examples of them.
FULLY: Final = settings(
    max_examples=600 if settings().max_examples > 100 else settings().max_examples,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SH: Final = PREFIXES["sh"]
SUBCLASS: Final = term("rdfs:subClassOf")
IRIS: Final = (":p", ":q", ":r")
CLASSES: Final = (":C0", ":C1", ":C2")
LITERALS: Final = (
    Literal("a"),
    Literal("a", language="en"),
    Literal("1", datatype=term("xsd:integer")),
    Literal(" 1 ", datatype=term("xsd:integer")),
    Literal("2", datatype=term("xsd:integer")),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What random triples are made of."""

    nodes: Sequence[NamedNode | BlankNode]
    classes: Sequence[NamedNode]
    properties: Sequence[NamedNode]
    literals: Sequence[Literal] = LITERALS


@dataclass(frozen=True, slots=True)
class Change:
    """A graph, what another graph holds that shapes do not look at, and a change."""

    graph: list[Triple]
    hidden: list[Triple]
    added: list[Triple]
    removed: list[Triple]


NODES: Final[tuple[NamedNode | BlankNode, ...]] = (
    *(NamedNode(f"{EX}n{number}") for number in range(3)),
    BlankNode("b0"),
)
MADE_UP: Final = Vocabulary(
    nodes=NODES,
    classes=[NamedNode(EX + name[1:]) for name in CLASSES],
    properties=[NamedNode(EX + name[1:]) for name in IRIS],
)


def changes(words: Vocabulary) -> st.SearchStrategy[Change]:
    """Graphs of few terms, so that triples meet, and changes that mostly are of what is there."""
    node = st.sampled_from(words.nodes)
    kind = st.sampled_from(words.classes)
    name = st.sampled_from(words.properties)
    literal = st.sampled_from(words.literals)
    triple = st.one_of(
        st.builds(Triple, node, name, node),
        st.builds(Triple, node, name, node),
        st.builds(Triple, node, name, st.one_of(literal, kind, name)),
        st.builds(Triple, node, st.just(A), kind),
        st.builds(Triple, kind, st.just(SUBCLASS), kind),
        st.builds(Triple, name, st.one_of(name, st.just(SUBCLASS)), st.one_of(node, literal, kind)),
    )
    return st.lists(triple, min_size=8, max_size=24).flatmap(
        lambda graph: st.builds(
            Change,
            st.just(graph),
            st.lists(triple, max_size=1),
            st.lists(triple, max_size=5),
            st.lists(st.one_of(st.sampled_from(graph), st.sampled_from(graph), triple), max_size=5),
        )
    )


# -- Shapes of every construct -----------------------------------------------

PLAIN: Final = (
    *("sh:minCount 1", "sh:minCount 2", "sh:maxCount 1", "sh:uniqueLang true"),
    *("sh:datatype xsd:integer", "sh:nodeKind sh:IRI", "sh:hasValue :n0", "sh:in ( :n0 :n1 1 )"),
    *('sh:languageIn ( "en" )', "sh:minInclusive 2", 'sh:pattern "n[0-2]$"', "sh:minLength 2"),
)
#: Of these a node shape must have none.
OF_PATHS: Final = ("sh:minCount", "sh:maxCount", "sh:uniqueLang", "sh:lessThan", "$PATH")
PAIRS: Final = ("sh:equals", "sh:disjoint", "sh:lessThan", "sh:lessThanOrEquals")
QUERIES: Final = (
    "$this :p ?value . ?value :q ?x",
    "$this :p ?value OPTIONAL { ?value :q ?x } FILTER ( !BOUND(?x) )",
    "?value :p $this FILTER NOT EXISTS { ?value :q ?x . ?x a :C0 }",
    "$this :p ?value FILTER NOT EXISTS { ?x :q ?value }",
    "$this :p ?value FILTER EXISTS { ?x :q ?value . ?x rdfs:subClassOf* ?y }",
    "{ $this :p ?value } UNION { ?value :q $this . ?value :r ?x }",
    "{ $this :p ?x } UNION { $this :q ?x } ?x :r ?value",
    "$this :p/:q* ?value . ?value ^:r ?x",
    "$this (:p|^:q)+ ?value . ?value a/rdfs:subClassOf* :C1",
    "$this ?path ?value . ?path :q ?x",
    "$this ?path ?value OPTIONAL { ?x :p $this ; :q ?path ; :r ?value } FILTER ( !BOUND(?x) )",
    "$this ?path ?value OPTIONAL { ?x :p $this ; :q ?value OPTIONAL { ?x :r ?y }"
    " FILTER ( !BOUND(?y) || ?path = :q ) } FILTER ( !BOUND(?x) )",
    "$this :p ?x ; :q ?value OPTIONAL { ?x ?any ?value BIND ( 1 AS ?y ) } FILTER ( !BOUND(?y) )",
    "$this :p ?value OPTIONAL { ?value :q ?x OPTIONAL { ?x :r ?y } } FILTER ( !BOUND(?y) )",
    "$this !(:p|:q) ?value . ?value :r? ?x . ?x a ?class",
    "$this :p ?value FILTER ( ?value != :n0 ) FILTER ( !EXISTS { ?value !:q $this } )",
    "?x :p $this , ?value FILTER ( STR(?value) > STR($this) )",
    "$this :p [ :q ?value ]",
    "$this :p ?x . ?y :q ?x ; :r ?value",
    "$this :p ?value { ?value :q ?x } { ?x :r ?y OPTIONAL { ?y :p ?z } } FILTER ( !BOUND(?z) )",
    "$this $PATH ?value FILTER NOT EXISTS { ?value $PATH ?x }",
    # The rest cannot be bounded, each for its reason.
    "$this :p ?value OPTIONAL { ?x :q ?y } ?x :r $this",
    "$this :p ?value OPTIONAL { ?x :q ?y } FILTER ( !BOUND(?x) )",
    "$this :p ?value { SELECT $this (COUNT(?x) AS ?n) { $this :q ?x } GROUP BY $this }",
    "?x :p ?y . $this a :C0 BIND ( ?x AS ?value )",
)
TARGET_QUERIES: Final = (
    "?x :p ?this",
    "?this :p ?x OPTIONAL { ?x :q ?y } FILTER ( !BOUND(?y) )",
    "?this a ?class MINUS { ?this :p ?x }",
    "?p :q ?y . ?this ?p ?x",
    "{ ?this :p ?x } UNION { ?x :q ?this . ?x a :C0 }",
    "?this a ?one , ?other FILTER ( ?one != ?other )",
    "?this a/rdfs:subClassOf* :C0 FILTER NOT EXISTS { ?this :p/:q ?x }",
)


def property_paths(depth: int = 2) -> st.SearchStrategy[str]:
    iri = st.sampled_from(IRIS)
    if not depth:
        return iri
    inner = property_paths(depth - 1)
    pair = st.tuples(inner, inner).map(" ".join)
    return st.one_of(
        *(iri, iri, inner.map("[ sh:inversePath {} ]".format)),
        *(pair.map("( {} )".format), pair.map("[ sh:alternativePath ( {} ) ]".format)),
        inner.map("[ sh:zeroOrMorePath {} ]".format),
        inner.map("[ sh:oneOrMorePath {} ]".format),
        inner.map("[ sh:zeroOrOnePath {} ]".format),
    )


def queries(texts: Sequence[str], predicate: str, select: str) -> st.SearchStrategy[str]:
    kind = "a sh:SPARQLTarget ;" if predicate == "sh:target" else ""
    asked = f'{predicate} [ {kind} sh:prefixes :prefixes ; sh:select """SELECT {select}'
    return st.sampled_from(texts).map(lambda text: f'{asked} {{ {text} }}""" ]')


def asking(*texts: str) -> st.SearchStrategy[str]:
    known = texts or [text for text in QUERIES if "$PATH" not in text]
    return queries(known, "sh:sparql", "$this ?path ?value")


@cache
def constraints(depth: int, on_path: bool) -> st.SearchStrategy[str]:
    def fit(texts: Sequence[str]) -> list[str]:
        return [t for t in texts if on_path or not any(word in t for word in OF_PATHS)]

    query = asking(*fit(QUERIES))
    some = [
        *(query, query, query, st.sampled_from(fit(PLAIN)), st.sampled_from(fit(PLAIN))),
        st.sampled_from(CLASSES).map("sh:class {}".format),
        st.tuples(st.sampled_from(fit(PAIRS)), st.sampled_from(IRIS)).map(" ".join),
        st.sampled_from(("sh:closed true", "sh:closed true ; sh:ignoredProperties ( :p )")),
    ]
    if depth:
        node, part = shapes(depth - 1, False), shapes(depth - 1, True)
        either = st.one_of(node, part)
        several = st.lists(either, min_size=1, max_size=2).map(" ".join)
        kind = st.sampled_from(("and", "or", "xone"))
        some += [
            *(part.map("sh:property {}".format), node.map("sh:node {}".format)),
            *(part.map("sh:property {}".format), either.map("sh:not {}".format)),
            st.tuples(kind, several).map(lambda p: f"sh:{p[0]} ( {p[1]} )"),
            qualified(either) if on_path else siblings(either),
        ]
    return st.one_of(some)


def qualified(shape: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    count = st.sampled_from(("Min", "Max"))
    return st.tuples(shape, count, st.integers(0, 1)).map(
        lambda p: f"sh:qualifiedValueShape {p[0]} ; sh:qualified{p[1]}Count {p[2]}"
    )


def siblings(shape: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    part = st.tuples(st.sampled_from(IRIS), qualified(shape)).map(
        lambda p: f"[ sh:path {p[0]} ; sh:qualifiedValueShapesDisjoint true ; {p[1]} ]"
    )
    return st.tuples(part, part).map(lambda p: f"sh:property {p[0]} , {p[1]}")


@cache
def shapes(depth: int, on_path: bool) -> st.SearchStrategy[str]:
    # Of some constraints a shape may have but one.
    some = st.lists(constraints(depth, on_path), min_size=1, max_size=2).map(
        lambda texts: " ; ".join({text.split()[0]: text for text in texts}.values())
    )
    if on_path:
        return st.tuples(property_paths(), some).map(lambda p: f"[ sh:path {p[0]} ; {p[1]} ]")
    return some.map("[ {} ]".format)


TARGETS: Final = st.one_of(
    st.sampled_from(CLASSES).map("sh:targetClass {}".format),
    st.sampled_from(IRIS).map("sh:targetSubjectsOf {}".format),
    st.sampled_from(IRIS).map("sh:targetObjectsOf {}".format),
    *(st.just("sh:targetNode :n0 , :n1"), st.just("sh:targetNode :n0 , :n1 , 1")),
    st.just("a rdfs:Class"),
    queries(TARGET_QUERIES, "sh:target", "?this"),
)


@st.composite
def made_up_shapes(draw: st.DrawFn) -> str:
    """A few shapes in Turtle. Some are classes as well, whose instances are their targets."""
    text = PREFIXED
    for number in range(draw(st.integers(0, 2))):
        text += f":Q{number} a sh:NodeShape ; {draw(TARGETS)} ; {draw(asking())} .\n"
    for number in range(draw(st.integers(1, 3))):
        on_path = draw(st.booleans())
        body = draw(shapes(draw(st.integers(0, 2)), on_path)).removeprefix("[").removesuffix("]")
        name = draw(st.sampled_from((f":S{number}", f":C{number}")))
        kind = "PropertyShape" if on_path else "NodeShape"
        text += f"{name} a sh:{kind} ; {draw(TARGETS)} ; {body} .\n"
    return text


# -- The shipped shapes ------------------------------------------------------


@cache
def shipped() -> dict[NamedNode, tuple[Triple, ...]]:
    """Each shipped shape that has targets, with all that it refers to."""
    described: dict[object, list[Triple]] = {}
    for file in SHAPE_FILES:
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True):
            described.setdefault(quad.subject, []).append(quad.triple)

    def with_parts(node: object) -> list[Triple]:
        own = described.get(node, [])
        return [*own, *(triple for t in own for triple in with_parts(t.object))]

    return {
        node: tuple(with_parts(node))
        for node, triples in described.items()
        if isinstance(node, NamedNode)
        and any(t.predicate.value.startswith(SH + "target") for t in triples)
    }


@st.composite
def shipped_shapes(draw: st.DrawFn) -> tuple[list[Triple], Change]:
    """A few shipped shapes, and a change of a graph of the terms that they mention."""
    names = st.sampled_from(sorted(shipped(), key=str))
    chosen = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    triples = list(dict.fromkeys(triple for name in chosen for triple in shipped()[name]))
    return triples, draw(changes(mentioned(triples)))


def mentioned(shapes: Sequence[Triple]) -> Vocabulary:
    """The terms that shapes mention, in triples or in queries, found by their spelling."""
    texts = " ".join(t.object.value for t in shapes if isinstance(t.object, Literal))
    found = {t.object for t in shapes if isinstance(t.object, NamedNode)}
    for name in re.findall(r"\b(?:g60|oa|owl|rdfs?):\w+", texts):
        if iri := expand(name):
            found.add(iri)
    terms = [t for t in sorted(found, key=str) if not t.value.startswith((SH, PREFIXES["xsd"]))]
    return Vocabulary(
        nodes=NODES,
        classes=[t for t in terms if local_name(t.value)[:1].isupper()] or [NamedNode(EX + "C")],
        properties=[A, *(t for t in terms if local_name(t.value)[:1].islower())],
        literals=[*LITERALS, Literal("true", datatype=term("xsd:boolean")), Literal("2016")],
    )
