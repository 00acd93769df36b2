"""Errors of a sheet's rows, all of which are reported in one run, and checks of single cells."""

from collections.abc import Callable, Iterable
from typing import Final, ParamSpec, TypeVar

from g60kg.model.names import LANGUAGES
from g60kg.rdf.text_excerpt import first_of, plural
from g60kg.sheets.sheet_file import (
    RowError,
    RowWarning,
    Sheet,
    SheetProblem,
    SheetRow,
)

#: Lines of an error that are listed.
_LISTED: Final = 20
#: Maximum number of problems: each costs a search for the nearest names.
MAX_PROBLEMS: Final = 1_000

P = ParamSpec("P")
Result = TypeVar("Result")


class RowProblems:
    """The problems of a sheet, in the form of the file and in its rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.found: list[SheetProblem] = list(sheet.problems)
        self.warnings: list[SheetProblem] = []

    @property
    def too_many(self) -> bool:
        """Whether there are so many errors that the rest of the sheet is not checked."""
        return len(self.found) > MAX_PROBLEMS

    def attempt(
        self, row: SheetRow, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result | None:
        """Return the result of a function; None if it raises RowError or RowWarning.

        An error is added to the problems of the row, a warning to the warnings.
        """
        try:
            return work(*args, **kwargs)
        except RowWarning as warning:
            cell = (warning.column, warning.message, warning.hint)
            self.warnings.append(SheetProblem(self.sheet.file, row.line, *cell))
            return None
        except RowError as error:
            self.add(row, error.column, error.message, error.hint)
            return None

    def add(self, row: SheetRow, column: str, message: str, hint: str | None = None) -> None:
        """Add a problem of a row, unless it is known or there are too many.

        The problem after the last allowed one says that there are more.
        """
        if len(self.found) == MAX_PROBLEMS:
            column, message = "", f"The sheet has more than {MAX_PROBLEMS:,} errors."
            hint = "The rest of the sheet was not checked."
        problem = SheetProblem(self.sheet.file, row.line, column, message, hint)
        if not self.too_many and problem not in self.found:
            self.found.append(problem)

    def in_order(self) -> tuple[SheetProblem, ...]:
        """Return the errors, sorted by line and column."""
        columns = self.sheet.columns

        def position(problem: SheetProblem) -> tuple[int, int]:
            known = problem.column in columns
            return problem.line, columns.index(problem.column) if known else 0

        return tuple(sorted(self.found, key=position))


def grouped_problems(problems: Iterable[SheetProblem]) -> list[str]:
    """Return one text per mistake; further lines with the same mistake are listed after the first.

    >>> grouped_problems([SheetProblem("a.csv", line, "unit", "No unit: q.") for line in (3, 7)])
    ['a.csv:3, unit: No unit: q. Also in line 7.']
    """
    groups: dict[tuple[str, str, str | None], list[SheetProblem]] = {}
    for problem in problems:
        groups.setdefault((problem.column, problem.message, problem.hint), []).append(problem)
    texts = []
    for first, *others in groups.values():
        lines = list(dict.fromkeys(other.line for other in others if other.line != first.line))
        listed = first_of(lines, _LISTED)
        also = f" Also in line{plural(len(lines))} {listed}." if lines else ""
        texts.append(f"{first}{also}")
    return texts


def is_complete(row: SheetRow) -> bool:
    """Return whether ``list`` is ``complete``, False if blank; raise RowError for another text."""
    if row["list"].lower() not in ("", "complete"):
        hint = "Write complete where the source says that the list has no other values."
        raise RowError("list", f'"{row["list"]}" is not a value of this column.', hint)
    return bool(row["list"])


def check_label_language(name: str, tag: str | None) -> None:
    """Raise RowWarning if answers and pages show no labels in the language of a predicate.

    Only the predicate ``label`` with a language tag is checked.
    """
    if name == "label" and tag and tag.partition("-")[0].lower() not in LANGUAGES:
        message = f'Answers and pages show no label in the language "{tag}".'
        raise RowWarning("predicate", message, f"They show {', '.join(LANGUAGES)}.")
