"""Transactions that add or retract facts and record the change in the history."""

import getpass
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode

from g60kg.gate.input_files import Incoming
from g60kg.gate.retraction import Removal
from g60kg.model.article_text import Text
from g60kg.model.change import Change
from g60kg.model.history import UsedFile, entry_of, history_quads
from g60kg.model.semantic_diff import GraphDifference, difference
from g60kg.namespaces import FACT, A
from g60kg.rdf.text_excerpt import excerpt, on_a_line
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.stated_verdicts import without_unseen


@dataclass(frozen=True, slots=True)
class Addition:
    """A change that adds files, with the IRIs of the Facts that it adds or extends."""

    change: Change
    facts: tuple[str, ...]
    difference: GraphDifference
    files: tuple[UsedFile, ...]


def addition(
    change: Change, files: Sequence[Incoming], texts: Mapping[str, Text] | None = None
) -> Addition:
    """Return the addition of validated files, without verdicts on evidence not in ``texts``."""
    change = without_unseen(change, texts or {})
    added = [quad for quad in change.added.quads() if isinstance(quad.subject, NamedNode)]
    touched = {q.subject for q in (*added, *change.removed) if isinstance(q.subject, NamedNode)}
    before = [quad for subject in touched for quad in change.before.quads(subject)]
    after = chain((quad for quad in before if quad not in change.removed), added)
    stated = {quad.subject for quad in change.stated.quads(None, A, FACT)}
    return Addition(
        change,
        facts=tuple(sorted(fact.value for fact in touched & stated)),
        difference=difference(before, after),
        files=tuple(UsedFile(Path(file.file).name, file.digest) for file in files),
    )


def add(store: LocalStore, addition_: Addition) -> None:
    """Write an addition and its history in one transaction.

    If it replaces quads that remained of a retracted source, the history records their retraction.

    Raises:
        EngineFailure: writing failed; the store is unchanged.
    """
    other = len(addition_.difference.other_added)
    entry = entry_of("added", addition_.facts, who=who(), files=addition_.files, other=other)
    added = [*addition_.change.added.quads(), *history_quads(entry)]
    if removed := tuple(addition_.change.removed):
        gone = len(addition_.difference.other_removed)
        why = "replaced by the source, which was added again"
        replaced = entry_of("retracted", (), who=who(), why=why, quads=removed, other=gone)
        added += history_quads(replaced)
    store.change(addition_.change.removed, added)


def retract(store: LocalStore, taken: Removal, reason: str) -> None:
    """Remove the quads of a retraction, and record them in the history.

    Raises:
        EngineFailure: writing failed; the store is unchanged.
    """
    other = len(difference(taken.quads, ()).other_removed)
    entry = entry_of(
        "retracted", taken.facts, who=who(), why=reason, quads=taken.quads, other=other
    )
    store.change(taken.quads, list(history_quads(entry)))


def who() -> str:
    """Return the value of ``G60KG_AGENT``, else the user name of the system, else ``unknown``.

    The text is on one line, and shortened.
    """
    named = os.environ.get("G60KG_AGENT", "").strip()
    try:
        return excerpt(on_a_line(named or getpass.getuser()))
    except (KeyError, OSError):
        return "unknown"
