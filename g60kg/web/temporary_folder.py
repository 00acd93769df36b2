"""The folder of a server's temporary files; removes the folders of killed servers."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

_PREFIX: Final = "g60kg-"
#: A file that is locked while the server runs.
_LOCK: Final = "lock"


def use_own_folder() -> None:
    """Create a folder for the temporary files of this process, and remove it at exit."""
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
