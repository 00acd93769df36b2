"""Backup of a store on disk: a complete, verified copy, or no copy."""

from pathlib import Path
from typing import Final

from g60kg.errors import EngineFailure, UsageError
from g60kg.stores.disk import check_new_path, move_into_place, temporary_store
from g60kg.stores.local_store import LocalStore


def back_up(store: LocalStore, path: Path) -> int:
    """Copy a store to a new path, and return the number of quads.

    The store must be open for writing: else the copy lacks quads of the log.

    Raises:
        UsageError: the path exists, or is inside a store.
        EngineFailure: the copy is not complete, or cannot be written.
    """
    target = path.absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(f"{path} exists; a backup needs a new path.")
    check_new_path(target)
    with temporary_store(target, "backup") as aside:
        store.copy_to(aside)
        quads = _verified(store, aside)
        move_into_place(aside, target)
    return quads


def _verified(store: LocalStore, copy: Path) -> int:
    try:
        # Opening it checks that all files are there.
        found, known = len(LocalStore.at(copy)), len(store)
    except (EngineFailure, OSError, RuntimeError) as error:
        message = error.message if isinstance(error, EngineFailure) else str(error)
        reason = message.replace(str(copy), "the copy").rstrip(".")
        raise EngineFailure(f"{store.location} was not copied: {reason}.", hint=_DAMAGED) from None
    if found != known:
        raise EngineFailure(
            f"{store.location} was not copied: the copy has {found:,} of {known:,} quads.",
            hint=_DAMAGED,
        )
    return found


_DAMAGED: Final = (
    "The store may be damaged: restore an older copy, or load the files into a new path. "
    "If the disk is at fault, try again."
)
