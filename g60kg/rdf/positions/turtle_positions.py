"""Offsets of triples in Turtle, TriG, N-Triples and N-Quads, in the order of the parser.

A state machine over tokens follows brackets and punctuation, but no prefixes and no values. Each
quad of the parser is paired with the next pair of offsets, up to the first that does not match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg.namespaces import PREFIXES
from g60kg.rdf.positions.line_index import Offsets, Term
from g60kg.rdf.positions.turtle_tokens import (
    NUMBER,
    STRING,
    TERM,
    name_end,
    tokens,
)

#: The maximum depth of nested brackets, and of nested triple terms.
DEEPEST: Final = 500
DEEPEST_TERM: Final = 100

_RDF: Final = PREFIXES["rdf"]
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Bracket:
    """An open construct: a statement, a node in brackets, a list.

    Attributes:
        closing: the token that ends it.
        start: the offset of its opening token.
        subject: the offset of the current subject; in a list, of the current element.
        heads: whether it is itself the subject of a statement.
        empty: whether it has no list element yet.
    """

    closing: str
    start: int
    subject: int
    heads: bool = False
    empty: bool = True


State = Callable[[str, int], "State | None"]


@dataclass(frozen=True, slots=True)
class Walk:
    """The result of walking a text.

    Attributes:
        offsets: those of each quad, in the parser's order.
        end: the offset of the first token that was not understood, or of the end.
    """

    offsets: Offsets
    end: int


def walk(text: str) -> Walk:
    """Return the offsets of the triples of a text in Turtle, TriG, N-Triples or N-Quads.

    >>> walk("x:a x:p x:b, [ x:q 1 ] .").offsets.objects.tolist()
    [8, 19, 13]
    """
    steps = _Steps()
    end = next(start for kind, start in tokens(text) if not steps.take(kind, start))
    return Walk(steps.offsets, end)


_DIRECTIVES: Final = {"prefix": 2, "base": 1, "version": 1}
_CLOSING: Final = {"[": "]", "(": ")", "<<(": ")>>"}
_OBJECTS: Final = frozenset((TERM, STRING, NUMBER, "true", "false"))


class _Steps:
    """The states of the walk: each takes a token and returns the next state, or None."""

    def __init__(self) -> None:
        self.offsets = Offsets()
        self._state: State = self._statement
        self._inside = _Bracket(".", 0, 0)
        self._around: list[_Bracket] = []
        self._awaited = self._deep = 0
        self._given: list[tuple[int, int]] = []
        self._string: tuple[int, int] | None = None

    def take(self, kind: str, start: int) -> bool:
        """Process the next token; return False if it was not understood.

        The parser completes a string's triple at the next token, and yields several triples of
        one token in reverse order.
        """
        if self._string is not None:
            self._given.append(self._string)
            self._string = None
        state = self._state(kind, start)
        if state is None:
            return False
        self._state = state
        if self._given:
            for pair in reversed(self._given):
                self.offsets.add(*pair)
            self._given.clear()
        return True

    def _statement(self, kind: str, start: int) -> State | None:
        """Expect a statement, a directive or a graph."""
        if kind == TERM:
            self._inside.subject = start
            return self._predicate
        if kind in ("[", "("):
            return self._open(kind, start, heads=True)
        word = kind.lower()
        if word.removeprefix("@") in _DIRECTIVES:
            self._awaited = _DIRECTIVES[word.removeprefix("@")]
            return self._dotted_directive if kind.startswith("@") else self._directive
        return self._statement if word in ("graph", "{", "}") else None

    def _directive(self, kind: str, _start: int) -> State | None:
        self._awaited -= 1
        if kind not in (TERM, STRING):
            return None
        return self._directive if self._awaited else self._statement

    def _dotted_directive(self, kind: str, _start: int) -> State | None:
        if self._awaited == 0:
            return self._statement if kind == "." else None
        self._awaited -= 1
        return self._dotted_directive if kind in (TERM, STRING) else None

    def _predicate(self, kind: str, _start: int) -> State | None:
        if kind in (TERM, "a"):
            return self._object
        if kind == ";":
            return self._predicate
        if kind == "{" and not self._around:  # the name was a graph's, not a subject's
            return self._statement
        return self._end(kind)

    def _object(self, kind: str, start: int) -> State | None:
        return self._written(kind, start) if kind in _OBJECTS else self._open(kind, start)

    def _written(self, kind: str, start: int) -> State:
        """Record a term as object of the current subject, or as element of a list."""
        if kind == STRING:
            self._string = (self._inside.subject, start)
        else:
            self._given.append((self._inside.subject, start))
        return self._next()

    def _after(self, kind: str, _start: int) -> State | None:
        """Expect what follows an object or its string; in N-Quads, maybe a graph."""
        if kind == ",":
            return self._object
        if kind == ";":
            return self._predicate
        if kind == "^^":
            return self._datatype
        return self._after if kind == TERM or kind.startswith("@") else self._end(kind)

    def _datatype(self, kind: str, _start: int) -> State | None:
        return self._next() if kind == TERM else None

    def _element(self, kind: str, start: int) -> State | None:
        """Expect a list element, its language or datatype, or the end of the list."""
        inside = self._inside
        if kind == ")":
            return self._end_of_list(start)
        if kind == "^^" or kind.startswith("@"):
            return self._datatype if kind == "^^" else self._element
        if kind not in _OBJECTS and kind not in _CLOSING:
            return None
        if not inside.empty:
            self._given.append((inside.subject, start))
            inside.subject = start
        elif not inside.heads:
            # The triple with a list as object comes with its first element: () has no cell.
            self._given.append((self._around[-1].subject, inside.start))
        inside.empty = False
        return self._written(kind, start) if kind in _OBJECTS else self._open(kind, start)

    def _open(self, kind: str, start: int, heads: bool = False) -> State | None:
        if kind not in _CLOSING or len(self._around) == DEEPEST:
            return None
        self._around.append(self._inside)
        self._inside = _Bracket(_CLOSING[kind], start, start, heads)
        return {"[": self._predicate, "(": self._element}.get(kind, self._triple_term)

    def _triple_term(self, kind: str, _start: int) -> State | None:
        """Skip the inside of a triple term, which is one object."""
        self._deep += (kind == "<<(") - (kind == ")>>")
        if self._deep >= 0:
            return self._triple_term if kind and self._deep < DEEPEST_TERM else None
        opened = self._inside.start
        self._inside = self._around.pop()
        self._deep = 0
        return self._written(TERM, opened)

    def _end(self, kind: str) -> State | None:
        """Expect the end of a statement, of a node in brackets, or of a graph (without ".")."""
        closing = self._inside.closing
        if kind == "]" == closing:
            return self._close()
        return self._statement if closing == "." and kind in (".", "}") else None

    def _end_of_list(self, start: int) -> State:
        if not self._inside.empty:
            self._given.append((self._inside.subject, start))
        return self._close()

    def _close(self) -> State:
        """Leave a bracket; the triple with it as object comes now, except for a list."""
        closed = self._inside
        self._inside = self._around.pop()
        if closed.heads:
            self._inside.subject = closed.start
            return self._predicate
        if closed.empty:
            self._given.append((self._inside.subject, closed.start))
        return self._next()

    def _next(self) -> State:
        return self._element if self._inside.closing == ")" else self._after


def agreeing(text: str, offsets: Offsets, quads: Sequence[Quad]) -> Offsets:
    """Return the offsets of the quads up to the first that does not match the text."""
    seen = -1
    for number, (quad, subject, object_) in enumerate(
        zip(quads, offsets.subjects, offsets.objects, strict=False)
    ):
        cell = quad.predicate.value in (_RDF + "first", _RDF + "rest")
        if not _writes(text, object_, quad.object, cell):
            return offsets.first(number)
        if subject != seen and not _writes(text, subject, quad.subject, cell):
            return offsets.first(number)
        seen = subject
    return offsets.first(len(quads))


def _writes(text: str, offset: int, term: Term, cell: bool) -> bool:
    """Return whether the text at an offset can be a term; ignores prefixes and base."""
    first = text[offset]
    if isinstance(term, NamedNode):
        if first == "<":
            return _writes_iri(text[offset + 1 : text.find(">", offset)], term.value)
        if first in "()":
            return term.value == _RDF + "nil"
        local = text[offset : name_end(text, offset)].partition(":")[2]
        return term.value.endswith(_ESCAPED.sub(r"\1", local))
    if isinstance(term, Literal):
        value = term.value
        if first not in "\"'":
            return text.startswith(value, offset)
        escapes = "\\" in text[offset : offset + len(value) + 3]
        return escapes or any(text.startswith(value, offset + quote) for quote in (1, 3))
    if isinstance(term, BlankNode):
        return cell or first in "_[("
    return text.startswith("<<(", offset)


def _writes_iri(written: str, iri: str) -> bool:
    relative = ":" not in written or "/." in written
    return written == iri or relative or "\\" in written
