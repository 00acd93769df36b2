"""Tokenizer for Turtle, TriG, N-Triples and N-Quads that yields offsets, not values.

Turtle 1.1, section 6.5; TriG 1.1, section 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

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
      | (?P<mark>    <<\( | \)>> | \^\^ | [.,;()\[\]{{}}] )
      | (?P<name>    [{_NAME}]++ )
      | (?P<quote>   \"\"\" | ''' | ["'] )
      | (?P<at>      @[A-Za-z0-9-]++ )
      | (?P<comment> \#[^\r\n]*+ )
    )""",
    re.VERBOSE,
)
_NAME_RUN: Final = re.compile(rf"[{_NAME}]*+")
_REST_OF_NAME: Final = re.compile(rf"\\.[{_NAME}]*+", re.DOTALL)
# The next escape, the end of a string, or the end of the line in a short string.
_STRING_STEP: Final = {
    quote: re.compile(rf"\\.|{end}", re.DOTALL)
    for quote, end in (('"', r'["\r\n]'), ("'", r"['\r\n]"), ('"""', '"""'), ("'''", "'''"))
}

#: Kinds of tokens; the kind of a punctuation mark, keyword or @word is its own text.
TERM: Final = "term"
STRING: Final = "string"  # a language or a datatype may follow
NUMBER: Final = "number"
Token = tuple[str, int]


def tokens(text: str) -> Iterator[Token]:
    """Yield kind and offset of each token, up to the first invalid one.

    The last kind is empty, with the offset of the invalid token or of the text's end.

    >>> list(tokens('x:a a "b"@en .'))
    [('term', 0), ('a', 4), ('string', 6), ('@en', 9), ('.', 13), ('', 14)]
    """
    offset = 0
    while match := _TOKEN.match(text, offset):
        group = str(match.lastgroup)
        start, offset = match.start(group), match.end()
        kind = TERM
        if group == "name":
            offset = name_end(text, start)
            name = text[start:offset]
            kind = TERM if ":" in name else name
        elif group == "quote":
            end = string_end(text, offset, match[group])
            if end is None:
                offset = start
                break
            kind, offset = STRING, end
        elif group in (STRING, NUMBER):
            kind = group
        elif group in ("mark", "at"):
            kind = match[group]
        if group != "comment":
            yield kind, start
    yield "", offset


def name_end(text: str, start: int) -> int:
    r"""Return the end of the name or blank node label that starts at an offset.

    >>> name_end(r"x:a\.. x:b", 0)
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


def string_end(text: str, offset: int, quote: str) -> int | None:
    """Return the end of the string whose content starts at an offset; None if it has no end."""
    for step in _STRING_STEP[quote].finditer(text, offset):
        if step[0] == quote:
            return step.end()
        if not step[0].startswith("\\"):
            return None
    return None
