"""CSV files of tables with CSV on the Web metadata (W3C, 2015), and an SQLite file of them."""

import csv
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from g60kg.export.release.dataset_description import LICENCE, TITLES
from g60kg.export.release.tables import RESOURCE, Column, Table, Texts
from g60kg.namespaces import A

#: The name under which readers look for metadata in the folder of a CSV file.
METADATA: Final = "csv-metadata.json"


def write_csv_files(tables: Sequence[Table], folder: Path) -> None:
    """Write a CSV file for each table to a folder, and one file with the metadata of all tables."""
    for table in tables:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(column.name for column in table.columns)
            rows.writerows(table.rows)
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": _in_languages(TITLES),
        "dc:license": {"@id": LICENCE},
        "tables": [_table(table) for table in tables],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / METADATA).write_bytes(f"{text}\n".encode())


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column, table) for column in table.columns],
        "primaryKey": table.columns[0].name,
        "foreignKeys": [
            {
                "columnReference": column.name,
                "reference": {"resource": f"{RESOURCE}.csv", "columnReference": "iri"},
            }
            for index, column in enumerate(table.columns)
            if column.is_reference
            and table.name != RESOURCE
            # Validators refuse empty cells in a foreign key.
            and all(row[index] is not None for row in table.rows)
        ],
    }
    if table.about:
        schema["aboutUrl"] = f"{{+{table.about}}}"
    if table.of_class:
        schema["columns"].append(
            {
                "name": "class_of_row",
                "virtual": True,
                "propertyUrl": A.value,
                "valueUrl": table.of_class,
            }
        )
    found = {
        "url": f"{table.name}.csv",
        "dc:title": _in_languages(table.titles),
        "tableSchema": schema,
    }
    if table.descriptions:
        found["dc:description"] = _in_languages(table.descriptions)
    return found


def _column(column: Column, table: Table) -> dict[str, Any]:
    # Readers compare the header of the file, which has the names, with the titles.
    found: dict[str, Any] = {
        "name": column.name,
        "titles": {
            language: list(dict.fromkeys((title, column.name)))
            for language, title in column.titles.items()
        },
        "datatype": column.datatype,
    }
    if column.descriptions:
        found["dc:description"] = _in_languages(column.descriptions)
    if column is table.columns[0]:
        found["required"] = True
    if column.language:
        found["lang"] = column.language
    if column.property:
        found["propertyUrl"] = column.property
    elif table.about:
        found["suppressOutput"] = True
    if column.is_reference:
        found["valueUrl"] = f"{{+{column.name}}}"
    return found


def _in_languages(texts: Texts) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


#: The type of a column by its datatype; that of others is TEXT.
_TYPES: Final = {
    "integer": "INTEGER",
    "boolean": "INTEGER",
    "decimal": "NUMERIC",
    "double": "NUMERIC",
}


def write_sqlite(tables: Sequence[Table], path: Path) -> None:
    """Write the tables to a new SQLite file; the same tables and SQLite give the same bytes."""
    with closing(sqlite3.connect(path)) as database:
        # The file is new and gets its name when it is complete: there is nothing to roll back to.
        database.execute("PRAGMA journal_mode = OFF")
        # A full temporary folder would be reported as that of the release.
        database.execute("PRAGMA temp_store = MEMORY")
        for table in tables:
            _write(database, table)
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
            [
                int(cell in ("true", "1")) if flag and cell is not None else cell
                for cell, flag in zip(row, booleans, strict=True)
            ]
            for row in table.rows
        ),
    )
    for column in references:
        if column is not table.columns[0]:
            index = _quoted(f"index_{table.name}_{column.name}")
            database.execute(
                f"CREATE INDEX {index} ON {_quoted(table.name)} ({_quoted(column.name)})"
            )


def _quoted(name: str) -> str:
    return f'"{name}"'
