"""`diff`: show the semantic difference of two files or stores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import TextFormat, TextOrJson, say, show, show_json
from g60kg.cli.session import session_of
from g60kg.rdf.text_excerpt import plural

if TYPE_CHECKING:
    from g60kg.stores.base import GraphStore


def diff(
    context: typer.Context,
    a: Annotated[Path, typer.Argument(help="A file of facts, a sheet, or a store.")],
    b: Annotated[Path, typer.Argument(help="A second one to compare.")],
    format_: TextOrJson = TextFormat.TEXT,
) -> None:
    """Compare two files or stores, fact by fact. Exit code 1: they differ."""
    from g60kg.model.semantic_diff import difference, to_json, to_lines

    session = session_of(context)
    base = session.open_store()
    first, second = _graph_of(a, base), _graph_of(b, base)
    found = difference(first.quads(), second.quads())
    if format_ is TextFormat.JSON:
        show_json(to_json(found))
    else:
        show(*to_lines(found, [second, first, base], session.language))
    if not found.is_empty:
        added = len(found.added)
        say(
            f"{added} fact{plural(added)} added, {len(found.removed)} removed, "
            f"{len(found.changed)} changed; other triples: "
            f"{len(found.other_added)} added, {len(found.other_removed)} removed."
        )
        raise typer.Exit(1)
    say("No differences.")


def _graph_of(path: Path, base: GraphStore) -> GraphStore:
    from g60kg.errors import UnreadableInput
    from g60kg.gate.input_files import read_incoming
    from g60kg.stores.local_store import LocalStore

    if path.is_dir():
        return LocalStore.at(path)
    incoming = read_incoming(path, base)
    for finding in incoming.findings:
        raise UnreadableInput(
            finding.message,
            file=finding.file or str(path),
            line=finding.line,
            column=finding.column,
            hint=finding.hint,
        )
    return LocalStore.holding(incoming.quads, str(path))
