"""What ``-o`` does to what is at its path: links, rights, pipes and devices stay what they are."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from g60kg.errors import EngineFailure, OutputFailure
from g60kg.export import export, sorted_lines
from g60kg.rdf.atomic_output import writing
from g60kg.rdf.turtle import turtle_stream
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and rights are of POSIX")
AS_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the superuser"
)
ASKED = "ASK { }"
MANY = b"x" * 100_000


def write(path: Path, content: bytes = b"new\n") -> None:
    with writing(path) as stream:
        stream.write(content)


def fail_after(path: Path, content: bytes) -> None:
    with writing(path) as stream:
        stream.write(content)
        raise EngineFailure("The engine failed.")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class Reader:
    """Reads a pipe to its end, beside the test."""

    def __init__(self, path: Path) -> None:
        self.got = b""
        self._path = path
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        self.got = self._path.read_bytes()

    def all(self) -> bytes:
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()
        return self.got


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    """A device node of this test's own, that takes no byte: the disk is full, it says."""
    path = tmp_path / "full"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        os.close(os.open(path, os.O_WRONLY))
    except OSError as error:
        pytest.skip(f"no device node can be made and opened here: {error.strerror}")
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o444])
def test_the_rights_of_a_file_are_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path)
    assert path.read_bytes() == b"new\n"
    assert rights(path) == mode


def test_a_file_is_private_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with writing(path) as stream:
        stream.write(MANY)
        (partial,) = tmp_path.iterdir()
        assert rights(partial) == 0o600


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_follows_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write(tmp_path / "out")
    finally:
        os.umask(before)
    assert rights(tmp_path / "out") == mode


@AS_ROOT
def test_the_owner_of_a_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    os.chown(path, 4321, 1234)
    path.chmod(0o640)
    write(path)
    assert (path.stat().st_uid, path.stat().st_gid, rights(path)) == (4321, 1234, 0o640)


@AS_ROOT
@pytest.mark.parametrize(
    ("before", "after"),
    [(0o660, 0o600), (0o664, 0o644), (0o600, 0o600), (0o2770, 0o700), (0o604, 0o600)],
)
def test_another_group_gets_no_right_that_was_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, after: int
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "out"
    path.write_bytes(b"old")
    os.chown(path, -1, 1234)
    path.chmod(before)
    monkeypatch.setattr(os, "chown", refused)
    write(path)
    assert (rights(path), path.stat().st_gid) == (after, os.getegid())


@pytest.mark.parametrize("there", [True, False], ids=["a file", "nothing yet"])
def test_a_file_of_others_at_the_path_of_the_unfinished_output_keeps_its_permissions(
    tmp_path: Path, there: bool
) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir()
    other.write_bytes(b"private")
    other.chmod(0o600)
    if there:
        (folder / "out").touch(0o644)
    with writing(folder / "out") as out:
        out.write(b"new")
        # As the owner of the folder can do at any time.
        (partial,) = folder.glob(".out.*")
        partial.unlink()
        partial.symlink_to(other)
    assert (rights(other), other.read_bytes()) == (0o600, b"private")


@pytest.mark.parametrize("there", [True, False], ids=["a file", "nothing yet"])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, there: bool) -> None:
    place = tmp_path / "elsewhere" / "out"
    place.parent.mkdir()
    if there:
        place.write_bytes(b"old")
        place.chmod(0o600)
    (tmp_path / "first").symlink_to("second")
    (tmp_path / "second").symlink_to(Path("elsewhere") / "out")
    write(tmp_path / "first")
    assert (tmp_path / "first").is_symlink()
    assert (tmp_path / "second").is_symlink()
    assert place.read_bytes() == b"new\n"
    assert not place.is_symlink()
    assert not there or rights(place) == 0o600
    with pytest.raises(EngineFailure):
        fail_after(tmp_path / "first", MANY)
    assert place.read_bytes() == b"new\n"
    assert list(place.parent.iterdir()) == [place]


