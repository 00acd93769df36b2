"""The graph, or a part of it, to a file: RDF in six formats, or a fact sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, cast

from pyoxigraph import Quad, Triple

from g60kg.errors import UsageError
from g60kg.export.formats import Feed, packed, write_lines, write_quads, write_triples
from g60kg.export.lines import LineSorter
from g60kg.export.selection import (
    Selection,
    described,
    described_facts,
    introductions,
    selected,
    selected_graphs,
)
from g60kg.export.sheet import fact_sheet
from g60kg.namespaces import graph_name
from g60kg.stores.base import GraphStore
from g60kg.stores.local import LocalStore
from g60kg.vocabulary import Vocabulary

__all__ = [
    "Selection",
    "described",
    "described_facts",
    "export",
    "fact_sheet",
    "packed",
    "selected",
    "write_quads",
    "write_triples",
]

INFERRED_GRAPH = graph_name("inferred")


def export(
    store: GraphStore,
    format_: str,
    out: IO[bytes],
    selection: Selection = Selection(),  # noqa: B008  (frozen)
    inferred: Iterable[Triple] = (),
) -> None:
    """Writes a part of a store in a format; the same graph gives the same bytes.

    Args:
        store: where the quads lie.
        format_: turtle ntriples nquads trig jsonld rdfxml, or csv for a fact sheet.
        out: a binary stream; what it raises passes through.
        selection: which part.
        inferred: what a reasoner added; in N-Quads and TriG it stands in a graph of its own.

    Raises:
        UnknownName: no graph goes by the name that was asked for.
        UsageError: no such format, or it cannot hold what was selected.
        EngineFailure: blank nodes too much alike to be told apart.
    """
    if format_ != "csv":
        added = (
            Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)
            for triple in inferred
        )
        feed = _feed(store, selection)

        def with_added(sorter: LineSorter) -> None:
            feed(sorter)
            sorter.add(added)

        write_lines(with_added, format_, out)
        return
    quads = selected(store, selection)
    if selection.with_ontology:
        raise UsageError("A fact sheet holds facts, not the ontology.")
    stated = list(quads)
    if selection.entity is not None:
        stated += introductions(store, selection, stated)
    out.write(fact_sheet(stated, Vocabulary(store)).encode())


def _feed(store: GraphStore, selection: Selection) -> Feed:
    """What gives a sorter the lines of a part of a store: whole graphs as the engine has them."""
    if not isinstance(store, LocalStore) or selection.entity is not None:
        quads = selected(store, selection)
        return lambda sorter: sorter.add(quads)
    graphs = selected_graphs(store, selection)

    def feed(sorter: LineSorter) -> None:
        for graph in graphs:
            sorter.begin(graph)
            store.dump(graph, cast(IO[bytes], sorter))

    return feed
