"""SQLite file of tables: primary keys, foreign keys, indexes and a table of descriptions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from g60kg.export.release.tables import RESOURCE, Table, Texts
from g60kg.model.names import LANGUAGES

#: The type of a column by its datatype; that of others is TEXT.
_TYPES: Final = {
    "integer": "INTEGER",
    "boolean": "INTEGER",
    "decimal": "NUMERIC",
    "double": "NUMERIC",
}
_DESCRIPTION: Final = (
    "CREATE TABLE description (\n  table_name TEXT,\n  column_name TEXT,\n  title TEXT,\n"
    "  title_zh TEXT,\n  description TEXT,\n  description_zh TEXT,\n  property TEXT,\n"
    "  PRIMARY KEY (table_name, column_name)\n) WITHOUT ROWID"
)


def write_sqlite(tables: Sequence[Table], path: Path) -> None:
    """Write the tables to a new file; the same tables give the same bytes."""
    with closing(sqlite3.connect(path)) as database:
        # The file is new and gets its name when it is complete: there is nothing to roll back to.
        database.execute("PRAGMA journal_mode = OFF")
        for table in tables:
            _write(database, table)
        database.execute(_DESCRIPTION)
        marks = ", ".join("?" * 7)
        database.executemany(
            f"INSERT INTO description VALUES ({marks})",
            [row for table in tables for row in _descriptions(table)],
        )
        database.commit()
        database.execute("VACUUM")


def _write(database: sqlite3.Connection, table: Table) -> None:
    lines = [
        f"{_quoted(column.name)} {_TYPES.get(column.datatype, 'TEXT')}"
        + (" NOT NULL PRIMARY KEY" if column is table.columns[0] else "")
        for column in table.columns
    ]
    references = [one for one in table.columns if one.is_reference and table.name != RESOURCE]
    lines += [
        f"FOREIGN KEY ({_quoted(column.name)}) REFERENCES {RESOURCE} (iri)" for column in references
    ]
    database.execute(f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)")
    booleans = [column.datatype == "boolean" for column in table.columns]
    marks = ", ".join("?" * len(table.columns))
    database.executemany(
        f"INSERT INTO {_quoted(table.name)} VALUES ({marks})",
        (
            [_boolean(cell) if flag else cell for cell, flag in zip(row, booleans, strict=True)]
            for row in table.rows
        ),
    )
    for column in references:
        if column is not table.columns[0]:
            index = _quoted(f"index_{table.name}_{column.name}")
            database.execute(
                f"CREATE INDEX {index} ON {_quoted(table.name)} ({_quoted(column.name)})"
            )


def _descriptions(table: Table) -> Iterator[tuple[str | None, ...]]:
    """Yield the descriptions of a table, whose column name is empty, and of its columns."""
    yield (table.name, "", *_texts(table.titles, table.descriptions), table.of_class)
    for column in table.columns:
        yield (
            table.name,
            column.name,
            *_texts(column.titles, column.descriptions),
            column.property,
        )


def _texts(titles: Texts, descriptions: Texts) -> Iterator[str | None]:
    for texts in (titles, descriptions):
        yield from (texts.get(language) for language in LANGUAGES)


def _boolean(cell: str | None) -> int | None:
    return None if cell is None else int(cell in ("true", "1"))


def _quoted(name: str) -> str:
    return f'"{name}"'
