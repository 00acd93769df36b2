"""Owner, group, mode and access control lists (ACL) of a store and of output files are kept."""

from __future__ import annotations

import os
import shutil
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from g60kg.rdf.file_permissions import Permissions, give_permissions
from tests.cli.run import g60kg
from tests.cli.test_store import HEADER, ROWS, SOURCE
from tests.cli.test_store_folder import made, store, triples
from tests.conftest import long_only

__all__ = ["made", "store", "triples"]

#: A superuser who has the rights of a usual user: those of owner, group and lists alone.
WITHOUT_RIGHTS: Final = (
    "setpriv",
    "--bounding-set=-chown,-fowner,-dac_override,-dac_read_search",
)
ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
# Tags of entries of a list.
OWNER, USER, OWNING_GROUP, GROUP, MASK, OTHERS = 1, 2, 4, 8, 16, 32
NOBODY = 0xFFFFFFFF


@dataclass(frozen=True)
class ACL:
    """The rights of the owner, of one named user, of the owning group and of others."""

    u: int
    named: int
    g: int
    o: int
    who: int = 4444

    @property
    def entries(self) -> dict[tuple[int, int], int]:
        return {
            (OWNER, NOBODY): self.u,
            (USER, self.who): self.named,
            (OWNING_GROUP, NOBODY): self.g,
            (MASK, NOBODY): self.named,
            (OTHERS, NOBODY): self.o,
        }

    def set(self, place: Path, kind: str = ACCESS) -> None:
        set_list(place, self.entries, kind)


def set_list(place: Path, entries: dict[tuple[int, int], int], kind: str = ACCESS) -> None:
    packed = (struct.pack("<HHI", tag, r, who) for (tag, who), r in sorted(entries.items()))
    try:
        os.setxattr(place, kind, struct.pack("<I", 2) + b"".join(packed))
    except (OSError, AttributeError):
        pytest.skip("the system, or the file system of the folder, has no access control lists")


def acl(place: Path, kind: str = ACCESS) -> dict[tuple[int, int], int]:
    """Return the list of a file or folder; empty if it has none."""
    try:
        found = os.getxattr(place, kind)
    except OSError:
        return {}
    return {(tag, who): r for tag, r, who in struct.iter_unpack("<HHI", found[4:])}


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


