"""Integrity check of the folder of a store: its format, its files, their sizes and permissions."""

import json
import math
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from g60kg.errors import EngineFailure, StoreFailure
from g60kg.package_data import __version__
from g60kg.rdf.file_permissions import Permissions, give_file_permissions, opened_folder
from g60kg.rdf.text_excerpt import excerpt

#: The version of a store's content: its graphs and the model of its facts. Format 1 has the
#: ontology of version 0.1.
FORMAT: Final = 2
#: The file that marks a folder as a RocksDB database.
CURRENT: Final = "CURRENT"
_MARK: Final = "g60kg.json"
#: RocksDB's data files.
DATA: Final = re.compile(r"\d+\.(?:sst|log)|MANIFEST-\d+|CURRENT")
#: Names that RocksDB reads as those of its files, and removes if it does not need them. The number
#: counts upwards over all files of a store.
NUMBERED: Final = re.compile(
    r"(\d+)\.(?:sst|log|blob|dbtmp)|MANIFEST-(\d+)|OPTIONS-(\d+)(?:\.dbtmp)?"
)
#: Its numbers have six digits, or more where they need more.
_DIGITS: Final = re.compile(r"\d{6}|[1-9]\d{6,}")
#: More numbers than RocksDB gives between two MANIFESTs, even for billions of quads.
_IN_ONE_RUN: Final = 100_000


def access_error(folder: Path, error: OSError) -> StoreFailure:
    """Return the error for a store that the system does not allow to read."""
    hint = _RIGHTS if isinstance(error, PermissionError) else None
    return StoreFailure(f"{folder} cannot be opened: {error.strerror or error}.", hint=hint)


def engine_error(location: str, what: str, error: Exception) -> StoreFailure:
    """Return the error for a failed operation: the store, what failed, RocksDB's message."""
    reason = reason_of(error)
    hint = None
    if "No space left" in reason or "quota exceeded" in reason:
        hint = "Make room on the disk, and try again."
    elif re.search("denied|Read-only file system", reason):
        hint = _RIGHTS
    return StoreFailure(f"{location} {what}: {reason}.", hint=hint)


def read_error(error: Exception) -> StoreFailure:
    """Return the error for a store that failed while it was read.

    Its message says that the store is damaged if the engine names a missing or corrupt file.
    """
    found = _FILE.search(str(error))
    if found and (isinstance(error, FileNotFoundError) or "Corruption" in str(error)):
        return damage_error(Path(found["folder"]), reason_of(error))
    return engine_error(
        found["folder"] if found else "The store", "could not be read or written", error
    )


def query_error(error: Exception) -> EngineFailure:
    """Return the error for a query that failed in the engine.

    If the engine names a file of the store, it is the error of :func:`read_error`.
    """
    if _FILE.search(str(error)):
        return read_error(error)
    return EngineFailure(f"The query failed: {error}")


def reason_of(error: Exception) -> str:
    """Return RocksDB's message without its boilerplate, shortened to 200 characters."""
    message = re.sub(
        r"\s*The file \S* may be corrupted\.|(?:Corruption|IO error): ", "", str(error)
    )
    return excerpt(message.strip().rstrip("."), _LONGEST)


#: The path of a file in a message of RocksDB.
_FILE: Final = re.compile(
    r"(?:: (?:truncated block read from )?|The file | in )(?P<folder>[^:=\n]*?)/"
    r"(?:\d{6,}\.(?:sst|log)|MANIFEST-\d+|[A-Z]+)\b"
)
_LONGEST: Final = 200
_RIGHTS: Final = (
    "Reading needs read permission for the folder and each file in it; other commands also need "
    "write permission."
)


def damage_error(folder: Path, reason: str) -> StoreFailure:
    """Return the error for a store with missing or incomplete files."""
    return StoreFailure(
        f"{folder} is damaged, or copied in part: {reason}.",
        hint="Restore a copy made by g60kg backup, or load the files into a new path.",
    )


