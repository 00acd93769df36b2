"""What every request can reach."""

from __future__ import annotations

from asyncio import Future
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment
from starlette.requests import Request

from g60kg.web.metrics import Metrics
from g60kg.web.server_settings import Settings
from g60kg.web.views.dataset import Dump
from g60kg.web.workers import Workers


@dataclass(frozen=True, slots=True)
class State:
    """What every request can reach.

    Attributes:
        settings: how the server is run.
        workers: the processes that answer.
        templates: of the pages.
        metrics: what is counted and timed; None without --metrics.
        folder: for files that are made once, such as downloads.
        downloads: those that are made or in the making: state of the graph, name, whether packed.
    """

    settings: Settings
    workers: Workers
    templates: Environment
    metrics: Metrics | None
    folder: Path
    downloads: dict[tuple[str, str, bool], Future[Dump]] = field(default_factory=dict)


def state_of(request: Request) -> State:
    """The state of the application that a request came to."""
    state = request.app.state.g60kg
    assert isinstance(state, State)
    return state
