"""Restriction of a query to some values of a variable: a VALUES block in each group that uses it.

A VALUES block binds only the group it is in. With one block in front of a UNION or a sub-select,
an engine evaluates the branches for all values and joins afterwards: 2.0 s instead of 0.01 s for
the evidence of fifty enterprises of a million triples (measured).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from g60kg.rdf.sparql_tokens import tokens
from g60kg.stores.base import Term


@dataclass(slots=True)
class _Group:
    """An open group: the offset after its brace, and how it uses the variable.

    ``is_visible`` is whether the variable in it is that of the outermost query.
    """

    start: int
    is_visible: bool
    is_pattern: bool = True
    is_used: bool = False
    is_assigned: bool = False


def restricted(text: str, name: str, terms: Iterable[Term]) -> str:
    """Return a SELECT query with a VALUES block in each group whose patterns use a variable.

    Rows with other values of the variable may be missing or incomplete. Groups that assign the
    variable with ``AS``, and sub-selects that do not project it, are unchanged.

    >>> print(restricted("SELECT ?a { { ?a ?p 1 } UNION { ?b ?p ?a } }", "a", []))
    SELECT ?a { { VALUES ?a {  } ?a ?p 1 } UNION { VALUES ?a {  } ?b ?p ?a } }
    """
    block = f" VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
    places = sorted(_places(text, f"?{name}"), reverse=True)
    for place in places:
        text = text[:place] + block + text[place:]
    return text


def _places(text: str, variable: str) -> Iterable[int]:
    """Yield the offset after the opening brace of each group that uses a variable."""
    opened: list[_Group] = []
    projected: set[str] | None = None
    parentheses = 0
    previous = values = ""
    for token in tokens(text):
        if token.text in ("(", ")"):
            parentheses += 1 if token.text == "(" else -1
        elif token.keyword == "SELECT":
            projected = set()
            if opened:
                opened[-1].is_pattern = False
        elif token.text == "{":
            outer = opened[-1].is_visible if opened else True
            hidden = bool(opened) and projected is not None and variable not in projected
            group = _Group(token.end, outer and not hidden, is_pattern=not values)
            opened.append(group)
            projected, values = None, ""
        elif token.text == "}":
            group = opened.pop()
            if group.is_pattern and group.is_visible and group.is_used and not group.is_assigned:
                yield group.start
        elif token.keyword == "VALUES":
            values = "VALUES"
        elif projected is not None:
            if not parentheses:
                projected.add(token.text)
        elif token.text == variable and opened and not values:
            if previous == "AS":
                opened[-1].is_assigned = True
            elif not parentheses:
                opened[-1].is_used = True
        previous = token.keyword or token.text


#: A column that is a parameter's variable under another name.
_RENAMED = re.compile(r"BIND \(\?(_\w+) AS \?(\w+)\)")


def renamed_parameters(text: str) -> dict[str, str]:
    """Return the parameter's variable of each column that is only another name for it."""
    return {column: variable for variable, column in _RENAMED.findall(text)}
