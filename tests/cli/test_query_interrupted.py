"""A query is interrupted at once, although the engine does not return to Python while it runs."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.cli.run import g60kg, started
from tests.conftest import long_only

#: Pairs and triples of all statements: it would run for days.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BEFORE = "earlier content\n"
#: Rows without an end, and rows that are sorted, which a process of its own computes.
ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = f"{ENDLESS} ORDER BY ?n"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
MESSAGES = {signal.SIGINT: "error: interrupted\n", signal.SIGTERM: "error: terminated\n"}


def interrupted(folder: Path, how: signal.Signals, *arguments: str | Path) -> tuple[int, str]:
    """Return the exit code and stderr of a command that gets a signal while its query runs.

    Its messages are in the folder for as long as it runs.
    """
    messages = folder / "messages"
    running = started("--verbose", *arguments, stderr=messages)
    try:
        while "\n" not in messages.read_text(encoding="utf-8"):
            assert running.poll() is None
            time.sleep(0.01)
        # The query begins as soon as the graph is open; the signal must come later.
        time.sleep(0.3)
        running.send_signal(how)
        code = running.wait(20)
    finally:
        running.kill()
    first, _, rest = messages.read_text(encoding="utf-8").partition("\n")
    assert first.startswith("graph:")
    messages.unlink()
    return code, rest


@pytest.mark.parametrize("timeout", ["60", *long_only("0")])
@pytest.mark.parametrize("how", CODES)
def test_a_query_ends_at_a_signal(how: signal.Signals, timeout: str, tmp_path: Path) -> None:
    code, stderr = interrupted(tmp_path, how, "sparql", ENDLESS, "--timeout", timeout)
    assert (code, stderr) == (CODES[how], MESSAGES[how])


@pytest.mark.parametrize("query", [ROWS, *long_only(SORTED)], ids=["rows", "sorted rows"])
@pytest.mark.parametrize("how", CODES)
def test_rows_for_a_file_end_with_a_message_and_without_the_file(
    how: signal.Signals, query: str, tmp_path: Path
) -> None:
    output = tmp_path / "rows.csv"
    code, stderr = interrupted(tmp_path, how, "sparql", query, "--timeout", "0", "-o", output)
    assert (code, stderr) == (CODES[how], MESSAGES[how])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGINT, *long_only(signal.SIGTERM)])
def test_an_interrupted_query_on_a_store_leaves_no_output(
    how: signal.Signals, own_store: Path, tmp_path: Path
) -> None:
    store, folder = own_store, tmp_path / "out"
    folder.mkdir()
    target = folder / "rows.csv"
    target.write_text(BEFORE, encoding="utf-8")
    query = ("sparql", ENDLESS, "--timeout", "0", "-o", target)
    code, _ = interrupted(tmp_path, how, "--store", store, *query)
    assert code == CODES[how]
    assert list(folder.iterdir()) == [target]
    assert target.read_text(encoding="utf-8") == BEFORE
    assert g60kg("--store", store, "info").returncode == 0
