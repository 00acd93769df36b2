"""`query list`, `query show`, `query run`: list, show and run canned queries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.global_options import Command, Group
from g60kg.cli.output import (
    ROW_FORMATS,
    EscapeFormulas,
    Evidence,
    RowLimit,
    chosen_format,
    format_option,
    output_option,
)
from g60kg.cli.session import session_of
from g60kg.cli.time_limit import Timeout, time_limit

app = typer.Typer(
    cls=Group,
    help="List and run canned queries.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", cls=Command)
def list_queries(context: typer.Context) -> None:
    """List the canned queries by topic, with the question each answers."""
    from g60kg.queries.catalog import load_catalog

    language = session_of(context).language
    catalog = load_catalog().values()
    names = {
        query.name: " ".join([query.name, *(f"[{p.name}]" for p in query.parameters)])
        for query in catalog
    }
    width = max(map(len, names.values()), default=0)
    topic = ""
    for query in catalog:
        if query.topic != topic:
            print(f"{topic and chr(10)}{query.topic}")
            topic = query.topic
        print(f"  {names[query.name]:<{width}}  {query.texts(language)[0]}")


@app.command("show", cls=Command)
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of a query.")],
    text: Annotated[bool, typer.Option("--text", help="Print only the SPARQL text.")] = False,
) -> None:
    """Show a canned query: parameters, columns and SPARQL text."""
    from g60kg.queries.catalog import named_query

    query = named_query(name)
    if text:
        print(query.text, end="")
        return
    summary, description = query.texts(session_of(context).language)
    print(f"{query.name}: {summary}\n\n{description}\n")
    print(f"Columns: {', '.join(query.columns)}")
    for parameter in query.parameters:
        kind = parameter.of_class or parameter.type
        need = "optional" if parameter.optional else "has a default"
        print(
            f"  -p {parameter.name}={parameter.example}   {kind}, {need}: {parameter.description}"
        )
    print(f"\n{query.text}", end="")


@app.command("run", cls=Command)
def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of a query; see `query list`.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            metavar="KEY=VALUE",
            help="A parameter: a label (case-insensitive), a CURIE, an IRI, a number or a text.",
        ),
    ] = None,
    format_: Annotated[str | None, format_option(ROW_FORMATS)] = None,
    output: Annotated[Path | None, output_option()] = None,
    evidence: Evidence = False,
    escape_formulas: EscapeFormulas = False,
    limit: RowLimit = None,
    offset: Annotated[int, typer.Option(min=0, help="The number of rows to skip.")] = 0,
    sort: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Sort by a column; -COLUMN: descending."),
    ] = None,
    timeout: Timeout = 60.0,
) -> None:
    """Run a canned query."""
    from g60kg.cli.result_output import print_rows, say_range
    from g60kg.queries.catalog import named_query
    from g60kg.queries.execution import run_named
    from g60kg.queries.parameters import Resolver

    session = session_of(context)
    query = named_query(name)
    chosen = chosen_format(ROW_FORMATS, format_, output, "Rows")
    session.check_output(output)
    with time_limit(timeout) as clock:
        store = session.open_store(timeout)
        answer = run_named(
            store,
            query,
            Resolver(store).terms(query, _pairs(parameter or [])),
            language=session.language,
            evidence=evidence,
            limit=limit,
            offset=offset,
            sort=sort,
        )
        count = print_rows(
            answer,
            chosen,
            output,
            clock,
            evidence=evidence,
            escape_formulas=escape_formulas,
            language=session.language,
        )
    say_range(answer, count, offset)


def _pairs(given: list[str]) -> dict[str, str]:
    from g60kg.errors import UsageError
    from g60kg.rdf.text_excerpt import excerpt

    pairs: dict[str, str] = {}
    for text in given:
        key, separator, value = text.partition("=")
        if not separator or not key.strip() or not value.strip():
            raise UsageError(
                f'"{excerpt(text)}" is not a parameter.', hint="Write it -p key=value."
            )
        if key.strip() in pairs:
            raise UsageError(f"Parameter {excerpt(key.strip())} is given twice.")
        pairs[key.strip()] = value.strip()
    return pairs
