"""Deployment: commands of docs/serve.md, systemd unit, web server site."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from docs.make.commands import command_help
from docs.make.snippets import ROOT, blocks
from tests.web.serving import Server

DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "serve.md"


def curl_commands() -> list[str]:
    """Return each curl command of the page with its documented output."""
    page = PAGE.read_text(encoding="utf-8")
    lines = "".join(blocks(page, "sh") + blocks(page, "console")).splitlines()
    return [line.removeprefix("$ ") for line in lines if line.lstrip("$ ").startswith("curl ")]


@pytest.mark.long
@pytest.mark.parametrize("command", curl_commands())
def test_commands_of_the_page_run(command: str, running: Server, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    example = (
        ROOT / "tests" / "shapes" / "organization" / "valid-enterprise-has-industry-or-place.ttl"
    )
    for name in ("new.ttl", "more.ttl"):
        shutil.copy(example, tmp_path / name)
    (tmp_path / "new.csv").write_text("# id: mine\nsubject,predicate,object,quote\n")
    words = shlex.split(command.replace("http://127.0.0.1:8000", running.url))
    done = subprocess.run(
        [*words, "--silent", "--noproxy", "*", "--write-out", "\n%{http_code}"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    page = PAGE.read_text(encoding="utf-8")
    shown = page.partition(f"$ {command}\n")[2].partition("\n```")[0]
    if shown:
        assert body.strip() == shown
    else:
        assert status == "200", body
        assert body.strip()


def test_the_page_has_commands_and_every_path_of_its_table_answers(server: str) -> None:
    assert len(curl_commands()) >= 9
    table = PAGE.read_text(encoding="utf-8").partition("## Paths")[2].partition("## ")[0]
    paths = re.findall(r"`(?:GET )?(/[^`]*)`", table)
    places = {"X": "hangzhou", "NAME": "zones"}
    with httpx.Client(base_url=server, trust_env=False, timeout=60) as client:
        for path in paths:
            asked = path
            for word, place in places.items():
                asked = re.sub(rf"\b{word}\b", place, asked)
            asked += {"q=": "Hangzhou", "class=": "PrefectureCity"}.get(path.partition("?")[2], "")
            status = client.get(asked).status_code
            # The table has paths of several kinds; only some of them exist for hangzhou.
            allowed = (200, 303, 404) if path.endswith("/X") else (200,)
            assert status in allowed, (asked, status)


# -- Unit, image, site ---------------------------------------------------------


def options_of(command: str) -> set[str]:
    return set(re.findall(r"--[a-z-]+", command))


def test_unit_and_image_use_options_that_exist() -> None:
    known = options_of(command_help(("g60kg", "serve"))) | {"--store"}
    unit = (DEPLOY / "g60kg.service").read_text(encoding="utf-8")
    commands = re.findall(r"^#? ?ExecStart=(.*)$", unit, re.MULTILINE)
    assert len(commands) == 3
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    (given,) = re.findall(r"^CMD \[(.*)\]$", image, re.MULTILINE)
    (other,) = re.findall(r'"(serve [^"]*)"', image.replace("\n# ", " "))
    page = (DEPLOY.parent / "docs" / "deploy.md").read_text(encoding="utf-8")
    shown = re.findall(r"serve (?:--[^\n`]*)", page)
    for command in (*commands, given, other, *shown):
        assert "serve" in command
        assert options_of(command) <= known, command


def test_the_unit_restarts_after_every_end() -> None:
    unit = (DEPLOY / "g60kg.service").read_text(encoding="utf-8")
    # An end by SIGPIPE counts as a clean one, after which `on-failure` does not restart.
    assert "\nRestart=always\n" in unit


@pytest.mark.parametrize("form", ["as it is", "with a base"])
def test_the_unit_is_in_order(form: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = (DEPLOY / "g60kg.service").read_text(encoding="utf-8")
    if form != "as it is":
        unit = re.sub(r"^ExecStart=.*\n", "", unit, flags=re.MULTILINE)
        unit = re.sub(r"^# (ExecStart=.*--base)", r"\1", unit, flags=re.MULTILINE)
        assert unit.count("\nExecStart=") == 1
    # The command of the unit is not installed here.
    there = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE)
    (tmp_path / "g60kg.service").write_text(there)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "g60kg.service")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_site_is_in_order(tmp_path: Path) -> None:
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx, or openssl for its certificate, is not installed")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    request += ["-subj", "/CN=g60.example.org", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(request, check=True, capture_output=True, timeout=60)
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/letsencrypt/live/g60.example.org/", f"{tmp_path}/")
    site = site.replace("/var/cache/nginx/g60kg", str(tmp_path / "kept"))
    (tmp_path / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{ include {tmp_path}/site.conf; access_log off; {folders} }}\n"
    )
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
