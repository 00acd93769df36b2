"""Resolution of parameter values: labels, CURIEs, IRIs, numbers and texts to RDF terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from numbers import Integral
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.errors import UnknownName, UsageError
from g60kg.model.dates import quarter_or_half
from g60kg.model.evidence_lookup import Labels
from g60kg.model.names import LANGUAGES, LONGEST_NAME, Names, folded, is_name_everywhere, one_width
from g60kg.model.sources import BEFORE_SOURCE_IDS
from g60kg.namespaces import BASE, A, compact, expand, g60, local_name
from g60kg.queries.catalog import FROM, TO, NamedQuery, Parameter, ParameterType
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.stores.base import GraphStore, Term, rows
from g60kg.stores.local_store import LocalStore, stated_pairs

if TYPE_CHECKING:
    from g60kg.model.ontology_lookup import Vocabulary

#: The largest value of a number.
LARGEST_NUMBER: Final = 999_999_999
_NUMBER: Final = re.compile("[+-]?[0-9]{1,9}")
#: The years that the filters `from` and `to` take.
YEARS: Final = range(1_000, 10_000)
#: What the query `search` takes for a word.
_WORD: Final = "[぀-鿿豈-﫿]+|[0-9a-zµß-öø-῿]+"
_BEGIN: Final = "(?<![0-9a-zµß-öø-῿])"


def check_years(first: str, last: str) -> None:
    """Raise UsageError if a first year is after the last; either may be empty."""
    if first and last and int(first) > int(last):
        raise UsageError(f"{FROM} {int(first)} is after {TO} {int(last)}.")


class Resolver:
    """Resolves names to the terms of a store."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        from g60kg.model.ontology_lookup import Vocabulary

        return Vocabulary(self._store)

    def terms(self, query: NamedQuery, given: Mapping[str, str | int]) -> dict[str, Term]:
        """Return the terms for given values, by parameter; raise UsageError for an invalid one."""
        found: dict[str, Term] = {}
        for name, text in given.items():
            parameter = query.parameter(name)
            try:
                found[name] = self._term(parameter, _checked(str(text)))
            except UsageError as error:
                error.message = f"{name}: {error.message}"
                raise
        ends = (found.get(name) for name in (FROM, TO))
        check_years(*(one.value if isinstance(one, Literal) else "" for one in ends))
        return found

    def _term(self, parameter: Parameter, text: str) -> Term:
        if parameter.name == "period" and (interval := quarter_or_half(text)):
            return Literal(interval)
        if parameter.type is ParameterType.STRING:
            return Literal(_listed(parameter, text) if parameter.enum else _searched(text))
        if parameter.type is ParameterType.INTEGER:
            number = int(text) if _NUMBER.fullmatch(text.strip()) else None
            if parameter.name in (FROM, TO) and number not in YEARS:
                raise UsageError(
                    f'"{excerpt(text)}" is not a year.',
                    hint="Give a year such as 2021. The query compare takes a month, a quarter or "
                    "a half-year: period=2021-Q3.",
                )
            if number is None:
                raise UsageError(f'"{excerpt(text)}" is not a whole number of up to 9 digits.')
            return Literal(number)
        vocabulary = self._vocabulary
        names = {
            "Class": lambda: vocabulary.class_names,
            "Property": lambda: vocabulary.property_names,
            "Measure": lambda: vocabulary.measure_names,
        }.get(parameter.of_class or "")
        if names is not None:
            allowed = frozenset(parameter.enum)
            return names().find(
                text,
                (parameter.of_class or "").lower(),
                (lambda iri: local_name(iri.value) in allowed) if allowed else None,
            )
        return self.entity(text, parameter.of_class)

    def entity(self, text: str, of_class: str | None = None) -> NamedNode:
        """Return the entity for a label (case-insensitive), a CURIE, an IRI or a local name.

        ``of_class`` is a class of the ontology, or several joined by " or "; None for any.

        >>> from g60kg.stores.local_store import LocalStore
        >>> Resolver(LocalStore.shipped()).entity("杭州", "Place").value
        'https://w3id.org/g60kg/id/hangzhou'

        Raises:
            Retracted: an entity of this CURIE, IRI or local name was retracted.
            UnknownName: no entity of the class has the name; the hint has the nearest ones.
            AmbiguousName: several have it.
            UsageError: the text is too long or not Unicode.
        """
        try:
            return self._entity(text, of_class)
        except UnknownName as error:
            from g60kg.model.history import retraction_by_name

            gone = retraction_by_name(self._store, text, of_source=of_class == "Source")
            raise gone or error from None

    def _entity(self, text: str, of_class: str | None) -> NamedNode:
        text = _checked(text)
        what = self._label_of_class(of_class)
        fits = self._fits(of_class)

        def exists(iri: NamedNode) -> bool:
            return any(True for _ in self._store.quads(iri, A, None)) and fits(iri)

        iri = expand(text)
        if of_class == "Source" and iri is None:
            for before in (*BEFORE_SOURCE_IDS, ""):
                named = expand(f"id:{before}{text}")
                if named is not None and fits(named):
                    return named
        if iri is not None:
            if exists(iri):
                return iri
            hint = self.all_names().hint(text, fits)
            raise UnknownName(f"There is no {what} {excerpt(text)}.", hint=hint)
        exact = {iri for iri in self._with_label(text) if fits(iri)}
        if len(exact) == 1:
            return exact.pop()
        local = None if exact else expand(f"id:{text}")
        if local is not None and exists(local):
            return local
        return self.all_names().find(text, what, fits)

    def _label_of_class(self, of_class: str | None) -> str:
        if of_class is None:
            return "entity"
        english = Labels(self._store, "en")
        return " or ".join(english.text(g60(name)) for name in of_class.split(" or "))

    def nearest(self, text: str) -> tuple[NamedNode, ...]:
        """Return the entities whose names are nearest to a text, nearest first.

        Empty if no name is near.
        """
        names = self.names
        found = (iri for name in names.nearest(text) for iri in names.meanings(name))
        return tuple(dict.fromkeys(found))

    @cached_property
    def names(self) -> Names:
        """The names of all entities, read once: entities added later may be missing."""
        return self.all_names()

    def texts_with(self, text: str) -> list[tuple[NamedNode, Literal]] | None:
        """Return the names and quotations with all words of a text, each with its property.

        A longer word that begins with one of these counts too. None for a store that cannot list
        them quickly.
        """
        if not isinstance(self._store, LocalStore):
            return None
        words = [
            re.compile(word if word[0] >= "぀" else _BEGIN + word)
            for word in re.findall(_WORD, text.lower())
        ]
        # A text of other scripts has no word: the query finds nothing then.
        found = self.texts if words else []
        return [(p, o) for lower, p, o in found if all(one.search(lower) for one in words)]

    @cached_property
    def texts(self) -> list[tuple[str, NamedNode, Literal]]:
        """The names and quotations of the store, read once.

        Each is in lower case, with its property, and as stated.
        """
        listed = " ".join(map(str, (*ns.NAMING, g60("slogan"), ns.EXACT)))
        text = f"SELECT DISTINCT ?p ?o {{ VALUES ?p {{ {listed} }} ?s ?p ?o }}"
        return [
            (one.value.lower(), naming, one)
            for naming, one in rows(self._store, text)
            if isinstance(naming, NamedNode) and isinstance(one, Literal)
        ]

    def _fits(self, of_class: str | None) -> Callable[[NamedNode], bool]:
        if of_class is None:
            return lambda iri: not iri.value.startswith(ns.NOT_ENTITIES)
        wanted = {g60(name).value for name in of_class.split(" or ")}
        above = self._vocabulary.superclasses

        # An entity that many sources name has a label, and all its types, once for each of them.
        @cache
        def is_one(iri: NamedNode) -> bool:
            types = (quad.object for quad in self._store.quads(iri, A, None))
            return any(
                not wanted.isdisjoint(above.get(kind.value, ()))
                for kind in types
                if isinstance(kind, NamedNode)
            )

        return is_one

    def _with_label(self, label: str) -> Iterator[NamedNode]:
        for naming in ns.NAMING:
            for language in LANGUAGES:
                name = Literal(label, language=language)
                for quad in self._store.quads(None, naming, name):
                    if isinstance(quad.subject, NamedNode) and is_name_everywhere(quad):
                        yield quad.subject

    def all_names(self) -> Names:
        """Return the names of all entities, read from the store at each call.

        Hidden labels in the graphs of sources are left out.
        """
        named = list(stated_names(self._store))
        self._store.prefetch(iri for iri, _ in named)
        entities = (one for one in named if not one[0].value.startswith(ns.NOT_ENTITIES))
        return Names((name.value, iri) for iri, name in entities)


