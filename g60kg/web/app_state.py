"""The state that all requests share."""

from __future__ import annotations

from asyncio import Future
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment
from starlette.requests import Request

from g60kg.web.metrics import Metrics
from g60kg.web.response_cache import RenderedPages
from g60kg.web.server_settings import Settings
from g60kg.web.views.dataset import Dump
from g60kg.web.workers import Workers

if TYPE_CHECKING:
    from g60kg.web.warm_up import WarmUp


@dataclass(frozen=True, slots=True)
class State:
    """The state that all requests of an application share."""

    settings: Settings
    workers: Workers
    templates: Environment
    metrics: Metrics | None
    folder: Path
    downloads: dict[tuple[str, str, bool], Future[Dump]] = field(default_factory=dict)
    waiting: Counter[Future[Dump]] = field(default_factory=Counter)
    pages: RenderedPages = field(default_factory=RenderedPages)
    warm_up: WarmUp | None = None


def state_of(request: Request) -> State:
    """Return the shared state of a request's application."""
    state = request.app.state.g60kg
    assert isinstance(state, State)
    return state
