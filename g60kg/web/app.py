"""The ASGI application: routes, middleware, error handlers and lifespan."""

import asyncio
import logging
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FunctionLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from g60kg import package_data
from g60kg.errors import G60kgError, OutputFailure, StoreFailure, UsageError
from g60kg.rdf.text_excerpt import escaped
from g60kg.web.access_log import Log
from g60kg.web.app_state import State, state_of
from g60kg.web.metrics import Metrics
from g60kg.web.middleware import RequestMiddleware
from g60kg.web.problem_details import Problem, Unavailable, problem_of
from g60kg.web.routes import (
    api,
    dataset_routes,
    linked_data_routes,
    mcp_route,
    pages,
    reconcile_routes,
    sparql_routes,
    system_routes,
)
from g60kg.web.routes.pages import entity_page_routes
from g60kg.web.server_settings import HOST, Settings
from g60kg.web.warm_up import WarmUp
from g60kg.web.workers import Workers

#: Controls and noncharacters, which HTML cannot hold, not even as character references; and
#: characters that reorder the text around them.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)


def application(settings: Settings) -> Starlette:
    """Return the ASGI application; its worker processes start and stop with its lifespan."""

    metrics = Metrics() if settings.metrics else None
    log = Log(as_json=settings.log_json)

    pages_of_site = (one for one in pages.routes if isinstance(one, Route))
    browsed = [one.path for one in pages_of_site if not one.param_convertors]
    browsed.append("/ontology.html")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # The HTTP library logs in the same format.
        for name in ("uvicorn", "asyncio"):
            logging.getLogger(name).handlers[:] = [log]
        workers = Workers(settings)
        if metrics is not None:
            metrics.watch(workers)
        with tempfile.TemporaryDirectory(prefix="g60kg-") as folder:
            warm_up = WarmUp(settings, app, browsed, workers, log) if settings.warm_up else None
            app.state.g60kg = State(
                settings, workers, page_templates(), metrics, Path(folder), warm_up=warm_up
            )
            background: asyncio.Task[None] | None = None
            try:
                await workers.warm()
                background = asyncio.create_task(warm_up.run()) if warm_up is not None else None
                yield
            finally:
                if background is not None:
                    background.cancel()
                    await asyncio.wait([background])
                workers.close()

    app = Starlette(
        routes=[
            # Routes are tried in this order, so the frequent ones come first.
            *api.routes,
            *sparql_routes.routes,
            *linked_data_routes.routes,
            *pages.routes,
            *dataset_routes.routes,
            *reconcile_routes.routes,
            *mcp_route.routes,
            *system_routes.routes,
            *(system_routes.metrics_routes if settings.metrics else ()),
        ],
        middleware=[
            Middleware(
                RequestMiddleware,
                settings=settings,
                metrics=metrics,
                log=log,
                refused=_refusal_response,
            ),
        ],
        lifespan=lifespan,
        exception_handlers={G60kgError: partial(_failed, log), HTTPException: _refused},
    )
    # Starlette's redirect would contain the host of the request, which is not verified.
    app.router.redirect_slashes = False
    return app


def _failed(log: Log, request: Request, error: Exception) -> Response:
    assert isinstance(error, G60kgError)
    if isinstance(error, OutputFailure | StoreFailure):
        log.log("error", str(error))
        if isinstance(error, StoreFailure):
            state_of(request).workers.note_store_failure()
        error = Unavailable(error)
    if entity_page_routes.wants_page(request):
        return entity_page_routes.error_page(request, error.http_status, error)
    return problem_of(error)


def _refused(request: Request, error: Exception) -> Response:
    """Return the response to an HTTPException, such as an unknown path or method.

    An unknown path is redirected if it has a route with its trailing slash added or removed. Any
    other error is an HTML page for clients that prefer HTML, and problem+json for others.
    """
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and (place := _with_other_slash(request)):
        return RedirectResponse(place, 307)
    if entity_page_routes.wants_page(request):
        response = entity_page_routes.error_page(request, error.status_code)
    else:
        response = Problem(error.status_code, error.detail, _hint(request, error))
    for name, value in (error.headers or {}).items():
        response.headers[name] = ", ".join(sorted(value.split(", "))) if name == "Allow" else value
    return response


def _refusal_response(scope: Scope, refusal: Problem) -> Response:
    """Return a page or a problem for a request that is refused before routing or fails.

    A client that prefers HTML gets the page, without the URL and an invalid Host header.
    """
    if not entity_page_routes.wants_page(Request(scope)):
        return refusal
    path = f"{scope['root_path']}/"
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name != b"host" or HOST.fullmatch(value.decode("latin-1"))
    ]
    plain = {"path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
    error = UsageError(refusal.title, hint=refusal.detail)
    status = refusal.status_code
    page = entity_page_routes.error_page(Request({**scope, **plain}), status, error)
    page.headers.update(refusal.own_headers)
    return page


def _with_other_slash(request: Request) -> str | None:
    """Return the path with its trailing slash added or removed, followed by its query string.

    None if the request has a route, that path has none, or a trailing slash is percent-encoded.
    """
    scope = request.scope
    raw, path = scope["raw_path"].decode("latin-1"), scope["path"]
    # A slash that is percent-encoded belongs to a name, and cannot be removed.
    if "endpoint" in scope or len(raw) - len(raw.rstrip("/")) != len(path) - len(path.rstrip("/")):
        return None

    def other(path: str) -> str:
        return path.rstrip("/") if path.endswith("/") else f"{path}/"

    changed = {**scope, "path": other(path)}
    if all(route.matches(changed)[0] is Match.NONE for route in request.app.routes):
        return None
    query = scope["query_string"].decode("latin-1")
    # Exactly one slash: a path with two would be a link to another host.
    place = "/" + other(raw).lstrip("/")
    return f"{place}?{query}" if query else place


def _hint(request: Request, error: HTTPException) -> str | None:
    if error.status_code == 405:
        allowed = sorted((error.headers or {}).get("Allow", "").split(", "))
        return f"Allowed: {', '.join(allowed)}." if allowed != [""] else None
    root = state_of(request).settings.root_path
    return f"See {root}/openapi.json for the paths of the API and {root}/ for the pages."


def page_templates() -> Environment:
    """Return the Jinja environment of the HTML pages, with autoescaping."""
    environment = Environment(
        loader=FunctionLoader(package_data.template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_displayable,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment


def _displayable(value: object) -> object:
    """Return a value for a template; in a text, control characters are replaced or escaped."""
    if isinstance(value, str) and _UNFIT.search(value):
        return type(value)(_UNFIT.sub(_replacement, value))
    return value


def _replacement(unfit: re.Match[str]) -> str:
    return escaped(unfit[0]) if "\u202a" <= unfit[0] <= "\u2069" else "\ufffd"
