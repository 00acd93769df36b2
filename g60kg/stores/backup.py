"""A copy of a store on disk: a store of its own, there as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

from g60kg.errors import UsageError
from g60kg.stores.folder import beside, put
from g60kg.stores.local import LocalStore


def back_up(store: LocalStore, path: Path) -> int:
    """Copies a store that is open for writing to a new path; the number of quads in the copy.

    A store that was opened for reading cannot be copied whole: what stands in the engine's log
    alone would be missing, and nothing would tell.

    Raises:
        UsageError: something is at the path.
        EngineFailure: the copy cannot be written.
    """
    target = path.absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(f"{path} exists; a backup needs a new path.")
    with beside(target, "backup") as aside:
        store.copy_to(aside)
        # To have opened it is to know that it can be.
        quads = len(LocalStore.at(aside))
        put(aside, target)
    return quads
