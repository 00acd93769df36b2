"""Offsets of a sheet's quotes in the article's text."""

from __future__ import annotations

from g60kg.model.article_text import Text
from g60kg.model.text_diff import differing, nearest_passage
from g60kg.sheets.number_cells import integer_in
from g60kg.sheets.sheet_file import RowError, SheetRow


def place_quote(row: SheetRow, text: Text | None) -> int:
    """Return the offset, in code points, of a row's quote.

    With the text, the quote is searched in it, and a given ``start`` must be right. Without it,
    ``start`` is not checked.
    """
    given = integer_in(row["start"])
    if row["start"] and given is None:
        raise RowError("start", f'"{row["start"]}" is not an offset.')
    if text is None:
        if given is None:
            raise RowError(
                "start",
                "The quote has no offset.",
                "Fill in start, or give the article's text: to `g60kg draft` with --article, or "
                "on the page in the field below.",
            )
        return given
    places = text.places(row["quote"])
    if not places:
        raise RowError("quote", "The quote is not in the article's text.", _near_miss(row, text))
    if given is None:
        return _chosen(row, places)
    if given not in places:
        raise RowError("start", f"The quote is not at {given}.", f"It is at {_listed(places)}.")
    return given


def _near_miss(row: SheetRow, text: Text) -> str | None:
    """Return the nearest passage of the text and its difference from a quote."""
    near = nearest_passage(row["quote"], text.content)
    if near is None:
        return None
    return f"Near: {differing(row['quote'], near)}. The article's text: {near}"


def _chosen(row: SheetRow, places: tuple[int, ...]) -> int:
    if not row["occurrence"]:
        if len(places) > 1:
            raise RowError(
                "quote",
                f"The quote occurs {len(places)} times in the text, at {_listed(places)}.",
                "Fill in the column occurrence (1 is the first), or quote more text.",
            )
        return places[0]
    number = integer_in(row["occurrence"])
    if number is None or not 1 <= number <= len(places):
        raise RowError(
            "occurrence",
            f'"{row["occurrence"]}" is not one of the occurrences: 1 to {len(places)}.',
        )
    return places[number - 1]


def _listed(places: tuple[int, ...]) -> str:
    return ", ".join(map(str, places))
