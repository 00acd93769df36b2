"""Output files: replaced atomically, or written directly if they are pipes or devices.

Also messages for errors of the folder for temporary files, which name that folder, not the output.
"""

from __future__ import annotations

import codecs
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TextIO, cast

from g60kg.errors import G60kgError, OutputFailure, UsageError
from g60kg.rdf.file_permissions import Permissions, give_new_permissions, give_permissions
from g60kg.rdf.text_excerpt import escaped

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: Characters of a file's name that its temporary file repeats: names have a maximum length.
_PREFIX: Final = 40


@contextmanager
def writing(path: str | Path | None, *, escape: bool = True) -> Iterator[IO[bytes]]:
    """Open a binary stream to a file that is written completely or not at all.

    With None as path, the stream is stdout. On a terminal, control characters are escaped unless
    ``escape`` is false.

    The bytes go to a temporary file, which replaces the target if the block ends without an
    error. A symbolic link is followed. The new file has the permissions, and where possible the
    owner, of the one it replaces. A pipe or a device is written directly. A file whose name ends in
    ``.gz`` is compressed.

    Raises:
        OutputFailure: the file cannot be written.
    """
    if path is None:
        escaping = _Escaping() if escape and sys.stdout.isatty() else None
        stream = io.BufferedWriter(escaping) if escaping else sys.stdout.buffer
        yield stream
        stream.flush()
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    try:
        place = _link_target(target)
        descriptor = _open_directly(place)
    except OSError as error:
        raise OutputFailure(f"{target}: {error.strerror}") from None
    opened = _replacing(target, place) if descriptor is None else _direct(target, descriptor)
    with opened as file, _compressed(file, target) as out:
        yield out


@contextmanager
def _compressed(out: IO[bytes], target: Path) -> Iterator[IO[bytes]]:
    """Yield a stream to ``out``, which compresses if the name of ``target`` ends in ``.gz``.

    The gzip header has neither name nor time, so that the same content gives the same bytes.
    """
    if target.suffix.lower() != ".gz":
        yield out
        return
    import gzip

    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as stream:
        yield cast(IO[bytes], stream)


def check_not_input(output: Path | None, inputs: Iterable[Path | None]) -> None:
    """Raise UsageError if the output is also one of the input files; None values are ignored."""
    if output is None or not output.is_file():
        return
    for path in inputs:
        with suppress(OSError):
            if path is not None and output.samefile(path):
                raise UsageError(
                    f"{output} is an input of this command and would be overwritten.",
                    hint="Give another path with -o.",
                )


def _link_target(target: Path) -> Path:
    place = target
    for _ in range(40):
        if _own_descriptor(place) is not None or not place.is_symlink():
            break
        place = place.parent / place.readlink()
    return place


def _own_descriptor(place: Path) -> int | None:
    """Return this process's file descriptor that a path like ``/dev/fd/1`` names, or None."""
    own = ("/dev/fd", f"/proc/{os.getpid()}/fd")
    if place.name.isdecimal() and os.path.realpath(place.parent) in own:
        return int(place.name)
    return None


def _open_directly(place: Path) -> int | None:
    """Open a pipe, a device or ``/dev/fd/1``; return None for another file or a new path.

    Raise OutputFailure for a folder.
    """
    if (own := _own_descriptor(place)) is not None:
        # Opening the path again would overwrite the file from its start.
        return os.dup(own)
    try:
        kind = place.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISREG(kind):
        return None
    if stat.S_ISDIR(kind):
        raise OutputFailure(f"{place} is a folder.", hint="Give the path of a file.")
    return os.open(place, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))


class _Escaping(io.RawIOBase):
    """Standard output to a terminal, with control characters escaped."""

    def __init__(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        # Holds back a carriage return until it is known whether a line feed follows.
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=False)

    def writable(self) -> bool:
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        text = self._decoder.decode(bytes(content)).replace("\r\n", "\n")
        sys.stdout.buffer.write(escaped(text).encode())
        return len(memoryview(content).cast("B"))


