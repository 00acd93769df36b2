"""Version and files of the package: ontology, shapes, instances, queries."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from g60kg.errors import EngineFailure

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


def instance_files() -> tuple[Path, ...]:
    """Return the Turtle files of the instances, one for each source, reference data first."""
    instances = _root() / "instances"
    return (*sorted(instances.glob("*.ttl")), *sorted(instances.glob("articles/*.ttl")))


def query_files() -> tuple[Path, ...]:
    """Return the files of the canned queries, ``<topic>/<name>.rq``."""
    return tuple(sorted((_root() / "queries").glob("*/*.rq")))
