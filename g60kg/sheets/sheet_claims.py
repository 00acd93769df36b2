"""Statements of a source as cells of a fact sheet."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.names import Names, is_chinese
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    BASIS,
    CATEGORY,
    COMPARATOR,
    COMPARED_WITH,
    EQUIVALENT_OF,
    FRACTION,
    HAS_OBSERVATION,
    IN_RANKING,
    LABEL,
    NUMERIC_VALUE,
    OBSERVATION,
    OBSERVED_MEASURE,
    REFERENCE_AREA,
    REFERENCE_PERIOD,
    UNIT,
    UPPER_VALUE,
    A,
    compact,
    g60,
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
    """Write statements as the cells of a row, without its evidence.

    Args:
        said: the statements of the source; the parts of a figure are read from there.
        vocabulary: the names of properties and classes.
        language: the language of the sheet, whose texts need no tag.
    """

    def __init__(self, said: Said, vocabulary: Vocabulary, language: str) -> None:
        self._said = said
        self._vocabulary = vocabulary
        self._language = language

    def cells(self, claim: Claim) -> Cells:
        """Return the cells of a statement; cells without a value may be missing."""
        subject, predicate, object_ = claim
        cells = {"subject": mention(subject), "predicate": self._predicate(predicate, object_)}
        if isinstance(object_, Literal):
            return {**cells, "object": object_.value}
        if predicate == HAS_OBSERVATION and self._said.is_a(object_, OBSERVATION):
            return {**cells, **self._observation(object_)}
        if predicate == A:
            return {**cells, "object": _name(object_, self._vocabulary.class_names)}
        return {**cells, "object": mention(object_)}

    def place(self, claim: Claim) -> tuple[object, ...]:
        """Return a sort key: by subject, with the rows that introduce it first.

        A figure comes after the one that it is the equivalent of, whose line it names.
        """
        _, predicate, object_ = claim
        kind = 0 if predicate == A else 1 if predicate == LABEL else 2
        cells = self.cells(claim)
        # English labels first: `draft` takes an entity's name from there.
        foreign = isinstance(object_, Literal) and object_.language not in (None, "en")
        return (
            natural_key(cells["subject"]),
            kind,
            kind == 1 and foreign,
            self.equivalent(claim) is not None,
            cells["predicate"],
            natural_key(cells["object"]),
            mention(object_) if isinstance(object_, NamedNode) else "",
        )

    def equivalent(self, claim: Claim) -> NamedNode | None:
        """Return the figure that a claim's figure is the equivalent of."""
        object_ = claim[2]
        nodes = self._said.nodes(object_, EQUIVALENT_OF) if isinstance(object_, NamedNode) else []
        return nodes[0] if nodes else None

    def _observation(self, node: NamedNode) -> Cells:
        said = self._said
        measure, unit = said.one(node, OBSERVED_MEASURE), said.one(node, UNIT)
        comparator = said.one(node, COMPARATOR)
        references = (said.one(node, REFERENCE_AREA), said.one(node, IN_RANKING))
        reference = next((one for one in references if isinstance(one, NamedNode)), None)
        bound = ""
        if isinstance(comparator, NamedNode) and comparator != g60("Exactly"):
            bound = self._vocabulary.notation(comparator)
        return {
            "predicate": mention(measure) if isinstance(measure, NamedNode) else "",
            "object": said.text(node, FRACTION) or said.text(node, NUMERIC_VALUE),
            "upper": said.text(node, UPPER_VALUE),
            "unit": local_name(unit.value) if unit is not None else "",
            "comparator": bound,
            "time": said.text(node, REFERENCE_PERIOD),
            "category": ";".join(mention(one) for one in said.nodes(node, CATEGORY)),
            "reference": mention(reference) if reference else said.text(node, COMPARED_WITH),
            "basis": said.text(node, BASIS),
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
