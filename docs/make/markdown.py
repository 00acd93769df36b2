"""Helpers for GitHub Markdown: escaping, code blocks, links and heading anchors."""

from __future__ import annotations

import re
from typing import Final

_FENCED: Final = re.compile(r"^(```+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`[^`\n]*`")
_LINK: Final = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_HEADING: Final = re.compile(r"^#{1,6} (.*)$", re.MULTILINE)


def escaped(text: str) -> str:
    r"""Return text with Markdown characters escaped, for a paragraph or a table.

    >>> escaped("a <class> | 2016~")
    'a \\<class> \\| 2016\\~'
    """
    return re.sub(r"([\\`*<~|\[\]])", r"\\\1", text)


def fenced(language: str, text: str) -> str:
    """Return a code block."""
    return f"```{language}\n{text.rstrip()}\n```"


def targets(page: str) -> list[str]:
    """Return the link targets of a page, in order, without those in code.

    >>> targets("[here](a.md#b), not `[there](c.md)`")
    ['a.md#b']
    """
    return _LINK.findall(_CODE.sub("", _FENCED.sub("", page)))


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub creates for the headings of a page.

    >>> sorted(anchors("# From an article, to facts\\n\\n## `make docs`"))
    ['from-an-article-to-facts', 'make-docs']
    """
    headings = _HEADING.findall(_FENCED.sub("", page))
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
