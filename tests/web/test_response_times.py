"""How quickly a server with a slow query ends it and answers other requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web import asking
from tests.web.asking import ask
from tests.web.queries import RUNAWAY
from tests.web.serving import serving

pytestmark = pytest.mark.bench

CITIES = "SELECT ?city { id:corridor g60:hasMemberCity ?city }"


def test_a_query_ends_within_a_second_of_its_limit_and_others_stay_quick(tmp_path: Path) -> None:
    seconds = []
    with serving(tmp_path / "log", "--forwarded") as server, ThreadPoolExecutor(1) as pool:
        endpoint = f"{server.url}/sparql"
        # Another query of the same address would wait for it.
        runaway = pool.submit(ask, endpoint, RUNAWAY, timeout="1.5", address="192.0.2.7")
        while not runaway.done():
            seconds.append(ask(endpoint, CITIES).elapsed.total_seconds())
    assert runaway.result().status_code == 503
    assert 1.5 <= runaway.result().elapsed.total_seconds() < 2.5
    assert len(seconds) > 5
    assert sorted(seconds)[len(seconds) // 2] < 0.3


def test_thirty_endless_queries_leave_a_page_under_half_a_second(tmp_path: Path) -> None:
    options = ("--workers", "2", "--timeout", "4")
    with serving(tmp_path / "log", *options) as server, ThreadPoolExecutor(30) as pool:
        asking.get(f"{server.url}/id/hangzhou.html")
        endless = [
            pool.submit(ask, f"{server.url}/sparql", f"{RUNAWAY} # {number}")
            for number in range(30)
        ]
        page = asking.get(f"{server.url}/id/hangzhou.html")
        assert not all(one.done() for one in endless)
        assert page.status_code == 200
        assert page.elapsed.total_seconds() < 0.5
