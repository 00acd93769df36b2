"""What a request to the API asks for: its parameters, each read once and checked."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Final

from starlette.requests import Request

from g60kg.errors import UsageError
from g60kg.model.names import LONGEST_NAME
from g60kg.web.app_state import state_of

LANGUAGES: Final = ("en", "zh")
#: Rows of a page where a visitor asks for no number, and the most that one can ask for.
PAGE: Final = 100
LARGEST_PAGE: Final = 10_000
#: The last row that a page can begin after.
LARGEST_OFFSET: Final = 10_000_000


def accepted(request: Request) -> str:
    """The Accept header; where it came in several lines, all of it (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist("accept"))


class Asked:
    """The parameters of a request, by name; one that is given twice or not known is an error.

    Args:
        request: the request.
        known: the names that it may have.

    Raises:
        UsageError: another name, or one twice.
    """

    def __init__(self, request: Request, known: Iterable[str]) -> None:
        self._language = state_of(request).settings.language
        self._given: dict[str, str] = {}
        names = list(known)
        for name, value in request.query_params.multi_items():
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}."
                raise UsageError(f'No parameter "{name[:LONGEST_NAME]}" here.', hint=hint)
            if name in self._given:
                raise UsageError(f"Parameter {name} is given twice.")
            if len(value) > LONGEST_NAME:
                raise UsageError(f"{name}: longer than {LONGEST_NAME} characters.")
            self._given[name] = value

    def __iter__(self) -> Iterator[str]:
        """The names that are given with a value."""
        return (name for name, value in self._given.items() if value)

    def text(self, name: str) -> str | None:
        """The value of a parameter; None where it is not given or empty, as a form sends it."""
        return self._given.get(name) or None

    def required(self, name: str, example: str) -> str:
        """The value of a parameter that must be given; raises UsageError where it is not."""
        value = (self.text(name) or "").strip()
        if not value:
            raise UsageError(f"{name}: nothing is given.", hint=f"Such as {name}={example}.")
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number; raises UsageError where it is none or out of bounds."""
        text = self._given.get(name)
        if text is None:
            return default
        # Only what JSON and XML Schema write, too: no blanks, underscores, digits of other scripts.
        if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= most:
            raise UsageError(f"{name}: a whole number from {least} to {most:,} is asked for.")
        return int(text)

    def flag(self, name: str) -> bool:
        """A yes or no; raises UsageError where it is neither."""
        text = self._given.get(name, "false")
        if text not in ("true", "false"):
            raise UsageError(f"{name}: true or false is asked for.")
        return text == "true"

    @property
    def language(self) -> str:
        """The language of labels and messages; raises UsageError where it is no language here."""
        text = self._given.get("lang", self._language)
        if text not in LANGUAGES:
            raise UsageError("lang: en or zh is asked for.")
        return text

    @property
    def limit(self) -> int:
        """The rows of a page."""
        return self.number("limit", PAGE, 1, LARGEST_PAGE)

    @property
    def offset(self) -> int:
        """The rows before the page."""
        return self.number("offset", 0, 0, LARGEST_OFFSET)
