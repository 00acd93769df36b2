"""Names of IRIs: normalisation, an index from names to IRIs, and suggestions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.errors import AmbiguousName, UnknownName
from g60kg.namespaces import HIDDEN_LABEL, NAME_GRAPHS, NAMING, compact, expand
from g60kg.rdf.text_excerpt import NOT_XML, excerpt
from g60kg.stores.base import GraphStore

#: The languages of labels, messages and pages; the first is the default.
LANGUAGES: Final = ("en", "zh")

#: Suggestions of an error message: maximum number, minimum similarity (0 to 100), and maximum
#: difference in similarity from the best one.
CANDIDATES: Final = 3
NEARNESS: Final = 60.0
BEHIND: Final = 10.0
#: Minimum similarity of a slip: a letter of ten is missing or exchanged.
SLIP: Final = 90.0
#: Similarity of a Chinese name to one that contains it.
CONTAINED: Final = 90.0
#: Maximum characters of a Chinese name that is compared as one part.
_SHORT: Final = 3
#: A name that much longer or shorter is near only if a word has the same beginning, or if it has
#: nearly all letters of the other, in their order.
_AS_LONG: Final = 1.5
_CONTAINED_LETTERS: Final = 75.0
_BEGINNING: Final = 3
#: Words that do not make two names similar.
_INSIGNIFICANT: Final = frozenset(("a", "at", "by", "for", "in", "of", "on", "the", "to", "with"))

#: Zero-width characters that copied text can contain; they are deleted.
NO_WIDTH: Final = str.maketrans("", "", "\u200b\u2060\ufeff\u00ad")

#: Characters without width or ink; also letters, such as the Hangul filler.
_NO_INK: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE: Final = re.compile(f"[{_NO_INK}]")
#: A visible character, the same as in the shape of labels: not one of these, no white space, no
#: control, combining mark or character for private use.
_VISIBLE: Final = re.compile(
    rf"[^\s{_NO_INK}\x7f-\x9f\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    r"\ue000-\uf8ff\ufe20-\ufe2f\U000f0000-\U0010ffff]"
)


def has_ink(text: str) -> bool:
    """Return whether a text has a visible character.

    >>> has_ink("\u0301\u3164 \ue000"), has_ink("\x01"), has_ink("?")
    (False, False, True)
    """
    return _VISIBLE.search(NOT_XML.sub("", text)) is not None


#: Maximum characters of a name to look up: the cost is its length times the number of names.
LONGEST_NAME: Final = 400

#: A Chinese character; a text, since compiling it takes 3 ms.
CHINESE: Final = "[㐀-䶿一-鿿豈-﫿]"


def is_chinese(text: str) -> bool:
    """Return whether a text has a Chinese character.

    >>> is_chinese("松江 G60"), is_chinese("Songjiang")
    (True, False)
    """
    return not text.isascii() and bool(re.search(CHINESE, text))


def simplified(text: str) -> str:
    """Return a text with simplified Chinese characters; unchanged without the extra `traditional`.

    >>> simplified("芜湖")
    '芜湖'
    """
    try:
        # GB 2312 has the simplified characters alone.
        "".join(re.findall(CHINESE, text)).encode("gb2312")
    except UnicodeEncodeError:
        return _converter()(text)
    return text


@cache
def _converter() -> Callable[[str], str]:
    try:
        from opencc import OpenCC
    except ImportError:
        return str
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def one_width(text: str) -> str:
    """Return a text in NFKC, without soft hyphens and spaces of no width, trimmed.

    Other white space is one space.

    >>> one_width(" Songjiang  Ｇ６０ ")
    'Songjiang G60'
    """
    return " ".join(unicodedata.normalize("NFKC", text).translate(NO_WIDTH).split())


def folded(name: str) -> str:
    """Return a name normalised for comparison: case, width, white space and zero-width characters.

    >>> folded("  Fosun  PHARMA "), folded("杭 州")
    ('fosun pharma', '杭州')
    """
    text = one_width(name).casefold()
    if text.isascii() or " " not in text:
        return text
    # White space between Chinese characters separates no words.
    return re.sub(f"(?<={CHINESE}) (?={CHINESE})", "", text)


def names_of(store: GraphStore, iri: NamedNode) -> Iterator[Literal]:
    """Yield the labels of an entity, and then its alternative and hidden names."""
    for naming in NAMING:
        for name in store.objects(iri, naming):
            if isinstance(name, Literal):
                yield name


def is_name_everywhere(quad: Quad) -> bool:
    """Return whether a statement of a name holds in every source.

    A hidden label that a source declares, such as "the project", is a name in this source alone.
    """
    return quad.predicate != HIDDEN_LABEL or quad.graph_name in NAME_GRAPHS


class Names:
    """An index from names to IRIs: an IRI can have many names, a name many IRIs."""

    def __init__(self, named: Iterable[tuple[str, NamedNode]] = ()) -> None:
        self._meanings: dict[str, dict[str, NamedNode]] = {}
        self._written: dict[str, str] = {}
        self._known: set[str] = set()
        for name, iri in named:
            self.add(name, iri)

    def copy(self) -> Names:
        """Return an index with the same names, to which others can be added."""
        copied = Names()
        copied._meanings = {name: dict(found) for name, found in self._meanings.items()}
        copied._written, copied._known = dict(self._written), set(self._known)
        return copied

    def add(self, name: str, iri: NamedNode) -> None:
        """Add a name of an IRI."""
        key = folded(name)
        self._meanings.setdefault(key, {})[iri.value] = iri
        self._written.setdefault(key, name)
        self._known.add(iri.value)

    def meanings(self, name: str) -> tuple[NamedNode, ...]:
        """Return every IRI of a name, sorted; empty for an unknown name.

        Case, width and the amount of white space between words do not count.
        """
        found: Mapping[str, NamedNode] = self._meanings.get(folded(name), {})
        return tuple(found[iri] for iri in sorted(found))

    def find(
        self,
        text: str,
        what: str,
        fits: Callable[[NamedNode], bool] | None = None,
        suggest: Callable[[NamedNode], bool] | None = None,
    ) -> NamedNode:
        """Return the one IRI of a label (any case), local name, CURIE or IRI.

        Args:
            what: the kind of entity, for messages: "city", "property".
            fits: returns whether an IRI can be meant, also one given as a CURIE or IRI; None for
                any.
            suggest: returns whether an IRI can be suggested; ``fits`` if it is None.

        Raises:
            UnknownName: no IRI has that name; the hint suggests the nearest names.
            AmbiguousName: several have it; the message lists them.
        """
        suggest = suggest or fits
        iri = expand(text)
        if iri is not None:
            if iri.value in self._known and (fits is None or fits(iri)):
                return iri
            raise UnknownName(f"There is no {what} {excerpt(text)}.", hint=self.hint(text, suggest))
        found = [iri for iri in self.meanings(text) if fits is None or fits(iri)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(compact(iri.value) for iri in found)
            raise AmbiguousName(f'"{excerpt(text)}" is the name of more than one {what}: {names}.')
        raise UnknownName(f'No {what} is called "{excerpt(text)}".', hint=self.hint(text, suggest))

    def nearest(
        self, text: str, fits: Callable[[NamedNode], bool] | None = None
    ) -> tuple[str, ...]:
        """Return up to three names similar to a text, best first; empty if none is similar.

        ``fits`` returns whether an IRI can be meant; None for any.
        """
        if len(text) > LONGEST_NAME:
            return ()
        near: dict[tuple[NamedNode, ...], str] = {}
        least = NEARNESS
        for name, meanings, score in self.similar(
            text.rpartition(":")[2].replace("-", " ") if expand(text) else text
        ):
            if score < least or len(near) == CANDIDATES:
                break
            if meanings := tuple(filter(fits, meanings)) if fits else meanings:
                least = max(least, score - BEHIND)
                # A label and a local name of one entity are one suggestion.
                near.setdefault(meanings, name)
        return tuple(near.values())

    def iri_of_misspelling(self, text: str) -> NamedNode | None:
        """Return the IRI of a name of which a text misspells at most one letter in ten.

        None if there is no such name, or if several IRIs have one.

        >>> names = Names([("located in", NamedNode("a:1")), ("founded", NamedNode("a:2"))])
        >>> names.iri_of_misspelling("locatd in"), names.iri_of_misspelling("founder")
        (<NamedNode value=a:1>, None)
        """
        from rapidfuzz import fuzz, process

        text, keys = folded(text[:LONGEST_NAME]), self._meanings.keys()
        near = process.extract(text, keys, scorer=fuzz.ratio, limit=None, score_cutoff=SLIP)
        meant = {iri for key, _, _ in near for iri in self._meanings[key].values()}
        return meant.pop() if len(meant) == 1 else None

    def is_misspelling(self, text: str) -> bool:
        """Return whether no IRI has a name, but one has a name that differs in one letter.

        False for one or two characters.

        >>> names = Names([("Hefei", NamedNode("a:1"))])
        >>> [names.is_misspelling(name) for name in ("Heifei", "Hefei", "Hefei City")]
        [True, False, False]
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        name, keys = folded(text[:LONGEST_NAME]), self._meanings.keys()
        if name in keys or len(name) < _SHORT:
            return False
        return process.extractOne(name, keys, scorer=OSA.distance, score_cutoff=1) is not None

    def similar(self, text: str) -> Iterator[tuple[str, tuple[NamedNode, ...], float]]:
        """Yield the names that are similar to a text, best first, each with its IRIs.

        The number is the similarity, from 60 to 100.
        """
        # Sorted, so that the order of equally similar names is the same in every process.
        for key, score in _scored(simplified(folded(text)), sorted(self._meanings)):
            yield self._written[key], tuple(self._meanings[key].values()), score

    def beginning(self, prefix: str) -> Iterator[tuple[str, tuple[NamedNode, ...]]]:
        """Yield the names with a word that begins with a text, each with its IRIs.

        Names that begin with it come first, then the shortest. Chinese is found anywhere.

        >>> names = Names([("Fosun Pharma", NamedNode("a:1")), ("复星医药", NamedNode("a:1"))])
        >>> [name for name, _ in names.beginning("pha")]
        ['Fosun Pharma']
        >>> [name for name, _ in names.beginning("医")]
        ['复星医药']
        """
        wanted = folded(prefix)
        inside = wanted if is_chinese(wanted) else f" {wanted}"
        found = [key for key in self._meanings if key.startswith(wanted) or inside in key]
        for key in sorted(found, key=lambda key: (not key.startswith(wanted), len(key), key)):
            yield self._written[key], tuple(self._meanings[key].values())

    def hint(self, text: str, fits: Callable[[NamedNode], bool] | None = None) -> str | None:
        """Return the nearest names as a question; None if no name is near."""
        near = self.nearest(text, fits)
        return f"Did you mean {', '.join(near)}?" if near else None


