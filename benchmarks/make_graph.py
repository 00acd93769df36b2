"""Generator of a synthetic graph of any size; the same arguments give the same bytes.

Articles state facts about invented resources and the cities of the shipped graph, with the classes
and properties of the ontology. A few resources are named often and most rarely, sources agree or
contradict each other, one in three is in Chinese. Each article is a named graph that is valid by
itself on top of the shipped graph. The graph is written as it is generated, in constant memory.

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
    """Yield the quads of a graph of at least that many triples, up to the end of an article.

    Args:
        size: the number of triples.
        seed: the seed of the random numbers.
        articles: the numbers of the only articles to generate, from 0; ``size`` is ignored.
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
    """Yield the quads of one article, in its named graph."""
    article = article_of(seed, number)
    graph = graph_name(article.source)
    for triple in article.triples():
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


def write(found: Iterator[Quad], out: IO[bytes], format_: RdfFormat) -> None:
    """Write quads as they come; without their graphs in a format of triples."""
    if format_.supports_datasets:
        serialize(found, out, format_)
    else:
        named = {
            name: PREFIXES[name] for name in ("fact", "g60", "id", "oa", "quote", "rdfs", "unit")
        }
        prefixes = named if format_ == RdfFormat.TURTLE else None
        serialize((quad.triple for quad in found), out, format_, prefixes=prefixes)


def main() -> None:
    """Write the graph for the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int, metavar="N", help="approximate number of triples")
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help=".nq, .nt or .ttl; - is stdout (N-Quads)",
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, help=f"seed of the random numbers ({SEED})"
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
