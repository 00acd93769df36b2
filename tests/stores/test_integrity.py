"""Half of a store is never taken for a whole one, and a whole one never for half of one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from g60kg.errors import EngineFailure
from g60kg.namespaces import LABEL, entity, graph_name
from g60kg.rdf.atomic_output import writing
from g60kg.stores.backup import back_up
from g60kg.stores.integrity import check, engine_error, read_error
from g60kg.stores.local_store import LocalStore
from tests.cli.run import bound_by_rights, g60kg
from tests.conftest import long_only
from tests.graphs import new_store

LINK = NamedNode("https://example.org/p")

#: Writes and drops, so that the engine makes tables and throws others away, until it is killed.
WRITER = """
import sys
from pyoxigraph import Literal, NamedNode, Quad, Store
store, link, turn = Store(sys.argv[1]), NamedNode("https://example.org/p"), 0
print(1, flush=True)
while True:
    turn += 1
    graph = NamedNode(f"https://example.org/graph/{turn % 3}")
    quads = [
        Quad(NamedNode(f"https://example.org/{turn}/{n}"), link, Literal(n), graph)
        for n in range(500)
    ]
    (store.bulk_extend if turn % 2 else store.extend)(quads)
    store.flush()
    if turn % 3 == 0:
        store.optimize()
    if turn % 4 == 0:
        store.clear_graph(graph)
