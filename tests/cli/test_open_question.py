"""A question of `add` or `retract` leaves the store to others, and what they change is seen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.fork_server import Started
from tests.cli.run import g60kg, started
from tests.cli.test_verify import SHEET, TEXT
from tests.conftest import long_only

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a pseudo-terminal")


@contextmanager
def asked(store: Path, arguments: Sequence[str]) -> Iterator[tuple[Started, int]]:
    """A command that waits for the answer to its question, and its terminal."""
    import pty

    primary, secondary = pty.openpty()
    terminal = Path(os.ttyname(secondary))
    running = started(
        "--store", store, *arguments, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(secondary)
    try:
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(primary, 65536)
        yield running, primary
    finally:
        running.kill()
        running.wait()
        os.close(primary)


@pytest.mark.parametrize("command", ["add", *long_only("retract")])
@pytest.mark.parametrize("same", [True, *long_only(False)])
def test_others_write_while_a_question_is_open(
    own_store: Path, tmp_path: Path, command: str, same: bool
) -> None:
    file, text = tmp_path / "facts.csv", tmp_path / "article.txt"
    file.write_text(SHEET, encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")
    assert g60kg("draft", file, "--article", text).returncode == 0
    commands = {
        "add": ["add", str(file)],
        "retract": ["retract", "2307119874", "--reason", "x"],
    }
    mine = commands.pop(command)
    other = mine if same else commands.popitem()[1]
    with asked(own_store, mine) as (running, terminal):
        done = g60kg("--store", own_store, *other, "--yes")
        assert done.returncode == 0, done.stderr
        os.write(terminal, b"y\n")
        shown = b""
        try:
            while piece := os.read(terminal, 65536):
                shown += piece
        except OSError:  # Linux reports the end of a terminal so
            pass
        assert running.wait(timeout=60) == (3 if same else 0), shown.decode()
    assert (b"written by another process meanwhile" in shown) == same
    log = g60kg("--store", own_store, "log").stdout
    assert log.count("\n") >= (1 if same else 2)
