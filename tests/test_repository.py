"""What the repository promises of itself: siblings in step, small modules, one version."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from yaml12 import parse_yaml

import g60kg
from tests.conftest import ONTOLOGY_VERSION

ROOT = Path(__file__).resolve().parent.parent
OWL = "http://www.w3.org/2002/07/owl#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TARGET_CLASS = NamedNode("http://www.w3.org/ns/shacl#targetClass")
ONTOLOGY = "https://w3id.org/g60kg/ontology"
KEBAB = "[a-z0-9]+(?:-[a-z0-9]+)*"

# Each pattern has a bracket where it would otherwise find itself.
UNWELCOME = {
    "a path of somebody's machine": r"(?<![\w./])/(?:home|root|work|farm|Users)/\w",
    "the host of a package registry": r"python[h]osted|\bpypi\.org|\bnpm[j]s\.",
    "an option that names a package registry": r"--(?:extra-)?index[-]url|--find[-]links",
    "unfinished work": r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b",
    "how the text came about": r"(?i)\bco-author[e]d-by\b"
    r"|\b(?:written|generated|made) (?:by|with) an? (?:[A]I|assistan[t]|mode[l])\b",
}


@cache
def files() -> tuple[Path, ...]:
    """The files of the checkout that are committed or about to be."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so its files are unknown")
    listing = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def project() -> dict[str, Any]:
    """The tables of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def ontology() -> Store:
    """The ontology's statements, without the shapes."""
    store = Store()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        store.load(path=str(path))
    return store


@cache
def superclasses() -> dict[NamedNode, frozenset[NamedNode]]:
    """Each class of the ontology, with itself and all its superclasses."""
    rows = ontology().query(
        f"""
        PREFIX owl: <{OWL}>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?class ?above {{
          ?class a owl:Class ; rdfs:subClassOf* ?above .
          FILTER (STRSTARTS(STR(?class), "{ONTOLOGY}/"))
        }}"""
    )
    assert isinstance(rows, QuerySolutions)
    above: dict[NamedNode, frozenset[NamedNode]] = {}
    for row in rows:
        iri, other = row["class"], row["above"]
        if isinstance(iri, NamedNode) and isinstance(other, NamedNode):
            above[iri] = above.get(iri, frozenset()) | {other}
    return above


def file_name(iri: NamedNode) -> str:
    """The name that a class's files have: its local name in lower case, words with hyphens."""
    local = iri.value.rsplit("/", 1)[1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local).lower()


def stems(folder: str, suffix: str) -> list[str]:
    """Paths below ``folder`` of the files that end in ``suffix``, without it, in order."""
    top = ROOT / folder
    found = (path for path in top.rglob(f"*{suffix}") if path.is_file())
    return sorted(path.relative_to(top).with_suffix("").as_posix() for path in found)


# -- One name, everywhere ----------------------------------------------------


def test_each_query_has_a_stored_answer_and_each_answer_a_query() -> None:
    queries = stems("queries", ".rq")
    assert queries
    assert queries == stems("tests/queries", ".json")


def test_queries_are_named_once_in_lower_case_below_a_topic() -> None:
    queries = stems("queries", ".rq")
    assert [name for name in queries if not re.fullmatch(f"{KEBAB}/{KEBAB}", name)] == []
    names = [name.split("/")[1] for name in queries]
    assert sorted(set(names)) == sorted(names)


def test_each_shape_file_has_fixtures_and_each_fixture_folder_a_shape_file() -> None:
    shapes = stems("ontology/shapes", ".ttl")
    assert shapes
    folders = {path.parent.name for path in (ROOT / "tests" / "shapes").glob("*/*.ttl")}
    assert sorted(folders) == shapes


def test_fixtures_say_what_they_show_and_come_in_both_kinds() -> None:
    for shape in stems("ontology/shapes", ".ttl"):
        fixtures = stems(f"tests/shapes/{shape}", ".ttl")
        kinds = {name.split("-")[0] for name in fixtures}
        assert kinds == {"valid", "invalid"}, f"{shape}: {fixtures}"
        unnamed = [name for name in fixtures if not re.fullmatch(f"[a-z]+-{KEBAB}", name)]
        assert unnamed == [], shape


def test_each_shape_file_is_named_for_a_class() -> None:
    # What every class asks for is in entity.ttl.
    named = {file_name(iri) for iri in superclasses()} | {"entity"}
    assert sorted(set(stems("ontology/shapes", ".ttl")) - named) == []


def test_each_class_with_instances_or_its_superclass_has_a_shape() -> None:
    instances = Store()
    for name in stems("instances", ".ttl"):
        instances.load(path=str(ROOT / "instances" / f"{name}.ttl"))
    used = {quad.object for quad in instances.quads_for_pattern(None, TYPE, None)}
    shapes = Store()
    for path in (ROOT / "ontology" / "shapes").glob("*.ttl"):
        shapes.load(path=str(path))
    targets = {quad.object for quad in shapes.quads_for_pattern(None, TARGET_CLASS, None)}
    bare = [
        iri.value for iri, above in superclasses().items() if iri in used and not targets & above
    ]
    assert sorted(bare) == []


def test_each_sheet_has_its_turtle_and_each_turtle_its_sheet() -> None:
    sheets = stems("instances", ".csv")
    assert sheets
    assert sheets == stems("instances", ".ttl")


