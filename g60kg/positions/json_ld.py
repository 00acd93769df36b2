"""JSON-LD with a mark beside each value, by which the place of its triple is found.

The walk knows JSON and what contexts say about the form of values (JSON-LD 1.1, sections 4 and
9), no IRIs. What it leaves without marks keeps its meaning; only its place is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise, zip_longest
from typing import Final

from g60kg.positions.marks import DEEPEST, free_of_marks, mark, mark_ahead
from g60kg.positions.tokens import string_end

_TOKEN: Final = re.compile(
    r"""
    [ \t\r\n]*+
    (?: (?P<punctuation> [{}\[\]:,] )
      | (?P<string>      "[^"\\]*+" )
      | (?P<quote>       " )
      | (?P<scalar>      [^\s{}\[\]:,"]++ )
    )""",
    re.VERBOSE,
)
_CONTEXT: Final = re.compile(r'"@context"[ \t\r\n]*+:[ \t\r\n]*+')


class _Role(Enum):
    """What a value is to the object or array that it stands in."""

    VALUES = auto()  # of a property: each gives a triple
    TYPES = auto()  # of @type
    TEXTS = auto()  # of a language
    NODES = auto()  # node objects that no property leads to
    NEST = auto()  # an object with more properties of the same node
    LANGUAGES = auto()  # an object with strings by language
    INDEX = auto()  # an object with values by what is no property
    REVERSE = auto()  # an object with the properties that lead here
    OPAQUE = auto()  # what gets no marks


_PROPERTIES: Final = (_Role.VALUES, _Role.NODES, _Role.NEST)
#: The role of what stands in an object whose keys are no properties of its node.
_INSIDE: Final = {
    _Role.LANGUAGES: _Role.TEXTS,
    _Role.INDEX: _Role.VALUES,
    _Role.REVERSE: _Role.NODES,
}
_KEYWORDS: Final = {
    "@type": _Role.TYPES,
    "@set": _Role.VALUES,
    "@list": _Role.NODES,
    "@graph": _Role.NODES,
    "@included": _Role.NODES,
    "@nest": _Role.NEST,
    "@reverse": _Role.REVERSE,
}
_CLOSING: Final = {"{": "}", "[": "]"}
_CONTAINERS: Final = {
    "@set": _Role.VALUES,
    "@list": _Role.NODES,
    "@language": _Role.LANGUAGES,
    "@index": _Role.INDEX,
}


def marked(text: str) -> str | None:
    """The text with its marks; None where it is no JSON, or nests too deep.

    >>> marked('{"x:p": 1}')
    '{"x:p": [1,{"@id":"x-g60kg-place:8.0"}]}'
    """
    if not free_of_marks(text):
        return None
    try:
        walk = _Walk(_keys(text))
        done = all(walk.take(text, *token) for token in _tokens(text))
    except (RecursionError, ValueError):
        return None
    return walk.written(text) if done else None


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each token; the kind of punctuation is its own text."""
    offset = 0
    while match := _TOKEN.match(text, offset):
        kind = str(match.lastgroup)
        start, offset = match.start(kind), match.end()
        if kind == "quote":
            end = string_end(text, offset, '"')
            if end is None:
                return
            kind, offset = "string", end
        yield (match[kind] if kind == "punctuation" else kind), start, offset


def _keys(text: str) -> dict[str, tuple[str, _Role]]:
    """Keyword and role of each key that a context defines; opaque where two of them differ."""
    found: dict[str, tuple[str, _Role]] = {}
    offset = 0
    while match := _CONTEXT.search(text, offset):
        context, offset = json.JSONDecoder().raw_decode(text, match.end())
        waiting = [context]
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting += one
            elif isinstance(one, dict):
                for key, definition in one.items():
                    meaning = _meaning(definition)
                    if found.setdefault(key, meaning) != meaning:
                        found[key] = ("", _Role.OPAQUE)
                    if isinstance(definition, dict):
                        waiting.append(definition.get("@context"))
    return found


def _meaning(definition: object) -> tuple[str, _Role]:
    """The keyword that a key stands for, or none, and the role of its values."""
    parts = definition if isinstance(definition, dict) else {"@id": definition}
    iri, container = parts.get("@id"), parts.get("@container")
    if isinstance(iri, str) and iri.startswith("@"):
        return iri, _KEYWORDS.get(iri, _Role.OPAQUE)
    if parts.get("@type") == "@json":
        return "", _Role.OPAQUE
    if "@reverse" in parts:
        return "", _Role.NODES
    kinds = container if isinstance(container, list) else [container or "@set"]
    roles = {_CONTAINERS.get(str(kind), _Role.OPAQUE) for kind in kinds} - {_Role.VALUES}
    return "", roles.pop() if len(roles) == 1 else _Role.OPAQUE if roles else _Role.VALUES


@dataclass(slots=True)
class _Frame:
    """An object or array that the walk is in.

    Attributes:
        closing: the bracket that ends it.
        role: what it is to what it stands in; for an array, what its elements are to that.
        subject: where the node starts whose properties stand in it.
        start: where it starts itself.
        alone: whether it is the one value of a key.
        marks: how many insertions there were before those in it.
        key: in an object, the key whose value comes next.
        full: whether that value, or an array's next one, has come, so that a comma must follow.
        literal: whether it is an object that stands for a literal.
    """

    closing: str
    role: _Role
    subject: int
    start: int
    alone: bool
    marks: int
    key: str | None = None
    full: bool = False
    literal: bool = False


class _Walk:
    """The way through a text, and what is to be inserted where."""

    def __init__(self, keys: dict[str, tuple[str, _Role]]) -> None:
        self._keys = keys
        self._frames = [_Frame("", _Role.NODES, 0, 0, False, 0)]
        self._insertions: list[tuple[int, str]] = []

    def written(self, text: str) -> str:
        """The text with the insertions."""
        offsets = [0, *(offset for offset, _ in self._insertions), len(text)]
        slices = [text[start:end] for start, end in pairwise(offsets)]
        return "".join(
            part
            for pair in zip_longest(slices, (one for _, one in self._insertions), fillvalue="")
            for part in pair
        )

    def take(self, text: str, kind: str, start: int, end: int) -> bool:
        """Takes the next token; False where the text is no JSON or too deep."""
        frame = self._frames[-1]
        if kind in ("}", "]"):
            return self._close(kind, end)
        if kind == ":":
            return frame.key is not None
        if kind == ",":
            frame.key, frame.full = None, False
        elif frame.full:
            return False
        elif frame.closing == "}" and frame.key is None:
            if kind != "string":
                return False
            frame.key = json.loads(text[start:end], strict=False)
            self._heed(frame)
        elif kind in ("{", "["):
            frame.full = True
            return self._open(kind, start)
        else:
            self._scalar(frame, start, end, kind == "string", text[start:end] == "null")
        return True

    def _scalar(self, frame: _Frame, start: int, end: int, string: bool, null: bool) -> None:
        frame.full = True
        role = self._role(frame)
        first = frame.closing == "}" or len(self._insertions) == frame.marks
        if role is _Role.TYPES and string and first:
            self._mark(frame, start, end, f',"{mark_ahead(start, frame.subject)}"')
        elif role is _Role.TEXTS and string:
            self._mark(frame, start, end, f',"{mark(start, frame.subject)}"')
        elif role is _Role.VALUES and not null:
            self._mark(frame, start, end, _node(mark(start, frame.subject)))

    def _heed(self, frame: _Frame) -> None:
        """Takes the marks out of an object that its key shows to be a literal."""
        keyword, _ = self._meaning(frame.key or "")
        if keyword == "@value" and frame.role in _PROPERTIES:
            frame.literal = True
            del self._insertions[frame.marks :]

    def _meaning(self, key: str) -> tuple[str, _Role]:
        if key.startswith("@"):
            return key, _KEYWORDS.get(key, _Role.OPAQUE)
        return self._keys.get(key, ("", _Role.VALUES))

    def _role(self, frame: _Frame) -> _Role:
        """The role of the value that comes next."""
        if frame.closing != "}":
            return frame.role
        if frame.literal:
            return _Role.OPAQUE
        if frame.role in _PROPERTIES:
            return self._meaning(frame.key or "")[1]
        return _INSIDE.get(frame.role, _Role.OPAQUE)

    def _open(self, kind: str, start: int) -> bool:
        if len(self._frames) > DEEPEST:
            return False
        frame = self._frames[-1]
        role, subject, alone = self._role(frame), frame.subject, frame.closing == "}"
        if kind == "[":
            role = role if role in (*_PROPERTIES, _Role.TYPES, _Role.TEXTS) else _Role.OPAQUE
        elif role in (_Role.VALUES, _Role.NODES):
            subject = start
        if kind == "{" and role is _Role.VALUES and alone:
            self._insertions.append((start, "["))
        marks = len(self._insertions)
        self._frames.append(_Frame(_CLOSING[kind], role, subject, start, alone, marks))
        return True

    def _close(self, kind: str, end: int) -> bool:
        frame = self._frames[-1]
        if frame.closing != kind:
            return False
        del self._frames[-1]
        if kind == "}" and frame.role is _Role.VALUES:
            node = _node(mark(frame.start, self._frames[-1].subject))
            self._insertions.append((end, node + "]" * frame.alone))
        return True

    def _mark(self, frame: _Frame, start: int, end: int, text: str) -> None:
        """Puts a mark after a value, and both into an array where they are in none."""
        alone = frame.closing == "}"
        if alone:
            self._insertions.append((start, "["))
        self._insertions.append((end, text + "]" * alone))


def _node(iri: str) -> str:
    return f',{{"@id":"{iri}"}}'