class _Output(io.FileIO):
    """An open file whose errors name its path."""

    def __init__(self, descriptor: int, target: Path, partial_note: str = "") -> None:
        super().__init__(descriptor, "wb")
        self.target = target
        self.partial_note = partial_note
        self.written = False
        self.stopped = False

    def write(self, content: ReadableBuffer, /) -> int:
        if self.stopped:
            return len(memoryview(content).cast("B"))
        with _output_errors(self.target, self.partial_note if self.written else ""):
            length = super().write(content)
        self.written = self.written or length > 0
        return length


@contextmanager
def _output_errors(target: Path, note: str = "") -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailure(f"{target}: {error.strerror}{note}") from None


@contextmanager
def _buffered(file: _Output) -> Iterator[IO[bytes]]:
    stream = io.BufferedWriter(file)
    try:
        yield stream
        stream.flush()
    finally:
        file.stopped = True
        with suppress(OSError, ValueError):
            stream.close()


@contextmanager
def _direct(target: Path, descriptor: int) -> Iterator[IO[bytes]]:
    """Yield a stream to an open descriptor, where bytes written before an error remain."""
    file = _Output(descriptor, target, "; it has partial output")
    try:
        with _buffered(file) as stream:
            yield stream
    except OutputFailure:
        raise
    except G60kgError as error:
        if file.written:
            error.message += f" {target} has partial output."
        raise


@contextmanager
def _replacing(target: Path, place: Path) -> Iterator[IO[bytes]]:
    import tempfile

    try:
        prefix = _temporary_prefix(place, os.getpid())
        descriptor, temporary = tempfile.mkstemp(prefix=prefix, dir=place.parent)
    except OSError as error:
        raise _creation_error(target, place, error) from None
    partial = Path(temporary)
    _unfinished.add(partial)
    file = _Output(descriptor, target)
    try:
        with _buffered(file) as stream:
            yield stream
            stream.flush()
            with _output_errors(target):
                # By the descriptor: who owns the folder can put a link at the path.
                if place.exists():
                    give_permissions(file.fileno(), Permissions.of(place))
                else:
                    give_new_permissions(file.fileno(), place.parent)
                os.fsync(file.fileno())
        with _output_errors(target):
            partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
        _unfinished.discard(partial)


def _creation_error(target: Path, place: Path, error: OSError) -> OutputFailure:
    if isinstance(error, FileNotFoundError):
        return OutputFailure(
            f"{target}: there is no folder {place.parent}.",
            hint="Create the folder first, or give another path.",
        )
    if isinstance(error, PermissionError):
        return OutputFailure(
            f"{target}: the folder {place.parent} is not writable: {error.strerror}.",
            hint="A new file is written there and replaces the old one. Give another path.",
        )
    return OutputFailure(f"{target}: {error.strerror}")


_unfinished: set[Path] = set()


def drop_unfinished() -> None:
    """Remove the temporary files of this process's unfinished outputs, before it ends."""
    for partial in tuple(_unfinished):
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def drop_unfinished_of(process: int, output: Path | None) -> None:
    """Remove the temporary file of an output that another process, now ended, left unfinished."""
    if output is not None:
        place = _link_target(output)
        for partial in place.parent.iterdir():
            if partial.name.startswith(_temporary_prefix(place, process)):
                partial.unlink(missing_ok=True)


def _temporary_prefix(place: Path, process: int) -> str:
    return f".{place.name[:_PREFIX]}.{process}."


@contextmanager
def in_temporary_folder() -> Iterator[None]:
    """Run a block that writes to the temporary folder; raise system errors as OutputFailure."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # an error of the engine about a file of the store
            raise
        import tempfile

        # If no folder is usable, tempfile.gettempdir() fails too.
        place = tempfile.tempdir or "(none found)"
        raise OutputFailure(
            f"Temporary folder {place}: {error.strerror or error}.",
            hint="Set the variable TMPDIR to a writable folder with more free space.",
        ) from None


def discard(stream: TextIO) -> None:
    """Discard what a stream has in its buffer, and all its later output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
