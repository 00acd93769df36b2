"""However a run ends: a message, the right exit code, nothing half-written, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from g60kg import __version__
from tests.cli.run import g60kg
from tests.conftest import long_only


def test_the_version_is_printed() -> None:
    assert g60kg("--version").stdout == f"g60kg {__version__}\n"


def test_help_names_every_command() -> None:
    shown = g60kg("--help").stdout
    for command in ("info", "query", "sparql", "validate", "draft", "export", "reason", "load"):
        assert command in shown


def test_info_counts() -> None:
    counts = json.loads(g60kg("info", "-f", "json").stdout)
    assert counts["facts"] > 200
    assert counts["quotations"] > 100
    members = {entry["label"]: entry["members"] for entry in counts["classes"]}
    assert members["prefecture-level city"] == 8
    assert "Sources" in g60kg("info").stdout


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("query",), ("--lang", "fr", "info"), ("info", "--colour")]
)
def test_an_unknown_word_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert g60kg(*arguments).returncode == 2


def test_a_path_without_a_store_is_reported_and_load_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        done = g60kg("--store", path, "info")
        assert done.returncode == 2
        assert "load" in done.stderr
        assert not (tmp_path / "none").exists()


def test_a_store_on_disk_answers_as_the_one_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "store"
    assert g60kg("--store", path, "load").returncode == 0
    query = ("query", "run", "member-cities", "-f", "csv")
    in_memory = g60kg(*query).stdout
    assert g60kg("--store", path, *query).stdout == in_memory
    assert g60kg(*query, env={"G60KG_STORE": str(path)}).stdout == in_memory


def test_files_are_loaded_all_or_none(tmp_path: Path) -> None:
    store, good, bad = (tmp_path / name for name in ("store", "good.ttl", "bad.ttl"))
    good.write_text("<http://a/> <http://b/> <http://c/> .", encoding="utf-8")
    bad.write_text("<http://a/> <http://b/> .", encoding="utf-8")
    done = g60kg("--store", store, "load", good, bad)
    assert done.returncode == 2
    assert "bad.ttl:1:" in done.stderr
    assert not store.exists()
    assert g60kg("--store", store, "load", "--empty", good).returncode == 0
    counted = g60kg("--store", store, "sparql", "SELECT * { ?s ?p ?o }", "-f", "csv").stdout
    assert counted.splitlines() == ["s,p,o", "http://a/,http://b/,http://c/"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("sparql", "SELECT * { ?s ?p ?o . ?a ?b ?c }"),
        ("export", "-o", "/dev/stdout", "-f", "nquads"),
        ("--help",),
        *long_only(
            ("sparql", "-f", "csv", "SELECT * { ?s ?p ?o . ?a ?b ?c }"),
            ("export", "-f", "turtle"),
            ("info",),
        ),
    ],
)
def test_a_closed_pipe_ends_a_command_quietly(arguments: tuple[str, ...]) -> None:
    ended, stderr = without_reader("stdout", *arguments)
    assert (ended, stderr) == (141, "")


def test_a_closed_pipe_for_messages_keeps_the_exit_code() -> None:
    assert without_reader("stderr", "query", "run", "nothing") == (2, "")


def without_reader(closed: str, *arguments: str) -> tuple[int, str]:
    """The exit code, and stderr, of a command with a pipe for a stream that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    closed_stdout = closed == "stdout"
    done = subprocess.run(
        [sys.executable, "-m", "g60kg", *arguments],
        stdout=writing if closed_stdout else subprocess.DEVNULL,
        stderr=subprocess.PIPE if closed_stdout else writing,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    return done.returncode, done.stderr or ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110
def test_a_full_disk_is_reported() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "g60kg", "query", "run", "member-cities"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_output_folder_is_reported(tmp_path: Path) -> None:
    done = g60kg("query", "run", "member-cities", "-o", tmp_path / "none" / "x.csv")
    assert done.returncode == 3
    assert "there is no folder" in done.stderr
