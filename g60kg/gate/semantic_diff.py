"""Semantic diff of two graphs: fact by fact, with labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.model.evidence_lookup import Labels
from g60kg.namespaces import (
    COMMENT,
    FACT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SELECTOR,
    HAS_SOURCE,
    OBSERVATION,
    RESERVED_GRAPHS,
    A,
    compact,
    local_name,
)
from g60kg.stores.base import GraphStore, Term

#: Properties of a Fact beside its triple; a difference in one of them is a changed fact.
_ATTRIBUTES = (
    "voice",
    "factStatus",
    "wording",
    "origin",
    "time",
    "attributedTo",
    "verbatim",
    "completeList",
    "hasEvidence",
)


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A fact and its attributes, for comparison.

    Attributes:
        iri: the Fact's IRI; equal for the same statement of the same source.
        graph: its named graph.
        subject, predicate, object_: the triple that it supports.
        attributes: modality, time, speaker, evidence and note, each a sorted tuple of values.
    """

    iri: str
    graph: str
    subject: str
    predicate: str
    object_: str
    attributes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Added, removed and changed facts, and other added and removed triples.

    Attributes:
        added: facts of the second side only.
        removed: facts of the first side only.
        changed: facts of both that differ in modality, time, speaker, evidence or note.
        other_added: triples of the second side only that belong to no fact (labels, types).
        other_removed: such triples of the first side only.
    """

    added: tuple[FactRecord, ...]
    removed: tuple[FactRecord, ...]
    changed: tuple[tuple[FactRecord, FactRecord], ...]
    other_added: tuple[Quad, ...]
    other_removed: tuple[Quad, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two sides are equal."""
        sides = (self.added, self.removed, self.changed, self.other_added, self.other_removed)
        return not any(sides)


def difference(before: Iterable[Quad], after: Iterable[Quad]) -> Difference:
    """Return the difference of two sets of quads, without ontology, shapes and history."""
    first, second = _instances(before), _instances(after)
    old, new = _facts(first), _facts(second)
    found = _quads_of_facts(first) | _quads_of_facts(second)
    return Difference(
        added=tuple(new[iri] for iri in sorted(new.keys() - old.keys())),
        removed=tuple(old[iri] for iri in sorted(old.keys() - new.keys())),
        changed=tuple(
            (old[iri], new[iri])
            for iri in sorted(old.keys() & new.keys())
            if old[iri].attributes != new[iri].attributes
        ),
        other_added=tuple(sorted((q for q in second - first if q not in found), key=str)),
        other_removed=tuple(sorted((q for q in first - second if q not in found), key=str)),
    )


def _instances(quads: Iterable[Quad]) -> set[Quad]:
    return {quad for quad in quads if quad.graph_name not in RESERVED_GRAPHS}


def _by_subject(quads: Iterable[Quad]) -> dict[object, list[Quad]]:
    said: dict[object, list[Quad]] = {}
    for quad in quads:
        said.setdefault(quad.subject, []).append(quad)
    return said


def _facts(quads: set[Quad]) -> dict[str, FactRecord]:
    said = _by_subject(quads)
    records: dict[str, FactRecord] = {}
    for fact in (q.subject for q in quads if q.predicate == A and q.object == FACT):
        if not isinstance(fact, NamedNode):
            continue
        values: dict[str, list[str]] = {}
        for quad in said[fact]:
            name = "note" if quad.predicate == COMMENT else local_name(quad.predicate.value)
            values.setdefault(name, []).append(str(quad.object))
        records[fact.value] = FactRecord(
            iri=fact.value,
            graph=str(said[fact][0].graph_name).strip("<>"),
            subject=values.get("factSubject", [""])[0],
            predicate=values.get("factPredicate", [""])[0],
            object_=values.get("factObject", [""])[0],
            attributes=tuple(
                (name, tuple(sorted(values[name])))
                for name in (*_ATTRIBUTES, "note")
                if name in values
            ),
        )
    return records


