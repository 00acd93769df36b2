"""A store on disk: obstacles are reported, counts are never stale, copies are complete."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from g60kg.errors import EngineFailure, UsageError
from g60kg.model.statistics import graph_statistics
from g60kg.namespaces import RESERVED_GRAPHS, A, g60, graph_name
from g60kg.queries.catalog import named_query
from g60kg.stores import disk
from g60kg.stores.backup import back_up
from g60kg.stores.base import count
from g60kg.stores.integrity import FORMAT
from g60kg.stores.local_store import LocalStore
from tests.cli.run import bound_by_rights, g60kg

EX = "https://example.org/"
CITY = Quad(NamedNode(EX + "city"), A, g60("PrefectureCity"), graph_name("new"))


@pytest.fixture
def path(loaded: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "store"
    shutil.copytree(loaded, copy)
    return copy


def files_of(path: Path) -> dict[str, bytes]:
    """What lies at a path, hidden siblings too."""
    return {
        str(file.relative_to(path.parent)): file.read_bytes()
        for file in path.parent.rglob("*")
        if file.is_file()
    }


def cut(path: Path, pattern: str) -> None:
    for file in path.glob(pattern):
        file.write_bytes(file.read_bytes()[:-20])


def remove(path: Path, pattern: str) -> None:
    for file in path.glob(pattern):
        file.unlink()


def emptied(path: Path) -> None:
    shutil.rmtree(path)
    path.mkdir()


def filed(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("no store", encoding="utf-8")


def foreign(path: Path) -> None:
    emptied(path)
    (path / "notes.txt").write_text("no store", encoding="utf-8")


def marked(content: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        (path / "g60kg.json").write_text(content, encoding="utf-8")

    return write


DEFECTS: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "no MANIFEST": (lambda path: remove(path, "MANIFEST-*"), 3, "damaged, or copied in part"),
    "no CURRENT": (lambda path: remove(path, "CURRENT"), 3, "CURRENT is missing"),
    "no tables": (lambda path: remove(path, "*.sst"), 3, "damaged, or copied in part"),
    "tables cut short": (lambda path: cut(path, "*.sst"), 3, "damaged, or copied in part"),
    "MANIFEST cut short": (lambda path: cut(path, "MANIFEST-*"), 3, "is truncated"),
    "of the future": (marked('{"format": 99, "g60kg": "9.9.9"}'), 3, "written by g60kg 9.9.9"),
    "an invalid mark": (marked("{"), 3, "g60kg.json cannot be read"),
    "a nested mark": (marked("[" * 100_000), 3, "g60kg.json cannot be read"),
    "a file": (filed, 2, "is a file, not a store"),
    "an empty folder": (emptied, 2, "is an empty folder"),
    "another folder": (foreign, 2, "is not a store"),
}
COMMANDS = {
    "info": ("info",),
    "query": ("query", "run", "member-cities"),
    "load": ("load", "FILE"),
    "add": ("add", "FILE", "--yes"),
    "backup": ("backup", "COPY"),
}


#: `info` meets each defect; the other commands open a store as it does, or look at the folder.
CASES = [
    pytest.param(
        defect,
        command,
        marks=pytest.mark.long
        if command != "info" and defect not in ("no CURRENT", "a file", "another folder")
        else (),
    )
    for defect in DEFECTS
    for command in COMMANDS
]


@pytest.mark.parametrize(("defect", "command"), CASES)
def test_folders_without_a_complete_store_are_reported_and_unchanged(
    path: Path, defect: str, command: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if command == "load" and defect == "an empty folder":
        pytest.skip("an empty folder is where load may make a store")
    spoil, code, message = DEFECTS[defect]
    spoil(path)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    file = elsewhere / "a.ttl"
    file.write_text(f"<{EX}a> <{EX}p> 1 .", encoding="utf-8")
    words = {"FILE": file, "COPY": elsewhere / "copy"}
    before = files_of(path)
    done = g60kg("--store", path, *(words.get(word, word) for word in COMMANDS[command]))
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert files_of(path) == before
    assert not (elsewhere / "copy").exists()


def test_a_file_damaged_in_its_middle_is_reported(path: Path) -> None:
    for file in path.glob("*.sst"):
        content = bytearray(file.read_bytes())
        content[10] ^= 0xFF
        file.write_bytes(content)
    done = g60kg("--store", path, "query", "run", "member-cities")
    assert done.returncode == 3
    assert "damaged" in done.stderr


@pytest.mark.parametrize("name", ["enterprises", pytest.param("conflicts", marks=pytest.mark.long)])
def test_a_join_over_damaged_tables_ends(name: str, path: Path) -> None:
    """The engine repeats the error of a block: one query takes all memory, the other all time."""
    for file in path.glob("*.sst"):
        content = bytearray(file.read_bytes())
        # The indexes of the tables, at their ends, can be read.
        for start in range(8192, len(content) - 400_000, 4096):
            content[start : start + 64] = bytes(64)
        file.write_bytes(content)
    query = named_query(name).text
    for words in (("query", "run", name), ("sparql", query)):
        done = g60kg("--store", path, *words, memory=4_000_000_000)
        assert done.returncode == 3, done.stderr
        assert f"{path} is damaged, or copied in part: block checksum mismatch" in done.stderr
        assert "g60kg backup" in done.stderr


def test_a_store_that_is_being_written_keeps_writers_out_and_lets_readers_in(path: Path) -> None:
    code = f"import pyoxigraph, sys; s = pyoxigraph.Store({str(path)!r}); print(1, flush=True); "
    writer = subprocess.Popen(
        [sys.executable, "-c", code + "sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        assert g60kg("--store", path, "info").returncode == 0
        patient = (
            "import sys; from g60kg.stores import disk; disk.WAIT = 0.2; "
            "from g60kg.cli.app import main; main()"
        )
        for words in (("load", __file__ + ".ttl"), ("backup", str(path) + "-copy")):
            done = subprocess.run(
                [sys.executable, "-c", patient, "--store", str(path), *words],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 3, done.stderr
            assert "being written by another process" in done.stderr
        assert not Path(f"{path}-copy").exists()
    finally:
        assert writer.stdin is not None
        writer.stdin.close()
        writer.wait(timeout=30)
        assert writer.stdout is not None
        writer.stdout.close()


@pytest.mark.long
def test_a_store_whose_log_another_writer_rotates_is_not_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RocksDB renames and removes its logs before it takes the lock."""
    log = f"{path}/LOG.old.1795820485011478"
    reason = f"IO error: No such file or directory: while unlink() file: {log}: No such file"
    failures = [FileNotFoundError(reason)] * 3

    class Rotated:
        read_only = Store.read_only

        def __new__(cls, folder: str) -> Store:  # type: ignore[misc]
            if failures:
                raise failures.pop()
            return Store(folder)

    monkeypatch.setattr(disk, "Store", Rotated)
    Path(log).write_text("of an earlier attempt")
    with closing(LocalStore.at(path, writable=True)) as store:
        assert not failures
        assert len(store)
    assert not list(path.glob("LOG.old.*"))


