"""The bulk way into a store on disk: fast, all files or none, nothing validated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from g60kg.files import read_rdf
from g60kg.namespaces import PREFIXES, graph_name
from g60kg.stores.local import LocalStore
from g60kg.terms import slug


def load_files(path: Path, files: Sequence[Path], *, empty: bool = False) -> int:
    """Loads RDF files into the store at a path, in one transaction; the quads that were added.

    Every file is read before the store is touched. A new store gets the shipped graph first,
    unless ``empty``.

    Raises:
        UnreadableInput, UsageError: a file that cannot be read.
        NoStore: something that is no store is at the path.
    """
    quads = [quad for file in files for quad in in_graphs(read_rdf(file), file)]
    if LocalStore.is_at(path):
        store = LocalStore.at(path, writable=True)
        before = len(store)
    else:
        store = LocalStore.create(path, shipped=not empty)
        before = 0
    store.extend(quads)
    return len(store) - before


def in_graphs(quads: Sequence[Quad], file: Path) -> list[Quad]:
    """The quads, those of no named graph put in the graph of the source they speak for."""
    graph = graph_of(quads, file)
    return [
        quad
        if isinstance(quad.graph_name, NamedNode)
        else Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in quads
    ]


def graph_of(quads: Sequence[Quad], file: Path) -> NamedNode:
    """The named graph for a file of triples: that of its Facts' source, else of the file's name."""
    sources = {
        quad.subject.value.removeprefix(PREFIXES["fact"]).rpartition("-")[0]
        for quad in quads
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PREFIXES["fact"])
    }
    if len(sources) == 1 and (source := sources.pop()):
        return graph_name(source)
    return graph_name(slug(file.name.removesuffix(".gz").rpartition(".")[0]) or "loaded")
