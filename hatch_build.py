"""Build hook: ontology, shapes and instances are one compressed archive in the wheel."""

from __future__ import annotations

import lzma
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ArchivedGraph(BuildHookInterface[Any]):
    """Add ``_data/graph.tar.xz``: compressed file by file, the graph is twice as large."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the archive, the same bytes for the same files; an editable install has none."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        archive = Path(self._folder.name, "graph.tar.xz")
        root = Path(self.root)
        files = [*(root / "ontology").rglob("*.ttl"), *(root / "instances").rglob("*.ttl")]
        with tarfile.open(archive, "w:xz", preset=9 | lzma.PRESET_EXTREME) as packed:
            for file in sorted(files):
                member = tarfile.TarInfo(file.relative_to(root).as_posix())
                member.size = file.stat().st_size
                with file.open("rb") as content:
                    packed.addfile(member, content)
        build_data["force_include"][str(archive)] = "g60kg/_data/graph.tar.xz"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the archive, which is in the wheel now."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()