def manifest_of(folder: Path) -> str:
    """Return the name of a store's MANIFEST; raise OSError if its file CURRENT is missing."""
    return (folder / CURRENT).read_text("utf-8", "replace").strip()


def write_integrity_file(folder: Path, closed: str | None = None) -> None:
    """Write a store's format, this program's version and sizes of files to ``g60kg.json``.

    Does nothing if the folder is not writable, or if a closed store is still open here or
    another process has since opened it for writing.

    Args:
        closed: the name of the MANIFEST of a store that this process has closed. The
            names and sizes of its tables are written too, and the names of all its
            numbered files. None for an open store.
    """
    with suppress(OSError):
        if closed is not None and _is_open(folder / LOCK):
            return  # of an iterator: tables may still be merged and removed
        manifest = manifest_of(folder)
        content: dict[str, Any] = {
            "format": FORMAT,
            "g60kg": __version__,
            "manifest": manifest,
            "bytes": (folder / manifest).stat().st_size,
        }
        if closed is not None:
            content["tables"] = {t.name: t.stat().st_size for t in sorted(folder.glob("*.sst"))}
            names = sorted(entry.name for entry in folder.iterdir())
            content["files"] = [name for name in names if NUMBERED.fullmatch(name)]
            if manifest_of(folder) != closed:
                return
        write_json(folder / _MARK, content)


def _is_open(file: Path) -> bool:
    """Return whether this process has a file open; False where the system is not Linux."""
    for opened in Path("/proc/self/fd").glob("*"):
        with suppress(OSError):
            if opened.samefile(file):
                return True
    return False


def check(folder: Path) -> None:
    """Raise EngineFailure if a store is in another format, or has missing or incomplete files.

    A store without the file ``g60kg.json`` was written by another program and is not checked.
    """
    content = read_json(folder / _MARK)
    if content is None:
        file = folder / _MARK
        try:
            file.stat()
            if file.is_file():
                file.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise access_error(folder, error) from None
        raise damage_error(folder, f"its file {_MARK} cannot be read")
    version = content.get("format")
    if not isinstance(version, int):
        raise damage_error(folder, f"its file {_MARK} names no format")
    if version > FORMAT:
        raise EngineFailure(
            f"{folder} is in store format {version}, written by g60kg "
            f"{content.get('g60kg', 'of an unknown version')}; g60kg {__version__} reads format "
            f"{FORMAT}.",
            hint="Upgrade g60kg.",
        )
    if version < FORMAT:
        raise EngineFailure(
            f"{folder} has the model of version 0.1, written by g60kg "
            f"{content.get('g60kg', 'of an unknown version')}; g60kg {__version__} has the model "
            "of 0.2.",
            hint="Create a new store with `g60kg --store NEW-PATH load`, and add your sheets to it "
            "as docs/model.md describes (From 0.1 to 0.2).",
        )
    manifest, size = content.get("manifest"), content.get("bytes")
    if isinstance(manifest, str) and isinstance(size, int) and DATA.fullmatch(manifest):
        with suppress(FileNotFoundError):
            if (folder / manifest).stat().st_size < size:
                raise damage_error(folder, f"its file {manifest} is truncated")
        _check_tables(folder, manifest, size, content.get("tables"))


def foreign_engine_names(folder: Path, names: Iterable[str]) -> list[str]:
    """Return the names that have the form of RocksDB's, but certainly are not of its files.

    Their number has fewer than six digits, or exceeds that of the MANIFEST by more than 100,000.
    If the store was closed and not written since, a number below that of the MANIFEST is foreign,
    too, unless ``g60kg.json`` lists the name.
    """
    content: dict[str, Any] = read_json(folder / _MARK) or {}
    known: Any = content.get("files")
    last, most = 0, math.inf
    with suppress(OSError, ValueError):
        current = manifest_of(folder)
        latest = int(current.rpartition("-")[2])
        most = latest + _IN_ONE_RUN
        if isinstance(known, list) and current == content.get("manifest"):
            last = latest

    def is_false(number: str, name: str) -> bool:
        if not _DIGITS.fullmatch(number) or int(number) > most:
            return True
        return int(number) < last and name not in known

    matches = filter(None, map(NUMBERED.fullmatch, names))
    return [one[0] for one in matches if is_false(one[one.lastindex or 0], one[0])]


