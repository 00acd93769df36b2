"""Routes for operators: `/health`, `/metrics`."""

import asyncio
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from g60kg.errors import EngineFailure, G60kgError
from g60kg.package_data import __version__
from g60kg.web.app_state import state_of
from g60kg.web.views import open_graph

#: Time limit of a health check in seconds.
_SOON: Final = 5.0


async def health(request: Request) -> Response:
    """Return the state of the server as JSON: ``ok``, or with status 503 ``busy`` or ``damaged``.

    It is ``busy`` if the graph cannot be read within five seconds, and ``damaged`` if the store
    cannot be read.
    """
    workers, warm_up = state_of(request).workers, state_of(request).warm_up
    status = "ok"
    try:
        async with asyncio.timeout(_SOON):
            await workers.run(open_graph.ready)
        if workers.store_has_failed:
            status = "damaged"  # in the middle of a file, which the check above does not read
            workers.read_store_again()
    except EngineFailure:
        status = "damaged"
    except (G60kgError, TimeoutError):
        status = "busy"
    content = {
        "status": status,
        "version": __version__,
        "running": workers.pool.running,
        "waiting": workers.pool.waiting,
        "pages": warm_up.total if warm_up is not None else 0,
        "prepared": warm_up.prepared if warm_up is not None else 0,
    }
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(content, 200 if status == "ok" else 503, headers)


async def metrics(request: Request) -> Response:
    """Return the metrics in the format of Prometheus."""
    counted = state_of(request).metrics
    assert counted is not None
    written = generate_latest(counted.registry)
    return Response(written, headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_LATEST)


routes: Final = [Route("/health", health, methods=["GET"])]
#: Only with --metrics.
metrics_routes: Final = [Route("/metrics", metrics, methods=["GET"])]
