"""Writes the pages that are made from the code, and the outputs that the tour shows."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from docs.make import codes, commands
from docs.make.snippets import ROOT, refreshed

#: A page whose commands are run in a copy of examples/.
TOUR: Final = Path("docs", "from-article-to-facts.md")


def made_pages() -> dict[Path, str]:
    """The text of every page that is made from the code, by its path from the root."""
    return {**codes.pages(), **commands.pages()}


def copy_of_examples(folder: Path) -> Path:
    """A copy of examples/ in a folder."""
    return Path(shutil.copytree(ROOT / "examples", folder / "examples"))


def main() -> None:
    """Write the pages that differ from what is there."""
    made = made_pages()
    tour = (ROOT / TOUR).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        made[TOUR] = refreshed(tour, copy_of_examples(Path(folder)))
    for name, text in made.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{name}: written")


if __name__ == "__main__":
    main()
