"""An export that is interrupted leaves what stood under its name, and no half of the new."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from g60kg.namespaces import graph_name
from tests.cli.run import g60kg, started
from tests.conftest import long_only

#: Enough for the export to take some seconds.
QUADS = 150_000
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
CODES = {
    signal.SIGINT: (130, -2),
    signal.SIGTERM: (143,),
    signal.SIGHUP: (143,),
    signal.SIGKILL: (-9,),
}
BEFORE = "earlier content\n"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "store"
    link = NamedNode("https://example.org/p")
    store = Store(str(path))
    store.bulk_extend(
        Quad(NamedNode(f"https://example.org/{n % 50_000}"), link, Literal(n), graph_name("many"))
        for n in range(QUADS)
    )
    return path


@pytest.mark.parametrize("format_", ["turtle", *long_only("nquads")])
@pytest.mark.parametrize("how", SIGNALS)
def test_nothing_half_written_under_the_final_name(
    large: Path, tmp_path: Path, how: signal.Signals, format_: str
) -> None:
    target = tmp_path / "out"
    target.write_text(BEFORE, encoding="utf-8")
    running = started("--store", large, "export", "-f", format_, "-o", target)
    deadline = time.monotonic() + 30
    # As soon as the temporary file is there, and once more a little later, is in the middle.
    while not [entry for entry in tmp_path.iterdir() if entry != target]:
        assert running.poll() is None, "it was done before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0.05)
    running.send_signal(how)
    code = running.wait(timeout=30)
    # A shell reports an end by SIGINT as 130 too: it can come before the command handles it.
    assert code in CODES[how]
    assert target.read_text(encoding="utf-8") == BEFORE
    if how is not signal.SIGKILL:
        assert list(tmp_path.iterdir()) == [target]


@pytest.mark.long
def test_after_an_interruption_it_can_be_run_again(large: Path, tmp_path: Path) -> None:
    done = g60kg("--store", large, "export", "-o", tmp_path / "out.nt")
    assert done.returncode == 0
    with (tmp_path / "out.nt").open("rb") as written:
        assert sum(1 for _ in written) == QUADS
