"""The ontology's triples, and triples written out in a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from g60kg.namespaces import PREFIXES
from g60kg.stores.bulk_load import load_files
from g60kg.stores.local_store import LocalStore

ROOT = Path(__file__).resolve().parent.parent
#: A small graph that is consistent with the ontology and draws on each kind of its axioms.
ONTOLOGY_FILES = sorted((ROOT / "ontology").glob("*.ttl"))
SHAPE_FILES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
SAMPLE = ROOT / "tests" / "data" / "reasoning-sample.ttl"

_PREAMBLE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def new_store(path: Path, *, shipped: bool = True) -> LocalStore:
    """A new store on disk, open for writing, with the shipped graph in it if ``shipped``."""
    load_files(path, [], empty=not shipped)
    return LocalStore.at(path, writable=True)


def read_turtle(*paths: Path) -> list[Triple]:
    """The triples of Turtle files, no two files sharing a blank node."""
    return [
        quad.triple
        for path in paths
        for quad in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def triples(turtle: str) -> list[Triple]:
    """The triples of a piece of Turtle that uses the project's prefixes."""
    text = _PREAMBLE + turtle
    return [q.triple for q in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)]


@cache
def ontology() -> tuple[Triple, ...]:
    """The whole ontology, alignments too; the shapes are no part of it."""
    return tuple(read_turtle(*ONTOLOGY_FILES))


@cache
def sample() -> tuple[Triple, ...]:
    """The small graph, see SAMPLE."""
    return tuple(read_turtle(SAMPLE))
