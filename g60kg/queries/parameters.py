"""What a user's words for a parameter mean: an entity, a class, a number, a piece of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.errors import UnknownName, UsageError
from g60kg.model.names import LONGEST_NAME, Names
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, NOT_ENTITIES, A, expand, g60, local_name, term
from g60kg.queries.catalog import NamedQuery, Parameter, ParameterType
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.stores.base import GraphStore, Term

#: A parameter of class City takes any Place: a province has cities, a district is one here.
WIDER: Final = {"City": "Place"}
_LANGUAGES: Final = ("en", "zh")


class Resolver:
    """Finds what names mean in one store."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._vocabulary = Vocabulary(store)

    def terms(self, query: NamedQuery, given: Mapping[str, str | int]) -> dict[str, Term]:
        """The RDF terms that the given words stand for, by parameter.

        Raises:
            UsageError: no such parameter, or a number that is none.
            UnknownName, AmbiguousName: a name that means nothing, or too much.
        """
        found: dict[str, Term] = {}
        for name, words in given.items():
            parameter = query.parameter(name)
            try:
                found[name] = self._term(parameter, _unicode(str(words)))
            except UsageError as error:
                raise type(error)(f"{name}: {error.message}", hint=error.hint) from None
        return found

    def _term(self, parameter: Parameter, words: str) -> Term:
        _check_length(words)
        if parameter.type is ParameterType.STRING:
            return Literal(words)
        if parameter.type is ParameterType.INTEGER:
            try:
                return Literal(str(int(words)), datatype=term("xsd:integer"))
            except ValueError:
                raise UsageError(f'"{excerpt(words)}" is not a whole number.') from None
        vocabulary = self._vocabulary
        names = {
            "Class": lambda: vocabulary.class_names,
            "Property": lambda: vocabulary.property_names,
            "Measure": lambda: vocabulary.property_names,
            "Modality": lambda: vocabulary.modality_names,
        }.get(parameter.of_class or "")
        if names is not None:
            allowed = frozenset(parameter.enum)
            return names().find(
                words,
                (parameter.of_class or "").lower(),
                (lambda iri: local_name(iri.value) in allowed) if allowed else None,
            )
        return self.entity(words, parameter.of_class)

    def entity(self, words: str, of_class: str | None = None) -> NamedNode:
        """The entity that a label in any case, a CURIE or an IRI means.

        >>> from g60kg.stores.local_store import LocalStore
        >>> Resolver(LocalStore.shipped()).entity("杭州", "City").value
        'https://w3id.org/g60kg/id/hangzhou'

        Raises:
            UnknownName: nothing of that class is called so; the nearest names are offered.
            AmbiguousName: more than one thing is called so.
            UsageError: the name is too long.
        """
        words = _unicode(words)
        _check_length(words)
        what = (of_class or "entity").lower()
        fits = self._fits(of_class)
        iri = expand(words)
        if iri is not None:
            if any(True for _ in self._store.quads(iri, A, None)) and fits(iri):
                return iri
            names = self.all_names(fits)
            raise UnknownName(f"No {what} {excerpt(words)}.", hint=names.hint(words))
        exact = {iri.value: iri for iri in self._bearing(words) if fits(iri)}
        if len(exact) == 1:
            return next(iter(exact.values()))
        return self.all_names(fits).find(words, what)

    def nearest(self, words: str) -> tuple[NamedNode, ...]:
        """The entities whose names are nearest to those words, nearest first; none if none is."""
        names = self._names_at_first
        found = (iri for name in names.nearest(words) for iri in names.meanings(name))
        return tuple(dict.fromkeys(found))

    @cached_property
    def _names_at_first(self) -> Names:
        """Every name, gathered once: for hints, which what was added since may be missing in."""
        return self.all_names(self._fits(None))

    def _fits(self, of_class: str | None) -> Callable[[NamedNode], bool]:
        if of_class is None:
            return lambda iri: not iri.value.startswith(NOT_ENTITIES)
        wanted = g60(WIDER.get(of_class, of_class)).value
        above = self._vocabulary.superclasses

        # An entity that many sources name has a label, and all its types, once for each of them.
        @cache
        def is_one(iri: NamedNode) -> bool:
            types = (quad.object for quad in self._store.quads(iri, A, None))
            return any(
                wanted in above.get(kind.value, ()) for kind in types if isinstance(kind, NamedNode)
            )

        return is_one

    def _bearing(self, label: str) -> Iterator[NamedNode]:
        """Those that bear exactly this label: an index look-up, whatever the graph's size."""
        for language in _LANGUAGES:
            for quad in self._store.quads(None, LABEL, Literal(label, language=language)):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject

    def all_names(self, fits: Callable[[NamedNode], bool]) -> Names:
        """Every name of the entities that fit: reads all labels of the store."""
        names = Names()
        labels = list(self._store.quads(None, LABEL, None))
        self._store.expect(q.subject for q in labels if isinstance(q.subject, NamedNode))
        for quad in labels:
            subject, label = quad.subject, quad.object
            if (
                isinstance(subject, NamedNode)
                and isinstance(label, Literal)
                and not subject.value.startswith(NOT_ENTITIES)
                and fits(subject)
            ):
                names.add(label.value, subject)
        return names


def _unicode(words: str) -> str:
    """Those words.

    Raises:
        UsageError: they have surrogates, which is how Python holds bytes that are not UTF-8.
    """
    if not is_unicode(words):
        raise UsageError(f'"{excerpt(words)}" is not UTF-8.')
    return words


def _check_length(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise UsageError(f"The name is longer than {LONGEST_NAME} characters: {name[:40]}….")
