"""RDF files of any size, read piece by piece, each held to the bounds before a parser has it.

The native parsers overflow their stack on what nests too deep, and end the whole process. So each
piece is looked at when the parser asks for it: memory stays flat, and one pass is enough.
"""

from __future__ import annotations

import gzip
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import RdfFormat

from g60kg.errors import UnreadableInput
from g60kg.rdf.input_limits import MAX_LINE, PIECE
from g60kg.rdf.nesting_limits import BracketCount, XmlCount

_LINES: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class BoundedFile:
    """A file's bytes as a parser asks for them, unpacked where its name ends in ``.gz``.

    Args:
        path: the file.
        rdf_format: what is in it; tells what nests and what does not.
        tell: called with the bytes taken from disk so far, each time there are more.

    Raises:
        UnreadableInput: no such file, no right to read it, cut short, too deep, no UTF-8; raised
            by the constructor or out of :meth:`read`, and so out of the parser that reads.
    """

    def __init__(
        self,
        path: Path,
        rdf_format: RdfFormat,
        tell: Callable[[int], None] | None = None,
    ) -> None:
        self._name = str(path)
        self._tell = tell
        self._whole_lines = rdf_format not in (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
        self._count: BracketCount | XmlCount = (
            XmlCount()
            if rdf_format == RdfFormat.RDF_XML
            else BracketCount(json=rdf_format == RdfFormat.JSON_LD, by_line=rdf_format in _LINES)
        )
        try:
            if not stat.S_ISREG(mode := path.stat().st_mode):
                reason = "is a directory" if stat.S_ISDIR(mode) else "not a file"
                raise UnreadableInput(reason, file=self._name)
            self._raw = path.open("rb")
        except OSError as error:
            raise self._failed(error) from None
        packed = self._name.lower().endswith(".gz")
        self._stream = cast(IO[bytes], gzip.GzipFile(fileobj=self._raw)) if packed else self._raw
        self._rest = b""
        self._ready = b""
        self._at = 0
        self._lines = 0
        self._began = self._ended = False

    def close(self) -> None:
        """Gives the file back."""
        self._raw.close()

    def read(self, size: int) -> bytes:
        """The next bytes, at most that many; none at the end."""
        while self._at >= len(self._ready):
            if self._ended:
                return b""
            self._ready, self._at = self._next(), 0
        # A parser that gets more than it asked for ends the process.
        given = self._ready[self._at : self._at + size]
        self._at += len(given)
        return given

    def _next(self) -> bytes:
        piece = self._whole(self._rest)
        if not self._began:
            self._began = True
            if piece.startswith(_UTF_16):
                raise self._refused("UTF-16, not UTF-8", 0, piece)
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in piece:
            raise self._refused("a NUL character", piece.index(b"\0"), piece)
        excess = self._count.of(piece, last=self._ended)
        if excess is not None:
            raise self._refused(excess.reason, excess.offset, piece)
        self._lines += piece.count(b"\n")
        return piece

    def _whole(self, piece: bytes) -> bytes:
        """What was left and what comes next, up to the end of a line where lines matter."""
        pieces = [piece]
        length = len(piece)
        while True:
            taken = self._take()
            if not taken:
                self._ended = True
                self._rest = b""
                # The parser cuts short a name with an escape that ends a text.
                return b"".join((*pieces, b"\n"))
            length += len(taken)
            if not self._whole_lines:
                pieces.append(taken)
                return b"".join(pieces)
            if end := taken.rfind(b"\n") + 1:
                self._rest = taken[end:]
                return b"".join((*pieces, taken[:end]))
            pieces.append(taken)
            if length > MAX_LINE:
                whole = b"".join(pieces)
                raise self._refused(f"a line longer than {MAX_LINE:,} bytes", 0, whole)

    def _take(self) -> bytes:
        try:
            taken = self._stream.read(PIECE)
            if self._tell is not None:
                self._tell(self._raw.tell())
        except gzip.BadGzipFile:
            reason = "not a gzip file, though its name ends in .gz"
            raise UnreadableInput(reason, file=self._name) from None
        except (OSError, EOFError, zlib.error) as error:
            raise self._failed(error) from None
        return taken

    def _failed(self, error: Exception) -> UnreadableInput:
        reason = getattr(error, "strerror", None) or "cut short"
        return UnreadableInput(reason[0].lower() + reason[1:], file=self._name)

    def _refused(self, reason: str, offset: int, piece: bytes) -> UnreadableInput:
        """The error at an offset of the piece; one before its start has no column to tell."""
        before = piece[: max(offset, 0)]
        line = self._lines + before.count(b"\n") + 1
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode(errors="replace")) + 1
        known = self._whole_lines and offset >= 0
        return UnreadableInput(reason, file=self._name, line=line, column=column if known else None)
