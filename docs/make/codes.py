"""The page docs/codes.md: an entry for each code that the gate can report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from docs.make.markdown import escaped
from g60kg.gate.report_output import check_codes
from g60kg.validation.check_codes import CheckCode, code_page
from g60kg.validation.shape_rules import ShapeRule, shape_rules

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PAGE: Final = Path("docs", "codes.md")


@dataclass(frozen=True, slots=True)
class Example:
    """Two files that differ only in what a code is about.

    Attributes:
        wrong: the file that gets the code.
        right: the file that does not.
    """

    wrong: Path
    right: Path


def pages() -> dict[Path, str]:
    """Return the text of the page, by its path from the root of the checkout.

    Raises:
        FileNotFoundError: a code has no example.
    """
    return {PAGE: "\n\n".join(_parts()) + "\n"}


def kebab(name: str) -> str:
    """Return a name in lower case with hyphens, as files have it.

    >>> kebab("FactTimeIsEdtf")
    'fact-time-is-edtf'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def example_of_rule(rule: ShapeRule) -> Example:
    """Return the two files of tests/shapes that show a rule."""
    folder = ROOT / "tests" / "shapes" / rule.file
    return Example(
        folder / f"invalid-{kebab(rule.code)}.ttl", folder / f"valid-{kebab(rule.code)}.ttl"
    )


def example_of_code(code: CheckCode, check: str) -> Example:
    """Return the two files of tests/checks that show a code of a check.

    Raises:
        FileNotFoundError: there are none.
    """
    folder = ROOT / "tests" / "checks" / check
    for wrong in sorted(folder.glob(f"with-{kebab(code.name)}.*")):
        return Example(wrong, wrong.with_name("without-" + wrong.name.removeprefix("with-")))
    raise FileNotFoundError(f"No file in {folder} shows the code: with-{kebab(code.name)}.*")


def _parts() -> Iterator[str]:
    rules, checks = shape_rules(), check_codes()
    yield "<!-- Made by `make docs` from the shapes and the checks. -->"
    yield "# Codes"
    yield (
        "Every finding of `g60kg validate` and `g60kg add` has a code: the name of the shape or of "
        "the problem that another check looks for. Codes are stable, so scripts can rely on them. "
        "A **violation** rejects a file, a **warning** does so with `--strict`, an **info** never. "
        f"The stable address of a code's entry is `{code_page('')}` and the code in lower case."
    )
    yield (
        "The two files of each entry differ only in what the code is about; tests run the gate on "
        "them. The checks, in the order in which they run:"
    )
    classes = dict.fromkeys(_class_name(rule.file) for rule in rules)
    shapes = [f"[{name}](#shapes-of-{name.lower()})" for name in classes]
    for check, codes in checks.items():
        links = [f"[{code.name}](#{code.name.lower()})" for code in codes]
        yield f"- [{check}](#check-{check}): {', '.join(links or shapes)}"
    for check, codes in checks.items():
        yield f"## Check {check}"
        for code in codes:
            yield from _entry(
                code.name, " or ".join(code.severities), [code.summary], code.why,
                example_of_code(code, check),
            )  # fmt: skip
        for file, group in groupby(rules if check == "shapes" else (), key=lambda rule: rule.file):
            path = f"ontology/shapes/{file}.ttl"
            yield f"### Shapes of {_class_name(file)}"
            yield f"Source: [{path}](../{path})."
            for rule in group:
                yield from _entry(
                    rule.code, rule.severity, [rule.messages["en"], rule.messages["zh"]], rule.why,
                    example_of_rule(rule),
                )  # fmt: skip


def _entry(
    code: str, severity: str, messages: list[str], why: str, example: Example
) -> Iterator[str]:
    yield f"#### {code}"
    yield f"**{severity}**\n" + "\n".join(f"> {escaped(text)}\\" for text in messages)[:-1]
    yield escaped(why)
    yield f"Wrong: {_linked(example.wrong)}.\\\nRight: {_linked(example.right)}."


def _linked(path: Path) -> str:
    """Return a link to an example, with what its first line says of it.

    Raises:
        ValueError: the first line says nothing of it.
    """
    caption = path.read_text(encoding="utf-8").partition("\n")[0].partition(" — ")[2]
    if not caption:
        raise ValueError(f"{path}: the first line must be: # Code — what the file shows")
    return f"[{path.name}](../{path.relative_to(ROOT).as_posix()}), {escaped(caption)}"


def _class_name(file: str) -> str:
    """Return the class that a file of shapes is named for.

    >>> _class_name("corridor-phase")
    'CorridorPhase'
    """
    return "".join(word.capitalize() for word in file.split("-"))
