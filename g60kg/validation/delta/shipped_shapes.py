"""The shipped shapes as a graph, and their analysis, computed once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse
from rdflib import Graph

from g60kg import package_data
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.delta.shape_analysis import Analysis, analyse


def shape_graph(extra: Path | None = None) -> Graph:
    """Return the shipped shapes, with those of a file added."""
    if extra is None:
        return _own()
    return rdflib_graph([*_own_triples(), *(quad.triple for quad in read_rdf(extra))])


def analysis_of(shapes: Graph) -> Analysis:
    """Return the analysis of a shapes graph."""
    return _of_own() if shapes is _own() else analyse(shapes)


@lru_cache(maxsize=1)
def _own() -> Graph:
    return rdflib_graph(_own_triples())


@lru_cache(maxsize=1)
def _of_own() -> Analysis:
    return analyse(_own())


def _own_triples() -> list[Triple]:
    return [
        quad.triple
        for file in package_data.shape_files()
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
