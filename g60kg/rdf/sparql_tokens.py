"""Tokenizer of SPARQL, and checks of a query before an engine parses it: depth, form, SERVICE.

The engine's parser is recursive in native code: text nested some thousand levels deep ends the
process. The limits here are checked on tokens, without recursion.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from g60kg.errors import QuerySyntaxError, UnsupportedQuery
from g60kg.namespaces import PREFIXES
from g60kg.rdf.input_limits import MAX_DEPTH, MAX_OPERATORS, MAX_QUERY
from g60kg.rdf.rdf_files import position

# SPARQL 1.1, section 19.8: terminals, longest first. A `<` that opens no IRI is an operator.
_TOKEN: Final = re.compile(
    r"""
    (?P<between>(?:\s+|\#[^\n\r]*)+)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*\"{3}|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
      |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<tag>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
  | (?P<variable>[?$]\w+)
  | (?P<number>(?:\d+\.\d+|\.\d+|\d+(?:\.(?=[eE][+-]?\d))?)(?:[eE][+-]?\d+)?)
  | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:.%-]|\\.)*)
  | (?P<word>[^\W\d]\w*)
  | (?P<bracket>[{}()\[\]])
  | (?P<other>\^\^|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")
_ITEMS: Final = frozenset(("iri", "string", "tag", "variable", "name", "number"))
#: The underscore is that of a blank node's label.
_ITEM_WORDS: Final = frozenset(("TRUE", "FALSE", "_"))
#: What is open in the data of a VALUES block, whose rows are not nested and may be many.
_ROWS: Final = "rows"
_UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
_CHAINING: Final = frozenset(
    ("UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "AS", "GRAPH")
)
_AFTER_HAVING: Final = frozenset(("ORDER", "LIMIT", "OFFSET", "VALUES"))
_FORMS: Final = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))


