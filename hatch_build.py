"""Build hook: ontology, instances, queries and texts are a compressed archive in the wheel."""

from __future__ import annotations

import io
import lzma
import re
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: The files of the archive of a wheel.
ARCHIVED = (
    "ontology/**/*.ttl",
    "instances/**/*.ttl",
    "queries/**/*.rq",
    "examples/sample-*",
    # Those of g60kg are left out of the wheel by pyproject.toml.
    "g60kg/**/*.yaml",
    "g60kg/**/*.po",
    "g60kg/**/ordinary_words*.txt",
    "g60kg/**/outlines.json",
    "g60kg/**/templates/*",
    "g60kg/web/static/**/*.*",
)
#: Settings for text without words of equal length: 1 % smaller.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]


def _order(file: Path) -> tuple[object, ...]:
    """Return the order in which the archive is 1 % smaller: what is alike is adjacent."""
    is_chinese = "zh" in file.stem or file.suffix == ".po"
    return "articles" in file.parts, is_chinese, file.suffix != ".ttl", file


class Archive(BuildHookInterface[Any]):
    """Add ``_data/files.tar.xz``: compressed file by file, the data is twice as large."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the archive, the same bytes for the same files; an editable install has none."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self.root)
        archive = Path(self._folder.name, "files.tar.xz")
        with (
            lzma.open(archive, "wb", filters=_FILTERS) as compressed,
            tarfile.open(fileobj=compressed, mode="w") as packed,
        ):
            for file in sorted((f for one in ARCHIVED for f in root.glob(one)), key=_order):
                content = file.read_bytes()
                if file.suffix == ".ttl":
                    # Comments are for the checkout; the lines keep their numbers.
                    parts = content.split(b'"""')
                    parts[::2] = [re.sub(rb"(?m)^ *#.*", b"", part) for part in parts[::2]]
                    content = b'"""'.join(parts)
                member = tarfile.TarInfo(file.relative_to(root).as_posix())
                member.size = len(content)
                packed.addfile(member, io.BytesIO(content))
        build_data["force_include"][str(archive)] = f"g60kg/_data/{archive.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the archive, which is in the wheel now, and compress the wheel again."""
        del build_data
        if version != "editable":
            self._folder.cleanup()
            _compress(Path(artifact_path))


def _compress(wheel: Path) -> None:
    """Compress a wheel with Zopfli: 2 % smaller, and read as any other."""
    import zopfli

    smaller = wheel.with_suffix(".smaller")
    with zipfile.ZipFile(wheel) as read, zopfli.ZipFile(smaller, "w", iterations=100) as written:
        for member in read.infolist():
            content = read.read(member)
            if member.filename.endswith(".xz"):
                member.compress_type = zipfile.ZIP_STORED
            written.writestr(member, content)
    smaller.replace(wheel)
