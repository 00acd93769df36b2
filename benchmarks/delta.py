"""How long the verdict on 100 new facts takes, by the delta and by full runs, as the graph grows.

Prints a Markdown table. The graph is the shipped one, and copies of its instances in which entities,
facts, quotations and sources have other names; the new facts are of one copy more. A full verdict
runs all shapes on the whole graph, without the facts and with them. Above ``--full-up-to`` triples
it is not run but reckoned in proportion from the largest size at which it was, and marked with ~.
Targets for the delta at 1M triples: at most 1 second, and at most 1.3 times its time at 10k.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import Graph

from g60kg import paths
from g60kg.namespaces import BASE, PREFIXES, SHAPES_GRAPH, g60, graph_name
from g60kg.stores.local import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.delta.analysis import Analysis, analyse
from g60kg.validation.delta.verdict import DeltaOutcome, delta_findings
from g60kg.validation.shapes import run_shapes

SIZES: Final = (10_000, 100_000, 1_000_000)
FACTS: Final = 100
RENAMED: Final = tuple(PREFIXES[prefix] for prefix in ("id", "fact", "quote"))
STATED: Final = tuple(g60(name) for name in ("factSubject", "factPredicate", "factObject"))

Term = NamedNode | BlankNode | Literal


@dataclass(slots=True)
class Instances:
    """The shipped instances, and copies of them under other names.

    Attributes:
        places_shared: whether copies speak of the same reference entities, so that those get more
            and more facts; else every copy speaks of its own.
    """

    places_shared: bool
    triples: list[Triple] = field(default_factory=list)
    kept: set[Term] = field(default_factory=set)

    def __post_init__(self) -> None:
        for file in paths.instance_files():
            read = [q.triple for q in parse(path=file, format=RdfFormat.TURTLE)]
            self.triples += read
            if self.places_shared and file.stem == "reference":
                self.kept |= {t.object for t in read if t.predicate == STATED[0]}

    def copy(self, number: int) -> Iterator[Triple]:
        """The triples of one copy."""
        for t in self.triples:
            yield Triple(
                self._renamed(t.subject, number), t.predicate, self._renamed(t.object, number)
            )

    def _renamed[T: (NamedNode, Term)](self, node: T, number: int) -> T: ...
