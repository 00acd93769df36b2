"""Names for IRIs: labels and local names, the slug of a label, and finding what a name means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import AmbiguousName, UnknownName
from g60kg.namespaces import compact, expand
from g60kg.rdf.text_excerpt import excerpt

#: Candidates that an error message offers, how near (0 to 100) they must be, and how much less
#: near than the nearest they may be.
CANDIDATES: Final = 3
NEARNESS: Final = 60.0
BEHIND: Final = 20.0
#: How near a Chinese name is to one that contains it.
CONTAINED: Final = 90.0
#: Characters of a Chinese name that is compared as one, not by its parts.
_SHORT: Final = 3

#: Characters without width that copied text brings into names, to be deleted.
NO_WIDTH: Final = str.maketrans("", "", "\u200b\u2060\ufeff\u00ad")

#: Characters of a name that is looked up: comparing costs its length times the number of names.
LONGEST_NAME: Final = 400

_CJK: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿]")


def is_chinese(text: str) -> bool:
    """Whether a text has a Chinese character in it.

    >>> is_chinese("松江 G60"), is_chinese("Songjiang")
    (True, False)
    """
    return bool(_CJK.search(text))


def folded(name: str) -> str:
    """A name as it is compared: case, width and runs of white space make no difference.

    Nor do characters that have no width.

    >>> folded("  Fosun  PHARMA ")
    'fosun pharma'
    """
    return " ".join(unicodedata.normalize("NFKC", name).translate(NO_WIDTH).casefold().split())


class Names:
    """An index from names to IRIs. One IRI can have many names; one name can mean many IRIs."""

    def __init__(self, named: Iterable[tuple[str, NamedNode]] = ()) -> None:
        self._meanings: dict[str, dict[str, NamedNode]] = {}
        self._written: dict[str, str] = {}
        self._known: set[str] = set()
        for name, iri in named:
            self.add(name, iri)

    def add(self, name: str, iri: NamedNode) -> None:
        """Lets a name mean an IRI too."""
        key = folded(name)
        self._meanings.setdefault(key, {})[iri.value] = iri
        self._written.setdefault(key, name)
        self._known.add(iri.value)

    def meanings(self, name: str) -> tuple[NamedNode, ...]:
        """Every IRI that bears exactly this name, sorted."""
        found: Mapping[str, NamedNode] = self._meanings.get(folded(name), {})
        return tuple(found[iri] for iri in sorted(found))

    def find(
        self,
        text: str,
        what: str,
        fits: Callable[[NamedNode], bool] | None = None,
        suggest: Callable[[NamedNode], bool] | None = None,
    ) -> NamedNode:
        """The one IRI that a label (any case), a local name, a CURIE or an IRI means.

        Args:
            text: the name as the user wrote it.
            what: what is looked for, for the message: "city", "property".
            fits: keeps those meanings for which it is true; a CURIE or IRI must fit too.
            suggest: which meanings are offered for an unknown name; ``fits`` where it is None.

        Raises:
            UnknownName: nothing bears that name; the nearest ones are named.
            AmbiguousName: several do; they are named.
        """
        suggest = suggest or fits
        iri = expand(text)
        if iri is not None:
            if iri.value in self._known and (fits is None or fits(iri)):
                return iri
            raise UnknownName(f"No {what} {excerpt(text)}.", hint=self.hint(text, suggest))
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
        """The names nearest to a text, nearest first; none where nothing is near."""
        if len(text) > LONGEST_NAME:
            return ()
        wanted = folded(text.rpartition(":")[2].replace("-", " ") if expand(text) else text)
        near: dict[tuple[str, ...], str] = {}
        least = NEARNESS
        # Sorted, so that of names as near as one another the same come first in every process.
        for key, score in _scored(wanted, sorted(self._meanings)):
            meanings = self._meanings[key]
            if score < least or len(near) == CANDIDATES:
                break
            if fits is None or any(fits(iri) for iri in meanings.values()):
                least = max(least, score - BEHIND)
                # A label and a local name of one entity are one candidate.
                near.setdefault(tuple(meanings), self._written[key])
        return tuple(near.values())

    def hint(self, text: str, fits: Callable[[NamedNode], bool] | None = None) -> str | None:
        """The nearest names as a question, or None."""
        near = self.nearest(text, fits)
        return f"Did you mean {', '.join(near)}?" if near else None


def _scored(wanted: str, keys: list[str]) -> list[tuple[str, float]]:
    """The keys that are near a folded name, with their nearness from 0 to 100, nearest first."""
    # Imported here: only a wrong name needs it.
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import JaroWinkler

    if not is_chinese(wanted):
        found = process.extract(wanted, keys, scorer=fuzz.WRatio, limit=None, score_cutoff=NEARNESS)
        return [(key, score) for key, score, _ in found]
    # Two characters are a name in Chinese: one wrong of two is near, and where it is counts.
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
    return sorted(scores.items(), key=lambda scored: -scored[1])
