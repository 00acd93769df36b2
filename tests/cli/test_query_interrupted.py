"""A query is interrupted at once, although the engine does not return to Python while it runs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.conftest import long_only

#: Pairs and triples of all statements: it would run for days.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BEFORE = "earlier content\n"
#: Rows without an end, and rows that are sorted, which a process of its own computes.
ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = f"{ENDLESS} ORDER BY ?n"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
MESSAGES = {signal.SIGINT: "error: interrupted\n", signal.SIGTERM: "error: terminated\n"}


def interrupted(how: signal.Signals, *arguments: str | Path) -> tuple[int, str]:
    """Return the exit code and stderr of a command that gets a signal while its query runs."""
    command = [sys.executable, "-m", "g60kg", "--verbose", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("graph:")
        # The query begins as soon as the graph is open; the signal must come later.
        time.sleep(0.3)
        running.send_signal(how)
        try:
            _, stderr = running.communicate(timeout=20)
        finally:
            running.kill()
    return running.returncode, stderr


@pytest.mark.parametrize("timeout", ["60", *long_only("0")])
@pytest.mark.parametrize("how", CODES)
def test_a_query_ends_at_a_signal(how: signal.Signals, timeout: str) -> None:
    code, stderr = interrupted(how, "sparql", ENDLESS, "--timeout", timeout)
    assert (code, stderr) == (CODES[how], MESSAGES[how])


@pytest.mark.parametrize("query", [ROWS, *long_only(SORTED)], ids=["rows", "sorted rows"])
@pytest.mark.parametrize("how", CODES)
def test_rows_for_a_file_end_with_a_message_and_without_the_file(
    how: signal.Signals, query: str, tmp_path: Path
) -> None:
    output = tmp_path / "rows.csv"
    code, stderr = interrupted(how, "sparql", query, "--timeout", "0", "-o", output)
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
    code, _ = interrupted(how, "--store", store, *query)
    assert code == CODES[how]
    assert list(folder.iterdir()) == [target]
    assert target.read_text(encoding="utf-8") == BEFORE
    assert g60kg("--store", store, "info").returncode == 0
