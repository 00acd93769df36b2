"""Tests of the documentation: generated pages are current, links and commands work."""

from __future__ import annotations

import ast
import doctest
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from docs.make import codes, commands, markdown, snippets, tool_calls
from docs.make.__main__ import WALKTHROUGH, generated_pages, working_folder
from docs.make.snippets import ROOT
from g60kg.gate.fact_validation import validate
from g60kg.gate.report_output import format_report
from g60kg.model.article_text import texts_in
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import CheckCode, codes_by_check
from g60kg.validation.report.findings import QuotationCounts, Report, Severity
from tests.cli.run import printed
from tests.conftest import sampled

EXAMPLES = sampled(
    (code, codes.example_of_code(code, check))
    for check, found in codes_by_check().items()
    for code in found
)


def pages() -> list[Path]:
    """All Markdown pages in docs/, examples/ and the root."""
    below = (path for folder in ("docs", "examples") for path in (ROOT / folder).rglob("*.md"))
    return [*sorted(below), *sorted(ROOT.glob("*.md"))]


# -- Generated pages --------------------------------------------------------


@pytest.mark.usefixtures("shipped_graph")
def test_generated_pages_are_current() -> None:
    made = generated_pages()
    stale = [
        str(name)
        for name, text in made.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run make docs"


@pytest.mark.parametrize("module", [codes, commands, markdown, snippets, tool_calls])
def test_examples_of_the_generators_run(module: ModuleType) -> None:
    outcome = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0


@cache
def all_calls() -> list[tuple[Path, ast.Call]]:
    """Every call in the package."""
    return [
        (path, node)
        for path in sorted((ROOT / "g60kg").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Yield every call of a function or class with that name in the package."""
    return ((path, node) for path, node in all_calls() if getattr(node.func, "id", None) == name)


def argument(call: ast.Call, keyword: str, position: int) -> ast.expr | None:
    named = [each.value for each in call.keywords if each.arg == keyword]
    return (named + call.args[position : position + 1] + [None])[0]


def test_every_code_of_a_check_has_an_entry() -> None:
    found = (*calls("CheckCode"), *calls("check_code"))
    names = (argument(call, "name", 0) for _, call in found)
    said = {str(name.value) for name in names if isinstance(name, ast.Constant)}
    assert len(said) > 40
    page = (ROOT / codes.PAGE).read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    assert said - set(headings) == set()
    assert len({heading.lower() for heading in headings}) == len(headings), "anchors are ambiguous"


def test_help_addresses_of_a_sarif_report_are_anchors_of_the_page_of_codes() -> None:
    report = Report("store", (), (), (), 0, QuotationCounts())
    rules = json.loads(format_report(report, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
    anchors = anchors_of(ROOT / codes.PAGE)
    assert len(rules) > 100
    for rule in rules:
        page, _, anchor = rule["helpUri"].partition("#")
        assert page == "https://w3id.org/g60kg/docs/codes"
        assert anchor in anchors


def test_findings_take_codes_from_shapes_and_checks() -> None:
    found = list(calls("Finding"))
    assert found
    literal = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in found
        if isinstance(argument(call, "code", 1), ast.Constant)
    ]
    assert literal == [], "a code that no check lists has no entry"


def test_codes_are_explained_in_sentences() -> None:
    every = [code for codes in codes_by_check().values() for code in codes]
    assert all(code.summary.endswith(".") and code.why.endswith(".") for code in every)


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case[0].name)
def test_only_the_wrong_example_gets_the_code(
    case: tuple[CheckCode, codes.Example], store: LocalStore
) -> None:
    code, example = case[0].name, case[1]
    texts = texts_in(ROOT / "tests" / "checks")
    wrong, right = (validate(store, [file], texts=texts) for file in (example.wrong, example.right))
    given = {f.code for f in wrong.findings if f.severity is not Severity.INFO or f.code == code}
    assert given == {code}
    assert right.conforms(strict=True)
    assert code not in {finding.code for finding in right.findings}


def test_help_contains_the_program_name_and_no_local_path() -> None:
    page = (ROOT / commands.PAGE).read_text(encoding="utf-8")
    assert "python -m" not in page
    assert str(Path.home()) not in page
    usages = re.findall(r"^Usage: (.*?) (?:\[|\{)", page, re.MULTILINE)
    assert usages == re.findall(r"^## (.*)$", page, re.MULTILINE)


def test_commands_of_test_modules_have_the_arguments_that_the_modules_name() -> None:
    command, wrong = re.compile(r"`python\s+-m\s+(tests\.[\w.]+)((?:\s+\d+)+)`"), []
    for page in pages():
        for name, numbers in command.findall(page.read_text(encoding="utf-8")):
            module = (ROOT / name.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
            _, usual = command.findall(module)[0]
            if len(numbers.split()) != len(usual.split()):
                wrong.append(f"{page.name}: {name}{numbers}")
    assert wrong == []


def test_every_extra_is_described() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = (ROOT / "docs/python.md").read_text(encoding="utf-8").partition("\n## Extras\n")[2]
    listed = re.findall(r"^\| `(\w+)`", section.partition("\n## ")[0], re.MULTILINE)
    assert listed == sorted(project["optional-dependencies"])
    assert 'pip install "g60kg[reason]"' in (ROOT / "README.md").read_text(encoding="utf-8")


# -- Links -------------------------------------------------------------------


def anchors_of(page: Path) -> set[str]:
    return markdown.anchors(page.read_text(encoding="utf-8"))


def test_links_between_pages_are_valid() -> None:
    broken = []
    for page in pages():
        for target in markdown.targets(page.read_text(encoding="utf-8")):
            address, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", address):
                continue
            leads_to = (page.parent / address).resolve() if address else page
            inside = leads_to.exists() and ROOT in leads_to.parents
            if not inside or (anchor and anchor not in anchors_of(leads_to)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_page_is_reachable_from_the_readme() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached:
            reached.add(page)
            addresses = markdown.targets(page.read_text(encoding="utf-8"))
            paths = ((page.parent / link.partition("#")[0]).resolve() for link in addresses)
            ahead += [path for path in paths if path.suffix == ".md" and path.is_file()]
    written = [path for path in pages() if path.is_relative_to(ROOT / "docs")]
    unread = [path for path in written if path not in reached]
    assert unread == []


# -- The walkthrough ----------------------------------------------------------------


@pytest.mark.long
@pytest.mark.usefixtures("shipped_graph")
def test_commands_of_the_walkthrough_print_what_is_shown() -> None:
    steps = snippets.snippets((ROOT / WALKTHROUGH).read_text(encoding="utf-8"))
    programs = {shlex.split(step.command)[0] for step in steps}
    assert programs <= {"g60kg", "cp", "diff", "head", "sed", "tail"}
    with working_folder(WALKTHROUGH) as folder:
        for step in steps:
            lines = printed(step.command, folder)
            assert step.agrees_with(lines), "\n".join((f"$ {step.command}", *lines))


def test_the_walkthrough_has_every_step() -> None:
    listed = " ".join(s.command for s in snippets.snippets((ROOT / WALKTHROUGH).read_text("utf-8")))
    steps = (
        "draft",
        "load",
        "validate",
        "--dry-run",
        "--yes",
        "--evidence",
        "diff",
        "retract",
        "log",
    )
    assert [step for step in steps if step not in listed] == []


def test_sample_text_is_marked_as_such() -> None:
    for text in (ROOT / "examples").glob("*.txt"):
        assert text.read_text(encoding="utf-8").startswith("SAMPLE TEXT, made up ")
    for sheet in (ROOT / "examples").glob("*.csv"):
        assert re.search(
            r"^# title: .*\(sample text\b.*\)$", sheet.read_text("utf-8"), re.MULTILINE
        )
