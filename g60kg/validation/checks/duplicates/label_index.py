"""Index of labels: lookup by exact text, by spelling and by similarity.

Oxigraph finds a label only by its exact text and language. Other spellings need this index, which
takes about 10 ms per thousand labels. In a graph with more than :data:`READ` labels, only the
labels of entities in the classes of new entities are read, the smallest class first. All other
labels are found only in the usual spellings.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.model.change import Change
from g60kg.model.names import LANGUAGES, folded
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import HIDDEN_LABEL, LABEL, NAMING, NOT_ENTITIES, RESERVED_GRAPHS, A
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.duplicates.name_similarity import ANY, disguises, keys
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.texts import check_texts

#: Maximum number of labels that are read into the index.
READ: Final = 5_000
_NAMES: Final = tuple(name for name in NAMING if name != HIDDEN_LABEL)


class Directory:
    """The labels of a graph, including added ones.

    Attributes:
        new_names: the added labels and alternative names that their entity did not have, each with
            entity and property, sorted. Hidden labels, which several entities may share, are not
            included.
        new_entities: the entities that have a new label and had no class before.
    """

    def __init__(self, change: Change, vocabulary: Vocabulary) -> None:
        self._before, self._after = change.before, change.after
        self._added = change.added
        self._vocabulary = vocabulary
        self._indexes: list[_Index] = []
        self._kinds: dict[NamedNode, frozenset[str]] = {}
        self._named: dict[NamedNode, dict[str, str]] = {}
        self._unread: list[NamedNode] = []
        self._is_whole = True
        named = (
            (entity, of, name)
            for of in _NAMES
            for entity, name in set(_labels(change.added.quads(None, of, None)))
            if not any(change.before.quads(entity, of, name))
        )
        self.new_names = sorted(named, key=str)
        self.new_entities = {
            entity
            for entity, of, _ in self.new_names
            if of == LABEL and not any(change.before.quads(entity, A, None))
        }
        if self.new_names:
            self._read()

    def bearers(self, label: Literal) -> set[NamedNode]:
        """Return the entities whose label is the given text, ignoring case, width and language.

        If not all labels are indexed, the others are found only in the given language, English,
        Chinese or none, and as given, or in lower, upper, title or sentence case.
        """
        text = folded(label.value)
        found = {entity for index in self._indexes for entity in index.by_text.get(text, ())}
        if not self._is_whole:
            for text in _spellings(label.value):
                for language in {*LANGUAGES, None, label.language}:
                    spelled = Literal(text, language=language) if language else Literal(text)
                    found |= {e for e, _ in _labels(self._after.quads(None, LABEL, spelled))}
        return found

    def alike(self, label: Literal) -> set[NamedNode]:
        """Return the entities with a label that may be similar; the labels share one of their keys.

        They include entities whose label is one of the :func:`disguises` of the given label.
        """
        found = set(self._with(keys(label.value)))
        for read in disguises(label.value):
            if read != label.value.lower():
                found |= self.bearers(Literal(read))
                found.update(self._with(keys(read.replace(ANY, "x"))))
        return found

    def _with(self, some: Iterable[str]) -> Iterator[NamedNode]:
        return chain.from_iterable(i.by_key.get(key, ()) for key in some for i in self._indexes)

    def labels(self, entity: NamedNode) -> dict[str, str]:
        """Return one label of an entity by language; "" is the key if it has no language."""
        if entity not in self._named:
            labels = (label for _, label in _labels(self._after.quads(entity, LABEL, None)))
            found = {label.language or "": label.value for label in sorted(labels, key=str)}
            self._named[entity] = found
        return self._named[entity]

    def kind(self, entity: NamedNode) -> frozenset[str]:
        """Return the topmost superclasses of an entity's classes, such as place for a city."""
        if entity not in self._kinds:
            types = self._after.objects(entity, A)
            self._kinds[entity] = frozenset(
                top for node in types if isinstance(node, NamedNode) for top in self._tops(node)
            )
        return self._kinds[entity]

    def classes(self, entity: NamedNode) -> list[str]:
        """Return the IRIs of the most specific classes of an entity, sorted."""
        types = self._after.objects(entity, A)
        found = {node.value for node in types if isinstance(node, NamedNode)}
        above = self._vocabulary.superclasses
        general = {top for kind in found for top in above.get(kind, frozenset()) - {kind}}
        return sorted(found - general)

    def note(self, language: str) -> str | None:
        """Return a note that names the classes whose labels were not read; None without any."""
        if not self._unread:
            return None
        terms = MessageTerms(self._after, language)
        names = terms.listed(terms.name(name) for name in self._unread)
        return check_texts("names", language)["note"].format(read=f"{READ:,}", classes=names)

    def _read(self) -> None:
        """Index all labels; if they are more than :data:`READ`, only those of new entities' kinds.

        Then small kinds are first, and a kind is left out if more than READ entities would be read.
        """
        self._indexes = [_Index(_labels(self._added.quads(None, LABEL, None)))]
        whole = self._before.cached(_every_label.__qualname__, lambda: _every_label(self._before))
        if whole is not None:
            self._indexes.append(whole)
            return
        self._is_whole = False
        wanted = {top for entity in self.new_entities for top in self.kind(entity)}
        found = []
        for top in wanted:
            names = self._vocabulary.subclasses(NamedNode(top))
            found.append((list(islice(_members(self._before, names), READ + 1)), top))
        rest = READ
        for members, top in sorted(found, key=lambda pair: (len(pair[0]), pair[1])):
            if len(members) > rest:
                self._unread.append(NamedNode(top))
                continue
            rest -= len(members)
            self._after.prefetch(members)
            labels = (self._before.quads(member, LABEL, None) for member in dict.fromkeys(members))
            self._indexes.append(_Index(_labels(chain.from_iterable(labels))))

    def _tops(self, name: NamedNode) -> set[str]:
        above = self._vocabulary.superclasses
        own = {n for n in above.get(name.value, ()) if n in self._vocabulary.classes}
        return {top for top in own if not (own & above[top]) - {top}}


class _Index:
    def __init__(self, labels: Iterable[tuple[NamedNode, Literal]]) -> None:
        self.by_text: dict[str, set[NamedNode]] = defaultdict(set)
        self.by_key: dict[str, set[NamedNode]] = defaultdict(set)
        for entity, label in labels:
            self.by_text[folded(label.value)].add(entity)
            for key in keys(label.value):
                self.by_key[key].add(entity)


def _every_label(store: GraphStore) -> _Index | None:
    """Return an index of all labels; None if there are more than :data:`READ`."""
    quads = list(islice(store.quads(None, LABEL, None), READ + 1))
    return _Index(_labels(quads)) if len(quads) <= READ else None


def _labels(quads: Iterable[Quad]) -> Iterator[tuple[NamedNode, Literal]]:
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
    plain = unicodedata.normalize("NFKC", " ".join(text.split()))
    return {text, plain, plain.lower(), plain.upper(), plain.title(), plain.capitalize()}
