"""`info`: what is in the graph."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from g60kg.cli.output_streams import show, show_json
from g60kg.cli.session import session_of


class InfoFormat(StrEnum):
    """The formats of `info`."""

    TABLE = "table"
    JSON = "json"


def info(
    context: typer.Context,
    format_: Annotated[
        InfoFormat, typer.Option("--format", "-f", help="How to print it.")
    ] = InfoFormat.TABLE,
) -> None:
    """Counts by class, facts, quotations, sources, versions."""
    from g60kg.model.statistics import take_census

    session = session_of(context)
    census = take_census(session.open_store(), session.language)
    if format_ is InfoFormat.JSON:
        show_json(census.to_json())
    else:
        show(*census.to_lines())
