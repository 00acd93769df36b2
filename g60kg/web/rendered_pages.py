"""Cache of rendered pages: rendering takes longer than all else for a page whose view is cached."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from g60kg.web.recently_used import RecentlyUsed

#: The most cached pages, and the most characters of all of them and of one.
MOST: Final = 200
MOST_CHARACTERS: Final = 16 * 1024**2
LARGEST: Final = 1024**2


class RenderedPages:
    """Cache of the texts of pages; removes the least recently used."""

    def __init__(self) -> None:
        self._texts: RecentlyUsed[tuple[Mapping[str, Any], str]] = RecentlyUsed(
            MOST, MOST_CHARACTERS
        )

    def get(self, key: Hashable, values: Mapping[str, Any], render: Callable[[], str]) -> str:
        """Return the text of a page, rendered unless it is cached for equal values."""
        known = self._texts.get(key)
        # Cached views are the same objects, so that comparing them is cheap.
        if known is not None and known[0] == values:
            return known[1]
        text = render()
        if len(text) <= LARGEST:
            self._texts.put(key, (values, text), len(text))
        else:
            self._texts.remove(key)
        return text
