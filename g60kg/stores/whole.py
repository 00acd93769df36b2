"""Whether the folder of a store is whole: its mark, the tables it lives in, and what is amiss."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from g60kg.errors import EngineFailure
from g60kg.excerpt import excerpt
from g60kg.stores.manifest import UnknownManifest, live_tables
from g60kg.version import __version__

#: The version of what lies in a store: which graphs, and what they are for.
FORMAT: Final = 1
#: What RocksDB keeps in a folder that holds a database, and nothing else has.
CURRENT: Final = "CURRENT"
#: Looks at a store whose tables change while they are looked at.
_LOOKS: Final = 20
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


def mark(folder: Path) -> None:
    """Writes down which format the store in a folder is in, what wrote it, and how far.

    Where the folder may not be written, nothing is.

    RocksDB opens a store whose MANIFEST breaks off as if what stood there had never been written:
    a copy that was cut short would answer, with less. A MANIFEST of a name only ever grows.
    """
    partial = folder / f"{_MARK}.{os.getpid()}"
    try:
        manifest = (folder / CURRENT).read_text("utf-8", "replace").strip()
        content = {
            "format": FORMAT,
            "g60kg": __version__,
            "manifest": manifest,
            "bytes": (folder / manifest).stat().st_size,
        }
        partial.write_text(json.dumps(content) + "\n", encoding="utf-8")
        partial.replace(folder / _MARK)
    except OSError:
        with suppress(OSError):
            partial.unlink()


def check_format(folder: Path) -> None:
    """Raises EngineFailure where a store is in a format that is yet to come.

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


def check_tables(folder: Path) -> None:
    """Raises EngineFailure where a table of the store is missing, or not of the size it was given.

    RocksDB opens a store for reading without a look at each table. A table is there before the
    MANIFEST names it, and goes after the MANIFEST has dropped it: what is missing while the
    MANIFEST stays as it is is missing, and nothing that another process is about to do.
    """
    known: tuple[str, bytes] | None = None
    for _ in range(_LOOKS):
        try:
            name = (folder / CURRENT).read_text("utf-8", "replace").strip()
            content = (folder / name).read_bytes()
            tables = live_tables(content)
        except FileNotFoundError:
            return  # RocksDB says so too, or it is being replaced
        except OSError as error:
            raise unopened(folder, error) from None
        except UnknownManifest:
            return
        wrong = [told for table in tables.items() if (told := _wrong(folder, *table))]
        if not wrong:
            return
        if known == (name, content):
            more = f", and {len(wrong) - 1} more are not whole" if len(wrong) > 1 else ""
            raise damaged(folder, f"its file {min(wrong)}{more}")
        known = name, content


def _wrong(folder: Path, number: int, size: int) -> str | None:
    """What is wrong with a table file; None for nothing."""
    name = f"{number:06}.sst"
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
