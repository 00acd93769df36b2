"""Messages shorten a name of any length, and say what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.cli.run import g60kg

LONG: Final = "a" * 40_000
SPACED: Final = "a b " * 10_000
#: What a message has besides a name; more is a name that was not shortened.
MOST: Final = 1_200


@pytest.mark.parametrize(
    ("name", "language"),
    [
        (LONG, "en"),
        (SPACED, "zh"),
        pytest.param("松" * 13_000, "en", marks=pytest.mark.long),
        pytest.param("a/" * 20_000 + "b", "zh", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("export", "-f", "turtle", "-o", "{}"),
        ("diff", "{}", "two.nt"),
        ("draft", "{}"),
        ("validate", "{}"),
        ("ask", "{}"),
        ("sparql", "ASK {{}}", "-o", "{}"),
        ("ask", "x", "--limit", "{}"),
        ("--store", "{}", "info"),
        ("query", "run", "{}"),
        ("query", "run", "member-cities", "-p", "{}"),
        ("validate", "--focus", "{}"),
        ("export", "--graph", "{}"),
    ],
)
def test_a_message_is_short_and_ends_with_the_reason(
    command: tuple[str, ...], language: str, name: str, tmp_path: Path
) -> None:
    arguments = [argument.format(name) for argument in command]
    done = g60kg("--lang", language, *arguments, cwd=tmp_path)
    assert done.returncode in (1, 2, 3)
    first, *_ = done.stderr.splitlines()
    assert len(done.stderr) < MOST
    if "-o" in command and name != SPACED:
        assert first.endswith("…: File name too long")
    if "--limit" in command and language == "en":
        assert done.stderr.endswith("…' is not a valid int range.\n")


def test_a_path_that_can_exist_is_printed_whole(tmp_path: Path) -> None:
    folder = tmp_path / ("b" * 120)
    done = g60kg("diff", folder / f"{'c' * 60}.ttl", "two.nt")
    assert done.stderr.startswith(f"error: {folder}/{'c' * 60}.ttl: ")
