"""Bibliographic description of sources: title, publisher, date, address."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.namespaces import LABEL, A, g60, local_name
from g60kg.stores.base import GraphStore, Term, objects_by_predicate

PUBLICATION_DATE: Final = g60("publicationDate")
#: What precedes the id of a source in the local name of its IRI.
BEFORE_SOURCE_IDS: Final = ("article-", "dataset-")


def originals(
    source: NamedNode, objects: Callable[[NamedNode, NamedNode], Collection[Term]]
) -> Collection[Term]:
    """Return what a source republishes, else the source itself: a reprint counts as its original.

    ``objects`` returns the objects of a subject and a property.
    """
    return objects(source, g60("republishes")) or (source,)


def published_together(
    sources: Iterable[Term],
    others: Iterable[Term],
    objects: Callable[[NamedNode, NamedNode], Collection[Term]],
) -> bool:
    """Return whether one of the sources and one of the others are of the same or successive years.

    A source without a date does not count. ``objects`` returns the objects of a subject and a
    property.
    """

    def years(of: Iterable[Term]) -> set[int]:
        nodes = (one for one in of if isinstance(one, NamedNode))
        dates = (str(date.value)[:4] for one in nodes for date in objects(one, PUBLICATION_DATE))
        return {int(year) for year in dates if year.isdecimal()}

    theirs = years(others)
    return any(abs(year - other) < 2 for year in years(sources) for other in theirs)


@dataclass(frozen=True, slots=True)
class Source:
    """The description of a source. Texts that the graph does not have are empty.

    Attributes:
        title: a label, preferably in the language of the source; else the local name of its IRI.
        is_descriptive: whether the source has no headline and the title describes it.
        kind: ``Dataset``, ``PressRelease`` or ``WebPage``, otherwise ``Article``.
        author: the names of its authors, separated by semicolons.
        date: the date of publication, in EDTF.
        url: its address, an HTTP URL.
        archive: the address of an archived copy, an HTTP URL.
        edition: the edition of a data set.
        language: its language as a tag.
    """

    iri: str
    title: str
    is_descriptive: bool = False
    kind: str = "Article"
    publisher: str = ""
    author: str = ""
    date: str = ""
    url: str = ""
    archive: str = ""
    edition: str = ""
    language: str = ""

    def link_to(self, words: str) -> str:
        """Return its address with a text fragment, so that a browser shows the words.

        Without words, return the address alone; without an address, an empty text.

        >>> Source("", "", url="https://example.org/a").link_to("nine cities, 2018")
        'https://example.org/a#:~:text=nine%20cities%2C%202018'
        """
        if not self.url or not words.strip():
            return self.url
        # A hyphen and a comma separate the parts of a text directive.
        text = quote(" ".join(words.split()), safe="").replace("-", "%2D")
        return f"{self.url}{'' if '#' in self.url else '#'}:~:text={text}"


def read_source(store: GraphStore, iri: NamedNode, language: str) -> Source:
    """Return a source.

    Its title is a label in the source's own language, else in ``language``, in English or in any.
    """
    about = objects_by_predicate(store.quads(iri))

    def text(name: str) -> str:
        found = (one for one in about.get(g60(name), ()) if not isinstance(one, BlankNode))
        return min((one.value for one in found), default="")

    own = text("language")
    order = {"en": 2, language: 1, own.partition("-")[0]: 0}
    titles = [found for found in about.get(LABEL, ()) if isinstance(found, Literal)]
    title = min(
        ((order.get((one.language or "").partition("-")[0], 3), one.value) for one in titles),
        default=(0, local_name(iri.value)),
    )[1]
    kinds = {local_name(kind.value) for kind in about.get(A, ())}
    return Source(
        iri=iri.value,
        title=title,
        is_descriptive=text("titleIsDescriptive") in ("true", "1"),
        # The class that says most: a press release can be stated as an article too.
        kind=next(
            (one for one in ("Dataset", "PressRelease", "WebPage") if one in kinds), "Article"
        ),
        publisher=text("publisher"),
        author=text("author"),
        date=text("publicationDate"),
        url=web_address(text("url")) or "",
        archive=web_address(text("archivedAt")) or "",
        edition=text("edition"),
        language=own,
    )


def web_address(text: str) -> str | None:
    """Return the text if pages may link to it, else None.

    It must be an HTTP URL without spaces, user name and password.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', None)
    """
    shown = (
        text.startswith(("http://", "https://")) and " " not in text and not has_credentials(text)
    )
    return text if shown else None


def has_credentials(address: str) -> bool:
    """Return whether a URL contains a user name or a password.

    >>> has_credentials("https://user:secret@example.org/"), has_credentials("https://x.org/@user")
    (True, False)
    """
    return re.match("[a-z]+://[^/?#]*@", address, re.IGNORECASE) is not None


def source_name(source: str) -> str:
    """Return the id of a source: its local name without ``article-`` or ``dataset-``.

    >>> source_name("https://w3id.org/g60kg/id/article-2307119874")
    '2307119874'
    """
    name = local_name(source)
    for before in BEFORE_SOURCE_IDS:
        name = name.removeprefix(before)
    return name
