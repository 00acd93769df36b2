"""Which table files a RocksDB database lives in, as its MANIFEST has it: names and sizes.

The MANIFEST is a log of changes to the set of files, in the framing of RocksDB's logs: blocks of
32 KiB with records of checksum, length, kind and bytes. Each change is a run of numbered fields.
A field that is not known here ends the reading: then nothing is said, rather than something wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_BLOCK: Final = 32 * 1024
#: Bytes before those of a record: checksum, length, kind; in a log used again its number too.
_HEADER: Final = 7
_HEADER_AGAIN: Final = 11
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
#: Fields of one number, and of one text, that say nothing of table files.
_NUMBERS: Final = frozenset({2, 3, 4, 9, 10, 203, 300})
_TEXTS: Final = frozenset({1, 201})
_FAMILY, _FAMILY_DROPPED, _DELETED, _ADDED = 200, 202, 6, 103
#: Fields from here on hold one text, and may be passed over by who does not know them.
_IGNORABLE: Final = 1 << 13
_LAST_CUSTOM: Final = 1


class UnknownManifest(ValueError):
    """A MANIFEST with something in it that is not known here."""


def live_tables(content: bytes) -> dict[int, int]:
    """The sizes of the table files that the database lives in, by their numbers.

    What breaks off at the end counts as not written, as it does for RocksDB.

    Raises:
        UnknownManifest: of a version of RocksDB that writes it in another way.
    """
    families: dict[int, dict[int, int]] = {}
    try:
        for record in _records(content):
            _apply(record, families)
    except IndexError:
        raise UnknownManifest("a change breaks off") from None
    return {number: size for tables in families.values() for number, size in tables.items()}


def _records(content: bytes) -> Iterator[bytes]:
    """The changes, each put together from its pieces."""
    pieces: list[bytes] = []
    at = 0
    while True:
        left = _BLOCK - at % _BLOCK
        if left < _HEADER:
            at += left
            continue
        if at + _HEADER > len(content):
            return
        length, kind = int.from_bytes(content[at + 4 : at + 6], "little"), content[at + 6]
        if not kind and not length:
            at += left  # the rest of the block was set aside, and never written
            continue
        again = 5 <= kind <= 8
        start = at + (_HEADER_AGAIN if again else _HEADER)
        end = start + length
        if end > len(content):
            return
        at = end
        kind -= 4 if again else 0
        if kind in (_WHOLE, _FIRST):
            pieces.clear()
        elif kind not in (_MIDDLE, _LAST):
            raise UnknownManifest(f"a record of kind {kind}")
        pieces.append(content[start:end])
        if kind in (_WHOLE, _LAST):
            yield b"".join(pieces)


def _apply(record: bytes, families: dict[int, dict[int, int]]) -> None:
    """Takes one change into account: tables that came, tables that went, in one column family."""
    fields = _Fields(record)
    family, dropped = 0, False
    gone: list[int] = []
    new: list[tuple[int, int]] = []
    while fields:
        tag = fields.number()
        if tag in _NUMBERS:
            fields.number()
        elif tag in _TEXTS or tag & _IGNORABLE:
            fields.text()
        elif tag == _FAMILY:
            family = fields.number()
        elif tag == _FAMILY_DROPPED:
            dropped = True
        elif tag == _DELETED:
            fields.number()  # its level
            gone.append(fields.number())
        elif tag == _ADDED:
            new.append(_added(fields))
        else:
            raise UnknownManifest(f"a field {tag}")
    tables = families.setdefault(family, {})
    for number in gone:
        tables.pop(number, None)
    tables.update(new)
    if dropped:
        del families[family]


def _added(fields: _Fields) -> tuple[int, int]:
    """Number and size of a table that came."""
    fields.number()  # its level
    number, size = fields.number(), fields.number()
    fields.text()  # the smallest key, and the largest
    fields.text()
    fields.number()  # the first change in it, and the last
    fields.number()
    while fields.number() != _LAST_CUSTOM:
        fields.text()
    return number, size


class _Fields:
    """What a change is made of, read from its start to its end."""

    def __init__(self, record: bytes) -> None:
        self._record = record
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._record)

    def number(self) -> int:
        """A number of seven bits a byte, the lowest first."""
        value = shift = 0
        while True:
            byte = self._record[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def text(self) -> bytes:
        """A number and so many bytes."""
        length = self.number()
        start, self._at = self._at, self._at + length
        if self._at > len(self._record):
            raise IndexError
        return self._record[start : self._at]
