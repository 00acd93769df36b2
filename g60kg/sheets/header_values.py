"""Keys of a fact sheet's header, and the errors of their values."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal

from g60kg.model.sources import has_credentials, web_address
from g60kg.rdf.text_excerpt import excerpt

#: Keys of the `#` lines at the top of a sheet: `# url: https://…`.
HEADER_KEYS: Final = (
    "id",
    "title",
    "url",
    "archive",
    "date",
    "publisher",
    "author",
    "type",
    "language",
    "reproduce",
    "text-sha256",
    "text-length",
    "checked",
)
#: The date of the comparison with the text, and the fingerprint of the evidence compared.
CHECKED: Final = re.compile(r"(\d{4}-\d\d-\d\d) ([0-9a-f]{16})", re.ASCII)


def header_fault(key: str, value: str) -> str | None:
    """Return the error of a header value that is used in IRIs or literals, or None.

    >>> header_fault("id", "../history")
    '"../history" is not an id: letters, digits, hyphens, and dots between them'
    >>> header_fault("language", "zh")
    """
    if not value:
        return None
    short = excerpt(value, 60)
    if key == "id" and not re.fullmatch(r"\w(?:[\w.-]{0,98}\w)?", value):
        return f'"{short}" is not an id: letters, digits, hyphens, and dots between them'
    if key in ("url", "archive") and has_credentials(value):
        return "the address contains a user name or password, which would be published: remove it"
    if key == "archive" and web_address(value) is None:
        return f'"{short}" is not the address of an archived copy, which begins with http'
    if key == "language" and not is_language(value):
        return f'"{short}" is not a language tag such as en or zh'
    if key == "reproduce" and value not in ("yes", "no"):
        return f'"{short}" is not an answer to "reproduce": yes or no'
    if key == "checked" and not CHECKED.fullmatch(value):
        return f'"{short}" is not a date and a digest, as draft writes them'
    if key == "text-length" and not re.fullmatch("[0-9]{1,9}", value):
        return f'"{short}" is not a length of a text'
    return None


def is_language(tag: str) -> bool:
    """Return whether a text is a language tag (BCP 47).

    >>> is_language("zh-Hans"), is_language("Chinese, simplified")
    (True, False)
    """
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True
