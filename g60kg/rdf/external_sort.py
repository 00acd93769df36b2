"""External sort: a part of the items in memory, the others in sorted pieces on disk."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import groupby, islice
from operator import eq
from typing import IO, TYPE_CHECKING, Final, Generic, TypeVar

from g60kg.rdf.atomic_output import in_temporary_folder

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparison

#: Items that are read back at a time.
_BATCH: Final = 200
#: Bytes, or tuples of numbers, texts and lists: what has an order and :mod:`marshal` can write.
Item = TypeVar("Item", bound="SupportsRichComparison")


class ExternalSort(Generic[Item]):
    """A sort that removes duplicates, with about ``most`` characters in memory."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[Item] = []
        self._size = 0
        self._pieces: list[IO[bytes]] = []

    def add(self, items: Iterable[Item], size: int) -> None:
        """Add items that have ``size`` characters together."""
        self._held += items
        self._size += size
        if self._size <= self._most:
            return
        piece = _sorted(self._held)
        self._held, self._size = [], 0
        with in_temporary_folder():
            file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by sorted)
            for start in range(0, len(piece), _BATCH):
                marshal.dump(piece[start : start + _BATCH], file)
            file.seek(0)
        self._pieces.append(file)

    def sorted(self) -> Iterator[Item]:
        """Yield the items in order, each once; the sort cannot be used again."""
        last = _sorted(self._held)
        self._held = []
        if not self._pieces:
            yield from last
            return
        with ExitStack() as files:
            pieces: list[Iterator[Item]] = [
                _read(files.enter_context(file)) for file in self._pieces
            ]
            for item, _ in groupby(merge(*pieces, last)):
                yield item


def _read(piece: IO[bytes]) -> Iterator[Item]:
    while True:
        try:
            yield from marshal.load(piece)
        except EOFError:
            return


def _sorted(items: list[Item]) -> list[Item]:
    items.sort()
    # Comparing neighbours is faster than hashing all, and most graphs have no duplicates.
    if any(map(eq, items, islice(items, 1, None))):
        return [item for item, _ in groupby(items)]
    return items
