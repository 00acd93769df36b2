"""Pages are stable: the same page twice is the same, and the pages together are the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import Quad, Store

from benchmarks.make_graph import quads
from g60kg.model.evidence import Quotation
from g60kg.namespaces import g60
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.execution import run_named, run_select
from g60kg.queries.row_order import Row
from g60kg.stores.local_store import LocalStore
from tests.conftest import long_only, sampled
from tests.queries.added_sources import OTHER, THIRD, population, source_counts

SIZE = 5_000
QUERIES = list(load_catalog().values())
each_query = pytest.mark.parametrize(
    "query",
    sampled(QUERIES),
    ids=lambda query: query.name,
)
Rows = list[tuple[Row, tuple[Quotation, ...]]]


@pytest.fixture(scope="module")
def made() -> list[Quad]:
    shipped = LocalStore.shipped()
    # Without these facts, what they state has none.
    lost = {quad.subject for quad in list(shipped.quads(None, g60("factSubject")))[:20]}
    kept = (quad for quad in shipped.quads() if quad.subject not in lost)
    disputed = (
        quad
        for year in range(2010, 2020)
        for source, number in ((OTHER, "100"), (THIRD, "900"))
        for quad in source_counts(source, population(number, str(year)))
    )
    return [*kept, *quads(SIZE), *disputed]


@pytest.fixture(scope="module")
def in_memory(made: list[Quad]) -> LocalStore:
    return LocalStore.holding(made, "as it was made")


@pytest.fixture(scope="module")
def shuffled(made: list[Quad]) -> LocalStore:
    return LocalStore.holding(Random(60).sample(made, len(made)), "in another order")


@pytest.fixture(scope="module")
def on_disk(made: list[Quad], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    folder: Path = tmp_path_factory.mktemp("stores") / "store"
    store = Store(str(folder))
    store.bulk_extend(reversed(made))
    yield LocalStore(store, str(folder))
    del store


def page(
    store: LocalStore,
    query: NamedQuery,
    offset: int,
    limit: int | None = None,
    sort: str | None = None,
) -> Rows:
    answer = run_named(
        store, query, {}, evidence=bool(query.evidence), offset=offset, limit=limit, sort=sort
    )
    return list(answer.stream())


@pytest.fixture(scope="module")
def answers(in_memory: LocalStore) -> dict[str, Rows]:
    """The complete answers, by query."""
    return {query.name: page(in_memory, query, 0) for query in QUERIES}


@pytest.mark.long
@each_query
def test_pages_are_the_same_in_every_store(
    query: NamedQuery,
    answers: dict[str, Rows],
    in_memory: LocalStore,
    shuffled: LocalStore,
    on_disk: LocalStore,
) -> None:
    whole = answers[query.name]
    assert bool(whole) != (query.name == "posts")  # no source of either graph names one
    size = len(whole) // 3 + 1
    pages = [page(in_memory, query, offset, size) for offset in range(0, 4 * size, size)]
    assert [row for rows in pages for row in rows] == whole
    for store in (shuffled, on_disk):
        assert page(store, query, 0) == whole
        assert page(store, query, size, size) == pages[1]
    assert len({row for row, _ in whole}) == len(whole)


@each_query
def test_the_order_is_that_of_the_query(
    query: NamedQuery, in_memory: LocalStore, shuffled: LocalStore
) -> None:
    text = bind(query, {}).rows
    assert bind(query, {}).order is not None
    engine = [row for row, _ in run_select(in_memory, text).stream()]
    for store in (in_memory, shuffled):
        shown = run_named(store, replace(query, labels=()), {})
        assert [row for row, _ in shown.stream()] == engine


@each_query
def test_evidence_changes_no_row(
    query: NamedQuery, answers: dict[str, Rows], in_memory: LocalStore
) -> None:
    plain = [row for row, _ in run_named(in_memory, query, {}).stream()]
    assert [row for row, _ in answers[query.name]] == plain
    # The file as it is, with the part that gathers facts, gives no other row.
    whole = run_select(in_memory, query.text).stream()
    shown = [row for row, _ in run_named(in_memory, replace(query, labels=()), {}).stream()]
    asked = [row for row, _ in whole]
    assert [row for row in shown if row in set(asked)] == asked


@each_query
@pytest.mark.parametrize("direction", ["-", *long_only("")])
def test_sorted_pages_are_the_same_in_every_store(
    query: NamedQuery,
    direction: str,
    answers: dict[str, Rows],
    in_memory: LocalStore,
    shuffled: LocalStore,
) -> None:
    # The column with the fewest values has the most ties.
    whole = answers[query.name]
    values = zip(*(row for row, _ in whole), strict=True)
    columns = list(run_named(in_memory, query, {}).columns)
    counts = [len(set(cells)) for cells in values] or [0] * len(columns)
    column = columns[counts.index(min(counts))]
    by = direction + column
    once = page(in_memory, query, 0, sort=by)
    assert sorted(map(repr, once)) == sorted(map(repr, whole))
    assert page(shuffled, query, 0, sort=by) == once
    assert page(shuffled, query, 5, 7, sort=by) == once[5:12]
