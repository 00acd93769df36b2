"""The garbage collector is off during a validation, and as before afterwards."""

from __future__ import annotations

import gc

from g60kg.validation.collection_pause import collection_paused


def test_the_collector_is_off_and_then_as_before() -> None:
    assert gc.isenabled()
    with collection_paused():
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
