"""`query list`, `query show`, `query run`: list, show and run canned queries."""

from pathlib import Path
from typing import Annotated

import typer

from g60kg.cli.global_options import Command, Group
from g60kg.cli.output import (
    ANSWER_FORMATS,
    Accessed,
    ByteOrderMark,
    EscapeFormulas,
    Evidence,
    RowLimit,
    format_option,
    output_option,
)
from g60kg.cli.session import session_of
from g60kg.cli.time_limit import Timeout, time_limit
from g60kg.cli.translation import translated

query = typer.Typer(
    name="query",
    cls=Group,
    help="List and run canned queries.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@query.command("list", cls=Command)
def list_queries(context: typer.Context) -> None:
    """List the canned queries by topic, with the question each answers."""
    from g60kg.queries.query_help import query_list

    print(*map(translated, query_list(session_of(context).language)), sep="\n")


@query.command("show", cls=Command)
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of a query.")],
    text: Annotated[bool, typer.Option("--text", help="Print only the SPARQL text.")] = False,
) -> None:
    """Show a canned query: parameters, columns and SPARQL text."""
    from g60kg.queries.catalog import named_query
    from g60kg.queries.query_help import query_help

    query = named_query(name)
    if text:
        print(query.text, end="")
        return
    language = session_of(context).language
    lines = query_help(query, lambda name, value: f"-p {name}={value}", language, translated)
    print(*lines, sep="\n")
    print(f"\n{query.text}", end="")


@query.command("run", cls=Command)
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
    since: Annotated[
        str | None, typer.Option("--from", metavar="YEAR", help="Only rows of this year or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="YEAR", help="Only rows of this year or earlier.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only rows with a fact of this source; id or name."),
    ] = None,
    format_: Annotated[str | None, format_option(ANSWER_FORMATS)] = None,
    output: Annotated[Path | None, output_option()] = None,
    evidence: Evidence = False,
    escape_formulas: EscapeFormulas = False,
    bom: ByteOrderMark = False,
    limit: RowLimit = None,
    offset: Annotated[int, typer.Option(min=0, help="The number of rows to skip.")] = 0,
    sort: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Sort by a column; -COLUMN: descending.")
    ] = None,
    accessed: Accessed = None,
    timeout: Timeout = 60.0,
) -> None:
    """Run a canned query.

    --from, --to and --source are parameters too (-p from=2018); `query show` says which of them a
    query has, and what they compare.
    """
    from g60kg.cli.result_output import AnswerOutput
    from g60kg.queries.catalog import named_query
    from g60kg.queries.parameters import Resolver

    session = session_of(context)
    query = named_query(name)
    filters = {"from": since, "to": until, "source": source}
    given = _pairs(parameter or [], {k: str(v) for k, v in filters.items() if v is not None})
    target = AnswerOutput(session, format_, output, accessed, escape_formulas, bom)
    with time_limit(timeout) as clock:
        store = session.open_store(timeout)
        terms = Resolver(store).terms(query, given)
        target.write(
            store, query, terms, clock, evidence=evidence, limit=limit, offset=offset, sort=sort
        )


def _pairs(given: list[str], filters: dict[str, str]) -> dict[str, str]:
    from g60kg.errors import UsageError
    from g60kg.rdf.text_excerpt import excerpt

    pairs: dict[str, str] = {}
    for text in given:
        key, _, value = map(str.strip, text.partition("="))
        if not key or not value:
            empty = key and "=" in text
            what = (
                f"Parameter {excerpt(key)} has no value."
                if empty
                else f'"{excerpt(text)}" is not a parameter.'
            )
            raise UsageError(what, hint="Write it -p key=value.")
        if key in pairs or key in filters:
            raise UsageError(f"Parameter {excerpt(key)} is given twice.")
        pairs[key] = value
    return pairs | filters
