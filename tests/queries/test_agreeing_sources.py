"""Sources that agree add evidence and no row, and corroborate each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import Literal, RdfFormat, Triple, parse

from g60kg import package_data
from g60kg.model.iri_minting import fact_iri
from g60kg.namespaces import HAS_OBSERVATION, entity, g60
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.rdf.sparql_tokens import tokens
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import to_rdflib
from tests.conftest import ARTICLE, sampled
from tests.queries.added_sources import (
    CORRIDOR,
    OTHER,
    OTHER_ARTICLE,
    THIRD,
    answer,
    area,
    facts_behind,
    merged,
    quads,
    row,
    source_counts,
    with_more,
)
from tests.queries.test_answers import by_oxigraph, by_rdflib, stored_rows
from tests.validation.stated import bare, stated

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(scope="module")
def article_twice() -> LocalStore:
    """The shipped graph with a second article that says all that the first one says."""
    (file,) = (path for path in package_data.own_instance_files() if path.stem == ARTICLE)
    said = "\n".join(f"{quad.triple} ." for quad in parse(path=file, format=RdfFormat.TURTLE))
    again = parse(said.replace(ARTICLE, OTHER), format=RdfFormat.N_TRIPLES)
    return with_more(quads(OTHER, (quad.triple for quad in again)))


# Queries about sources have a row for each.
SAME_ROWS = [
    query
    for query in load_catalog().values()
    if query.topic != "evidence" and "source" not in query.columns
]


@pytest.mark.parametrize("query", sampled(SAME_ROWS), ids=[query.name for query in SAME_ROWS])
def test_a_second_source_adds_evidence_and_no_row(
    query: NamedQuery, article_twice: LocalStore
) -> None:
    about_itself = to_rdflib(OTHER_ARTICLE)  # such as its date
    rows = [cells for cells in by_oxigraph(article_twice, query.text) if about_itself not in cells]
    assert rows == stored_rows(query, "")
    once = by_oxigraph(LocalStore.shipped(), bind(query, {}).evidence) if query.evidence else []
    if once:
        twice = by_oxigraph(article_twice, bind(query, {}).evidence)
        assert len(once) < len(twice) <= 2 * len(once)


def test_sources_that_agree_are_in_no_conflict(article_twice: LocalStore) -> None:
    assert by_oxigraph(article_twice, load_catalog()["conflicts"].text) == []


def order_keys(text: str) -> list[str]:
    """The expressions of the last ORDER BY, without their direction."""
    clause = text[text.rindex("ORDER BY") + len("ORDER BY") :]
    keys, start, depth = [], 0, 0
    for token in tokens(clause):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and (token.kind == "variable" or token.text == ")"):
            keys.append(clause[start : token.end].strip().removeprefix("DESC"))
            start = token.end
    return keys


@pytest.mark.parametrize("query", sampled(load_catalog().values()), ids=list(load_catalog()))
def test_no_two_rows_tie_in_the_order(query: NamedQuery, article_twice: LocalStore) -> None:
    keys = order_keys(query.text)
    ordered_by = {t.text[1:] for key in keys for t in tokens(key) if t.kind == "variable"}
    assert ordered_by <= set(query.columns)
    projected = " ".join(f"({key} AS ?_key{index})" for index, key in enumerate(keys))
    text = query.text.replace("\nWHERE {", f" {projected}\nWHERE {{", 1)
    places = [cells[len(query.columns) :] for cells in by_oxigraph(article_twice, text)]
    assert len(set(places)) == len(places) == len(by_oxigraph(article_twice, query.text))


def test_what_two_sources_state_is_corroborated() -> None:
    shared = area("76200")
    store = with_more(source_counts(OTHER, shared))
    before = stored_rows(load_catalog()["corroboration"], "")
    added = row(CORRIDOR, shared.measure, shared.iri, Literal(2), Literal(2))
    found = answer("corroboration", store)
    assert set(found) == {*before, added}
    assert by_rdflib(merged(store), load_catalog()["corroboration"].text) == found
    with_facts = bind(load_catalog()["corroboration"], {}).evidence
    facts = {one[-1] for one in by_oxigraph(store, with_facts) if one[:5] == added}
    triple = Triple(CORRIDOR, HAS_OBSERVATION, shared.iri)
    assert facts == {*row(fact_iri(ARTICLE, triple), fact_iri(OTHER, triple))}


@pytest.mark.parametrize(
    ("statuses", "sources"),
    [
        ((None, "Planned"), None),
        (("Goal", "Planned"), None),
        ((None, None), 2),
        (("Planned", "Planned"), 2),
        ((None, None, "Planned"), 2),
    ],
)
def test_only_statements_of_one_status_corroborate_each_other(
    statuses: tuple[str | None, ...], sources: int | None
) -> None:
    added = [
        quad
        for number, status in enumerate(statuses)
        for quad in stated(f"{number}", "x", "locatedIn", "y", status=status)
    ]
    counts = [Literal(sources or 0)] * 2
    expected = row(entity("x"), g60("locatedIn"), entity("y"), *counts)
    store = bare(added)
    assert answer("corroboration", store) == ([expected] if sources else [])
    assert len(facts_behind("corroboration", store, expected)) == (sources or 0)


def test_a_plan_and_an_actual_figure_do_not_corroborate_each_other() -> None:
    before = stored_rows(load_catalog()["corroboration"], "")
    actual = replace(area("76200"), period="2021")
    store = with_more([*source_counts(OTHER, actual), *source_counts(THIRD, actual)])
    added = row(CORRIDOR, actual.measure, actual.iri, Literal(2), Literal(2))
    assert {*answer("corroboration", store)} == {*before, added}
    planned = replace(actual, status=g60("Planned"))
    store = with_more([*source_counts(OTHER, actual), *source_counts(THIRD, planned)])
    assert answer("corroboration", store) == before


def test_a_reprint_does_not_corroborate_its_original() -> None:
    added = [quad for source in "12" for quad in stated(source, "x", "locatedIn", "y")]
    assert len(answer("corroboration", bare(added))) == 1
    about = entity("article-2"), g60("republishes"), entity("article-1")
    assert answer("corroboration", bare(added, quads("2", [Triple(*about)]))) == []


def test_articles_of_one_publisher_are_counted_as_one_publisher() -> None:
    added = [quad for source in "123" for quad in stated(source, "x", "locatedIn", "y")]
    of = {"1": "SHINE", "2": "SHINE", "3": "Xinhua"}
    for source, name in of.items():
        about = Triple(entity(f"article-{source}"), g60("publisher"), Literal(name))
        added += quads(source, [about])
    expected = row(entity("x"), g60("locatedIn"), entity("y"), Literal(3), Literal(2))
    assert answer("corroboration", bare(added)) == [expected]


def test_what_curators_infer_is_not_corroborated() -> None:
    maybe = [quad for source in "12" for quad in stated(source, "x", "possiblySameAs", "y")]
    triple = Triple(entity("x"), g60("locatedIn"), entity("y"))
    inferred = quads("2", [Triple(fact_iri("2", triple), g60("origin"), g60("Derived"))])
    both = [quad for source in "12" for quad in stated(source, "x", "locatedIn", "y")]
    assert len(answer("corroboration", bare(maybe, both))) == 1
    assert answer("corroboration", bare(maybe, both, inferred)) == []
