"""Text of others that a command prints: no control character acts, no line is forged or endless."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.cli.run import g60kg, started
from tests.conftest import long_only

ESCAPE = "\x1b[31mRED\x9b2J\u202e"
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
FORGED = "mistake\n2026-01-01T00:00:00Z  added 9 facts by root"
LABELLED = """\
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:evil a g60:Zone ; rdfs:label "E\\u001B[31mvil\\u009B2J"@en .
"""


@pytest.fixture(scope="module")
def store(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(loaded, tmp_path_factory.mktemp("printed") / "store"))


def test_no_module_of_the_command_line_prints_text_by_itself() -> None:
    """Only canned queries' own text is printed elsewhere."""
    folder = Path("g60kg", "cli")
    printing = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id == "print"
    }
    assert printing <= {"output.py", "app.py", "commands/query.py"}


@pytest.mark.skipif(os.name != "posix", reason="the names of files are of POSIX")
def test_a_file_name_neither_acts_nor_forges_a_line(tmp_path: Path) -> None:
    file = tmp_path / f"{ESCAPE}\nConforms.ttl"
    file.write_text("<urn:a> <urn:b> .", encoding="utf-8")
    for done in (g60kg("validate", file), g60kg("diff", file, file)):
        assert done.returncode == 2
        assert not ACTING.search(done.stdout + done.stderr)
        assert "Conforms" not in [line[:8] for line in (done.stdout + done.stderr).splitlines()]


def test_a_reason_and_a_user_neither_act_nor_forge_a_line_of_the_log(store: Path) -> None:
    facts = g60kg("--store", store, "sparql", "SELECT ?f { ?f a g60:Fact } LIMIT 1", "-f", "csv")
    fact = facts.stdout.split()[1]
    user = {"G60KG_AGENT": f"{ESCAPE}\nroot" + 9000 * "t"}
    done = g60kg(
        "--store", store, "retract", fact, "--yes", "--reason", FORGED + ESCAPE, env=user
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = g60kg("--store", store, "log").stdout.splitlines()
    assert len(lines) == 1
    assert len(lines[0]) < 9000
    assert not ACTING.search(lines[0])
    assert "\\n" in lines[0]
    written = g60kg("--store", store, "log", "-f", "json").stdout
    assert not ACTING.search(written)
    assert json.loads(written)[0]["why"] == FORGED + ESCAPE


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        head = f"HTTP/1.1 400 no{ESCAPE}\r\nContent-Length: 0\r\n\r\n"
        self.wfile.write(head.encode("latin-1", "replace"))

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def refusing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/query"
    server.shutdown()
    server.server_close()


def test_the_reason_phrase_of_a_server_does_not_act(refusing: str) -> None:
    done = g60kg("--endpoint", refusing, "sparql", "ASK { }")
    assert done.returncode == 3
    assert "400" in done.stderr
    assert not ACTING.search(done.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="a pseudo-terminal by script(1)")
@pytest.mark.parametrize("format_", ["csv", *long_only("tsv", "json", "md", "html", "table")])
def test_rows_on_a_terminal_do_not_act_and_in_a_file_are_the_values(
    tmp_path: Path, format_: str
) -> None:
    import pty

    (tmp_path / "evil.ttl").write_text(LABELLED, encoding="utf-8")
    if not (tmp_path / "store").exists():
        loaded = g60kg("--store", tmp_path / "store", "load", "--empty", tmp_path / "evil.ttl")
        assert loaded.returncode == 0
    query = "SELECT ?label { id:evil rdfs:label ?label }"
    primary, secondary = pty.openpty()
    terminal = Path(os.ttyname(secondary))
    command = ("--store", tmp_path / "store", "sparql", query, "-f", format_)
    running = started(*command, stdout=terminal, stderr=terminal, env={"NO_COLOR": "1"})
    os.close(secondary)
    shown = b""
    try:
        while piece := os.read(primary, 65536):
            shown += piece
    except OSError:  # Linux reports the end of a terminal so
        pass
    assert running.wait(timeout=60) == 0
    os.close(primary)
    assert b"vil" in shown
    assert not ACTING.search(shown.decode().replace("\r\n", "\n"))
    if format_ == "csv":
        piped = g60kg("--store", tmp_path / "store", "sparql", query, "-f", format_).stdout
        assert "E\x1b[31mvil\x9b2J" in piped


LONG = "n" * 40_000


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "run", LONG),
        ("query", "run", "city-profile", "-p", f"city={LONG}"),
        ("query", "run", "zones", "--sort", LONG),
        ("export", "--graph", LONG),
        ("export", "-f", LONG),
        ("export", "-o", f"x.{LONG}"),
        ("validate", "--shape", LONG),
        ("--endpoint", LONG, "info"),
        (LONG,),
    ],
    ids=lambda words: " ".join(word[:8] for word in words),
)
def test_a_long_name_is_shortened_in_the_message(arguments: tuple[str, ...]) -> None:
    done = g60kg(*arguments)
    assert done.returncode == 2
    assert len(done.stderr) < 1_500


@pytest.mark.parametrize("name", ["Bluefir Robotics", "", "<>", "id:a b", LONG])
def test_a_name_that_is_no_iri_is_no_source(store: Path, name: str) -> None:
    done = g60kg("--store", store, "retract", name, "--reason", "x", "--yes")
    assert done.returncode == 2
    assert "No fact and no source is called" in done.stderr
    assert len(done.stderr) < 1_500


def test_labels_are_printed_in_an_encoding_that_has_no_character_for_them() -> None:
    done = g60kg("query", "list", "--lang", "zh", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "\\u" in done.stdout
