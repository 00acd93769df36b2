"""Integrity check of the folder of a store: its format, its files and their sizes."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from g60kg.errors import EngineFailure
from g60kg.package_data import __version__
from g60kg.rdf.text_excerpt import excerpt

#: The version of what lies in a store: which graphs, and what they are for.
FORMAT: Final = 1
#: What RocksDB keeps in a folder that holds a database, and nothing else has.
CURRENT: Final = "CURRENT"
_MARK: Final = "g60kg.json"
#: The files in which RocksDB keeps what is in a database.
DATA: Final = re.compile(r"\d+\.(?:sst|log)|MANIFEST-\d+|CURRENT")


def unopened(folder: Path, error: OSError) -> EngineFailure:
    """The error of a store that the system does not let be read."""
    hint = _RIGHTS if isinstance(error, PermissionError) else None
    return EngineFailure(f"{folder} cannot be opened: {error.strerror or error}.", hint=hint)


def failed(location: str, what: str, error: Exception) -> EngineFailure:
    """The error of a store that RocksDB could not go on with: where, what it says, what to do."""
    said = said_by(error)
    if "No space left" in said or "quota exceeded" in said:
        hint = "Make room on the disk, and try again."
    elif re.search("denied|Read-only file system", said):
        hint = _RIGHTS
    else:
        return EngineFailure(f"{location} {what}: {said}.")
    return EngineFailure(f"{location} {what}: {said}.", hint=hint)


def broken_off(error: Exception) -> EngineFailure:
    """The error of a store that could not be read on, in the middle of an answer."""
    found = _FILE.search(str(error))
    if found and (isinstance(error, FileNotFoundError) or "Corruption" in str(error)):
        return damaged(Path(found["folder"]), said_by(error))
    return failed(found["folder"] if found else "The store", "could not be read or written", error)


def said_by(error: Exception) -> str:
    """What RocksDB says, without the words that say nothing."""
    said = re.sub(r"\s*The file \S* may be corrupted\.|(?:Corruption|IO error): ", "", str(error))
    return excerpt(said.strip().rstrip("."), _LONGEST)


#: A file of RocksDB in what it says, by its path.
_FILE: Final = re.compile(
    r"(?:: |The file )(?P<folder>[^:=\n]*?)/(?:\d{6,}\.(?:sst|log)|MANIFEST-\d+|[A-Z]+)\b"
)
_LONGEST: Final = 200
_RIGHTS: Final = (
    "Reading takes the right to read the folder and each file in it; all else, to write them too."
)


def damaged(folder: Path, reason: str) -> EngineFailure:
    """The error of a store that lacks files, or parts of them."""
    return EngineFailure(
        f"{folder} is damaged, or copied in part: {reason}.",
        hint="Take a copy made by g60kg backup, or load the files into a new path.",
    )


def manifest_of(folder: Path) -> str:
    """Return the name of the MANIFEST that a store is in; raises OSError where there is none."""
    return (folder / CURRENT).read_text("utf-8", "replace").strip()


def mark(folder: Path, closed: str | None = None) -> None:
    """Write the store's format, the version that wrote it, and the sizes of its files.

    Where the folder may not be written, nothing is.

    RocksDB opens a store whose MANIFEST breaks off as if what it held had never been written: a
    copy that was cut short would answer, with less. A MANIFEST of a name only ever grows.

    Args:
        folder: the store's folder.
        closed: the MANIFEST of a store that this process has closed. Until another one opens it
            for writing, and so begins another MANIFEST, its tables stay as they are: their names
            and sizes are written too. None for a store that is open.
    """
    partial = folder / f"{_MARK}.{os.getpid()}"
    try:
        manifest = manifest_of(folder)
        content: dict[str, Any] = {
            "format": FORMAT,
            "g60kg": __version__,
            "manifest": manifest,
            "bytes": (folder / manifest).stat().st_size,
        }
        if closed is not None:
            content["tables"] = {t.name: t.stat().st_size for t in sorted(folder.glob("*.sst"))}
            if manifest_of(folder) != closed:
                return
        partial.write_text(json.dumps(content) + "\n", encoding="utf-8")
        partial.replace(folder / _MARK)
    except OSError:
        with suppress(OSError):
            partial.unlink()


def check(folder: Path) -> None:
    """Raise EngineFailure where a store is in a later format, or lacks files or parts of them.

    A store without a mark is older than the mark: in format 1.
    """
    content = json_of(folder / _MARK)
    if content is None:
        try:
            (folder / _MARK).read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise unopened(folder, error) from None
        raise damaged(folder, f"its file {_MARK} cannot be read")
    version = content.get("format")
    if not isinstance(version, int):
        raise damaged(folder, f"its file {_MARK} names no format")
    if version > FORMAT:
        raise EngineFailure(
            f"{folder} is in store format {version}, written by g60kg "
            f"{content.get('g60kg', 'of an unknown version')}; g60kg {__version__} knows format "
            f"{FORMAT} and older ones.",
            hint="Upgrade g60kg; or export it there with -f nquads, and load that here.",
        )
    manifest, size = content.get("manifest"), content.get("bytes")
    if isinstance(manifest, str) and isinstance(size, int) and DATA.fullmatch(manifest):
        with suppress(FileNotFoundError):
            if (folder / manifest).stat().st_size < size:
                raise damaged(folder, f"its file {manifest} breaks off")
        _check_tables(folder, manifest, content.get("tables"))


def _check_tables(folder: Path, manifest: str, tables: object) -> None:
    """Raise EngineFailure where a table is missing or shorter than when the store was closed.

    RocksDB opens a store for reading without a look at each table. Once the store was opened for
    writing it has another MANIFEST, and what was noted before says nothing.
    """
    if not isinstance(tables, dict):
        return
    wrong = [told for name, size in tables.items() if (told := _wrong(folder, name, size))]
    if not wrong:
        return
    try:
        current = manifest_of(folder)
    except FileNotFoundError:
        return  # RocksDB says so too, or it is being replaced
    except OSError as error:
        raise unopened(folder, error) from None
    if current == manifest:
        more = f", and {len(wrong) - 1} more are not complete" if len(wrong) > 1 else ""
        raise damaged(folder, f"its file {min(wrong)}{more}")


def _wrong(folder: Path, name: str, size: object) -> str | None:
    """What is wrong with a table file; None for nothing."""
    if not (isinstance(size, int) and DATA.fullmatch(name)):
        return None
    try:
        found = (folder / name).stat().st_size
    except FileNotFoundError:
        return f"{name} is missing"
    except OSError as error:
        raise unopened(folder, error) from None
    return None if found == size else f"{name} has {found:,} bytes of {size:,}"


def json_of(file: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None where there is none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
