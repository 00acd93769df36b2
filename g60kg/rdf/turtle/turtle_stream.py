"""Canonical Turtle of a graph of any size, in bounded memory; the bytes are those of the document.

Triples come subject by subject. Each subject is laid out at once and waits, with the key by which
it is sorted, on disk. Only what has to do with blank nodes is held and laid out together, since
where one of them is written depends on all that mention it.
"""

from __future__ import annotations

import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby
from typing import IO, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.rdf.temporary_files import in_temporary_folder
from g60kg.rdf.turtle.turtle_terms import NaturalKey
from g60kg.rdf.turtle.turtle_writer import (
    Block,
    Document,
    Group,
    Term,
    refused,
)

#: Characters of blocks that are sorted in memory at a time.
PIECE: Final = 4 * 1024 * 1024
#: Blocks that are read back at a time.
_BATCH: Final = 200

#: The place of a block's group, its prefix, its key, its text.
Record = tuple[int, str, NaturalKey, str]


def stream_turtle(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Writes a graph as canonical Turtle, in UTF-8.

    Args:
        triples: those of a subject side by side, none twice.
        out: a binary stream; what it raises passes through.
        prefixes: namespaces by prefix; those that are used are declared.

    Raises:
        UsageError: an RDF 1.2 triple term or a text with a direction.
        EngineFailure: blank nodes too much alike to be told apart.
    """
    plain = Document((), prefixes)
    tangled: list[Triple] = []
    with _Waiting() as waiting:
        for subject, run in groupby(triples, key=lambda triple: triple.subject):
            about = list(run)
            if isinstance(subject, NamedNode) and not any(
                isinstance(triple.object, BlankNode) for triple in about
            ):
                waiting.put(plain.block_of(subject, _said(about)))
            else:
                tangled += about
        rest = Document(tangled, prefixes)
        for block in rest.named_blocks():
            waiting.put(block)
        last = list(rest.blank_blocks())
        used = {**plain.names.used, **rest.names.used}
        for prefix, namespace in sorted(used.items()):
            out.write(f"@prefix {prefix}: {NamedNode(namespace)} .\n".encode())
        group = Group(0, "")
        for place, prefix, _, text in waiting.sorted():
            if (place, prefix) != group:
                group = Group(place, prefix)
                out.write(group.comment.encode())
            out.write(text.encode())
        out.writelines(text.encode() for text in last)


def _said(about: Iterable[Triple]) -> dict[NamedNode, list[Term]]:
    said: dict[NamedNode, list[Term]] = {}
    for triple in about:
        if isinstance(triple.object, Triple):
            raise refused(triple)
        said.setdefault(triple.predicate, []).append(triple.object)
    return said


class _Waiting:
    """Blocks that wait for their turn: a few in memory, the others in sorted pieces on disk."""

    def __init__(self) -> None:
        self._held: list[Record] = []
        self._size = 0
        self._files = ExitStack()
        self._pieces: list[IO[bytes]] = []

    def __enter__(self) -> _Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def put(self, block: Block) -> None:
        """Takes a block in."""
        self._held.append((block.group.place, block.group.prefix, block.key, block.text))
        self._size += len(block.text)
        if self._size > PIECE:
            self._put_down()

    def _put_down(self) -> None:
        self._held.sort()
        with in_temporary_folder():
            file: IO[bytes] = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            for start in range(0, len(self._held), _BATCH):
                marshal.dump(self._held[start : start + _BATCH], file)
            file.seek(0)
        self._pieces.append(file)
        self._held, self._size = [], 0

    def sorted(self) -> Iterator[Record]:
        """All blocks, in the order of the document."""
        self._held.sort()
        if not self._pieces:
            return iter(self._held)
        return heapq.merge(*map(_read, self._pieces), self._held)


def _read(piece: IO[bytes]) -> Iterator[Record]:
    while True:
        try:
            yield from marshal.load(piece)
        except EOFError:
            return
