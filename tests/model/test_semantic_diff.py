"""The semantic diff of two graphs: nothing that differs is left out."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from g60kg import namespaces as ns
from g60kg.model.semantic_diff import GraphDifference, difference, to_json, to_lines
from g60kg.namespaces import LABEL, A, entity
from g60kg.stores.local_store import LocalStore


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(LocalStore.shipped().quads())


def replaced(quads: list[Quad], old: Quad, object_: NamedNode | Literal) -> GraphDifference:
    new = Quad(old.subject, old.predicate, object_, old.graph_name)
    return difference(quads, [new if quad == old else quad for quad in quads])


def test_a_graph_is_the_same_as_itself(quads: list[Quad]) -> None:
    assert difference(quads, reversed(quads)).is_empty


@pytest.mark.parametrize(
    "predicate", [ns.START, ns.EXACT, ns.NUMERIC_VALUE, ns.UNIT, ns.FACT_OBJECT], ids=str
)
def test_a_change_under_the_same_iri_is_shown(quads: list[Quad], predicate: NamedNode) -> None:
    old = next(quad for quad in quads if quad.predicate == predicate)
    found = replaced(quads, old, Literal("of another graph"))
    assert not found.is_empty
    assert not to_json(found)["same"]
    assert [quad.object for quad in found.other_added] == [Literal("of another graph")]
    assert found.other_removed == (old,)


def test_what_belongs_to_a_fact_that_went_is_not_shown_apart(quads: list[Quad]) -> None:
    fact = next(q.subject for q in quads if (q.predicate, q.object) == (A, ns.FACT))
    own = [quad for quad in quads if quad.subject == fact]
    parts = {quad.object for quad in own if quad.predicate == ns.HAS_EVIDENCE}
    label = Quad(NamedNode("https://example.org/x"), LABEL, Literal("x"))
    left = [quad for quad in quads if quad.subject != fact and quad.subject not in parts]
    found = difference(quads, [*left, label])
    assert [one.iri for one in found.removed] == [fact]
    assert (found.added, found.changed) == ((), ())
    assert found.other_added == (label,)
    assert found.other_removed == ()


def test_a_figure_that_is_its_own_category_is_shown() -> None:
    node = entity("observation-a")
    graph = LocalStore.holding(
        [Quad(node, ns.NUMERIC_VALUE, Literal(3)), Quad(node, ns.CATEGORY, node)], "a file"
    )
    lines = to_lines(difference([], graph.quads()), [graph])
    assert sorted(lines) == [
        "+ (id:observation-a) 3 — g60:category — (id:observation-a) 3  [DEFAULT]",
        '+ (id:observation-a) 3 — g60:numericValue — "3"  [DEFAULT]',
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"a^^b 1"@en', '"a^^b 2"@en', ('"a^^b 1"@en', '"a^^b 2"@en')),
        ('"1"^^<urn:d>', '"2"^^<urn:d>', ('"1"', '"2"')),
        ('"1"^^<urn:d>', '"1"^^<urn:e>', ('"1"^^<urn:d>', '"1"^^<urn:e>')),
        ("<urn:x>", "<urn:y>", ("urn:x", "urn:y")),
    ],
)
def test_two_terms_are_never_shown_as_equal(old: str, new: str, expected: tuple[str, str]) -> None:
    before, after = (
        LocalStore.holding(
            parse(
                f"<urn:f> <{ns.TIME.value}> {value} ; a <{ns.FACT.value}> ."
                f"<urn:s> <urn:p> {value} . {value if value[0] == '<' else '<urn:x>'}"
                f' <{LABEL.value}> "Same" .',
                format=RdfFormat.TURTLE,
            ),
            "a file",
        )
        for value in (old, new)
    )
    found = difference(before.quads(), after.quads())
    lines = [line for line in to_lines(found, [before, after]) if "Same" not in line]
    assert [line.rpartition(" — ")[2].split("  [")[0] for line in lines[2:]] == [*expected]
    assert lines[1] == f"    time: {' → '.join(expected)}"


def test_a_triple_term_is_shown() -> None:
    said = Triple(entity("x"), LABEL, Literal("x"))
    quad = Quad(entity("y"), ns.COMMENT, said)
    (line,) = to_lines(difference([], [quad]), [LocalStore.holding([], "a file")])
    assert str(said) in line
