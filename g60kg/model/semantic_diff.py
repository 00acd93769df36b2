"""Semantic diff of two graphs: fact by fact, with labels."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.model.evidence_lookup import Labels
from g60kg.model.facts import FACT_TRIPLE, Fact
from g60kg.model.figure_text import figure_of, figure_text
from g60kg.namespaces import A, compact, local_name
from g60kg.stores.base import GraphStore

_FIGURE: Final = str(ns.HAS_OBSERVATION)
#: Properties of a Fact beside its triple; a difference in one of them is a changed fact.
_ATTRIBUTES: Final = {
    local_name(part.value): part for part in (*ns.MODALITY, ns.TIME, ns.ATTRIBUTED_TO, ns.VERBATIM)
} | {"completeList": ns.COMPLETE_LIST, "hasEvidence": ns.HAS_EVIDENCE, "note": ns.COMMENT}


@dataclass(frozen=True, slots=True)
class GraphDifference:
    """Added, removed and changed facts, and other added and removed quads.

    Attributes:
        added: facts of the second graph only.
        removed: facts of the first graph only.
        changed: the facts of both graphs that differ in modality, time, speaker, words, evidence,
            note or completeness, in the first and in the second graph.
        other_added: other quads of the second graph only, such as labels, types, and new content of
            evidence or figures with the same IRIs.
        other_removed: other quads of the first graph only.
    """

    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    changed: tuple[tuple[Fact, Fact], ...]
    other_added: tuple[Quad, ...]
    other_removed: tuple[Quad, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no difference."""
        return self == GraphDifference((), (), (), (), ())


def difference(before: Iterable[Quad], after: Iterable[Quad]) -> GraphDifference:
    """Return the difference of two sets of quads, without ontology, shapes and history.

    Facts are matched by IRI; their triples are not compared.
    """
    first, second = _instances(before), _instances(after)
    (old, of_old), (new, of_new) = _facts(first), _facts(second)
    removed = {iri: old[iri] for iri in sorted(old.keys() - new.keys())}
    added = {iri: new[iri] for iri in sorted(new.keys() - old.keys())}
    changed = {
        iri: (old[iri], new[iri])
        for iri in sorted(old.keys() & new.keys())
        if _attributes(old[iri]) != _attributes(new[iri])
    }
    shown = {quad for iri in (*removed, *changed) for quad in _quads_of(old[iri], of_old)}
    shown.update(quad for iri in (*added, *changed) for quad in _quads_of(new[iri], of_new))
    return GraphDifference(
        added=tuple(added.values()),
        removed=tuple(removed.values()),
        changed=tuple(changed.values()),
        other_added=tuple(sorted(second - first - shown, key=str)),
        other_removed=tuple(sorted(first - second - shown, key=str)),
    )


def _instances(quads: Iterable[Quad]) -> set[Quad]:
    return {quad for quad in quads if quad.graph_name not in ns.RESERVED_GRAPHS}


def _facts(quads: set[Quad]) -> tuple[dict[str, Fact], dict[object, list[Quad]]]:
    said: dict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        said[quad.subject].append(quad)
    typed = {q.subject for q in quads if q.predicate == A and q.object == ns.FACT}
    facts = {node.value: Fact.of(node, said[node]) for node in typed if isinstance(node, NamedNode)}
    return facts, said


def _quads_of(fact: Fact, said: Mapping[object, list[Quad]]) -> Iterator[Quad]:
    subject, predicate, value = map(fact.first, FACT_TRIPLE)
    yield from said.get(fact.iri, ())
    nodes = [*fact.parts.get(ns.HAS_EVIDENCE, ())]
    # The quads of subject and value are not searched: an entity can have thousands of facts.
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value:
        yield Quad(subject, predicate, value, fact.graph)
        nodes += [value] if predicate == ns.HAS_OBSERVATION else []
    for node in nodes:
        own = said.get(node, ())
        kinds = {(quad.predicate, quad.object) for quad in own}
        if (A, ns.OBSERVATION) in kinds or any(part == ns.HAS_SOURCE for part, _ in kinds):
            yield from own
            for quad in own:
                if quad.predicate == ns.HAS_SELECTOR:
                    yield from said.get(quad.object, ())


def _attributes(fact: Fact) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(sorted(map(str, fact.parts[part])))
        for name, part in _ATTRIBUTES.items()
        if part in fact.parts
    }