def stated_names(store: GraphStore) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield each IRI with each of its names, except hidden names that hold in one source only."""
    hidden = filter(is_name_everywhere, store.quads(None, ns.HIDDEN_LABEL, None))
    pairs = [stated_pairs(store, naming) for naming in ns.NAMING if naming != ns.HIDDEN_LABEL]
    for iri, name in chain(*pairs, dict.fromkeys((one.subject, one.object) for one in hidden)):
        if isinstance(iri, NamedNode) and isinstance(name, Literal):
            yield iri, name


def answer_address(name: str, terms: Mapping[str, Term]) -> str:
    """Return the permanent address of a canned query's answer, which redirects as the IRIs do.

    >>> from g60kg.namespaces import entity
    >>> answer_address("projects", {"city": entity("songjiang")})
    'https://w3id.org/g60kg/queries/projects?city=id:songjiang'
    """
    given = {
        parameter: compact(found.value) if isinstance(found, NamedNode) else str(found.value)
        for parameter, found in terms.items()
    }
    asked = urlencode(given, safe=":")
    return f"{BASE}queries/{name}{'?' if asked else ''}{asked}"


def _listed(parameter: Parameter, text: str) -> str:
    """Return the value of a parameter's list that a text equals, without regard to case.

    Raise UsageError if no value does.
    """
    for value in parameter.enum:
        if folded(value) == folded(text):
            return value
    raise UsageError(
        f'"{excerpt(text)}" is not a value.', hint=f"One of: {', '.join(parameter.enum)}."
    )


def _searched(text: str) -> str:
    """Return a text to search for, normalised as names are, except for case.

    Raise UsageError without a letter or digit.
    """
    normalised = one_width(text)
    if not normalised:
        raise UsageError("The text is empty.")
    if not any(map(str.isalnum, normalised)):
        raise UsageError("The text has no letter, digit or Chinese character to search for.")
    return normalised


def _checked(text: str) -> str:
    """Return the text unchanged; raise UsageError if it is too long or not Unicode."""
    if not is_unicode(text):
        raise UsageError(f'"{excerpt(text)}" is not UTF-8.')
    if len(text) > LONGEST_NAME:
        raise UsageError(f"The value is longer than {LONGEST_NAME} characters: {text[:40]}….")
    return text


def checked_language(language: str) -> str:
    """Return the language of labels and messages unchanged; raise UsageError for an unknown one."""
    if language not in LANGUAGES:
        raise UsageError(
            f"No language {excerpt(str(language))}.", hint=f"Languages: {', '.join(LANGUAGES)}."
        )
    return language


def check_page(limit: object, offset: object) -> None:
    """Raise UsageError for a limit or an offset that is neither None nor a whole number from 0."""
    for name, value in (("limit", limit), ("offset", offset)):
        if value is not None and (not isinstance(value, Integral) or value < 0):
            raise UsageError(f"{name} is not a whole number from 0: {excerpt(repr(value))}.")
