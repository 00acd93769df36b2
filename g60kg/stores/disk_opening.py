"""Opening the store in a folder, and telling what is in the way."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from g60kg.errors import EngineFailure
from g60kg.stores.disk_folder import is_store, no_store, recover
from g60kg.stores.integrity import (
    check,
    damaged,
    failed,
    mark,
    said_by,
)

#: Seconds that a writer waits for another one, and between two looks.
WAIT: Final = 20.0
PAUSE: Final = 0.05
#: Looks at a store that seems damaged: a writer may be about to replace its files.
_LOOKS: Final = 3
_LOCKED: Final = re.compile(r"While lock file|lock hold by current process")


def opened(folder: Path, *, writable: bool) -> Store:
    """The store in that folder.

    Raises:
        NoStore: nothing is there, or what is there is no store.
        EngineFailure: it is damaged, in a later format, being written, or may not be opened.
    """
    recover(folder)
    if not is_store(folder):
        raise no_store(folder)
    check(folder)
    # To open for writing is to write; so first a look that changes nothing.
    store = _looked_at(folder)
    if not writable:
        return store
    del store
    deadline = time.monotonic() + WAIT
    while True:
        try:
            store = Store(str(folder))
            # Opened for writing, it has a new MANIFEST.
            mark(folder)
            return store
        except (OSError, ValueError, RuntimeError) as error:
            if not _LOCKED.search(str(error)):
                raise _unopened(folder, error) from None
            if time.monotonic() > deadline:
                raise EngineFailure(
                    f"{folder} is being written by another process.",
                    hint="Wait until it has finished, and try again.",
                ) from None
            time.sleep(PAUSE)


def _looked_at(folder: Path) -> Store:
    for _ in range(_LOOKS - 1):
        try:
            return Store.read_only(str(folder))
        except (OSError, ValueError, RuntimeError):
            time.sleep(PAUSE)
    try:
        return Store.read_only(str(folder))
    except (OSError, ValueError, RuntimeError) as error:
        raise _unopened(folder, error) from None


def _unopened(folder: Path, error: Exception) -> EngineFailure:
    if isinstance(error, RuntimeError | FileNotFoundError) or "Corruption" in str(error):
        return damaged(folder, said_by(error))
    return failed(str(folder), "cannot be opened", error)
