"""`export`: write the graph, the part of one source or entity, or a release of the data set."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output import EXPORT_FORMATS, chosen_format, output_option, say
from g60kg.cli.session import Session, session_of
from g60kg.errors import UsageError
from g60kg.rdf.text_excerpt import excerpt


def export(
    context: typer.Context,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", help=f"{' '.join(EXPORT_FORMATS)}; default {EXPORT_FORMATS[0]}."
        ),
    ] = None,
    output: Annotated[
        Path | None, output_option("The output file; its extension names the format, .gz too.")
    ] = None,
    graph: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Only the statements of one source.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option(metavar="X", help="Only the statements about one entity.")
    ] = None,
    inferred: Annotated[
        bool, typer.Option("--inferred", help="Include the statements that a reasoner infers.")
    ] = False,
    with_ontology: Annotated[
        bool, typer.Option("--with-ontology", help="Include the ontology and the shapes.")
    ] = False,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Include additions and retractions.")
    ] = False,
    release: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a release to a new folder: RDF, CSV, SQLite."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of the release; default today.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A release, a store, or a file of N-Quads or TriG: list the changes since.",
        ),
    ] = None,
) -> None:
    """Export the instances. Turtle is canonical: the same graph gives the same bytes."""
    from g60kg.api import KnowledgeGraph
    from g60kg.rdf.atomic_output import writing

    session = session_of(context)
    if release is not None:
        if any((format_, output, graph, entity, inferred, with_ontology, with_history)):
            raise UsageError(
                "A release has all formats and the complete graph.",
                hint="Beside --release, give only --date and --previous.",
            )
        _write_release(session, release, _release_date(date), previous)
        return
    if date is not None or previous is not None:
        raise UsageError("--date and --previous apply to a release.", hint="Add --release DIR.")
    chosen = chosen_format(EXPORT_FORMATS, format_, output, "A graph")
    session.check_output(output)
    kg = KnowledgeGraph(session.open_store(), session.language)
    with writing(output) as out:
        kg.write(
            out,
            chosen,
            graph=graph,
            entity=entity,
            inferred=inferred,
            with_ontology=with_ontology,
            with_history=with_history,
        )


def _write_release(session: Session, folder: Path, date: str, previous: Path | None) -> None:
    from g60kg.export.release.release_folder import write_release
    from g60kg.model.i18n import PageTexts
    from g60kg.stores.local_store import LocalStore

    def title_of(name: str, language: str) -> str:
        texts = PageTexts(language)
        return texts.or_else(f"term.{name}", texts.column(name.rpartition(":")[2]))

    session.check_output(folder)
    store = session.open_store()
    files = write_release(
        store if isinstance(store, LocalStore) else store.copy(),
        folder,
        date=date,
        title_of=title_of,
        previous=previous,
        warn=lambda message: say(f"warning: {message}"),
    )
    say(f"{len(files)} files in {folder}.")


def _release_date(date: str | None) -> str:
    if date is None:
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError:
        raise UsageError(
            f"{excerpt(date)} is not a date.", hint="Give it as YYYY-MM-DD, such as 2026-11-30."
        ) from None
