"""The page of the benchmarks: honest verdicts, a plot for any ground, no word of whose machine."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import page_times
from benchmarks.cold_start import COLD_QUERY, IMPORT_RDFLIB, VALIDATE
from benchmarks.delta import NEW
from benchmarks.delta import Row as Delta
from benchmarks.full_validation import FullValidation, measure
from benchmarks.make_graph import of_article
from benchmarks.measuring import Run, alternating_medians, machine, run
from benchmarks.page import Target, draw, page
from benchmarks.page_times import PageTimes
from benchmarks.query_times import Asked, Evidence, in_memory
from benchmarks.serving import QUERIES, Served, Serving
from benchmarks.session import EXPORTS, Bench, Beside, Size
from benchmarks.traffic import Traffic, Unexpected, send, traffic
from g60kg.model.change import Change
from g60kg.namespaces import FACT, A, g60
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from g60kg.validation import shacl_engines
from g60kg.validation.candidates import candidates
from g60kg.validation.delta.shape_analysis import shape_graph
from g60kg.validation.delta.verdict import delta_findings
from g60kg.validation.report.findings import Severity

pytestmark = pytest.mark.long

GOOD = Run(1.0, 100.0)
BAD = Run(9.0, 900.0)


def asked(here: float) -> tuple[Asked, ...]:
    return tuple(Asked(name, 10, here, 0.1) for name in load_catalog())


def size(triples: int, load: Run, here: float) -> Size:
    return Size(triples, load, GOOD, asked(here), Evidence(1_000, 0.1, here), GOOD)


def bench(folder: Path, measured: Run, here: float, rdflib: float | None) -> Bench:
    made = Bench(folder, 2_000, 1, 1_000)
    made.sizes = [size(1_000, measured, here), size(2_000, measured, here)]
    made.exported = {
        name: (measured, GOOD if extension else None) for name, extension in EXPORTS.items()
    }
    rows = (
        Delta(1_000, 0.2, 10, 20, 0),
        Delta(2_000, measured.seconds * 0.21, 10, 20, 0),
    )
    made.validated = [(row, measured) for row in rows]
    # Of what is reckoned from pySHACL's line, 20 at least.
    made.by_pyshacl = [FullValidation(100, 1.0, 0), FullValidation(1_000, 21.0, 0)]
    made.full_validation = FullValidation(2_000, 2.0 * measured.seconds, 0), measured
    made.started = {IMPORT_RDFLIB: 0.1, COLD_QUERY: 0.1 * measured.seconds, VALIDATE: 1.0}
    made.rdflib_asked = Beside(1_000, asked(here), dict.fromkeys(load_catalog(), rdflib), 50.0)
    answered = Traffic(1_000, 100 / measured.seconds, 0.01, 0.05)
    quick, slow = Traffic(1_000, 120.0, 0.01, 0.05), Traffic(100, 5.0, 0.2, 0.5)
    served = tuple(
        Served(name, answered, answered, answered, quick, quick, slow) for name, _, _ in QUERIES
    )
    made.serving = Serving(1_000, served, 0.2 * measured.seconds, answered)
    made.pages = (PageTimes("/", 0.4, 0.01, 36_600),)
    return made


@pytest.fixture
def good(tmp_path: Path) -> Bench:
    return bench(tmp_path, GOOD, 0.11, None)


@pytest.fixture
def bad(tmp_path: Path) -> Bench:
    return bench(tmp_path, BAD, 0.31, 0.5)


def page_of(made: Bench) -> str:
    return page(made.targets(), made.tables(), machine(), "plot.svg")


def test_the_page_marks_missed_targets(good: Bench, bad: Bench) -> None:
    assert all(target.met for target in good.targets())
    assert "missed" not in page_of(good)
    assert [target for target in bad.targets() if target.met] == []
    assert page_of(bad).count("**missed**") == len(bad.targets())


def test_every_query_and_every_format_has_its_line(good: Bench) -> None:
    text = page_of(good)
    for name in (*load_catalog(), *EXPORTS):
        assert f"| {name} |" in text
    assert "| > 4,000 | > 36× |" in text


def test_a_part_that_is_run_alone_replaces_only_its_measurements(good: Bench, bad: Bench) -> None:
    earlier = page_of(good)
    part = Bench(good.folder, 4_000, 1, 1_000, serving=bad.serving, added=BAD)
    assert part.serving is not None
    part.serving = replace(part.serving, triples=3_000)
    text = page(part.targets(), part.tables(), machine(), "plot.svg", earlier)
    assert text.count("**missed**") == len(part.targets()) - 1  # 9 seconds are enough to add facts
    assert "| add 5,000 facts at once | ≤ 10 s | 9.0 s (900 MiB) | yes |" in text
    assert text.count("\n## ") == earlier.count("\n## ")
    assert "## Serving 3,000 triples" in text
    assert "## Serving 1,000 triples" not in text
    assert "## Growth" in text
    # Run again alone, the parts that were there before leave no trace of the other measurements.
    assert page(good.targets(), good.tables(), machine(), "plot.svg", earlier) == earlier


def test_nothing_measured_is_a_page_without_tables(tmp_path: Path) -> None:
    empty = Bench(tmp_path, 2_000, 1, 1_000)
    assert [*empty.targets(), *empty.tables(), *empty.curves()] == []
    assert list(empty.parts())[-1] == "pages"
    draw(empty.curves(), tmp_path / "plot.svg")


def test_the_new_facts_conform() -> None:
    store, added = LocalStore.shipped(), list(of_article(NEW))
    assert sum(quad.predicate == A and quad.object == FACT for quad in added) == 100
    found = delta_findings(Change.of(store, added), shape_graph()).findings
    assert {finding.severity for finding in found} <= {Severity.INFO}


def test_pyshacl_s_time_on_a_large_graph_is_on_its_line(good: Bench) -> None:
    assert "| 1,000 | pySHACL on every target | 21.0 |" in page_of(good)
    assert "| 2,000 | pySHACL on every target | 43.2~ |" in page_of(good)


@pytest.mark.long
def test_a_whole_graph_is_validated_by_either_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The measurement replaces it for the rest of its process.
    monkeypatch.setattr(shacl_engines, "candidates", candidates)
    file = tmp_path / "graph.nq"
    run([sys.executable, "-m", "benchmarks.make_graph", "1000", "-o", file])
    store = in_memory(str(file))
    fact = next(store.quads_for_pattern(None, g60("factSubject"), None, None))
    store.remove(fact)
    found = [measure(store, by_pyshacl=slowly) for slowly in (False, True)]
    assert {one.triples for one in found} == {len(store)}
    assert found[0].findings == found[1].findings > 0


def test_an_unmeasurable_difference_has_no_ratio(good: Bench) -> None:
    quick = replace(good.sizes[-1].asked[0], here=0.004, pyoxigraph=0.001)
    good.sizes[-1] = replace(good.sizes[-1], asked=(quick, *good.sizes[-1].asked[1:]))
    assert all(target.met for target in good.targets())


def verdict_on(made: Bench, limit: str) -> Target:
    (found,) = (target for target in made.targets() if limit in target.limit)
    return found


def test_a_remark_names_the_slow_queries_and_the_rule_for_small_differences(bad: Bench) -> None:
    quick = replace(bad.sizes[-1].asked[0], here=0.004, pyoxigraph=0.001)
    bad.sizes[-1] = replace(bad.sizes[-1], asked=(quick, *bad.sizes[-1].asked[1:]))
    found, count = verdict_on(bad, "the same text on pyoxigraph"), len(load_catalog())
    assert found.measured.startswith(f"1 of {count}; ")
    assert f"Differences below 5 ms count as 1×: without that, 0 of {count}." in found.reason
    slow = ", ".join(name for name in load_catalog() if name != quick.name)
    assert found.reason.endswith(f"Slower: {slow}.")


def test_a_stopped_query_meets_a_target_only_if_it_was_long_enough(tmp_path: Path) -> None:
    made = bench(tmp_path, GOOD, 0.31, None)
    assert made.rdflib_asked is not None
    made.rdflib_asked.by_rdflib["search"] = 0.31
    found, count = verdict_on(made, "faster than rdflib"), len(load_catalog())
    assert not found.met
    assert found.measured == f"0 of {count}; search 1×"
    assert "Slower: search." in found.reason
    assert "Rdflib was stopped before 20×: " in found.reason


def test_the_page_says_what_is_measured_once(good: Bench) -> None:
    text = page_of(good)
    assert "`add`, the complete validation, rdflib and pages: once" in text
    assert "The targets are for 1,000,000 triples" in text


def test_the_page_names_the_machine_but_not_its_owner(good: Bench) -> None:
    text = page_of(good)
    assert "Measured on" in text
    assert "pyoxigraph" in machine()
    assert "Python" in machine()
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
    assert str(good.folder) not in text


def test_the_plot_has_a_clear_ground_and_text_of_one_grey(good: Bench, tmp_path: Path) -> None:
    out = tmp_path / "plot.svg"
    draw(good.curves(), out)
    svg = out.read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    texts = [
        "".join(node.itertext())
        for node in ElementTree.fromstring(svg).iter()
        if node.tag.endswith("}text")
    ]
    assert {"triples", "seconds", *(curve.name for curve in good.curves())} <= set(texts)
    assert "#000000" not in svg
    assert "fill: #ffffff" not in svg
    before = out.read_bytes()
    draw(good.curves(), out)
    assert out.read_bytes() == before


def test_each_process_has_the_memory_of_its_own() -> None:
    small = run([sys.executable, "-c", "print('done')"])
    large = run([sys.executable, "-c", "x = bytearray(200_000_000); print(len(x))"], rounds=2)
    again = run([sys.executable, "-c", "print('done')"])
    assert small.output.strip() == "done"
    assert large.mebibytes > small.mebibytes + 150
    assert again.mebibytes < large.mebibytes - 150


def test_a_command_that_fails_has_no_time() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run([sys.executable, "-c", "raise SystemExit('no such file')"])
    assert "no such file" in failed.value.stderr


def test_work_takes_turns() -> None:
    turns: list[str] = []
    one, other = alternating_medians(lambda: turns.append("one"), lambda: turns.append("other"), 3)
    assert turns == ["one", "other"] * 4
    assert min(one, other) >= 0


def test_what_was_served_comes_back_from_its_json(good: Bench) -> None:
    assert good.serving is not None
    assert Serving.from_json(json.dumps(asdict(good.serving))) == good.serving
    assert "| facts-about | oxigraph serve | 120.0 | 10.0 | 50.0 |" in page_of(good)


def test_the_times_of_pages_are_in_a_table(good: Bench) -> None:
    assert page_times.from_json(json.dumps([asdict(one) for one in good.pages])) == good.pages
    assert "| `/` | 400 | 10 | 37 |" in page_of(good)


class _Answers(BaseHTTPRequestHandler):
    """Answers with and without its length, and not found where there is nothing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/gone" else 200)
        if self.path == "/pieces":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"4\r\nsome\r\n6;x=y\r\n words\r\n0\r\n\r\n")
        else:
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"words")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    """A server whose clients may leave."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing."""


def test_traffic_counts_answers_of_either_kind_and_takes_no_other() -> None:
    server = _Server(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        spells = [send(server.server_port, cycle(["/length", "/pieces"]), 0.2) for _ in range(2)]
        answered = traffic(spells)
        assert answered.answers == sum(len(spell.taken) for spell in spells) > 1
        assert answered.rate > 0
        assert 0 < answered.median <= answered.slowest
        with pytest.raises(Unexpected, match="404 to /gone"):
            send(server.server_port, cycle(["/gone"]), 0.2)
    finally:
        server.shutdown()
        server.server_close()
