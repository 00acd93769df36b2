"""Where a sheet's quote stands in the article's text."""

from __future__ import annotations

from g60kg.model.article_text import Text
from g60kg.model.text_diff import differing, nearest_words
from g60kg.sheets.sheet_file import RowError, SheetRow, whole_number_in


def place_quote(row: SheetRow, text: Text | None) -> int:
    """The offset, in code points, of a row's quote.

    With the text the quote is looked up in it, and a ``start`` that is given must be right. Without
    it the ``start`` is believed.

    Raises:
        RowError: the words are not in the text, or stand in several places, or no offset is given.
    """
    given = whole_number_in(row["start"])
    if row["start"] and given is None:
        raise RowError("start", f'"{row["start"]}" is no offset.')
    if text is None:
        if given is None:
            raise RowError(
                "start",
                "The quote's offset is not given.",
                "Give the article's text with --article, and it is found.",
            )
        return given
    places = text.places(row["quote"])
    if not places:
        raise RowError("quote", "These words are not in the article's text.", _near_miss(row, text))
    if given is None:
        return _chosen(row, places)
    if given not in places:
        raise RowError(
            "start", f"The quote does not stand at {given}.", f"It does at {_listed(places)}."
        )
    return given


def _near_miss(row: SheetRow, text: Text) -> str | None:
    """What a quote differs in from the words that it comes near, and those words."""
    near = nearest_words(row["quote"], text.content)
    if near is None:
        return None
    return f"Near: {differing(row['quote'], near)}. The text's own words: {near}"


def _chosen(row: SheetRow, places: tuple[int, ...]) -> int:
    if not row["occurrence"]:
        if len(places) > 1:
            raise RowError(
                "quote",
                f"The quote stands {len(places)} times in the text, at {_listed(places)}.",
                "Say which in the column occurrence (1 is the first), or quote more words.",
            )
        return places[0]
    number = whole_number_in(row["occurrence"])
    if number is None or not 1 <= number <= len(places):
        raise RowError(
            "occurrence",
            f'"{row["occurrence"]}" is none of its {len(places)} places: {_listed(places)}.',
        )
    return places[number - 1]


def _listed(places: tuple[int, ...]) -> str:
    return ", ".join(map(str, places))
