"""Turtle that no writer writes: brackets in brackets, odd names and strings, gaps of every kind.

For the prefixes ``ex``, ``xsd`` and ``unused``.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

gaps = st.sampled_from([" ", "  ", "\n", "\r\n\t", " # 'x' [ .\n", "\n\n"])
tokens = st.sampled_from(
    [
        *("ex:a", "ex:b.c", "<x:y>", "unused:", "_:x", "_:y.z", r"ex:\,a\.", "ex:%20", "ex:松"),
        *("1", "-2.5", ".5e1", "true", '"x"', "'y'@en", '"""z\n"é"""', "'1'^^xsd:int"),
        *(
            "<<( ex:a ex:p <<( ex:a ex:p ')>>' )>> )>>",
            '"\\""',
            "'''\\''''@zh-Hans",
            '"1" ^^ <x:d>',
            "()",
            "[]",
            "[ ]",
            "( )",
        ),
    ]
)


def phrases(of: str) -> Callable[[list[tuple[str, list[str]]]], str]:
    """Predicates with their objects, each followed by its gap, between those brackets."""

    def written(said: list[tuple[str, list[str]]]) -> str:
        return f" ;{said[0][0]}".join(
            f"ex:p{gap}" + f" ,{gap}".join(objects) for gap, objects in said
        ).join(of.split("…"))

    return written


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    objects = st.lists(inner, min_size=1, max_size=3)
    said = st.lists(st.tuples(gaps, objects), min_size=1, max_size=2)
    return st.one_of(said.map(phrases("[…]")), objects.map(lambda some: f"({' '.join(some)})"))


terms = st.recursive(tokens, nested, max_leaves=8)
subjects = st.one_of(
    st.sampled_from(["ex:a", "_:x", "<x:y>", "[]", "()"]),
    nested(terms),
)
statements = st.builds(
    lambda subject, gap, said: f"{subject}{gap}{said} .{gap}",
    subjects,
    gaps,
    st.lists(st.tuples(gaps, st.lists(terms, min_size=1, max_size=3)), min_size=1, max_size=3).map(
        phrases("…")
    ),
)
turtle_texts = st.lists(statements, max_size=4).map("".join)
