"""Transactions that add or retract facts together with their history."""

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
    """The changes that files would make to a store.

    Attributes:
        quads: the quads that the store does not have.
        facts: the IRIs of Facts in the files that are new or changed.
        difference: the difference, fact by fact.
        files: the files, with the digests of their bytes.
    """

    quads: tuple[Quad, ...]
    facts: tuple[str, ...]
    difference: Difference
    files: tuple[UsedFile, ...]


def addition(store: GraphStore, files: Sequence[Incoming]) -> Addition:
    """Return the changes that files would make; validate the files first."""
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
        for found in store.quads(quad.subject, quad.predicate, None, graph)  # type: ignore[arg-type]  # a subject is never a triple here
    )


def _said_of(store: GraphStore, subject: object) -> Iterable[Quad]:
    return store.quads(subject) if isinstance(subject, NamedNode) else ()


def add(store: LocalStore, addition_: Addition) -> None:
    """Write an addition and its history in one transaction.

    Raises:
        EngineFailure: writing failed; the store is unchanged.
    """
    other = len(addition_.difference.other_added)
    change = change_of("added", addition_.facts, who=who(), files=addition_.files, other=other)
    store.change((), [*addition_.quads, *history_quads(change)])


def retract(store: LocalStore, targets: Iterable[str], reason: str) -> Removal:
    """Retract facts and sources, and record the removed quads in the history.

    If nothing is left to retract, nothing is written.

    Raises:
        UnknownName, UsageError: as :func:`g60kg.gate.retraction.removal`.
        EngineFailure: writing failed; the store is unchanged.
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
    """Return the user name of the system, or the value of ``G60KG_AGENT``."""
    named = os.environ.get("G60KG_AGENT", "").strip()
    try:
        return on_a_line(named or getpass.getuser())
    except (KeyError, OSError):
        return "unknown"
