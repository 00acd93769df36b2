"""The bulk way: any format; all files or none, whenever it ends; nothing hostile ends a process."""

from __future__ import annotations

import gzip
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, serialize

from g60kg.errors import EngineFailure, NoStore, UnreadableInput, UsageError
from g60kg.namespaces import graph_name
from g60kg.rdf import bounded_reader
from g60kg.stores.bulk_load import load_files
from g60kg.stores.local_store import LocalStore
from tests.conftest import long_only
from tests.graphs import new_store

EX = "https://example.org/"
FACT = "https://w3id.org/g60kg/fact/"
KILLS = 15


def graphs_of(path: Path) -> set[str]:
    return {name.value.rpartition("/")[2] for name in LocalStore.at(path).graph_names()}


def of_file(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    encoded = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(gzip.compress(encoded) if name.endswith(".gz") else encoded)
    return path


def many(path: Path, count: int, name: str) -> Path:
    link = NamedNode(EX + "p")
    quads = (
        Quad(NamedNode(f"{EX}{name}{n}"), link, Literal(n), graph_name(name)) for n in range(count)
    )
    serialize(quads, str(path), RdfFormat.N_QUADS)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", f"<{EX}a> <{EX}p> [ <{EX}q> (1 2) ] ."),
        ("a.ttl.gz", f"<{EX}a> <{EX}p> '''it's\n[[[''' ."),
        ("a.nt", f"<{EX}a> <{EX}p> <{EX}b> ."),
        ("a.nq.gz", f"<{EX}a> <{EX}p> <{EX}b> <{EX}g> ."),
        ("a.trig", f"<{EX}g> {{ <{EX}a> <{EX}p> 1 }}"),
        ("a.jsonld", f'{{"@id": "{EX}a", "{EX}p": [{{"@id": "{EX}b"}}, "a ] b"]}}'),
        (
            "a.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e='
            f'"{EX}"><rdf:Description rdf:about="{EX}a"><e:p>x</e:p></rdf:Description></rdf:RDF>',
        ),
    ],
)
@pytest.mark.parametrize("piece", [7, 1024])
def test_every_format_comes_in_whole(
    tmp_path: Path, name: str, content: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_reader, "PIECE", piece)
    path, file = tmp_path / "store", of_file(tmp_path, name, "\ufeff" + content)
    expected = Store()
    expected.load(content, format=streamed_format(name))
    assert load_files(path, [file], empty=True) == len(expected)
    assert any(quad.subject == NamedNode(EX + "a") for quad in LocalStore.at(path).quads())


def streamed_format(name: str) -> RdfFormat:
    known = RdfFormat.from_extension(name.removesuffix(".gz").rpartition(".")[2])
    assert known is not None
    return known


def test_triples_go_to_the_graph_of_the_source_that_they_speak_for(tmp_path: Path) -> None:
    path = tmp_path / "store"
    one = of_file(tmp_path, "Some File.ttl", f"<{FACT}77-1> <{EX}p> 1 . <{EX}b> <{EX}p> 2 .")
    two = of_file(tmp_path, "two.ttl", f"<{FACT}77-1> <{EX}p> 1 . <{FACT}78-1> <{EX}p> 2 .")
    plain = of_file(tmp_path, "Plain One.nt", f"<{EX}a> <{EX}p> <{FACT}99-1> .")
    mixed = of_file(
        tmp_path, "mixed.nq", f"<{FACT}80-1> <{EX}p> <{EX}o> .\n<{EX}a> <{EX}p> <{EX}o> <{EX}g> .\n"
    )
    load_files(path, [one, two, plain, mixed], empty=True)
    assert graphs_of(path) == {"77", "two", "plain-one", "80", "g"}
    assert not list(LocalStore.at(path).quads(graph=DefaultGraph()))


