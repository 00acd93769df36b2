"""What is published: a wheel and a source archive that carry the graph and work by themselves."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

ROOT = Path(__file__).resolve().parent.parent
QUESTION = ("query", "run", "member-cities", "-f", "csv")
#: The versions of Python that the package is for.
VERSIONS = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Bytes.
LARGEST = 1_500_000
BUNDLE = "g60kg/web/static/bundle/"
WORDS = "g60kg/queries/ask/ordinary_words_licences.txt"
UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|NameResolutionError"
    r"|Temporary failure in name resolution|Network is unreachable"
)


@dataclass(frozen=True, slots=True)
class Archives:
    """The two files of a release."""

    wheel: Path
    source: Path


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    """The source archive, and the wheel that is built from it."""
    dist = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(ROOT))
    built = subprocess.run(build, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = dist.glob("*.whl")
    (source,) = dist.glob("*.tar.gz")
    return Archives(wheel, source)


def environment() -> dict[str, str]:
    """This process's environment without what would lend the other Python this one's packages."""
    lent = ("PYTHON", "G60KG_", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(lent)}


def interpreter(version: str) -> str:
    """The interpreter of a version of Python that can make environments; else skip the test."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    # The launchers of pyenv run the version that this names.
    wanted = {**os.environ, "PYENV_VERSION": version}
    asked = "import ensurepip, sys; print(sys.executable)"
    for folder in os.get_exec_path():
        if found := shutil.which(f"python{version}", path=folder):
            answer = subprocess.run(
                (found, "-c", asked), check=False, capture_output=True, text=True, env=wanted
            )
            if answer.returncode == 0:
                return answer.stdout.strip()
    return pytest.skip(f"no Python {version} on the path")


