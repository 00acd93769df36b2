"""The folder of a store on disk: opening, creating, replacing.

A store is created or bulk-loaded in a folder beside its path, and moved there in one step
where the system can: whenever the process ends, the path has the old content or all of
the new. Elsewhere, :func:`recover` restores the old content after an interruption.
"""

import errno
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from g60kg.errors import EngineFailure, NoStore, UsageError
from g60kg.rdf.file_permissions import (
    Permissions,
    give_file_permissions,
    give_permissions,
    opened_folder,
)
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.integrity import (
    CURRENT,
    LOCK,
    NUMBERED,
    access_error,
    check,
    damage_error,
    engine_error,
    foreign_engine_names,
    reason_of,
    write_integrity_file,
)

# With the time in microseconds.
_OLD_LOG: Final = r"LOG\.old\.\d{16}"
#: The files of RocksDB, and of this program, without a number in the folder of a store.
_UNNUMBERED: Final = re.compile(
    rf"CURRENT|IDENTITY|LOCK|LOG|{_OLD_LOG}"
    # Before 0.2, the counts were in g60kg-census.json. A killed process leaves the one with a dot.
    r"|g60kg(?:-counts|-census)?\.json|\.g60kg(?:-counts)?\.json\.\d+"
)
#: Characters of the names of foreign files in a message.
_LONGEST_NAMES: Final = 200
#: Seconds that a writer waits for another one, and between two attempts.
WAIT: Final = 20.0
PAUSE: Final = 0.05
#: Attempts to open a store that seems damaged while no file is added or removed.
_ATTEMPTS: Final = 3
#: Messages of an opening while another process has the lock, or rotates the log just before.
_LOCKED: Final = re.compile(
    r"While lock file|lock hold by current process|No such file .*/LOG(?:\.old\.\d+)?(?::|$)",
    re.DOTALL,
)


def is_store(folder: Path) -> bool:
    """Return whether a folder holds a store; raise StoreFailure if it cannot be accessed."""
    try:
        return (folder / CURRENT).is_file()
    except OSError as error:
        raise access_error(folder, error) from None


def no_store_error(folder: Path) -> NoStore | EngineFailure:
    """Return the error for a path without a store; its message says what is at the path.

    It is a StoreFailure if the folder cannot be read, or has files of a damaged store; else
    NoStore.
    """
    if folder.is_dir():
        try:
            names = _names(folder)
            _refuse_special(folder)
        except EngineFailure as error:
            return error
        if "IDENTITY" in names or any(NUMBERED.fullmatch(name) for name in names):
            return damage_error(folder, "its file CURRENT is missing")
        what = "is not a store, and not empty" if names else "is an empty folder"
    else:
        what = "is a file, not a store" if folder.exists() else "does not exist"
    return NoStore(f"{folder} {what}.", hint="Create one at a new path: g60kg --store PATH load")


def open_store(folder: Path, *, writable: bool) -> Store:
    """Open the store in a folder, after an integrity check; raise EngineFailure or UsageError."""
    recover(folder)
    if not is_store(folder):
        raise no_store_error(folder)
    if writable:
        _refuse_imitations(folder)
    else:
        _refuse_special(folder)
    check(folder)
    # Opening for writing writes, so open for reading first.
    store = _open_for_reading(folder)
    if not writable:
        return store
    del store
    deadline, pause = time.monotonic() + WAIT, PAUSE
    while True:
        try:
            store = Store(str(folder))
            # Opening for writing created a new MANIFEST, and each attempt left a log.
            write_integrity_file(folder)
            for name in _names(folder):
                if re.fullmatch(_OLD_LOG, name):
                    (folder / name).unlink(missing_ok=True)
            return store
        except (OSError, ValueError, RuntimeError) as error:
            if not _LOCKED.search(str(error)):
                raise _opening_error(folder, error) from None
            if time.monotonic() > deadline:
                raise EngineFailure(
                    f"{folder} is being written by another process.",
                    hint="Wait until it has finished, and try again.",
                ) from None
            time.sleep(pause)
            pause = min(2 * pause, 1)


