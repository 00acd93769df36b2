"""Cache of rendered pages: rendering takes longer than all else for a page whose view is cached."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: The most cached pages, and the most characters of all of them and of one.
MOST: Final = 200
MOST_CHARACTERS: Final = 16 * 1024**2
LARGEST: Final = 1024**2


@dataclass
class RenderedPages:
    """Cache of the texts of pages; removes the least recently used."""

    _texts: OrderedDict[Hashable, tuple[Mapping[str, Any], str]] = field(
        default_factory=OrderedDict
    )
    _characters: int = 0

    def get(self, key: Hashable, values: Mapping[str, Any], render: Callable[[], str]) -> str:
        """Return the text of a page, rendered unless it is cached for equal values."""
        known = self._texts.get(key)
        # Cached views are the same objects, so that comparing them is cheap.
        if known is not None and known[0] == values:
            self._texts.move_to_end(key)
            return known[1]
        text = render()
        if known is not None:
            del self._texts[key]
            self._characters -= len(known[1])
        if len(text) <= LARGEST:
            self._texts[key] = values, text
            self._characters += len(text)
        while len(self._texts) > MOST or self._characters > MOST_CHARACTERS:
            _, (_, oldest) = self._texts.popitem(last=False)
            self._characters -= len(oldest)
        return text
