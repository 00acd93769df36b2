"""Retracting what is retracted already changes nothing, and the history does not mention it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import g60kg

SOURCE = "2307119874"


@pytest.fixture(scope="module")
def retracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without the article, which each test leaves as it is."""
    store = tmp_path_factory.mktemp("retracted") / "store"
    assert g60kg("--store", store, "load").returncode == 0
    first = g60kg("--store", store, "retract", SOURCE, "--reason", "a test", "--yes")
    assert first.returncode == 0, first.stderr
    return store


@pytest.mark.parametrize("again", [SOURCE, f"id:article-{SOURCE}", f"graph:{SOURCE}", "FACT"])
def test_a_second_retraction_is_reported_and_not_recorded(retracted: Path, again: str) -> None:
    store = retracted
    log = g60kg("--store", store, "log", "-f", "json").stdout
    (change,) = json.loads(log)
    target = change["facts"][0] if again == "FACT" else again
    done = g60kg("--store", store, "retract", target, "--reason", "again", "--yes")
    assert done.returncode == 0
    assert f"{target} was already retracted at {change['when']}." in done.stderr
    assert "Nothing was retracted." in done.stderr
    assert g60kg("--store", store, "log", "-f", "json").stdout == log
    info = json.loads(g60kg("--store", store, "info", "-f", "json").stdout)
    assert not any(graph.endswith(SOURCE) for graph in info["graphs"])
    assert not any(source["iri"].endswith(SOURCE) for source in info["sources"])
