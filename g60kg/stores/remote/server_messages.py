"""Error messages of servers, shortened for our own."""

from __future__ import annotations

import html
import re
from typing import Final

from g60kg.rdf.text_excerpt import excerpt

LONGEST: Final = 400
#: Bytes of an answer that are searched for a message.
READ: Final = 16 * 1024
_UNSEEN: Final = re.compile(r"<(script|style|head)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title\s*>", re.DOTALL | re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


def of_server(body: bytes, media: str) -> str:
    """Return the server's message on one line; of an HTML page, its visible text.

    >>> of_server(b"<html><title>Sorry</title><p>Back at <b>9</b></p></html>", "text/html")
    'Sorry Back at 9'
    >>> of_server(b"error at 1:6", "text/plain")
    'error at 1:6'
    """
    text = body[:READ].decode("utf-8", errors="replace")
    if is_page(body, media):
        title = _TITLE.search(text)
        seen = _TAG.sub(" ", _UNSEEN.sub(" ", _TITLE.sub(" ", text)))
        text = html.unescape(f"{title[1] if title else ''} {seen}")
    return excerpt(" ".join(text.split()), LONGEST)


def is_page(body: bytes, media: str) -> bool:
    """Whether an answer is an HTML page, whatever its media type.

    >>> is_page(b"<!DOCTYPE html><p>Sign in", "application/json")
    True
    """
    begins = body[:200].lstrip().lower()
    return media in ("text/html", "application/xhtml+xml") or begins.startswith(
        (b"<!doctype html", b"<html")
    )
