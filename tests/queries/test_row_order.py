"""The order of rows, as the engine gives it and as it is worked out here."""

from __future__ import annotations

from itertools import permutations

import pytest

from g60kg.queries.binding import unordered
from g60kg.queries.execution import run_select
from g60kg.queries.row_order import Row, read_order
from g60kg.stores.local_store import LocalStore

TEXTS = (
    '"b"@en',
    '"b"',
    '"é"',
    '"B"',
    '""',
    "id:b",
    "id:a-long-name-of-a-city",
    '"长三角"@zh',
    "UNDEF",
)
NUMBERS = ("10", "9", "-1", "9.5", "0.25", "UNDEF", "id:b", "100000000000")
KEYS = (
    "?a",
    "DESC(?a)",
    "STR(?a)",
    'COALESCE(?a, "")',
    'COALESCE(STR(?a), "")',
    "LANG(?a) STR(?a) ?b",
    'COALESCE(LANG(?a), "") ?b',
)


def ordered(cells: tuple[str, ...], keys: str) -> tuple[list[Row] | None, list[Row]]:
    rows = " ".join(f"({cell} {number})" for number, cell in enumerate(cells))
    text = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}\nORDER BY {keys} ?b"
    store = LocalStore.holding((), "nothing")
    order = read_order(f"{keys} ?b", ("a", "b"))
    assert order is not None
    plain = [row for row, _ in run_select(store, unordered(text)).stream()]
    return order.sorted(plain), [row for row, _ in run_select(store, text).stream()]


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("cells", [TEXTS, TEXTS[::-1], NUMBERS, NUMBERS[::-1]], ids=str)
def test_it_is_the_engines(keys: str, cells: tuple[str, ...]) -> None:
    here, engine = ordered(cells, keys)
    # A text in a language, under a key that reads it as a term, is left to the engine.
    plain = "?a" in keys.replace("STR(?a)", "").replace("LANG(?a)", "")
    left = plain and (cells in (TEXTS, TEXTS[::-1]) or '""' in keys)
    assert here == (None if left else engine)


def test_ties_keep_the_order_of_the_next_key() -> None:
    for cells in permutations(("2", "1", "2", "1")):
        here, engine = ordered(cells, "DESC(?a)")
        assert here == engine


@pytest.mark.parametrize("cell", ["true", '"2020"^^xsd:gYear', '"x"@en'])
def test_what_is_not_known_here_is_left_to_the_engine(cell: str) -> None:
    assert ordered((cell, "1"), "?a")[0] is None


@pytest.mark.parametrize("keys", ["RAND()", "LCASE(?a)", "?c", ""])
def test_another_key_is_left_to_the_engine(keys: str) -> None:
    assert read_order(keys, ("a",)) is None
