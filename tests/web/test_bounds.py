"""What one query may take: time, memory, size, a place in the queue."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.asking import ask, numbers
from tests.web.conftest import TIME_LIMIT
from tests.web.queries import HUGE, RUNAWAY, large
from tests.web.serving import serving

CITIES = "SELECT ?city { id:corridor g60:hasMemberCity ?city }"


@pytest.fixture
def endpoint(server: str) -> str:
    return f"{server}/sparql"


def test_a_runaway_ends_at_its_limit_and_others_are_answered_meanwhile(endpoint: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        runaway = pool.submit(ask, endpoint, RUNAWAY, timeout="1.5")
        quick = []
        while not runaway.done():
            asked = time.monotonic()
            assert len(numbers(ask(endpoint, CITIES), "city")) == 9
            quick.append(time.monotonic() - asked)
    answer = runaway.result()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "1.5 seconds" in answer.json()["title"]
    assert 1.5 <= answer.elapsed.total_seconds() < 2.5
    assert len(quick) > 5
    assert sorted(quick)[len(quick) // 2] < 0.3


def test_a_limit_beyond_the_servers_counts_as_the_servers(tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--timeout", "1", "--workers", "1") as server:
        began = time.monotonic()
        answer = ask(f"{server.url}/sparql", RUNAWAY, timeout=str(TIME_LIMIT * 10))
        assert answer.status_code == 503
        assert time.monotonic() - began < 2
        assert numbers(ask(f"{server.url}/sparql", CITIES), "city")


def test_memory_and_size_of_an_answer_are_bounded(tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--memory", "400", "--timeout", "50") as server:
        endpoint = f"{server.url}/sparql"
        starved = ask(endpoint, HUGE)
        assert starved.status_code == 503
        assert "memory" in starved.json()["title"]
        too_large = ask(endpoint, large(200), "text/csv")
        assert too_large.status_code == 400
        assert "bytes" in too_large.json()["title"]
        assert len(numbers(ask(endpoint, CITIES), "city")) == 9
        assert server.process.poll() is None


def test_those_who_do_not_fit_in_the_queue_are_told_when_to_come_again(tmp_path: Path) -> None:
    options = ("--workers", "1", "--queue", "2", "--timeout", "2")
    with serving(tmp_path / "log", *options) as server, ThreadPoolExecutor(8) as pool:
        endpoint = f"{server.url}/sparql"
        answers = list(pool.map(lambda _: ask(endpoint, RUNAWAY), range(8)))
    assert {answer.status_code for answer in answers} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert sum("Too many" in answer.json()["title"] for answer in answers) >= 5
