"""CSV files of tables, and their metadata by CSV on the Web (W3C Recommendation, 2015)."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from g60kg.export.release.dataset_description import LICENCE, TITLES
from g60kg.export.release.tables import RESOURCE, Column, Table, Texts
from g60kg.namespaces import A

#: The name under which readers look for metadata in the folder of a CSV file.
METADATA: Final = "csv-metadata.json"


def write_csv_files(tables: Sequence[Table], folder: Path) -> None:
    """Write a CSV file for each table, and the metadata of all."""
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
            for column in table.columns
            if column.is_reference and table.name != RESOURCE
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