@pytest.fixture(params=VERSIONS)
def installed(
    archives: Archives, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """The ``g60kg`` command of a new environment that holds the wheel and what it asks for."""
    place = tmp_path_factory.mktemp("empty")
    python = interpreter(request.param)
    subprocess.run((python, "-m", "venv", place), check=True, env=environment())
    pip = (place / "bin" / "python", "-m", "pip", "install", "--quiet", "--retries", "1")
    done = subprocess.run(
        (*pip, archives.wheel), capture_output=True, text=True, check=False, env=environment()
    )
    if done.returncode and UNREACHABLE.search(done.stderr):
        pytest.skip("no package registry can be reached, so nothing can be installed")
    assert done.returncode == 0, done.stderr
    return place / "bin" / "g60kg"


def graph_files() -> set[str]:
    """The files of the graph in this checkout, as paths from its root."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in ("examples", "instances", "ontology", "queries")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }


def package_files() -> set[str]:
    """The files of the package in this checkout, as paths from its root."""
    found = (path for path in (ROOT / "g60kg").rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if path.suffix != ".pyc"}


def archived_files(archives: Archives) -> dict[str, bytes]:
    """The files in the archive of the wheel, by path."""
    wheel = zipfile.ZipFile(archives.wheel)
    with tarfile.open(fileobj=wheel.open("g60kg/_data/files.tar.xz")) as archive:
        return {
            one.name: archive.extractfile(one).read()  # type: ignore[union-attr]
            for one in archive
        }


def is_same(name: str, packed: bytes) -> bool:
    """Return whether a file is packed with its bytes, or a graph on the same lines."""
    content = (ROOT / name).read_bytes()
    if packed == content or not name.endswith(".ttl"):
        return packed == content
    graphs = [Dataset(parse(each, RdfFormat.TURTLE)) for each in (content, packed)]
    for graph in graphs:
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graphs[0] == graphs[1] and content.count(b"\n") == packed.count(b"\n")


def test_wheel_holds_the_package_its_types_and_the_graph(archives: Archives) -> None:
    names = set(zipfile.ZipFile(archives.wheel).namelist())
    packed = archived_files(archives)
    graph = {name for name in graph_files() if re.search(r"\.(ttl|rq)$|/sample-", name)}
    pattern = r"\.(yaml|po)$|/(ordinary_words\w*\.txt|outlines\.json)$|/(templates|static)/"
    texts = {name for name in package_files() if re.search(pattern, name)}
    assert not texts & set(names)
    archived = graph | texts
    assert packed.keys() == archived
    assert [name for name in archived if not is_same(name, packed[name])] == []
    # Sheets are edited in a checkout; no page shows the others. The archive of the source has them.
    unused = re.compile(r"instances/.*\.csv|examples/(README\.md|first-hour\.ipynb)")
    assert {name for name in graph_files() - graph if not unused.fullmatch(name)} == set()
    assert "g60kg/py.typed" in names
    assert {name.split("/licenses/")[1] for name in names if "/licenses/" in name} == {
        "LICENSE",
        "LICENSE-DATA.md",
    }


def test_wheel_names_what_it_bundles_with_the_licences(archives: Archives) -> None:
    with zipfile.ZipFile(archives.wheel) as wheel:
        names = wheel.namelist()
        (page,) = (name for name in names if name.endswith("/licenses/LICENSE-DATA.md"))
        rows = [line for line in wheel.read(page).decode().splitlines() if line.startswith("| ")]
        listed = {
            name: cells[2].strip()
            for cells in (row.split("|") for row in rows)
            for name in cells[1].strip().split(", ")
        }
        text = wheel.read(page).decode()
        assert "Natural Earth" in text
        notices = archived_files(archives)[WORDS].decode()
        assert f"`{WORDS}`" in text
        for project, holder in (
            ("TextBlob", "Steven Loria"),
            ("Pattern", "University of Antwerp"),
            ("jieba", "Sun Junyi"),
            ("Brill", "University of Pennsylvania"),
        ):
            assert project in text
            assert holder in notices
    lock = json.loads((ROOT / "front" / "package-lock.json").read_text(encoding="utf-8"))
    bundled = {
        path.rpartition("node_modules/")[2]: package["license"].strip("()")
        for path, package in lock["packages"].items()
        if path and not package.get("dev") and not package.get("optional")
    }
    del bundled["dompurify"]  # front/build.mjs leaves it out
    assert {name: listed.get(name) for name in bundled} == bundled
    bundle = {name for name in archived_files(archives) if name.startswith(BUNDLE)}
    assert not bundle or f"{BUNDLE}licences.txt" in bundle


def test_wheel_is_small(archives: Archives) -> None:
    # With the editor that a wheel built with npm has and this one may not have.
    editor = 108_000
    bundled = any(name.startswith(BUNDLE) for name in archived_files(archives))
    assert archives.wheel.stat().st_size < LARGEST - (0 if bundled else editor)


def test_wheel_holds_nothing_else(archives: Archives) -> None:
    names = zipfile.ZipFile(archives.wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert sorted(top.split("-")[0] for top in tops) == ["g60kg", "g60kg"]


def test_archives_hold_the_bundle_that_is_in_no_commit(archives: Archives) -> None:
    built = {path.relative_to(ROOT).as_posix() for path in (ROOT / BUNDLE).glob("*")}
    assert {name for name in archived_files(archives) if name.startswith(BUNDLE)} == built
    with tarfile.open(archives.source) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert built | {"front/package-lock.json", "front/editor.js"} <= names
    assert not any(name.startswith("front/node_modules/") for name in names)


def test_source_archive_holds_the_graph_and_the_tests(archives: Archives) -> None:
    with tarfile.open(archives.source) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert graph_files() | {"Makefile", "requirements-dev.lock", "tests/test_wheel.py"} <= names


def test_wheel_works_from_any_folder_of_an_empty_environment(
    installed: Path, tmp_path: Path
) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        bare = {"PATH": os.defpath, "HOME": str(tmp_path)}
        return subprocess.run(
            (installed, *words), cwd=tmp_path, env=bare, capture_output=True, text=True, check=False
        )

    answer = run(*QUESTION)
    assert (answer.returncode, answer.stderr) == (0, "")
    header, *rows = answer.stdout.splitlines()
    assert header.split(",")[0] == "city"
    assert len(rows) >= 9

    checkout = Path(sys.executable).with_name("g60kg")
    here = subprocess.run(
        (checkout, *QUESTION), env=environment(), capture_output=True, text=True, check=False
    )
    assert here.stdout == answer.stdout, here.stderr

    without_extra = run("reason")
    assert without_extra.returncode == 2
    assert 'pip install "g60kg[reason]"' in without_extra.stderr
    assert "Traceback" not in without_extra.stderr
