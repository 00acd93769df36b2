"""`backup`: copy a persistent store while others read it."""

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output import say
from g60kg.cli.session import check_store_path, session_of
from g60kg.rdf.text_excerpt import plural


def backup(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="The path of the copy; must not exist.")],
) -> None:
    """Copy the store at --store to a new path, completely or not at all.

    Others may read the store meanwhile; the command waits for a writer. The copy is a store.
    """
    from g60kg.stores.backup import back_up

    check_store_path(path)
    store = session_of(context).open_persistent("backup", writable=True)
    quads = back_up(store, path)
    say(f"{path}: {quads:,} quad{plural(quads)}.")
