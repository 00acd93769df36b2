"""Build hook: ontology, instances, queries and texts are compressed archives in the wheel."""

from __future__ import annotations

import lzma
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: The archives of a wheel, by the folder that each is made of, and its files in it.
ARCHIVED = {
    "ontology": ("*.ttl",),
    "instances": ("*.ttl",),
    "queries": ("*.rq",),
    # Left out of the wheel by pyproject.toml.
    "g60kg": ("*.yaml", "messages.po", "ordinary_words.txt", "outlines.json", "templates/*"),
}


class Archives(BuildHookInterface[Any]):
    """Add ``_data/<folder>.tar.xz``: compressed file by file, the graph is twice as large."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the archives, the same bytes for the same files; an editable install has none."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self.root)
        for folder, patterns in ARCHIVED.items():
            archive = Path(self._folder.name, f"{folder}.tar.xz")
            with tarfile.open(archive, "w:xz", preset=9 | lzma.PRESET_EXTREME) as packed:
                for file in sorted(f for one in patterns for f in (root / folder).rglob(one)):
                    member = tarfile.TarInfo(file.relative_to(root).as_posix())
                    member.size = file.stat().st_size
                    with file.open("rb") as content:
                        packed.addfile(member, content)
            build_data["force_include"][str(archive)] = f"g60kg/_data/{archive.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the archives, which are in the wheel now."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()
