"""Where a command's output goes, and in which format."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TextIO, TypeVar

from g60kg.errors import UsageError
from g60kg.files import suffix
from g60kg.outfile import writing


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


EXTENSIONS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".srj": "json",
    ".xml": "xml",
    ".srx": "xml",
    ".md": "md",
    ".html": "html",
    ".txt": "table",
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".jsonld": "jsonld",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
}

Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen_format(
    formats: type[Chosen], asked: str | None, output: Path | None, default: Chosen, what: str
) -> Chosen:
    """The format asked for with ``-f``, else the one the output's extension names, else a default.

    Raises:
        UsageError: a format that this kind of result has not.
    """
    named = asked or (EXTENSIONS.get(suffix(output)) if output is not None else None)
    if named is None:
        return default
    try:
        return formats(named)
    except ValueError:
        known = ", ".join(formats)
        raise UsageError(
            f"{what} cannot be written as {named}.", hint=f"Formats: {known}."
        ) from None


@contextmanager
def text_output(path: Path | None) -> Iterator[TextIO]:
    """A UTF-8 text stream to a file that appears whole or not at all, or to stdout."""
    with writing(path) as stream:
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
