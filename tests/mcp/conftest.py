"""A client of a server in memory over the shipped graph."""

from __future__ import annotations

import pytest

from g60kg.stores.local_store import LocalStore
from tests.mcp.clients import Assistant, assistant


@pytest.fixture(scope="session")
def shipped(store: LocalStore) -> Assistant:
    """A client of a server with the shipped graph, without article texts."""
    return assistant(store)
