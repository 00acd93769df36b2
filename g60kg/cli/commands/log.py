"""`log`: show the history of additions, retractions and verifications."""

import typer

from g60kg.cli.output import TextFormat, TextOrJson, show, show_json
from g60kg.cli.session import session_of
from g60kg.cli.translation import translated
from g60kg.rdf.text_excerpt import plural


def log(context: typer.Context, format_: TextOrJson = TextFormat.TEXT) -> None:
    """Show additions, retractions and verifications, newest first: when, by whom, why."""
    from g60kg.model.history import counted, history

    store = session_of(context).open_persistent("log")
    found = history(store)[::-1]
    if format_ is TextFormat.JSON:
        show_json([entry.to_json() for entry in found])
        return
    for entry in found:
        amount = (
            f"{entry.verdicts:,} piece{plural(entry.verdicts)} of evidence"
            if entry.verdicts
            else counted(len(entry.facts), entry.other)
        )
        line = translated(f"{entry.when}  {entry.kind} {amount} by {entry.who}")
        # On one line, the words after a line break would read as another entry.
        reason = "\\n".join(entry.why.splitlines())
        show(line + translated(": ") + reason if reason else line)
        for file in entry.files:
            show(f"    {file.name}  sha256 {file.digest}")
