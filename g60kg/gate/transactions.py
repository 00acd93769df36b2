"""Letting facts in and taking them back: one transaction each, with its history."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from g60kg.gate.input_files import Incoming
from g60kg.gate.retraction import Removal, removal
from g60kg.gate.semantic_diff import Difference, difference
from g60kg.model.history import UsedFile, change_of, history_quads
from g60kg.namespaces import FACT, A
from g60kg.rdf.text_excerpt import on_a_line
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore


@dataclass(frozen=True, slots=True)
class Addition:
    """What files would bring into a store.

    Attributes:
        quads: those that the store does not have yet.
        facts: the IRIs of the Facts among what the files say that are new or gain something.
        difference: what changes, fact by fact.
        files: the files, with the digests of their bytes.
    """

    quads: tuple[Quad, ...]
    facts: tuple[str, ...]
    difference: Difference
    files: tuple[UsedFile, ...]


def addition(store: GraphStore, files: Sequence[Incoming]) -> Addition:
    """What those files would bring, as they were read; they are to be validated first."""
    incoming = [quad for file in files for quad in file.quads]
    new = [quad for quad in dict.fromkeys(incoming) if not _stands(store, quad)]
    touched = {quad.subject for quad in new}
    before = [quad for subject in touched for quad in _said_of(store, subject)]
    facts = {
        quad.subject.value
        for quad in incoming
        if quad.predicate == A and quad.object == FACT
        if isinstance(quad.subject, NamedNode) and quad.subject in touched
    }
    return Addition(
        quads=tuple(new),
        facts=tuple(sorted(facts)),
        difference=difference(before, [*before, *new]),
        files=tuple(UsedFile(Path(file.file).name, file.digest) for file in files),
    )


def _stands(store: GraphStore, quad: Quad) -> bool:
    graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
    return any(
        found.object == quad.object
        for found in store.quads(quad.subject, quad.predicate, None, graph)  # type: ignore[arg-type]  # a subject is no triple here
    )


def _said_of(store: GraphStore, subject: object) -> Iterable[Quad]:
    return store.quads(subject) if isinstance(subject, NamedNode) else ()


def add(store: LocalStore, addition_: Addition) -> None:
    """Writes an addition and its history in one transaction.

    Raises:
        EngineFailure: it could not be written; the store is as it was.
    """
    other = len(addition_.difference.other_added)
    change = change_of("added", addition_.facts, who=who(), files=addition_.files, other=other)
    store.change((), [*addition_.quads, *history_quads(change)])


def retract(store: LocalStore, targets: Iterable[str], reason: str) -> Removal:
    """Takes facts and sources back, keeping what was taken in the history.

    Where nothing is left to take, nothing is written.

    Raises:
        UnknownName, UsageError: as :func:`g60kg.gate.retraction.removal`.
        EngineFailure: it could not be written; the store is as it was.
    """
    taken = removal(store, targets)
    if not taken.quads:
        return taken
    other = len(difference(taken.quads, ()).other_removed)
    change = change_of(
        "retracted", taken.facts, who=who(), why=reason, quads=taken.quads, other=other
    )
    store.change(taken.quads, list(history_quads(change)))
    return taken


def who() -> str:
    """The user as the system knows them; ``G60KG_AGENT`` names somebody else."""
    named = os.environ.get("G60KG_AGENT", "").strip()
    try:
        return on_a_line(named or getpass.getuser())
    except (KeyError, OSError):
        return "unknown"
