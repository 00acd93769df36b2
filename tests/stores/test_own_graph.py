"""G60KG_DATA: a user's folder of Turtle files in place of the shipped graph."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from g60kg.errors import UnreadableInput, UsageError
from g60kg.namespaces import graph_name
from g60kg.stores.local_store import LocalStore

VALID = "<https://example.org/a> <https://example.org/b> 1 .\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("G60KG_DATA", str(tmp_path))
    return tmp_path


def test_each_file_is_a_graph(folder: Path) -> None:
    (folder / "own.ttl").write_text(VALID, encoding="utf-8")
    assert graph_name("own") in LocalStore.shipped().graph_names()


@pytest.mark.usefixtures("folder")
def test_a_folder_without_turtle_is_an_error() -> None:
    with pytest.raises(UsageError, match="no Turtle files"):
        LocalStore.shipped()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (VALID + "a:b a:c", r"own\.ttl:2"),
        ("<a:b> <a:c> " + "[" * 300_000, "nested deeper"),
        (b"\xff\xfe\x00", r"own\.ttl"),
    ],
)
def test_a_file_is_checked_as_other_input_is(
    content: str | bytes, reason: str, folder: Path
) -> None:
    written = content if isinstance(content, bytes) else content.encode()
    (folder / "own.ttl").write_bytes(written)
    with pytest.raises(UnreadableInput) as caught:
        LocalStore.shipped()
    error = caught.value
    assert re.search(reason, f"{error.file}:{error.line} {error.reason}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "own.ttl")
    with pytest.raises(UnreadableInput, match="pipe"):
        LocalStore.shipped()
