"""`load`: bulk-load files into a persistent store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import say
from g60kg.cli.session import session_of
from g60kg.rdf.text_excerpt import excerpt, on_a_line, plural

if TYPE_CHECKING:
    from g60kg.stores.bulk_load import Progress


def load(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="RDF files, .gz too; default: only the shipped graph."),
    ] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Create a new store without the shipped graph.")
    ] = False,
) -> None:
    """Load files into --store, all or none; creates the store if the path is new.

    A new store gets the shipped graph first. Nothing is validated: run `validate` afterwards.
    """
    from g60kg.errors import UsageError
    from g60kg.stores.bulk_load import load_files

    session = session_of(context)
    session.refuse_endpoint("load")
    if session.store is None:
        raise UsageError("load needs a store to load into.", hint="Give one: --store PATH load …")
    with _progress_bar(files or []) as progress:
        added = load_files(session.store, files or [], empty=empty, progress=progress)
    if added is None:
        say(f"{session.store} is a store already; nothing was loaded. Give files to add them.")
    elif files or added:
        say(f"{session.store}: {added:,} quad{plural(added)} loaded.")
    else:
        say(f"{session.store}: an empty store was created.")


@contextmanager
def _progress_bar(files: Sequence[Path]) -> Iterator[Progress | None]:
    """Show a progress bar on stderr during the block; yield the function that updates it.

    Yield None, without a bar, if there are no files or if stderr is not a terminal.
    """
    if not files or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        sizes = {file: file.stat().st_size for file in files if file.is_file()}
        task = bar.add_task("loading", total=sum(sizes.values()) or None)
        read = dict.fromkeys(sizes, 0)

        def show(file: Path, so_far: int) -> None:
            read[file] = so_far
            bar.update(
                task, completed=sum(read.values()), description=excerpt(on_a_line(file.name))
            )

        yield show
