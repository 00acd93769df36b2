"""`load`: the bulk way into a persistent store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.session import say, session_of


def load(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="RDF files, .gz too; none: the shipped graph alone."),
    ] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Do not put the shipped graph into a new store.")
    ] = False,
) -> None:
    """Loads files into --store, creating it when the path is new; nothing is validated.

    A new store gets the shipped graph first. `validate` afterwards says what is wrong in it.
    """
    from g60kg.errors import UsageError
    from g60kg.stores.loading import load_files

    session = session_of(context)
    if session.store is None:
        raise UsageError("load needs a store to load into.", hint="Give one: --store PATH load …")
    added = load_files(session.store, files or [], empty=empty)
    say(f"{session.store}: {added:,} quads loaded.")
