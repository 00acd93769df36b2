"""A copy of a store on disk: a store of its own, there as a whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from g60kg.errors import EngineFailure, UsageError
from g60kg.stores.disk_folder import beside, need_folder_of, put
from g60kg.stores.local_store import LocalStore


def back_up(store: LocalStore, path: Path) -> int:
    """Copies a store that is open for writing to a new path; the number of quads in the copy.

    A store that was opened for reading cannot be copied whole: what stands in the engine's log
    alone would be missing, and nothing would tell. The copy is read from one end to the other
    before it gets its name.

    Raises:
        UsageError: something is at the path.
        EngineFailure: the copy cannot be written, or lacks anything.
    """
    target = path.absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(f"{path} exists; a backup needs a new path.")
    need_folder_of(target)
    with beside(target, "backup") as aside:
        store.copy_to(aside)
        quads = _verified(store, aside)
        put(aside, target)
    return quads


def _verified(store: LocalStore, copy: Path) -> int:
    """The number of quads in a copy, which is that of the store."""
    try:
        # To open it is to see that it has all its files.
        found, known = len(LocalStore.at(copy)), len(store)
    except (EngineFailure, OSError, RuntimeError) as error:
        said = error.message if isinstance(error, EngineFailure) else str(error)
        reason = said.replace(str(copy), "the copy").rstrip(".")
        raise EngineFailure(f"{store.location} was not copied: {reason}.", hint=_DAMAGED) from None
    if found != known:
        raise EngineFailure(
            f"{store.location} was not copied: the copy has {found:,} quads of {known:,}.",
            hint=_DAMAGED,
        )
    return found


_DAMAGED: Final = (
    "The store may be damaged. Take an older copy, or load the files into a new path; "
    "or try again, if the disk is at fault."
)
