"""`mcp`: the graph for assistants, over stdio."""

import sys
from typing import Annotated

import typer

from g60kg.cli.output import say
from g60kg.cli.session import session_of
from g60kg.cli.time_limit import seconds_option
from g60kg.errors import needing_extra


def mcp(
    context: typer.Context,
    timeout: Annotated[float, seconds_option("The time limit of a call.", 0.1)] = 30.0,
    max_bytes: Annotated[
        int,
        typer.Option(
            min=8_000, max=10_000_000, metavar="BYTES", help="The maximum size of an answer."
        ),
    ] = 32_000,
    all_queries: Annotated[
        bool, typer.Option("--all-queries", help="Add a tool for each canned query.")
    ] = False,
) -> None:
    """Serve the graph to an assistant over standard input and output (Model Context Protocol).

    All tools are read-only. `serve` offers the same at /mcp.
    """
    session = session_of(context)
    session.refuse_endpoint_for_server("mcp")
    with needing_extra("mcp"):
        from g60kg.web.stdio_server import run
    from g60kg.web.server_settings import Settings

    session.texts()  # reports those that cannot be read
    settings = Settings(
        store=session.store,
        articles=session.articles,
        language=session.language,
        workers=1,
        time_limit=timeout,
    )
    if sys.stdin.isatty():
        say("Waiting for a client on standard input, which is this terminal. Ctrl+C ends it.")
    run(settings, most=max_bytes, all_queries=all_queries)
