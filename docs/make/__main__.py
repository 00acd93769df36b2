"""Generates pages from the code; updates the output of commands and the answers of tools."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from docs.make import codes, commands, ontology
from docs.make.notebook import NOTEBOOK, updated_notebook
from docs.make.snippets import ROOT, updated_output
from docs.make.tool_calls import PAGE, updated_calls

README: Final = Path("README.md")
#: The page whose commands run in a copy of examples/.
WALKTHROUGH: Final = Path("docs", "from-article-to-facts.md")
#: The files that commands of the README read.
README_FILES: Final = {
    "facts.csv": "subject,predicate,object,quote\nBlue Rock,a,Enterprise,\n"
    "Blue Rock,locatedIn,Hangzou,moved to Hangzhou\n",
    "article.txt": "In 2024, Blue Rock moved to Hangzhou.",
}


def generated_pages() -> dict[Path, str]:
    """Return the text of each page that is generated from the code, by path from the root."""
    return {**codes.pages(), **commands.pages(), **ontology.pages()}


@contextmanager
def working_folder(page: Path) -> Iterator[Path]:
    """Yield a temporary folder with the files that the commands of a page read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if page == WALKTHROUGH:
            folder = Path(shutil.copytree(ROOT / "examples", folder / "examples"))
        else:
            for file, content in README_FILES.items():
                (folder / file).write_text(content, encoding="utf-8")
        yield folder


def main() -> None:
    """Write the pages whose text has changed."""
    made = generated_pages()
    for page in (README, WALKTHROUGH):
        with working_folder(page) as folder:
            made[page] = updated_output((ROOT / page).read_text(encoding="utf-8"), folder)
    made[PAGE] = updated_calls((ROOT / PAGE).read_text(encoding="utf-8"))
    made[NOTEBOOK] = updated_notebook((ROOT / NOTEBOOK).read_text(encoding="utf-8"))
    for name, text in made.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{name}: written")


if __name__ == "__main__":
    main()
