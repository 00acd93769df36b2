"""`info`: show counts of the graph's content."""

from enum import StrEnum
from typing import Annotated

import typer

from g60kg.cli.output import show, show_json
from g60kg.cli.session import session_of
from g60kg.cli.translation import translated


class InfoFormat(StrEnum):
    """The formats of `info`."""

    TABLE = "table"
    JSON = "json"


def info(
    context: typer.Context,
    format_: Annotated[
        InfoFormat, typer.Option("--format", "-f", help="The output format.")
    ] = InfoFormat.TABLE,
) -> None:
    """Show counts by class, of facts, quotations and sources, and the versions."""
    from g60kg.model.statistics import graph_statistics

    session = session_of(context)
    found = graph_statistics(session.open_store(), session.language)
    if format_ is InfoFormat.JSON:
        show_json(found.to_json())
    else:
        show(*map(translated, found.to_lines()))
