"""`reason`: whether the graph is consistent, and what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output_streams import say
from g60kg.cli.session import session_of


def reason(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A Turtle file for what is inferred.",
            dir_okay=False,
            readable=False,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Name the axioms behind an inconsistency.")
    ] = False,
) -> None:
    """Reasons over the graph with HermiT (OWL 2 DL): consistent or not, and what follows.

    Exit code 1: the graph is inconsistent.
    """
    from g60kg.cli.output import TurtleOnly, chosen_format
    from g60kg.namespaces import PREFIXES
    from g60kg.rdf.atomic_output import writing
    from g60kg.rdf.turtle import write_turtle
    from g60kg.reasoning import explain as explain_inconsistency
    from g60kg.reasoning import reason as run

    session = session_of(context)
    chosen_format(TurtleOnly, None, output, TurtleOnly.TURTLE, "What follows")
    session.check_output(output)
    triples = session.open_store().reasoned_triples()
    found = run(triples)
    if not found.consistent:
        say("The graph is inconsistent.")
        if explain:
            say("These statements cannot be true together:")
            with writing(output) as out:
                write_turtle(explain_inconsistency(triples).triples, out, PREFIXES)
        else:
            say("With --explain, the axioms behind it are named.")
        raise typer.Exit(1)
    say(f"Consistent. {len(found.inferred)} statements follow that are not in the graph.")
    for name in found.unsatisfiable:
        say(f"No thing can be a {name}.")
    with writing(output) as out:
        write_turtle(found.inferred, out, PREFIXES)
