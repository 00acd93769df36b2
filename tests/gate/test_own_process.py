"""Shapes of a large change run in a process of their own, with the same report."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import pytest

from g60kg.gate import fact_validation
from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import Incoming, incoming_of
from g60kg.model import change as change_module
from g60kg.stores.local_store import LocalStore
from g60kg.validation.delta import own_process, verdict
from g60kg.validation.report.findings import Report

NEW = (
    "PREFIX id: <https://w3id.org/g60kg/id/> PREFIX g60: <https://w3id.org/g60kg/ontology/>"
    " id:a a g60:Enterprise ; g60:locatedIn id:b . id:b a g60:Person ; g60:unknown 1 ."
)


def parts_of(report: Report) -> tuple[object, ...]:
    """Return all of a report but the seconds of the checks, and the notes on what they read."""
    return report.findings, [(run.name, run.ran) for run in report.checks]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[own_process.OwnProcess]:
    """Let any change be large, and return the list of the processes that are then started."""
    found: list[own_process.OwnProcess] = []

    class Listed(own_process.OwnProcess):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            found.append(self)

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(own_process, "OwnProcess", Listed)
    for module in (fact_validation, change_module):
        monkeypatch.setattr(module, "LARGE", 1)
        monkeypatch.setattr(module, "IN_PROPORTION", 1_000_000)
    return found


def files(store: LocalStore) -> list[Incoming]:
    return [incoming_of(NEW.encode(), "new.ttl", store)]


@cache
def alone(store: LocalStore) -> tuple[object, ...]:
    """The report of one process on a change that is large."""
    return parts_of(validate(store, files(store), texts={}))


def test_the_report_is_that_of_one_process(
    store: LocalStore, started: list[own_process.OwnProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(store)
    assert not started
    monkeypatch.setattr(verdict, "delta_result", None)  # this process has none
    both = validate(store, files(store), texts={}, in_processes=True)
    assert len(started) == 1
    assert parts_of(both) == expected
    assert {"KnownTerms", "EntityHasEnglishLabel"} <= {one.code for one in both.findings}


def test_shapes_run_here_if_the_process_is_killed(
    store: LocalStore, started: list[own_process.OwnProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(store)
    monkeypatch.setattr(own_process.OwnProcess, "send", lambda process, _: process.end())
    both = validate(store, files(store), texts={}, in_processes=True)
    assert len(started) == 1
    assert parts_of(both) == expected


def test_a_process_for_a_small_change_is_ended(
    store: LocalStore, started: list[own_process.OwnProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_module, "LARGE", 1_000)
    ended: list[own_process.OwnProcess] = []
    monkeypatch.setattr(own_process.OwnProcess, "end", lambda process: ended.append(process))
    validate(store, files(store), texts={}, in_processes=True)
    assert ended == started != []
