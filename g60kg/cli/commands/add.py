"""`add`: add files of facts to a persistent store, all or none."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output import say, show, write_stderr
from g60kg.cli.session import changed_meanwhile, confirm, session_of
from g60kg.cli.translation import translated_report
from g60kg.validation.collection_pause import collection_paused


@collection_paused()
def add(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="RDF files or fact sheets.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the changes without making them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
) -> None:
    """Validate files, show the changes, and store all of them or none."""
    from g60kg.gate.fact_validation import Validation
    from g60kg.gate.transactions import add as store_facts
    from g60kg.gate.transactions import addition
    from g60kg.model.history import counted
    from g60kg.model.semantic_diff import to_lines
    from g60kg.row_formats.table import Screen
    from g60kg.validation.report.text import to_text

    session = session_of(context)
    texts = session.texts()
    store = session.open_persistent("add", writable=yes and not dry_run)
    validation = Validation(store, files, language=session.language, in_processes=True)
    # Before the report, which waits for the shapes that another process may run meanwhile.
    adding = addition(validation.change, validation.incoming, texts)
    report = translated_report(validation.report(texts))
    if report.findings:
        colour = Screen.of(sys.stderr).colour
        write_stderr(to_text(report, session.language, strict, colour=colour))
    if not report.conforms(strict):
        say("Nothing was added.")
        raise typer.Exit(2 if any(f.code == "Syntax" for f in report.findings) else 1)
    show(*to_lines(adding.difference, [store, adding.change.added], session.language))
    if not len(adding.change.added):
        say("The store has all of it already.")
        return
    amount = counted(len(adding.facts), len(adding.difference.other_added))
    if dry_run:
        say(f"{amount} would be added; nothing was changed.")
        return
    confirm(f"Add {amount}?", yes, "Nothing was added.")
    if not yes:  # others could write while the question was open
        store = session.open_persistent("add", writable=True)
        validation = Validation(
            store, validation.incoming, language=session.language, in_processes=True
        )
        again = addition(validation.change, validation.incoming, texts)
        if again.difference != adding.difference or not validation.report(texts).conforms(strict):
            raise changed_meanwhile(store)
        adding = again
    store_facts(store, adding)
    say(f"{amount} added.")
