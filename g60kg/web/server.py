"""The HTTP server: one process, or several that share a port, until a signal stops it.

The temporary files of a server are in a folder of its own. The folders of servers that were killed
are removed at the next start.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOL_SOCKET, TCP_NODELAY, socket
from types import FrameType
from typing import Any, Final

import uvicorn

from g60kg.errors import EngineFailure, UsageError
from g60kg.rdf.text_excerpt import excerpt, visible
from g60kg.stores.local_store import LocalStore
from g60kg.validation.delta.own_process import end_with_parent
from g60kg.web.app import application
from g60kg.web.connection_limits import MOST, connection_class, most_of
from g60kg.web.server_settings import Settings

if sys.platform == "linux":  # Windows has none.
    from socket import SO_REUSEPORT

_PREFIX: Final = "g60kg-"
#: A file that is locked while the server runs.
_LOCK: Final = "lock"
#: Seconds beyond the time limit that running requests get when the server stops.
GRACE: Final = 2.0
_ENDING: Final = (signal.SIGINT, signal.SIGTERM)
#: Whether the system distributes connections among the sockets that share an address.
_DISTRIBUTES: Final = sys.platform == "linux"
#: Settings of glibc: huge pages, memory of all threads in the one arena that can use them, and more
#: freed blocks kept for each thread.
_TUNABLES: Final = ":".join(
    f"glibc.malloc.{setting}" for setting in ("hugetlb=1", "arena_max=1", "tcache_count=127")
)


def use_own_folder() -> None:
    """Create a folder for the temporary files of this process, which is removed at exit.

    Folders that killed servers of the same user have left are removed.
    """
    parent = Path(tempfile.gettempdir())
    # Windows has no fcntl.
    with suppress(ImportError):
        _remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    # After multiprocessing has removed its own folder inside, at priority -100.
    Finalize(None, shutil.rmtree, (folder, True), exitpriority=-200)
    with suppress(ImportError):
        _lock(folder)
    tempfile.tempdir = str(folder)


def _lock(folder: Path) -> None:
    import fcntl

    created = folder / f"{_LOCK}.new"
    descriptor = os.open(created, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    # The rename makes the file visible under its name only once it is locked.
    created.rename(folder / _LOCK)


def _remove_abandoned(parent: Path) -> None:
    import fcntl

    for lock in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):
            if lock.parent.is_symlink() or lock.parent.stat().st_uid != os.geteuid():
                continue
            descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent)
            finally:
                os.close(descriptor)


def run(settings: Settings, host: str, port: int, translate: Callable[[str], str] = str) -> None:
    """Serve until SIGINT or SIGTERM; then running requests finish, and new ones are refused.

    ``translate`` translates the start message.

    Raises:
        NoStore: the path is not a store.
        EngineFailure: the store cannot be opened, or the server did not start.
        UsageError: the address is invalid or in use.
    """
    if settings.store is not None:
        LocalStore.at(settings.store)  # an error is reported before any process has started
    family = AF_INET6 if ":" in host else AF_INET
    try:
        listening = _bound(family, (host, port))
        if settings.processes > 1 and _DISTRIBUTES:
            # Now that it is known that no other server has the address.
            address = listening.getsockname()
            listening.close()
            listening = _bound(family, address, shared=True)
    except (OSError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(
            f"Cannot listen at {visible(excerpt(host, 80))}:{port}: {reason}.",
            hint="Give another port with --port (0: any free one), or with --host an address of "
            "this machine.",
        ) from None

    def announce() -> None:
        at, number = listening.getsockname()[:2]
        address = f"[{at}]" if ":" in at else at
        public = f", public URL {settings.base}/" if settings.base else ""
        url = f"http://{address}:{number}{settings.root_path}/"
        message = translate(f"Serving at {url}{public} (Ctrl+C stops)")
        print(message, file=sys.stderr, flush=True)

    _ask_for_large_pages()
    serve = _serve if settings.processes == 1 else _serve_many
    if not serve(settings, listening, announce):
        raise EngineFailure("The server did not start; see the messages above.")


def _bound(family: int, address: tuple[Any, ...], *, shared: bool = False) -> socket:
    made = socket(family)
    try:
        made.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        if shared:
            made.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
        made.bind(address)
        made.set_inheritable(True)
        # Connections inherit it. Without it, a body waits 40 ms for the acknowledgement of its
        # head.
        made.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    except (OSError, UnicodeError):
        made.close()
        raise
    return made


def _serve(settings: Settings, listening: socket, when_started: Callable[[], object]) -> bool:
    """Serve in this process until a signal; return False if the server could not start."""
    use_own_folder()
    config = uvicorn.Config(
        application(settings),
        root_path=settings.root_path,
        http=connection_class(settings),
        # LimitedConnection relies on asyncio's loop, which does not read ahead of a request.
        loop="asyncio",
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        # asyncio accepts as many connections at once as wait here: where processes share a socket,
        # one would take nearly all of those that clients open at a time.
        backlog=1,
        limit_concurrency=most_of(MOST, settings),
        timeout_keep_alive=10,
        timeout_graceful_shutdown=int(settings.time_limit + GRACE),
    )
    server = _Server(config, when_started)
    server.run(sockets=[listening])
    return server.started


class _Server(uvicorn.Server):
    """A uvicorn server that reports its start."""

    def __init__(self, config: uvicorn.Config, when_started: Callable[[], object]) -> None:
        super().__init__(config)
        self._when_started = when_started

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            for listening in sockets or ():
                listening.listen(2048)
            self._when_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop the server at SIGINT or SIGTERM, without raising the signal again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _ENDING}
        try:
            yield
        finally:
            for number, action in before.items():
                signal.signal(number, action)


def _serve_many(settings: Settings, listening: socket, when_started: Callable[[], object]) -> bool:
    """Serve in several processes until a signal; return False if one of them could not start."""
    use_own_folder()
    folder = tempfile.gettempdir()
    method = multiprocessing.get_context("spawn")
    # Not a semaphore: when all processes are killed, multiprocessing reports that it was leaked.
    reports, started = method.Pipe(duplex=False)
    stopping = threading.Event()

    def start() -> BaseProcess:
        args = (settings, listening, started, folder)
        process = method.Process(target=_serve_shared, args=args)
        process.start()
        return process

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        for process in processes:
            process.terminate()

    processes: list[BaseProcess] = []
    before = {number: signal.signal(number, stop) for number in _ENDING}
    try:
        processes += [start() for _ in range(settings.processes)]
        for _ in processes:
            while not reports.poll(0.1):
                if stopping.is_set() or not all(process.is_alive() for process in processes):
                    return stopping.is_set()
            reports.recv_bytes()
        when_started()
        while not stopping.is_set():
            wait([reports, *(process.sentinel for process in processes)], timeout=1)
            if reports.poll():
                reports.recv_bytes()  # of a process that replaced another
            for index, process in enumerate(processes):
                if not process.is_alive() and not stopping.is_set():
                    processes[index] = start()
        return True
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        for number, action in before.items():
            signal.signal(number, action)


def _ask_for_large_pages() -> None:
    """With glibc, let the processes that are started from now on ask for large memory pages.

    A lookup then takes a third less time (measured). Python's own allocator cannot ask for them,
    nor can glibc for the arenas of threads, in one of which a graph in memory would be. What a
    user has set remains.
    """
    if "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", ()):
        os.environ.setdefault("GLIBC_TUNABLES", _TUNABLES)
        os.environ.setdefault("PYTHONMALLOC", "malloc")


def _serve_shared(settings: Settings, listening: socket, started: Connection, folder: str) -> None:
    """Serve in one of several processes; exit with status 1 if the server cannot start."""
    end_with_parent()
    # What a process leaves that is killed while it starts is removed with this folder.
    tempfile.tempdir = folder
    if _DISTRIBUTES:
        # Processes that wait at one socket race for each connection: one of two often had all.
        listening = _bound(listening.family, listening.getsockname(), shared=True)
    if not _serve(settings, listening, partial(started.send_bytes, b"started")):
        sys.exit(1)