class Token(NamedTuple):
    """One token of a query; ``keyword`` is the text of a word in upper case, else empty."""

    kind: str
    text: str
    start: int
    keyword: str = ""

    @property
    def end(self) -> int:
        """The offset after the token's last character."""
        return self.start + len(self.text)

    @property
    def prefix(self) -> str:
        """The prefix of a name, without the colon."""
        return self.text.partition(":")[0]


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query, without white space and comments.

    >>> [token.text for token in tokens('SELECT ?s { ?s g60:year "a # b" } # end')]
    ['SELECT', '?s', '{', '?s', 'g60:year', '"a # b"', '}']
    """
    for match in _TOKEN.finditer(text):  # "other" takes any character, so that nothing is left out
        kind, found = str(match.lastgroup), match.group()
        if kind != "between":
            yield Token(kind, found, match.start(), found.upper() if kind == "word" else "")


@dataclass(frozen=True, slots=True)
class Outline:
    """Properties of a query, from its tokens.

    Attributes:
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        from_graphs: the IRIs of the graphs that its FROM clauses name.
        everything: whether a SELECT projects ``*``.
        variables: the names of its variables, without question mark, in the order of their first
            use.
    """

    form: str
    from_graphs: tuple[str, ...]
    everything: bool
    variables: tuple[str, ...]


def outline(text: str) -> Outline:
    """Return the properties of a query, whose syntax is not checked.

    Raises:
        InvalidQuery: the text has no query form, is an update, uses SERVICE or exceeds a limit.

    >>> outline("PREFIX x: <http://x/> ASK { ?s x:service 1 }").form
    'ASK'
    """
    if len(text) > MAX_QUERY:
        raise UnsupportedQuery(f"The query is longer than {MAX_QUERY:,} characters.")
    operators = 0
    opened: list[str] = []
    form = ""
    having = values = False
    graphs: list[str] = []
    prefixes: dict[str, str] = dict(PREFIXES)
    recent = [Token("", "", 0)] * 2
    variables: dict[str, None] = {}
    everything = False
    for token in tokens(text):
        inside = opened[-1] if opened else ""
        operators += _links(token, recent, inside, having=having)
        if token.text in _OPENING:
            rows = inside == _ROWS or (values and token.text == "{")
            opened.append(_ROWS if rows else token.text)
            values = values and not rows
            if len(opened) > MAX_DEPTH:
                raise UnsupportedQuery(f"The query nests deeper than {MAX_DEPTH} brackets.")
        elif token.kind == "bracket" and opened:
            opened.pop()
        values = values or token.keyword == "VALUES"
        having = (having or token.keyword == "HAVING") and token.keyword not in _AFTER_HAVING
        if operators > MAX_OPERATORS:
            raise UnsupportedQuery(
                f"The query has more than {MAX_OPERATORS:,} operators, patterns and list items."
            )
        words = [recent[0].keyword, recent[1].keyword]
        if token.kind == "iri" and words[0] == "PREFIX":
            prefixes[recent[1].text[:-1]] = token.text[1:-1]
        elif token.kind in ("iri", "name") and (words[1] == "FROM" or words == ["FROM", "NAMED"]):
            graphs.append(_iri(token, prefixes))
        if token.kind == "variable":
            variables[token.text[1:]] = None
        elif token.text == "*" and not opened:
            everything = everything or form == "SELECT"
        if token.keyword in _FORMS and not form:
            form = token.keyword
        if token.keyword == "SERVICE":
            message = "SERVICE is refused: a query here reaches no other host."
            raise _refused(text, token, message)
        if token.keyword in _UPDATES and not form:
            raise _refused(text, token, f"{token.keyword} is an update; queries here only read.")
        recent = [recent[1], token]
    if not form:
        raise QuerySyntaxError("No query: it has none of SELECT, ASK, CONSTRUCT, DESCRIBE.")
    return Outline(form, tuple(graphs), everything, tuple(variables))


def _links(token: Token, recent: Sequence[Token], inside: str, *, having: bool) -> int:
    """Return by how much a token adds to the operators and patterns of a query, which are limited.

    An operator counts one, a pattern two, and an item of a collection four. Arguments and lists
    with commas do not count. ``recent`` has the two tokens before; ``inside`` is the innermost
    bracket, or ``_ROWS``.
    """
    before = recent[1]
    if token.keyword in _CHAINING or token.text == "{" or (having and token.text == "("):
        return 1
    if inside == _ROWS:
        return token.text in ("<", ">")
    if token.kind == "other":
        if token.text in ".;~" or (token.text == "," and inside != "("):
            return 2
        if token.text == "^^":  # of a datatype
            return before.kind != "string"
        return token.text in "!+-*/|&=<>^"
    if token.text == "(":
        if not inside:
            return 1
        if inside != "(":
            return 0 if before.kind == "word" and before.keyword != "A" else 2
        if before.kind in ("name", "iri", "word") and not _follows(recent[0], before):
            return 0  # of a function
    return {"(": 4, "": 1}.get(inside, 0) if _follows(before, token) else 0


def _follows(before: Token, token: Token) -> bool:
    """Return whether a token begins an item right after another item, as in a collection."""
    ends = before.kind in _ITEMS or before.keyword in _ITEM_WORDS or before.text in _CLOSING
    return ends and (token.kind in _ITEMS or token.keyword in _ITEM_WORDS or token.text in _OPENING)


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + local


def _refused(text: str, token: Token, message: str) -> UnsupportedQuery:
    line, column = position(text, token.start)
    return UnsupportedQuery(f"line {line}, column {column}: {message}", line=line, column=column)


def undeclared(text: str, known: Iterable[str] = PREFIXES) -> Iterator[Token]:
    """Yield the names in a query whose prefix is neither known nor declared before them.

    >>> next(undeclared("PREFIX x: <http://x/> ASK { _:b x:y unknown:z }")).text
    'unknown:z'
    """
    declared = set(known)
    last = Token("", "", 0)
    for token in tokens(text):
        # The underscore of a blank node's label is a word of its own.
        if token.kind == "name" and not (last.text == "_" and last.end == token.start):
            if last.keyword == "PREFIX":
                declared.add(token.prefix)
            elif token.prefix not in declared:
                yield token
        last = token
