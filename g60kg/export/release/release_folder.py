"""Folder of a release: its files with checksums, written completely or not at all."""

import hashlib
import json
import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal

from g60kg.errors import FormatCannotHold, OutputFailure, UnreadableInput, UsageError
from g60kg.export import Selection, export
from g60kg.export.release.dataset_description import (
    Distribution,
    datacite_record,
    describe,
    graph_sizes,
    serialized_description,
)
from g60kg.export.release.nanopublications import write_nanopublications
from g60kg.export.release.table_files import METADATA, write_csv_files, write_sqlite
from g60kg.export.release.tables import TitleOf, tables_of
from g60kg.formats import JSON_LD, N_QUADS, RDF_12, RDF_XML, TRIG, TURTLE
from g60kg.model.names import LANGUAGES
from g60kg.model.semantic_diff import difference, to_json, to_lines
from g60kg.namespaces import BASE, term
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.base import GraphStore
from g60kg.stores.disk import check_new_path, move_into_place, temporary_store
from g60kg.stores.local_store import LocalStore

_FORMATS: Final = {
    f"g60kg{each.suffix}": each for each in (TURTLE, TRIG, N_QUADS, JSON_LD, RDF_XML)
}
_QUADS: Final = f"g60kg{N_QUADS.suffix}"
#: Readers of RDF 1.1 reject it, so that it is no dump of the data set in its description.
_RDF_12: Final = f"g60kg-{RDF_12.name}{RDF_12.suffix}"
_DESCRIPTION: Final = "void.ttl"
_SUMS: Final = "SHA256SUMS"
#: The media types of files, by the ends of their names.
_MEDIA_TYPES: Final = {
    **{name: each.media_type for name, each in _FORMATS.items()},
    METADATA: "application/csvm+json",
    ".csv": "text/csv",
    ".db": "application/vnd.sqlite3",
    ".json": "application/json",
    _RDF_12: RDF_12.media_type,
    ".trig": TRIG.media_type,
    ".txt": "text/plain",
}
#: The URL of the folder is unknown: this one is removed, so that links are relative to it.
_HERE: Final = "https://release.invalid/"


def write_release(
    store: LocalStore,
    folder: Path,
    *,
    date: str,
    title_of: TitleOf,
    previous: Path | None = None,
    warn: Callable[[str], object] = warnings.warn,
) -> list[str]:
    """Write a release of the data set to a new folder and return the names of its files.

    The same graph, date and previous release give the same bytes, except that the bytes of the
    SQLite file depend on the version of SQLite.

    Args:
        folder: a path that does not exist or is an empty folder.
        date: the date of the release, YYYY-MM-DD.
        title_of: returns the title of a column of a query in a language.
        previous: a release, a store, or a file of N-Quads or TriG, to list the changes since; None
            for no such list.
        warn: called with a message if a format cannot hold the graph; its file is then left out.

    Raises:
        UsageError: the folder is in a store or not empty, or ``previous`` is none of those.
        UnreadableInput: the file of the previous release is missing or malformed.
        OutputFailure: a file cannot be written.
        EngineFailure: the folder cannot be created, or another process created it meanwhile.
    """
    target = Path(os.path.realpath(folder))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{folder} exists and is not an empty folder.", hint="A release needs a new folder."
        )
    check_new_path(target)
    earlier = None if previous is None else _earlier(previous)
    with temporary_store(target, "release") as aside:
        try:
            aside.mkdir()
            _write_data(store, aside, title_of, warn)
            with (aside / "nanopublications.trig").open("wb") as out:
                write_nanopublications(store, out, date)
            if earlier is not None:
                _write_changes(aside, store, earlier)
            described = _distributions(aside)
            record = datacite_record(date, sum(graph_sizes(store).values()), described)
            (aside / "datacite.json").write_bytes(_json(record))
            _write_description(aside, store, date)
            files = sorted(_files(aside))
            sums = "".join(f"{_digest(aside / name)}  {name}\n" for name in files)
            (aside / _SUMS).write_bytes(sums.encode())
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputFailure(f"{folder} cannot be written: {reason}.") from None
        move_into_place(aside, target)
    return [*files, _SUMS]


def _write_data(
    store: LocalStore, folder: Path, title_of: TitleOf, warn: Callable[[str], object]
) -> None:
    everything = Selection(with_ontology=True)
    for name, format_ in {**_FORMATS, _RDF_12: RDF_12}.items():
        try:
            with (folder / name).open("wb") as out:
                export(store, format_.name, out, everything)
        except FormatCannotHold as error:
            (folder / name).unlink()
            warn(f"{name} is left out: {error.message}")
    tables = tables_of(store, title_of)
    write_sqlite(tables, folder / "g60kg.db")
    (folder / "csv").mkdir()
    write_csv_files(tables, folder / "csv")


def _earlier(path: Path) -> GraphStore:
    if path.is_dir() and not (path / _QUADS).is_file():
        return LocalStore.at(path)
    if not path.exists():
        raise UnreadableInput("no such file or directory", file=str(path))
    quads = read_rdf(path / _QUADS if path.is_dir() else path)
    if any(isinstance(quad.graph_name, DefaultGraph) for quad in quads):
        raise UsageError(
            f"{path} has statements without the graph of their source.",
            hint="Give a release, a store, or a file of N-Quads or TriG.",
        )
    return LocalStore.holding(quads, str(path))


def _write_changes(folder: Path, store: LocalStore, earlier: GraphStore) -> None:
    found = difference(earlier.quads(), store.quads())
    for language in LANGUAGES:
        lines = to_lines(found, [store, earlier], language)
        text = "".join(f"{line}\n" for line in lines)
        (folder / f"changes.{language}.txt").write_bytes(text.encode())
    (folder / "changes.json").write_bytes(_json(to_json(found)))


def _write_description(folder: Path, store: LocalStore, date: str) -> None:
    described = describe(
        store,
        _distributions(folder),
        document=_HERE + _DESCRIPTION,
        home=BASE,
        modified=Literal(date, datatype=term("xsd:date")),
    )
    content = serialized_description(described, TURTLE.name).replace(f"<{_HERE}".encode(), b"<")
    (folder / _DESCRIPTION).write_bytes(content)


def _distributions(folder: Path) -> list[Distribution]:
    return [
        Distribution(
            name=name,
            url=_HERE + name,
            media_type=next(media for end, media in _MEDIA_TYPES.items() if name.endswith(end)),
            is_rdf=name in _FORMATS,
            size=(folder / name).stat().st_size,
            digest=_digest(folder / name),
        )
        for name in sorted(_files(folder))
    ]


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    """Flush a file to the disk (fsync) and return its SHA-256 in hexadecimal."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
