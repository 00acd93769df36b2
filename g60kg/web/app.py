"""The application: its routes, what surrounds them, and what starts and ends with it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import G60kgError
from g60kg.web.guard import Guard
from g60kg.web.log import Log
from g60kg.web.metrics import Metrics
from g60kg.web.problems import problem, problem_of
from g60kg.web.routes import api, dataset, pages, sparql, system, things
from g60kg.web.settings import Settings
from g60kg.web.state import State
from g60kg.web.tokens import Tokens
from g60kg.web.workers import Workers


def application(settings: Settings, tokens: Tokens | None = None) -> Starlette:
    """The server as an ASGI application; its worker processes start and end with it.

    Args:
        settings: how it is run; the processes know them too.
        tokens: of those who may do what not everybody may, known to this process alone.
    """

    metrics = Metrics()
    log = Log(as_json=settings.log_json)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # What the HTTP library has to say goes the same way, in lines of the same kind.
        for name in ("uvicorn", "asyncio"):
            logging.getLogger(name).handlers[:] = [log]
        if tokens is not None and (warning := tokens.exposed()):
            log.warning(warning)
        workers = Workers(settings)
        metrics.watch(workers)
        with tempfile.TemporaryDirectory(prefix="g60kg-") as folder:
            app.state.g60kg = State(settings, workers, _templates(), metrics, Path(folder))
            try:
                await workers.warm()
                yield
            finally:
                workers.close()

    return Starlette(
        routes=[
            *sparql.routes,
            *things.routes,
            *dataset.routes,
            *system.routes,
            *api.routes,
            *pages.routes,
        ],
        middleware=[Middleware(Guard, settings=settings, metrics=metrics, log=log, tokens=tokens)],
        lifespan=lifespan,
        exception_handlers={G60kgError: _failed, HTTPException: _refused},
    )


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, G60kgError)
    if pages.wants_page(request):
        return pages.error_page(request, error.http_status, error)
    return problem_of(error)


def _refused(request: Request, error: Exception) -> Response:
    """No such path, or not by that method."""
    assert isinstance(error, HTTPException)
    if pages.wants_page(request):
        response = pages.error_page(request, error.status_code)
    else:
        response = problem(error.status_code, error.detail)
    for name, value in (error.headers or {}).items():
        response.headers[name] = ", ".join(sorted(value.split(", "))) if name == "Allow" else value
    return response


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("g60kg.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
