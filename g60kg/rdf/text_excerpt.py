"""Escaping and shortening of untrusted text for terminals, messages, spreadsheets and XML."""

import re
from collections.abc import Sequence
from typing import Final

#: The maximum characters of a name in a message.
LONGEST_NAME: Final = 80

#: Characters that XML has no way to write, not even as a character reference (section 2.2).
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Characters that act on a terminal or on the order of the text around them: controls (except
#: line feed and tab), line separators, marks and overrides of the writing direction, the byte order
#: mark. Also surrogates: Python's form of bytes that are not UTF-8.
_ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
#: First characters of formulas, also of other widths (OWASP, "CSV Injection"). Spreadsheets
#: drop a tab or a line break before them. A signed number is no formula.
_FORMULA: Final = re.compile(
    r"(?![-+－＋]?[\d.,%\s]+(?:[eE][-+]?\d+)?$)[=+\-@\t\r\n＝＋－＠﹦﹢﹣﹫]"
)
#: What may be before that sign: spaces, line separators, characters without width.
_BEFORE: Final = (
    " ;\t\r\n\x0b\x0c\x85\u00a0\u2028\u2029\u3000\u00ad\u061c\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
#: Where a cell may begin: where commas are decimal, semicolons separate cells, and quotation marks
#: that are not at the beginning of such a cell do not protect the rest.
_CELL: Final = re.compile(r"(?<=[;\t\r\n])")
#: A path or another word, without the marks after it, that is longer than most paths.
_LONG_WORD: Final = re.compile(r"""\S{400,}?(?=[.,:;'"”)]*(?:\s|$))""")
#: The most characters of a message, and how many of them are its end.
_LONGEST_MESSAGE: Final = 900
_END: Final = 300
_BYTES: Final = range(0xDC80, 0xDD00)


def is_unicode(text: str) -> bool:
    """Return whether a text has no surrogates, which an RDF term cannot contain."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def formula_sign(text: str) -> str:
    """Return the sign for which a spreadsheet evaluates a part of a text as a formula.

    A tab or a line break at the start of a text that is no number counts as such a sign.
    The result is empty if there is no sign.

    >>> formula_sign("=1+1"), formula_sign("＠SUM(1)"), formula_sign("x; =1"), formula_sign("-5 %")
    ('=', '＠', '=', '')
    """
    return next((sign for cell in (text, *_CELL.split(text)) if (sign := _cell_sign(cell))), "")


def _cell_sign(cell: str) -> str:
    starts = (cell.lstrip(_BEFORE), cell)
    return next((start[0] for start in starts if _FORMULA.match(start)), "")


def without_formulas(text: str) -> str:
    """Return the text with an apostrophe before each part that a spreadsheet would evaluate.

    >>> without_formulas("=1+1"), without_formulas("x;=1;-2"), without_formulas("a = b; c")
    ("'=1+1", "x;'=1;-2", 'a = b; c')
    """
    cells = "".join(f"'{cell}" if _cell_sign(cell) else cell for cell in _CELL.split(text))
    return f"'{text}" if cells == text and _cell_sign(text) else cells


def first_of(names: Sequence[object], most: int) -> str:
    """Return the first ``most`` names, separated by commas, and the number of the others.

    >>> first_of("abc", 2), first_of("ab", 2)
    ('a, b and 1 more', 'a, b')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more


def plural(count: float) -> str:
    """Return the plural ending of an English noun after a count: empty for 1, else "s".

    >>> f"1 quad{plural(1)}, 0 quad{plural(0)}"
    '1 quad, 0 quads'
    """
    return "" if count == 1 else "s"


def escaped(text: str) -> str:
    r"""Return the text, with escapes in place of the characters that act on a terminal.

    They include control characters except tab and line feed, and characters that change the order
    of the text. A surrogate is escaped too.

    >>> print(escaped("red\x1b[31m"), escaped("caf\udce9"))
    red\x1b[31m caf\xe9
    """
    return _ACTING.sub(_escape, text) if _ACTING.search(text) else text


def visible(text: str) -> str:
    r"""Return the escaped text, with a line feed for each CR LF and a space for each tab.

    >>> print(visible("red\x1b[31m, a tab\t."))
    red\x1b[31m, a tab .
    """
    return escaped(text.replace("\r\n", "\n").replace("\t", " "))


def on_a_line(text: str) -> str:
    r"""Return the visible text on one line, so that input cannot imitate a line of output.

    Blank lines are left out.

    >>> on_a_line("Hangzhou\n\nConforms.")
    'Hangzhou Conforms.'
    """
    return visible(" ".join(line for line in text.splitlines() if line.strip()))


def excerpt(text: str, limit: int = LONGEST_NAME) -> str:
    r"""Return at most ``limit`` characters of a text, escaped as by :func:`visible`.

    A longer text ends with an ellipsis, which counts. Escapes can make the result longer.

    >>> excerpt("Yangtze River Delta", 8)
    'Yangtze…'
    >>> excerpt("a\x1b[2Jb", 20)
    'a\\x1b[2Jb'
    """
    return visible(text if len(text) <= limit else text[: limit - 1] + "…")


def shortened(message: str) -> str:
    """Return a message in which each word of 400 or more characters is shortened.

    If the message is still longer than 900 characters, its middle is left out.

    >>> shortened(f"{'a' * 900}: File name too long") == f"{'a' * 79}…: File name too long"
    True
    >>> shortened("a b " * 1000 + "is a folder.")[-16:], len(shortened("a b " * 1000))
    ('a b is a folder.', 900)
    """
    text = _LONG_WORD.sub(lambda match: excerpt(match[0]), message)
    if len(text) <= _LONGEST_MESSAGE:
        return text
    return f"{text[: _LONGEST_MESSAGE - _END - 1]}…{text[-_END:]}"


def visible_json(written: str) -> str:
    r"""Return equivalent JSON text in which no character acts on a terminal.

    >>> print(visible_json('"a\x9bb"'))
    "a\u009bb"
    """
    return _ACTING.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _escape(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\x{point - 0xDC00:02x}" if point in _BYTES else ascii(match[0])[1:-1]
