"""`push`: publish the graph to a remote SPARQL engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import say, show
from g60kg.cli.session import confirm, session_of
from g60kg.cli.time_limit import seconds_option
from g60kg.cli.translation import translated
from g60kg.rdf.text_excerpt import plural

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from g60kg.stores.remote.graph_publishing import Publisher


def push(
    context: typer.Context,
    endpoint: Annotated[
        str | None,
        typer.Option(envvar="G60KG_ENDPOINT", metavar="URL", help="The engine's query URL."),
    ] = None,
    update: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The engine's SPARQL Update URL, if not the usual one."),
    ] = None,
    graph_store: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The engine's Graph Store Protocol URL, if not the usual one."
        ),
    ] = None,
    into_default_graph: Annotated[
        bool,
        typer.Option(
            "--into-default-graph",
            help="Also replace the default graph, by the union of the published graphs; "
            "for engines whose default graph is not the union of the named ones.",
        ),
    ] = False,
    graph: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE", help="Only the graph of this source; repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the graphs without replacing them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    timeout: Annotated[float, seconds_option("The time limit of a request; 0 for none.")] = 300.0,
) -> None:
    """Publish the graph to a SPARQL engine: one named graph for each source, replaced completely.

    The graph is the one at --store, or the shipped one. The history is not published. After an
    interrupted push each graph is either old or new; a second push completes it.
    """
    from g60kg.errors import UsageError
    from g60kg.stores.remote.endpoint_store import RemoteStore
    from g60kg.stores.remote.graph_publishing import Publisher
    from g60kg.stores.remote.request_settings import Limits

    session = session_of(context)
    url = endpoint or session.endpoint
    if url is None:
        raise UsageError("push needs an endpoint.", hint="Give one: push --endpoint URL")
    if into_default_graph and graph:
        raise UsageError("--into-default-graph publishes all graphs; leave out --graph.")
    source = session.open_local()
    names = _chosen(source.graph_names(), graph or [])
    publisher = Publisher(
        source, RemoteStore.at(url, Limits(seconds=timeout)), update=update, graph_store=graph_store
    )
    sizes = {name: sum(1 for _ in source.quads(None, None, None, name)) for name in names}
    for name, size in sizes.items():
        there = publisher.count(name)
        show(translated(f"{name.value}: {size:,} triple{plural(size)}; the endpoint has {there:,}"))
    if dry_run or not names:
        say("Nothing was changed.")
        return
    what = f"{len(names)} graph{plural(len(names))} at {url}"
    if into_default_graph:
        what = f"{what}, and its default graph"
    confirm(f"Replace {what}?", yes, "Nothing was changed.")
    for published in publisher.publish(names):
        outcome = "unchanged" if published.was_there else "published"
        triples = published.triples
        say(f"{published.graph.value}: {outcome}, {triples:,} triple{plural(triples)}")
    _publish_default(publisher, names, into_default_graph)
    others = set(RemoteStore.at(url).graph_names()) - set(source.graph_names())
    for name in sorted(others, key=lambda one: one.value):
        say(f"{name.value}: not part of this graph, unchanged")


def _chosen(known: Sequence[NamedNode], sources: Sequence[str]) -> list[NamedNode]:
    from g60kg.export.selection import graph_named
    from g60kg.namespaces import HISTORY_GRAPH

    if not sources:
        return [name for name in known if name != HISTORY_GRAPH]
    return list(dict.fromkeys(graph_named(known, source) for source in sources))


def _publish_default(publisher: Publisher, names: Sequence[NamedNode], fill: bool) -> None:
    """Replace the default graph by the union of the graphs if it differs and ``fill`` is true."""
    if publisher.default_is_union(names):
        if fill:
            say("The default graph already is the union of the graphs: not replaced.")
    elif fill:
        triples = publisher.fill_default(names)
        say(f"default graph: {triples:,} triple{plural(triples)}")
    else:
        say(
            "The default graph is not the union of the graphs: canned queries will find nothing.",
            "Start oxigraph serve with --union-default-graph, configure the engine accordingly, or "
            "push with --into-default-graph.",
        )
