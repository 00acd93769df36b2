"""Line and column of each triple of a text in Turtle, TriG, N-Triples or N-Quads.

A state machine over tokens follows brackets and punctuation, but no prefixes and no values. Each
quad of the parser is paired with the next pair of offsets, up to the first that does not match:
only the parser decides what a text means. Grammar: Turtle 1.1, section 6.5; TriG 1.1, section 5.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from g60kg.namespaces import PREFIXES

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal
State = Callable[[str, int], "State | None"]

# Accepts more than the grammar where that moves no boundary: the parser reports errors. Only single
# characters repeat, so that no text causes backtracking or a state for each repetition.
_NAME: Final = "A-Za-z0-9_:%.\u0080-\U0010ffff-"
_TOKEN: Final = re.compile(
    rf"""
    [ \t\r\n]*+
    (?: (?P<iri>     <[^<>"{{}}|^`\x00-\x20]*+> )
      | (?P<string>  "[^"\\\r\n]*+"(?!") | '[^'\\\r\n]*+'(?!') )
      | (?P<number>  [+-]? (?: [0-9]++ (?: \.?+[0-9]*+[eE][+-]?[0-9]++ | \.[0-9]++ )?
                             | \.[0-9]++ (?: [eE][+-]?[0-9]++ )? ) )
      | (?P<mark>    <<\( | \^\^ | [.,;(\[\]{{}}] )
      | (?P<name>    [{_NAME}]++ )
      | (?P<quote>   \"\"\" | ''' | ["'] )
      | (?P<at>      @[A-Za-z0-9-]++ )
      | (?P<comment> \#[^\r\n]*+ )
    )""",
    re.VERBOSE,
)
_IRI: Final = r'<[^<>"{}|^`\\\x00-\x20]*+>'
# A triple or a quad of a line format: nearly all that large files have.
_SIMPLE: Final = re.compile(
    rf"""
    [ \t\r\n]*+ (?P<subject> {_IRI} ) [ \t]++ {_IRI} [ \t]++
    (?P<object> {_IRI} | "(?: [^"\\\r\n]++ | \\[^\r\n] )*+" (?: @[A-Za-z0-9-]++ | \^\^{_IRI} )?+ )
    (?: [ \t]++ {_IRI} )?+ [ \t]*+ \.""",
    re.VERBOSE,
)
_NAME_RUN: Final = re.compile(rf"[{_NAME}]*+")
_REST_OF_NAME: Final = re.compile(rf"\\.[{_NAME}]*+", re.DOTALL)
# The next escape, the end of a string, or the end of the line in a short string.
_STRING_STEP: Final = {
    quote: re.compile(rf"\\.|{end}", re.DOTALL)
    for quote, end in (('"', r'["\r\n]'), ("'", r"['\r\n]"), ('"""', '"""'), ("'''", "'''"))
}
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_DIRECTIVES: Final = {"prefix": 2, "base": 1, "version": 1}
# Kinds of tokens; the kind of a punctuation mark, keyword or @word is its own text.
_TERM: Final = "term"
_STRING: Final = "string"  # a language or a datatype may follow
_NUMBER: Final = "number"
_OBJECTS: Final = frozenset((_TERM, _STRING, _NUMBER, "true", "false"))


class Place(NamedTuple):
    """A line and a column, both from 1, in code points."""

    line: int
    column: int


def locate(text: str, rdf_format: RdfFormat, quads: Sequence[Quad]) -> Places:
    """Return the positions of a text's triples; a triple with no certain position has none.

    Triples of JSON-LD and RDF/XML have no positions. In the other formats, none is known after a
    syntax error, a list in parentheses, or a triple term. No text raises an error.

    >>> from pyoxigraph import NamedNode, Triple, parse
    >>> from g60kg.namespaces import A
    >>> songjiang, city = NamedNode("https://x.org/songjiang"), NamedNode("https://x.org/City")
    >>> text = "PREFIX x: <https://x.org/>\\nx:songjiang\\n    a x:District, x:City ."
    >>> places = locate(text, RdfFormat.TURTLE, list(parse(text, RdfFormat.TURTLE)))
    >>> places.of_triple(Triple(songjiang, A, city))
    Place(line=3, column=19)
    >>> places.of_subject(songjiang)
    Place(line=2, column=1)

    Args:
        text: the file's text; a byte order mark at its start does not count as a column.
        rdf_format: one of the six formats of input files.
        quads: the quads of the text, in the parser's order. Blank nodes are found by the labels
            they have there.
    """
    text = text.removeprefix("\ufeff")
    if rdf_format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
        return Places(text, [], ())
    steps = _Steps()
    offset = 0
    while match := _SIMPLE.match(text, offset):
        steps.offsets.append((match.start("subject"), match.start("object")))
        offset = match.end()
    for kind, start in _tokens(text, offset):
        if not steps.take(kind, start):
            break
    return Places(text, _agreeing(text, steps.offsets, quads), quads)


class Places:
    """Looks up the position of a triple or a subject: the first one if there are several."""

    def __init__(
        self, text: str, offsets: Sequence[tuple[int, int]], quads: Sequence[Quad]
    ) -> None:
        self._text = text
        self._offsets = offsets
        self._quads = quads[: len(offsets)]

    def nth(self, number: int) -> Place | None:
        """Return the position of a quad's object, by the quad's number in the parser's order."""
        return self._place(self._offsets[number][1]) if 0 <= number < len(self._offsets) else None

    def of_triple(self, triple: Triple) -> Place | None:
        """Return the position of a triple's object, in any graph; literals as the text has them."""
        number = self._triples.get(triple)
        return None if number is None else self.nth(number)

    def of_subject(self, term: Subject) -> Place | None:
        """Return where the first statement about a node names it, or opens its bracket."""
        offset = self._subjects.get(term)
        return None if offset is None else self._place(offset)

    @cached_property
    def _triples(self) -> dict[Triple, int]:
        numbers: dict[Triple, int] = {}
        for number, quad in enumerate(self._quads):
            numbers.setdefault(quad.triple, number)
        return numbers

    @cached_property
    def _subjects(self) -> dict[Subject, int]:
        first: dict[Subject, int] = {}
        for quad, (offset, _) in zip(self._quads, self._offsets, strict=True):
            first[quad.subject] = min(offset, first.get(quad.subject, offset))
        return first

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)

    @cached_property
    def _lines(self) -> list[int]:
        """The offsets of line starts. A carriage return alone does not end a line."""
        return [0, *(match.end() for match in re.finditer("\n", self._text))]


class _Steps:
    """The states of the walk: each takes a token and returns the next state, or None."""

    def __init__(self) -> None:
        self.offsets: list[tuple[int, int]] = []
        self._state: State = self._statement
        self._subject = 0
        #: For each open bracket: the subject around it, its offset, and whether it is a subject.
        self._around: list[tuple[int, int, bool]] = []
        self._awaited = self._list = 0
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
        self.offsets += reversed(self._given)
        self._given.clear()
        return True

    def _statement(self, kind: str, start: int) -> State | None:
        if kind == _TERM:
            self._subject = start
            return self._predicate
        if kind == "[":
            return self._open(start, is_subject=True)
        word = kind.lower()
        if word.removeprefix("@") in _DIRECTIVES:
            self._awaited = _DIRECTIVES[word.removeprefix("@")]
            return self._dotted_directive if kind.startswith("@") else self._directive
        return self._statement if word in ("graph", "{", "}") else None

    def _directive(self, kind: str, _start: int) -> State | None:
        self._awaited -= 1
        if kind not in (_TERM, _STRING):
            return None
        return self._directive if self._awaited else self._statement

    def _dotted_directive(self, kind: str, _start: int) -> State | None:
        if self._awaited == 0:
            return self._statement if kind == "." else None
        self._awaited -= 1
        return self._dotted_directive if kind in (_TERM, _STRING) else None

    def _predicate(self, kind: str, _start: int) -> State | None:
        if kind in (_TERM, "a"):
            return self._object
        if kind == ";":
            return self._predicate
        if kind == "{" and not self._around:  # the name was a graph's, not a subject's
            return self._statement
        return self._end(kind)

    def _object(self, kind: str, start: int) -> State | None:
        if kind == "[":
            return self._open(start, is_subject=False)
        if kind == _STRING:
            self._string = (self._subject, start)
            return self._after
        if kind == "(":
            self._list = start
            return self._element
        self._given.append((self._subject, start))
        return self._after if kind in _OBJECTS else None

    def _element(self, kind: str, start: int) -> State | None:
        """Expect the first element of a list: the triple with the list comes with it."""
        self._given.append((self._subject, self._list))
        if kind in _OBJECTS and kind != _STRING:
            self._given.append((self._list, start))
        return self._unknown

    def _unknown(self, _kind: str, _start: int) -> State | None:
        return None

    def _after(self, kind: str, _start: int) -> State | None:
        """Expect what follows an object or its string; in N-Quads, maybe a graph."""
        if kind == ",":
            return self._object
        if kind == ";":
            return self._predicate
        if kind == "^^":
            return self._datatype
        return self._after if kind == _TERM or kind.startswith("@") else self._end(kind)

    def _datatype(self, kind: str, _start: int) -> State | None:
        return self._after if kind == _TERM else None

    def _open(self, start: int, is_subject: bool) -> State:
        self._around.append((self._subject, start, is_subject))
        self._subject = start
        return self._predicate

    def _end(self, kind: str) -> State | None:
        """Expect the end of a statement, of a bracket, or of a graph (without ".")."""
        if not self._around:
            return self._statement if kind in (".", "}") else None
        if kind != "]":
            return None
        subject, opened, is_subject = self._around.pop()
        if is_subject:
            self._subject = opened
            return self._predicate
        self._subject = subject
        self._given.append((subject, opened))
        return self._after


def _tokens(text: str, offset: int = 0) -> Iterator[tuple[str, int]]:
    """Yield kind and offset of each token, up to the first invalid one; the last kind is empty.

    >>> list(_tokens('x:a a "b"@en .'))
    [('term', 0), ('a', 4), ('string', 6), ('@en', 9), ('.', 13), ('', 14)]
    """
    while match := _TOKEN.match(text, offset):
        group = str(match.lastgroup)
        start, offset = match.start(group), match.end()
        kind = _TERM
        if group == "name":
            offset = _name_end(text, start)
            name = text[start:offset]
            kind = _TERM if ":" in name else name
        elif group == "quote":
            end = _string_end(text, offset, match[group])
            if end is None:
                offset = start
                break
            kind, offset = _STRING, end
        elif group in (_STRING, _NUMBER):
            kind = group
        elif group in ("mark", "at"):
            kind = match[group]
        if group != "comment":
            yield kind, start
    yield "", offset


def _name_end(text: str, start: int) -> int:
    r"""Return the end of the name or blank node label that starts at an offset.

    >>> _name_end(r"x:a\.. x:b", 0)
    5
    """
    run = _NAME_RUN.match(text, start)
    fixed, end = start + 1, run.end() if run else start
    while rest := _REST_OF_NAME.match(text, end):
        fixed, end = end + 2, rest.end()
    # A dot at the end is the statement's, not the name's.
    while end > fixed and text[end - 1] == ".":
        end -= 1
    return end


def _string_end(text: str, offset: int, quote: str) -> int | None:
    """Return the end of the string whose content starts at an offset; None if it has no end."""
    for step in _STRING_STEP[quote].finditer(text, offset):
        if step[0] == quote:
            return step.end()
        if not step[0].startswith("\\"):
            return None
    return None


def _agreeing(
    text: str, offsets: list[tuple[int, int]], quads: Sequence[Quad]
) -> list[tuple[int, int]]:
    """Return the offsets of the quads up to the first that does not match the text."""
    seen = -1
    for number, (quad, (subject, object_)) in enumerate(zip(quads, offsets, strict=False)):
        if not _writes(text, object_, quad.object):
            return offsets[:number]
        if subject != seen and not _writes(text, subject, quad.subject):
            return offsets[:number]
        seen = subject
    return offsets[: len(quads)]


def _writes(text: str, offset: int, term: Term) -> bool:
    """Return whether the text at an offset can be a term; ignores prefixes and base."""
    first = text[offset]
    if isinstance(term, NamedNode):
        if first == "<":
            written = text[offset + 1 : text.find(">", offset)]
            relative = ":" not in written or "/." in written
            return written == term.value or relative or "\\" in written
        if first == "(":
            return term.value == PREFIXES["rdf"] + "nil"
        local = text[offset : _name_end(text, offset)].partition(":")[2]
        return term.value.endswith(_ESCAPED.sub(r"\1", local))
    if isinstance(term, Literal):
        value = term.value
        if first not in "\"'":
            return text.startswith(value, offset)
        escapes = "\\" in text[offset : offset + len(value) + 3]
        return escapes or any(text.startswith(value, offset + quote) for quote in (1, 3))
    return first in "_[(" if isinstance(term, BlankNode) else text.startswith("<<(", offset)
