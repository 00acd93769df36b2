"""Output of commands: formats, files, standard streams."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TextIO, TypeVar

import typer

from g60kg.errors import UsageError
from g60kg.formats import RDF, ROWS, suffix
from g60kg.rdf.atomic_output import writing
from g60kg.rdf.text_excerpt import excerpt, on_a_line, visible_json

#: Characters of a line on stderr.
_LONGEST_LINE: Final = 2_000


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
    """The formats of the results of CONSTRUCT and DESCRIBE."""

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
    """The format of a command that writes only Turtle."""

    TURTLE = "turtle"


#: The extensions of a report; some mean another format for other commands.
REPORT_EXTENSIONS: Final[Mapping[str, str]] = {
    ".txt": "text",
    ".json": "json",
    ".ttl": "turtle",
    ".xml": "junit",
    ".sarif": "sarif",
}
#: The format of each extension; formats of rows take precedence.
EXTENSIONS: Final[Mapping[str, str]] = {
    end: each.name for each in (*RDF, *ROWS) for end in each.suffixes
}

#: The option that prevents a spreadsheet from evaluating text as a formula.
EscapeFormulas = Annotated[
    bool,
    typer.Option(
        "--escape-formulas",
        help="Put an apostrophe before text that a spreadsheet evaluates as a formula (csv, tsv).",
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
    """Return the format given with ``-f``, else that of the output's extension, else the default.

    Raises:
        UsageError: the format does not apply to this kind of result, or the extension is unknown.
    """
    extension = suffix(output) if output is not None else ""
    named = asked or extensions.get(extension)
    if named is None:
        if not extension:
            return default
        known = " ".join(end for end, name in extensions.items() if name in set(formats))
        otherwise = ", or give the format with -f" if len(formats) > 1 else ""
        raise UsageError(
            f"{excerpt(str(output))}: no format has the extension {excerpt(extension, 20)}.",
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
            # The caller closes the binary stream; a failed flush must not fail twice.
            try:
                text.detach()
            except (OSError, ValueError):
                stream.close()


def prepare_streams() -> None:
    """Replace closed standard streams, and let stdout accept every character in any encoding.

    Otherwise the next opened file would get the descriptor of a closed stream, and ``print`` to a
    closed stderr would go to stdout. Writing to the replaced stdout fails; stdin is empty, and
    stderr is discarded.
    """
    for name, mode in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            # open() takes the lowest free descriptor: the closed one.
            descriptor = os.open(os.devnull, mode)
            kind = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(descriptor, kind, encoding="utf-8"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(*lines: str) -> None:
    """Print lines on stderr."""
    write_stderr("".join(excerpt(on_a_line(line), _LONGEST_LINE) + "\n" for line in lines))


def write_stderr(text: str) -> None:
    """Write text that needs no escaping to stderr; ignore a stderr that cannot be written."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Discard a stream's buffer, which would fail to be written at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def show(*lines: str) -> None:
    """Print lines of the answer on stdout."""
    for line in lines:
        print(on_a_line(line))


def show_json(value: object) -> None:
    """Print a value as JSON on stdout."""
    print(visible_json(json.dumps(value, ensure_ascii=False, indent=2)))
