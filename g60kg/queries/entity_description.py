"""An entity for Python users: names, classes, facts and neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from pyoxigraph import Literal, NamedNode

from g60kg.model.evidence_lookup import Labels
from g60kg.namespaces import HIDDEN_LABEL, LABEL, NAMING, A, compact
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.rdf.text_excerpt import on_a_line
from g60kg.stores.base import GraphStore


@dataclass(frozen=True, slots=True, repr=False)
class Entity:
    """An entity; prints as its names, its classes and a table of its facts.

    Attributes:
        iri: its IRI.
        curie: its short IRI: ``id:tencent``.
        label: its name in the requested language, else in English or any other; else its local
            name.
        labels: its label by language tag, ``und`` for a label without one.
        other_names: its other names, in any language.
        classes: the labels of its classes by CURIE.
        facts: what sources state about it, with evidence: the query ``facts-about``.
        neighbours: the entities that it is related to: the query ``neighbours``.
    """

    iri: str
    curie: str
    label: str
    labels: Mapping[str, str]
    other_names: tuple[str, ...]
    classes: Mapping[str, str]
    facts: Answer
    neighbours: Answer

    def _lines(self) -> tuple[str, str]:
        """Return two texts for the heading: the label, and the CURIE, classes and other names."""
        names = (one for one in (*self.labels.values(), *self.other_names) if one != self.label)
        rest = f" ({self.curie}): {', '.join(self.classes.values())}"
        return on_a_line(self.label), on_a_line("; ".join((rest, *dict.fromkeys(names))))

    def __repr__(self) -> str:
        return f"{''.join(self._lines())}\n{self.facts!r}"

    def _repr_html_(self) -> str:
        label, rest = map(escape, self._lines())
        return f"<p><strong>{label}</strong>{rest}</p>\n{self.facts._repr_html_() or ''}"


def described_entity(store: GraphStore, iri: NamedNode, labels: Labels) -> Entity:
    """Return the description of an entity; facts and neighbours are read when they are used.

    ``labels`` gives the language.
    """
    names: dict[str, str] = {}
    others: dict[str, None] = {}
    for naming in (one for one in NAMING if one != HIDDEN_LABEL):
        for name in sorted(set(store.objects(iri, naming)), key=str):
            if not isinstance(name, Literal):
                continue
            language = name.language or "und"
            if naming == LABEL and language not in names:
                names[language] = name.value
            else:
                others[name.value] = None
    kinds = {kind.value: kind for kind in store.objects(iri, A) if isinstance(kind, NamedNode)}

    def answer(query: str) -> Answer:
        return run_named(store, named_query(query), {"entity": iri}, labels=labels)

    return Entity(
        iri=iri.value,
        curie=compact(iri.value),
        label=labels.text(iri),
        labels=dict(sorted(names.items())),
        other_names=tuple(others),
        classes={compact(kind): labels.text(node) for kind, node in sorted(kinds.items())},
        facts=answer("facts-about"),
        neighbours=answer("neighbours"),
    )
