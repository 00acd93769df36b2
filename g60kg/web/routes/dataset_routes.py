"""Routes `/.well-known/void` and `/download/…`: the description of the graph, and downloads."""

from __future__ import annotations

import asyncio
import re
from email.utils import formatdate
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from g60kg.errors import UnknownName
from g60kg.web.app_state import state_of
from g60kg.web.compression import accepts_gzip
from g60kg.web.etag import CACHING, is_known, sent
from g60kg.web.negotiation import GRAPHS, requested
from g60kg.web.views import dataset
from g60kg.web.views.dataset import DOWNLOADS, Dump

#: Time limit of a download job in seconds; it runs once for each version of the graph.
LONGEST: Final = 600.0
_RANGE: Final = r"(?:\d{1,18}-\d{0,18}|-\d{1,18})"
_RANGES: Final = re.compile(rf"bytes={_RANGE}(?:\s*,\s*{_RANGE})*", re.ASCII)


async def described(request: Request) -> Response:
    """Return the VoID and DCAT description of the graph."""
    form = requested(request, GRAPHS)
    run = state_of(request).workers.run
    body = await run(dataset.description, str(request.base_url), form.format)
    return sent(request, body, form.content_type, {"Vary": "Accept"})


async def download(request: Request) -> Response:
    """Return the complete graph as a file, compressed if the name or Accept-Encoding says so."""
    name = request.path_params["extension"]
    extension = name.removesuffix(".gz")
    if extension not in DOWNLOADS:
        known = ", ".join(f"g60kg.{one}" for one in DOWNLOADS)
        raise UnknownName(
            f"No download g60kg.{name}.", hint=f"Available: {known}, each also as .gz."
        )
    is_archive = name.endswith(".gz")
    compressed = is_archive or accepts_gzip(request.headers.get("accept-encoding", ""))
    made = await _made(request, extension, compressed=compressed)
    media_type = "application/gzip" if is_archive else DOWNLOADS[extension][1]
    text = media_type.startswith("text/")
    headers = {
        "Cache-Control": CACHING,
        "Vary": "Accept-Encoding",
        "ETag": f'"{made.digest[:32]}"',
        "Last-Modified": formatdate(made.modified, usegmt=True),
        "G60kg-Complete": "true",
        "Content-Disposition": f'attachment; filename="g60kg.{name}"',
        "Content-Type": f"{media_type}; charset=utf-8" if text else media_type,
    }
    if compressed and not is_archive:
        headers["Content-Encoding"] = "gzip"
    if is_known(request, made.digest[:32], made.modified):
        return Response(status_code=304, headers=headers)
    _ignore_invalid_range(request)
    return FileResponse(made.path, headers=headers, stat_result=made.path.stat())


def _ignore_invalid_range(request: Request) -> None:
    """Remove a Range header that is invalid or in another unit (RFC 9110, section 14.2)."""
    asked = request.headers.get("range", "")
    bounds = re.findall(r"(\d+)-(\d+)", asked)
    if not _RANGES.fullmatch(asked) or any(int(last) < int(first) for first, last in bounds):
        headers = request.scope["headers"]
        request.scope["headers"] = [pair for pair in headers if pair[0] != b"range"]


async def _made(request: Request, extension: str, *, compressed: bool) -> Dump:
    """Return the file; the first request makes it, others wait for it."""
    state = state_of(request)
    now = await state.workers.run(dataset.state)
    key = (now, extension, compressed)
    making = state.downloads.get(key)
    if making is None:
        for old in [known for known in state.downloads if known[0] != now]:
            past = state.downloads.pop(old)
            if past.done() and not past.cancelled() and not past.exception():
                past.result().path.unlink(missing_ok=True)
        making = asyncio.ensure_future(
            state.workers.run_long(
                LONGEST, dataset.dump, state.folder, extension, compressed=compressed
            )
        )
        state.downloads[key] = making
        making.add_done_callback(
            lambda done: (
                state.downloads.pop(key, None) if done.cancelled() or done.exception() else None
            )
        )
    # A client that disconnects does not cancel it for the others.
    return await asyncio.shield(making)


routes: Final = [
    Route("/.well-known/void", described, methods=["GET"]),
    Route("/download/g60kg.{extension}", download, methods=["GET"]),
]