def test_load_backup_and_output_files_keep_lists(
    store: Path, triples: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.nq"
    out.touch()
    known = ACL(u=6, named=6, g=0, o=0)
    for file in (out, *store.iterdir()):
        known.set(file)
    copy = tmp_path / "copy"
    for command in (("backup", copy), ("load", triples), ("export", "-o", out)):
        assert g60kg("--store", store, *command).returncode == 0
    for file in (out, store / "CURRENT", copy / "CURRENT"):
        assert acl(file) == known.entries


def test_new_files_of_a_store_have_its_list_though_their_mode_is_right(tmp_path: Path) -> None:
    store, sheet = tmp_path / "store", tmp_path / "facts.csv"
    sheet.write_text(HEADER + ROWS, encoding="utf-8")
    assert g60kg("--store", store, "load").returncode == 0
    known = ACL(u=6, named=4, g=0, o=0)
    for file in store.iterdir():
        known.set(file)
    before = {file.name for file in store.iterdir()}
    # With this, the engine makes files of mode 0640: the bits that the list shows as its mask.
    masked = ("sh", "-c", 'umask 027; exec "$@"', "sh")
    assert g60kg("--store", store, "add", sheet, "--yes", under=masked).returncode == 0
    assert {file.name for file in store.iterdir()} - before
    assert [acl(file) for file in store.iterdir()] == [known.entries] * len([*store.iterdir()])


def test_a_list_of_the_folder_around_gives_nobody_rights_to_what_is_replaced(
    store: Path, triples: Path, tmp_path: Path
) -> None:
    out, copy = tmp_path / "out.nq", tmp_path / "copy"
    out.touch()
    for place in (out, store, *store.iterdir()):
        place.chmod(0o750 if place == store else 0o640)
    ACL(u=7, named=7, g=7, o=7).set(tmp_path, DEFAULT)
    for command in (("load", triples), ("backup", copy), ("export", "-o", out)):
        assert g60kg("--store", store, *command).returncode == 0
    for place in (out, store, copy, *store.iterdir(), *copy.iterdir()):
        mode = 0o750 if place in (store, copy) else 0o640
        assert (acl(place), acl(place, DEFAULT), rights(place)[0]) == ({}, {}, mode)


def test_load_and_backup_keep_the_list_for_new_files_of_the_folder(
    store: Path, triples: Path, tmp_path: Path
) -> None:
    known, copy = ACL(u=7, named=5, g=0, o=0), tmp_path / "copy"
    known.set(store)
    known.set(store, DEFAULT)
    assert g60kg("--store", store, "load", triples).returncode == 0
    assert g60kg("--store", store, "backup", copy).returncode == 0
    for folder in (store, copy):
        assert acl(folder) == acl(folder, DEFAULT) == known.entries


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_new_output_file_has_the_list_for_new_files_of_its_folder(
    store: Path, tmp_path: Path, umask: int
) -> None:
    folder, before = tmp_path / "folder", os.umask(umask)
    folder.mkdir()
    ACL(u=7, named=7, g=5, o=0).set(folder, DEFAULT)
    try:
        (folder / "touched").touch()
        assert g60kg("--store", store, "export", "-o", folder / "out.nq").returncode == 0
    finally:
        os.umask(before)
    assert rights(folder / "out.nq") == rights(folder / "touched")
    # As `touch` does, but without the right to execute, which the mask takes from that file.
    assert acl(folder / "out.nq") == ACL(u=6, named=6, g=4, o=0).entries


@pytest.mark.parametrize("kinds", [("access",), ("access", "default")])
def test_a_new_store_has_the_list_of_the_empty_folder_that_it_replaces(
    tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    folder, known = tmp_path / "store", ACL(u=7, named=7, g=5, o=0)
    folder.mkdir()
    for kind in kinds:
        known.set(folder, f"system.posix_acl_{kind}")
    assert g60kg("--store", folder, "load", "--empty").returncode == 0
    assert acl(folder) == known.entries
    assert acl(folder, DEFAULT) == (known.entries if "default" in kinds else {})
    files = {key: right & 6 for key, right in known.entries.items()}
    assert [acl(file) for file in folder.iterdir()] == [files] * len([*folder.iterdir()])


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv to take rights away")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
def test_who_loads_by_the_right_of_a_list_leaves_the_owner_and_group_theirs(
    store: Path, triples: Path
) -> None:
    assert g60kg("--store", store, "load", triples).returncode == 0
    for place in (store, *store.iterdir()):
        os.chown(place, 12345, 23456)
        # The mask takes the right to write from the group.
        ACL(u=7, named=7, g=4, o=0, who=0).set(place)
    more = triples.with_name("more.nt")
    more.write_text("<urn:d> <urn:b> <urn:c> .\n", encoding="utf-8")
    done = g60kg("--store", store, "load", more, under=WITHOUT_RIGHTS)
    assert (done.returncode, "error" in done.stderr) == (0, False), done.stderr
    for place in (store, *store.iterdir()):
        if rights(place)[1:] != (12345, 23456):  # tables that both share keep theirs
            found = acl(place)
            assert (found[USER, 12345], found[GROUP, 23456], found[4, NOBODY]) == (7, 4, 0)
            assert rights(place)[0] & 0o007 == 0
    assert rights(store)[1:] == (0, 0)


def test_a_new_store_keeps_the_mode_of_the_empty_folder_that_it_replaces(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert g60kg("--store", link, "load", "--empty").returncode == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert link.is_symlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
@pytest.mark.parametrize("through", ["link", *long_only("owned")])
def test_all_files_keep_the_owner_of_the_folder_when_the_superuser_writes(
    triples: Path, tmp_path: Path, through: str
) -> None:
    owned, copy, sheet = (tmp_path / name for name in ("owned", "copy", "facts.csv"))
    sheet.write_text(HEADER + ROWS, encoding="utf-8")
    owned.mkdir()
    (tmp_path / "link").symlink_to(owned)
    folder = tmp_path / through
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
    copy, more = tmp_path / "copy", tmp_path / "more.nt"
    more.write_text("<urn:d> <urn:b> <urn:c> .\n", encoding="utf-8")
    for command in (("backup", copy), ("load", more), ("backup", tmp_path / "copy 2")):
        done = g60kg("--store", store, *command, under=WITHOUT_RIGHTS)
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
    os.chown(store / "LOCK", 12345, 23456)
    getattr(store / "000099.sst", link)(other)
    (store / "g60kg-counts.json").unlink(missing_ok=True)
    # Reading the store caches its counts, which writes to the folder.
    g60kg("--store", store, "info")
    assert rights(store / "g60kg-counts.json")[1:] == (12345, 23456)
    assert rights(other) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
def test_files_of_another_group_than_that_of_the_folder_keep_theirs(
    store: Path, triples: Path
) -> None:
    os.chown(store, 12345, 23456)
    for file in store.iterdir():
        os.chown(file, 4444, 5555)
        file.chmod(0o660)
    assert g60kg("--store", store, "load", triples).returncode == 0
    assert rights(store)[1:] == (12345, 23456)
    assert {rights(file) for file in store.iterdir()} == {(0o660, 4444, 5555)}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser")
def test_a_group_that_a_list_names_keeps_its_right_when_the_group_of_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    old, new = tmp_path / "old", tmp_path / "new"
    old.touch(0o600)
    new.touch(0o600)
    os.chown(old, 12345, 1234)
    # The file's group by two entries; the group of the new file, whose members get nothing.
    entries = {(OWNER, NOBODY): 6, (OWNING_GROUP, NOBODY): 2, (GROUP, 0): 0, (GROUP, 1234): 4}
    entries |= {(MASK, NOBODY): 6, (OTHERS, NOBODY): 4}
    set_list(old, entries)
    monkeypatch.setattr(os, "chown", refused)
    with new.open() as stream:
        give_permissions(stream.fileno(), Permissions.of(old))
    found = acl(new)
    assert (found[GROUP, 1234], found[OWNING_GROUP, NOBODY]) == (6, 0)
    assert (found[USER, 12345], found[OTHERS, NOBODY]) == (6, 4)
