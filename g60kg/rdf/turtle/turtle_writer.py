"""Blocks of canonical Turtle, laid out for readers: the same graph gives the same text.

The order of the triples and the labels of blank nodes make no difference. Subjects are
grouped by prefix, in natural order; an ontology's header comes first. A blank node that
is used once is written where it is used, an RDF list as a list. Every subject begins a
line, and so does each of its predicates except `a`: two versions differ only in the lines
that changed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.errors import FormatCannotHold
from g60kg.rdf.text_excerpt import excerpt
from g60kg.rdf.turtle.blank_nodes import order_blank_nodes

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
_ESCAPES: Final = {'"': r"\"", "\\": r"\\", "\t": r"\t", "\r": r"\r", "\b": r"\b", "\f": r"\f"}
_NOT_IN_IRI: Final = re.compile(rf'[<>"{{}}|^`\\ {_UNSEEN}]')
#: The number of terms whose text is cached, since many repeat.
_MOST_KEPT: Final = 20_000
_DIGITS: Final = re.compile("([0-9]+)")


class TermWriter:
    """Writes IRIs and literals with prefixes."""

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
        """Return a term in Turtle; raise FormatCannotHold for a text with a direction (RDF 1.2).

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
            text = excerpt(str(term))
            raise FormatCannotHold(f"A text with a direction is RDF 1.2, not written here: {text}")
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


#: The maximum length of a nested node or list on one line.
ONE_LINE: Final = 72
#: The maximum depth of nesting; a deeper node gets a label, since parsers recurse.
DEEPEST: Final = 24

_INDENT: Final = "    "
_FIRST, _REST, _NIL = ns.term("rdf:first"), ns.term("rdf:rest"), ns.term("rdf:nil")
_ONTOLOGY: Final = ns.term("owl:Ontology")

Term = NamedNode | BlankNode | Literal | Triple
Node = NamedNode | BlankNode
#: A predicate in Turtle, and its objects in order.
Line = tuple[str, list[Term]]


class Group(NamedTuple):
    """A group of subjects in a document; groups are written in order.

    Attributes:
        rank: 0 for ontologies, 1 for the subjects of a prefix, 2 for all others.
        prefix: the prefix with its colon, for rank 1; else empty.
    """

    rank: int
    prefix: str

    @property
    def comment(self) -> str:
        """The comment line above the group; empty for the group of ontologies."""
        return f"\n# {self.prefix or 'other'}\n" if self.rank else ""


class Block(NamedTuple):
    """The statements about one subject in Turtle."""

    group: Group
    key: NaturalKey
    text: str


