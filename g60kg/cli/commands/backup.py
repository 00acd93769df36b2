"""`backup`: a copy of a persistent store, while others read it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output_streams import say
from g60kg.cli.session import session_of


def backup(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="Where the copy goes: a new path.")],
) -> None:
    """Copies the store at --store to a new path, whole or not at all.

    Others may read the store meanwhile; who writes it is waited for. The copy is a store.
    """
    from g60kg.stores.backup import back_up

    session = session_of(context)
    store = session.open_writable("backup")
    quads = back_up(store, path)
    say(f"{path}: {quads:,} quads.")
