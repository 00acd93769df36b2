"""What tests of queries share."""

from __future__ import annotations

import pytest

from tests.conftest import long_only


@pytest.fixture(params=["oxigraph", *long_only("rdflib")])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test ask rdflib too in `make test-long`, which reads each store again for that."""
    asked = request.param == "rdflib"
    monkeypatch.setattr("tests.queries.added_sources.IS_RDFLIB_ASKED", asked)
