"""Depth and expansion of a text, checked before a native parser reads it.

The parsers recurse: triple terms nested some thousand levels end the process, lists and elements
nested as deep take minutes. They also copy a long prefix into each term and expand the entities of
XML, used or not, so that a file of 120 kB needs gigabytes. The checks take one pass, and do not
recurse.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from pyoxigraph import QueryResultsFormat, RdfFormat

from g60kg.rdf.input_limits import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ENTITY,
    MAX_IRI,
    MAX_LITERAL,
    MAX_UNFOLDED,
    MAX_VARIABLES,
)

# Turtle 1.1, section 6.5, with what TriG and RDF 1.2 add. Each match goes on to the next bracket,
# over strings, IRIs, comments and escaped characters as wholes: brackets in them nest nothing. A
# string without an end ends the text for the parsers too. Nothing that has matched is given back:
# whatever the text, the time is that of one pass.
_TURTLE_TOKENS: Final = r"""
    (?: [^"'<>#\\\[\](){}]++
      | < [^<>"{}|^`\x00-\x20]*+ >
      | "{3} (?: [^"\\]++ | \\. | "{1,2}(?!") )*+ "{3}
      | '{3} (?: [^'\\]++ | \\. | '{1,2}(?!') )*+ '{3}
      | "(?!"") (?: [^"\\\n\r]++ | \\. )*+ "
      | '(?!'') (?: [^'\\\n\r]++ | \\. )*+ '
      | \#[^\n\r]*+
      | \\.
      | <(?!<) | >(?!>)
    )*+
    """
_TURTLE_BRACKET: Final = r"(?: (?P<opening> << | [\[({] ) | (?P<closing> >> | [\])}] ) )"
_LONG_IRI: Final = rf"""<[^<>"{{}}|^`\x00-\x20]{{{MAX_IRI + 1},}}+>"""
# The value of @vocab, @base or a prefix, which each key that uses it repeats, or another IRI.
_LONG_JSON_IRI: Final = rf"""(?<!\\)"[A-Za-z][A-Za-z0-9+.-]*+:[^\s"<>{{}}|^`]{{{MAX_IRI},}}+"""
# An object without others in it is one token, and so is a row of such: most of an endpoint's reply.
_JSON_TEXT: Final = r'''[^"\[\]{}]++ | " (?: [^"\\]++ | \\. )*+ "'''
_JSON_FLAT: Final = rf"\{{ (?: {_JSON_TEXT} )*+ \}}"
_JSON_TOKENS: Final = (
    rf"(?: {_JSON_TEXT} | {_JSON_FLAT} | \{{ (?: {_JSON_TEXT} | {_JSON_FLAT} )*+ \}} )*+"
)
_JSON_BRACKET: Final = r"(?: (?P<opening> [\[{] ) | (?P<closing> [\]}] ) )"
_FLAGS: Final = re.VERBOSE | re.DOTALL
_IRI: Final = re.compile(_LONG_IRI.encode())
_JSON_IRI: Final = re.compile(_LONG_JSON_IRI.encode())
# The only arrays of strings in a result are those of its head; a key is followed by no comma.
_JSON_STRING: Final = r"""\s*+"(?:[^"\\]++|\\.)*+"\s*+"""
_JSON_VARIABLES: Final = re.compile(
    rf"\[(?:{_JSON_STRING},){{{MAX_VARIABLES}}}{_JSON_STRING}[,\]]".encode(), re.DOTALL
)
_LINES: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
# At the end of a piece, without a bracket. All that matters is ASCII.
_TURTLE_PIECE: Final = re.compile(f"{_TURTLE_TOKENS}{_TURTLE_BRACKET}?".encode(), _FLAGS)
_JSON_PIECE: Final = re.compile(f"{_JSON_TOKENS}{_JSON_BRACKET}?".encode(), _FLAGS)


@dataclass(frozen=True, slots=True)
class Excess:
    """The limit that a text exceeds, or why it is not well-formed XML, and where.

    ``offset`` is in the unit of the function that returns it.
    """

    reason: str
    offset: int
    malformed: bool = False


def excess_in(text: str, rdf_format: RdfFormat) -> Excess | None:
    """Return where an RDF text exceeds a limit or is not well-formed XML; None if it does neither.

    The offset is in code points, and ``malformed`` is always False. Entities that represent a part
    of an IRI are within the limits. External ones are not.

    >>> excess_in('x:a x:b ( ( 1 ) "[[[" ) .', RdfFormat.TURTLE)
    >>> excess_in("x:a x:b " + "[ x:b " * 1000, RdfFormat.TURTLE)
    Excess(reason='nested deeper than 200 brackets', offset=1208, malformed=False)
    >>> excess_in("<a></b>", RdfFormat.RDF_XML).reason
    'no XML: mismatched tag'
    """
    encoded = text.encode(errors="replace")
    # A text is checked as a whole, also one in lines.
    whole = RdfFormat.TURTLE if rdf_format in _LINES else rdf_format
    excess = limit_check(whole).of(encoded, last=True)
    if excess is None:
        return None
    return Excess(excess.reason, len(encoded[: excess.offset].decode(errors="ignore")))


def limit_check(format_: RdfFormat | QueryResultsFormat) -> BracketCount | XmlCount:
    """Return a check of the limits of a text (depth, length of IRIs …); ``of`` gets each piece."""
    if format_ in (RdfFormat.RDF_XML, QueryResultsFormat.XML):
        return XmlCount(result=format_ == QueryResultsFormat.XML)
    return BracketCount(format_)


class BracketCount:
    """The depth of a text in Turtle's family or in JSON that is given in pieces.

    In N-Triples and N-Quads no statement continues after the end of a line.
    """

    def __init__(self, format_: RdfFormat | QueryResultsFormat) -> None:
        json = format_ in (RdfFormat.JSON_LD, QueryResultsFormat.JSON)
        self._bracket = _JSON_PIECE if json else _TURTLE_PIECE
        self._by_line = format_ in _LINES
        self._too_much = {
            RdfFormat.JSON_LD: (_JSON_IRI, _TOO_LONG),
            QueryResultsFormat.JSON: (_JSON_VARIABLES, _TOO_MANY_VARIABLES),
        }.get(format_)
        self._prefixes = PrefixLengths() if format_ == RdfFormat.JSON_LD else None
        self._depth = 0
        self._rest = b""

    def of(self, piece: bytes, *, last: bool) -> Excess | None:
        """Return the limit that the text exceeds in this piece; None if it is within all limits.

        The offset is in bytes of the piece. It is negative if the excess begins in an earlier
        piece. Pieces of Turtle's family must end with a line end. ``last`` says that no piece
        follows.

        >>> count = BracketCount(RdfFormat.TURTLE)
        >>> count.of(b"x:a x:b " + b"[ x:b " * 150, last=False)
        >>> count.of(b"[ x:b " * 150, last=True)
        Excess(reason='nested deeper than 200 brackets', offset=300, malformed=False)
        """
        if self._by_line:
            # A line of these nests by triple terms alone; where there are few there is no depth.
            if piece.count(b"<<") <= MAX_DEPTH:
                return None
            self._depth = 0
        text = self._rest + piece
        offset = 0
        if self._bracket is _TURTLE_PIECE and not self._by_line and (iri := _IRI.search(piece)):
            return Excess(_TOO_LONG, iri.start())
        if self._too_much is not None and (found := self._too_much[0].search(text)):
            return Excess(self._too_much[1], found.start() - len(self._rest))
        if self._prefixes is not None and (at := self._prefixes.too_long(piece)) is not None:
            return Excess(_TOO_LONG, at)
        while match := self._bracket.match(text, offset):
            if match["opening"]:
                self._depth += 1
                if self._depth > MAX_DEPTH:
                    reason = f"nested deeper than {MAX_DEPTH} brackets"
                    return Excess(reason, match.start("opening") - len(self._rest))
            elif match["closing"]:
                self._depth = max(self._depth - 1, 0)
            else:
                offset = match.end()
                break
            offset = match.end()
        known, rest = len(self._rest), text[offset:]
        # An open literal is kept for the next piece; any other that has no end ends the text.
        opened = rest.startswith((b'"""', b"'''")) or (self._bracket is _JSON_PIECE and rest)
        self._rest = rest if opened and not last else b""
        if len(self._rest) > MAX_LITERAL:
            return Excess(f"a literal longer than {MAX_LITERAL:,} bytes", offset - known)
        return None


_TOO_LONG: Final = f"an IRI longer than {MAX_IRI:,} characters"
_TOO_MANY_VARIABLES: Final = f"more than {MAX_VARIABLES:,} variables"


class _TooMuch(Exception):
    """Ends the parsing of an XML text; its one argument is the reason."""


class XmlCount:
    """The depth and the expanded length of an XML text that is given in pieces.

    The value of an entity must be plain text, declared once and not in a comment, since
    pyoxigraph's parser expands it even if nothing uses it. In a query result, the variables are
    counted too.
    """

    def __init__(self, *, result: bool = False) -> None:
        self._variables_left = MAX_VARIABLES if result else None
        self._depth = 0
        self._unfolded = 0
        self._fed = 0
        self._in_doctype = self._has_doctype = False
        self._declared = self._written = 0
        self._end_of_piece = b""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype_starts
        self._parser.EndDoctypeDeclHandler = self._doctype_ends
        self._parser.EntityDeclHandler = self._entity

    def of(self, piece: bytes, *, last: bool) -> Excess | None:
        """Return why the text cannot be parsed after this piece; None if it can.

        The offset is in bytes of the piece. ``last`` says that no piece follows.
        """
        before, self._fed = self._fed, self._fed + len(piece)
        seen = self._end_of_piece + piece
        self._written += seen.count(_DECLARATION)
        self._end_of_piece = seen[1 - len(_DECLARATION) :]
        try:
            self._parser.Parse(piece, last)
            # The declaration at the end of a piece may be incomplete.
            if self._has_doctype and self._written > self._declared + self._in_doctype:
                raise _TooMuch("an XML entity declared twice, or in a comment")
            return None
        except _TooMuch as error:
            reason, malformed = str(error), False
        except expat.ExpatError as error:
            # Expat has a bound of its own for entities in entities.
            malformed = "amplification" not in expat.ErrorString(error.code)
            reason = f"no XML: {expat.ErrorString(error.code)}" if malformed else _UNFOLDS
        return Excess(reason, self._parser.CurrentByteIndex - before, malformed)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooMuch(f"nested deeper than {MAX_DEPTH} elements")
        if self._variables_left is not None and name.rpartition(":")[2] == "variable":
            self._variables_left -= 1
            if self._variables_left < 0:
                raise _TooMuch(_TOO_MANY_VARIABLES)
        if len(attributes) > MAX_ATTRIBUTES:
            raise _TooMuch(f"an XML element with more than {MAX_ATTRIBUTES:,} attributes")
        for attribute, value in attributes.items():
            if len(value) > MAX_IRI and _IRI_ATTRIBUTE.search(attribute):
                raise _TooMuch(_TOO_LONG)
            if self._declared:
                self._count(value)

    def _doctype_starts(self, *_: object) -> None:
        self._in_doctype = self._has_doctype = True

    def _doctype_ends(self) -> None:
        self._in_doctype = False

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _entity(self, _name: str, is_parameter: bool, value: str | None, *ids: str | None) -> None:
        _base, system_id, _public_id, _notation = ids
        if system_id is not None or is_parameter:
            raise _TooMuch("an XML entity from elsewhere; nothing is fetched")
        if value is not None and len(value) > MAX_ENTITY:
            raise _TooMuch(f"an XML entity longer than {MAX_ENTITY:,} characters")
        if value is not None and _NOT_PLAIN.search(value):
            raise _TooMuch("an XML entity that contains markup or another entity")
        self._declared += 1
        # Only now can the text be longer than the file.
        self._parser.CharacterDataHandler = self._count

    def _count(self, text: str) -> None:
        self._unfolded += len(text)
        # A large file has much text of its own, beside what its entities make of it.
        if self._unfolded > MAX_UNFOLDED + self._fed:
            raise _TooMuch(_UNFOLDS)


_DECLARATION: Final = b"<!ENTITY"
_NOT_PLAIN: Final = re.compile("<|&(?!#|(?:amp|lt|gt|quot|apos);)")
#: Attributes that are IRIs or tags, which pyoxigraph's parser repeats in each term below them.
_IRI_ATTRIBUTE: Final = re.compile("^xmlns|:(?:base|lang|about|ID|nodeID|resource|datatype)$")
_UNFOLDS: Final = "XML entities that unfold to more than can be read"


_TEXT: Final = r'(?:[^"\\\s]|\\.)*+'
_DEFINITION: Final = re.compile(
    rf'"(?P<name>(?:[^"\\:\s]|\\.)++)"\s*+:\s*+(?:\{{[^{{}}]*?"@id"\s*+:\s*+)?'
    rf'"(?P<prefix>(?:[^"\\:\s]|\\.)*+):(?P<rest>{_TEXT})"'.encode()
)
#: Bytes of a piece that are read again with the next one, for a definition that spans both.
_OVERLAP: Final = 2 * MAX_IRI


class PrefixLengths:
    """The lengths of the IRIs that a JSON-LD text, given in pieces, defines for prefixes.

    The length of a prefix that is defined by another prefix counts as expanded.
    """

    def __init__(self) -> None:
        self._lengths: dict[bytes, int] = {}
        self._users: dict[bytes, dict[bytes, int]] = defaultdict(dict)
        self._end = b""

    def too_long(self, piece: bytes) -> int | None:
        """Return the offset of a definition that makes an IRI too long; else None.

        The offset is in bytes of the piece, and negative if the definition began in an earlier
        piece.

        >>> text = b'{"b": "a:%s/", "a": "urn:%s"}' % (b"x" * 5000, b"x" * 5000)
        >>> lengths = PrefixLengths()
        >>> lengths.too_long(text[:6000]), lengths.too_long(text[6000:])
        (None, -987)
        """
        text = self._end + piece
        known = len(self._end)
        for found in _DEFINITION.finditer(text):
            rest = len(found["rest"])
            users = self._users[found["prefix"]]
            users[found["name"]] = max(rest, users.get(found["name"], 0))
            length = self._lengths.get(found["prefix"], len(found["prefix"])) + rest
            if self._exceeds(found["name"], length):
                return found.start() - known
        self._end = text[-_OVERLAP:]
        return None

    def _exceeds(self, name: bytes, length: int) -> bool:
        waiting = [(name, length)]
        while waiting:
            name, length = waiting.pop()
            if length > MAX_IRI:
                return True
            if length > self._lengths.get(name, 0):
                self._lengths[name] = length
                waiting += [(user, length + rest) for user, rest in self._users[name].items()]
        return False
