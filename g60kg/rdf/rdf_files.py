"""Reading of text and RDF files; errors have line and column."""

from __future__ import annotations

import os
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pyoxigraph import Quad, parse

from g60kg.errors import UnreadableInput
from g60kg.formats import rdf_format_of, suffix
from g60kg.rdf.input_limits import MAX_INPUT_BYTES, MAX_TERMS
from g60kg.rdf.text_excerpt import excerpt

if TYPE_CHECKING:
    import gzip


def read_bytes(path: str | Path, limit: int = MAX_INPUT_BYTES, *, pipes: bool = False) -> bytes:
    """Return the bytes of a file, decompressed if its name ends in ``.gz``.

    Raises:
        UnreadableInput: unreadable, over ``limit`` bytes, or a pipe or device without ``pipes``.
    """
    name = str(path)
    with file_errors(name):
        # Opening a pipe without a writer would block.
        mode = Path(path).stat().st_mode
        if not (pipes or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UnreadableInput("not a file but a pipe, a socket or a device", file=name)
        with Path(path).open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > limit:
                raise _too_large(name, limit)
            if not name.lower().endswith(".gz"):
                return _up_to(stream, limit, name)
            import gzip

            with gzip.open(stream) as unpacked:
                return _up_to(unpacked, limit, name)


@contextmanager
def file_errors(name: str) -> Iterator[None]:
    """Run a block that reads a file; raise its system and gzip errors as UnreadableInput."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        from gzip import BadGzipFile

        if isinstance(error, BadGzipFile):
            reason = "not a gzip file, though its name ends in .gz"
        else:
            reason = getattr(error, "strerror", None) or "truncated"
        raise UnreadableInput(reason[0].lower() + reason[1:], file=name) from None


def _up_to(stream: IO[bytes] | gzip.GzipFile, limit: int, name: str) -> bytes:
    """Return the content of a stream; raise UnreadableInput if it has more bytes than the limit."""
    content = bytearray()
    # A single read would reserve memory for as much as the limit.
    while piece := stream.read(min(1 << 20, limit + 1 - len(content))):
        content += piece
    if len(content) > limit:
        raise _too_large(name, limit)
    return bytes(content)


def _too_large(name: str, limit: int) -> UnreadableInput:
    return UnreadableInput(f"larger than {limit:,} bytes", file=name)


def decoded_text(content: bytes, file: str) -> str:
    """Return UTF-8 bytes as text, without a BOM; raise UnreadableInput if invalid or with a NUL."""
    encoding_hint = "Save the file as UTF-8 and try again."
    if suffix(file) in (".csv", ".tsv"):
        encoding_hint = "Save the file as UTF-8 and try again; in Excel with Save As, CSV UTF-8."
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
        # In UTF-16 without a byte order mark, each second byte of ASCII text is a NUL.
        hint = encoding_hint if text.count("\0", 0, 40) > 10 else None
        raise UnreadableInput("a NUL character", file=file, line=line, column=column, hint=hint)
    return text


#: The first bytes of .xlsx and other zip archives, and of .xls.
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def position(text: str, offset: int) -> tuple[int, int]:
    r"""Return line and column of an offset, both from 1, in code points.

    >>> position("ab\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def read_text(path: str | Path, limit: int = MAX_INPUT_BYTES, *, pipes: bool = False) -> str:
    """Return the text of a UTF-8 file, or pipe if ``pipes``; raise UnreadableInput on failure."""
    return decoded_text(read_bytes(path, limit, pipes=pipes), str(path))


def read_rdf(path: str | Path) -> list[Quad]:
    """Return the quads of an RDF file, whose extension names the format.

    Errors are those of :func:`read_text` and :func:`parse_rdf`.
    """
    rdf_format_of(path)
    return parse_rdf(decoded_text(read_bytes(path), str(path)), path)


def parse_rdf(text: str, path: str | Path, most: int | None = None) -> list[Quad]:
    """Return the quads of a text, in order, in the format of the path's extension.

    Nothing is fetched: a JSON-LD context must be in the text itself. Blank nodes get new labels.

    Raises:
        UsageError: the extension names no RDF format.
        UnreadableInput: the text is invalid, beyond a limit, or has more than ``most`` quads.
    """
    # Imported here: its patterns take long to compile, and the shipped files need none.
    from g60kg.rdf.nesting_limits import excess_in

    name, rdf_format = str(path), rdf_format_of(path)
    if (excess := excess_in(text, rdf_format)) is not None:
        line, column = position(text, excess.offset)
        raise UnreadableInput(excess.reason, file=name, line=line, column=column)
    try:
        # The parser truncates a name that ends the text with an escape, unless a line feed follows.
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
        hint = "Split the file; or load it without checks, and validate the store afterwards."
        raise UnreadableInput(f"more than {most:,} statements", file=name, hint=hint)
    return quads


def _syntax_error(error: SyntaxError, text: str, name: str) -> UnreadableInput:
    message, line, column = str(error.msg), error.lineno, error.offset
    if "LoadDocumentCallback" in message or "remote context" in message:
        # The parser gives no position: use that of the first context that is an address.
        if found := _REMOTE.search(text):
            line, column = position(text, found.start("address"))
        reason = "a remote JSON-LD context; nothing is fetched"
        hint = "Put the context itself into the file."
    else:
        _, _, rest = message.partition(": ")
        reason = rest if message.startswith("Parser error") and rest else message
        hint = _RELATIVE_HINT if "No scheme found" in message else ""
    if line is not None and line > text.count("\n") + (not text.endswith("\n")):
        # For a position after the last line of a truncated file, use that of its last character.
        line, column = position(text, len(text.rstrip()))
    reason = excerpt(reason, LONGEST_REASON)
    return UnreadableInput(reason, file=name, line=line, column=column, hint=hint or None)


_REMOTE: Final = re.compile(r'"@(?:context|import)"\s*+:\s*+(?:\[[^"\]]*+)?(?P<address>")')
_RELATIVE_HINT: Final = (
    "Relative IRIs are not resolved: write the full IRI, or a CURIE with its prefix."
)
#: Characters of a parser message, which repeats the input it cannot read, however long.
LONGEST_REASON: Final = 300
