"""Names that a question can have: of entities, classes, measures and listed values of a store."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.names import is_chinese
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.model.sources import source_name
from g60kg.namespaces import PREFIXES, A, entity, g60, local_name, term
from g60kg.queries.ask.chinese_spelling import corrected_spelling, gaps
from g60kg.queries.ask.figure_lookup import FigureLookup
from g60kg.queries.ask.query_ranking import query_ranking
from g60kg.queries.ask.question_tokens import USUAL_WORDS, is_character, keys, share_of_name
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.parameters import stated_names
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import stated_pairs

#: What is in the name of a measure that counts what is new.
_NEW: Final = "new-"
_PUBLISHER: Final = g60("publisher")
_NUMBER: Final = term("unit:NUM")
_LOWER: Final = re.compile(r"\b[a-z]{2,}\b")
#: What is between the names of a publisher and of the one that it reprints.
_IN_PUBLISHER: Final = re.compile(r"\s*(?:\((?:from )?|\))")
#: The least number of first letters that are a name.
_INITIALS: Final = 4
#: The most entities that a short form can mean.
MOST_MEANINGS: Final = 3
#: How much of an entity's name a question must have, if it leaves words out.
_MOST_OF: Final = 0.7
#: The classes of entities with names of many words, which are seldom written in full.
_LONG_NAMED: Final = frozenset(("Organization", "Facility", "Event", "Project", "Product", "Zone"))
#: What every text of the graph is about.
CORRIDOR: Final = entity("corridor")
#: Where everything is.
CHINA: Final = entity("china")


class NameKind(StrEnum):
    """What a name in a question names; ``VALUE`` is an individual of the ontology."""

    ENTITY = "entity"
    MEASURE = "measure"
    CLASS = "class"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means.

    Attributes:
        iri: an entity, a measure, a class, or an individual of the ontology.
        classes: the local names of the entity's classes and their superclasses; for a class, its
            own name and those of its superclasses; empty for an individual of the ontology.
    """

    kind: NameKind
    iri: NamedNode
    classes: frozenset[str]


