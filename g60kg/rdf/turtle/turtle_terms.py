"""IRIs and literals in Turtle syntax, and natural sort order of terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.errors import UsageError

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

# Turtle's PN_PREFIX and PN_LOCAL (Turtle 1.1, section 6.5) without dots, colons and escapes: a
# name that parsers read differently is written as a full IRI.
_LETTERS: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_PREFIX: Final = re.compile(rf"(?:[{_LETTERS}][{_LETTERS}0-9_-]*)?")
_LOCAL: Final = re.compile(rf"[{_LETTERS}0-9_][{_LETTERS}0-9_-]*")
# The canonical lexical forms that Turtle's short forms preserve.
_SHORT: Final = {
    _XSD + "boolean": re.compile("true|false"),
    _XSD + "integer": re.compile("0|-?[1-9][0-9]*"),
    _XSD + "decimal": re.compile(r"(?!-0\.0$)-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
}
# Control characters, line separators and the byte order mark: invisible, or changed by editors.
_UNSEEN: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff"
_ESCAPED: Final = re.compile(rf'["\\{_UNSEEN}]')
_ESCAPED_LONG: Final = re.compile(rf'"(?="|\Z)|(?!\n)[\\{_UNSEEN}]')
_ESCAPES: Final = {
    '"': r"\"",
    "\\": r"\\",
    "\t": r"\t",
    "\r": r"\r",
    "\b": r"\b",
    "\f": r"\f",
}
_NOT_IN_IRI: Final = re.compile(rf'[<>"{{}}|^`\\ {_UNSEEN}]')
#: The number of terms whose text is cached, since many repeat.
_MOST_KEPT: Final = 20_000
_DIGITS: Final = re.compile("([0-9]+)")


class TermWriter:
    """Writes IRIs and literals with prefixes, and records those used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest matching namespace wins; of two prefixes for one namespace, the first.
        self._prefixes = sorted(
            (
                (prefix, namespace)
                for prefix, namespace in prefixes.items()
                if namespace and _PREFIX.fullmatch(prefix)
            ),
            key=lambda pair: (-len(pair[1]), pair),
        )
        self._written: dict[NamedNode | Literal, str] = {}
        self.used: dict[str, str] = {}

    def write(self, term: NamedNode | Literal) -> str:
        """Return a term in Turtle; raises UsageError for a text with a direction (RDF 1.2).

        >>> writer = TermWriter({"xsd": "http://www.w3.org/2001/XMLSchema#"})
        >>> integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
        >>> [writer.write(Literal(digits, datatype=integer)) for digits in ("7", "07")]
        ['7', '"07"^^xsd:integer']
        """
        written = self._written.get(term)
        if written is None:
            written = self._iri(term) if isinstance(term, NamedNode) else self._literal(term)
            if len(self._written) >= _MOST_KEPT:
                self._written.clear()
            self._written[term] = written
        return written

    def _iri(self, term: NamedNode) -> str:
        iri = term.value
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return bracketed(iri)

    def _literal(self, term: Literal) -> str:
        if term.direction is not None:
            raise UsageError(f"A text with a direction is RDF 1.2, not written here: {term}")
        value, datatype = term.value, term.datatype.value
        if (short := _SHORT.get(datatype)) and short.fullmatch(value):
            return value
        if "\n" in value:
            text = f'"""{_ESCAPED_LONG.sub(_escape, value)}"""'
        else:
            text = f'"{_ESCAPED.sub(_escape, value)}"'
        if term.language:
            return f"{text}@{term.language}"
        return text if datatype == _XSD + "string" else f"{text}^^{self.write(term.datatype)}"


def bracketed(iri: str) -> str:
    r"""Return an IRI in angle brackets, with invalid characters escaped.

    >>> print(bracketed("https://example.org/a b"))
    <https://example.org/a\u0020b>
    """
    return f"<{_NOT_IN_IRI.sub(_code_point, iri)}>"


def _code_point(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04X}"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or _code_point(match)


NaturalKey = tuple[list[tuple[int, str]], str]


def natural_key(text: str) -> NaturalKey:
    """Return a sort key that compares the numbers in a text as numbers.

    >>> sorted(["q-10", "q-9", "q-09"], key=natural_key)
    ['q-09', 'q-9', 'q-10']
    """
    # The number of digits, then the digits: int() refuses long numbers.
    key = [
        (len(digits := part.lstrip("0")), digits) if place % 2 else (0, part)
        for place, part in enumerate(_DIGITS.split(text))
    ]
    return key, text