def test_what_another_program_left_in_no_graph_stays_there(tmp_path: Path) -> None:
    path = tmp_path / "store"
    new_store(path, shipped=False).extend(
        [Quad(NamedNode(EX + "old"), NamedNode(EX + "p"), Literal(1), DefaultGraph())]
    )
    load_files(path, [of_file(tmp_path, "new.nq", f"<{EX}a> <{EX}p> <{EX}o> .")])
    (left,) = LocalStore.at(path).quads(graph=DefaultGraph())
    assert left.subject == NamedNode(EX + "old")
    assert graphs_of(path) == {"new"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one triple, which no test writes to."""
    folder = tmp_path_factory.mktemp("first")
    file = of_file(folder, "first.ttl", f"<{EX}z> <{EX}p> 1 .")
    load_files(folder / "store", [file], empty=True)
    return folder / "store"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", "<http://a/> <http://b/> .", "a.ttl:1:"),
        ("a.ttl", f"<{EX}a>\n<{EX}p> " + "[ " * 100_000, "a.ttl:2:"),
        ("a.nt", f"<{EX}a> <{EX}p> " + "<<( " * 100_000, "a.nt:1:"),
        ("a.jsonld", '{"a":' * 100_000, "a.jsonld"),
        ("a.jsonld", '{"@context": "http://127.0.0.1:1/c", "a": 1}', "nothing is fetched"),
        ("a.rdf", "<a>" * 100_000, "a.rdf:1:"),
        ("a.rdf", "<rdf>", "a.rdf"),
        ("a.ttl", b"\xff\xfe<\0a\0", "UTF-16"),
        ("a.ttl", b"<http://a/> <http://b/> 'x\xff' .", "a.ttl:1:"),
        ("a.ttl", b"<http://a/> <http://b/> 'x\0' .", "NUL"),
        ("a.ttl", "<http://a/> <http://b/> <c> .", "Relative IRIs"),
        ("a.nq.gz", b"", "truncated"),
    ],
)
@pytest.mark.parametrize("there", [True, *long_only(False)])
def test_a_file_that_cannot_be_read_leaves_the_store_as_it_was(
    tmp_path: Path, name: str, content: str | bytes, expected: str, there: bool, first: Path
) -> None:
    path = tmp_path / "store"
    good = of_file(tmp_path, "good.ttl", f"<{EX}a> <{EX}p> 1 .")
    bad = of_file(tmp_path, name, content)
    if name.endswith(".gz"):
        bad.write_bytes(gzip.compress(b"<http://a/> <http://b/> 1 .\n" * 99)[:-9])
    if there:
        shutil.copytree(first, path)
    with pytest.raises(UnreadableInput) as caught:
        load_files(path, [good, bad], empty=True)
    assert expected in str(caught.value)
    assert path.exists() == there
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
    if there:
        assert graphs_of(path) == {"first"}


def test_a_place_past_the_bound_of_other_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors of a file too large to be re-read are reported from the stream."""
    monkeypatch.setattr(bounded_reader, "PIECE", 64)
    lines = [f"<{EX}a> <{EX}p> 'some words' .\n"] * 50
    deep = of_file(tmp_path, "deep.ttl", "".join(lines) + "x:a x:b " + "[ " * 300)
    with pytest.raises(UnreadableInput, match=r"deep\.ttl:51:409: nested deeper than 200"):
        load_files(tmp_path / "store", [deep])
    monkeypatch.setattr(bounded_reader, "MAX_LINE", 1000)
    long = of_file(tmp_path, "long.ttl", "x" * 2000)
    with pytest.raises(UnreadableInput, match="a line longer than 1,000 bytes"):
        load_files(tmp_path / "store", [long])


def test_wrong_calls(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no RDF format"):
        load_files(tmp_path / "store", [tmp_path / "a.doc"])
    with pytest.raises(UnreadableInput, match="no such file"):
        load_files(tmp_path / "store", [tmp_path / "a.ttl"])
    with pytest.raises(NoStore, match="not empty"):
        load_files(Path(__file__).parent, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("there", [False, True])
def test_a_load_killed_at_any_instant_leaves_all_or_nothing(tmp_path: Path, there: bool) -> None:
    files = [many(tmp_path / f"{name}.nq", 3_000, name) for name in ("one", "two")]
    path, before = tmp_path / "store", None
    command = [sys.executable, "-m", "g60kg", "--store", str(path), "load", "--empty"]
    command += map(str, files)
    clock = time.perf_counter()
    spare = [sys.executable, "-m", "g60kg", "--store", str(tmp_path / "spare"), *command[5:]]
    subprocess.run(spare, check=True, capture_output=True, timeout=60)
    takes = time.perf_counter() - clock
    order = random.Random(60)
    early = 0
    for kill in range(KILLS):
        if there and not path.exists():
            load_files(path, [many(tmp_path / "zero.nq", 500, "zero")], empty=True)
        before = graphs_of(path) if path.exists() else None
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # From before the first file is opened to after all is done.
        time.sleep(takes * (0.3 + 0.7 * (kill + order.random()) / KILLS))
        running.kill()
        running.wait(timeout=60)
        early += not path.exists() or graphs_of(path) == before
        if path.exists():
            now = LocalStore.at(path)
            assert graphs_of(path) in (before, (before or set()) | {"one", "two"})
            assert len(now) in (500 * there, 500 * there + 6_000)
            if graphs_of(path) != before:
                subprocess.run(["rm", "-r", path], check=True)
    assert early, "no kill came early enough to show anything"
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert graphs_of(path) >= {"one", "two"}
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def grow_while_another_writes(path: Path) -> None:
    with LocalStore.extending(path) as grown:
        grown.extend([Quad(NamedNode(EX), NamedNode(EX), Literal(1), graph_name("mine"))])
        # As if somebody had opened the store for writing just before the exchange.
        (path / "CURRENT").write_text("MANIFEST-999999\n", encoding="utf-8")


def test_another_writer_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "store"
    load_files(path, [many(tmp_path / "one.nq", 10, "one")], empty=True)
    with pytest.raises(EngineFailure, match="meanwhile"):
        grow_while_another_writes(path)
    assert "mine" not in (path / "CURRENT").read_text(encoding="utf-8")
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


@pytest.mark.long
def test_an_exchange_in_two_steps_that_was_cut_short_is_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from g60kg.stores import disk

    monkeypatch.setattr(disk, "_swapped", lambda *_: False)
    path = tmp_path / "store"
    load_files(path, [many(tmp_path / "one.nq", 10, "one")], empty=True)
    load_files(path, [many(tmp_path / "two.nq", 10, "two")])
    assert graphs_of(path) == {"one", "two"}
    path.rename(tmp_path / ".store.before")
    load_files(path, [many(tmp_path / "three.nq", 10, "three")])
    assert graphs_of(path) == {"one", "two", "three"}
