"""`reason`: check the graph's consistency and infer statements."""

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.output import TURTLE_ONLY, chosen_format, output_option, say
from g60kg.cli.session import session_of
from g60kg.rdf.text_excerpt import plural


def reason(
    context: typer.Context,
    output: Annotated[
        Path | None, output_option("A Turtle file for the inferred statements.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the axioms that cause an inconsistency.")
    ] = False,
) -> None:
    """Check the graph's consistency with HermiT (OWL 2 DL), and infer statements.

    Exit code 1: the graph is inconsistent.
    """
    from g60kg.namespaces import PREFIXES
    from g60kg.rdf.atomic_output import writing
    from g60kg.rdf.turtle import write_turtle
    from g60kg.reasoning import explain as explain_inconsistency
    from g60kg.reasoning import reason as run

    session = session_of(context)
    chosen_format(TURTLE_ONLY, None, output, "The inferred statements")
    session.check_output(output)
    triples = session.open_store().reasoned_triples()
    found = run(triples)
    if not found.consistent:
        say("The graph is inconsistent.")
        if explain:
            say("These statements contradict each other:")
            with writing(output) as out:
                parts = (t for axiom in explain_inconsistency(triples) for t in axiom.triples)
                write_turtle(tuple(dict.fromkeys(parts)), out, PREFIXES)
        else:
            say("Run it with --explain for the axioms that cause this.")
        raise typer.Exit(1)
    count = len(found.inferred)
    say(f"Consistent. {count} new statement{plural(count)} inferred.")
    for name in found.unsatisfiable:
        say(f"The class {name} can have no members.")
    with writing(output) as out:
        write_turtle(found.inferred, out, PREFIXES)
