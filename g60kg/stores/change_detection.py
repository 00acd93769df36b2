"""Change detection for a store on disk, and counts cached until its next change.

A fingerprint covers all tables, and the logs whose quads may be in no table.
:class:`FingerprintCache` reads a few file sizes and times instead.
"""

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from g60kg.package_data import __version__
from g60kg.stores.base import Counts
from g60kg.stores.integrity import access_error, read_json, write_json

_COUNTS: Final = "g60kg-counts.json"
#: The files of RocksDB that hold quads.
_CONTENT: Final = re.compile(r"\d+\.(?:sst|log)")
#: The files of RocksDB that grow; all others are written once.
_GROWS: Final = re.compile(r"\d+\.log|MANIFEST-\d+")
#: Nanoseconds within which a write may leave the folder's time unchanged (over a kernel tick).
_TICK: Final = 100_000_000


@dataclass
class FingerprintCache:
    """A cache of a store's fingerprint, valid until a change in its folder."""

    folder: Path
    _seen: tuple[int, ...] = ()
    _growing: tuple[Path, ...] = ()
    _state: str = ""

    def state(self) -> str:
        """Return the current fingerprint; raise OSError if the folder cannot be read."""
        if self._seen and self._signature() == self._seen:
            return self._state
        self._growing = tuple(
            sorted(path for path in self.folder.iterdir() if _GROWS.fullmatch(path.name))
        )
        # Taken before the fingerprint, so that a write in between is detected the next time.
        self._seen = self._signature()
        self._state = fingerprint(self.folder)
        return self._state

    def _signature(self) -> tuple[int, ...]:
        """Return numbers that change with any write; empty if they are not reliable."""
        try:
            folder = self.folder.stat()
            growing = [path.stat() for path in self._growing]
        except OSError:
            return ()
        if abs(time.time_ns() - folder.st_mtime_ns) < _TICK:
            return ()
        numbers = (number for one in growing for number in (one.st_size, one.st_mtime_ns))
        return (folder.st_dev, folder.st_ino, folder.st_mtime_ns, *numbers)


def fingerprint(folder: Path) -> str:
    """Return a hash of a store's files (names, sizes, times) that changes with its content.

    Opening a store for writing can change it too, if RocksDB then writes or merges
    tables.
    """
    import hashlib

    files = sorted((name, found.st_size, found.st_mtime_ns) for name, found in _files(folder))
    return hashlib.sha256(repr(files).encode()).hexdigest()


def written_at(folder: Path) -> float:
    """Return when a store was last written, in Unix seconds; raise StoreFailure if unreadable."""
    try:
        written = (found.st_mtime for _, found in _files(folder))
        # An empty store has no tables.
        return max(written, default=folder.stat().st_mtime)
    except OSError as error:
        raise access_error(folder, error) from None


def size_of(folder: Path) -> int:
    """Return the size in bytes of a store's tables and unmerged logs; raise OSError on failure."""
    return sum(found.st_size for _, found in _files(folder))


def _files(folder: Path) -> list[tuple[str, os.stat_result]]:
    """Return name and status of each table, and of each log whose quads may be in no table.

    A log that is empty, or older than the newest table, is left out.
    """
    found: list[tuple[str, os.stat_result]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if _CONTENT.fullmatch(entry.name):
                # A writer may remove it at the same time.
                with suppress(FileNotFoundError):
                    found.append((entry.name, entry.stat()))
    tables = [pair for pair in found if pair[0].endswith(".sst")]
    newest = max((table.st_mtime_ns for _, table in tables), default=0)
    logs = (pair for pair in found if pair not in tables)
    return [*tables, *(log for log in logs if log[1].st_size and log[1].st_mtime_ns >= newest)]


def cached_counts(folder: Path, state: str, count: Callable[[], Counts]) -> Counts:
    """Return the counts of the store with that fingerprint, counted if they are not cached."""
    content = read_json(folder / _COUNTS) or {}
    is_known = (content.get("files"), content.get("by")) == (state, __version__)
    counts = Counts.from_json(content) if is_known else None
    if counts is None:
        counts = count()
        write_json(folder / _COUNTS, {**asdict(counts), "files": state, "by": __version__})
    return counts
