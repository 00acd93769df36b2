"""How long the verdict on 100 new facts takes, by the delta and by full runs, as the graph grows.

Prints a Markdown table. The graph is the shipped one, its article and what that article says copied
over and over under other names until the size is reached; the 100 facts are of one copy more. The
full verdict runs all shapes on the whole graph twice. Above ``--full-up-to`` triples it is not run
but reckoned from its largest size, in proportion: marked with ~. Target: the delta at 1M at most 1
second and at most 1.3 times its time at 10k.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph

from g60kg import paths
from g60kg.namespaces import BASE, ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, A, g60, graph_name
from g60kg.stores.local import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.delta.analysis import Analysis, analyse
from g60kg.validation.delta.verdict import DeltaOutcome, delta_findings
from g60kg.validation.report import Finding
from g60kg.validation.shapes import run_shapes

SIZES = (10_000, 100_000, 1_000_000)
FACTS = 100
#: What a copy gives other names to: what is the article's own. Ontology and units keep theirs.
RENAMED = tuple(PREFIXES[prefix] for prefix in ("id", "fact", "quote"))


class Copies:
    """The instances of the shipped article, as often as wanted, each time under other names."""

    def __init__(self, article: list[Triple], shared: frozenset[NamedNode]) -> None:
        self._article = article
        self._shared = shared

    def copy(self, number: int) -> Iterator[Triple]:
        """The triples of one copy."""
        for triple in self._article:
            subject, object_ = self._renamed(triple.subject, number), triple.object
            yield Triple(subject, triple.predicate, self._renamed(object_, number))

    def _renamed(self, node: NamedNode, number: int) -> NamedNode: ...
