"""Checks of single cells of a row, whatever its predicate means."""

from __future__ import annotations

from typing import Final

from g60kg.model.names import LANGUAGES
from g60kg.model.ontology_lookup import Property
from g60kg.sheets.sheet_file import SUGGESTED, RowError, RowWarning, SheetRow

_COMPLETE: Final = "Write complete where the source says that the list has no other values."


def is_complete(row: SheetRow) -> bool:
    """Return whether a row belongs to a complete list."""
    if row["list"].lower() not in ("", "complete"):
        raise RowError("list", f'"{row["list"]}" is not a value of this column.', _COMPLETE)
    return bool(row["list"])


def confirmed(row: SheetRow) -> bool:
    """Return True.

    Raises:
        RowError: the row is a suggestion.
    """
    if row["predicate"].startswith(SUGGESTED):
        raise RowError(
            "predicate",
            "The row is a suggestion.",
            f"Compare it with the text, then delete the {SUGGESTED} or the row.",
        )
    return True


def empty(row: SheetRow, column: str) -> None:
    """Raise RowError for a cell of a figure in another row."""
    if row[column]:
        raise RowError(
            column,
            f"Only a figure has this column; {row['predicate']} is not a measure.",
            "Empty the cell, or correct the predicate.",
        )


def check_undated(row: SheetRow, prop: Property | None) -> None:
    """Raise RowError for a time beside a date."""
    if row["time"] and prop is not None and prop.date_valued:
        message = f"The object of {row['predicate']} is its time; the column time is for others."
        raise RowError("time", message, "Empty the cell, or correct the predicate.")


def present(row: SheetRow, column: str) -> None:
    """Raise RowError for a blank cell."""
    if not row[column]:
        raise RowError(column, f"The {column} is missing.")


def check_label_language(name: str, tag: str | None) -> None:
    """Raise RowWarning for a label in a language in which no answer or page shows one."""
    if name == "label" and tag and tag.partition("-")[0].lower() not in LANGUAGES:
        message = f'Answers and pages show no label in the language "{tag}".'
        raise RowWarning("predicate", message, f"They show {', '.join(LANGUAGES)}.")
