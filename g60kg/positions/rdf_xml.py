"""RDF/XML with a mark beside each property, by which the place of its triple is found.

A triple's place is the start of the element that gives it: the property element, or the node
element for its type and the properties that are its attributes (RDF 1.1 XML Syntax, section 7.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from xml.parsers import expat

from g60kg.namespaces import PREFIXES
from g60kg.positions.marks import DEEPEST, free_of_marks, mark

_RDF: Final = PREFIXES["rdf"]
_TAG: Final = re.compile(
    rb"""<(?P<name>[^\s/>=]++)
    (?P<attributes>(?:\s++[^\s=>]++\s*+=\s*+(?:"[^"]*+"|'[^']*+'))*)
    \s*+(?P<empty>/?)>""",
    re.VERBOSE,
)
_ATTRIBUTE: Final = re.compile(rb"""([^\s=]++)\s*+=\s*+(?:"[^"]*+"|'[^']*+')""")
#: Attributes of RDF's own that give no triple of the node.
_SYNTAX: Final = frozenset(
    _RDF + name
    for name in ("about", "aboutEach", "bagID", "datatype", "ID", "nodeID", "parseType", "resource")
)


class _Kind(Enum):
    """What an element is, which alternates from one level to the next."""

    DOCUMENT = auto()  # rdf:RDF, or what the whole text stands in
    NODE = auto()
    PROPERTY = auto()
    RESOURCE = auto()  # a property element that is a node too, by rdf:parseType
    LITERAL = auto()  # a property element that holds XML, and that XML


@dataclass(slots=True)
class _Element:
    """An element that the walk is in.

    Attributes:
        kind: what it is.
        name: as it is written.
        start: where it starts, in code points.
        empty: whether it is one tag alone.
        end: the byte after its first tag.
        members: how many ``rdf:li`` it has so far.
    """

    kind: _Kind
    name: str
    start: int
    empty: bool
    end: int
    members: int = 0


def marked(text: str) -> str | None:
    """The text with its marks; None where it nests too deep or hides elements in entities."""
    if not free_of_marks(text):
        return None
    try:
        walk = _Walk(text.encode())
        # What is no XML: as far as it goes.
        with suppress(expat.ExpatError):
            walk.run()
    except ValueError:
        return None
    return walk.written()


class _Walk:
    """The way through a text, and what is to take the place of which bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._elements = [_Element(_Kind.DOCUMENT, "", 0, False, 0)]
        self._changes: list[tuple[int, int, str]] = []
        self._counted = (0, 0)
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close

    def run(self) -> None:
        """Walks through the text; raises ExpatError where it is no XML."""
        self._parser.Parse(self._content, True)

    def written(self) -> str:
        """The text with the changes."""
        parts, done = [], 0
        for start, end, change in self._changes:
            parts += [self._content[done:start], change.encode()]
            done = end
        return b"".join((*parts, self._content[done:])).decode()

    def _open(self, name: str, attributes: list[str]) -> None:
        byte = self._parser.CurrentByteIndex
        tag = _TAG.match(self._content, byte)
        if tag is None or len(self._elements) > DEEPEST:
            raise ValueError("no tag of this text, or too deep")
        expanded = name.replace(" ", "")
        pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
        kind = self._kind(expanded, pairs.get(f"{_RDF} parseType"))
        start, empty = self._code_points(byte), bool(tag["empty"])
        element = _Element(kind, tag["name"].decode(), start, empty, tag.end())
        if kind is _Kind.NODE:
            marks = "".join(self._of_node(expanded, list(pairs), tag["attributes"], start))
            if marks and empty:
                self._changes.append((tag.start("empty"), tag.end(), f">{marks}</{element.name}>"))
            elif marks:
                self._changes.append((tag.end(), tag.end(), marks))
        elif expanded == _RDF + "li" and kind is not _Kind.DOCUMENT:
            # As its own mark, rdf:li would count as one more member.
            around = self._elements[-1]
            around.members += 1
            element.name = element.name.removesuffix("li") + f"_{around.members}"
        self._elements.append(element)

    def _close(self, _name: str) -> None:
        element = self._elements.pop()
        around = self._elements[-1]
        if element.kind in (_Kind.NODE, _Kind.DOCUMENT) or around.kind is _Kind.LITERAL:
            return
        byte = self._parser.CurrentByteIndex
        end = element.end if element.empty else self._content.index(b">", byte) + 1
        self._changes.append((end, end, _marked(element.name, element.start, around.start)))

    def _kind(self, name: str, parse_type: str | None) -> _Kind:
        around = self._elements[-1].kind
        if around is _Kind.DOCUMENT:
            first = len(self._elements) == 1
            return _Kind.DOCUMENT if first and name == _RDF + "RDF" else _Kind.NODE
        if around is _Kind.PROPERTY:
            return _Kind.NODE
        if around is _Kind.LITERAL or parse_type not in (None, "Resource", "Collection"):
            return _Kind.LITERAL
        return _Kind.RESOURCE if parse_type == "Resource" else _Kind.PROPERTY

    def _of_node(
        self, name: str, attributes: list[str], written: bytes, start: int
    ) -> Iterator[str]:
        """The marks of a node element's type and of the properties among its attributes."""
        if name != _RDF + "Description":
            yield _marked("x-g60kg:type", start, start)
        names = [one for one in _ATTRIBUTE.findall(written) if not one.startswith(b"xmlns")]
        # A document type can add attributes that stand nowhere: their triples get no place.
        for expanded, one in zip(attributes, names, strict=False):
            if " " in expanded and expanded.replace(" ", "") not in _SYNTAX:
                yield _marked(one.decode(), start, start)

    def _code_points(self, byte: int) -> int:
        """The offset in code points of a byte that no earlier call went past."""
        bytes_before, points_before = self._counted
        points = points_before + len(self._content[bytes_before:byte].decode())
        self._counted = (byte, points)
        return points


def _marked(name: str, value: int, subject: int) -> str:
    return f'<{name} xmlns:x-g60kg="{_RDF}" x-g60kg:resource="{mark(value, subject)}"/>'