def test_a_store_whose_files_a_writer_replaces_is_read_when_it_can_be(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Replaced:
        attempts = 0

        @classmethod
        def read_only(cls, folder: str) -> Store:
            cls.attempts += 1
            if cls.attempts > 5:
                return Store.read_only(folder)
            (path / f"g60kg.json.{cls.attempts}").touch()
            raise RuntimeError(f"No such file or directory: {folder}/000012.sst")

    monkeypatch.setattr(disk, "Store", Replaced)
    assert len(LocalStore.at(path))


def test_no_permission_is_given_in_a_folder_that_was_moved_to_the_place_of_a_new_store(
    path: Path, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.touch(0o600)
    with disk.temporary_store(path, "loading") as made:
        made.mkdir()
        (made / "000012.sst").touch(0o600)
        disk.copy_store_permissions(path, made)
        assert (made / "000012.sst").stat().st_mode & 0o777 == 0o644
        # The owner of the folder around can do this at any time.
        made.parent.rename(tmp_path / "away")
        (tmp_path / "own").mkdir()
        made.parent.symlink_to(tmp_path / "own")
        made.mkdir()
        (made / "evil").symlink_to(private)
        with pytest.raises(EngineFailure, match="cannot be replaced or copied"):
            disk.copy_store_permissions(path, made)
    assert private.stat().st_mode & 0o777 == 0o600


def test_a_read_only_store_is_read_and_writers_get_an_error(path: Path) -> None:
    bound = bound_by_rights()
    for file in path.iterdir():
        file.chmod(0o444)
    path.chmod(0o555)
    try:
        assert g60kg("--store", path, "info", under=bound).returncode == 0
        for words in (("backup", Path(f"{path}-copy")), ("load", path / "CURRENT.ttl")):
            done = g60kg("--store", path, *words, under=bound)
            assert done.returncode == 3
            assert "denied" in done.stderr
    finally:
        path.chmod(0o755)


def test_a_store_without_a_mark_is_of_the_first_format(path: Path) -> None:
    assert json.loads((path / "g60kg.json").read_text(encoding="utf-8"))["format"] == FORMAT
    (path / "g60kg.json").unlink()
    assert g60kg("--store", path, "info").returncode == 0


def test_neither_mark_nor_counts_are_seen_in_answers(path: Path, loaded: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    in_memory = g60kg("sparql", query, "-f", "csv").stdout
    assert g60kg("--store", path, "sparql", query, "-f", "csv").stdout == in_memory
    assert g60kg("diff", path, loaded).returncode == 0


def test_counts_are_kept_and_never_stale(path: Path) -> None:
    first = LocalStore.at(path).counts()
    assert first == count(LocalStore.at(path))
    kept = path / "g60kg-counts.json"
    content = json.loads(kept.read_text(encoding="utf-8"))
    # The cached counts are returned until the next write.
    kept.write_text(json.dumps({**content, "triples": 7}), encoding="utf-8")
    assert LocalStore.at(path).counts().triples == 7
    LocalStore.at(path, writable=True).change((), [CITY])
    assert LocalStore.at(path).counts().triples == first.triples + 1
    # A program that knows nothing of the counts, and leaves their sum as it is.
    other = Store(str(path))
    other.remove(CITY)
    other.add(Quad(CITY.subject, A, g60("Town"), CITY.graph_name))
    del other
    assert LocalStore.at(path).counts() == count(LocalStore.at(path))
    members = LocalStore.at(path).counts().members
    assert members[g60("PrefectureCity").value] == 8
    assert members == first.members
    kept.write_text("{", encoding="utf-8")
    assert graph_statistics(LocalStore.at(path)).triples == first.triples + 1


def test_counts_without_the_ontology(store: LocalStore) -> None:
    quads = (quad for quad in store.quads() if quad.graph_name not in RESERVED_GRAPHS)
    here, there = map(graph_statistics, (store, LocalStore.holding(quads, "no ontology")))
    assert here.source_count == there.source_count > 0
    assert [iri for iri, _ in here.sources] == [iri for iri, _ in there.sources]
    for name in ("Fact", "Quotation", "Enterprise"):
        assert here.count(name) == there.count(name) > 0


def test_a_copy_has_all_of_it_while_others_read(path: Path, tmp_path: Path) -> None:
    reader = LocalStore.at(path)
    writer = LocalStore.at(path, writable=True)
    writer.extend([CITY])  # in the engine's log alone
    copy = tmp_path / "copy"
    assert back_up(writer, copy) == len(writer)
    del writer
    assert set(LocalStore.at(copy).quads()) == set(LocalStore.at(path).quads())
    LocalStore.at(path, writable=True).change([CITY], ())
    assert CITY in set(LocalStore.at(copy).quads())
    assert len(list(reader.quads())) == len(reader)
    with pytest.raises(UsageError, match="exists"):
        back_up(LocalStore.at(path, writable=True), copy)
    done = g60kg("--store", path, "backup", tmp_path / "none" / "copy")
    assert done.returncode == 3
    assert "there is no folder" in done.stderr
    assert "Create the folder first" in done.stderr


def test_a_copy_and_its_original_share_no_table_with_other_permissions(
    path: Path, tmp_path: Path
) -> None:
    (path / "LOCK").chmod(0o640)
    with closing(LocalStore.at(path, writable=True)) as store:
        own, linked = sorted(path.glob("*.sst"))[:2]
        # As a background job of RocksDB makes tables at any time after the opening.
        own.chmod(0o604)
        linked.chmod(0o604)
        (tmp_path / "of others").hardlink_to(linked)
        back_up(store, tmp_path / "copy")
    for folder in (path, tmp_path / "copy"):
        modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
        assert modes.pop(linked.name) == 0o604
        assert set(modes.values()) == {0o640}


@pytest.mark.long
def test_a_copy_killed_in_the_middle_leaves_nothing(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    command = [sys.executable, "-m", "g60kg", "--store", str(path), "backup", str(copy)]
    for kill in range(8):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.15 + 0.05 * kill)
        running.kill()
        running.wait(timeout=30)
        if copy.exists():
            assert len(LocalStore.at(copy)) == len(LocalStore.at(path))
            shutil.rmtree(copy)
    assert g60kg("--store", path, "backup", copy).returncode == 0
    assert len(LocalStore.at(copy)) == len(LocalStore.at(path))
    assert [entry for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
