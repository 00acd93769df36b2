"""Sources of facts: the id an article goes by, the digest of its text, the places of its words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from g60kg.namespaces import slug
from g60kg.rdf.rdf_files import read_text

#: The longest quotation, in code points: the words that carry a claim, not the passage around it.
MAX_QUOTATION: Final = 160


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an article as somebody has it on file; never a part of the graph."""

    content: str

    @property
    def digest(self) -> str:
        """The SHA-256 of its UTF-8 bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def length(self) -> int:
        """Its length in code points."""
        return len(self.content)

    def places(self, words: str) -> tuple[int, ...]:
        """The offsets, in code points, at which those words stand.

        >>> Text("one corridor, one core").places("one")
        (0, 14)
        """
        return tuple(match.start() for match in re.finditer(re.escape(words), self.content))


def read_article(path: str | Path) -> Text:
    """The text in a file; raises UnreadableInput where it is not UTF-8."""
    return Text(read_text(path))


def texts_in(folder: str | Path) -> dict[str, Text]:
    """The texts of a folder's ``.txt`` files by their digest."""
    texts = (read_article(path) for path in sorted(Path(folder).rglob("*.txt")))
    return {text.digest: text for text in texts}


def source_id(url: str) -> str:
    """The id of the article at that address: the last number in it, else its last words.

    >>> source_id("https://www.shine.cn/feature/district/2307119874/")
    '2307119874'
    >>> source_id("https://example.org/news/A-New_Hub.html")
    'a-new-hub'
    """
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:  # an address that is none, such as http://[
        return ""
    numbers = re.findall(r"\d{4,}", path)
    if numbers:
        return str(numbers[-1])
    last = re.sub(r"\.[a-z]+$", "", path.rpartition("/")[2])
    return slug(last or urlsplit(url).netloc)
