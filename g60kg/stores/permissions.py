"""Owner and permissions of the files in the folder of a store."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from g60kg.rdf.atomic_output import copy_permissions

#: The only file of RocksDB that no opening replaces: its permissions are those of the store.
LOCK: Final = "LOCK"


def inherit_permissions(folder: Path) -> None:
    """Give new files of a store the owner and group of its folder, and the mode of its file LOCK.

    Otherwise a command of the superuser would leave files that the store's owner cannot change.
    Linked files are skipped: the owner of the folder can link to files of others. LOCK is never
    opened: closing it would release the lock that RocksDB holds.
    """
    lock = folder / LOCK
    with suppress(OSError):
        owner, found = folder.stat(), lock.lstat()
        known = (owner.st_uid, owner.st_gid)
        if known != (found.st_uid, found.st_gid) and found.st_nlink == 1:
            with suppress(OSError):
                os.chown(lock, *known, follow_symlinks=False)
        wanted = _permissions(lock.lstat())
        for entry in folder.iterdir():
            with suppress(OSError):
                found = entry.lstat()
                if entry.name != LOCK and _permissions(found) != wanted and _is_plain(found):
                    _copy(lock, entry)


def _permissions(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)


def _is_plain(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1


def _copy(lock: Path, entry: Path) -> None:
    descriptor = os.open(entry, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        # The name may have been linked to another file since it was listed.
        if _is_plain(os.fstat(descriptor)):
            copy_permissions(descriptor, lock)
    finally:
        os.close(descriptor)
