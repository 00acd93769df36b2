"""The delta verdict is the full run's, whatever the shapes, the graph and the change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from g60kg import paths
from g60kg.namespaces import PREFIXES, expand, term
from g60kg.validation.delta.analysis import analyse
from tests.validation.delta_runs import (
    EX,
    by_delta,
    by_full_runs,
    shapes_graph,
    stored,
    turtle,
    verdict_of,
)

Term = NamedNode | BlankNode | Literal


def ex(local: str) -> NamedNode:
    return NamedNode(EX + local)


@dataclass(frozen=True)
class Vocabulary:
    """What random triples are made of."""

    nodes: Sequence[NamedNode | BlankNode]
    classes: Sequence[NamedNode]
    properties: Sequence[NamedNode]
    literals: Sequence[Literal]


LITERALS = (
    Literal("a"),
    Literal("a", language="en"),
    Literal("b", language="en"),
    Literal("1", datatype=term("xsd:integer")),
    Literal(" 1 ", datatype=term("xsd:integer")),
    Literal("2", datatype=term("xsd:integer")),
    Literal("2.5", datatype=term("xsd:decimal")),
)
MADE_UP = Vocabulary(
    nodes=[*(ex(f"n{i}") for i in range(4)), BlankNode("b0"), BlankNode("b1")],
    classes=[ex(f"C{i}") for i in range(3)],
    properties=[ex(p) for p in "pqr"],
    literals=LITERALS,
)
A, SUBCLASS = term("rdf:type"), term("rdfs:subClassOf")


def triples(words: Vocabulary) -> st.SearchStrategy[Triple]:
    node = st.sampled_from(words.nodes)
    kind = st.sampled_from(words.classes)
    name = st.sampled_from(words.properties)
    value = st.one_of(node, node, st.sampled_from(words.literals), kind, name)
    return st.one_of(
        st.builds(Triple, node, name, value),
        st.builds(Triple, node, name, node),
        st.builds(Triple, node, st.just(A), kind),
        st.builds(Triple, st.one_of(kind, name), st.one_of(name, st.just(SUBCLASS)), value),
        st.builds(Triple, kind, st.just(SUBCLASS), kind),
    )


# -- Shapes of every construct -----------------------------------------------

IRIS = [":p", ":q", ":r"]
CLASSES = [":C0", ":C1", ":C2"]


def paths_(depth: int = 2) -> st.SearchStrategy[str]:
    iri = st.sampled_from(IRIS)
    if not depth:
        return iri
    inner = paths_(depth - 1)
    return st.one_of(
        iri,
        iri,
        inner.map(lambda p: f"[ sh:inversePath {p} ]"),
        st.tuples(inner, inner).map(lambda p: f"( {p[0]} {p[1]} )"),
        st.tuples(inner, inner).map(lambda p: f"[ sh:alternativePath ( {p[0]} {p[1]} ) ]"),
        inner.map(lambda p: f"[ sh:zeroOrMorePath {p} ]"),
        inner.map(lambda p: f"[ sh:oneOrMorePath {p} ]"),
        inner.map(lambda p: f"[ sh:zeroOrOnePath {p} ]"),
    )


PLAIN = (
    "sh:minCount 1", "sh:minCount 2", "sh:maxCount 1", "sh:datatype xsd:integer", "sh:nodeKind sh:IRI",
    "sh:hasValue :n0", "sh:in ( :n0 :n1 1 )", "sh:uniqueLang true", 'sh:languageIn ( "en" )',
    "sh:minInclusive 2", 'sh:pattern "n[0-2]$"', "sh:minLength 2",
)  # fmt: skip
PAIRS = ("sh:equals", "sh:disjoint", "sh:lessThan", "sh:lessThanOrEquals")
QUERIES = (
    "$this :p ?value . ?value :q ?x .",
    "$this :p ?value . OPTIONAL { ?value :q ?x } FILTER ( !BOUND(?x) )",
    "?value :p $this . FILTER NOT EXISTS { ?value :q ?x . ?x a :C0 }",
    "$this :p ?value . FILTER EXISTS { ?x :q ?value . ?x rdfs:subClassOf* ?y }",
    "{ $this :p ?value } UNION { ?value :q $this . ?value :r ?x }",
    "{ $this :p ?x } UNION { $this :q ?x } ?x :r ?value .",
    "$this :p/:q* ?value . ?value ^:r ?x .",
    "$this (:p|^:q)+ ?value . ?value a/rdfs:subClassOf* :C1 .",
    "$this ?p ?value . ?p :q ?x .",
    "$this ?p ?value . OPTIONAL { ?x :p $this ; :q ?p ; :r ?value } FILTER ( !BOUND(?x) )",
    "$this :p ?x ; :q ?value . OPTIONAL { ?x ?any ?value . BIND ( true AS ?yes ) } FILTER ( !BOUND(?yes) )",
    "$this :p ?value . OPTIONAL { ?value :q ?x . OPTIONAL { ?x :r ?y } } FILTER ( !BOUND(?y) )",
    "$this :p ?value . OPTIONAL { ?x :q ?y } ?y :r ?value .",
    "$this !(:p|:q) ?value . ?value :r? ?x . ?x a ?class .",
    "$this :p ?value . FILTER ( ?value != :n0 ) FILTER ( !EXISTS { ?value !:q $this } )",
    "?x :p $this , ?value . FILTER ( STR(?value) > STR($this) )",
    "$this :p [ :q ?value ] .",
    "$this :p ?value . { ?value :q ?x } { ?x :r ?y OPTIONAL { ?y :p ?z } } FILTER ( !BOUND(?z) )",
    "$this $PATH ?value . FILTER NOT EXISTS { ?value $PATH ?x }",
    "$this :p ?value . { SELECT $this (COUNT(?x) AS ?n) { $this :q ?x } GROUP BY $this } FILTER ( ?n > 1 )",
    "?x :p ?y . $this a :C0 . BIND ( ?x AS ?value )",
)
TARGET_QUERIES = (
    "?x :p ?this .",
    "?this :p ?x . OPTIONAL { ?x :q ?y } FILTER ( !BOUND(?y) )",
    "?this a ?class MINUS { ?this :p ?x }",
    "?p :q ?y . ?this ?p ?x .",
    "{ ?this :p ?x } UNION { ?x :q ?this . ?x a :C0 }",
    "?this a ?one , ?other FILTER ( ?one != ?other )",
    "?this a/rdfs:subClassOf* :C0 . FILTER NOT EXISTS { ?this :p/:q ?x }",
)


def constraints(depth: int, on_path: bool) -> st.SearchStrategy[str]:
    plain = PLAIN if on_path else tuple(c for c in PLAIN if "Count" not in c and "unique" not in c)
    found: list[st.SearchStrategy[str]] = [
        st.sampled_from(plain),
        st.sampled_from(CLASSES).map("sh:class {}".format),
        st.tuples(st.sampled_from(PAIRS if on_path else PAIRS[:2]), st.sampled_from(IRIS)).map(
            " ".join
        ),
        st.sampled_from(
            ("sh:closed true", "sh:closed true ; sh:ignoredProperties ( :p rdf:type )")
        ),
        st.sampled_from(QUERIES if on_path else [q for q in QUERIES if "PATH" not in q]).map(
            sparql
        ),
    ]
    if depth:
        node = shapes(depth - 1, on_path=False)
        part = shapes(depth - 1, on_path=True)
        either = st.one_of(node, part)
        found += [
            part.map("sh:property {}".format),
            part.map("sh:property {}".format),
            node.map("sh:node {}".format),
            either.map("sh:not {}".format),
            st.tuples(
                st.sampled_from(("and", "or", "xone")), st.lists(either, min_size=1, max_size=2)
            ).map(lambda p: f"sh:{p[0]} ( {' '.join(p[1])} )"),
        ]
        if on_path:
            found.append(
                st.tuples(either, st.sampled_from(("Min", "Max"))).map(
                    lambda p: f"sh:qualifiedValueShape {p[0]} ; sh:qualified{p[1]}Count 1"
                )
            )
        else:
            found.append(st.tuples(paths_(1), node, node, st.booleans()).map(siblings))
    return st.one_of(found)


def sparql(body: str) -> str:
    return f'sh:sparql [ sh:prefixes :prefixes ; sh:select """SELECT $this ?value {{ {body} }}""" ]'


def siblings(parts: tuple[str, str, str, bool]) -> str:
    path, one, other, disjoint = parts
    said = "sh:qualifiedValueShapesDisjoint true ;" if disjoint else ""
    return " , ".join(
        f"[ sh:path {path} ; {said} sh:qualifiedValueShape {shape} ; sh:qualifiedMinCount 1 ]"
        for shape in (one, other)
    ).join(("sh:property ", ""))


@cache
def shapes(depth: int, on_path: bool) -> st.SearchStrategy[str]:
    some = st.lists(constraints(depth, on_path), min_size=1, max_size=2).map(one_of_a_kind)
    if on_path:
        return st.tuples(paths_(), some).map(lambda p: f"[ sh:path {p[0]} ; {p[1]} ]")
    return some.map("[ {} ]".format)


def one_of_a_kind(found: list[str]) -> str:
    """Constraints of which a shape may have one alone, once each."""
    by_kind = {text.split()[0]: text for text in found}
    return " ; ".join(by_kind.values())


TARGETS = st.one_of(
    st.sampled_from(CLASSES).map("sh:targetClass {}".format),
    st.sampled_from(CLASSES).map("sh:targetClass {}".format),
    st.sampled_from(IRIS).map("sh:targetSubjectsOf {}".format),
    st.sampled_from(IRIS).map("sh:targetObjectsOf {}".format),
    st.just("sh:targetNode :n0 , :n1"),
    st.just("a rdfs:Class"),
    st.sampled_from(TARGET_QUERIES).map(
        lambda q: (
            f'sh:target [ a sh:SPARQLTarget ; sh:prefixes :prefixes ; sh:select """SELECT ?this {{ {q} }}""" ]'
        )
    ),
)
PREAMBLE = f""":prefixes a owl:Ontology ; sh:declare [ sh:prefix "" ; sh:namespace "{EX}"^^xsd:anyURI ] ."""


@st.composite
def made_up_shapes(draw: st.DrawFn) -> str:
    text = PREAMBLE
    for number in range(draw(st.integers(1, 4))):
        on_path = draw(st.booleans())
        inner = draw(shapes(2, on_path)).strip()[1:-1]
        kind = "PropertyShape" if on_path else "NodeShape"
        # Some are classes as well, whose instances are their targets.
        name = draw(st.sampled_from([f":S{number}", f":C{number}"]))
        text += f"\n{name} a sh:{kind} ; {draw(TARGETS)} ; {inner} ."
    return text


@st.composite
def changes(
    draw: st.DrawFn, words: Vocabulary
) -> tuple[list[Triple], list[Triple], list[Triple], list[Triple]]:
    triple = triples(words)
    graph = draw(st.lists(triple, min_size=10, max_size=30))
    hidden = draw(st.lists(triple, max_size=2))
    added = draw(st.lists(triple, max_size=6))
    removed = draw(
        st.lists(st.one_of(st.sampled_from(graph), st.sampled_from(graph), triple), max_size=6)
    )
    return graph, hidden, added, removed


def agrees(
    shapes_: list[Triple], change: tuple[list[Triple], list[Triple], list[Triple], list[Triple]]
) -> None:
    graph, hidden, added, removed = change
    store = stored(graph, hidden)
    rules = shapes_graph(shapes_)
    try:
        full = by_full_runs(store, added, removed, rules)
    except Exception as e:
        event("full fails: " + type(e).__name__ + str(e)[:100])
        return
    event("unb" if analyse(rules).unbounded else "bounded")
    event(
        f"introduced {len(full.introduced) > 0} fixed {len(full.fixed) > 0} existing {len(full.existing) > 0}"
    )
    delta = verdict_of(by_delta(store, added, removed, rules))
    assert delta.introduced == full.introduced
    assert delta.fixed == full.fixed
    assert delta.existing <= full.existing


QUICK = settings(
    deadline=None,
    max_examples=int(__import__("os").environ.get("N", "400")),
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@QUICK
@given(made_up_shapes(), changes(MADE_UP))
def test_for_made_up_shapes(
    shapes_: str, change: tuple[list[Triple], list[Triple], list[Triple], list[Triple]]
) -> None:
    agrees(turtle(shapes_), change)


# -- The shipped shapes ------------------------------------------------------

SH_ = PREFIXES["sh"]


@cache
def shipped() -> dict[NamedNode, tuple[Triple, ...]]:
    """Each shape that has targets, with all that it refers to."""
    found = [
        quad.triple
        for file in paths.shape_files()
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    of: dict[object, list[Triple]] = {}
    for triple in found:
        of.setdefault(triple.subject, []).append(triple)
    targets = {t.subject for t in found if t.predicate.value.startswith(SH_ + "target")}

    def described(node: object, seen: set[object]) -> list[Triple]:
        if node in seen:
            return []
        seen.add(node)
        own = of.get(node, [])
        return [*own, *(t for triple in own for t in described(triple.object, seen))]

    return {node: tuple(described(node, set())) for node in targets if isinstance(node, NamedNode)}


def words_of(shapes_: Sequence[Triple]) -> Vocabulary:
    """The terms that shapes mention, in triples or in queries: told from their letters alone."""
    texts = " ".join(t.object.value for t in shapes_ if t.predicate.value == SH_ + "select")
    mentioned = {t.object for t in shapes_ if isinstance(t.object, NamedNode)}
    mentioned |= {expand(name) for name in re.findall(r"\b(?:g60|oa|owl|rdfs?):\w+", texts)}
    terms = sorted(
        {t for t in mentioned if t and not t.value.startswith((SH_, PREFIXES["xsd"]))}, key=str
    )
    is_class = [re.split("[/#]", t.value)[-1][:1].isupper() for t in terms]
    kinds = [t for t, upper in zip(terms, is_class, strict=True) if upper]
    names = [t for t, upper in zip(terms, is_class, strict=True) if not upper and t != A]
    return Vocabulary(
        nodes=[*MADE_UP.nodes[:3], BlankNode("b0")],
        classes=[*kinds, ex("C0")],
        properties=[*names, A],
        literals=[*LITERALS[:4], Literal("true", datatype=term("xsd:boolean")), Literal("2016")],
    )


@st.composite
def shipped_shapes(
    draw: st.DrawFn,
) -> tuple[list[Triple], tuple[list[Triple], list[Triple], list[Triple], list[Triple]]]:
    known = sorted(shipped(), key=str)
    chosen = draw(st.lists(st.sampled_from(known), min_size=1, max_size=4, unique=True))
    found = list({triple: None for name in chosen for triple in shipped()[name]})
    return found, draw(changes(words_of(found)))


@QUICK
@given(shipped_shapes())
def test_for_shipped_shapes(case) -> None:
    agrees(*case)
