"""The folder of a store on disk: what marks it, how it comes to be, and how it is replaced.

A store is made, or grown by the bulk way, in a folder beside its path, and takes its place by one
rename when all is done: whenever the process ends, the path holds what it held or all of the new.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from g60kg.errors import EngineFailure, NoStore, UsageError
from g60kg.package_data import __version__
from g60kg.rdf.atomic_output import keep_rights
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.integrity import (
    CURRENT,
    DATA,
    damaged,
    failed,
    json_of,
    unopened,
)

_CENSUS: Final = "g60kg-census.json"
_LOCK: Final = "LOCK"
_ROCKSDB: Final = re.compile(r"\d+\.(?:sst|log)|MANIFEST-\d+|CURRENT|IDENTITY|OPTIONS-\d+")
#: What else RocksDB and this program keep in the folder of a store.
_BESIDE: Final = re.compile(
    r"\d+\.(?:blob|dbtmp)|OPTIONS-\d+\.dbtmp|LOCK|LOG(?:\.old\.\d+)?|g60kg(?:-census)?\.json(?:\.\d+)?"
)
#: Characters of the names of foreign files in a message.
_LONGEST_NAMES: Final = 200


def is_store(folder: Path) -> bool:
    """Whether a store lies in that folder."""
    try:
        return (folder / CURRENT).is_file()
    except OSError as error:
        raise unopened(folder, error) from None


def no_store(folder: Path) -> NoStore | EngineFailure:
    """The error that tells what is at a path where a store was looked for."""
    if folder.is_dir():
        try:
            names = [entry.name for entry in folder.iterdir()]
        except OSError as error:
            return unopened(folder, error)
        if any(_ROCKSDB.fullmatch(name) for name in names):
            return damaged(folder, "its file CURRENT is missing")
        what = "is not a store, and not empty" if names else "is an empty folder"
    else:
        what = "is a file, not a store" if folder.exists() else "does not exist"
    return NoStore(f"{folder} {what}.", hint="Make one at a new path: g60kg --store PATH load")


def fingerprint(folder: Path) -> str:
    """A text that is another one after any write, by whatever program: names and sizes of files.

    RocksDB never changes a table file, never uses a file's number twice, and appends what is
    written to its log before it counts as written.
    """
    files = sorted((name, found.st_size) for name, found in _data_files(folder))
    with suppress(OSError):
        files.append(((folder / CURRENT).read_text("utf-8", "replace"), 0))
    return hashlib.sha256(repr(files).encode()).hexdigest()


def written_at(folder: Path) -> float:
    """When a store was last written, in seconds since 1970."""
    return max((found.st_mtime for _, found in _data_files(folder)), default=0.0)


def _data_files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The files that hold what is in a store; not one that its writer takes away meanwhile."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if DATA.fullmatch(entry.name):
                with suppress(FileNotFoundError):
                    yield entry.name, entry.stat()


def kept_census(folder: Path, state: str) -> dict[str, Any] | None:
    """What was counted when the folder was in that state; None where nothing was."""
    content = json_of(folder / _CENSUS)
    if content is None or content.get("files") != state or content.get("by") != __version__:
        return None
    return content


def keep_census(folder: Path, state: str, counts: dict[str, Any]) -> None:
    """Keeps what was counted in that state; where the folder may not be written, nothing is."""
    partial = folder / f"{_CENSUS}.{os.getpid()}"
    content = json.dumps({**counts, "files": state, "by": __version__}, ensure_ascii=False)
    try:
        partial.write_text(content + "\n", encoding="utf-8")
        partial.replace(folder / _CENSUS)
    except OSError:
        with suppress(OSError):
            partial.unlink()


def need_folder_of(path: Path) -> None:
    """Check that a store can be made at a path: its folder exists and is not within a store.

    Raises:
        EngineFailure: there is no such folder.
        UsageError: the path is in the folder of a store, where the next load would remove it.
    """
    if not path.parent.is_dir():
        raise EngineFailure(
            f"{path} cannot be made: there is no folder {path.parent}.",
            hint="Make the folder first, or give another path.",
        )
    for folder in path.resolve().parents:
        if is_store(folder) and any(folder.glob("MANIFEST-*")):
            raise UsageError(
                f"{path} is inside the store {folder}.", hint="Give a path outside of it."
            )


def refuse_foreign(folder: Path) -> None:
    """Raise UsageError where the folder of a store holds entries that are not the store's."""
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise unopened(folder, error) from None
    foreign = [name for name in names if not (_ROCKSDB.fullmatch(name) or _BESIDE.fullmatch(name))]
    if foreign:
        shown = excerpt(", ".join(foreign), _LONGEST_NAMES)
        raise UsageError(
            f"{folder} holds what is not the store's: {shown}. Nothing was loaded.",
            hint="load replaces the folder of a store: move these elsewhere first.",
        )


def keep_rights_of(original: Path, made: Path) -> None:
    """Give a store that replaces or copies another one the owners and permissions of that one.

    Files get those of its file LOCK, the one that no opening replaces. Tables that both share have
    theirs already.

    Raises:
        EngineFailure: the system does not let them be given.
    """
    try:
        for entry in made.iterdir():
            if entry.stat().st_nlink == 1:
                keep_rights(entry, original / _LOCK)
        keep_rights(made, original)
    except OSError as error:
        raise failed(str(original), "cannot be replaced or copied", error) from None


@contextmanager
def beside(path: Path, purpose: str) -> Iterator[Path]:
    """A name beside a path, for a store in the making; what has it at the end is removed.

    It is in a folder that only its owner may enter: a copy of a private store stays private. What
    a process that was killed left there is removed first.
    """
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
        raise failed(str(path), "cannot be written", reason) from None
    try:
        yield folder / "store"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_ended(process: int) -> bool:
    if os.name != "posix" or process == os.getpid():
        return False  # elsewhere, asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def put(made: Path, path: Path) -> None:
    """Moves a folder to a path that is free, or an empty folder, in one step."""
    try:
        if path.is_dir():
            keep_rights(made, path)
            if os.name != "posix":
                path.rmdir()
        made.rename(path)
        _sync(path.parent)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise EngineFailure(f"{path} was made by another process meanwhile.") from None
        raise EngineFailure(f"{path} cannot be written: {error.strerror}") from None


@contextmanager
def closed_to_others(folder: Path) -> Iterator[None]:
    """Holds the lock by which RocksDB keeps a second writer out, without opening the store."""
    try:
        import fcntl
    except ImportError:  # no POSIX: an open file keeps others out there
        yield
        return
    with (folder / _LOCK).open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EngineFailure(
                f"{folder} is being written by another process; nothing was loaded.",
                hint="Wait until it has finished, and try again.",
            ) from None
        yield


def exchange(made: Path, path: Path) -> None:
    """Puts one folder in the place of another, which is at the first one's name afterwards.

    In one step where the system can: else in two, between which the path is empty for a moment,
    see :func:`recover`.
    """
    if _exchanged(made, path):
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
    """Puts back a store whose exchange was cut short between its two steps."""
    old = path.parent / f".{path.name}.before"
    with suppress(OSError):
        if not path.exists() and is_store(old):
            old.rename(path)


def _exchanged(made: Path, path: Path) -> bool:
    """Whether the system could swap the two names in one step."""
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
    """Sees to it that a rename outlasts a power failure, where the system lets a folder be told."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
