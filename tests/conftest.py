"""What many tests need, made once."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, QuerySolutions

from g60kg import __version__
from g60kg.model.article_text import Text, read_article
from g60kg.sheets.sheet_file import Sheet, read_sheet
from g60kg.stores.local_store import LocalStore
from tests.graphs import new_store

# A shell may have started the tests with signals ignored, which the processes they start inherit;
# they do not inherit a handler.
signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# Stores write and sync many small files, which is faster in memory, where a folder in it has space.
_IN_MEMORY = Path("/dev/shm")
if _IN_MEMORY.is_dir():
    _space = os.statvfs(_IN_MEMORY)
    if _space.f_bavail * _space.f_frsize > 4 * 2**30 and not _space.f_flag & os.ST_NOEXEC:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))

# A slow machine is no failure. `make test-long` runs with --hypothesis-profile=long.
settings.register_profile("quick", deadline=None, max_examples=10)
settings.register_profile(
    "long",
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("quick")

ROOT = Path(__file__).resolve().parent.parent
#: Of a development version, PEP 440 has 0.2.0.dev0 and Semantic Versioning 0.2.0-dev.
ONTOLOGY_VERSION = __version__.replace(".dev0", "-dev")
ARTICLE = "2307119874"
#: The publisher's text lies beside a developer's checkout, never in it.
TEXTS = ROOT.parent / "shared" / "article"


def _link_first_article(folder: Path) -> None:
    """Make a folder with the first article, measures, and the reference data that it needs."""
    instances = ROOT / "instances"
    files = [instances / "measures.ttl", instances / "articles" / f"{ARTICLE}.ttl"]
    (folder / "articles").mkdir()
    for file in files:
        (folder / file.relative_to(instances)).symlink_to(file)
    texts = [file.read_text("utf-8") for file in files]
    texts.append(_needed_places((instances / "reference.ttl").read_text("utf-8"), texts[1]))
    (folder / "reference.ttl").write_text(texts[2], "utf-8")
    named = set(re.findall(r"id:[\w-]+", "".join(texts)))
    for name in ("entities.ttl", "categories.ttl"):
        kept = []
        for block in (instances / name).read_text("utf-8").split("\n\n"):
            entity = re.match(r"(id:[\w-]+) a g60:(\w+)", block)
            if entity is None or entity[1] in named or entity[2] in _KEPT:
                kept.append(block)
        (folder / name).write_text("\n\n".join(kept), "utf-8")


def _needed_places(reference: str, article: str) -> str:
    """Return the reference data without the divisions that only further sources name."""
    kept = reference.split("\n\n")
    places = re.findall(r"^(id:[\w-]+) a g60:(?!Dataset)", reference, re.MULTILINE)
    spare = {place for place in places if not re.search(rf"{place}\b(?!-)", article)}
    while spare:
        dropped = "\n\n".join(b for b in kept if spare & set(re.findall(r"id:[\w-]+", b)))
        kept = [block for block in kept if block not in dropped]
        # What only they name: their records, and a data set of which no record is left.
        mentioned = set(re.findall(r"(?<=\s)id:[\w-]+", "".join(f"{b}." for b in kept)))
        spare = set(re.findall(r"(?<= )id:[\w-]+", dropped)) - mentioned - spare
        spare = {one for one in spare if any(block.startswith(one) for block in kept)}
    return "\n\n".join(kept)


# Tests run on the first article and what it needs, so that a further source changes none of them.
_KEPT = (
    *("Concept", "Country", "EnterpriseCategory", "Post", "ProductCategory", "Recognition"),
    *("Region", "ZoneKind"),
)
_PREFIX = "g60kg-graph-"
if _PREFIX not in os.environ.get("G60KG_DATA", ""):  # else made by the process that started this
    _GRAPH = tempfile.TemporaryDirectory(prefix=_PREFIX)
    _link_first_article(Path(_GRAPH.name))
    os.environ["G60KG_DATA"] = _GRAPH.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, so that all workers end together."""
    slow = ("tests/test_wheel", "tests/validation/", "tests/web/")
    items.sort(key=lambda item: not item.nodeid.startswith(slow))


def pytest_collection_finish() -> None:
    """Exempt modules and collected tests, which stay until the end, from garbage collection."""
    gc.collect()
    gc.freeze()
    # Less than 700 new objects are no reason to look through those of all fixtures.
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Exempt what stays after a file: a store that is closed looks through all objects."""
    if nextitem is not None and nextitem.path != item.path:
        gc.collect()
        gc.freeze()


@pytest.fixture
def shipped_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test run on all shipped sources."""
    monkeypatch.delenv("G60KG_DATA")


def environment() -> dict[str, str]:
    """The environment of a process under test: no settings of g60kg but the graph of the tests."""
    return {
        name: value
        for name, value in os.environ.items()
        if name == "G60KG_DATA" or not name.startswith("G60KG_")
    }


def long_only(*values: object) -> list[Any]:
    """Values of a parameter with which only `make test-long` runs a test."""
    return [pytest.param(value, marks=pytest.mark.long) for value in values]


def sampled(values: Iterable[object]) -> list[Any]:
    """Values of a parameter; with three of four, only `make test-long` runs a test."""
    return [
        pytest.param(value, marks=pytest.mark.long if number % 4 else ())
        for number, value in enumerate(values)
    ]


def text_of(node: object) -> str:
    """The IRI, label or lexical form of a term; a quoted triple has none."""
    assert isinstance(node, NamedNode | BlankNode | Literal)
    return node.value


def solutions(store: LocalStore, text: str) -> list[QuerySolution]:
    """The solutions of a SELECT query."""
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return list(found)


@pytest.fixture(scope="session")
def store() -> LocalStore:
    return LocalStore.shipped()


@pytest.fixture(scope="session")
def all_sources() -> LocalStore:
    """The graph with all shipped sources, which no test changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("G60KG_DATA")
        return LocalStore.shipped()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk, which no test writes to."""
    path = tmp_path_factory.mktemp("loaded") / "store"
    new_store(path).close()
    return path


@pytest.fixture
def own_store(loaded: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may change."""
    return Path(shutil.copytree(loaded, tmp_path / "store"))


@pytest.fixture(scope="session")
def sheet() -> Sheet:
    return read_sheet(ROOT / "instances" / "articles" / f"{ARTICLE}.csv")


@pytest.fixture(scope="session")
def article_text() -> Text:
    path = TEXTS / f"{ARTICLE}.txt"
    if not path.is_file():
        pytest.skip(
            "the publisher's text of the article is not beside this checkout, "
            "so the quotations cannot be compared with it"
        )
    return read_article(path)
