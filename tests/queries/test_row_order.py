"""Order of rows: that of the engine where SPARQL defines it, and always a total order."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import Final

import pytest

from g60kg.queries.binding import bind, unordered
from g60kg.queries.catalog import load_catalog
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


def ordered(cells: tuple[str, ...], keys: str) -> tuple[list[Row], list[Row]]:
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
    # SPARQL does not compare a text with a number, or with a text in a language.
    as_terms = "?a" in keys.replace("STR(?a)", "").replace("LANG(?a)", "")
    if as_terms and cells[0] in TEXTS:
        cells = tuple(cell for cell in cells if "@" not in cell)
    if '""' in keys and as_terms and cells[0] in NUMBERS:
        cells = tuple(cell for cell in cells if cell != "UNDEF")
    here, engine = ordered(cells, keys)
    assert here == engine


def test_ties_keep_the_order_of_the_next_key() -> None:
    for cells in permutations(("2", "1", "2", "1")):
        here, engine = ordered(cells, "DESC(?a)")
        assert here == engine


#: Values that no standard order compares, and numbers that are none to the engine.
INCOMPARABLE: Final = (
    "true",
    '"2020"^^xsd:gYear',
    '"2020-01-01T00:00:00"^^xsd:dateTime',
    '"2020-01-01T00:00:00-14:00"^^xsd:dateTime',
    '"x"@en',
    '"x"@zh',
    '"x"',
    "7",
    "id:b",
    f'"{10**28}"^^xsd:decimal',
    f'"9{"0" * 4400}"^^xsd:decimal',
    '"NaN"^^xsd:decimal',
)


@pytest.mark.parametrize("seed", range(20))
def test_any_values_have_one_order(seed: int) -> None:
    order = read_order("?a", ("a",))
    assert order is not None
    text = f"SELECT ?a {{ VALUES ?a {{ {' '.join(INCOMPARABLE)} }} }}"
    rows = [row for row, _ in run_select(LocalStore.holding((), "nothing"), text).stream()]
    shuffled = Random(seed).sample(rows, len(rows))
    assert order.sorted(shuffled) == order.sorted(rows)


def test_every_canned_query_is_sorted_here() -> None:
    # The engine ends the process if it cannot compare values consistently.
    unsorted = [query.name for query in load_catalog().values() if bind(query, {}).order is None]
    assert unsorted == []


@pytest.mark.parametrize("keys", ["RAND()", "LCASE(?a)", "?c", ""])
def test_another_key_is_left_to_the_engine(keys: str) -> None:
    assert read_order(keys, ("a",)) is None
