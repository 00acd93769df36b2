"""Joins of the delta validation: what is looked up, and how often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Triple

from g60kg.model.change import Stored
from g60kg.namespaces import A
from g60kg.stores.base import Term
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.join_plans import SOME, Plan
from g60kg.validation.shape_structure.triple_patterns import THIS, Edge
from tests.validation.delta_runs import EX, stored, turtle

MANY = 2 * SOME


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def view_of(text: str) -> View:
    return View(Stored(stored(turtle(text))))


def test_the_numbers_of_a_known_subject_are_read_first() -> None:
    """They may be spelled differently, but that is no scan of the graph."""
    view = view_of(":x :p 1 , 2 ." + "".join(f":p{n} a :Class ." for n in range(MANY)))
    edges = (Edge(THIS, "?p", "?o"), Edge("?p", A, ex("Class")))
    plan = Plan.of(edges, (THIS,), (THIS,), SOME)
    assert plan.first_match(view, (ex("x"),)) is None


def test_a_pattern_is_looked_up_once_for_rows_with_the_same_terms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = view_of(":p a :Class . :x a :City . :y a :City .")
    edges = (Edge("?p", A, ex("Class")), Edge(THIS, A, "?kind"))
    plan = Plan.of(edges, ("?p", THIS, "?o"), (THIS, "?kind"))
    tried: list[Term | None] = []
    match = View.match

    def counted(self: View, *terms: Term | None) -> Iterator[Triple]:
        tried.append(terms[2])
        return match(self, *terms)

    monkeypatch.setattr(View, "match", counted)
    given = [(ex("p"), ex(x), ex(f"o{n}")) for x in "xy" for n in range(9)]
    assert plan.rows(view, given) == {(ex("x"), ex("City")), (ex("y"), ex("City"))}
    assert tried.count(ex("Class")) == 1
