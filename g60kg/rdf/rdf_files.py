"""Reading files: decoded text, parsed RDF, or what is wrong and where."""

from __future__ import annotations

import gzip
import os
import re
import stat
import zlib
from itertools import islice
from pathlib import Path
from typing import IO, Final

from pyoxigraph import Quad, RdfFormat, parse

from g60kg.errors import UnreadableInput
from g60kg.formats import rdf_format_of, suffix
from g60kg.rdf.input_limits import MAX_INPUT_BYTES, MAX_TERMS, PIECE
from g60kg.rdf.nesting_limits import (
    Excess,
    excess_in_json,
    excess_in_turtle,
    excess_in_xml,
)
from g60kg.rdf.text_excerpt import excerpt


def read_bytes(path: str | Path, limit: int = MAX_INPUT_BYTES, *, pipes: bool = False) -> bytes:
    """The bytes of a file, unpacked when its name ends in ``.gz``.

    Args:
        path: the file.
        limit: the bytes that it may have, unpacked.
        pipes: whether what gives its bytes once, and maybe never, may be read too.

    Raises:
        UnreadableInput: no such file, a folder, no right to read it, or more than ``limit`` bytes.
    """
    name = str(path)
    try:
        # A pipe without a writer would be waited for at its opening.
        mode = Path(path).stat().st_mode
        if not (pipes or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UnreadableInput("not a file but a pipe, a socket or a device", file=name)
        with Path(path).open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > limit:
                raise _too_large(name, limit)
            if not name.lower().endswith(".gz"):
                return _up_to(stream, limit, name)
            with gzip.open(stream) as unpacked:
                return _up_to(unpacked, limit, name)
    except gzip.BadGzipFile:
        raise UnreadableInput("not a gzip file, though its name ends in .gz", file=name) from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "cut short"
        raise UnreadableInput(reason[0].lower() + reason[1:], file=name) from None


def _up_to(stream: IO[bytes] | gzip.GzipFile, limit: int, name: str) -> bytes:
    """What a stream gives, piece by piece: of too much, no more is held than the limit."""
    pieces: list[bytes] = []
    length = 0
    while piece := stream.read(PIECE):
        length += len(piece)
        if length > limit:
            raise _too_large(name, limit)
        pieces.append(piece)
    return b"".join(pieces)


def _too_large(name: str, limit: int) -> UnreadableInput:
    return UnreadableInput(f"larger than {limit:,} bytes", file=name)


def decode(content: bytes, file: str) -> str:
    """The UTF-8 text of those bytes, a byte order mark dropped.

    Raises:
        UnreadableInput: not UTF-8 (with line and column of the first wrong byte), or a NUL in it.
    """
    encoding_hint = _SHEET_HINT if suffix(file) in (".csv", ".tsv") else _ENCODING_HINT
    if content.startswith(_WORKBOOKS):
        raise UnreadableInput("a workbook or an archive, not text", file=file, hint=encoding_hint)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInput("UTF-16, not UTF-8", file=file, line=1, column=1, hint=encoding_hint)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = position(before, len(before))
        raise UnreadableInput(
            f"byte 0x{content[error.start]:02x} is not UTF-8",
            file=file,
            line=line,
            column=column,
            hint=encoding_hint,
        ) from None
    if "\0" in text:
        line, column = position(text, text.index("\0"))
        # In UTF-16 without its mark, each second byte of ASCII text is a NUL.
        hint = encoding_hint if text.count("\0", 0, 40) > 10 else None
        raise UnreadableInput("a NUL character", file=file, line=line, column=column, hint=hint)
    return text


_ENCODING_HINT: Final = "Save the file as UTF-8 and try again."
_SHEET_HINT: Final = "Save the file as UTF-8 and try again; in Excel with Save As, CSV UTF-8."
#: How .xlsx and other zip archives begin, and .xls.
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def position(text: str, offset: int) -> tuple[int, int]:
    r"""Line and column of an offset, both from 1, in code points.

    >>> position("ab\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def read_text(path: str | Path, limit: int = MAX_INPUT_BYTES, *, pipes: bool = False) -> str:
    """The text of a UTF-8 file; raises UnreadableInput as :func:`read_bytes` and :func:`decode`."""
    return decode(read_bytes(path, limit, pipes=pipes), str(path))


def read_rdf(path: str | Path) -> list[Quad]:
    """The quads of an RDF file, its format taken from its extension.

    Raises:
        UsageError: an extension that names no RDF format.
        UnreadableInput: unreadable bytes, or a syntax error with its line and column.
    """
    rdf_format_of(path)
    return parse_rdf(decode(read_bytes(path), str(path)), path)


def parse_rdf(text: str, path: str | Path, most: int | None = None) -> list[Quad]:
    """The quads of a text, in the order in which the parser finds them.

    Nothing is fetched: a JSON-LD context must stand in the file itself. Relative IRIs are errors.

    Args:
        text: the file's text.
        path: the file; its extension names the format.
        most: quads that it may have; None for any number.

    Raises:
        UsageError, UnreadableInput: as :func:`read_rdf`, or more quads than ``most``.
    """
    name, rdf_format = str(path), rdf_format_of(path)
    if (excess := _excess(text, rdf_format)) is not None:
        line, column = position(text, excess.offset)
        raise UnreadableInput(excess.reason, file=name, line=line, column=column)
    try:
        # The parser cuts short a name with an escape that ends the text; a line feed prevents it.
        parser = parse(text + "\n", format=rdf_format, rename_blank_nodes=True)
        quads = []
        left = MAX_TERMS + len(text)
        for quad in islice(parser, None if most is None else most + 1):
            left -= len(str(quad))
            if left < 0:
                reason = f"larger than {MAX_TERMS + len(text):,} characters with prefixes expanded"
                raise UnreadableInput(reason, file=name)
            quads.append(quad)
    except MemoryError:
        raise UnreadableInput("a literal too long for the parser", file=name) from None
    except SyntaxError as error:
        raise _syntax_error(error, text, name) from None
    if most is not None and len(quads) > most:
        raise UnreadableInput(f"more than {most:,} statements", file=name, hint=_SPLIT_HINT)
    return quads


def _excess(text: str, rdf_format: RdfFormat) -> Excess | None:
    if rdf_format == RdfFormat.RDF_XML:
        return excess_in_xml(text)
    return excess_in_json(text) if rdf_format == RdfFormat.JSON_LD else excess_in_turtle(text)


def _syntax_error(error: SyntaxError, text: str, name: str) -> UnreadableInput:
    message, line, column = str(error.msg), error.lineno, error.offset
    if "LoadDocumentCallback" in message or "remote context" in message:
        # The parser does not say where: at the first context that is an address.
        if found := _REMOTE.search(text):
            line, column = position(text, found.start("address"))
        reason = "a JSON-LD context from elsewhere; nothing is fetched"
        hint = _CONTEXT_HINT
    else:
        _, _, rest = message.partition(": ")
        reason = rest if message.startswith("Parser error") and rest else message
        hint = _RELATIVE_HINT if "No scheme found" in message else ""
    if line is not None and line > text.count("\n") + (not text.endswith("\n")):
        # Past the last line, where a file breaks off: after its last character.
        line, column = position(text, len(text.rstrip()))
    reason = excerpt(reason, _LONGEST_REASON)
    return UnreadableInput(reason, file=name, line=line, column=column, hint=hint or None)


_REMOTE: Final = re.compile(r'"@(?:context|import)"\s*+:\s*+(?:\[[^"\]]*+)?(?P<address>")')
_CONTEXT_HINT: Final = "Put the context itself into the file."
_SPLIT_HINT: Final = (
    "Split the file; or load it, which checks nothing, and validate the store afterwards."
)
_RELATIVE_HINT: Final = (
    "Relative IRIs mean nothing here: write the whole IRI, or a CURIE with its prefix."
)
#: Characters of what the parser says: it repeats what it cannot read, however long.
_LONGEST_REASON: Final = 300
