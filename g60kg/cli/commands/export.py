"""`export`: write the graph, or the part of one source or entity."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output import EXPORT_FORMATS, chosen_format, output_option
from g60kg.cli.session import session_of


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
        bool,
        typer.Option("--with-history", help="Include additions and retractions."),
    ] = False,
) -> None:
    """Export the instances. Turtle is canonical: the same graph gives the same bytes."""
    from g60kg.api import KnowledgeGraph
    from g60kg.rdf.atomic_output import writing

    session = session_of(context)
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
