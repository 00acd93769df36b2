"""Prepares pages in the background: after the start, and again after each change of the graph.

The pages without parameters read the complete graph, for seconds each at a million triples
(measured). One process of the lowest priority computes their views, which are cached, and ends
afterwards. First, the processes for requests read the names that searches and questions need.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import Message

from g60kg.errors import G60kgError, StoreFailure
from g60kg.model.i18n import page_texts
from g60kg.model.names import LANGUAGES
from g60kg.queries.catalog import load_catalog
from g60kg.web.access_log import Log
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.pages.home_page import paths_of_cities
from g60kg.web.worker_pool import TimedOut, Worker, WorkerDied
from g60kg.web.worker_process import LOWEST, start_method
from g60kg.web.workers import Workers, preparing


class WarmUp:
    """Prepares pages in the background, for each version of the graph."""

    def __init__(
        self, settings: Settings, app: Starlette, paths: Sequence[str], workers: Workers, log: Log
    ) -> None:
        """Define the pages to prepare: some paths, canned queries and example questions."""
        self._settings = settings
        self._app = app
        self._paths = paths
        self._workers = workers
        self._log = log
        first = settings.language
        self._languages = sorted(LANGUAGES, key=lambda language: language != first)
        self.prepared = 0
        self.total = len(list(self._pages()))

    def _pages(self) -> Iterator[tuple[str, str]]:
        yield from product(self._paths, self._languages)
        for language in self._languages:
            for question in page_texts(language)("home.examples").split("|"):
                yield f"/ask?q={quote(question)}", language
        queries = [f"/queries/{name}" for name in load_catalog()]
        yield from ((path, language) for language in self._languages for path in queries)

    async def run(self) -> None:
        """Prepare names and pages for each version of the graph until the task is cancelled."""
        done: str | None = None
        while True:
            state = self._workers.graph_state()
            await self._workers.pool.prepare(open_graph.read_names, state or "")
            if state is not None and state != done:
                if await self._prepare_pages(state):
                    done = state
                continue
            await asyncio.sleep(1)  # before the next check for a change

    async def _prepare_pages(self, state: str) -> bool:
        """Prepare pages, log failures; return False if the graph changes meanwhile, else True."""
        started = time.monotonic()
        self.prepared = 0
        failed: dict[str, str] = {}
        worker = Worker(self._settings, start_method(), nice=LOWEST)
        preparing.set(worker)
        try:
            # A page of damaged tables may take all its time and memory: they are read first.
            await self._workers.run(open_graph.read_quads)
            pages = list(self._pages())
            with suppress(G60kgError):  # then the pages fail too, each with its reason in the log
                cities = await self._workers.run(paths_of_cities)
                pages += product(cities, self._languages)
            self.total = len(pages)
            for url, language in pages:
                if self._workers.graph_state() != state:
                    return False
                reason = await self._request(url, language)
                self.prepared += not reason
                if reason:
                    failed[url] = reason
        except (G60kgError, TimedOut, WorkerDied) as error:
            # Damaged tables can also take all memory or time; requests for them report it.
            if isinstance(error, StoreFailure):
                self._workers.note_store_failure()
            self._log.log("error", str(error) or type(error).__name__)
            return True
        finally:
            worker.close()
        seconds = time.monotonic() - started
        self._log.log("info", f"{self.prepared} of {self.total} pages prepared in {seconds:.1f} s")
        for url, reason in failed.items():
            self._log.log("warning", f"{url} is not prepared: {reason}")
        return True

    async def _request(self, url: str, language: str) -> str:
        """Call the route of a page; return why it failed, or an empty text if it did not."""
        status = 0
        path, _, query = url.partition("?")

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)

        scope = {
            "type": "http",
            "app": self._app,
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": f"{query}&lang={language}".lstrip("&").encode(),
            "headers": [],
            "server": ("localhost", 80),
        }
        try:
            await self._app.router(scope, receive, send)
        except G60kgError as error:
            return error.message
        except HTTPException as error:
            return error.detail
        except Exception as error:  # one page must not prevent the others
            return f"{type(error).__name__}: {error}"
        return "" if status < 400 else f"status {status}"
