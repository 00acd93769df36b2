"""Version and files of the package: ontology, shapes, instances, queries, examples."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from g60kg.errors import EngineFailure, UsageError

#: The ontology has the same version.
__version__ = "0.2.0.dev0"

_PACKAGE = Path(__file__).resolve().parent


@cache
def _root() -> Path:
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / "ontology" / "g60.ttl").is_file():
            return root
    raise EngineFailure(
        "The ontology of this package is missing.",
        hint="Install g60kg again: pip install --force-reinstall g60kg",
    )


def ontology_files() -> tuple[Path, ...]:
    """Return the Turtle files of the ontology and its alignments, without the shapes."""
    return tuple(sorted((_root() / "ontology").glob("*.ttl")))


def shape_files() -> tuple[Path, ...]:
    """Return the Turtle files of the SHACL shapes, one for each class."""
    return tuple(sorted((_root() / "ontology" / "shapes").glob("*.ttl")))


def has_own_data() -> bool:
    """Return whether the instances are a user's files, which G60KG_DATA names."""
    return bool(os.environ.get("G60KG_DATA"))


def instance_files() -> tuple[Path, ...]:
    """Return the Turtle files of the instances, one for each source, reference data first.

    The environment variable G60KG_DATA names another folder with such files: a graph of one's own
    in place of the shipped one.

    Raises:
        UsageError: the folder has no Turtle files.
    """
    given = os.environ.get("G60KG_DATA")
    folder = Path(given) if given else _root() / "instances"
    files = (*sorted(folder.glob("*.ttl")), *sorted(folder.glob("articles/*.ttl")))
    if given and not files:
        raise UsageError(f"{folder} has no Turtle files.", hint="Correct or unset G60KG_DATA.")
    for file in files if given else ():
        if not re.fullmatch(r"[\w.-]+", file.stem):
            raise UsageError(
                f"{file}: the name of a graph has only letters, digits, dots and hyphens.",
                hint="Rename the file.",
            )
    return files


def example_text(name: str) -> str:
    """Return the text of an example of the documentation."""
    return (_root() / "examples" / name).read_text("utf-8")


def query_files() -> tuple[Path, ...]:
    """Return the files of the canned queries, ``<topic>/<name>.rq``."""
    return tuple(sorted((_root() / "queries").glob("*/*.rq")))