def check_present(folder: Path) -> None:
    """Raise EngineFailure as :func:`check`, or if the folder was emptied since it was opened.

    It looks twice, since a store may be replaced meanwhile.
    """
    check(folder)
    for pause in (0.1, 0):
        try:
            manifest = manifest_of(folder)
            if manifest and (folder / manifest).is_file():
                return
        except FileNotFoundError:
            pass
        time.sleep(pause)
    raise damage_error(folder, "its file CURRENT is missing or names no file")


def _check_tables(folder: Path, manifest: str, written: int, tables: object) -> None:
    """Raise EngineFailure if a table is missing or not as large as when the store was closed.

    ``tables`` has the sizes by name, ``manifest`` and ``written`` name and size of the MANIFEST at
    that time. Nothing is raised if its name or size has changed: the store was written since.
    """
    if not isinstance(tables, dict):
        return
    wrong = [fault for name, size in tables.items() if (fault := _wrong(folder, name, size))]
    if not wrong:
        return
    try:
        is_current = manifest_of(folder) == manifest
        is_current = is_current and (folder / manifest).stat().st_size == written
    except FileNotFoundError:
        return  # RocksDB reports it too, or the store is being replaced
    except OSError as error:
        raise access_error(folder, error) from None
    if is_current:
        more = f", and {len(wrong) - 1} more are not complete" if len(wrong) > 1 else ""
        raise damage_error(folder, f"its file {min(wrong)}{more}")


def _wrong(folder: Path, name: str, size: object) -> str | None:
    if not (isinstance(size, int) and DATA.fullmatch(name)):
        return None
    try:
        found = (folder / name).stat().st_size
    except FileNotFoundError:
        return f"{name} is missing"
    except OSError as error:
        raise access_error(folder, error) from None
    return None if found == size else f"{name} has {found:,} of {size:,} bytes"


def read_json(file: Path) -> dict[str, Any] | None:
    """Return the JSON object in a file; None if it is missing, unreadable or not valid."""
    try:
        # A pipe of that name would never end.
        content = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def write_json(file: Path, content: dict[str, Any]) -> None:
    """Write a JSON object to a file in a store's folder, then call :func:`inherit_permissions`.

    Does nothing if the folder is not writable, or if the path is a pipe or a folder.
    """
    if file.exists() and not file.is_file():
        return
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        # "x" follows no link, which the folder's owner could place for the superuser to write to.
        with partial.open("x", encoding="utf-8") as stream:
            stream.write(json.dumps(content, ensure_ascii=False) + "\n")
        partial.replace(file)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        return
    inherit_permissions(file.parent)


#: The only file of RocksDB that no opening replaces: its permissions are those of the store.
LOCK: Final = "LOCK"


def inherit_permissions(folder: Path) -> None:
    """Give the files of a store the owner, group and permissions of its file LOCK.

    Linked files are skipped: the owner of the folder can link to other users' files. LOCK is never
    opened: closing it would release the lock that RocksDB holds.
    """
    if os.name != "posix":
        return
    with suppress(OSError), opened_folder(folder, follow=True) as opened:
        # By now, the path may lead to another folder.
        place = Path(f"/proc/self/fd/{opened}")
        wanted = Permissions.of((place if place.exists() else folder) / LOCK)
        for name in [entry.name for entry in os.scandir(opened)]:
            if name != LOCK:
                with suppress(OSError):
                    give_file_permissions(opened, name, wanted)
