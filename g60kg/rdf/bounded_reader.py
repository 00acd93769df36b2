"""Reader of RDF files of any size that checks the limits of each piece before parsing.

The native parsers overflow their stack on deep nesting, which ends the process. A piece
is about 1 MiB; except in JSON-LD and RDF/XML, it ends at a line end, and is larger if a
line is. It is checked when the parser requests it, in one pass.
"""

import gzip
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat

from g60kg.errors import UnreadableInput
from g60kg.rdf.input_limits import MAX_LINE, PIECE
from g60kg.rdf.nesting_limits import limit_check
from g60kg.rdf.rdf_files import file_errors


class BoundedFile:
    """A binary file for a parser, decompressed if its name ends in ``.gz``.

    Attributes:
        length: the number of decompressed bytes read so far.

    Raises:
        UnreadableInput: the file is missing, not readable, truncated, beyond a limit, UTF-16, or
            has a NUL character; raised by the constructor or by :meth:`read`.
    """

    def __init__(
        self, path: Path, rdf_format: RdfFormat, progress: Callable[[int], None] | None = None
    ) -> None:
        self._name = str(path)
        self._progress = progress
        self._whole_lines = rdf_format not in (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
        self._count = limit_check(rdf_format)
        with file_errors(self._name):
            if not stat.S_ISREG(mode := path.stat().st_mode):
                reason = "is a directory" if stat.S_ISDIR(mode) else "not a file"
                raise UnreadableInput(reason, file=self._name)
            self._raw = path.open("rb")
        packed = self._name.lower().endswith(".gz")
        self._stream = cast(IO[bytes], gzip.GzipFile(fileobj=self._raw)) if packed else self._raw
        self._rest = b""
        self._ready = b""
        self._at = 0
        self._lines = 0
        self.length = 0
        self._began = self._ended = False

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes; no bytes at the end of the file."""
        while self._at >= len(self._ready):
            if self._ended:
                return b""
            self._ready, self._at = self._next(), 0
        # More bytes than requested would end the process.
        given = self._ready[self._at : self._at + size]
        self._at += len(given)
        return given

    def _next(self) -> bytes:
        piece = self._read_piece()
        if not self._began:
            self._began = True
            if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise self._refused("UTF-16, not UTF-8", 0, piece)
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in piece:
            raise self._refused("a NUL character", piece.index(b"\0"), piece)
        excess = self._count.of(piece, last=self._ended)
        if excess is not None:
            raise self._refused(excess.reason, excess.offset, piece)
        self._lines += piece.count(b"\n")
        self.length += len(piece)
        return piece

    def _read_piece(self) -> bytes:
        """Return the next bytes: complete lines, but not in JSON-LD and RDF/XML."""
        pieces = [self._rest]
        length = len(self._rest)
        while True:
            taken = self._take()
            if not taken:
                self._ended = True
                self._rest = b""
                # The parser truncates a name that ends the text with an escape.
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
                line = b"".join(pieces)
                raise self._refused(f"a line longer than {MAX_LINE:,} bytes", 0, line)

    def _take(self) -> bytes:
        with file_errors(self._name):
            taken = self._stream.read(PIECE)
            if self._progress is not None:
                self._progress(self._raw.tell())
        return taken

    def _refused(self, reason: str, offset: int, piece: bytes) -> UnreadableInput:
        before = piece[: max(offset, 0)]
        line = self._lines + before.count(b"\n") + 1
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode(errors="replace")) + 1
        known = self._whole_lines and offset >= 0
        return UnreadableInput(reason, file=self._name, line=line, column=column if known else None)
