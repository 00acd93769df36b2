"""Tokens: the file with their names and hashes, and how one is made."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from docs.make.snippets import ROOT, blocks
from g60kg.errors import UsageError
from g60kg.web.tokens import Tokens
from tests.cli.run import g60kg
from tests.web.serving import serving

ALICE = "a1" * 32
BOB = "correct-horse.battery_staple~+/=="


def line(name: str, token: str) -> str:
    return f"{name}:sha256:{hashlib.sha256(token.encode()).hexdigest()}\n"


# -- The file ----------------------------------------------------------------------


def test_a_file_has_names_and_hashes(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    upper = line("bob.2", BOB).strip()
    upper = upper[:-64] + upper[-64:].upper()
    file.write_bytes(
        b"\xef\xbb\xbf# who\r\n\r\n  " + line("alice", ALICE).encode() + b"   \n" + upper.encode()
    )
    tokens = Tokens.in_file(file)
    assert tokens.holder(ALICE) == "alice"
    assert tokens.holder(BOB) == "bob.2"
    for other in ("", ALICE[:-1], ALICE.upper(), hashlib.sha256(ALICE.encode()).hexdigest(), "é"):
        assert tokens.holder(other) is None
    assert hashlib.sha256(ALICE.encode()).hexdigest() not in repr(tokens)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (ALICE, "no hash. The token itself does not belong here"),
        (f"alice:{ALICE}", "no hash. The token itself does not belong here"),
        (f"alice:sha256:{ALICE[1:]}", "no 64 hexadecimal digits"),
        (f"alice:sha256:{ALICE} # mine", "no 64 hexadecimal digits"),
        (f"alice:sha256:{BOB}", "no 64 hexadecimal digits"),
        (f"alice:md5:{ALICE}", "another hash than sha256"),
        (f"alice:SHA256:{ALICE}", "another hash than sha256"),
        (f"al ice:sha256:{ALICE}", "the name is none"),
        (f":sha256:{ALICE}", "the name is none"),
        (f"carol:sha256:{ALICE}", "the name is that of a line above"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_never_shown(
    tmp_path: Path, wrong: str, words: str
) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"{line('carol', 'c' * 64)}\n{wrong}\n{line('bob', BOB)}", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Tokens.in_file(file)
    said = f"{caught.value.message} {caught.value.hint}"
    assert f"{file}, line 3: " in said
    assert words in said
    for part in ("alice", ALICE[1:9], BOB):
        assert part not in said
    if "sha256" in words or "hash" in words:
        assert "sha256sum" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no token in it"),
        (b"\n# nobody yet\n", "no token in it"),
        (b"alice:sha256:\xff\xfe", "not in UTF-8"),
        (b"#" * 300_000, "more than 262,144 bytes"),
        (None, "No file of tokens"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "tokens"
    for path in (file, tmp_path) if content is None else (file,):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(UsageError, match=words) as caught:
            Tokens.in_file(path)
        assert caught.value.exit_code == 2


def test_every_hash_is_compared_in_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tokens"
    file.write_text("".join(line(f"n{n}", str(n)) for n in range(5)), encoding="utf-8")
    tokens = Tokens.in_file(file)
    compared: list[int] = []
    real: Callable[[bytes, bytes], bool] = hmac.compare_digest

    def counting(a: bytes, b: bytes) -> bool:
        compared.append(len(a) + len(b))
        return real(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    assert [tokens.holder("0"), tokens.holder("none")] == ["n0", None]
    assert compared == [64] * 10


def test_a_file_that_changes_is_read_again_and_a_broken_one_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(line("alice", ALICE) + line("bob", BOB), encoding="utf-8")
    tokens = Tokens.in_file(file)
    assert tokens.renew() is None
    file.write_text(line("bob", BOB), encoding="utf-8")
    assert tokens.renew() is None
    assert (tokens.holder(ALICE), tokens.holder(BOB)) == (None, "bob")
    for broken in ("nonsense " + ALICE, "", None):
        if broken is None:
            file.unlink()
        else:
            file.write_text(broken, encoding="utf-8")
        told = tokens.renew()
        assert told is not None
        assert "stay good" in told
        assert ALICE not in told
        assert tokens.renew() is None, "it is told once"
        assert tokens.holder(BOB) == "bob"
    # A file put in the place of another, as editors do.
    (tmp_path / "new").write_text(line("alice", ALICE), encoding="utf-8")
    (tmp_path / "new").replace(file)
    assert tokens.renew() is None
    assert (tokens.holder(ALICE), tokens.holder(BOB)) == ("alice", None)


@pytest.mark.skipif(os.name != "posix", reason="files have owners and modes on POSIX alone")
@pytest.mark.parametrize(
    ("mode", "is_exposed"),
    [(0o600, False), (0o640, False), (0o400, False), (0o644, True), (0o660, True), (0o602, True)],
)
def test_a_file_that_others_reach_is_warned_of(tmp_path: Path, mode: int, is_exposed: bool) -> None:
    file = tmp_path / "tokens"
    file.write_text(line("alice", ALICE), encoding="utf-8")
    file.chmod(mode)
    warning = Tokens.in_file(file).exposed()
    assert (warning is not None) == is_exposed
    assert warning is None or "chmod 600" in warning


def test_a_wrong_file_ends_the_start(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"{ALICE}\n", encoding="utf-8")
    done = g60kg("serve", "--port", "0", "--token-file", str(file))
    assert done.returncode == 2
    assert f"{file}, line 1: no hash" in done.stderr
    assert "sha256sum" in done.stderr
    assert ALICE not in done.stderr
    assert "Serving" not in done.stderr


# -- The recipe ---------------------------------------------------------------------


def test_the_recipe_makes_a_token_that_is_taken(tmp_path: Path) -> None:
    for tool in ("bash", "openssl", "sha256sum", "curl"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool}, which the recipe takes, is not installed")
    page = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    (recipe,) = [block for block in blocks(page, "sh") if "openssl" in block]
    making, _, using = recipe.partition("g60kg serve --token-file tokens\n")
    assert using
    for _ in range(2):  # a second time is a second token of that name, which is told
        subprocess.run(["bash", "-ec", making], cwd=tmp_path, check=True, timeout=20)
        lines = (tmp_path / "tokens").read_text(encoding="utf-8")
        if lines.count("\n") == 2:
            with pytest.raises(UsageError, match=r"line 2: the name is that of a line above"):
                Tokens.in_file(tmp_path / "tokens")
            (tmp_path / "tokens").write_text(lines.splitlines()[1] + "\n", encoding="utf-8")
    assert len((tmp_path / "prometheus.token").read_text()) == 64
    options = ("--token-file", str(tmp_path / "tokens"), "--workers", "1")
    with serving(tmp_path / "log", *options) as server:
        asked = using.replace("http://127.0.0.1:8000", server.url)
        environment = {**os.environ, "no_proxy": "127.0.0.1"}
        done = subprocess.run(
            ["bash", "-ec", asked], cwd=tmp_path, env=environment, check=True, timeout=20,
            capture_output=True, text=True,
        )  # fmt: skip
        assert "g60kg_requests" in done.stdout
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "GET /metrics 200 " in log
    assert "token prometheus\n" in log
    assert "warning" not in log