def to_lines(
    found: GraphDifference, sides: Iterable[GraphStore], language: str = "en"
) -> list[str]:
    """Return the difference as lines: ``+`` added, ``-`` removed, ``~`` changed.

    Indented lines have the attributes that changed. Where different terms would look the same,
    IRIs are shown instead of labels, and datatypes. The labels come from ``sides``, the two graphs
    that were compared.
    """
    names = _Names(list(sides), language)
    lines = [f"- {names.fact(fact)}" for fact in found.removed]
    lines += [f"+ {names.fact(fact)}" for fact in found.added]
    for old, new in found.changed:
        lines.append(f"~ {names.fact(new)}")
        before, after = _attributes(old), _attributes(new)
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                shown = name if language == "en" else names.term(str(_ATTRIBUTES[name]))
                values = [names.values(side, name) for side in (before, after)]
                if values[0] == values[1]:
                    values = [names.values(side, name, exact=True) for side in (before, after)]
                lines.append(f"    {shown}: {' → '.join(values)}")
    texts: dict[str, set[Triple]] = defaultdict(set)
    for quad in (*found.other_removed, *found.other_added):
        texts[names.triple(quad.triple)].add(quad.triple)
    shown_as = {
        triple: text if len(triples) == 1 else names.triple(triple, exact=True)
        for text, triples in texts.items()
        for triple in triples
    }
    for sign, quads in (("-", found.other_removed), ("+", found.other_added)):
        for quad in quads:
            graph = local_name(str(quad.graph_name).strip("<>"))
            lines.append(f"{sign} {shown_as[quad.triple]}  [{graph}]")
    return lines


def to_json(found: GraphDifference) -> dict[str, Any]:
    """Return the difference as JSON values."""

    def record(fact: Fact) -> dict[str, Any]:
        subject, predicate, value = _triple(fact)
        return {
            "fact": fact.iri.value,
            "graph": fact.graph.value if fact.graph else "DEFAULT",
            "subject": subject,
            "property": predicate,
            "value": value,
            **{name: list(values) for name, values in _attributes(fact).items()},
        }

    return {
        "same": found.is_empty,
        "added": [record(fact) for fact in found.added],
        "removed": [record(fact) for fact in found.removed],
        "changed": [{"before": record(old), "after": record(new)} for old, new in found.changed],
        "otherAdded": [str(quad) for quad in found.other_added],
        "otherRemoved": [str(quad) for quad in found.other_removed],
    }


def _triple(fact: Fact) -> list[str]:
    return ["" if part is None else str(part) for part in map(fact.first, FACT_TRIPLE)]


class _Names:
    def __init__(self, sides: Sequence[GraphStore], language: str) -> None:
        self._sides = sides
        self._labels = [Labels(side, language) for side in sides]
        self._language = language

    def fact(self, fact: Fact) -> str:
        source = local_name(fact.graph.value) if fact.graph else "DEFAULT"
        subject, predicate, value = _triple(fact)
        parts = [subject, value] if predicate == _FIGURE else [subject, predicate, value]
        return f"{' — '.join(map(self.term, parts))}  [{source}]"

    def triple(self, triple: Triple, *, exact: bool = False) -> str:
        parts = (triple.subject, triple.predicate, triple.object)
        return " — ".join(
            str(part) if isinstance(part, Triple) else self.term(str(part), exact) for part in parts
        )

    def values(
        self, attributes: Mapping[str, tuple[str, ...]], name: str, *, exact: bool = False
    ) -> str:
        return ", ".join(self.term(one, exact) for one in attributes.get(name, ())) or "nothing"

    def term(self, written: str, exact: bool = False) -> str:
        if not written.startswith("<"):
            return written if exact else re.sub(r'"\^\^<[^"]*>$', '"', written)
        node = NamedNode(written[1:-1])
        if exact:
            return compact(node.value)
        name = self._name(node)
        figure = next(filter(None, (figure_of(side, node) for side in self._sides)), None)
        if figure is None or name != compact(node.value):
            return name
        # A part of a figure is never shown as a figure: it could be the same one.
        return figure_text(figure, self._name, self._language)

    def _name(self, node: NamedNode) -> str:
        label = next(filter(None, (labels.of(node) for labels in self._labels)), None)
        return compact(node.value) if label is None else label.value
