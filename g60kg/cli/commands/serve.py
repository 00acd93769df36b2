"""`serve`: serve the graph over HTTP."""

from typing import Annotated

import typer

from g60kg.cli.session import session_of
from g60kg.cli.time_limit import seconds_option
from g60kg.cli.translation import translated
from g60kg.errors import UsageError, needing_extra


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any free port.")] = 8000,
    base: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The public base URL, such as https://kg.example.org."),
    ] = None,
    root_path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="The path prefix of a reverse proxy, such as /g60."),
    ] = None,
    forwarded: Annotated[
        bool,
        typer.Option(
            "--forwarded", help="Trust the client address in the proxy's X-Forwarded-* headers."
        ),
    ] = False,
    processes: Annotated[
        int,
        typer.Option(
            min=1, max=1_000, help="Server processes that share the port; at most one per core."
        ),
    ] = 1,
    workers: Annotated[
        int,
        typer.Option(min=1, max=1_000, help="Worker processes for queries, per server process."),
    ] = 4,
    queue: Annotated[
        int,
        typer.Option(
            min=0, max=1_000_000, help="The maximum number of waiting queries; more are refused."
        ),
    ] = 64,
    timeout: Annotated[float, seconds_option("The time limit of a request.", 0.1)] = 30.0,
    memory: Annotated[
        int,
        typer.Option(
            min=0, max=1_000_000_000, metavar="MB", help="The memory limit of a process; 0: none."
        ),
    ] = 2048,
    rate: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1_000_000_000,
            help="The maximum requests per minute and client address; 0: no limit. Default: 1200, "
            "without a limit for this machine.",
        ),
    ] = None,
    warm_up: Annotated[
        bool, typer.Option(help="Prepare the pages in the background, also after each change.")
    ] = True,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Write the log in JSON, one line per request.")
    ] = False,
    metrics: Annotated[
        bool, typer.Option("--metrics", help="Serve Prometheus metrics at /metrics.")
    ] = False,
) -> None:
    """Serve the graph over HTTP, read-only: SPARQL, linked data, an API and pages.

    It accepts connections only from this machine unless --host is given.
    """
    with needing_extra("serve"):
        from g60kg.web.server import run
    from g60kg.web.server_settings import Settings, public_url

    session = session_of(context)
    session.refuse_endpoint_for_server("serve")
    if metrics and processes > 1:
        raise UsageError("--metrics works with one server process; leave out --processes.")
    session.texts()  # reports those that cannot be read
    base, root_path = public_url(base, root_path)
    settings = Settings(
        store=session.store,
        articles=session.articles,
        # Equal to that of a parameter, also as part of the key of a cache.
        language=session.language.value,
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
        warm_up=warm_up,
        metrics=metrics,
    )
    run(settings, host, port, translated)
