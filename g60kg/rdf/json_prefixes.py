"""Length of the IRIs that JSON-LD prefixes expand to when each is defined with another one.

A chain of 10,000 prefixes in a file of 1 MB expands to gigabytes while the parser reads the
context. Any member whose value begins with the name of another one counts as a definition.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from g60kg.rdf.input_limits import MAX_IRI

_TEXT: Final = r'(?:[^"\\\s]|\\.)*+'
_DEFINITION: Final = re.compile(
    rf'"(?P<name>(?:[^"\\:\s]|\\.)++)"\s*+:\s*+(?:\{{[^{{}}]*?"@id"\s*+:\s*+)?'
    rf'"(?P<prefix>(?:[^"\\:\s]|\\.)*+):(?P<rest>{_TEXT})"'.encode()
)
#: Bytes of a piece that are read again with the next one, for a definition that spans both.
_OVERLAP: Final = 2 * MAX_IRI


class PrefixLengths:
    """The lengths of the prefixes of a JSON-LD text that comes in pieces."""

    def __init__(self) -> None:
        self._lengths: dict[bytes, int] = {}
        self._users: dict[bytes, dict[bytes, int]] = defaultdict(dict)
        self._end = b""

    def too_long(self, piece: bytes) -> int | None:
        """Return the offset of a definition whose IRI is too long, in the piece; else None.

        The offset is below zero where the definition began in an earlier piece.

        >>> text = b'{"b": "a:%s/", "a": "urn:%s"}' % (b"x" * 5000, b"x" * 5000)
        >>> lengths = PrefixLengths()
        >>> lengths.too_long(text[:6000]), lengths.too_long(text[6000:])
        (None, -987)
        """
        text = self._end + piece
        known = len(self._end)
        for found in _DEFINITION.finditer(text):
            rest = len(found["rest"])
            users = self._users[found["prefix"]]
            users[found["name"]] = max(rest, users.get(found["name"], 0))
            length = self._lengths.get(found["prefix"], len(found["prefix"])) + rest
            if self._exceeds(found["name"], length):
                return found.start() - known
        self._end = text[-_OVERLAP:]
        return None

    def _exceeds(self, name: bytes, length: int) -> bool:
        """Set the length of a prefix and of those defined with it; return whether one exceeds."""
        waiting = [(name, length)]
        while waiting:
            name, length = waiting.pop()
            if length > MAX_IRI:
                return True
            if length > self._lengths.get(name, 0):
                self._lengths[name] = length
                waiting += [(user, length + rest) for user, rest in self._users[name].items()]
        return False
