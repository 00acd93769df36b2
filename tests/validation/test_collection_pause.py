"""The garbage collector is off during a validation, and as before afterwards."""

from __future__ import annotations

import gc
from types import GeneratorType

from benchmarks.delta import NEW
from benchmarks.make_graph import of_article
from g60kg.model.change import Change
from g60kg.stores.local_store import LocalStore
from g60kg.validation.collection_pause import collection_paused
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.shape_analysis import shape_graph
from g60kg.validation.delta.verdict import delta_findings


def test_the_collector_is_off_and_then_as_before() -> None:
    assert gc.isenabled()
    with collection_paused():
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_no_iteration_over_the_store_waits_for_the_collector() -> None:
    """Another thread may collect it, which the engine refuses, with an error in the log."""
    store, added = LocalStore.shipped(), list(of_article(NEW))
    gc.collect()
    gc.disable()
    try:
        delta_findings(Change.of(store, added), shape_graph())
        generators = (one for one in gc.get_objects() if isinstance(one, GeneratorType))
        assert not [one for one in generators if one.gi_code is View._match.__code__]
    finally:
        gc.enable()
