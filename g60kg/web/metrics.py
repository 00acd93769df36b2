"""What is counted and timed, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from g60kg.web.workers import Workers

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Requests by route, and what became of the work.

    Attributes:
        registry: what is read from.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "g60kg_requests", "Requests answered.", ("route", "method", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "g60kg_request_seconds", "From a request's first byte to the answer's last.",
            ("route",), buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip

    def watch(self, workers: Workers) -> None:
        """Lets what the workers do be read too."""
        self.registry.register(_Work(workers))

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request; the route is its pattern, so that there are few of them."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _Work(Collector):
    """What the workers have done and are doing, read when it is asked for."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("g60kg_running", "Work in progress.", self._workers.running)
        yield GaugeMetricFamily(
            "g60kg_waiting", "Work that waits for a process.", self._workers.waiting
        )
        work = CounterMetricFamily("g60kg_work", "What became of work.", labels=["outcome"])
        for outcome, count in asdict(self._workers.tally).items():
            work.add_metric([outcome], count)
        yield work
