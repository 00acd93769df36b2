"""Arguments of hurried users: the place of options, bytes, numbers, outputs that are inputs."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from g60kg.namespaces import PREFIXES
from tests.cli.run import g60kg, started
from tests.cli.test_store import HEADER, ROWS

POSIX = pytest.mark.skipif(os.name != "posix", reason="descriptors and bytes are of POSIX")
TURTLE = "<urn:a> <urn:b> <urn:c> .\n"
CSV = "SELECT ?x { VALUES ?x { '=1+1' '-5' -5 'a' } }"


def shell(command: str) -> subprocess.CompletedProcess[bytes]:
    """A command line run by the shell; ``$G`` is the program."""
    env = {**os.environ, "G": f"{sys.executable} -m g60kg"}
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, env=env, timeout=120, check=False
    )
    assert b"Traceback" not in done.stderr
    assert b"g60kg itself" not in done.stderr
    return done


def test_global_options_may_follow_the_command(tmp_path: Path) -> None:
    before = g60kg("--lang", "zh", "query", "list").stdout
    assert before == g60kg("query", "list", "--lang", "zh").stdout
    assert before == g60kg("query", "--lang", "zh", "list").stdout
    assert before != g60kg("--lang", "zh", "query", "list", "--lang", "en").stdout
    store = tmp_path / "store"
    assert g60kg("load", "--empty", "--store", store).returncode == 0
    assert str(store) in g60kg("info", "--store", store).stdout
    assert g60kg("info", "--lang", "fr").returncode == 2
    assert "--lang" not in g60kg("info", "--help").stdout


@POSIX
@pytest.mark.parametrize(
    "words", ["info", "query list", "export", "--help", "sparql 'ASK {}' -f json"]
)
def test_closed_output_is_an_error_with_a_message(words: str) -> None:
    done = shell(f"$G {words} >&-")
    assert done.returncode == 3
    assert done.stderr == b"error: output: closed\n"


@POSIX
@pytest.mark.parametrize("words", ["diff", "diff -f json"])
def test_closed_output_is_an_error_if_the_answer_is_exit_code_1(words: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.nt").write_text(f"<http://{name}/> <http://p/> <http://c/> .\n")
    done = shell(f"$G {words} {tmp_path}/a.nt {tmp_path}/b.nt >&-")
    assert done.returncode == 3
    assert done.stderr.endswith(b"error: output: closed\n")


@POSIX
def test_nothing_is_changed_if_the_changes_cannot_be_shown(own_store: Path, tmp_path: Path) -> None:
    store, facts = own_store, tmp_path / "facts.csv"
    before = g60kg("--store", store, "info", "-f", "json").stdout
    facts.write_text(HEADER + ROWS, encoding="utf-8")
    messages = tmp_path / "messages"
    adding = started("--store", store, "add", facts, "--yes", stdout=None, stderr=messages)
    assert adding.wait() == 3
    assert messages.read_text(encoding="utf-8").endswith("error: output: closed\n")
    assert g60kg("--store", store, "info", "-f", "json").stdout == before


@POSIX
def test_closed_input_and_closed_or_full_messages_leave_the_exit_code(tmp_path: Path) -> None:
    assert shell(f"$G sparql 'ASK {{}}' -o {tmp_path}/x.json >&-").returncode == 0
    assert shell("$G query list <&-").returncode == 0
    closed = shell("$G query run nothing 2>&-")
    assert (closed.returncode, closed.stdout) == (2, b"")
    if Path("/dev/full").exists():
        assert shell("$G query run nothing 2>/dev/full").returncode == 2


@POSIX
@pytest.mark.parametrize(
    "words",
    [
        "query run search -p text=$(printf '\\377')",
        "query run city-profile -p city=$(printf '\\377')",
        "query run $(printf '\\377')",
        "sparql $(printf '\\377')",
        "export --entity $(printf '\\377')",
    ],
)
def test_an_argument_that_is_not_utf_8_is_an_error(words: str) -> None:
    done = shell(f"$G {words}")
    assert done.returncode == 2
    assert b"is not UTF-8" in done.stderr


@POSIX
@pytest.mark.parametrize("format_", ["text", "json", "sarif", "junit", "turtle", "table"])
def test_a_file_whose_name_is_not_utf_8_is_read(tmp_path: Path, format_: str) -> None:
    # As Python decodes the byte 0xe9 of an argument.
    file = tmp_path / "caf\udce9.ttl"
    file.write_text(TURTLE, encoding="utf-8")
    done = g60kg("validate", file, "-f", format_)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("seconds", ["1e400", "1e10", "inf", "nan", "-1", "-inf"])
def test_a_time_limit_is_a_number_that_timers_take(seconds: str) -> None:
    done = g60kg("sparql", "ASK { }", f"--timeout={seconds}")
    assert done.returncode == 2
    assert "--timeout" in done.stderr


@pytest.mark.parametrize("command", ["sparql", "query", "push", "serve"])
def test_every_time_limit_has_its_bounds(command: str) -> None:
    rest = {"sparql": ["ASK { }"], "query": ["run", "zones"]}.get(command, [])
    assert g60kg(command, *rest, "--timeout", "nan").returncode == 2


@pytest.mark.parametrize("option", ["workers", "processes", "queue", "memory", "rate"])
def test_every_number_of_a_server_has_its_bounds(option: str) -> None:
    done = g60kg("serve", f"--{option}", "99999999999999999999")
    assert done.returncode == 2
    assert f"--{option}" in done.stderr


def test_an_argument_that_is_not_utf_8_is_named_as_it_is_given(tmp_path: Path) -> None:
    done = g60kg("query", "run", "timeline", "--from", "2018\udcff")
    assert (done.returncode, done.stderr.partition(":")[2][:6]) == (2, " from:")
    store = tmp_path / "store"
    assert g60kg("--store", store, "load", "--empty").returncode == 0
    done = g60kg("--store", store, "backup", f"{tmp_path}/copy\udcff")
    assert done.returncode == 2
    assert "the path is not UTF-8" in done.stderr


COMMANDS = [
    ("query", "run", "member-cities"),
    ("sparql", "ASK { }"),
    ("export",),
    ("validate",),
    ("reason",),
    ("draft", "SHEET"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_an_unknown_extension_is_an_error(command: tuple[str, ...], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("subject,predicate,object,quote\n", encoding="utf-8")
    words = [str(sheet) if word == "SHEET" else word for word in command]
    done = g60kg(*words, "-o", tmp_path / "out.docx")
    assert done.returncode == 2
    assert "no format has the extension .docx" in done.stderr
    assert not (tmp_path / "out.docx").exists()


def test_an_unknown_extension_is_taken_with_a_format(tmp_path: Path) -> None:
    out = tmp_path / "out.foo"
    assert g60kg("sparql", "ASK { }", "-f", "json", "-o", out).returncode == 0
    assert out.read_text(encoding="utf-8").startswith('{"head"')


def test_the_extension_names_the_format_of_a_report(tmp_path: Path) -> None:
    out, file = tmp_path / "report.json", tmp_path / "file.ttl"
    file.write_text(TURTLE, encoding="utf-8")
    assert g60kg("validate", file, "-o", out).returncode == 1
    assert out.read_text(encoding="utf-8").startswith("{")


def test_every_output_is_compressed_where_its_name_ends_in_gz(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv.gz"
    assert g60kg("sparql", CSV, "-o", out).returncode == 0
    assert gzip.decompress(out.read_bytes()).startswith(b"x\r\n")


@POSIX
def test_an_input_is_not_overwritten_by_the_output(tmp_path: Path) -> None:
    sheet, link, hard = (tmp_path / name for name in ("x.csv", "link.csv", "hard.csv"))
    sheet.write_text("subject,predicate,object,quote\n", encoding="utf-8")
    link.symlink_to(sheet)
    hard.hardlink_to(sheet)
    query = tmp_path / "q.csv"
    query.write_text(CSV, encoding="utf-8")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(TURTLE, encoding="utf-8")
    text = tmp_path / "texts" / "text.txt"
    text.parent.mkdir()
    text.write_text("A text.", encoding="utf-8")
    kept = {path: path.read_bytes() for path in (sheet, query, shapes, text)}
    for command in (
        ("draft", sheet, "-o", sheet),
        ("draft", sheet, "-o", link),
        ("draft", hard, "-o", link),
        ("draft", sheet, "--article", text, "-o", text),
        ("sparql", "-q", query, "-o", query),
        ("validate", sheet, "-f", "text", "-o", tmp_path / "texts" / ".." / "x.csv"),
        ("validate", "-s", shapes, "-o", shapes),
        ("--articles", text.parent, "validate", "-o", text),
    ):
        done = g60kg(*command)
        assert done.returncode == 2, command
        assert "is an input of this command" in done.stderr
    assert all(path.read_bytes() == content for path, content in kept.items())


@pytest.mark.parametrize("name", ["t.xlsx", "t.ttl", "t.tsv"])
def test_a_template_is_csv_alone(name: str, tmp_path: Path) -> None:
    done = g60kg("draft", "--template", "-o", tmp_path / name)
    assert done.returncode == 2
    assert "A sheet cannot be written as" in done.stderr
    assert not (tmp_path / name).exists()


def test_a_file_of_the_graph_is_not_overwritten_by_the_output(tmp_path: Path) -> None:
    file, own = tmp_path / "own.ttl", {"G60KG_DATA": str(tmp_path)}
    file.write_text(f'<urn:a> <{PREFIXES["rdfs"]}label> "A" .\n', encoding="utf-8")
    kept = file.read_bytes()
    for command in (("export",), ("sparql", "CONSTRUCT WHERE { ?s ?p ?o }"), ("reason",)):
        done = g60kg(*command, "-o", file, env=own)
        assert done.returncode == 2, command
        assert "is an input of this command" in done.stderr
    assert file.read_bytes() == kept
    # A sheet may be compiled to it.
    sheet = tmp_path / "own.csv"
    sheet.write_text("# url: https://example.org/1\nsubject,predicate,object,quote\n", "utf-8")
    done = g60kg("draft", sheet, "-o", file, env=own)
    assert "is an input" not in done.stderr


@pytest.mark.parametrize("name", [".", "missing/"])
def test_an_output_is_no_folder(name: str, tmp_path: Path) -> None:
    done = g60kg("query", "run", "member-cities", "-o", name, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{name} is a folder." in done.stderr
    assert "--output（-o）的值无效" in g60kg("--lang", "zh", "export", "-o", name).stderr
    assert not list(tmp_path.iterdir())


def test_a_hyphen_as_the_output_is_stdout(tmp_path: Path) -> None:
    done = g60kg("query", "run", "member-cities", "-f", "csv", "-o", "-", cwd=tmp_path)
    assert done.stdout == g60kg("query", "run", "member-cities", "-f", "csv").stdout
    assert not list(tmp_path.iterdir())


def test_an_output_is_not_put_into_the_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert g60kg("--store", store, "load", "--empty").returncode == 0
    done = g60kg("--store", store, "export", "-o", store / "x.nt")
    assert done.returncode == 2
    assert "in the folder of the store" in done.stderr
    assert not (store / "x.nt").exists()


def test_formulas_are_escaped_for_a_spreadsheet_on_request() -> None:
    plain = g60kg("sparql", CSV, "-f", "csv").stdout.splitlines()
    assert sorted(plain[1:]) == ["-5", "-5", "=1+1", "a"]
    escaped = g60kg("sparql", CSV, "-f", "csv", "--escape-formulas").stdout.splitlines()
    assert sorted(escaped[1:]) == ["'=1+1", "-5", "-5", "a"]
    assert "'=1+1" in g60kg("sparql", CSV, "-f", "tsv", "--escape-formulas").stdout
    # A spreadsheet drops spaces, and a semicolon begins a cell where it separates them.
    hidden = 'SELECT ?x { VALUES ?x { " =1" "\u00a0=1" "\u200b=1" ";=1" "a;=1;b" "; 5" } }'
    escaped = g60kg("sparql", hidden, "-f", "csv", "--escape-formulas").stdout.splitlines()
    cells = [cell for line in escaped[1:] for cell in line.split(";") if "1" in cell]
    assert [cell[0] for cell in cells] == ["'"] * 5
    assert "; 5" in escaped
    done = g60kg("query", "run", "member-cities", "--escape-formulas")
    assert done.returncode == 2
    assert "CSV and TSV" in done.stderr


@pytest.mark.parametrize("command", [("validate",), ("add", "--yes"), ("draft",)])
def test_a_store_without_the_ontology_is_reported(command: tuple[str, ...], tmp_path: Path) -> None:
    store, sheet = tmp_path / "store", tmp_path / "new.csv"
    sheet.write_text("# id: 7\nsubject,predicate,object,quote\nid:one,a,Enterprise,one company\n")
    assert g60kg("--store", store, "load", "--empty").returncode == 0
    done = g60kg("--store", store, *command, sheet)
    assert (done.returncode, done.stdout) == (3, "")
    assert "The ontology in the graph does not declare g60:" in done.stderr
    assert "Load the shipped graph" in done.stderr


@pytest.mark.parametrize("arguments", [("enterprises",), ("query", "enterprises")])
def test_the_name_of_a_canned_query_is_no_command_and_the_command_is_named(
    arguments: tuple[str, ...],
) -> None:
    done = g60kg(*arguments)
    assert done.returncode == 2
    assert "g60kg query run enterprises\n" in done.stderr


def test_an_unknown_language_is_reported_with_the_known_ones() -> None:
    done = g60kg("--lang", "de", "info")
    assert done.returncode == 2
    assert ": 'de' is not one of 'en', 'zh'." in done.stderr
    assert "Value error" not in done.stderr