"""


@pytest.fixture
def path(loaded: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "store"
    shutil.copytree(loaded, copy)
    return copy


def tables(path: Path) -> list[Path]:
    return sorted(path.glob("*.sst"))


def halve(table: Path) -> None:
    os.truncate(table, table.stat().st_size // 2)


def some_quads(start: int, count: int) -> list[Quad]:
    return [
        Quad(NamedNode(f"https://example.org/{n}"), LINK, Literal(n), graph_name("some"))
        for n in range(start, start + count)
    ]


@pytest.mark.parametrize("how", ["removed", "cut to half"])
def test_each_incomplete_table_is_reported(path: Path, how: str) -> None:
    assert len(tables(path)) > 5
    for table in tables(path):
        aside = path.parent / "aside"
        shutil.copy2(table, aside)
        if how == "removed":
            table.unlink()
        else:
            halve(table)
        for writable in (False, True):
            with pytest.raises(EngineFailure, match=rf"copied in part: its file {table.name} "):
                LocalStore.at(path, writable=writable)
        shutil.move(aside, table)
    assert len(LocalStore.at(path)) > 0


@pytest.mark.parametrize(
    "words",
    [
        ("info",),
        ("sparql", "ASK { ?s ?p ?o }"),
        ("validate", "--shape", "EntityHasEnglishLabel"),
        ("backup", "COPY"),
        ("export", "-o", "COPY"),
        ("load",),
    ],
    ids=lambda words: words[0],
)
def test_every_command_reports_it(path: Path, words: tuple[str, ...]) -> None:
    smallest, other, *_ = sorted(tables(path), key=lambda table: table.stat().st_size)
    smallest.unlink()
    halve(other)
    copy = path.parent / "copy"
    done = g60kg("--store", path, *(copy if word == "COPY" else word for word in words))
    assert done.returncode == 3, done.stdout
    assert f"{path} is damaged, or copied in part: its file" in done.stderr
    assert "1 more" in done.stderr
    assert "Restore a copy made by g60kg backup" in done.stderr
    assert not copy.exists()


@pytest.mark.parametrize("change", [True, False], ids=["after a change", "after an opening"])
def test_a_cut_manifest_is_reported_after_later_writes_too(path: Path, change: bool) -> None:
    store = LocalStore.at(path, writable=True)
    if change:
        store.change((), some_quads(0, 10))
    store.close()
    manifest = path / (path / "CURRENT").read_text(encoding="utf-8").strip()
    os.truncate(manifest, manifest.stat().st_size - 10)
    with pytest.raises(EngineFailure, match="copied in part: its file"):
        # It breaks off, or it names tables that the engine has made into others since.
        LocalStore.at(path)


@pytest.mark.long
def test_no_alarm_whatever_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with LocalStore.creating(path) as store:
        store.extend(some_quads(0, 100))
    readers = []
    for turn in range(1, 13):
        store = LocalStore.at(path, writable=True)
        store.change(some_quads(turn, 1), some_quads(turn * 1000, 50))
        if turn % 3 == 0:
            store.close()
            with LocalStore.extending(path) as grown:
                grown.bulk_extend(some_quads(turn * 1000 + 500, 300))
        if turn % 4 == 0:
            store.close()
            other = Store(str(path))  # a program that knows nothing of ours
            other.optimize()
            del other
        readers.append(LocalStore.at(path))
        store.close()
        readers = readers[-3:]
        assert len(LocalStore.at(path)) == len(LocalStore.at(path, writable=True))


@pytest.mark.long
def test_no_alarm_while_it_is_written_nor_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "store"
    looks = 0
    for kill in range(6):
        command = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            try:
                assert writer.stdout is not None
                assert writer.stdout.readline()
                end = time.monotonic() + 0.3 + 0.1 * kill
                while time.monotonic() < end:
                    check(path)
                    looks += 1
            finally:
                writer.kill()
        check(path)
        assert len(LocalStore.at(path)) == len(LocalStore.at(path, writable=True))
    assert looks > 50


def marked_tables(path: Path) -> set[str] | None:
    tables_ = json.loads((path / "g60kg.json").read_text(encoding="utf-8")).get("tables")
    return None if tables_ is None else set(tables_)


@pytest.mark.long
def test_each_close_of_a_written_store_marks_its_tables(path: Path, tmp_path: Path) -> None:
    def now() -> set[str]:
        return {table.name for table in tables(path)}

    assert marked_tables(path) == now()
    store = LocalStore.at(path, writable=True)
    store.change((), some_quads(0, 10))
    assert marked_tables(path) is None  # the engine may remove tables while it is open
    store.close()
    assert marked_tables(path) == now()
    done = g60kg("--store", path, "retract", "2307119874", "--reason", "a test", "--yes")
    assert done.returncode == 0, done.stderr
    assert marked_tables(path) == now()
    copy = tmp_path / "copy"
    back_up(LocalStore.at(path, writable=True), copy)
    assert marked_tables(copy) == {table.name for table in tables(copy)}


def test_a_store_that_something_still_refers_to_is_not_marked_as_closed(path: Path) -> None:
    store = LocalStore.at(path, writable=True)
    view = store.dataset()
    store.close()
    assert marked_tables(path) is None
    assert len(view) > 0


def test_a_store_without_a_mark_raises_no_alarm(path: Path) -> None:
    (path / "g60kg.json").unlink()
    assert len(LocalStore.at(path)) > 0
    LocalStore.at(path, writable=True).close()
    assert marked_tables(path) == {table.name for table in tables(path)}


@pytest.mark.parametrize("writable", [False, True])
def test_a_store_of_the_model_of_0_1_is_refused_with_the_way_to_rebuild(
    path: Path, writable: bool
) -> None:
    (path / "g60kg.json").write_text('{"format": 1, "g60kg": "0.1.0"}', encoding="utf-8")
    with pytest.raises(EngineFailure, match=r"written by g60kg 0\.1\.0") as refused:
        LocalStore.at(path, writable=writable)
    assert refused.value.exit_code == 3
    assert "load" in (refused.value.hint or "")


def test_what_another_program_wrote_raises_no_alarm(path: Path) -> None:
    other = Store(str(path))
    other.extend(some_quads(0, 500))
    other.optimize()
    del other
    assert not (marked_tables(path) or set()) <= {table.name for table in tables(path)}
    assert len(LocalStore.at(path)) > 500


def test_a_copy_that_lacks_anything_is_no_copy(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = LocalStore.copy_to

    def lossy(self: LocalStore, folder: Path) -> None:
        copied(self, folder)
        tables(folder)[3].unlink()

    def short(self: LocalStore, folder: Path) -> None:
        copied(self, folder)
        Store(str(folder)).remove(next(iter(self.quads())))

    before = sorted(tmp_path.iterdir())
    for spoilt, message in ((lossy, "is damaged, .* is missing"), (short, "has .* of .* quads")):
        monkeypatch.setattr(LocalStore, "copy_to", spoilt)
        with pytest.raises(EngineFailure, match=rf"was not copied: the copy {message}"):
            back_up(LocalStore.at(path, writable=True), tmp_path / "copy")
        assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("words", [("backup", "none/copy"), ("load",)], ids=lambda words: words[0])
def test_a_missing_folder_is_reported(path: Path, words: tuple[str, ...]) -> None:
    store = path if words[0] == "backup" else Path("none") / "store"
    done = g60kg("--store", store, *words, cwd=path.parent)
    assert done.returncode == 3
    assert f"there is no folder {path.parent / 'none'}." in done.stderr
    assert "Create the folder first" in done.stderr


def test_load_without_files_looks_at_the_store(path: Path) -> None:
    assert g60kg("--store", path, "load").returncode == 0
    (path / "g60kg.json").write_text('{"format": 99, "g60kg": "9.9.9"}', encoding="utf-8")
    done = g60kg("--store", path, "load")
    assert done.returncode == 3
    assert "is in store format 99, written by g60kg 9.9.9" in done.stderr
    assert "Upgrade g60kg" in done.stderr


@pytest.mark.parametrize(
    "spoilt", ["*.sst", *long_only(".", "CURRENT", "MANIFEST-*", "g60kg.json")]
)
def test_an_unreadable_store_is_reported(path: Path, spoilt: str) -> None:
    bound = bound_by_rights()
    shut = [path] if spoilt == "." else list(path.glob(spoilt))
    for file in shut:
        file.chmod(0)
    try:
        for words in (("info",), ("load",), ("validate",)):
            done = g60kg("--store", path, *words, under=bound)
            assert done.returncode == 3, done.stderr
            assert f"{path} cannot be opened: " in done.stderr
            assert "denied" in done.stderr
            assert "Reading needs read permission" in done.stderr
    finally:
        for file in shut:
            file.chmod(0o755)


def test_what_the_engine_says_names_the_store_and_what_to_do() -> None:
    missing = FileNotFoundError(
        "IO error: No such file or directory: While open a file for random read: "
        "/data/my store/000123.sst: No such file or directory"
    )
    failure = read_error(missing)
    assert failure.message.startswith("/data/my store is damaged, or copied in part: No such file")
    assert "g60kg backup" in str(failure.hint)
    failure = read_error(
        RuntimeError(
            "Corruption: block checksum mismatch: stored = 1, computed = 2, type = 4  in "
            "graph/000123.sst offset 0 size 9 The file graph/000123.sst may be corrupted."
        )
    )
    assert failure.message.startswith(
        "graph is damaged, or copied in part: block checksum mismatch"
    )
    cut = RuntimeError(
        "Corruption: truncated block read from sh/000036.sst offset 10 size 9, got 0"
    )
    assert read_error(cut).message.startswith("sh is damaged, or copied in part: truncated block")
    full = OSError("IO error: No space left on device: While appending to file: /data/g/000123.log")
    failure = read_error(full)
    assert failure.message.startswith("/data/g could not be read or written: No space left")
    assert "Make room" in str(failure.hint)
    assert "Make room" in str(engine_error("/data/g", "cannot be written", full).hint)
    assert read_error(OSError("what is not foreseen")).message.startswith("The store could not")


def fail_in(path: Path, error: OSError) -> None:
    with writing(path):
        raise error


def test_what_the_engine_says_is_not_said_of_the_output(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="IO error: of the store"):
        fail_in(tmp_path / "out", OSError("IO error: of the store"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="which files are open is known on Linux only")
def test_tables_that_are_merged_after_the_end_are_no_damage(tmp_path: Path) -> None:
    """An iterator keeps the engine's files open, which it merges in the background."""
    written = tmp_path / "written"
    new_store(written).close()
    for number in range(5):
        store = LocalStore.at(written, writable=True)
        store.extend([Quad(entity(f"x{number}"), LABEL, Literal("x"), graph_name("1"))])
        store.close()
    record = written / "g60kg.json"
    store = LocalStore.at(written, writable=True)
    left = iter(store.quads())
    next(left)
    store.close()
    assert "tables" not in json.loads(record.read_bytes())  # some may soon be gone
    time.sleep(0.5)
    LocalStore.at(written).close()
    del left
    LocalStore.at(written, writable=True).close()
    assert "tables" in json.loads(record.read_bytes())
