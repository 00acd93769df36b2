"""Grammars of pyparsing must not hold their callers' objects."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Quad, QuerySolutions, Store

from g60kg.model.dates import edtf_days
from g60kg.namespaces import HISTORY_GRAPH, entity
from g60kg.stores import query_dataset
from g60kg.stores.base import rows
from g60kg.stores.local_store import LocalStore

SOME = entity("hangzhou")


def of_history() -> list[str]:
    """Return the nodes of a query that is read because the store has a history."""
    store = Store()
    store.add(Quad(SOME, SOME, SOME, HISTORY_GRAPH))
    found = rows(LocalStore(store, "made up"), f"SELECT ?o {{ {SOME} g60:locatedIn ?o }}")
    return [str(row) for row in found]


def of_dates() -> list[str]:
    """Return rows, with dates that the grammar must read."""
    found = Store().query("SELECT ?d { VALUES ?d { 1 } }")
    assert isinstance(found, QuerySolutions)
    return [f"{row} {edtf_days('2021-21')} {edtf_days('June 2023')}" for row in found]


@pytest.mark.parametrize("job", [of_history, of_dates])
def test_no_result_of_the_engine_is_left_to_another_thread(
    job: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collector can run in any thread; the engine reports a result that is freed there."""
    query_dataset._template_may_match.cache_clear()
    query_dataset._may_match_history.cache_clear()
    edtf_days.cache_clear()
    reported: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", reported.append)
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as other:
            assert isinstance(other.submit(job).result(), list)  # type: ignore[arg-type]
        gc.collect()
    finally:
        gc.enable()
    assert not reported
