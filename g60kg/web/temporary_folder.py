"""The folder for all temporary files of a server; one that a killed server left is removed."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

_PREFIX: Final = "g60kg-"
#: A file that the server keeps locked for as long as it runs.
_LOCK: Final = "lock"


def use_own_folder() -> None:
    """Make one folder for the temporary files of this process, and remove it at exit."""
    parent = Path(tempfile.gettempdir())
    # Not every system has these locks.
    with suppress(ImportError):
        _remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    # Worker processes have a folder in it, which multiprocessing removes at its priority -100.
    Finalize(None, shutil.rmtree, (folder, True), exitpriority=-200)
    with suppress(ImportError):
        _lock(folder)
    tempfile.tempdir = str(folder)


def _lock(folder: Path) -> None:
    import fcntl

    made = folder / f"{_LOCK}.new"
    descriptor = os.open(made, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    # Under its final name it is locked from the start.
    made.rename(folder / _LOCK)


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
