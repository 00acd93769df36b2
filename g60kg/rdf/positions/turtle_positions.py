"""Where triples stand in Turtle and its kin: a walk over tokens, in the order of the parser.

The walk knows brackets and punctuation, no prefixes and no values: each quad of the parser is
paired with the next pair of offsets, and the pairing ends where the text does not bear it out.
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

#: Brackets inside brackets, and triple terms inside triple terms, as many as are followed.
DEEPEST: Final = 500
DEEPEST_TERM: Final = 100

_RDF: Final = PREFIXES["rdf"]
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Bracket:
    """What the walk is inside of: a statement, a node in brackets, a list.

    Attributes:
        closing: the mark that ends it.
        start: where its opening mark is.
        subject: where the subject is written that is spoken of; in a list, the cell's element.
        heads: whether it is itself the subject of a statement.
        empty: whether no cell of a list has come in it yet.
    """

    closing: str
    start: int
    subject: int
    heads: bool = False
    empty: bool = True


State = Callable[[str, int], "State | None"]


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a text was followed, and where its triples stand up to there.

    Attributes:
        offsets: those of each quad that the parser gives.
        end: the offset of the first token that was not followed, or of the end.
    """

    offsets: Offsets
    end: int


def walk(text: str) -> Walk:
    """The walk over a text in Turtle, TriG, N-Triples or N-Quads.

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
    """The states of the walk: each takes a token and gives the next state, None at a loss."""

    def __init__(self) -> None:
        self.offsets = Offsets()
        self._state: State = self._statement
        self._inside = _Bracket(".", 0, 0)
        self._around: list[_Bracket] = []
        self._awaited = self._deep = 0
        self._given: list[tuple[int, int]] = []
        self._string: tuple[int, int] | None = None

    def take(self, kind: str, start: int) -> bool:
        """Takes the next token; False where it cannot be followed.

        The parser knows a string's triple only with the token after it, and of several triples
        that come of one token it gives the last one first.
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
        """Before a statement, a directive or a graph."""
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
        if kind == "{" and not self._around:  # what seemed a subject is a graph's name
            return self._statement
        return self._end(kind)

    def _object(self, kind: str, start: int) -> State | None:
        return self._written(kind, start) if kind in _OBJECTS else self._open(kind, start)

    def _written(self, kind: str, start: int) -> State:
        """A term as object of what is spoken of, or as element of a list."""
        if kind == STRING:
            self._string = (self._inside.subject, start)
        else:
            self._given.append((self._inside.subject, start))
        return self._next()

    def _after(self, kind: str, _start: int) -> State | None:
        """After an object or the string of one; in N-Quads a graph may follow it."""
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
        """In a list: an element, its language or datatype, or the list's end."""
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
            # The triple that leads to a list waits for its first element: () has no cell.
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
        """Inside a triple term, which is one object, whatever it holds."""
        self._deep += (kind == "<<(") - (kind == ")>>")
        if self._deep >= 0:
            return self._triple_term if kind and self._deep < DEEPEST_TERM else None
        opened = self._inside.start
        self._inside = self._around.pop()
        self._deep = 0
        return self._written(TERM, opened)

    def _end(self, kind: str) -> State | None:
        """The end of a statement, a node in brackets or a graph, whose last full stop may lack."""
        closing = self._inside.closing
        if kind == "]" == closing:
            return self._close()
        return self._statement if closing == "." and kind in (".", "}") else None

    def _end_of_list(self, start: int) -> State:
        if not self._inside.empty:
            self._given.append((self._inside.subject, start))
        return self._close()

    def _close(self) -> State:
        """Leaves a bracket; the triple that leads to it, but for that to a list, comes now."""
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
    """The offsets of the quads up to the first where the text does not write what was parsed."""
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
    """Whether a term can be what stands there, as far as can be told without prefixes and base."""
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
