"""Line and column of each triple of a text in Turtle, TriG, N-Triples or N-Quads.

The parser gives no positions. So it reads the text again, one token with each request: what it
returns after a token ends there. Only the order of tokens is followed here, no prefixes and no
values. Grammar of tokens: Turtle 1.1, section 6.5.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import IO, Final, NamedTuple, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from g60kg.namespaces import term

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal

# Accepts more than the grammar where that moves no boundary: the parser reports errors. A dot at
# the end of a name is the statement's. Nothing that has matched is given back.
_NAME: Final = "A-Za-z0-9_:%\u0080-\U0010ffff-"
_TOKEN: Final = re.compile(
    rf"""
    [ \t\r\n]*+
    (?: (?P<iri>     <[^<>"{{}}|^`\x00-\x20]*+> )
      | (?P<string>  "{{3}} (?: [^"\\]++ | \\. | "{{1,2}}(?!") )*+ "{{3}}
                   | '{{3}} (?: [^'\\]++ | \\. | '{{1,2}}(?!') )*+ '{{3}}
                   | "(?!"") (?: [^"\\\r\n]++ | \\. )*+ "
                   | '(?!'') (?: [^'\\\r\n]++ | \\. )*+ ' )
      | (?P<number>  [+-]? (?: [0-9]++ (?: \.?+[0-9]*+[eE][+-]?[0-9]++ | \.[0-9]++ )?
                             | \.[0-9]++ (?: [eE][+-]?[0-9]++ )? ) )
      | (?P<mark>    <<\( | \^\^ | [.,;(\[\]{{}}] )
      | (?P<name>    (?: [{_NAME}]++ | \\. | \.++(?=[{_NAME}\\]) )++ )
      | (?P<at>      @[A-Za-z0-9-]++ )
      | (?P<comment> \#[^\r\n]*+ )
    )""",
    re.VERBOSE | re.DOTALL,
)
_LINES: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
#: Directives without a dot at the end, with the number of tokens that follow.
_DIRECTIVES: Final = {"prefix": 2, "base": 1, "version": 1}
#: Tokens after which a statement or a directive begins.
_BOUNDARIES: Final = (".", "{", "}")
_FIRST: Final = term("rdf:first")


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
        quads: the quads of the text, in the parser's order and with its labels of blank nodes.
    """
    text = text.removeprefix("\ufeff")
    if rdf_format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
        return Places(text, [], ())
    feed = _Feed(text, in_lines=rdf_format in _LINES)
    offsets: list[tuple[int, int]] = []
    with suppress(SyntaxError):
        again = parse(cast(IO[bytes], feed), format=rdf_format, rename_blank_nodes=True)
        for known, quad in zip(quads, again, strict=False):
            if not _agree(known, quad):
                break
            offsets.append(feed.offsets_of(quad))
    return Places(text, offsets, quads)


class Places:
    """The positions of the triples and subjects of a text.

    A triple or subject that the text has several times has the position of the first.
    """

    def __init__(
        self, text: str, offsets: Sequence[tuple[int, int]], quads: Sequence[Quad]
    ) -> None:
        self._text = text
        self._offsets = offsets
        self._quads = quads[: len(offsets)]

    def nth(self, number: int) -> Place | None:
        """Return the position of the object of quad ``number``, from 0; None if it is not known."""
        return self._place(self._offsets[number][1]) if 0 <= number < len(self._offsets) else None

    def of_triple(self, triple: Triple) -> Place | None:
        """Return the position of the object of a triple, in any graph; None if it is not known.

        A literal matches only as the text spells it.
        """
        number = self._triples.get(triple)
        return None if number is None else self.nth(number)

    def of_subject(self, term: Subject) -> Place | None:
        """Return the position of a node in its first statement as a subject, or None.

        For a blank node in brackets, it is the position of the opening bracket.
        """
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
        """The offsets of line starts; a carriage return alone does not end a line."""
        return [0, *(match.end() for match in re.finditer("\n", self._text))]


class _Feed:
    """A text for the parser, with the offsets of what it has read last."""

    def __init__(self, text: str, *, in_lines: bool) -> None:
        self._pieces = self._tokens(text)
        self._in_lines = in_lines
        self._rest = b""
        self._kind = self._token = ""
        self._at = self._string = self._opened = self._subject = 0
        #: The offsets of the first tokens of a statement.
        self._statement: list[int] = []
        #: The subjects around the open brackets.
        self._around: list[int] = []
        #: The offsets of the subject and the parenthesis of a list.
        self._list: tuple[int, int] | None = None

    def read(self, size: int) -> bytes:
        """Return bytes of one token; no bytes at the end."""
        if not self._rest and (token := next(self._pieces, "")):
            # Followed by white space, so that the parser knows its end.
            self._rest = (token + ("\n" if token == "." else " ")).encode(errors="replace")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def offsets_of(self, quad: Quad) -> tuple[int, int]:
        """Return the offsets of subject and object of a quad that the last token completed."""
        if self._in_lines:
            return self._statement[0], self._statement[2]
        if self._list is not None:
            return (self._list[1], self._at) if quad.predicate == _FIRST else self._list
        is_short = self._kind == "number" or self._token in ("true", "false")
        if isinstance(quad.object, Literal) and not is_short:
            # The parser completes a string's triple at the next token that is no part of it.
            return self._opened if self._token == "]" else self._subject, self._string
        return self._subject, self._opened if self._token == "]" else self._at

    def _tokens(self, text: str) -> Iterator[str]:
        """Yield the tokens before an invalid one or a triple term.

        At a list in parentheses, the token after the opening parenthesis is the last one.
        """
        offset = awaited = 0
        while (match := _TOKEN.match(text, offset)) and match["mark"] != "<<(":
            offset = match.end()
            if match["comment"]:
                continue
            if self._token in _BOUNDARIES:
                self._statement.clear()
            self._kind = str(match.lastgroup)
            self._at, self._token = match.start(self._kind), match[self._kind]
            if awaited:
                awaited -= 1
            elif not self._statement and self._token.lower() in _DIRECTIVES:
                awaited = _DIRECTIVES[self._token.lower()]
            elif len(self._statement) < 3:
                self._statement.append(self._at)
                self._subject = self._subject if self._statement[1:] else self._at
            is_last = self._list is not None
            if self._token == "(":
                self._list = self._list or (self._subject, self._at)
            elif self._token == "[":
                self._around.append(self._subject)
                self._subject = self._at
            elif self._token == "]" and self._around:
                self._opened, self._subject = self._subject, self._around.pop()
            elif self._kind == "string":
                self._string = self._at
            yield self._token
            if is_last:
                return


def _agree(known: Quad, quad: Quad) -> bool:
    """Return whether two quads are equal except for blank nodes' labels and the graph."""
    pairs = ((known.subject, quad.subject), (known.object, quad.object))
    return known.predicate == quad.predicate and all(
        one == other or (isinstance(one, BlankNode) and isinstance(other, BlankNode))
        for one, other in pairs
    )
