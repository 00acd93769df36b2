"""The folder of a store keeps its permissions; no file in it that is not the store's is lost."""

from __future__ import annotations

import os
import shutil
import stat
import struct
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.cli.test_store import HEADER, ROWS, SOURCE
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


def rights(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid


@pytest.mark.parametrize("mode", [0o700, 0o2770, 0o755])
def test_load_and_backup_keep_owner_group_and_mode(
    store: Path, triples: Path, tmp_path: Path, mode: int
) -> None:
    if os.geteuid() == 0:
        os.chown(store, 12345, 23456)
        os.chown(store / "LOCK", 12345, 23456)
    store.chmod(mode)
    (store / "LOCK").chmod(0o640)
    before, inner = rights(store), rights(store / "LOCK")
    assert g60kg("--store", store, "load", triples).returncode == 0
    assert (rights(store), rights(store / "CURRENT")) == (before, inner)
    copy = tmp_path / "copy"
    assert g60kg("--store", store, "backup", copy).returncode == 0
    assert (rights(copy), rights(copy / "CURRENT")) == (before, inner)


def test_load_backup_and_output_files_keep_access_control_lists(
    store: Path, triples: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.nq"
    out.touch()
    # Version 2; each entry has a tag (owner, user, group, mask, others), rights and an id.
    entries = ((1, 6, -1), (2, 6, 4444), (4, 0, -1), (16, 6, -1), (32, 0, -1))
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        for file in (out, *store.iterdir()):
            os.setxattr(file, "system.posix_acl_access", acl)
    except (OSError, AttributeError):
        pytest.skip("the system, or the file system of the folder, has no access control lists")
    copy = tmp_path / "copy"
    for command in (("backup", copy), ("load", triples), ("export", "-o", out)):
        assert g60kg("--store", store, *command).returncode == 0
    for file in (out, store / "CURRENT", copy / "CURRENT"):
        assert os.getxattr(file, "system.posix_acl_access") == acl


def test_a_new_store_keeps_the_mode_of_the_empty_folder_that_it_replaces(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert g60kg("--store", link, "load", "--empty").returncode == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert link.is_symlink()


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
def test_all_files_keep_the_owner_of_the_folder_when_the_superuser_writes(
    triples: Path, tmp_path: Path
) -> None:
    folder, copy, sheet = (tmp_path / name for name in ("owned", "copy", "facts.csv"))
    sheet.write_text(HEADER + ROWS, encoding="utf-8")
    folder.mkdir()
    os.chown(folder, 12345, 23456)
    folder.chmod(0o2770)
    for command in (
        ("load",),
        ("load", triples),
        ("add", sheet, "--yes"),
        ("retract", SOURCE, "--reason", "a test", "--yes"),
        ("backup", copy),
    ):
        assert g60kg("--store", folder, *command).returncode == 0
        assert g60kg("--store", folder, "info").returncode == 0
        assert {rights(file) for file in folder.iterdir()} == {(0o660, 12345, 23456)}
    assert g60kg("--store", copy, "info").returncode == 0
    assert {rights(file) for file in copy.iterdir()} == {(0o660, 12345, 23456)}


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv to take rights away")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
def test_a_member_of_the_group_copies_and_extends_a_store_with_tables_of_others(
    store: Path, triples: Path, tmp_path: Path
) -> None:
    assert g60kg("--store", store, "load", triples).returncode == 0
    for file in (store, *store.iterdir()):
        os.chown(file, 12345, 0)
        file.chmod(0o2770 if file == store else 0o660)
    member = ("setpriv", "--bounding-set=-chown,-fowner,-dac_override,-dac_read_search")
    copy, more = tmp_path / "copy", tmp_path / "more.nt"
    more.write_text("<urn:d> <urn:b> <urn:c> .\n", encoding="utf-8")
    for command in (("backup", copy), ("load", more), ("backup", tmp_path / "copy 2")):
        done = g60kg("--store", store, *command, under=member)
        assert (done.returncode, "error" in done.stderr) == (0, False), done.stderr
    assert {stat.S_IMODE(file.stat().st_mode) for file in store.iterdir()} == {0o660}
    assert "2 triples" in g60kg("--store", store, "info").stdout


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_a_file_linked_into_the_folder_keeps_its_owner(
    store: Path, tmp_path: Path, link: str
) -> None:
    other = tmp_path / "other"
    other.touch(0o644)
    before = rights(other)
    os.chown(store, 12345, 23456)
    getattr(store / "000099.sst", link)(other)
    # Reading the store caches its counts, which writes to the folder.
    g60kg("--store", store, "info")
    assert rights(store / "LOCK")[1:] == (12345, 23456)
    assert rights(other) == before


@pytest.mark.parametrize(
    "name", ["notes.txt", "1.sst.old", ".hidden", "folder/", "x.sst", "000002.log"]
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


def test_a_pipe_with_a_name_of_the_stores_files_holds_no_command_up(
    store: Path, triples: Path
) -> None:
    (store / "g60kg-counts.json").unlink(missing_ok=True)
    os.mkfifo(store / "g60kg-counts.json")
    assert g60kg("--store", store, "info").returncode == 0
    for name in ("IDENTITY", "g60kg.json"):
        (store / name).rename(store.parent / name)
        os.mkfifo(store / name)
        for command in (("info",), ("load", triples)):
            done = g60kg("--store", store, *command)
            assert done.returncode != 0
            assert name in done.stderr
        (store.parent / name).rename(store / name)


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
