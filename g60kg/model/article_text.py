"""Article texts: digest, offsets of a quotation, and the id of a source."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from g60kg.namespaces import slug
from g60kg.rdf.rdf_files import read_text

#: Maximum code points of a quotation: the text that supports a claim, not the passage around it.
MAX_QUOTATION: Final = 160


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an article in a file; never a part of the graph.

    Attributes:
        content: the text.
        name: the file's name without extension; empty if it is not from a file.
    """

    content: str
    name: str = field(default="", compare=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of its UTF-8 bytes in hexadecimal."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def length(self) -> int:
        """Its length in code points."""
        return len(self.content)

    def places(self, words: str) -> tuple[int, ...]:
        """Return the offsets, in code points, of a quotation.

        >>> Text("one corridor, one core").places("one")
        (0, 14)
        """
        return tuple(match.start() for match in re.finditer(re.escape(words), self.content))


def read_article(path: str | Path) -> Text:
    """Read the text of a file; raise UnreadableInput if it is not UTF-8."""
    return Text(read_text(path), Path(path).stem)


def texts_in(folder: str | Path) -> dict[str, Text]:
    """Return the texts of a folder's ``.txt`` files by digest."""
    texts = (read_article(path) for path in sorted(Path(folder).rglob("*.txt")))
    return {text.digest: text for text in texts}


def source_id(url: str) -> str:
    """Return the id of the article at an address: its last number, else its last path segment.

    >>> source_id("https://www.shine.cn/feature/district/2307119874/")
    '2307119874'
    >>> source_id("https://example.org/news/A-New_Hub.html")
    'a-new-hub'
    """
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:  # an invalid address such as http://[
        return ""
    numbers = re.findall(r"\d{4,}", path)
    if numbers:
        return str(numbers[-1])
    last = re.sub(r"\.[a-z]+$", "", path.rpartition("/")[2])
    return slug(last or urlsplit(url).netloc)
