"""Export of a graph or a part of it: RDF in seven formats, or a fact sheet."""

from collections.abc import Iterable
from itertools import chain
from typing import IO, cast

from pyoxigraph import Quad, Triple

from g60kg.errors import UsageError
from g60kg.export.graph_writers import (
    line_sorter,
    write_compact,
    write_quads,
    write_sorted,
    write_triples,
)
from g60kg.export.selection import (
    Selection,
    described_facts,
    entity_statements,
    introductions,
    selected,
    selected_graphs,
)
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import graph_name
from g60kg.sheets.sheet_writer import fact_sheet
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore

__all__ = [
    "Selection",
    "described_facts",
    "entity_statements",
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
    inferred: Iterable[Triple] | None = None,
) -> None:
    """Write a part of a store and ``inferred`` in a format; equal quads give equal bytes.

    Raise UsageError for an unknown format or graph, and for what the format cannot hold.
    """
    if format_ == "csv":
        if selection.with_ontology:
            raise UsageError("A fact sheet holds facts, not the ontology.")
        if inferred is not None:
            raise UsageError("A fact sheet holds facts of sources, not inferred statements.")
        stated = list(selected(store, selection))
        if selection.entity is not None:
            stated += introductions(store, selection, stated)
        out.write(fact_sheet(stated, Vocabulary(store)).encode())
        return
    triples = inferred or ()
    added = (Quad(one.subject, one.predicate, one.object, INFERRED_GRAPH) for one in triples)
    if format_ == "jsonld" and selection.entity is not None:
        write_compact(chain(selected(store, selection), added), format_, out, selection.entity)
        return
    sorter = line_sorter(format_)
    if isinstance(store, LocalStore) and selection.entity is None:
        for graph in selected_graphs(store, selection):
            sorter.begin(graph)
            store.dump(graph, cast(IO[bytes], sorter))
    else:
        sorter.add(selected(store, selection))
    sorter.add(added)
    write_sorted(sorter, format_, out)
