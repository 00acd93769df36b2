"""Rules of CSV on the Web for a folder of CSV files with one metadata file.

Written from the W3C Recommendations "Metadata Vocabulary for Tabular Data" and "Model for Tabular
Data and Metadata on the Web" (2015), without code of the package.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

INHERITED = {
    "aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required",
    "separator", "textDirection", "valueUrl",
}  # fmt: skip
OF_GROUP = {"@context", "@id", "@type", "tables", "dialect", "notes", "tableDirection"}
OF_TABLE = {"@id", "@type", "url", "tableSchema", "dialect", "notes", "suppressOutput"}
OF_SCHEMA = INHERITED | {"@id", "@type", "columns", "foreignKeys", "primaryKey", "rowTitles"}
OF_COLUMN = INHERITED | {"@id", "@type", "name", "titles", "suppressOutput", "virtual"}
COMMON = re.compile(r"(dc|dcterms|dcat|schema|rdfs|skos):\w+")
NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.]*")
VARIABLE = re.compile(r"{\+?(\w+)}")
#: Lexical forms of the built-in datatypes that the files have.
FORMS = {
    "anyURI": r"[^\s<>\"{}|\\^`]+",
    "boolean": "true|false|1|0",
    "date": r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d\d:\d\d)?",
    "dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([Ee][+-]?\d+)?|-?INF|NaN",
    "gYear": r"-?\d{4,}(Z|[+-]\d\d:\d\d)?",
    "integer": r"[+-]?\d+",
    "string": r"[\s\S]*",
}


def problems(folder: Path) -> list[str]:
    """Return what breaks the rules, the most important first."""
    return list(_group(folder))


def _group(folder: Path) -> Iterator[str]:
    group = json.loads((folder / "csv-metadata.json").read_text("utf-8"))
    context = group["@context"]
    if context[0] != "http://www.w3.org/ns/csvw" or set(context[1]) - {"@language", "@base"}:
        yield f"context: {context}"
    yield from _unknown("group", group, OF_GROUP)
    tables = {table["url"]: table for table in group["tables"]}
    files = {path.name for path in folder.glob("*.csv")}
    if files != set(tables) or len(tables) != len(group["tables"]):
        yield f"files and tables differ: {files ^ set(tables)}"
    rows = {url: _rows(folder / url) for url in tables}
    for url, table in tables.items():
        for problem in _table(table, *rows[url]):
            yield f"{url}: {problem}"
        for key in table["tableSchema"].get("foreignKeys", ()):
            reference = key["reference"]
            header, cells = rows[url]
            others, target = rows[reference["resource"]]
            known = {row[others.index(reference["columnReference"])] for row in target}
            own = {row[header.index(key["columnReference"])] for row in cells}
            if "" in own:  # the validator of the library `csvw` refuses it
                yield f"{url}: {key['columnReference']} is a foreign key, and empty"
            if unknown := sorted(own - known - {""})[:3]:
                yield f"{url}: {key['columnReference']} refers to no row: {unknown}"


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream, strict=True)
    return header, rows


def _table(table: dict[str, Any], header: list[str], rows: list[list[str]]) -> Iterator[str]:
    schema = table["tableSchema"]
    yield from _unknown("table", table, OF_TABLE)
    yield from _unknown("schema", schema, OF_SCHEMA)
    columns = schema["columns"]
    real = [column for column in columns if not column.get("virtual")]
    names = [column["name"] for column in columns]
    if columns[: len(real)] != real:
        yield "a virtual column is before another one"
    if len(set(names)) < len(names) or not all(map(NAME.fullmatch, names)):
        yield f"names: {names}"
    if len(header) != len(real):
        yield f"{len(header)} cells in the header, {len(real)} columns"
    if {len(row) for row in rows} - {len(real)}:
        yield "a row has another number of cells"
    for template in (each for part in (schema, *columns) for each in _templates(part)):
        if set(VARIABLE.findall(template)) - set(names):
            yield f"{template} has a variable that is no column"
    key = schema["primaryKey"]
    keys = [row[header.index(key)] for row in rows]
    if len(set(keys)) < len(keys):
        yield f"{key} is not unique"
    for index, column in enumerate(real):
        yield from _column(column, header[index], [row[index] for row in rows])


def _column(column: dict[str, Any], heading: str, cells: list[str]) -> Iterator[str]:
    name, titles = column["name"], column["titles"]
    yield from _unknown(name, column, OF_COLUMN)
    if set(titles) != {"en", "zh"} or not all(text for each in titles.values() for text in each):
        yield f"{name}: titles {titles}"
    # A validator compares the titles in the file, of no language, with those of the metadata.
    if heading not in {text for each in titles.values() for text in each}:
        yield f"{name}: {heading} is none of its titles"
    if column.get("required") and "" in cells:
        yield f"{name}: required, and empty"
    form = re.compile(FORMS[column["datatype"]])
    wrong = [cell for cell in cells if cell and not form.fullmatch(cell)]
    if wrong:
        yield f"{name}: not {column['datatype']}: {wrong[:3]}"


def _templates(part: dict[str, Any]) -> Iterator[str]:
    return (part[name] for name in ("aboutUrl", "propertyUrl", "valueUrl") if name in part)


def _unknown(what: str, found: dict[str, Any], known: set[str]) -> Iterator[str]:
    unknown = [name for name in found if name not in known and not COMMON.fullmatch(name)]
    if unknown:
        yield f"{what}: unknown properties {unknown}"