def _open_for_reading(folder: Path) -> Store:
    left, deadline = _ATTEMPTS, time.monotonic() + WAIT
    while True:
        names = _names(folder)
        try:
            return Store.read_only(str(folder))
        except (OSError, ValueError, RuntimeError) as error:
            # A writer that replaces files meanwhile is no damage.
            left -= names == _names(folder)
            if not left or time.monotonic() > deadline:
                raise _opening_error(folder, error) from None
        time.sleep(PAUSE)


def _opening_error(folder: Path, error: Exception) -> EngineFailure:
    if isinstance(error, RuntimeError | FileNotFoundError) or "Corruption" in str(error):
        return damage_error(folder, reason_of(error))
    return engine_error(str(folder), "cannot be opened", error)


def check_new_path(path: Path) -> None:
    """Raise EngineFailure if a path has no parent folder, UsageError if it is inside a store."""
    if not path.parent.is_dir():
        raise EngineFailure(
            f"{path} cannot be created: there is no folder {path.parent}.",
            hint="Create the folder first, or give another path.",
        )
    # Path.resolve raises RuntimeError if links form a loop.
    for folder in Path(os.path.realpath(path)).parents:
        if is_store(folder) and any(folder.glob("MANIFEST-*")):
            raise UsageError(
                f"{path} is inside the store {folder}.", hint="Give a path outside of it."
            )


def refuse_foreign(folder: Path) -> None:
    """Raise UsageError if the folder of a store holds files that are not the store's."""
    names = _names(folder)
    own = _of_the_engine(names) - _imitations(folder, names)
    if foreign := [name for name in names if name not in own]:
        listed = excerpt(", ".join(foreign), _LONGEST_NAMES)
        raise UsageError(
            f"{folder} holds files that are not the store's: {listed}. Nothing was loaded.",
            hint="load replaces the folder of a store: move these files elsewhere first.",
        )


def _refuse_imitations(folder: Path) -> None:
    """Raise UsageError if opening for writing would remove files that RocksDB did not create."""
    if found := _imitations(folder, _names(folder)):
        listed = excerpt(", ".join(sorted(found)), _LONGEST_NAMES)
        raise UsageError(
            f"{folder} holds files that are not the store's: {listed}. Nothing was changed.",
            hint="Writing to the store would remove them: move these files elsewhere first.",
        )


