"""Arguments of tools: JSON Schema, and parsing with the nearest right name for a wrong one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from g60kg.errors import UsageError
from g60kg.rdf.text_excerpt import excerpt, is_unicode

#: The most characters of a text argument, unless it says otherwise.
LONGEST_TEXT: Final = 1_000
_TYPES: Final[dict[str, type]] = {
    "string": str, "integer": int, "boolean": bool, "object": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a tool.

    Attributes:
        name: its name.
        description: its meaning, for the assistant.
        type: its type in JSON Schema.
        required: whether a call must give it.
        enum: its values; empty for any.
        most: the most characters of a text, or the largest integer; integers begin at ``least``.
    """

    name: str
    description: str = ""
    type: Literal["string", "integer", "boolean", "object"] = "string"
    required: bool = False
    enum: tuple[str, ...] = ()
    least: int = 0
    most: int = LONGEST_TEXT

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its values."""
        schema: dict[str, Any] = {"type": self.type}
        if self.description:
            schema["description"] = self.description
        if self.enum:
            schema["enum"] = list(self.enum)
        if self.type == "integer":
            schema["minimum"] = self.least
        return schema

    def parsed(self, value: object) -> Any:
        """Return a value of its type; numbers and objects written as text are read.

        Raises:
            UsageError: the value has another type, or is out of range.
        """
        if isinstance(value, str) and self.type != "string":
            value = _read(value)
        right = isinstance(value, _TYPES[self.type]) and (
            self.type != "integer" or not isinstance(value, bool)
        )
        if self.type == "string" and isinstance(value, int | float):
            value, right = str(value), True
        if not right:
            raise UsageError(f"{self.name}: must be of type {self.type}.")
        if isinstance(value, str):
            self._check_text(value)
        elif self.type == "integer" and not self.least <= int(str(value)) <= self.most:
            raise UsageError(f"{self.name}: must be from {self.least} to {self.most:,}.")
        return value

    def _check_text(self, text: str) -> None:
        if not is_unicode(text):
            raise UsageError(f"{self.name}: not valid Unicode.")
        if len(text) > self.most:
            raise UsageError(f"{self.name}: longer than {self.most:,} characters.")
        if self.required and not text.strip():
            raise UsageError(f"{self.name}: the value is empty.")
        if self.enum and text not in self.enum:
            raise UsageError(
                f'{self.name}: "{excerpt(text)}" is not a value.', hint=nearest(text, self.enum)
            )


def input_schema(arguments: Sequence[Argument]) -> dict[str, Any]:
    """Return the JSON Schema of the arguments of a tool."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {one.name: one.schema() for one in arguments},
        "additionalProperties": False,
    }
    if required := [one.name for one in arguments if one.required]:
        schema["required"] = required
    return schema


def parsed_arguments(
    tool: str, arguments: Sequence[Argument], given: Mapping[str, object]
) -> dict[str, Any]:
    """Return the values of a call by argument; null counts as missing.

    Raises:
        UsageError: an argument is unknown, missing or invalid.
    """
    known = {one.name: one for one in arguments}
    for name in given:
        if name not in known:
            raise UsageError(
                f'{tool} has no argument "{excerpt(name)}".', hint=nearest(name, tuple(known))
            )
    values = {name: known[name].parsed(value) for name, value in given.items() if value is not None}
    for one in arguments:
        if one.required and one.name not in values:
            raise UsageError(f"{one.name}: the value is missing.", hint=one.description or None)
    return values


def nearest(text: str, names: Sequence[str]) -> str:
    """Return a hint with the nearest of some names, else with all of them.

    >>> nearest("lymit", ("limit", "offset")), nearest("x", ())
    ('Did you mean limit?', 'There are none.')
    """
    near = difflib.get_close_matches(text.casefold(), names, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known: {', '.join(names)}." if names else "There are none."


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
