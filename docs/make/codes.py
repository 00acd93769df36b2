"""The pages of docs/codes: one for each code that the gate can give, and an index of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, parse

from docs.make.markdown import escaped, fenced, table
from g60kg import paths
from g60kg.admit import check_codes
from g60kg.namespaces import PREFIXES
from g60kg.reporting import CODES_PAGE
from g60kg.sheets import is_sheet
from g60kg.validation.codes import CheckCode
from g60kg.validation.report import Severity
from g60kg.validation.rulebook import ShapeRule, shape_rules

ROOT: Final = Path(__file__).resolve().parent.parent.parent
FOLDER: Final = Path("docs", "codes")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Example:
    """Two files that are alike but for what a code is about.

    Attributes:
        wrong: the file that gets the code.
        right: the file that does not.
    """

    wrong: Path
    right: Path


def pages() -> dict[Path, str]:
    """The text of every page of docs/codes, by its path from the root of the checkout.

    Raises:
        FileNotFoundError: a code has no example.
    """
    rules = shape_rules()
    checks = check_codes()
    made = {FOLDER / f"{rule.code}.md": _page_of_rule(rule) for rule in rules}
    for check, codes in checks.items():
        made |= {FOLDER / f"{code.name}.md": _page_of_code(code, check) for code in codes}
    made[FOLDER / "README.md"] = _index(rules, checks)
    return made


def kebab(name: str) -> str:
    """A name in lower case with hyphens, as files have it.

    >>> kebab("FactTimeIsEdtf")
    'fact-time-is-edtf'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def example_of_rule(rule: ShapeRule) -> Example:
    """The two files of tests/shapes that show a rule."""
    folder = ROOT / "tests" / "shapes" / rule.file
    return Example(
        folder / f"invalid-{kebab(rule.code)}.ttl", folder / f"valid-{kebab(rule.code)}.ttl"
    )


def example_of_code(code: CheckCode, check: str) -> Example:
    """The two files of tests/checks that show a code of a check.

    Raises:
        FileNotFoundError: there are none.
    """
    folder = ROOT / "tests" / "checks" / check
    for wrong in sorted(folder.glob(f"with-{kebab(code.name)}.*")):
        return Example(wrong, wrong.with_name("without-" + wrong.name.removeprefix("with-")))
    raise FileNotFoundError(f"No file in {folder} shows the code: with-{kebab(code.name)}.*")


# -- Pages -------------------------------------------------------------------


def _page_of_rule(rule: ShapeRule) -> str:
    file = f"ontology/shapes/{rule.file}.ttl"
    messages = [f"> {escaped(rule.messages[language])}" for language in ("en", "zh")]
    parts = [
        _made_from(file),
        f"# {rule.code}",
        f"A **{rule.severity}**, found by the shapes: "
        f"[{_class_name(rule.file)}](README.md#{_class_name(rule.file).lower()}).",
        "\n>\n".join(messages),
        f"**Why.** {escaped(rule.why)}",
        *_shown(example_of_rule(rule)),
        "## The shape",
        fenced("turtle", _constraint(rule)),
        f"Its text, with the messages: [{file}](../../{file}).",
    ]
    return _joined(parts)


def _page_of_code(code: CheckCode, check: str) -> str:
    grades = " or ".join(f"**{severity}**" for severity in code.severities)
    article = "An" if code.severities[0] is Severity.INFO else "A"
    parts = [
        _made_from(f"the codes of the check {check}"),
        f"# {code.name}",
        f"{article} {grades}, found by the check [{check}](README.md#{check}).",
        f"> {escaped(code.summary)}",
        f"**Why.** {escaped(code.why)}",
        *_shown(example_of_code(code, check)),
    ]
    return _joined(parts)


def _index(rules: Iterable[ShapeRule], checks: dict[str, tuple[CheckCode, ...]]) -> str:
    parts = [
        _made_from("the shapes and the checks"),
        "# Codes",
        "Every finding of `g60kg validate` and `g60kg add` has a code: the name of the shape that "
        "has it, or of what another check looks for. Codes are stable, so scripts can rely on "
        "them. A **violation** bars a file, a **warning** does with `--strict`, an **info** is "
        "worth knowing and no fault. The stable address of a code's page is "
        f"`{CODES_PAGE}` and the code.",
        "A page shows two files that differ in the one thing that the code is about; the tests "
        "hold the gate to them. These are the checks, in the order in which they run.",
    ]
    for check, codes in checks.items():
        parts.append(f"## {check}")
        if check == "shapes":
            parts.append("SHACL shapes, by the class that they are about.")
            for file, group in groupby(rules, key=lambda rule: rule.file):
                rows = [
                    _row(rule.code, rule.severity, _first(rule.messages["en"])) for rule in group
                ]
                parts += [f"### {_class_name(file)}", table(("code", "severity", "says"), rows)]
        else:
            listed = [_row(code.name, " or ".join(code.severities), code.summary) for code in codes]
            parts.append(table(("code", "severity", "says"), listed))
    return _joined(parts)


