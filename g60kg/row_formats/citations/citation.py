"""A citation: a source, and the pieces of its evidence that an answer rests on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from g60kg.model.evidence import Quotation
from g60kg.model.sources import Source
from g60kg.namespaces import PREFIXES
from g60kg.package_data import __version__
from g60kg.stores.change_detection import written_at

#: A year, a month or a day.
DAY: Final = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Access:
    """When and where an answer was read, and the language of the citation.

    Attributes:
        date: the day on which the addresses were valid.
        permalink: the address of the answer, with its parameters.
        language: of the citation's own words, ``en`` or ``zh``.
        version: of the graph, as :func:`graph_version` returns it.
    """

    date: dt.date
    permalink: str
    language: str
    version: str


def graph_version(store: Path | None = None, endpoint: str | None = None) -> str:
    """Return the version of the shipped graph; of another one, also its last day or its host.

    >>> graph_version(endpoint="https://user@example.org:7878/query?x=1").partition(" (")[2]
    'example.org/query)'
    """
    version = f"g60kg {__version__}"
    if endpoint is not None:
        parts = urlsplit(endpoint)
        return f"{version} ({parts.hostname}{parts.path})"
    if store is not None:
        written = dt.datetime.fromtimestamp(written_at(store), dt.UTC)
        return f"{version} ({written.date().isoformat()})"
    return version


@dataclass(frozen=True, slots=True)
class Citation:
    """A source with the evidence of an answer, in the order of the text."""

    source: Source
    evidence: tuple[Quotation, ...]

    @property
    def key(self) -> str:
        """The key of the source in BibTeX and CSL-JSON: its id, without spaces and braces.

        >>> Citation(Source("https://w3id.org/g60kg/id/article-ce-2614622", ""), ()).key
        'ce-2614622'
        """
        name = self.source.iri.removeprefix(PREFIXES["id"]).removeprefix("article-")
        return re.sub(r"[^\w.:/-]+", "-", name)

    @property
    def title(self) -> str:
        """The title; a description in place of a missing headline is in brackets."""
        return f"[{self.source.title}]" if self.source.is_descriptive else self.source.title

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the authors, as the source writes them."""
        names = re.split("[;；]", self.source.author)
        return tuple(name.strip() for name in names if name.strip())


def citations_of(evidence: Iterable[Quotation]) -> tuple[Citation, ...]:
    """Return a citation for each source, sorted by its IRI; one piece of evidence counts once.

    What is Derived in one row and stated in another remains in both.
    """
    found: dict[str, dict[tuple[str, bool], Quotation]] = {}
    for one in evidence:
        if one.source is not None:
            behind = found.setdefault(one.source.iri, {})
            behind.setdefault((one.iri, "Derived" in one.modality), one)
    citations = (sorted(behind.values(), key=_place) for _, behind in sorted(found.items()))
    return tuple(Citation(ones[0].source, tuple(ones)) for ones in citations if ones[0].source)


def _place(one: Quotation) -> tuple[int, int, tuple[tuple[int, str], ...], str]:
    """Return where evidence is in its source; numbers in a locator count as numbers."""
    parts = re.split(r"(\d{1,9})", one.locator)
    numbered = tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)
    return (one.start or 0, one.end or 0, numbered, one.quote)