def test_dangling_links_are_reported(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OutputFailure, match=r"round: .*symbolic links"):
        write(tmp_path / "round")
    (tmp_path / "away").symlink_to("none/out")
    with pytest.raises(OutputFailure, match=r"away: there is no folder .*none"):
        write(tmp_path / "away")
    assert (tmp_path / "away").is_symlink()


def test_a_pipe_is_written_and_stays_one(pipe: Path) -> None:
    reader = Reader(pipe)
    write(pipe, MANY)
    assert reader.all() == MANY
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_failure_reports_that_a_pipe_has_partial_output(pipe: Path) -> None:
    reader = Reader(pipe)
    with pytest.raises(EngineFailure, match=r"The engine failed\. .*pipe has partial output"):
        fail_after(pipe, MANY)
    assert reader.all() in (MANY, b"")
    reader = Reader(pipe)
    with pytest.raises(EngineFailure) as caught:
        fail_after(pipe, b"not yet sent")
    assert reader.all() == b""
    assert str(caught.value) == "The engine failed."


def test_a_device_is_written_and_stays_one(device: Path) -> None:
    with pytest.raises(OutputFailure, match="full: No space left on device"):
        write(device)
    assert stat.S_ISCHR(device.stat().st_mode)
    done = g60kg("export", "-o", device)
    assert done.returncode == 3
    assert "full: No space left on device" in done.stderr
    assert stat.S_ISCHR(device.stat().st_mode)


def test_a_full_temporary_folder_is_not_blamed_on_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(sorted_lines, "PIECE", 1_000)
    monkeypatch.setattr(turtle_stream, "PIECE", 1_000)
    for format_ in ("nquads", "turtle"):
        with (
            pytest.raises(OutputFailure, match=r"^Temporary folder .*: No space left on device"),
            writing(tmp_path / "out") as out,
        ):
            export(LocalStore.shipped(), format_, out)
    assert not list(tmp_path.iterdir())


def test_a_socket_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        with pytest.raises(OutputFailure, match="s: "):
            write(Path("s"))
        assert stat.S_ISSOCK(Path("s").stat().st_mode)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputFailure, match="is a folder"):
        write(tmp_path)


COMMANDS = [
    ("export", "-f", "nquads"),
    ("query", "run", "member-cities", "-f", "csv"),
    ("sparql", ASKED, "-f", "json"),
    ("sparql", "CONSTRUCT { ?s ?p ?o } WHERE { ?s a g60:PrefectureCity ; ?p ?o }", "-f", "turtle"),
    ("validate", "-f", "json", "--shape", "EntityHasEnglishLabel"),
]


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_every_command_keeps_what_is_at_the_path(
    command: tuple[str, ...], tmp_path: Path, pipe: Path
) -> None:
    link, place = tmp_path / "link", tmp_path / "private"
    place.write_bytes(b"old")
    place.chmod(0o600)
    link.symlink_to(place.name)
    done = g60kg(*command, "-o", link)
    assert done.returncode == 0, done.stderr
    assert link.is_symlink()
    assert rights(place) == 0o600
    reader = Reader(pipe)
    assert g60kg(*command, "-o", pipe).returncode == 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    piped = reader.all()
    assert len(piped) > 10
    if command[0] != "validate":  # which prints its duration
        assert piped == place.read_bytes()


def test_standard_output_by_its_name_goes_on_where_it_is(tmp_path: Path) -> None:
    if not Path("/dev/stdout").exists():
        pytest.skip("no /dev/stdout here")
    assert g60kg("sparql", ASKED, "-f", "csv", "-o", "/dev/stdout").stdout.strip() != ""
    out = tmp_path / "out"
    out.write_bytes(b"before\n")
    command = [sys.executable, "-m", "g60kg", "sparql", ASKED, "-f", "csv", "-o", "/dev/stdout"]
    with out.open("ab") as stream:
        subprocess.run(command, stdout=stream, check=True, timeout=60)
        stream.write(b"after\n")
    lines = out.read_text(encoding="utf-8").split()
    assert lines[0] == "before"
    assert lines[-1] == "after"
    assert len(lines) > 2
