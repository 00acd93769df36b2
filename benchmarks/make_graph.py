"""A made-up graph of any size: articles with their facts, the same bytes for the same arguments.

The articles tell of an invented world with the classes and properties of the ontology, beside the
cities of the shipped graph: some things are named often and most hardly ever, two sources say the
same or differ, one in three writes Chinese. Each article is a named graph that is valid by itself
on top of the shipped graph. The graph is written as it is made: memory does not grow with it.

    python benchmarks/make_graph.py 1000000 -o graph.nq
    python benchmarks/make_graph.py 1000000 --articles 70 71 -o two-of-them.ttl
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from pyoxigraph import Quad, RdfFormat, serialize

from benchmarks.topics import article_of
from g60kg.namespaces import PREFIXES, graph_name

SEED: Final = 60
FORMATS: Final = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
}


def quads(size: int, *, seed: int = SEED, articles: Sequence[int] | None = None) -> Iterator[Quad]:
    """The quads of a graph of that many triples, or of the few that its last article is over.

    Args:
        size: how many triples.
        seed: another number makes another graph.
        articles: only the articles of those numbers, whatever the size; they count from 0.
    """
    made = 0
    number = 0
    while articles is None and made < size:
        for quad in of_article(number, seed):
            made += 1
            yield quad
        number += 1
    for number in articles or ():
        yield from of_article(number, seed)


def of_article(number: int, seed: int = SEED) -> Iterator[Quad]:
    """The quads of one article, in its named graph."""
    article = article_of(seed, number)
    graph = graph_name(article.source)
    for triple in article.triples():
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


def write(found: Iterator[Quad], out: IO[bytes], format_: RdfFormat) -> None:
    """Writes quads as they come; in a format of triples, without their graphs."""
    if format_.supports_datasets:
        serialize(found, out, format_)
    else:
        named = {
            name: PREFIXES[name] for name in ("fact", "g60", "id", "oa", "quote", "rdfs", "unit")
        }
        prefixes = named if format_ == RdfFormat.TURTLE else None
        serialize((quad.triple for quad in found), out, format_, prefixes=prefixes)


def main() -> None:
    """Makes the graph that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int, metavar="N", help="how many triples, about")
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help=".nq, .nt or .ttl; - is stdout (N-Quads)",
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, help=f"another number, another graph ({SEED})"
    )
    parser.add_argument(
        "--articles",
        type=int,
        nargs="+",
        metavar="K",
        help="only the articles of those numbers, from 0",
    )
    options = parser.parse_args()
    format_ = FORMATS[".nq"]
    if options.output != "-":
        ending = Path(options.output).suffix
        if ending not in FORMATS:
            parser.error(f"{options.output}: the name ends in one of {', '.join(FORMATS)}")
        format_ = FORMATS[ending]
    found = quads(options.size, seed=options.seed, articles=options.articles)
    if options.output == "-":
        write(found, sys.stdout.buffer, format_)
        return
    with Path(options.output).open("wb") as out:
        write(found, out, format_)


if __name__ == "__main__":
    main()
