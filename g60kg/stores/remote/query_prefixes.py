"""Query text for an endpoint: missing prefixes added, results split into pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from g60kg.namespaces import PREFIXES
from g60kg.rdf.sparql_tokens import Token, tokens


def with_prefixes(text: str) -> str:
    """Return the query with the project's PREFIX lines that it uses but does not declare.

    >>> with_prefixes("SELECT * { ?s a g60:PrefectureCity }").splitlines()[0]
    'PREFIX g60: <https://w3id.org/g60kg/ontology/>'
    """
    used: dict[str, None] = {}
    declared: set[str] = set()
    before = ""
    for token in tokens(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            else:
                used[prefix] = None
        before = token.keyword
    lacking = sorted(prefix for prefix in used if prefix in PREFIXES and prefix not in declared)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in lacking) + text


@dataclass(frozen=True, slots=True)
class Pages:
    """A SELECT that can be fetched in pages, each row on exactly one page.

    The order is total except for equal rows: every column counts, with language and datatype, so
    that page boundaries are the same in each request.
    """

    prologue: str
    select: str
    columns: tuple[str, ...]

    def page(self, offset: int, limit: int) -> str:
        """Return the text that requests some of the rows.

        ORDER BY is inside and LIMIT outside, since engines limit what they sort for a LIMIT.
        """
        names = " ".join(f"?{name}" for name in self.columns)
        return (
            f"{self.prologue}SELECT {names} WHERE {{ {{ {self.select} }} }}\n"
            f"LIMIT {limit} OFFSET {offset}"
        )


def in_pages(text: str, columns: Iterable[str]) -> Pages | None:
    """Return a SELECT prepared for requests of some of its rows; None where that is impossible.

    That is a query with LIMIT, OFFSET, FROM or a VALUES block at its end.
    """
    depth = 0
    start: Token | None = None
    ordered = False
    for token in tokens(text):
        if token.kind == "bracket":
            depth += 1 if token.text in "{([" else -1
        if depth:
            continue
        if token.keyword == "SELECT" and start is None:
            start = token
        if token.keyword in ("LIMIT", "OFFSET", "FROM", "VALUES"):
            return None
        ordered = ordered or token.keyword == "ORDER"
    names = tuple(columns)
    if start is None or not names:
        return None
    order = " ".join(f"?{name} STR(?{name}) LANG(?{name}) STR(DATATYPE(?{name}))" for name in names)
    # On its own line: the text may end in a comment.
    select = f"{text[start.start :]}\n{order if ordered else f'ORDER BY {order}'}\n"
    return Pages(text[: start.start], select, names)
