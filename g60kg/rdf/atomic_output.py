"""Output files: replaced atomically, or written directly if they are pipes or devices."""

from __future__ import annotations

import codecs
import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from g60kg.errors import G60kgError, OutputFailure, UsageError
from g60kg.rdf.text_excerpt import escaped

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_MOST_LINKS: Final = 40
#: Where Linux keeps the rights of users and groups by name, those of a folder's new files too.
_ACLS: Final = ("system.posix_acl_access", "system.posix_acl_default")
#: Characters of a file's name that its temporary file has too: names have a greatest length.
_PREFIX: Final = 40


@contextmanager
def writing(path: str | Path | None, *, escape: bool = True) -> Iterator[IO[bytes]]:
    """A binary stream to a file that appears whole or not at all; to stdout when path is None.

    On a terminal, characters that act on it are escaped unless ``escape`` is false.

    The bytes go to a temporary file beside the target, which takes its place when the block ends
    without an error; otherwise it is removed and what stood there stays. A symbolic link is
    followed. The new file has the permissions, and where possible the owner, of the one it
    replaces. What is not a regular file (a pipe, a device) is opened and written as it is.
    The content of a file whose name ends in ``.gz`` is compressed.

    Raises:
        OutputFailure: the folder is missing or not writable, or the disk is full.
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
        place = _led_to(target)
        descriptor = _opened_straight(place)
    except OSError as error:
        raise OutputFailure(f"{target}: {error.strerror}") from None
    if descriptor is None:
        with _replacing(target, place) as stream, _packed(stream, target) as out:
            yield out
    else:
        with _straight(target, descriptor) as stream, _packed(stream, target) as out:
            yield out


@contextmanager
def _packed(out: IO[bytes], target: Path) -> Iterator[IO[bytes]]:
    """The stream to write to for a file of that name: gzip where it ends in ``.gz``.

    The file's name and the time are left out of the header, so that the bytes stay the same.
    """
    if target.suffix.lower() != ".gz":
        yield out
        return
    import gzip

    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as stream:
        yield cast(IO[bytes], stream)


def check_apart(output: Path | None, inputs: Iterable[Path | None]) -> None:
    """Does nothing where the output is none of the files that are read.

    Raises:
        UsageError: it is one of them, by whatever name or link.
    """
    if output is None or not output.is_file():
        return
    for path in inputs:
        with suppress(OSError):
            if path is not None and output.samefile(path):
                raise UsageError(
                    f"{output} is an input of this command and would be overwritten.",
                    hint="Give another path with -o.",
                )


def _led_to(target: Path) -> Path:
    """What a path leads to by symbolic links, be it there or not; a link that is one too many."""
    place = target
    for _ in range(_MOST_LINKS):
        if _own_descriptor(place) is not None or not place.is_symlink():
            break
        place = place.parent / place.readlink()
    return place


def _own_descriptor(place: Path) -> int | None:
    """The number of this process's open file that a path like ``/dev/fd/1`` stands for."""
    own = ("/dev/fd", f"/proc/{os.getpid()}/fd")
    if place.name.isdecimal() and os.path.realpath(place.parent) in own:
        return int(place.name)
    return None


def _opened_straight(place: Path) -> int | None:
    """An open descriptor where nothing may be put in a place; None for a file, or nothing yet."""
    if (own := _own_descriptor(place)) is not None:
        # Opened anew, it would be written from its start, over what stands in it.
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
    """Standard output to a terminal, on which text of others does not act."""

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
    """An open file whose errors name it; knows whether it was written to, and can be stopped."""

    def __init__(self, descriptor: int, target: Path, stays: str = "") -> None:
        super().__init__(descriptor, "wb")
        self.target = target
        self.stays = stays
        self.written = False
        self.stopped = False

    def write(self, content: ReadableBuffer, /) -> int:
        if self.stopped:
            return len(memoryview(content).cast("B"))
        with _naming(self.target, self.stays if self.written else ""):
            length = super().write(content)
        self.written = self.written or length > 0
        return length


@contextmanager
def _naming(target: Path, stays: str = "") -> Iterator[None]:
    """Runs a block whose errors are those of the target; any other error has another cause."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailure(f"{target}: {error.strerror}{stays}") from None


@contextmanager
def _buffered(file: _Output) -> Iterator[IO[bytes]]:
    """A stream to a file; after an error, what is in the buffer goes nowhere."""
    stream = io.BufferedWriter(file)
    try:
        yield stream
        stream.flush()
    finally:
        file.stopped = True
        with suppress(OSError, ValueError):
            stream.close()


@contextmanager
def _straight(target: Path, descriptor: int) -> Iterator[IO[bytes]]:
    """A stream to what is open already: what was written before an error stays written."""
    file = _Output(descriptor, target, _STAYS)
    try:
        with _buffered(file) as stream:
            yield stream
    except OutputFailure:
        raise
    except G60kgError as error:
        if file.written:
            error.message += f" What was written to {target} before stays."
        raise


_STAYS: Final = "; what was written to it before stays"


@contextmanager
def _replacing(target: Path, place: Path) -> Iterator[IO[bytes]]:
    """A stream to a temporary file that takes the place that the target leads to."""
    try:
        descriptor, temporary = tempfile.mkstemp(
            prefix=f".{place.name[:_PREFIX]}.", dir=place.parent
        )
    except OSError as error:
        raise _unmade(target, place, error) from None
    partial = Path(temporary)
    _unfinished.add(partial)
    file = _Output(descriptor, target)
    try:
        with _buffered(file) as stream:
            yield stream
            stream.flush()
            with _naming(target):
                if place.exists():
                    keep_rights(partial, place)
                else:
                    umask = os.umask(0)
                    os.umask(umask)
                    partial.chmod(0o666 & ~umask)
                os.fsync(file.fileno())
        with _naming(target):
            partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
        _unfinished.discard(partial)


def _unmade(target: Path, place: Path, error: OSError) -> OutputFailure:
    if isinstance(error, FileNotFoundError):
        return OutputFailure(
            f"{target}: there is no folder {place.parent}.",
            hint="Make the folder first, or give another path.",
        )
    if isinstance(error, PermissionError):
        return OutputFailure(
            f"{target}: {place.parent} may not be written: {error.strerror}.",
            hint="A new file is made there first, and takes the old one's place. "
            "Give another path.",
        )
    return OutputFailure(f"{target}: {error.strerror}")


def keep_rights(new: Path, old: Path) -> None:
    """Give a file or folder the owner and the permissions of the one that it replaces.

    Where the group cannot be kept, another group gets no more than everybody has.
    """
    before = old.stat()
    mode = stat.S_IMODE(before.st_mode)
    if hasattr(os, "chown"):
        try:
            os.chown(new, before.st_uid, before.st_gid)
        except OSError:
            try:
                os.chown(new, -1, before.st_gid)
            except OSError:
                mode = (mode & ~0o2070) | ((mode & 0o007) << 3)
        if not stat.S_ISDIR(before.st_mode):
            mode &= ~(stat.S_ISUID | stat.S_ISGID)
    new.chmod(mode)
    if hasattr(os, "getxattr"):
        for name in _ACLS:
            with suppress(OSError):
                os.setxattr(new, name, os.getxattr(old, name))


_unfinished: set[Path] = set()


def drop_unfinished() -> None:
    """Removes the temporary files of outputs under way; for a process that is about to end."""
    for partial in tuple(_unfinished):
        with suppress(OSError):
            partial.unlink(missing_ok=True)
