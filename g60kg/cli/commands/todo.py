"""`todo`: list what a curator should do next."""

from dataclasses import asdict

import typer

from g60kg.cli.output import TextFormat, TextOrJson, show, show_json
from g60kg.cli.session import session_of
from g60kg.cli.translation import translated


def todo(context: typer.Context, format_: TextOrJson = TextFormat.TEXT) -> None:
    """List what is incomplete, thinly supported, unchecked or in conflict, heaviest first."""
    from g60kg.gate.worklist import worklist

    session = session_of(context)
    items = worklist(session.open_store(), session.texts(), session.language)
    if format_ is TextFormat.JSON:
        show_json([asdict(item) for item in items])
    else:
        colon = translated(": ")
        named = ((one, f"{one.label}{colon}" if one.label else "") for one in items)
        show(*(f"{one.weight}  {one.code}  {label}{one.message}" for one, label in named))
