"""Version and files of the package: ontology, shapes, instances, queries, examples."""

import os
import re
from functools import cache
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from yaml12 import parse_yaml

from g60kg.errors import EngineFailure, UsageError

#: The ontology has the same version.
__version__ = "0.2.0.dev0"

_PACKAGE = Path(__file__).resolve().parent
#: The data of a wheel: one archive is 1 % smaller than two, and read in 20 ms.
_ARCHIVE: Final = "files.tar.xz"


@cache
def _root() -> Path:
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / "queries").is_dir() or (root / _ARCHIVE).is_file():
            return root
    raise EngineFailure(
        "The data of this package is missing.",
        hint="Install g60kg again: pip install --force-reinstall g60kg",
    )


def ontology_files() -> dict[str, bytes]:
    """Return the Turtle of the ontology and its alignments by file name, without the shapes.

    The names are without extension.
    """
    return _turtle_in("ontology")


def shape_files() -> dict[str, bytes]:
    """Return the Turtle of the SHACL shapes by file name without extension."""
    return _turtle_in("ontology/shapes")


def instance_files() -> dict[str, bytes]:
    """Return the Turtle of the shipped instances by file name without extension.

    Reference data are first, then the articles.
    """
    return _turtle_in("instances") | _turtle_in("instances/articles")


def _turtle_in(folder: str) -> dict[str, bytes]:
    return {path.stem: turtle for path, turtle in _files(f"{folder}/*.ttl").items()}


def _files(pattern: str) -> dict[PurePosixPath, bytes]:
    root = _root()
    archive = root / _ARCHIVE
    if not archive.is_file():
        found = {PurePosixPath(path.relative_to(root)): path for path in root.glob(pattern)}
        return {path: file.read_bytes() for path, file in sorted(found.items())}
    return {path: content for path, content in _archived(archive).items() if path.match(pattern)}


@cache
def _archived(archive: Path) -> dict[PurePosixPath, bytes]:
    import tarfile

    with tarfile.open(archive) as packed:
        members = ((one.name, packed.extractfile(one)) for one in packed)
        found = {PurePosixPath(name): file.read() for name, file in members if file}
    return dict(sorted(found.items()))


def file_bytes(path: str) -> bytes | None:
    """Return the bytes of a file by its path in this package; None if it is missing."""
    file, archive = _PACKAGE / path, _root() / _ARCHIVE
    if file.is_file():
        return file.read_bytes()
    return _archived(archive).get(PurePosixPath("g60kg", path)) if archive.is_file() else None


def file_text(path: str) -> str:
    """Return the text of a file of this package; raise FileNotFoundError if it is missing."""
    found = file_bytes(path)
    if found is None:
        raise FileNotFoundError(path)
    return found.decode()


def mapping(path: str) -> dict[str, Any]:
    """Return the mapping in a YAML file of this package; path and error as :func:`file_text`."""
    return cast("dict[str, Any]", parse_yaml(file_text(path)))


def template(name: str) -> str:
    """Return the text of a template of pages by its file name; errors as :func:`file_text`."""
    return file_text(f"web/templates/{name}")


def own_instance_files() -> tuple[Path, ...]:
    """Return the Turtle files that replace the shipped instances, those in ``articles/`` last.

    The environment variable G60KG_DATA names their folder; if it is not set, return no files.

    Raises:
        UsageError: the folder has no Turtle files, or the name of one cannot name a graph.
    """
    given = os.environ.get("G60KG_DATA")
    if not given:
        return ()
    files = (*sorted(Path(given).glob("*.ttl")), *sorted(Path(given).glob("articles/*.ttl")))
    if not files:
        raise UsageError(f"{given} has no Turtle files.", hint="Correct or unset G60KG_DATA.")
    for file in files:
        if not re.fullmatch(r"[\w.-]+", file.stem):
            raise UsageError(
                f"{file}: the name of a graph has only letters, digits, dots and hyphens.",
                hint="Rename the file.",
            )
    return files


def graph_files() -> tuple[Path, ...]:
    """Return the files that the graph in memory can be read from.

    They are the files in the folder that G60KG_DATA names, if any, and the archive of a wheel or
    the Turtle files of a checkout. Errors are those of :func:`own_instance_files`.
    """
    root = _root()
    own = own_instance_files()
    shipped = (root.glob(name) for name in ("*.tar.xz", "ontology/**/*.ttl", "instances/**/*.ttl"))
    return (*own, *chain.from_iterable(shipped))


def written_at() -> float:
    """Return when the newest of :func:`graph_files` was written, in seconds since 1970."""
    return max(file.stat().st_mtime for file in graph_files())


def example_text(name: str) -> str:
    """Return the text of a file by its path in ``examples/``; raise KeyError if it is missing."""
    path = f"examples/{name}"
    return _files(path)[PurePosixPath(path)].decode()


def query_text(name: str) -> tuple[str, str] | None:
    """Return topic and text of one canned query; None if it is missing."""
    found = _files(f"queries/*/{name}.rq") if re.fullmatch("[a-z-]{1,50}", name) else {}
    return next(((path.parent.name, text.decode()) for path, text in found.items()), None)


@cache
def query_texts() -> dict[str, tuple[str, str]]:
    """Return topic and text of each canned query by its name, sorted by topic and name."""
    files = _files("queries/*/*.rq")
    return {path.stem: (path.parent.name, text.decode()) for path, text in files.items()}
