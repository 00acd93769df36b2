"""An answer says whether it is the whole one: on stderr, by the exit code, and in JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.run import g60kg
from tests.conftest import long_only

FORMATS = ("table", "csv", "tsv", "json", "xml", "md", "html")
#: More rows than a second brings, one by one from the start.
UNENDING = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize("format_", FORMATS)
def test_a_limit_is_reported_in_every_format(format_: str) -> None:
    done = g60kg("query", "run", "member-cities", "--limit", "3", "-f", format_)
    assert done.returncode == 0
    assert done.stderr == "Rows 1–3; more exist.\n"


@pytest.mark.parametrize(
    "format_", ["csv", *long_only("json", "xml", "table", "tsv", "md", "html")]
)
def test_rows_before_the_limit_are_marked_as_incomplete(format_: str) -> None:
    done = g60kg("sparql", UNENDING, "--timeout", "1.5", "-f", format_)
    assert done.returncode == 3
    assert "stopped after 1.5 seconds; the printed answer is incomplete" in done.stderr
    assert done.stdout.strip()
    match format_:
        case "json":
            answer = json.loads(done.stdout)
            assert answer["results"]["bindings"]
            assert answer["meta"]["complete"] is False
        case "xml":
            assert ElementTree.fromstring(done.stdout).tag.endswith("sparql")
        case "csv":
            assert {len(row) for row in csv.reader(io.StringIO(done.stdout))} == {4}


def test_what_came_in_time_is_no_file(tmp_path: Path) -> None:
    done = g60kg("sparql", UNENDING, "--timeout", "0.5", "-o", tmp_path / "rows.json")
    assert done.returncode == 3
    assert "stopped after 0.5 seconds.\n" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_answer_of_which_nothing_was_printed_is_not_called_incomplete() -> None:
    counted = UNENDING.replace("SELECT ?a ?b ?c ?d", "SELECT (COUNT(*) AS ?n)")
    done = g60kg("sparql", counted, "--timeout", "0.1", "-f", "csv")
    assert (done.returncode, done.stdout) == (3, "")
    assert "stopped after 0.1 seconds.\n" in done.stderr


def test_a_canned_query_has_a_time_limit_too() -> None:
    done = g60kg("query", "run", "claims-by-modality", "--timeout", "0.000001", "-f", "json")
    assert done.returncode == 3
    assert "stopped after 1e-06 seconds" in done.stderr
    assert json.loads(done.stdout)["meta"]["complete"] is False


@pytest.mark.parametrize("timeout", ["0", "60"])
def test_the_whole_answer_says_so(timeout: str) -> None:
    done = g60kg("query", "run", "member-cities", "--timeout", timeout, "-f", "json")
    assert json.loads(done.stdout)["meta"]["complete"] is True
    assert done.stderr == ""
    rows = g60kg(
        "sparql",
        "SELECT ?city { id:corridor g60:hasMemberCity ?city }",
        "--timeout",
        timeout,
        "-f",
        "json",
    )
    assert json.loads(rows.stdout)["meta"]["complete"] is True


@pytest.mark.parametrize(
    ("arguments", "rows", "expected"),
    [
        (("--limit", "9"), 9, ""),
        (("--limit", "8"), 8, "Rows 1–8; more exist."),
        (("--offset", "4"), 5, "Rows 5–9 of 9."),
        (("--offset", "4", "--limit", "5"), 5, "Rows 5–9 of 9."),
        (("--offset", "4", "--limit", "4"), 4, "Rows 5–8; more exist."),
        (("--offset", "9"), 0, "No rows in this range."),
        (("--limit", "0"), 0, "No rows in this range."),
    ],
)
def test_the_omitted_rows_are_reported_exactly(
    arguments: tuple[str, ...], rows: int, expected: str
) -> None:
    done = g60kg("query", "run", "member-cities", *arguments, "-f", "json")
    answer = json.loads(done.stdout)
    assert len(answer["results"]["bindings"]) == rows
    assert answer["meta"]["complete"] is not bool(expected)
    assert done.stderr == (f"{expected}\n" if expected else "")