def _quads_of_facts(quads: set[Quad]) -> set[Quad]:
    """Return the quads of facts: their own, direct triples, evidence and figures."""
    said = _by_subject(quads)
    facts = [q.subject for q in quads if q.predicate == A and q.object == FACT]
    found: set[Quad] = set()
    stated: set[tuple[str, str, str]] = set()
    nodes: set[object] = set()
    for fact in facts:
        values = {quad.predicate.value: quad.object for quad in said[fact]}
        found.update(said[fact])
        triple = tuple(
            str(values.get(part.value, "")) for part in (FACT_SUBJECT, FACT_PREDICATE, FACT_OBJECT)
        )
        stated.add((triple[0], triple[1], triple[2]))
        nodes.update(q.object for q in said[fact] if q.predicate == HAS_EVIDENCE)
        nodes.add(values.get(FACT_OBJECT.value))
    for node in list(nodes):
        figure = any(q.predicate == A and q.object == OBSERVATION for q in said.get(node, ()))
        evidence = any(q.predicate == HAS_SOURCE for q in said.get(node, ()))
        if figure or evidence:
            found.update(said[node])
            for quad in said[node]:
                if quad.predicate == HAS_SELECTOR:
                    found.update(said.get(quad.object, ()))
    found.update(q for q in quads if (str(q.subject), str(q.predicate), str(q.object)) in stated)
    return found


def to_lines(found: Difference, sides: Iterable[GraphStore], language: str = "en") -> list[str]:
    """Return the difference as lines: ``+`` added, ``-`` removed, ``~`` changed."""
    names = _Names(tuple(Labels(side, language) for side in sides))
    lines = [f"- {names.fact(fact)}" for fact in found.removed]
    lines += [f"+ {names.fact(fact)}" for fact in found.added]
    for old, new in found.changed:
        lines.append(f"~ {names.fact(new)}")
        before, after = dict(old.attributes), dict(new.attributes)
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                lines.append(
                    f"    {name}: {names.values(before, name)} → {names.values(after, name)}"
                )
    lines += [f"- {names.triple(quad)}" for quad in found.other_removed]
    lines += [f"+ {names.triple(quad)}" for quad in found.other_added]
    return lines


def to_json(found: Difference) -> dict[str, Any]:
    """Return the difference as JSON values."""

    def record(fact: FactRecord) -> dict[str, Any]:
        return {
            "fact": fact.iri,
            "graph": fact.graph,
            "subject": fact.subject,
            "property": fact.predicate,
            "value": fact.object_,
            **{name: list(values) for name, values in fact.attributes},
        }

    return {
        "same": found.is_empty,
        "added": [record(fact) for fact in found.added],
        "removed": [record(fact) for fact in found.removed],
        "changed": [{"before": record(old), "after": record(new)} for old, new in found.changed],
        "otherAdded": [str(quad) for quad in found.other_added],
        "otherRemoved": [str(quad) for quad in found.other_removed],
    }


class _Names:
    """Display names of terms: labels from either side."""

    def __init__(self, labels: tuple[Labels, ...]) -> None:
        self._labels = labels

    def fact(self, fact: FactRecord) -> str:
        source = local_name(fact.graph)
        # A figure has no label; the Fact has its verbatim text.
        words = dict(fact.attributes).get("verbatim", ())
        object_ = ", ".join(map(self.term, words)) or self.term(fact.object_)
        said = f"{self.term(fact.subject)} — {self.term(fact.predicate)} — {object_}"
        return f"{said}  [{source}]"

    def triple(self, quad: Quad) -> str:
        said = " — ".join(
            self.term(str(part)) for part in (quad.subject, quad.predicate, quad.object)
        )
        return f"{said}  [{local_name(str(quad.graph_name).strip('<>'))}]"

    def values(self, attributes: Mapping[str, tuple[str, ...]], name: str) -> str:
        return ", ".join(self.term(value) for value in attributes.get(name, ())) or "nothing"

    def term(self, written: str) -> str:
        if not written.startswith("<"):
            return written.partition("^^")[0]
        node: Term = NamedNode(written[1:-1])
        for labels in self._labels:
            found = labels.of(node)
            if isinstance(found, Literal):
                return found.value
        return compact(written[1:-1])
