"""The folder of a store: no file in it that is not the store's is lost or read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.cli.test_store import HEADER, ROWS
from tests.conftest import long_only


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, which no test writes to."""
    path = tmp_path_factory.mktemp("made") / "store"
    assert g60kg("--store", path, "load", "--empty").returncode == 0
    return path


def test_load_says_whether_an_empty_store_was_created_or_was_there(tmp_path: Path) -> None:
    path = tmp_path / "store"
    done = g60kg("--store", path, "load", "--empty")
    assert (done.returncode, done.stderr) == (0, f"{path}: an empty store was created.\n")
    done = g60kg("--store", path, "load", "--empty")
    assert done.returncode == 0
    assert done.stderr.startswith(f"{path} is a store already; nothing was loaded.")
    done = g60kg("--lang", "zh", "--store", tmp_path / "new", "load", "--empty")
    assert done.stderr == f"{tmp_path / 'new'}：已新建空的存储库。\n"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


@pytest.fixture
def triples(tmp_path: Path) -> Path:
    path = tmp_path / "triples.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "1.sst.old", ".hidden", "folder/", "x.sst", "000002.log", "g60kg.json.5"],
)
def test_load_refuses_a_folder_with_files_that_are_not_the_stores(
    store: Path, triples: Path, name: str
) -> None:
    foreign = store / name.rstrip("/")
    foreign.mkdir() if name.endswith("/") else foreign.write_text("mine", encoding="utf-8")
    done = g60kg("--store", store, "load", triples)
    assert done.returncode == 2
    assert (
        f"holds files that are not the store's: {foreign.name}. Nothing was loaded." in done.stderr
    )
    assert foreign.exists()
    assert "0 triples" in g60kg("--store", store, "info").stdout


@pytest.mark.parametrize(
    "name",
    ["000001.sst", "000002.log", "7.sst", "MANIFEST-000001", "OPTIONS-2", "3.blob", "123456.sst"],
)
def test_no_command_removes_a_file_that_has_a_name_of_the_engine_but_is_not_its_own(
    store: Path, tmp_path: Path, name: str
) -> None:
    foreign, copy = store / name, tmp_path / "copy"
    foreign.write_text("mine", encoding="utf-8")
    sheet = tmp_path / "facts.csv"
    sheet.write_text(HEADER + ROWS, encoding="utf-8")
    for command in (("add", sheet, "--yes"), ("load", sheet.with_suffix(".nt")), ("backup", copy)):
        done = g60kg("--store", store, *command)
        assert done.returncode == 2
        assert f"holds files that are not the store's: {name}." in done.stderr
    assert foreign.read_text(encoding="utf-8") == "mine"
    assert "0 triples" in g60kg("--store", store, "info").stdout
    foreign.unlink()
    assert g60kg("--store", store, "backup", copy).returncode == 0


@pytest.mark.parametrize("name", ["000032.sst", "LOG.old.1690000000000000"])
@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_no_command_removes_what_is_no_regular_file(
    store: Path, triples: Path, tmp_path: Path, name: str, kind: str
) -> None:
    foreign, kept = store / name, tmp_path / "kept"
    kept.write_text("mine", encoding="utf-8")
    if kind == "folder":
        foreign.mkdir()
        (foreign / "precious").touch()
    elif kind == "link":
        foreign.symlink_to(kept)
    else:
        os.mkfifo(foreign)
    for command in (("load", triples), ("backup", tmp_path / "copy")):
        done = g60kg("--store", store, *command)
        assert done.returncode == 2
        assert f"holds files that are not the store's: {name}." in done.stderr
    assert foreign.lstat()
    assert kept.read_text(encoding="utf-8") == "mine"


def test_a_pipe_with_a_name_of_the_stores_counts_is_left_as_it_is(store: Path) -> None:
    (store / "g60kg-counts.json").unlink(missing_ok=True)
    os.mkfifo(store / "g60kg-counts.json")
    assert g60kg("--store", store, "info").returncode == 0
    assert (store / "g60kg-counts.json").is_fifo()


@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("pattern", ["CURRENT", "MANIFEST-*", "*.log", *long_only("IDENTITY")])
def test_no_command_waits_for_a_pipe_or_reads_a_device_as_a_file_of_the_store(
    store: Path, triples: Path, pattern: str, kind: str
) -> None:
    file = max(store.glob(pattern))
    file.unlink()
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero")
    for command in (("info",), ("load", triples)):
        done = g60kg("--store", store, *command, memory=2 << 30, seconds=30)
        assert done.returncode in {2, 3}
        assert file.name in done.stderr
    assert f"its file {file.name} is a pipe or a device" in g60kg("--store", store, "info").stderr


def test_a_pipe_with_the_name_of_the_mark_holds_no_command_up(store: Path, triples: Path) -> None:
    (store / "g60kg.json").unlink()
    os.mkfifo(store / "g60kg.json")
    for command, code in ((("info",), 3), (("load", triples), 2)):
        done = g60kg("--store", store, *command)
        assert done.returncode == code
        assert "g60kg.json" in done.stderr


def test_an_old_log_is_removed_and_a_file_with_a_similar_name_is_not(
    store: Path, triples: Path, tmp_path: Path
) -> None:
    old, other = store / "LOG.old.1795820485011478", store / "LOG.old.1234"
    old.touch()
    other.touch()
    assert g60kg("--store", store, "backup", tmp_path / "copy").returncode == 0
    assert (old.exists(), other.exists()) == (False, True)
    assert "LOG.old.1234" in g60kg("--store", store, "load", triples).stderr


@pytest.mark.parametrize("through", ["store", "link", "store/../link"])
@pytest.mark.parametrize("command", ["backup", "load"])
def test_no_store_is_made_inside_a_store(
    store: Path, tmp_path: Path, command: str, through: str
) -> None:
    (tmp_path / "link").symlink_to(store)
    target = tmp_path / through / "inside"
    words = ("--store", store, "backup", target) if command == "backup" else (
        "--store", target, "load",
    )  # fmt: skip
    done = g60kg(*words)
    assert done.returncode == 2
    assert f"is inside the store {store.resolve()}." in done.stderr
    assert not (store / "inside").exists()


@pytest.mark.parametrize("command", [("info",), ("load", "--empty"), ("log",), ("serve",)])
@pytest.mark.parametrize(
    ("path", "reason"),
    [("x\udcff", "the path is not UTF-8"), ("a" * 40_000, "the path is too long")],
)
def test_a_path_that_no_store_can_have_is_refused(
    path: str, reason: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    done = g60kg("--store", path, *command, cwd=tmp_path)
    assert done.returncode == 2
    assert reason in done.stderr
    assert len(done.stderr) < 200


@pytest.mark.parametrize("words", ["--store {} load", *long_only("export --release {}")])
def test_links_in_a_loop_are_an_error_of_the_path(words: str, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (loop, loop / "x"):
        done = g60kg(*words.format(path).split())
        assert done.returncode == 3
        assert f"error: {path} cannot be " in done.stderr
    assert list(tmp_path.iterdir()) == [loop]
