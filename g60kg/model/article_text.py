"""Article texts: digest, offsets of a quotation, and the id of a source."""

import hashlib
import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from g60kg.errors import UnreadableInput
from g60kg.namespaces import slug
from g60kg.rdf.rdf_files import read_text

#: Maximum code points of a quotation: the text that supports a claim, not the passage around it.
MAX_QUOTATION: Final = 160


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an article, never in the graph; ``name`` is its file's name without suffix."""

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
        """Return the offsets, in code points, at which a quotation starts, without overlaps.

        Empty if the text does not have it.

        >>> Text("one corridor, one core").places("one")
        (0, 14)
        """
        return tuple(match.start() for match in re.finditer(re.escape(words), self.content))


def read_article(path: str | Path) -> Text:
    """Return the text of a file; raise UnreadableInput if it cannot be read or is not UTF-8."""
    return Text(read_text(path), Path(path).stem)


def _warn(error: UnreadableInput) -> None:
    warnings.warn(f"{error.message}; the text is left out", stacklevel=3)


def texts_in(
    folder: str | Path, unread: Callable[[UnreadableInput], object] = _warn
) -> dict[str, Text]:
    """Return the texts of the ``.txt`` files in a folder and in folders below it, by digest.

    ``unread`` gets the error of each file that cannot be read. Raises UnreadableInput if there
    is no such folder.
    """
    if not Path(folder).is_dir():
        raise UnreadableInput("no such folder", file=str(folder))

    def failed(error: OSError) -> None:
        unread(UnreadableInput((error.strerror or "not readable").lower(), file=error.filename))

    texts: dict[str, Text] = {}
    walked = os.walk(folder, onerror=failed)
    for path in sorted(Path(at, name) for at, _, names in walked for name in names):
        if path.suffix == ".txt":
            try:
                text = read_article(path)
            except UnreadableInput as error:
                unread(error)
            else:
                texts[text.digest] = text
    return texts


def source_id(url: str) -> str:
    """Return the id of the article at an address, or an empty text for an invalid address.

    It is the last number of four or more digits in the path, else a slug: of the last
    segment of the path or, without a path, of the host.

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
