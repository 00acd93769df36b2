"""Statements of a source as cells of a fact sheet."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.names import Names, is_chinese
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    AS_OF,
    COMPARATOR,
    LABEL,
    NUMERIC_VALUE,
    QUANTITY,
    UNIT,
    A,
    compact,
    local_name,
    term,
)
from g60kg.rdf.turtle import natural_key
from g60kg.sheets.source_claims import Claim, Said

Cells = dict[str, str]

_LANG_STRING: Final = term("rdf:langString")


def mention(iri: NamedNode) -> str:
    """Return an IRI as a cell: its CURIE, else the IRI in angle brackets."""
    curie = compact(iri.value)
    return f"<{curie}>" if curie == iri.value else curie


class ClaimWriter:
    """Write statements as the cells subject, predicate, object, unit, comparator and as_of.

    Args:
        said: the statements of the source; a quantity's number is read from there.
        vocabulary: the names of properties and classes.
        language: the language of the sheet, whose texts need no tag.
    """

    def __init__(self, said: Said, vocabulary: Vocabulary, language: str) -> None:
        self._said = said
        self._vocabulary = vocabulary
        self._language = language
        self._measured = {
            object_: subject
            for subject, _, object_ in said.claims()
            if isinstance(object_, NamedNode) and said.is_a(object_, QUANTITY)
        }

    def cells(self, claim: Claim) -> Cells:
        """Return the cells of a statement; cells without a value may be missing."""
        subject, predicate, object_ = claim
        cells = {"subject": mention(subject), "predicate": self._predicate(predicate, object_)}
        if isinstance(object_, Literal):
            return {**cells, "object": object_.value}
        if object_ in self._measured:
            return {**cells, **self._quantity(object_)}
        if predicate == A:
            return {**cells, "object": _name(object_, self._vocabulary.class_names)}
        return {**cells, "object": mention(object_)}

    def place(self, claim: Claim) -> tuple[object, ...]:
        """Return a sort key: by subject, with the rows that introduce it first.

        Quantities come after their bearers: a row can name only entities introduced earlier.
        """
        subject, predicate, object_ = claim
        kind = 0 if predicate == A else 1 if predicate == LABEL else 2
        cells = self.cells(claim)
        # English labels first: `draft` takes an entity's name from there.
        foreign = isinstance(object_, Literal) and object_.language not in (None, "en")
        return (
            self._depth(subject),
            natural_key(cells["subject"]),
            kind,
            kind == 1 and foreign,
            cells["predicate"],
            natural_key(cells["object"]),
            mention(object_) if isinstance(object_, NamedNode) else "",
        )

    def _depth(self, subject: NamedNode) -> int:
        depth = 0
        node: NamedNode | None = subject
        seen: set[NamedNode] = set()
        while node is not None and node in self._measured and node not in seen:
            seen.add(node)
            node = self._measured[node]
            depth += 1
        return depth

    def _quantity(self, quantity: NamedNode) -> Cells:
        said = self._said
        unit = said.one(quantity, UNIT)
        comparator = said.one(quantity, COMPARATOR)
        return {
            "object": said.text(quantity, NUMERIC_VALUE),
            "unit": local_name(unit.value) if unit is not None else "",
            "comparator": self._vocabulary.notation(comparator)
            if isinstance(comparator, NamedNode)
            else "",
            "as_of": said.text(quantity, AS_OF),
        }

    def _predicate(self, predicate: NamedNode, object_: NamedNode | Literal) -> str:
        if predicate == A:
            return "a"
        language = object_.language if isinstance(object_, Literal) else None
        if predicate == LABEL:
            return f"label@{language or self._language}"
        name = _name(predicate, self._vocabulary.property_names)
        if language and isinstance(object_, Literal):
            guessed = "zh" if is_chinese(object_.value) else self._language
            return name if language == guessed else f"{name}@{language}"
        return name


def _name(iri: NamedNode, names: Names) -> str:
    """Return the local name where it is unambiguous, else the CURIE."""
    name = local_name(iri.value)
    return name if names.meanings(name) == (iri,) else mention(iri)
