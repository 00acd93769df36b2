"""Lines of a fact sheet's triples, so that a finding about a triple names a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Triple

from g60kg.namespaces import EXACT, HAS_EVIDENCE, LABEL, A
from g60kg.rdf.positions import Place

#: Properties whose findings are in the column ``quote``.
_OF_QUOTES: Final = (EXACT.value, HAS_EVIDENCE.value)


@dataclass(frozen=True, slots=True)
class SheetLines:
    """The lines of the triples and nodes of a sheet.

    Attributes:
        triples: the line of each row's triple.
        header: the line of each triple of the header.
        nodes: the first line of each entity, Fact, evidence and figure, by IRI.
        unread: the line of each row with an error, by the IRIs of subject and predicate, each "" if
            unknown.
    """

    columns: Sequence[str] = ()
    triples: dict[Triple, int] = field(default_factory=dict)
    header: dict[Triple, int] = field(default_factory=dict)
    nodes: dict[str, int] = field(default_factory=dict)
    unread: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, line: int, triple: Triple, nodes: Iterable[NamedNode] = ()) -> None:
        """Record the line of a row's triple, its terms, Fact and evidence, unless they have one."""
        self.triples.setdefault(triple, line)
        for node in (triple.subject, triple.object, *nodes):
            if isinstance(node, NamedNode):
                self.nodes.setdefault(node.value, line)

    def may_state(self, node: str, names: Iterable[str]) -> bool:
        """Return whether a row with an error may state one of the properties (IRIs) of a node."""
        rows = {(subject, name) for subject in (node, "") for name in names}
        # A property that could not be read is not `a` or `label`.
        rows.update((node, "") for name in names if name not in (A.value, LABEL.value))
        return not rows.isdisjoint(self.unread)

    def place(
        self, triples: Sequence[Triple], focus: str, path: str | None, missing: Iterable[str]
    ) -> Place | None:
        """Return the line and column, from 1, of the cause of a finding; None if it is unknown.

        ``triples`` are the offending triples, ``path`` the IRI of the property that the finding is
        about, and ``missing`` the IRIs of properties that the focus node lacks.
        """
        names = set(missing)
        rows = [self.triples[triple] for triple in triples if triple in self.triples]
        rows = rows or [self.unread[focus, name] for name in names if (focus, name) in self.unread]
        header = [
            line
            for triple, line in self.header.items()
            if triple in triples
            or (str(triple.subject) == f"<{focus}>" and triple.predicate.value in names)
        ]
        column = "object" if rows else "quote" if path in _OF_QUOTES else ""
        line = min(rows or header, default=None) or self.nodes.get(focus)
        if line is None:
            return None
        in_columns = column in self.columns and not (header and not rows)
        return Place(line, self.columns.index(column) + 1 if in_columns else 1)
