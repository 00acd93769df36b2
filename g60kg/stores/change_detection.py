"""Whether a store on disk has been written, asked often and answered by a look at a few files."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from g60kg.stores.disk_folder import fingerprint

#: The files of RocksDB that grow under the name they have; all others are written once.
_GROWS: Final = re.compile(r"\d+\.log|MANIFEST-\d+")
#: Nanoseconds in which the time of a folder may not have moved on (a tick of the kernel, and more).
_TICK: Final = 100_000_000


@dataclass
class Watch:
    """Gives a store's fingerprint again for as long as nothing in its folder has moved.

    A new file, or one that is gone, changes the time of the folder; a folder put in its place has
    another number; what is written else makes a file grow (:func:`fingerprint` tells which).
    """

    folder: Path
    _seen: tuple[int, ...] = ()
    _growing: tuple[Path, ...] = ()
    _state: str = ""

    def state(self) -> str:
        """The fingerprint; raises OSError where no store can be read."""
        if self._seen and self._look() == self._seen:
            return self._state
        self._growing = tuple(
            sorted(path for path in self.folder.iterdir() if _GROWS.fullmatch(path.name))
        )
        # Looked at before it is read: what is written in between is seen the next time.
        self._seen = self._look()
        self._state = fingerprint(self.folder)
        return self._state

    def _look(self) -> tuple[int, ...]:
        """What changes with any write; empty while that cannot be told yet."""
        try:
            folder = self.folder.stat()
            sizes = [path.stat().st_size for path in self._growing]
        except OSError:
            return ()
        if abs(time.time_ns() - folder.st_mtime_ns) < _TICK:
            return ()
        return (folder.st_dev, folder.st_ino, folder.st_mtime_ns, *sizes)
