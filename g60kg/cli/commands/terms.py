"""`terms`: list the classes, predicates, measures and categories that a sheet can use."""

from typing import Annotated

import typer

from g60kg.cli.output import TextFormat, TextOrJson, show, show_json
from g60kg.cli.session import session_of
from g60kg.cli.translation import is_chinese, translated


def terms(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLASS|TOPIC]",
            help="A class, or one of classes, predicates, measures, categories, comparators, "
            "modalities, stages, units; default: all.",
        ),
    ] = None,
    format_: TextOrJson = TextFormat.TEXT,
) -> None:
    """List the terms that a fact sheet can use, with definitions, units and examples.

    With a class: the predicates that its entities may have.
    """
    from g60kg.model.term_listing import TermListing, listing_lines

    session = session_of(context)
    listing = TermListing(session.open_store(), session.language)
    found = listing.all() if topic is None else listing.of(topic)
    if format_ is TextFormat.JSON:
        show_json(found)
    elif is_chinese():
        show(*listing_lines(found, _text, named="{}（{}）", gap=""))
    else:
        show(*listing_lines(found))


def _text(text: str) -> str:
    from g60kg.model.i18n import page_texts

    unit = page_texts("zh").or_else(f"unit-name.{text}", "")
    return f"{text}（{unit}）" if unit else translated(text)
