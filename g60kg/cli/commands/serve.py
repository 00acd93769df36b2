"""`serve`: the graph over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from g60kg.cli.session import session_of
from g60kg.cli.time_limit import seconds_option

_OF_THE_EXTRA = (
    "jinja2",
    "httptools",
    "limits",
    "mimeparse",
    "multipart",
    "prometheus_client",
    "python_multipart",
    "starlette",
    "uvicorn",
)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any free one.")] = 8000,
    base: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where it is reached, such as https://kg.example.org."),
    ] = None,
    root_path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="The path that a proxy has in front, such as /g60."),
    ] = None,
    forwarded: Annotated[
        bool,
        typer.Option(
            "--forwarded", help="Believe what the proxy says of visitors (X-Forwarded-*)."
        ),
    ] = False,
    processes: Annotated[
        int, typer.Option(min=1, help="Server processes that share the port; one a core.")
    ] = 1,
    workers: Annotated[
        int, typer.Option(min=1, help="Worker processes for queries, for each server process.")
    ] = 4,
    queue: Annotated[
        int, typer.Option(min=0, help="Queries that wait for a worker; more are refused.")
    ] = 64,
    timeout: Annotated[
        float,
        seconds_option("The time limit of an answer.", 0.1),
    ] = 30.0,
    memory: Annotated[
        int, typer.Option(min=0, metavar="MB", help="The memory of a process; 0: no limit.")
    ] = 2048,
    rate: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Requests a minute of one address; 0: no limit. If not given, 1200, and no limit "
            "for this machine's own.",
        ),
    ] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log in JSON, a line a request.")
    ] = False,
    metrics: Annotated[
        bool, typer.Option("--metrics", help="Count requests for Prometheus, at /metrics.")
    ] = False,
) -> None:
    """Serves the graph over HTTP, read-only: SPARQL, linked data, an API and pages.

    It listens on this machine alone unless --host says otherwise.
    """
    from g60kg.errors import MissingExtra, UsageError

    try:
        from g60kg.web.server import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] in _OF_THE_EXTRA:
            raise MissingExtra(str(error.name), "serve") from None
        raise
    from g60kg.web.server_settings import Settings, public_url

    session = session_of(context)
    if session.endpoint is not None:
        raise UsageError(
            "serve serves the shipped graph or a store on disk, not an endpoint.",
            hint="Leave out --endpoint (G60KG_ENDPOINT).",
        )
    if metrics and processes > 1:
        raise UsageError("--metrics counts one server process; leave out --processes.")
    base, root_path = public_url(base, root_path)
    settings = Settings(
        store=session.store,
        articles=session.articles,
        language=session.language,
        base=base,
        root_path=root_path,
        trust_forwarded=forwarded,
        processes=processes,
        workers=workers,
        queue=queue,
        time_limit=timeout,
        memory_limit=memory * 1024**2,
        rate=rate,
        log_json=log_json,
        metrics=metrics,
    )
    run(settings, host, port)
