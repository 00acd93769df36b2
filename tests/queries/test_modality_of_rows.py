"""The modality of rows: read for each Fact, as the query's own text computes it."""

from __future__ import annotations

from itertools import product

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from g60kg.namespaces import MODALITY, PREFIXES, g60
from g60kg.queries.binding import bind, unordered, without_modality
from g60kg.queries.catalog import load_catalog
from g60kg.queries.execution import run_named
from g60kg.queries.row_order import Row
from g60kg.stores.local_store import LocalStore

ENTITY, SOURCE = (NamedNode(PREFIXES["id"] + name) for name in ("songjiang", "article-1"))
#: A text that another program could have loaded: the query's text gives it an empty name.
OTHER = Literal("Second")
GRAPHS = tuple(NamedNode(f"{PREFIXES['id']}graph-{number}") for number in (1, 2))
PARAMETERS = {"facts-about": "entity", "facts-in-article": "article", "source-claims": "source"}


def graph() -> LocalStore:
    """Return a store in which each property of modality has no, one or two values."""
    quads: list[Quad] = []
    evidence = NamedNode(PREFIXES["id"] + "evidence-1")
    quads.append(Quad(evidence, NamedNode(PREFIXES["oa"] + "hasSource"), SOURCE, GRAPHS[0]))
    for number, counts in enumerate(product((0, 1, 2), repeat=len(MODALITY))):
        fact = NamedNode(f"{PREFIXES['id']}fact-{number}")
        parts: dict[NamedNode, tuple[NamedNode | Literal, ...]] = {
            g60("factSubject"): (ENTITY,),
            g60("factPredicate"): (g60("operates"),),
            g60("factObject"): (NamedNode(f"{PREFIXES['id']}facility-{number}"),),
            g60("hasEvidence"): (evidence,),
        }
        for part, count in zip(MODALITY, counts, strict=True):
            parts[part] = (g60("Second"), OTHER)[:count]
        quads += [
            Quad(fact, part, value, name)
            for part, values in parts.items()
            for value in values
            for name in GRAPHS
        ]
    return LocalStore.holding(quads, "facts of each modality")


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_is_that_of_the_text(name: str) -> None:
    store, query = graph(), load_catalog()[name]
    given = ENTITY if name == "facts-about" else SOURCE
    terms = {PARAMETERS[name]: given}
    labels = {f"{column}Label" for column in query.labels}
    answer = run_named(store, query, terms)
    kept = [column not in labels for column in answer.columns]
    here = [
        tuple(cell for cell, is_own in zip(row, kept, strict=True) if is_own)
        for row, _ in answer.stream()
    ]
    solutions = store.query(bind(query, terms).rows)
    assert isinstance(solutions, QuerySolutions)
    engine: list[Row] = [tuple(row[column] for column in query.columns) for row in solutions]
    assert len(engine) == (1 + 1 + 2) ** len(MODALITY)
    assert here == engine


def test_only_a_part_that_ends_the_text_is_left_out() -> None:
    shortened = {
        name
        for name, query in load_catalog().items()
        if without_modality(unordered(query.text)) != unordered(query.text)
    }
    assert shortened == {*PARAMETERS}
