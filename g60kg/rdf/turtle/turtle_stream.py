"""Canonical Turtle of a graph of any size, in bounded memory.

Triples are given subject by subject. The triples of each subject are formatted at once,
and sorted with an external sort. Only the triples of blank nodes, and of subjects that
have a blank node as an object, are held and formatted together, since the position of a
blank node depends on all of them.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import groupby
from typing import IO, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.rdf.external_sort import ExternalSort
from g60kg.rdf.turtle.turtle_writer import Block, Document, Group, NaturalKey

#: Characters of blocks sorted in memory at a time.
PIECE: Final = 4 * 1024 * 1024

#: The rank of a block's group, its prefix, its key, its text.
Record = tuple[int, str, NaturalKey, str]


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return the canonical Turtle of a graph; arguments and errors as :func:`write_turtle`.

    >>> from pyoxigraph import Literal
    >>> from g60kg.namespaces import LABEL
    >>> songjiang = NamedNode("https://example.org/songjiang")
    >>> label = Triple(songjiang, LABEL, Literal("Songjiang", language="en"))
    >>> print(turtle([label], {"ex": "https://example.org/"}), end="")
    @prefix ex: <https://example.org/> .
    <BLANKLINE>
    # ex:
    <BLANKLINE>
    ex:songjiang
        <http://www.w3.org/2000/01/rdf-schema#label> "Songjiang"@en .
    """
    out = BytesIO()
    write_turtle(triples, out, prefixes)
    return out.getvalue().decode()


def write_turtle(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write a graph as canonical Turtle, in UTF-8, from triples in any order, also repeated ones.

    Raises:
        FormatCannotHold: a triple term or a text with a direction (RDF 1.2).
        EngineFailure: blank nodes are too similar to be put in order.
    """
    stream_turtle(sorted(set(triples), key=lambda t: str(t.subject)), out, prefixes)


def stream_turtle(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write a graph as canonical Turtle, in UTF-8, from triples grouped by subject.

    The triples must have no duplicates. Prefixes and errors as :func:`write_turtle`.
    """
    plain = Document((), prefixes)
    tangled: list[Triple] = []
    waiting = ExternalSort[Record](PIECE)

    def put(block: Block) -> None:
        waiting.add([(*block.group, block.key, block.text)], len(block.text))

    for subject, run in groupby(triples, key=lambda triple: triple.subject):
        about = list(run)
        if isinstance(subject, NamedNode) and not any(
            isinstance(triple.object, BlankNode) for triple in about
        ):
            put(plain.block_of(subject, about))
        else:
            tangled += about
    rest = Document(tangled, prefixes)
    for block in rest.named_blocks():
        put(block)
    last = list(rest.blank_blocks())
    used = {**plain.names.used, **rest.names.used}
    for prefix, namespace in sorted(used.items()):
        out.write(f"@prefix {prefix}: {NamedNode(namespace)} .\n".encode())
    group = Group(0, "")
    for rank, prefix, _, text in waiting.sorted():
        if (rank, prefix) != group:
            group = Group(rank, prefix)
            out.write(group.comment.encode())
        out.write(text.encode())
    out.writelines(text.encode() for text in last)
