"""Parsing and checks of the query parameters of API requests."""

import difflib
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request

from g60kg.errors import UsageError
from g60kg.model.names import LANGUAGES, LONGEST_NAME
from g60kg.rdf.text_excerpt import excerpt
from g60kg.web.app_state import state_of
from g60kg.web.problem_details import UnsupportedMediaType

#: The default and the largest number of rows of a page.
PAGE: Final = 100
LARGEST_PAGE: Final = 10_000
#: The value of ``limit`` for all rows, within the limits of size and time of any answer.
ALL: Final = "all"
#: The largest offset of a page.
LARGEST_OFFSET: Final = 10_000_000
#: The version of the graph in a permalink.
VERSION: Final = "version"
#: The media type of a form.
FORM: Final = "application/x-www-form-urlencoded"
#: The charsets of bodies, none included.
_UTF_8: Final = ("", "utf-8", "utf8", "us-ascii")
#: More parameters than any client sends.
_MOST_PARAMETERS: Final = 200


class RequestParameters:
    """The query parameters of a request by name.

    The constructor raises UsageError for an unknown, a repeated or a too long parameter.
    """

    def __init__(self, request: Request, known: Iterable[str], longest: int = LONGEST_NAME) -> None:
        self._language = state_of(request).settings.language
        self._given: dict[str, str] = {}
        names = list(known)
        for name, value in request.query_params.multi_items():
            if name not in names and name != VERSION:
                near = difflib.get_close_matches(name, names, n=1)
                known_names = f"Known: {', '.join(names)}." if names else "There are no parameters."
                hint = f"Did you mean {near[0]}?" if near else known_names
                raise UsageError(f'Unknown parameter "{name[:LONGEST_NAME]}".', hint=hint)
            if name in self._given:
                raise UsageError(f"Parameter {name} is given twice.")
            if len(value) > longest:
                raise UsageError(f"{name}: longer than {longest:,} characters.")
            self._given[name] = value

    def __iter__(self) -> Iterator[str]:
        """Return the names of the parameters with a value that is not empty."""
        return (name for name, value in self._given.items() if value)

    def text(self, name: str) -> str | None:
        """Return the value of a parameter; None if it is missing, or empty as in a form."""
        return self._given.get(name) or None

    def required(self, name: str, example: str) -> str:
        """Return a parameter without white space around it; raise UsageError if it is missing."""
        value = (self.text(name) or "").strip()
        if not value:
            raise UsageError(
                f"{name}: the value is missing.", hint=f"For example {name}={example}."
            )
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return an integer or ``default``; UsageError if it is empty, invalid or out of range."""
        text = self._given.get(name)
        if text is None:
            return default
        # Stricter than int(): no spaces, underscores, or digits of other scripts.
        if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= most:
            raise UsageError(f"{name}: must be a whole number from {least} to {most:,}.")
        return int(text)

    def flag(self, name: str) -> bool:
        """Return True for "true", False for "false" or no parameter; raise UsageError otherwise."""
        text = self._given.get(name, "false")
        if text not in ("true", "false"):
            raise UsageError(f"{name}: must be true or false.")
        return text == "true"

    @property
    def language(self) -> str:
        """The language of labels and messages; the server's by default; UsageError if unknown."""
        text = self._given.get("lang", self._language)
        if text not in LANGUAGES:
            raise UsageError("lang: must be en or zh.")
        return text

    @property
    def limit(self) -> int:
        """The number of rows of a page, by default PAGE; UsageError if it is invalid."""
        return self.number("limit", PAGE, 1, LARGEST_PAGE)

    @property
    def limit_or_all(self) -> int | None:
        """The number of rows of a page, like ``limit``; None if the parameter asks for all rows."""
        return None if self.text("limit") == ALL else self.limit

    @property
    def offset(self) -> int:
        """The number of rows before the page, by default 0; UsageError if it is invalid."""
        return self.number("offset", 0, 0, LARGEST_OFFSET)


def form_fields(encoded: bytes) -> list[tuple[str, str]]:
    """Return names and values of a URL-encoded form or query, in order; UsageError if invalid."""
    try:
        return parse_qsl(
            encoded.decode(), keep_blank_values=True, errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )  # fmt: skip
    except UnicodeDecodeError:
        raise UsageError("The parameters are not valid UTF-8.") from None
    except ValueError:
        raise UsageError(f"There are more than {_MOST_PARAMETERS} parameters.") from None


def media_type(request: Request) -> str:
    """Return the media type of a body, empty without one.

    Raise UnsupportedMediaType for a charset other than UTF-8 and US-ASCII.
    """
    header = request.headers.get("content-type", "").lower()
    kind, _, options = header.replace(" ", "").replace('"', "").partition(";")
    charset = options.partition("charset=")[2].partition(";")[0]
    if charset not in _UTF_8:
        raise UnsupportedMediaType(f"The charset {excerpt(charset)} is not supported: send UTF-8.")
    return kind


def single(parameters: ImmutableMultiDict[str, str], name: str) -> str | None:
    """Return the value of a parameter; None if it is missing; UsageError if it is repeated."""
    values = parameters.getlist(name)
    if len(values) > 1:
        raise UsageError(f"{name}= is given {len(values)} times: send it once.")
    return values[0] if values else None
