"""Routes of the complete graph: its description, downloads, robots.txt, sitemap and Atom feed."""

import asyncio
import re
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from g60kg.errors import UnknownName
from g60kg.model.names import LANGUAGES
from g60kg.web.app_state import state_of
from g60kg.web.etag import CACHING, matches, sent
from g60kg.web.negotiation import GRAPHS, requested
from g60kg.web.routes.api.request_parameters import RequestParameters
from g60kg.web.routes.pages.page_request import page_request_of, parameters_of
from g60kg.web.views import dataset, published_changes
from g60kg.web.views.dataset import DOWNLOADS, Dump

#: Time limit of a download job in seconds; it runs once for each version of the graph.
LONGEST: Final = 600.0
_RANGE: Final = r"(?:\d{1,18}-\d{0,18}|-\d{1,18})"
_RANGES: Final = re.compile(rf"bytes={_RANGE}(?:\s*,\s*{_RANGE})*", re.ASCII)
#: What crawlers may not load (RFC 9309): searches, filtered pages, the API, downloads.
_EXCLUDED: Final = (
    "/sparql$", "/api/", "/download/", "/reconcile", "/mcp", "/metrics", "/search", "/ask",
    "/check", "/*?",
)  # fmt: skip
#: Exceptions: the longest rule that matches a path counts.
_ALLOWED: Final = (*(f"/*?lang={language}$" for language in LANGUAGES), "/static/")


async def _described(request: Request) -> Response:
    form = requested(request, GRAPHS)
    run = state_of(request).workers.run
    body = await run(dataset.description, str(request.base_url), form.name)
    return sent(request, body, form.content_type, {"Vary": "Accept"})


async def _download(request: Request) -> Response:
    name = request.path_params["extension"]
    extension = name.removesuffix(".gz")
    if extension not in DOWNLOADS:
        known = ", ".join(f"g60kg.{one}" for one in DOWNLOADS)
        raise UnknownName(
            f"No download g60kg.{name}.", hint=f"Available: {known}, each also as .gz."
        )
    is_archive = name.endswith(".gz")
    compressed = is_archive or "gzip" in request.headers.get("accept-encoding", "")
    made = await _dump_of(request, extension, compressed=compressed)
    media_type = "application/gzip" if is_archive else DOWNLOADS[extension][1]
    text = media_type.startswith("text/")
    headers = {
        "Cache-Control": CACHING,
        "ETag": f'"{made.digest[:32]}"',
        "G60kg-Complete": "true",
        "Content-Disposition": f'attachment; filename="g60kg.{name}"',
        "Content-Type": f"{media_type}; charset=utf-8" if text else media_type,
    }
    if compressed and not is_archive:
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    if matches(request.headers.get("if-none-match", ""), made.digest[:32]):
        return Response(status_code=304, headers=headers)
    _ignore_invalid_range(request)
    return FileResponse(made.path, headers=headers, stat_result=made.path.stat())


def _ignore_invalid_range(request: Request) -> None:
    """Remove a Range header that is invalid or not in bytes (RFC 9110, section 14.2)."""
    asked = request.headers.get("range", "")
    bounds = re.findall(r"(\d+)-(\d+)", asked)
    if not _RANGES.fullmatch(asked) or any(int(last) < int(first) for first, last in bounds):
        headers = request.scope["headers"]
        request.scope["headers"] = [pair for pair in headers if pair[0] != b"range"]


async def _dump_of(request: Request, extension: str, *, compressed: bool) -> Dump:
    """Return the file of the complete graph, shared by requests for the same version and format."""
    state = state_of(request)
    now = state.workers.graph_state() or ""
    key = (now, extension, compressed)
    making = state.downloads.get(key)
    if making is None:
        for old in [known for known in state.downloads if known[0] != now]:
            past = state.downloads.pop(old)
            if past.done() and not past.cancelled() and not past.exception():
                rmtree(past.result().path.parent, ignore_errors=True)
        # A process that is ended leaves its file unfinished.
        folder = Path(mkdtemp(dir=state.folder))
        run = state.workers.run_long
        making = asyncio.ensure_future(
            run(LONGEST, dataset.dump, folder, extension, compressed=compressed)
        )
        state.downloads[key] = making

        def forget_failure(done: asyncio.Future[Dump]) -> None:
            if done.cancelled() or done.exception():
                rmtree(folder, ignore_errors=True)
                if state.downloads.get(key) is done:
                    del state.downloads[key]

        making.add_done_callback(forget_failure)
    # A client that disconnects does not cancel it for the others; the last one does.
    state.waiting[making] += 1
    try:
        return await asyncio.shield(making)
    finally:
        state.waiting[making] -= 1
        if not state.waiting[making]:
            del state.waiting[making]
            if not making.done():
                # The next request must not find it: it starts its own.
                state.downloads.pop(key, None)
                making.cancel()


async def _robots(request: Request) -> Response:
    root = request.scope.get("root_path", "")
    lines = [
        "User-agent: *",
        *(f"Disallow: {root}{path}" for path in _EXCLUDED),
        *(f"Allow: {root}{path}" for path in _ALLOWED),
        f"Sitemap: {request.base_url}sitemap.xml",
    ]
    return sent(request, ("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


async def _sitemap(request: Request) -> Response:
    RequestParameters(request, ())
    part = request.path_params.get("part")
    run = state_of(request).workers.run
    body = await run(published_changes.sitemap, str(request.base_url), part)
    if body is None:
        raise HTTPException(404)
    return sent(request, body, "application/xml")


async def _feed(request: Request) -> Response:
    parameters_of(request)
    run, language = state_of(request).workers.run, page_request_of(request).language
    body = await run(published_changes.feed, str(request.base_url), language)
    headers = {"Vary": "Accept-Language, Cookie"}
    return sent(request, body, "application/atom+xml; charset=utf-8", headers)


routes: Final = [
    Route("/.well-known/void", _described, methods=["GET"]),
    Route("/download/g60kg.{extension}", _download, methods=["GET"]),
    Route("/robots.txt", _robots, methods=["GET"]),
    Route("/sitemap.xml", _sitemap, methods=["GET"]),
    Route("/sitemap-{part:int}.xml", _sitemap, methods=["GET"]),
    Route("/feed.atom", _feed, methods=["GET"]),
]
