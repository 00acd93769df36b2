"""Who holds a token: names and hashes in a file, which is read again where it has changed.

A line of the file is ``NAME:sha256:HEX``: a name, and the SHA-256 of a token. A token is drawn at
random, 256 bits of it, and not made up as passwords are: nobody can try them all, so that neither
salt nor a slow hash would add anything.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from g60kg.errors import UsageError

#: Bytes of a file of tokens that are read; a line is some 80.
_MOST: Final = 262_144
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{64}")
#: Who else may look into the file, or change it.
_OTHERS: Final = stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP
_HOW: Final = (
    "A line is NAME:sha256:HEX, and HEX is what this writes of the token in a file: "
    "tr -d '\\n' < TOKEN | sha256sum"
)

#: What tells one state of a file from another; empty where it is not there.
_Stamp = tuple[int, ...]


@dataclass
class Tokens:
    """The tokens of a file.

    Attributes:
        path: the file.
    """

    path: Path
    _known: dict[str, bytes] = field(default_factory=dict, repr=False)
    _stamp: _Stamp = ()

    @classmethod
    def in_file(cls, path: Path) -> Tokens:
        """The tokens in a file.

        Raises:
            UsageError: it cannot be read, has a line that is wrong, or no token.
        """
        tokens = cls(path)
        tokens._stamp = _stamp(path)
        tokens._known = _read(path)
        return tokens

    def renew(self) -> str | None:
        """Reads the file again where it has changed since; gives what is wrong with it, once.

        What was read last stays good where the file is wrong or gone.
        """
        now = _stamp(self.path)
        if now == self._stamp:
            return None
        # Taken before the file is read: a change that falls in between is seen the next time.
        self._stamp = now
        try:
            self._known = _read(self.path)
        except UsageError as error:
            return f"{error.message} The tokens that were read before stay good."
        return None

    def holder(self, token: str) -> str | None:
        """The name that a token goes by; None where it is none of these."""
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        found = None
        # All of them are looked at, each in the same time: how long it takes tells nothing.
        for name, known in self._known.items():
            if hmac.compare_digest(known, digest):
                found = name
        return found

    def exposed(self) -> str | None:
        """A warning where others on this machine may read the file or change it."""
        if os.name != "posix" or not self.path.stat().st_mode & _OTHERS:
            return None
        return f"{self.path} can be read or changed by others on this machine: chmod 600 it."


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _read(path: Path) -> dict[str, bytes]:
    try:
        if not path.is_file():
            raise UsageError(f"No file of tokens: {path}.")
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from None
    if len(content) > _MOST:
        raise UsageError(f"{path}: more than {_MOST:,} bytes, which no file of tokens has.")
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not in UTF-8.") from None
    known: dict[str, bytes] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("#"):
            name, digest = _entry(text, f"{path}, line {number}")
            if name in known:
                raise UsageError(f"{path}, line {number}: the name is that of a line above.")
            known[name] = digest
    if not known:
        raise UsageError(f"{path}: no token in it.", hint=_HOW)
    return known


def _entry(line: str, place: str) -> tuple[str, bytes]:
    """A line's name and digest; its content, which may be a token, is in no message."""
    name, _, rest = line.partition(":")
    kind, colon, digest = rest.partition(":")
    if not colon:
        raise UsageError(f"{place}: no hash. The token itself does not belong here.", hint=_HOW)
    if not _NAME.fullmatch(name):
        raise UsageError(f"{place}: the name is none.", hint="Letters, digits and . _ - make one.")
    if kind != "sha256":
        raise UsageError(f"{place}: another hash than sha256.", hint=_HOW)
    if not _DIGEST.fullmatch(digest):
        raise UsageError(
            f"{place}: behind sha256: stand no 64 hexadecimal digits, which a hash has.", hint=_HOW
        )
    return name, bytes.fromhex(digest)
