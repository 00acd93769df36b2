"""Runs the application at an address, until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Final

import uvicorn

from g60kg.errors import EngineFailure, UsageError
from g60kg.stores.local import LocalStore
from g60kg.web.app import application
from g60kg.web.connections import MOST, MOST_HEAD, BoundedConnection, ProxyConnection
from g60kg.web.settings import Settings
from g60kg.web.temporary import use_own_folder

#: Seconds beyond the time limit that running answers get when the server is told to stop.
GRACE: Final = 2.0
#: Seconds between two requests of one connection.
_BETWEEN: Final = 10


def run(settings: Settings, host: str, port: int) -> None:
    """Serves until SIGINT or SIGTERM; running answers finish, new ones are refused.

    Raises:
        NoStore, EngineFailure: the store cannot be opened.
        UsageError: the address is taken.
    """
    if settings.store is not None:
        LocalStore.at(settings.store)  # told here, before any process has started
    config = uvicorn.Config(
        application(settings),
        host=host,
        port=port,
        root_path=settings.root_path,
        http=ProxyConnection if settings.trust_forwarded else BoundedConnection,
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        limit_concurrency=MOST,
        timeout_keep_alive=_BETWEEN,
        h11_max_incomplete_event_size=MOST_HEAD,
        timeout_graceful_shutdown=int(settings.time_limit + GRACE),
    )
    try:
        listening = config.bind_socket()
    except SystemExit:
        raise UsageError(f"{host}:{port} cannot be listened at.", hint="Is it taken?") from None
    # Each connection has it from here. Without it, a body waits 40 ms for its head's receipt.
    listening.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    use_own_folder()
    server = _Server(config, settings.base)
    server.run(sockets=[listening])
    if not server.started:
        raise EngineFailure("The server did not start; what is wrong stands above.")


class _Server(uvicorn.Server):
    """A server that says where it listens, once it answers, and ends well when told to."""

    def __init__(self, config: uvicorn.Config, base: str) -> None:
        super().__init__(config)
        self._base = base

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Starts, and says so on stderr."""
        await super().startup(sockets)
        for bound in sockets or ():
            host, port = bound.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            place = f"http://{shown}:{port}{self.config.root_path}/"
            known = f", known as {self._base}/" if self._base else ""
            print(f"Serving at {place}{known} (Ctrl+C ends it)", file=sys.stderr, flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes the signals that end it; to have been told so is no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        ending = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in ending}
        try:
            yield
        finally:
            for number, action in before.items():
                signal.signal(number, action)