def _refuse_special(folder: Path) -> None:
    """Raise StoreFailure if a file named as by RocksDB is, or links to, a pipe or a device."""
    for name in sorted(_of_the_engine(_names(folder))):
        with suppress(OSError):  # a writer has removed it since, or the engine reports it
            kind = (folder / name).stat().st_mode
            if not ("g60kg" in name or stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
                raise damage_error(folder, f"its file {name} is a pipe or a device")


def _of_the_engine(names: list[str]) -> set[str]:
    return {name for name in names if NUMBERED.fullmatch(name) or _UNNUMBERED.fullmatch(name)}


def _imitations(folder: Path, names: list[str]) -> set[str]:
    """Return the names of files that RocksDB would treat as its own, but did not create.

    A folder, link or pipe of such a name is included.
    """

    def is_other(name: str) -> bool:
        with suppress(FileNotFoundError):  # a writer has removed it since
            return not stat.S_ISREG((folder / name).lstat().st_mode)
        return False

    return {*foreign_engine_names(folder, names), *filter(is_other, _of_the_engine(names))}


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise access_error(folder, error) from None


def copy_store_permissions(original: Path, made: Path) -> None:
    """Give a temporary store the owners and permissions of the store that it replaces or copies.

    Files get those of the original's file LOCK, tables that both stores share by a link too. A
    file with a further link, or a table that another user wrote, is left unchanged. Raise
    StoreFailure if the system refuses.
    """
    try:
        _give_permissions(
            made, Permissions.of(original), Permissions.of(original / LOCK), shared_with=original
        )
    except OSError as error:
        raise engine_error(str(original), "cannot be replaced or copied", error) from None


def _give_permissions(
    made: Path, of_folder: Permissions, of_files: Permissions, shared_with: Path | None = None
) -> None:
    """Give permissions to the folder of a temporary store and to its files.

    A file with another hard link is skipped, unless the link is in the store ``shared_with``. Raise
    PermissionError if another user owns the parent folder: that user could have replaced the
    folder of the store.
    """
    if os.name != "posix":
        return
    with opened_folder(made.parent, follow=False) as around:
        if os.fstat(around).st_uid != os.geteuid():
            raise PermissionError("another user has replaced the folder of the new store")
        folder = os.open(made.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=around)
    try:
        for name in [entry.name for entry in os.scandir(folder)]:
            links = 1
            with suppress(FileNotFoundError):  # a job of RocksDB may have removed it since
                if shared_with is not None:
                    shared = (shared_with / name).stat()
                    links += os.path.samestat(shared, os.stat(name, dir_fd=folder))
            with suppress(PermissionError, FileNotFoundError):
                give_file_permissions(folder, name, of_files, links)
        give_permissions(folder, of_folder)
    finally:
        os.close(folder)


@contextmanager
def temporary_store(path: Path, purpose: str) -> Iterator[Path]:
    """Yield a new path for a temporary store; whatever is there at the end is removed.

    The path is in a new folder beside ``path`` that only its owner may enter, with ``purpose`` in
    its name. Folders of processes that have ended are removed first.
    """
    import tempfile

    pattern = re.compile(rf"\.{re.escape(path.name)}\.{purpose}-(\d+)(?:-\w+|\.tmp)?")
    with suppress(OSError):
        for entry in path.parent.iterdir():
            if (match := pattern.fullmatch(entry.name)) and _has_ended(int(match[1])):
                shutil.rmtree(entry, ignore_errors=True)
    prefix = f".{path.name}.{purpose}-{os.getpid()}-"
    try:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=path.parent))
    except OSError as error:
        reason = OSError(f"{path.parent}: {error.strerror}")
        raise engine_error(str(path), "cannot be written", reason) from None
    try:
        yield folder / "store"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_ended(process: int) -> bool:
    if os.name != "posix" or process == os.getpid():
        return False  # on other systems, os.kill with 0 ends the process
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def move_into_place(made: Path, path: Path) -> None:
    """Move a folder in one step to an unused path or empty folder, else raise EngineFailure."""
    try:
        if path.is_dir():
            known = Permissions.of(path)
            _give_permissions(made, known, known.for_files())
            if os.name != "posix":
                path.rmdir()
        made.rename(path)
        _sync(path.parent)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise EngineFailure(f"{path} was created by another process meanwhile.") from None
        raise EngineFailure(f"{path} cannot be written: {error.strerror}") from None


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Hold RocksDB's lock of a store against other writers, without opening the store.

    Raise EngineFailure if it is locked. On a system without POSIX locks it does nothing.
    """
    try:
        import fcntl
    except ImportError:  # not POSIX: an open file locks others out there
        yield
        return
    with (folder / LOCK).open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EngineFailure(
                f"{folder} is being written by another process; nothing was loaded.",
                hint="Wait until it has finished, and try again.",
            ) from None
        yield


def exchange(made: Path, path: Path) -> None:
    """Swap two folders, in one step where the system can; raise EngineFailure on failure.

    Elsewhere it takes three renames; :func:`recover` repairs an interruption.
    """
    if _swapped(made, path):
        _sync(path.parent)
        return
    old = path.parent / f".{path.name}.before"
    try:
        path.rename(old)
        made.rename(path)
        old.rename(made)
        _sync(path.parent)
    except OSError as error:
        recover(path)
        raise EngineFailure(f"{path} cannot be written: {error.strerror}") from None


def recover(path: Path) -> None:
    """Restore the store at a path where :func:`exchange` was interrupted; else do nothing."""
    old = path.parent / f".{path.name}.before"
    with suppress(OSError):
        if not path.exists() and is_store(old):
            old.rename(path)


def _swapped(made: Path, path: Path) -> bool:
    """Swap two names in one step; return False if the system cannot, or the swap fails."""
    import ctypes

    names = os.fsencode(made), os.fsencode(path)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*names, 2) == 0)  # RENAME_SWAP
        here = -100  # AT_FDCWD
        return bool(libc.renameat2(here, names[0], here, names[1], 2) == 0)  # RENAME_EXCHANGE
    except (OSError, AttributeError, TypeError):
        return False


def _sync(folder: Path) -> None:
    """Make a rename survive a power failure, where the system can sync a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
