"""Files are read whole or refused with a place, written whole or not at all."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from g60kg.errors import OutputFailure, UnreadableInput, UsageError
from g60kg.rdf.atomic_output import writing
from g60kg.rdf.rdf_files import read_rdf, read_text


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", b"<http://a/> <http://b/> .", "a.ttl:1:"),
        ("a.ttl", b"<http://a/> <http://b/> <c> .", "Relative IRIs"),
        ("a.ttl", b"x:a x:b 1 .", "a.ttl:1:"),
        ("a.nt", b"<http://a/> <http://b/> 1 .", "a.nt:1:"),
        ("a.jsonld", b'{"@context": "http://127.0.0.1:1/c", "a": 1}', "nothing is fetched"),
        ("a.rdf", b"<rdf>", "a.rdf"),
        ("a.ttl", b"\xe9", "a.ttl:1:1: byte 0xe9"),
        ("a.ttl", b"[" * 100_000, "a.ttl:1:"),
    ],
)
def test_broken_rdf_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableInput) as caught:
        read_rdf(path)
    assert expected in str(caught.value)


def test_an_unknown_extension_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no RDF format"):
        read_rdf(tmp_path / "facts.doc")


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.nt.gz"
    path.write_bytes(gzip.compress(b"<http://a/> <http://b/> <http://c/> .\n"))
    assert len(read_rdf(path)) == 1
    path.write_bytes(b"no gzip")
    with pytest.raises(UnreadableInput, match="gzip"):
        read_rdf(path)


def test_missing_files_and_folders_are_reported(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no such file"):
        read_text(tmp_path / "none")
    with pytest.raises(UnreadableInput, match="directory"):
        read_text(tmp_path)


def half_written(path: Path) -> None:
    with writing(path) as stream:
        stream.write(b"half")
        raise LookupError


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    path.write_text("before")
    with pytest.raises(LookupError):
        half_written(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_the_usual_rights(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    with writing(path) as stream:
        stream.write(b"whole")
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(OutputFailure, match="none"), writing(tmp_path / "none" / "x") as stream:
        stream.write(b"")
