"""Prometheus metrics of requests and jobs."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from g60kg.web.workers import Workers

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics(Collector):
    """Prometheus metrics: requests by route, jobs that run or wait, and jobs by outcome."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "g60kg_requests", "Completed requests.", ("route", "method", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "g60kg_request_seconds", "Seconds from a request's first byte to the response's last.",
            ("route",), buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip

    def watch(self, workers: Workers) -> None:
        """Register the metrics of the workers; they are read at each collection."""
        self._workers = workers
        self.registry.register(self)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request and its duration."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of the workers."""
        pool = self._workers.pool
        yield GaugeMetricFamily("g60kg_running", "Jobs running in worker processes.", pool.running)
        yield GaugeMetricFamily("g60kg_waiting", "Jobs waiting for a worker process.", pool.waiting)
        work = CounterMetricFamily("g60kg_work", "Jobs by outcome.", labels=["outcome"])
        for outcome, count in self._workers.tally.items():
            work.add_metric([outcome], count)
        yield work
