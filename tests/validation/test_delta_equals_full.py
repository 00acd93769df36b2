"""The delta verdict equals the verdict of full runs for random shapes, graphs and changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from pyoxigraph import Triple

from g60kg.errors import UsageError
from g60kg.model import change as change_module
from tests.validation.delta_runs import (
    by_delta,
    by_full_runs,
    shapes_graph,
    stored,
    turtle,
    verdict_of,
)
from tests.validation.delta_strategies import (
    FULLY,
    MADE_UP,
    Change,
    changes,
    made_up_shapes,
    shipped_shapes,
)


def assert_agree(triples: list[Triple], change: Change) -> None:
    shapes = shapes_graph(triples)
    store = stored(change.graph, change.hidden)
    try:
        full = by_full_runs(store, change.added, change.removed, shapes)
    except UsageError:
        return  # some random shapes the engine refuses for some random graphs
    delta = verdict_of(by_delta(store, change.added, change.removed, shapes))
    assert delta.introduced == full.introduced
    assert delta.fixed == full.fixed
    assert delta.existing <= full.existing


@FULLY
@given(made_up_shapes(), changes(MADE_UP))
def test_for_shapes_of_every_construct(shapes: str, change: Change) -> None:
    assert_agree(turtle(shapes), change)


@FULLY
@given(shipped_shapes())
def test_for_the_shipped_shapes(case: tuple[list[Triple], Change]) -> None:
    assert_agree(*case)


@given(shipped_shapes())
def test_for_large_changes(case: tuple[list[Triple], Change]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change_module, "LARGE", 1)
        patch.setattr(change_module, "IN_PROPORTION", 1_000)
        assert_agree(*case)
