"""Export of the graph or a part of it: RDF in seven formats, or a fact sheet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import IO, cast

from pyoxigraph import Quad, Triple

from g60kg.errors import UsageError
from g60kg.export.graph_writers import Feed, write_compact, write_lines, write_quads, write_triples
from g60kg.export.selection import (
    Selection,
    described,
    described_facts,
    introductions,
    selected,
    selected_graphs,
)
from g60kg.export.sorted_lines import LineSorter
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import graph_name
from g60kg.sheets.sheet_writer import fact_sheet
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore

__all__ = [
    "Selection",
    "described",
    "described_facts",
    "export",
    "fact_sheet",
    "selected",
    "write_compact",
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
    """Write a part of a store in a format; the same graph gives the same bytes.

    Args:
        store: the store to export.
        format_: turtle ntriples nquads trig jsonld rdfxml rdf12, or csv for a fact sheet.
        out: a binary stream; its exceptions propagate.
        selection: the part to export.
        inferred: statements of a reasoner; in formats of datasets they have their own graph.

    Raises:
        UnknownName: there is no graph of the name requested.
        UsageError: the format is unknown or cannot represent the selection.
        EngineFailure: blank nodes are too similar to be put in order.
    """
    if format_ != "csv":
        added = (
            Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)
            for triple in inferred
        )
        if format_ == "jsonld" and selection.entity is not None:
            described_quads = chain(selected(store, selection), added)
            write_compact(described_quads, format_, out, selection.entity)
            return
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
    """Return a function that feeds a sorter the lines of a part of a store, graph by graph."""
    if not isinstance(store, LocalStore) or selection.entity is not None:
        quads = selected(store, selection)
        return lambda sorter: sorter.add(quads)
    graphs = selected_graphs(store, selection)

    def feed(sorter: LineSorter) -> None:
        for graph in graphs:
            sorter.begin(graph)
            store.dump(graph, cast(IO[bytes], sorter))

    return feed