# -- Small modules with a subject of their own -------------------------------


def test_no_module_is_longer_than_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files()
        if path.suffix in {".py", ".rq", ".md", ".ttl"}
        and path.name not in {"CHANGELOG.md", "codes.md", "commands.md"}
        and path.relative_to(ROOT).parts[0] != "instances"
        and path.relative_to(ROOT).parts[:2] != ("tests", "data")
        and (lines := len(path.read_bytes().splitlines())) > 400
    }
    assert long == {}


def test_readme_fits_a_hundred_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 100


#: Modules with one role each, of which there is one per command.
SAME_ROLE = re.compile(r"cli/commands/|(?:.*/)?(?:__init__|app)\.py$")


def test_package_has_at_most_twenty_entries() -> None:
    package = ROOT / "g60kg"
    entries = {p.relative_to(package).parts[0] for p in files() if p.is_relative_to(package)}
    assert len(entries) <= 20, sorted(entries)


def test_no_two_modules_share_a_file_name() -> None:
    package = ROOT / "g60kg"
    modules = [p for p in files() if p.is_relative_to(package) and p.suffix == ".py"]
    names = Counter(
        p.name for p in modules if not SAME_ROLE.match(p.relative_to(package).as_posix())
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_no_module_is_for_odds_and_ends() -> None:
    vague = re.compile(r"_*(?:utils?|utilities|helpers?|common|misc|tools|manager|handlers?)")
    assert [path for path in files() if vague.fullmatch(path.stem.lower())] == []


@pytest.mark.usefixtures("shipped_graph")
def test_query_runs_without_heavy_libraries_and_other_commands() -> None:
    code = (
        "import atexit, sys; from g60kg.cli.app import main; "
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
        "sys.argv = ['g60kg', 'query', 'run', 'member-cities']; main()"
    )
    started = subprocess.run(
        (sys.executable, "-c", code), check=False, capture_output=True, text=True
    )
    assert started.returncode == 0, started.stderr
    imported = set(started.stderr.split())
    assert (
        imported
        & {
            *("rdflib", "pyshacl", "owlready2", "rapidfuzz", "rich", "pandas", "pydantic", "click"),
            *("hashlib", "tempfile", "html", "importlib.resources", "g60kg.rdf.nesting_limits"),
            *("csv", "fractions", "gzip", "g60kg.model.ontology_lookup"),
            *("g60kg.model.observations", "g60kg.queries.answer_preview"),
            "g60kg.queries.row_counts",
        }
        == set()
    )
    commands = {name for name in imported if name.startswith("g60kg.cli.commands.")}
    assert commands == {"g60kg.cli.commands.query"}


# -- Nothing that does not belong --------------------------------------------


@pytest.mark.parametrize("meaning", UNWELCOME)
def test_files_say_nothing_that_does_not_belong(meaning: str) -> None:
    pattern = re.compile(UNWELCOME[meaning])
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        )
        if pattern.search(line)
    ]
    assert found == []


# -- One version, one licence, one list of dependencies ----------------------


def test_version_is_defined_once_and_others_agree() -> None:
    assert project()["project"]["dynamic"] == ["version"]
    header = NamedNode(ONTOLOGY)
    stated = {
        quad.predicate.value.removeprefix(OWL): quad.object.value
        for quad in ontology().quads_for_pattern(header, None, None)
        if quad.predicate.value.startswith(OWL + "version")
        and isinstance(quad.object, NamedNode | Literal)
    }
    iri = f"{ONTOLOGY}/{ONTOLOGY_VERSION}"
    assert stated == {"versionIRI": iri, "versionInfo": ONTOLOGY_VERSION}
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    # A development version is not released yet: its changes are under "Unreleased".
    if ".dev" in g60kg.__version__:
        assert "\n## [Unreleased]\n" in changelog
    else:
        assert releases[0] == g60kg.__version__


def test_licences_agree() -> None:
    metadata = project()["project"]
    citation: Any = parse_yaml((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert " AND ".join(citation["license"]) == metadata["license"] == "Apache-2.0 AND CC-BY-4.0"
    code, graph = ((ROOT / name).read_text("utf-8") for name in metadata["license-files"])
    assert re.match(r"\s*Apache License\s+Version 2\.0", code)
    licence = NamedNode("http://purl.org/dc/terms/license")
    (quad,) = ontology().quads_for_pattern(NamedNode(ONTOLOGY), licence, None)
    assert isinstance(quad.object, NamedNode)
    assert quad.object.value == "https://creativecommons.org/licenses/by/4.0/"
    assert f"<{quad.object.value}>" in graph


def test_lock_holds_every_dependency_at_a_version_it_allows() -> None:
    metadata = project()["project"]
    lists = (
        metadata["dependencies"],
        *metadata["optional-dependencies"].values(),
        *project()["dependency-groups"].values(),
    )
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    pins = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)
    }
    for text in (text for texts in lists for text in texts):
        wanted = Requirement(text)
        if wanted.name == metadata["name"]:
            continue
        pin = pins.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted.name} is not in the lock: make lock"
        assert wanted.specifier.contains(pin), f"{text}, but the lock has {pin}: make lock"