def _made_from(source: str) -> str:
    return f"<!-- Made by `make docs` from {source}. -->"


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _row(code: str, severity: str, says: str) -> tuple[str, str, str]:
    return f"[{code}]({code}.md)", severity, escaped(says)


def _class_name(file: str) -> str:
    """The class that a file of shapes is named for.

    >>> _class_name("corridor-phase")
    'CorridorPhase'
    """
    return "".join(word.capitalize() for word in file.split("-"))


def _first(text: str) -> str:
    """The first sentence of a text.

    >>> _first("No unit, e.g. unit:KiloM. Add one.")
    'No unit, e.g. unit:KiloM.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text, maxsplit=1)[0]


# -- What differs ------------------------------------------------------------


def _shown(example: Example) -> Iterator[str]:
    yield "## Example"
    wrong, right = (_captioned(path) for path in (example.wrong, example.right))
    links = [
        f"[{path.name}](../../{path.relative_to(ROOT).as_posix()})"
        for path in (example.wrong, example.right)
    ]
    yield (
        f"`-` has the finding: {escaped(wrong[0])} ({links[0]}).\\\n"
        f"`+` has not: {escaped(right[0])} ({links[1]})."
    )
    by_line = is_sheet(example.wrong)
    yield fenced("diff", "\n".join(_difference(wrong[1], right[1], by_line=by_line)))


def _captioned(path: Path) -> tuple[str, list[str]]:
    """What the first line of an example says of it, and its lines without that and prefixes.

    Raises:
        ValueError: the first line says nothing of it.
    """
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    caption = first.lstrip("# ").partition(" — ")[2]
    if not caption:
        raise ValueError(f"{path}: the first line says what it shows: # Code — what it has")
    return caption, [line for line in lines if not line.startswith("@prefix")]


def _difference(wrong: list[str], right: list[str], *, by_line: bool) -> list[str]:
    """The blocks between blank lines that differ, whole; of a sheet the lines, under its columns.

    What is alike is left out, as long as something shows what the difference is about.
    """
    # Three lines of names and places, then every line, for the context is wide enough.
    lines = list(unified_diff(wrong, right, n=len(wrong) + len(right), lineterm=""))[3:]
    if by_line:
        columns = next(line for line in lines if line[1:2] != "#")
        return [line for line in lines if line[0] in "-+" or line is columns]
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line[1:].strip():
            blocks[-1].append(line)
        else:
            blocks.append([])
    changed = [block for block in blocks if any(line[0] in "-+" for line in block)]
    if not any(line[0] == " " for block in changed for line in block):
        changed = [block for block in blocks if block]  # else nothing shows what it is about
    return [line for block in changed for line in ("", *block)][1:]


# -- A shape, as it is written -------------------------------------------------


def _constraint(rule: ShapeRule) -> str:
    """The Turtle of a shape as it stands in its file, without messages and reason."""
    file = next(path for path in paths.shape_files() if path.stem == rule.file)
    start = re.compile(rf"^shape:{rule.code} a ", re.MULTILINE)
    blocks = re.split(r"\n\s*\n", file.read_text(encoding="utf-8"))
    whole = next(block for block in blocks if start.search(block))
    text = re.sub(r'    sh:message\n(?: {8}".*"@\w+ [,;.]\n?)+', "", whole)
    text = re.sub(r'    rdfs:comment ".*"@\w+ [;.]\n?', "", text)
    text = re.sub(r" ;\s*$", " .", text.rstrip())
    if _triples(whole) - _triples(text) != len(rule.messages) + 1 or _CHINESE.search(text):
        raise ValueError(f"{file}: the text of shape:{rule.code} is laid out in another way")
    return text


def _triples(turtle: str) -> int:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return sum(1 for _ in parse(prefixes + turtle, format=RdfFormat.TURTLE))