class Lexicon(FigureLookup):
    """The names of a store that questions can use, read once; later names are not seen."""

    def __init__(self, store: GraphStore) -> None:
        super().__init__(store)
        self._vocabulary = Vocabulary(store)
        self._iris: defaultdict[tuple[str, ...], dict[str, NamedNode]] = defaultdict(dict)
        self._longest: dict[str, int] = {}
        self._names: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._written: dict[str, set[str]] = defaultdict(set)
        self._meanings: dict[str, Meaning | None] = {}
        self._topics: dict[str, list[list[str]]] = {}
        #: The words of the ontology's labels, which a question may have.
        self.ontology_words: set[str] = set()
        words = question_vocabulary()
        for iri, name in stated_names(store):
            self._add(iri, name.value)
            if iri.value.startswith(ns.NOT_ENTITIES):
                self.ontology_words.update(words.features(name.value))
                if is_chinese(name.value):
                    for other in words.synonyms_of(name.value):
                        self._add(iri, other)
        acronyms: defaultdict[str, set[str]] = defaultdict(set)
        # A measure that counts patents is found by "patents", unless that means something else.
        for measure, names in [(iri, self._written[iri]) for iri in self._vocabulary.measures]:
            for stem in [stem for name in sorted(names) for stem in words.count_stems(name)]:
                known = all(word in query_ranking().vocabulary for word in words.features(stem))
                if not known and words.compared(stem) not in self._iris:
                    self._add(NamedNode(measure), stem)
            ratio = self._vocabulary.measures[measure].statistic == g60("Ratio")
            for stem in {name.removesuffix(" rate").removesuffix("率") for name in names} - names:
                if ratio and len(key := words.compared(stem)) > 1 and key not in self._iris:
                    self._add(NamedNode(measure), stem)
        for name, others in words.content["everyday_names"].items():
            for word in [one for one in others if words.compared(one) not in self._iris]:
                for found in self._iris.get(words.compared(name), {}).values():
                    self._add(found, word)
        for individual in self._vocabulary.individuals:
            self._add(NamedNode(individual), local_name(individual))
        # A ministry is known by the first letters of its name.
        for full in [full for names in self._written.values() for full in names]:
            initials = "".join(word[0] for word in full.split() if word[0].isupper())
            if len(initials) >= _INITIALS and keys(initials) not in self._iris:
                acronyms[initials].update(self._iris[words.compared(full)])
        for initials, iris in acronyms.items():
            if len(iris) == 1:
                self._add(NamedNode(*iris), initials)
        self._add_publishers()

    def _add_publishers(self) -> None:
        sources: defaultdict[str, set[NamedNode]] = defaultdict(set)
        self._sources: set[str] = set()
        parts: defaultdict[str, set[NamedNode]] = defaultdict(set)
        for one, publisher in stated_pairs(self._store, _PUBLISHER):
            if isinstance(one, NamedNode) and isinstance(publisher, Literal):
                self._add(one, source_name(one.value))
                self._sources.add(one.value)
                sources[publisher.value].add(one)
                # "Daily Mail (from Reuters)" has two names.
                for part in _IN_PUBLISHER.split(publisher.value):
                    parts[part].add(one)
        compared = question_vocabulary().compared
        for named in (sources, parts):
            for name in [name for name in named if compared(name) not in self._iris]:
                for source in named[name]:
                    self._add(source, name)

    def _add(self, iri: NamedNode, name: str) -> None:
        key = question_vocabulary().compared(name)
        # One Chinese character, or words without meaning, would be found everywhere.
        if not key or (len(key) == 1 and is_character(key[0])):
            return
        if all(part in question_vocabulary().fillers for part in key):
            return
        # "Director" as the name of one post would be found by each word that means the same.
        if len(key) == 1 and key != keys(name) and not iri.value.startswith(ns.NOT_ENTITIES):
            return
        self._iris[key][iri.value] = iri
        self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
        self._names[iri.value].append(key)
        self._written[iri.value].add(name)

    def longest(self, key: str) -> int:
        """Return the most tokens of a name that starts with a token; 0 without such a name."""
        return self._longest.get(key, 0)

    def meanings(self, key: tuple[str, ...]) -> tuple[Meaning, ...]:
        """Return the meanings of a name's tokens, sorted; no sources if others have the name."""
        found = self._iris.get(key, {})
        return self._all(map(NamedNode, found.keys() - self._sources or found))

    def _all(self, iris: Iterable[NamedNode]) -> tuple[Meaning, ...]:
        found = (self._meaning(iri) for iri in sorted(iris, key=str))
        return tuple(meaning for meaning in found if meaning is not None)

    def _meaning(self, iri: NamedNode) -> Meaning | None:
        if iri.value not in self._meanings:
            self._meanings[iri.value] = self._read(iri)
        return self._meanings[iri.value]

    def _read(self, iri: NamedNode) -> Meaning | None:
        vocabulary = self._vocabulary
        if iri.value in vocabulary.classes:
            return Meaning(NameKind.CLASS, iri, _local(vocabulary.with_superclasses([iri])))
        if iri.value in vocabulary.individuals:
            return Meaning(NameKind.VALUE, iri, frozenset())
        if iri.value.startswith(ns.NOT_ENTITIES):
            return None
        classes = _local(vocabulary.with_superclasses(self._store.objects(iri, A)))
        kind = NameKind.MEASURE if "Measure" in classes else NameKind.ENTITY
        return Meaning(kind, iri, classes) if classes else None

    def names_of(self, iri: NamedNode) -> frozenset[str]:
        """Return the names of an entity, as written; empty if it has none."""
        return frozenset(self._written.get(iri.value, ()))

    def keys_of(self, iri: NamedNode) -> Sequence[tuple[str, ...]]:
        """Return the names of an entity, each as its tokens; empty if it has none."""
        return self._names.get(iri.value, ())

    def topic_features(self, iri: NamedNode) -> list[list[str]]:
        """Return the words of each name of an entity, synonyms replaced, without stop words."""
        if iri.value not in self._topics:
            words = question_vocabulary()
            self._topics[iri.value] = [
                [word for word in words.features(name) if word not in words.fillers]
                for name in sorted(self.names_of(iri))
            ]
        return self._topics[iri.value]

    def counting_measure(self, category: NamedNode) -> tuple[Meaning, ...]:
        """Return the measure that most often counts a category; empty without such a measure.

        A measure of what is new is returned if there is no other.
        """
        counted = Counter(
            quad.object
            for figure in self._store.subjects(ns.CATEGORY, category)
            for quad in self._store.quads(figure, ns.OBSERVED_MEASURE, None)
            if isinstance(quad.object, NamedNode) and self.counts(quad.object)
        )
        new = {one: _NEW in local_name(one.value) for one in counted}
        order = sorted(counted, key=lambda one: (new[one], -counted[one], one.value))
        return self._all(order[:1])

    def counts(self, measure: NamedNode) -> bool:
        """Return whether a measure is a number of something, and no share or rank of it."""
        known = self._vocabulary.measures.get(measure.value)
        return known is not None and known.statistic == g60("Level") and _NUMBER in known.units

    def of_statistic(self, measure: NamedNode, statistic: str) -> Meaning | None:
        """Return the measure that is a statistic (such as ``Share``) of another one, else None."""
        for other in self._vocabulary.measures.values():
            if other.base == measure and other.statistic == g60(statistic):
                return self._meaning(other.iri)
        return None

    def shares_of(self, measure: NamedNode) -> Iterator[Meaning]:
        """Yield the measures whose names end with "as a share of" and a name of ``measure``."""
        ends = tuple(f"as a share of {name}" for name in self._written[measure.value])
        for iri in self._vocabulary.measures:
            if any(name.endswith(ends) for name in self._written[iri]):
                yield from self._all([NamedNode(iri)])

    @cached_property
    def _by_word(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for iri, names in self._names.items():
            if not iri.startswith(ns.NOT_ENTITIES):
                for word in {part for key in names for part in key}:
                    found[word].add(iri)
        return dict(found)

    @cached_property
    def lower_case(self) -> frozenset[str]:
        """The words that names have in lower case, such as "back", except stop words."""
        names = (name for written in self._written.values() for name in written)
        words = (word for name in names for word in _LOWER.findall(name))
        return frozenset(words) - question_vocabulary().fillers

    @cached_property
    def name_parts(self) -> frozenset[str]:
        """The tokens of names that have two or more characters and are not Chinese."""
        return frozenset(
            part for key in self._iris for part in key if len(part) > 1 and not is_chinese(part)
        )

    def short_form(self, word: str) -> tuple[Meaning, ...]:
        """Return the meanings of a word of a name; if over three, the likeliest; if still so, none.

        The likeliest are measures, else entities whose names begin with it; shortest names count.
        """
        found = self._by_word.get(word, set())
        # A title has words of what it is about.
        found = found - self._sources or found
        if len(found) > MOST_MEANINGS:
            # "investment" is rather "total investment" than a measure with a longer name, and
            # "Efort" the company whose name begins with it, not its research center.
            begin = {one for one in found if any(self._begins(k, word) for k in self._names[one])}
            choices = (found & self._vocabulary.measures.keys(), *self._named_first(begin))
            lengths = {
                iri: min(len(key) for key in self._names[iri] if word in key)
                for iri in next(filter(None, choices), ())
            }
            shortest = min(lengths.values(), default=0)
            found = {iri for iri, length in lengths.items() if length == shortest}
        return self._all(map(NamedNode, found)) if len(found) <= MOST_MEANINGS else ()

    def _begins(self, key: tuple[str, ...], word: str) -> bool:
        of_place = any("SpatialThing" in one.classes for one in self.meanings(key[:1]))
        return word in key[: 1 + of_place]

    def _named_first(self, iris: Iterable[str]) -> Iterator[set[str]]:
        classes = {one.iri.value: one.classes for one in self._all(map(NamedNode, iris))}
        for wanted in ({"Enterprise"}, {"Organization", "Facility"}, _LONG_NAMED):
            yield {iri for iri, own in classes.items() if own & wanted}

    def _having(self, words: set[str]) -> set[str]:
        """Return the IRIs whose names together have all of the words; empty without words."""
        found = sorted((self._by_word.get(word, set()) for word in words or {""}), key=len)
        return set.intersection(*found) if found[0] else set()

    @cached_property
    def _fillers(self) -> frozenset[str]:
        words = question_vocabulary().fillers - self.name_parts
        return frozenset(word for word in words if len(word) > 1)

    def name_with(self, words: Iterable[str]) -> tuple[Meaning, ...]:
        """Return the one long-named entity of highest :func:`share_of_name` (0.7 or more), if any.

        Empty for a single word, and if the first or last word is a usual one, except "g60".
        """
        listed = list(words)
        inside = (word for word in listed[1:-1] if word not in self._fillers)
        listed = [*listed[:1], *inside, *listed[1:][-1:]]
        if not (USUAL_WORDS - {"g60"}).isdisjoint((listed[0], listed[-1])):
            return ()
        parts = set(listed) - USUAL_WORDS
        shares = {
            one: max(share_of_name(listed, key) for key in self._names[one.iri.value])
            for one in self._all(map(NamedNode, self._having(parts)))
            if not _LONG_NAMED.isdisjoint(one.classes)
        }
        most = max(_MOST_OF, *shares.values(), 0.0)
        near = tuple(one for one, share in shares.items() if share == most)
        return near if len(near) == 1 < len(parts) else ()

    def instances_with(self, words: set[str], classes: set[str]) -> tuple[Meaning, ...]:
        """Return the entities of any of the classes that have all of the words in their names."""
        meanings = self._all(map(NamedNode, self._having(words)))
        return tuple(
            one for one in meanings if one.kind is NameKind.ENTITY and classes & one.classes
        )

    def concepts_of(self, words: set[str], others: Collection[str]) -> tuple[Meaning, ...]:
        """Return the one concept with a name of ``words`` and some of ``others``, else empty."""
        found = [
            iri
            for iri in self._having(words)
            if any(
                words < {*key} and all(part in others for part in {*key} - words - USUAL_WORDS)
                for key in self._names[iri]
            )
        ]
        meanings = self._all(map(NamedNode, found))
        return tuple(one for one in meanings if "Concept" in one.classes) if len(found) == 1 else ()

    def corrected_spelling(self, text: str, at: int) -> str | None:
        """Return the name or synonym with another, like-sounding character at ``at``, or None.

        None also for a text that is in a name.
        """
        if any(text in part for part, _ in self._chinese):
            return None  # a part of a name is right: 联席
        return corrected_spelling(self._gaps, text, at)

    @cached_property
    def _gaps(self) -> Mapping[tuple[str, str], str]:
        return gaps({*map("".join, self._iris), *question_vocabulary().synonyms})

    def chinese_short_form(self, text: str) -> tuple[Meaning, ...]:
        """Return the at most three entities of the shortest Chinese name with a text, else none."""
        longer = [
            (part, key)
            for part, key in self._chinese
            if text in part and (2 * len(text) > len(key) or not self._are_concepts(key))
        ]
        shortest = min((len(part) for part, _ in longer), default=0)
        return self._few(key for part, key in longer if len(part) == shortest)

    def _are_concepts(self, key: tuple[str, ...]) -> bool:
        return all("Concept" in one.classes for one in self.meanings(key))

    def one_character_off(self, text: str) -> tuple[Meaning, ...]:
        """Return the entities whose Chinese name differs in one character; empty if over three."""
        return self._few(
            key
            for part, key in self._chinese
            if len(part) == len(text) and sum(a != b for a, b in zip(part, text, strict=True)) == 1
        )

    def _few(self, names: Iterable[tuple[str, ...]]) -> tuple[Meaning, ...]:
        found = {iri for key in names for iri in self._iris[key].values()}
        found = {iri for iri in found if not iri.value.startswith(ns.NOT_ENTITIES)}
        return self._all(found) if len(found) <= MOST_MEANINGS else ()

    @cached_property
    def _chinese(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            ("".join(run), key)
            for key in self._iris
            for chinese, run in groupby(key, is_character)
            if chinese
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that a question may have beside names, from the ontology and query headers."""
        return frozenset((*self.ontology_words, *query_ranking().vocabulary))


def class_named(name: str) -> NamedNode:
    """Return the class with the local name of a column: ``enterprise`` gives g60:Enterprise."""
    return g60(name[:1].upper() + name[1:])


def _local(iris: Iterable[str]) -> frozenset[str]:
    return frozenset(local_name(iri) for iri in iris if iri.startswith(PREFIXES["g60"]))
