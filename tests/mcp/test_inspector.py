"""The command line of the Inspector, a client by the maintainers of the protocol."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

#: The oldest Node that the Inspector runs with.
NODE = 22
INSPECTOR = "@modelcontextprotocol/inspector@2.12.0"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def inspector() -> tuple[str, ...]:
    """The command of the Inspector; the tests are skipped where it cannot be installed."""
    node, npx = shutil.which("node"), shutil.which("npx")
    if node is None or npx is None:
        pytest.skip("Node is not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    major = re.match(r"v(\d+)", version.stdout)
    if major is None or int(major[1]) < NODE:
        pytest.skip(f"the Inspector needs Node {NODE}, this is {version.stdout.strip()}")
    command = (npx, "--yes", INSPECTOR)
    tried = subprocess.run(
        [*command, "--cli", "--version"], capture_output=True, timeout=300, check=False
    )
    if tried.returncode != 0:
        pytest.skip(f"the Inspector cannot be installed: {tried.stderr[-200:]!r}")
    return command


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--method", "tools/list", "--strict"), "verify_quote"),
        (("--method", "tools/call", "--tool-name", "search", "--tool-arg", "text=腾讯"), "Tencent"),
        (("--method", "resources/read", "--uri", "g60kg://id/tencent"), "Tencent"),
        (
            (
                "--method",
                "prompts/list",
            ),
            "cited-answer",
        ),
    ],
)
def test_the_inspector_reads_the_server(
    inspector: tuple[str, ...], era: str, options: tuple[str, ...], expected: str
) -> None:
    path = os.environ.get("PYTHONPATH")
    environment = ("-e", f"PYTHONPATH={path}") if path else ()
    server = (sys.executable, "-m", "g60kg", "mcp")
    done = subprocess.run(
        [*inspector, "--cli", *environment, *server, *options, "--protocol-era", era],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "the Inspector has no warning about schemas"
    answer: dict[str, Any] = json.loads(done.stdout)
    assert expected in json.dumps(answer, ensure_ascii=False)
