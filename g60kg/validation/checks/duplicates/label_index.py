"""Who bears which name: the labels of a graph, found by look-up, by spelling and by likeness.

Oxigraph finds a label by its exact text and language alone. Other spellings are found by reading
labels into an index of our own, which takes time with their number: about 10 ms a thousand. So a
graph with more than :data:`READ` of them is read only as far as the classes of new entities go,
the smallest first, and the rest is looked up in the usual spellings.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.model.names import folded
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, NOT_ENTITIES, RESERVED_GRAPHS, A
from g60kg.stores.base import GraphStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.checks.duplicates.name_similarity import keys, latin
from g60kg.validation.message_terms import Wording

#: Labels that are read to be compared in any spelling.
READ: Final = 5_000

# Languages that a label is looked up in; None is a text without one.
_LANGUAGES: Final = ("en", "zh", None)


class Directory:
    """The labels of the entities of a graph, with those that are added.

    Attributes:
        new_labels: each label that is added to an entity which does not bear it yet, sorted.
        new_entities: the entities that are added.
    """

    def __init__(self, after: Overlay, vocabulary: Vocabulary) -> None:
        self._after = after
        self._vocabulary = vocabulary
        self._by_text: dict[str, set[NamedNode]] = defaultdict(set)
        self._by_key: dict[str, set[NamedNode]] = defaultdict(set)
        self._kinds: dict[NamedNode, frozenset[str]] = {}
        self._named: dict[NamedNode, dict[str, str]] = {}
        self._unread: list[NamedNode] = []
        self._is_whole = True
        labels = set(_labels(after.new.quads(None, LABEL, None)))
        known = {pair for pair in labels if any(after.base.quads(pair[0], LABEL, pair[1]))}
        self.new_labels = sorted(labels - known, key=str)
        self.new_entities = {
            entity for entity, _ in self.new_labels if not any(after.base.quads(entity, A, None))
        }
        if self.new_labels:
            self._read()

    def bearers(self, label: Literal) -> set[NamedNode]:
        """The entities of that name, whatever its case, width and language."""
        found = set(self._by_text[folded(label.value)])
        if not self._is_whole:
            for text in _spellings(label.value):
                for language in {*_LANGUAGES, label.language}:
                    spelled = Literal(text, language=language) if language else Literal(text)
                    found |= {e for e, _ in _labels(self._after.quads(None, LABEL, spelled))}
        return found

    def alike(self, label: Literal) -> set[NamedNode]:
        """The entities with a label that may be near; see :func:`keys`."""
        found = {entity for key in keys(label.value) for entity in self._by_key[key]}
        plain = latin(label.value)
        return found if plain == label.value else found | self.bearers(Literal(plain))

    def labels(self, entity: NamedNode) -> dict[str, str]:
        """The label of an entity in each language that it has one in."""
        if entity not in self._named:
            labels = (label for _, label in _labels(self._after.quads(entity, LABEL, None)))
            found = {label.language or "": label.value for label in sorted(labels, key=str)}
            self._named[entity] = found
        return self._named[entity]

    def kind(self, entity: NamedNode) -> frozenset[str]:
        """The widest classes of the ontology that an entity is in: a city is a place."""
        if entity not in self._kinds:
            types = (quad.object for quad in self._after.quads(entity, A, None))
            self._kinds[entity] = frozenset(
                top for node in types if isinstance(node, NamedNode) for top in self._tops(node)
            )
        return self._kinds[entity]

    def note(self, language: str) -> str | None:
        """What was compared less thoroughly; None where nothing was."""
        if not self._unread:
            return None
        wording = Wording(self._after, language)
        names = wording.listed(wording.name(name) for name in self._unread)
        return _NOTES.get(language, _NOTES["en"]).format(read=f"{READ:,}", classes=names)

    def _read(self) -> None:
        """Reads the labels: all of them, or those of the entities that new ones may be."""
        self._index(_labels(self._after.new.quads(None, LABEL, None)))
        quads = list(islice(self._after.base.quads(None, LABEL, None), READ + 1))
        if len(quads) <= READ:
            self._index(_labels(quads))
            return
        self._is_whole = False
        wanted = {top for entity in self.new_entities for top in self.kind(entity)}
        families = [
            [name for name, above in self._vocabulary.superclasses.items() if top in above]
            for top in sorted(wanted)
        ]
        rest = READ
        found = [
            (list(islice(_members(self._after.base, names), READ + 1)), top)
            for top, names in zip(sorted(wanted), families, strict=True)
        ]
        for members, top in sorted(found, key=lambda pair: (len(pair[0]), pair[1])):
            if len(members) > rest:
                self._unread.append(NamedNode(top))
                continue
            rest -= len(members)
            self._after.expect(members)
            for member in members:
                self._index(_labels(self._after.base.quads(member, LABEL, None)))

    def _index(self, labels: Iterable[tuple[NamedNode, Literal]]) -> None:
        for entity, label in labels:
            self._by_text[folded(label.value)].add(entity)
            for key in keys(label.value):
                self._by_key[key].add(entity)

    def _tops(self, name: NamedNode) -> set[str]:
        above = self._vocabulary.superclasses
        own = {n for n in above.get(name.value, ()) if n in self._vocabulary.classes}
        return {top for top in own if not (own & above[top]) - {top}}


def _labels(quads: Iterable[Quad]) -> Iterator[tuple[NamedNode, Literal]]:
    """The labels of entities among quads."""
    for quad in quads:
        subject, label = quad.subject, quad.object
        if (
            isinstance(subject, NamedNode)
            and isinstance(label, Literal)
            and quad.graph_name not in RESERVED_GRAPHS
            and not subject.value.startswith(NOT_ENTITIES)
        ):
            yield subject, label


def _members(store: GraphStore, names: Iterable[str]) -> Iterator[NamedNode]:
    for name in names:
        for quad in store.quads(None, A, NamedNode(name)):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject


def _spellings(text: str) -> set[str]:
    """A name as it is usually spelled: as given, in lower, upper and title case."""
    plain = unicodedata.normalize("NFKC", " ".join(text.split()))
    return {text, plain, plain.lower(), plain.upper(), plain.title(), plain.capitalize()}


_NOTES: Final = {
    "en": "There are more than {read} names, too many to look for near ones among all of them: "
    "not done for {classes}. Equal ones were looked up as written, in lower, upper and title case.",
    "zh": "名称超过 {read} 个，无法逐一比对相近者：{classes}未作比对。"
    "相同名称已按原文、小写、大写及首字母大写查找。",
}