def _beginnings(name: str) -> set[str]:
    return {word[:_BEGINNING] for word in name.split()}


def _significant(name: str) -> str:
    return " ".join(word for word in name.split() if word not in _INSIGNIFICANT) or name


def _scored(wanted: str, keys: list[str]) -> list[tuple[str, float]]:
    """Return the keys similar to a name after :func:`folded`, each with its similarity.

    The similarity is from 60 to 100. The most similar key is first.
    """
    # Imported here: only an unknown name needs it.
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import JaroWinkler

    if not is_chinese(wanted):
        found = process.extract(wanted, keys, scorer=fuzz.WRatio, limit=None, score_cutoff=NEARNESS)

        # Many longer names can contain a name: of equal scores, the nearest length comes first.
        def rank(one: tuple[str, float, int]) -> tuple[float, int, int]:
            return -one[1], abs(len(one[0]) - len(wanted)), len(one[0])

        begin, main = _beginnings(wanted), _significant(wanted)
        return [
            (key, score)
            for key, score, _ in sorted(found, key=rank)
            # "talent" has letters of "nonexistent", and is no slip of it.
            if (
                max(len(key), len(wanted)) < _AS_LONG * min(len(key), len(wanted))
                or not begin.isdisjoint(_beginnings(key))
                or fuzz.ratio(key, wanted) >= _CONTAINED_LETTERS
            )
            # "signed by" and "rank by output" have a word in common, and not their meaning.
            if fuzz.WRatio(_significant(key), main) >= NEARNESS
        ]
    # Chinese names can have two characters: one wrong of two is similar, depending on its position.
    scores: dict[str, float] = {}
    for scorer, full in ((JaroWinkler.normalized_similarity, 1), (fuzz.WRatio, 100)):
        if full == 1 or len(wanted) > _SHORT:
            cutoff = NEARNESS / 100 * full
            for key, score, _ in process.extract(
                wanted, keys, scorer=scorer, limit=None, score_cutoff=cutoff
            ):
                scores[key] = max(scores.get(key, 0.0), score / full * 100)
    for key in keys:
        if min(len(wanted), len(key)) > 1 and (wanted in key or key in wanted):
            scores[key] = max(scores.get(key, 0.0), CONTAINED)
    # Two names with one other character are equally similar: the beginning counts more.
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0][:1] != wanted[:1]))
