"""Graphs for property tests: blank nodes in every place, hostile literals, odd IRIs."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from g60kg.errors import EngineFailure
from g60kg.rdf.turtle.blank_nodes import order_blank_nodes

EX = "https://example.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
ODD_IRIS = [
    EX + "a.b",
    EX + "a/b",
    EX + "deep/a",
    EX + "a%20b",
    EX + "(a)",
    EX + "a'b~c!d$e&f*g+h,i;j=k",
    EX + "x?y=1&z=2#f",
    EX + "松江",
    EX + "-leading",
    EX + "é",
    EX + "²",
    EX + "\U00010400",
    EX + "·",
    EX,
    "urn:x:y",
    RDF + "nil",
]
iris = st.one_of(st.sampled_from([EX + name for name in "abcdef"]), st.sampled_from(ODD_IRIS)).map(
    NamedNode
)
blanks = st.integers(0, 7).map(lambda number: BlankNode(f"n{number}"))
texts = st.one_of(
    st.sampled_from(['"', '"""', "\\", "\\u0041", "a\nb", 'a\n"', '\n""', "\r\n", "\n\\", "'", ""]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        texts,
        st.sampled_from(["en", "zh", "zh-hans"]),
    ),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)),
        st.one_of(
            texts,
            st.from_regex(r"[+-]?[0-9]{0,3}\.?[0-9]{1,3}", fullmatch=True),
            st.sampled_from(["true", "false", "1", "-0", "-0.0", "1.", "1e5"]),
        ),
        st.sampled_from(["integer", "decimal", "boolean", "double", "date"]),
    ),
)
predicates = st.sampled_from(
    [EX + "p", EX + "q", RDF + "type", RDF + "first", RDF + "rest", RDFS + "label"]
).map(NamedNode)
triples = st.builds(
    Triple, st.one_of(iris, blanks), predicates, st.one_of(iris, blanks, blanks, literals)
)


def is_orderable(graph: Iterable[Triple]) -> bool:
    """Whether the graph has canonical Turtle: no ring of blank nodes that look alike."""
    try:
        order_blank_nodes(Quad(*triple) for triple in graph)
    except EngineFailure:
        return False
    return True


graphs = st.lists(triples, max_size=14).filter(is_orderable)


def canonical(graph: Iterable[Triple]) -> Dataset:
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in graph)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def shuffled(graph: Sequence[Triple], seed: int) -> list[Triple]:
    """The same graph, its triples in another order and its blank nodes under other labels."""
    order = random.Random(seed)
    labels: dict[BlankNode, BlankNode] = {}

    def renamed(node: BlankNode) -> BlankNode:
        return labels.setdefault(node, BlankNode(f"x{order.getrandbits(64)}"))

    result = []
    for triple in order.sample(graph, len(graph)):
        subject, object_ = triple.subject, triple.object
        result.append(
            Triple(
                renamed(subject) if isinstance(subject, BlankNode) else subject,
                triple.predicate,
                renamed(object_) if isinstance(object_, BlankNode) else object_,
            )
        )
    return result