class Document:
    """A graph prepared for writing: the statements of each subject, their order and nesting."""

    def __init__(self, triples: Iterable[Triple], prefixes: Mapping[str, str]) -> None:
        self.names = TermWriter(prefixes)
        self._said: dict[Node, dict[NamedNode, list[Term]]] = {}
        given = set(triples)
        self._state(given)
        mentions = [
            Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
            for triple in given
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)
        ]
        blanks = order_blank_nodes(mentions)
        self._order = blanks.order
        self._cells = _list_cells(self._said, blanks.nested)
        inside = self._nest(blanks.nested)
        users = {quad.object for quad in mentions if isinstance(quad.object, BlankNode)}
        labelled = sorted(users.difference(inside), key=self._order.__getitem__)
        self._labels = {node: f"_:b{number}" for number, node in enumerate(labelled, 1)}
        self._lines: dict[BlankNode, list[Line]] = {}
        self._flat: dict[BlankNode, str] = {}
        for node in reversed(inside):
            self._flatten(node)

    def _state(self, triples: Iterable[Triple]) -> None:
        for triple in triples:
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                text = excerpt(str(triple))
                raise FormatCannotHold(f"RDF 1.2 triple terms cannot be written: {text}")
            about = self._said.setdefault(triple.subject, {})
            about.setdefault(triple.predicate, []).append(triple.object)

    def _nest(self, nested: frozenset[BlankNode]) -> list[BlankNode]:
        """Return the ``nested`` nodes to write inside another, each after its containing node.

        Nodes deeper than DEEPEST are left out.
        """
        inside: list[BlankNode] = []
        waiting: list[tuple[Node, int]] = [(node, 0) for node in self._said if node not in nested]
        while waiting:
            node, depth = waiting.pop()
            for objects in self._said.get(node, {}).values():
                for below in objects:
                    if isinstance(below, BlankNode) and below in nested:
                        # The cells of a list are on one level, however many.
                        level = depth if self._cells.get(node) == below else depth + 1
                        if level <= DEEPEST:
                            inside.append(below)
                        waiting.append((below, level if level <= DEEPEST else 0))
        return inside

    def _flatten(self, node: BlankNode) -> None:
        """Format a blank node on one line and, unless it is a list, on several lines.

        Call it for the nodes inside it first. The text on one line is truncated if it is longer
        than a line: then it only serves as a sort key. The text of a list cell has no parentheses,
        so that the cell before can include it.
        """
        rest = self._cells.get(node)
        if rest is not None:
            flat = self._short(self._said[node][_FIRST][0])
            flat += f" {self._flat[rest]}" if isinstance(rest, BlankNode) else ""
        else:
            self._lines[node] = lines = self._lay_out(node)
            flat = " ; ".join(
                f"{predicate} {', '.join(map(self._short, objects))}"
                for predicate, objects in lines
            )
        self._flat[node] = flat[: ONE_LINE + 1]

    def _short(self, term: Term) -> str:
        if not isinstance(term, BlankNode):
            return self._text(term)
        if term in self._labels:
            return self._labels[term]
        flat = self._flat[term]
        return f"({flat})" if term in self._cells else f"[ {flat} ]" if flat else "[]"

    def _text(self, term: Term) -> str:
        assert isinstance(term, NamedNode | Literal)
        return "()" if term == _NIL else self.names.write(term)

    def _lay_out(self, node: Node) -> list[Line]:
        said = self._said.get(node, {})
        lines: list[tuple[int, str, list[Term]]] = []
        for predicate, objects in said.items():
            rank = (ns.A, ns.LABEL).index(predicate) if predicate in (ns.A, ns.LABEL) else 2
            written = "a" if predicate == ns.A else self.names.write(predicate)
            if len(objects) > 1:
                objects = sorted(objects, key=self._object_key)
            lines.append((rank, written, objects))
        return [
            (written, objects) for _, written, objects in sorted(lines, key=lambda line: line[:2])
        ]

    def _object_key(self, term: Term) -> tuple[int, str, str, NaturalKey]:
        if isinstance(term, Literal):
            return 1, term.language or "", term.datatype.value, natural_key(term.value)
        if isinstance(term, BlankNode):
            text = "" if term in self._labels else self._flat[term]
            return 2, text, f"{self._order[term]:012}", natural_key("")
        return 0, "", "", natural_key(self._text(term))

    def named_blocks(self) -> Iterator[Block]:
        """Yield the block of each IRI, in no order."""
        for node, said in self._said.items():
            if isinstance(node, NamedNode):
                yield self._named_block(node, said)

    def block_of(self, node: NamedNode, triples: Iterable[Triple]) -> Block:
        """Return the block of an IRI from all its triples; call it on an empty document.

        The triples must have no blank node.
        """
        self._said = {}
        self._state(triples)
        return self._named_block(node, self._said[node])

    def _named_block(self, node: NamedNode, said: Mapping[NamedNode, list[Term]]) -> Block:
        written = self.names.write(node)
        prefix = "" if written.startswith("<") else written.partition(":")[0] + ":"
        rank = 0 if _ONTOLOGY in said.get(ns.A, ()) else 1 if prefix else 2
        group = Group(rank, prefix if rank else "")
        return Block(group, natural_key(written), self._block(node, written))

    def blank_blocks(self) -> Iterator[str]:
        """Yield the blocks of unnested blank nodes in order, the first one after a comment."""
        unused: list[tuple[str, int, BlankNode]] = []
        for node in self._said:
            if isinstance(node, BlankNode) and node not in self._flat and node not in self._labels:
                self._flatten(node)
                unused.append((self._flat[node], self._order[node], node))
        labelled = [node for node in self._labels if node in self._said]
        if unused or labelled:
            yield "\n# blank nodes\n"
        for _, _, node in sorted(unused, key=lambda found: found[:2]):
            yield self._block(node, "[]")
        for node in labelled:
            yield self._block(node, self._labels[node])

    def _block(self, node: Node, written: str) -> str:
        lines = self._lay_out(node)
        gap = " " if lines[0][0] == "a" else f"\n{_INDENT}"
        return "".join(["\n", written, gap, *self._pieces(lines, _INDENT), " .\n"])

    def _pieces(self, lines: list[Line], indent: str) -> Iterator[str]:
        deeper = indent + _INDENT
        for number, (predicate, objects) in enumerate(lines):
            yield f" ;\n{indent}{predicate}" if number else predicate
            own_lines = len(objects) > 1 and not all(map(self._fits, objects))
            for count, term in enumerate(objects):
                yield f",\n{deeper}" if count else f"\n{deeper}" if own_lines else " "
                yield from self._object(term, deeper if own_lines else indent)

    def _object(self, term: Term, indent: str) -> Iterator[str]:
        """Yield an object: on one line, or on several, of which the last has that indentation."""
        deeper = indent + _INDENT
        if self._fits(term) or not isinstance(term, BlankNode):
            yield self._short(term)
        elif term not in self._cells:
            yield from (f"[\n{deeper}", *self._pieces(self._lines[term], deeper), f"\n{indent}]")
        else:
            yield "("
            cell: Node = term
            while isinstance(cell, BlankNode):
                yield f"\n{deeper}"
                yield from self._object(self._said[cell][_FIRST][0], deeper)
                cell = self._cells[cell]
            yield f"\n{indent})"

    def _fits(self, term: Term) -> bool:
        if not isinstance(term, BlankNode) or term in self._labels:
            return True
        flat = self._flat[term]
        return len(flat) <= ONE_LINE and "\n" not in flat


def _list_cells(
    said: Mapping[Node, Mapping[NamedNode, list[Term]]], nested: frozenset[BlankNode]
) -> dict[Node, Node]:
    """Return the cells of the lists that can be written in parentheses, each with the next cell."""
    before: dict[Term, BlankNode] = {}
    last_cells: list[BlankNode] = []
    for node in nested:
        about = said.get(node, {})
        if about.keys() == {_FIRST, _REST} and all(len(objects) == 1 for objects in about.values()):
            rest = about[_REST][0]
            if rest == _NIL:
                last_cells.append(node)
            else:
                before[rest] = node
    cells: dict[Node, Node] = {}
    for last in last_cells:
        after: Node = _NIL
        cell: BlankNode | None = last
        while cell is not None:
            cells[cell] = after
            after, cell = cell, before.get(cell)
    return cells
