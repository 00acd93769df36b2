"""Output of commands: formats, files, standard streams."""

import datetime as dt
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer

from g60kg.cli.translation import translated
from g60kg.errors import UsageError
from g60kg.formats import CITATIONS, CSV, EXPORTS, GRAPHS, RDF, READING, ROWS, TURTLE, suffix
from g60kg.rdf.atomic_output import discard, writing
from g60kg.rdf.text_excerpt import excerpt, on_a_line, shortened, visible_json

#: The formats of each kind of output, the default one first.
ROW_FORMATS: Final = tuple(each.name for each in ROWS)
CITATION_FORMATS: Final = tuple(each.name for each in CITATIONS)
#: The formats of rows that only people read; the others have the columns of the contract.
READ_FORMATS: Final = ("table", *(each.name for each in READING))
ANSWER_FORMATS: Final = (*ROW_FORMATS, *CITATION_FORMATS)
GRAPH_FORMATS: Final = tuple(each.name for each in GRAPHS)
EXPORT_FORMATS: Final = tuple(each.name for each in EXPORTS)
REPORT_FORMATS: Final = ("text", "table", "json", "turtle", "junit", "sarif")
TURTLE_ONLY: Final = (TURTLE.name,)
CSV_ONLY: Final = (CSV.name,)
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
    end: each.name for each in (*RDF, *ROWS, *CITATIONS) for end in each.suffixes
}

#: Options of several commands.
EscapeFormulas = Annotated[
    bool,
    typer.Option(
        "--escape-formulas",
        help="Put an apostrophe before text that a spreadsheet evaluates as a formula (csv, tsv).",
    ),
]
ByteOrderMark = Annotated[
    bool, typer.Option("--bom", help="Begin with a byte order mark, for Excel (csv, tsv).")
]
Evidence = Annotated[
    bool, typer.Option("--evidence", help="Show the quotations that support each row.")
]
Accessed = Annotated[
    dt.datetime | None,
    typer.Option(
        "--accessed",
        metavar="YYYY-MM-DD",
        formats=["%Y-%m-%d"],
        help="The access date of citations (csl, bibtex, text); default: today.",
    ),
]
RowLimit = Annotated[int | None, typer.Option("--limit", min=0, help="The maximum number of rows.")]

#: The messages of the exit codes after Ctrl-C and SIGTERM, as a shell reports these.
SIGNALLED: Final = {130: "interrupted", 143: "terminated"}


class TextFormat(StrEnum):
    """The formats of commands that print text, or JSON for programs."""

    TEXT = "text"
    JSON = "json"


TextOrJson = Annotated[TextFormat, typer.Option("--format", "-f", help="The output format.")]


def format_option(formats: Sequence[str]) -> Any:
    """Return the option ``--format``, whose default is the first format."""
    text = f"The format; default: {formats[0]}."
    return typer.Option("--format", "-f", metavar=f"<{'|'.join(formats)}>", help=text)


def output_option(help_: str = "The output file; its extension names the format.") -> Any:
    """Return the option ``--output``; its value is None for ``-``, which is stdout."""
    return typer.Option("--output", "-o", help=help_, metavar="<file>", parser=_output_path)


def _output_path(name: str) -> Path | None:
    # A Path would drop the slash that says that a folder is meant; Path.is_dir raises an error for
    # a name that is too long, which the output reports.
    if name.endswith("/") or os.path.isdir(name):  # noqa: PTH112
        raise typer.BadParameter(f"{name} is a folder.")
    return None if name == "-" else Path(name)


def chosen_format(
    formats: Sequence[str],
    asked: str | None,
    output: Path | None,
    what: str,
    extensions: Mapping[str, str] = EXTENSIONS,
) -> str:
    """Return the format given with ``-f``, else by the output's extension, else the first one.

    Raises UsageError for a format that is not in ``formats``, or an unknown extension.
    """
    extension = suffix(output) if output is not None else ""
    named = asked or extensions.get(extension)
    if named is None:
        if not extension:
            return formats[0]
        known = " ".join(end for end, name in extensions.items() if name in formats)
        one_of = f"Use one of {known}, or give the format with -f."
        raise UsageError(
            f"{excerpt(str(output))}: no format has the extension {excerpt(extension, 20)}.",
            hint=one_of if len(formats) > 1 else f"Use one of {known}.",
        )
    if named not in formats:
        raise UsageError(
            f"{what} cannot be written as {excerpt(named)}.", hint=f"Formats: {', '.join(formats)}."
        )
    return named


@contextmanager
def text_output(path: Path | None, *, escape: bool = True) -> Iterator[TextIO]:
    """Open a UTF-8 text stream to a file, or to stdout if the path is None.

    See :func:`g60kg.rdf.atomic_output.writing` for files and ``escape``.
    """
    with writing(path, escape=escape) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
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
    """Replace standard streams that are closed, and let stdout escape what it cannot encode.

    Writing to a replaced stdout fails; a replaced stdin is empty, and output to a replaced stderr
    is discarded.
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
    """Print lines on stderr, translated to the language of the command line; shorten long ones."""
    write_stderr("".join(on_a_line(translated(shortened(line))) + "\n" for line in lines))


def write_stderr(text: str) -> None:
    """Write text to stderr without escaping it; errors of stderr are ignored."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def show(*lines: str) -> None:
    """Print lines of the result on stdout, each as one line."""
    for line in lines:
        print(on_a_line(line))


def show_json(value: object) -> None:
    """Print a value as indented JSON on stdout."""
    print(visible_json(json.dumps(value, ensure_ascii=False, indent=2)))
