"""Where a command's output goes, and in which format."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TextIO, TypeVar

import typer

from g60kg.errors import UsageError
from g60kg.formats import RDF, ROWS, suffix
from g60kg.rdf.atomic_output import writing
from g60kg.rdf.text_excerpt import excerpt


class RowFormat(StrEnum):
    """The formats of rows."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    MD = "md"
    HTML = "html"


class GraphFormat(StrEnum):
    """The formats of what CONSTRUCT and DESCRIBE give."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


class ExportFormat(StrEnum):
    """The formats of an export."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    CSV = "csv"


class ReportFormat(StrEnum):
    """The formats of a report."""

    TEXT = "text"
    TABLE = "table"
    JSON = "json"
    TURTLE = "turtle"
    JUNIT = "junit"
    SARIF = "sarif"


class TurtleOnly(StrEnum):
    """The format of a command that writes no other."""

    TURTLE = "turtle"


#: The extensions of a report, some of which mean another format elsewhere.
REPORT_EXTENSIONS: Final[Mapping[str, str]] = {
    ".txt": "text",
    ".json": "json",
    ".ttl": "turtle",
    ".xml": "junit",
    ".sarif": "sarif",
}
#: Where an extension is of two formats, that of rows counts.
EXTENSIONS: Final[Mapping[str, str]] = {
    end: each.name for each in (*RDF, *ROWS) for end in each.suffixes
}

#: The option that keeps a spreadsheet from running what text of others says.
EscapeFormulas = Annotated[
    bool,
    typer.Option(
        "--escape-formulas",
        help="For a spreadsheet: an apostrophe before text that it takes for a formula (csv, tsv).",
    ),
]

Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen_format(
    formats: type[Chosen],
    asked: str | None,
    output: Path | None,
    default: Chosen,
    what: str,
    extensions: Mapping[str, str] = EXTENSIONS,
) -> Chosen:
    """The format asked for with ``-f``, else the one the output's extension names, else a default.

    Raises:
        UsageError: a format that this kind of result has not, or an unknown extension.
    """
    extension = suffix(output) if output is not None else ""
    named = asked or extensions.get(extension)
    if named is None:
        if not extension:
            return default
        known = " ".join(end for end, name in extensions.items() if name in set(formats))
        otherwise = ", or give the format with -f" if len(formats) > 1 else ""
        raise UsageError(
            f"{excerpt(str(output))}: {excerpt(extension, 20)} is no extension of a format.",
            hint=f"Use one of {known}{otherwise}.",
        )
    try:
        return formats(named)
    except ValueError:
        known = ", ".join(formats)
        raise UsageError(
            f"{what} cannot be written as {excerpt(named)}.", hint=f"Formats: {known}."
        ) from None


@contextmanager
def text_output(path: Path | None, *, escape: bool = True) -> Iterator[TextIO]:
    """Open a UTF-8 text stream to a file or stdout; see :func:`g60kg.rdf.atomic_output.writing`."""
    with writing(path, escape=escape) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        try:
            yield text
            text.flush()
        finally:
            # The bytes below are the caller's to close; a failed flush must not fail twice.
            try:
                text.detach()
            except (OSError, ValueError):
                stream.close()
