"""A cache with limits for the number and the size of its entries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class RecentlyUsed(Generic[Value]):
    """Values by key, with their sizes; the least recently used are removed beyond a limit."""

    def __init__(self, most: int, most_size: int) -> None:
        self._most = most
        self._most_size = most_size
        self._size = 0
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        """Whether a key has a value."""
        return key in self._entries

    def get(self, key: Hashable) -> Value | None:
        """Return the value of a key, which is then the most recently used; None without one."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Set the value of a key."""
        self.remove(key)
        self._entries[key] = value, size
        self._size += size
        while len(self._entries) > self._most or self._size > self._most_size:
            _, (_, oldest) = self._entries.popitem(last=False)
            self._size -= oldest

    def remove(self, key: Hashable) -> None:
        """Remove the value of a key, if it has one."""
        if key in self._entries:
            _, size = self._entries.pop(key)
            self._size -= size

    def clear(self) -> None:
        """Remove all values."""
        self._entries.clear()
        self._size = 0
