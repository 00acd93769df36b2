"""A server with the bundle of `front/`, built outside the checkout."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[3]
_BUILT: Final = shutil.ignore_patterns("bundle", "node_modules", "__pycache__")
#: Time limit of npm and the bundler in seconds.
_PATIENCE: Final = 120
#: Messages of npm if no registry is reachable.
_UNREACHABLE: Final = ("ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "ENOTCACHED")


def with_bundle(folder: Path) -> Path:
    """Return a script that runs a copy of the package with its bundle from a folder.

    Skips the test that asks for it where Node or its registry are out of reach.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node and npm are not installed, so the editor is not bundled for this test")
    shutil.copytree(ROOT / "g60kg", folder / "g60kg", ignore=_BUILT)
    shutil.copytree(ROOT / "front", folder / "front", ignore=_BUILT)
    for name in ("instances", "ontology", "queries"):
        (folder / name).symlink_to(ROOT / name)
    for command in (("npm", "ci", "--prefer-offline"), ("node", "build.mjs")):
        done = subprocess.run(
            command, cwd=folder / "front", capture_output=True, text=True, timeout=_PATIENCE
        )
        if done.returncode and any(word in done.stderr for word in _UNREACHABLE):
            pytest.skip("npm reaches no registry, so the editor is not bundled for this test")
        assert done.returncode == 0, done.stderr
    script = folder / "serve.py"
    script.write_text(
        'from g60kg.cli.app import main\n\nif __name__ == "__main__":\n    main()\n',
        encoding="utf-8",
    )
    return script
