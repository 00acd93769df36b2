"""How deep a text nests and how far it unfolds, looked at before a native parser reads it.

The parsers go by the depth of what they read: triple terms nested some thousand levels end the
whole process, lists and elements nested as deep take minutes. Entities of XML make gigabytes of
a few lines. So a text is held to bounds first, in one pass that needs no recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

#: Brackets, or elements, in one another. What people and tools write stays below a tenth of it.
MAX_DEPTH: Final = 200
#: Characters that the text and the attributes of an XML file with entities may come to.
MAX_UNFOLDED: Final = 64 * 1024 * 1024

# Turtle 1.1, section 6.5, with what TriG and RDF 1.2 add. Each match goes on to the next bracket,
# over strings, IRIs, comments and escaped characters as wholes: brackets in them nest nothing. A
# string without an end ends the text for the parsers too. Nothing that has matched is given back:
# whatever the text, the time is that of one pass.
_TURTLE: Final = re.compile(
    r"""
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
    (?: (?P<opening> << | [\[({] ) | (?P<closing> >> | [\])}] ) )
    """,
    re.VERBOSE | re.DOTALL,
)
_JSON: Final = re.compile(
    r"""
    (?: [^"\[\]{}]++ | " (?: [^"\\]++ | \\. )*+ " )*+
    (?: (?P<opening> [\[{] ) | (?P<closing> [\]}] ) )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Excess:
    """What a text has too much of, and the offset, in code points, at which that begins."""

    reason: str
    offset: int


def excess_in_turtle(text: str) -> Excess | None:
    """Where a text in Turtle, TriG, N-Triples or N-Quads nests too deep; None where it does not.

    >>> excess_in_turtle('x:a x:b ( ( 1 ) "[[[" ) .')
    >>> excess_in_turtle("x:a x:b " + "[ x:b " * 1000)
    Excess(reason='nested deeper than 200 brackets', offset=1208)
    """
    if sum(text.count(bracket) for bracket in ("[", "(", "{", "<<")) <= MAX_DEPTH:
        return None
    return _too_deep(_TURTLE, text)


def excess_in_json(text: str) -> Excess | None:
    """Where a text in JSON nests too deep; None where it does not.

    >>> excess_in_json("[" * 1000)
    Excess(reason='nested deeper than 200 brackets', offset=200)
    """
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return None
    return _too_deep(_JSON, text)


def _too_deep(bracket: re.Pattern[str], text: str) -> Excess | None:
    depth = offset = 0
    while match := bracket.match(text, offset):
        offset = match.end()
        if match["closing"]:
            depth = max(depth - 1, 0)
            continue
        depth += 1
        if depth > MAX_DEPTH:
            reason = f"nested deeper than {MAX_DEPTH} brackets"
            return Excess(reason, match.start("opening"))
    return None


def excess_in_xml(text: str) -> Excess | None:
    """What an XML text has too much of, or where it is no XML; None where all is well.

    Entities that stand for a piece of an IRI, as ontology editors write them, are well. External
    ones are too much: nothing is fetched.

    >>> excess_in_xml("<a>" * 1000)
    Excess(reason='nested deeper than 200 elements', offset=603)
    >>> excess_in_xml("<a></b>").reason
    'no XML: mismatched tag'
    """
    encoded = text.encode()
    reason, at = _Unfolding().of(encoded)
    return None if reason is None else Excess(reason, len(encoded[:at].decode(errors="ignore")))


class _TooMuch(Exception):
    """Ends the reading of an XML text; its one argument says why."""


class _Unfolding:
    """Reads XML only to see how deep it nests and how long its entities make it."""

    def __init__(self) -> None:
        self._depth = 0
        self._unfolded = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity

    def of(self, encoded: bytes) -> tuple[str | None, int]:
        """Why the text cannot be read on, and at which byte; None where it can to its end."""
        reason = None
        try:
            self._parser.Parse(encoded, True)
        except _TooMuch as error:
            reason = str(error)
        except expat.ExpatError as error:
            # Expat has a bound of its own for entities in entities.
            unfolds = "amplification" in expat.ErrorString(error.code)
            reason = _UNFOLDS if unfolds else f"no XML: {expat.ErrorString(error.code)}"
        return reason, self._parser.CurrentByteIndex

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooMuch(f"nested deeper than {MAX_DEPTH} elements")
        if self._parser.CharacterDataHandler is not None:
            self._count("".join(attributes.values()))

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _entity(
        self,
        _name: str,
        is_parameter: bool,
        _value: str | None,
        _base: str | None,
        system_id: str | None,
        _public_id: str | None,
        _notation: str | None,
    ) -> None:
        if system_id is not None or is_parameter:
            raise _TooMuch("an XML entity from elsewhere; nothing is fetched")
        # Only now is the length of the text another one than that of the file.
        self._parser.CharacterDataHandler = self._count

    def _count(self, text: str) -> None:
        self._unfolded += len(text)
        if self._unfolded > MAX_UNFOLDED:
            raise _TooMuch(_UNFOLDS)


_UNFOLDS: Final = "XML entities that unfold to more than can be read"
