"""Jobs that publish what changed: the sitemap (sitemaps.org) and the Atom feed (RFC 4287)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from pyoxigraph import Literal, NamedNode

from g60kg.export.release.dataset_description import LICENCE, PUBLISHER
from g60kg.model.history import HistoryEntry, history, latest_change
from g60kg.model.i18n import page_texts
from g60kg.namespaces import BASE, HAS_EVIDENCE, HAS_SOURCE, LABEL, PREFIXES, local_name
from g60kg.package_data import __version__
from g60kg.queries.catalog import load_catalog
from g60kg.rdf.text_excerpt import NOT_XML, visible
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.web.views.dataset import members
from g60kg.web.views.descriptions import KINDS
from g60kg.web.views.open_graph import Context, current, lookup
from g60kg.web.views.pages.page_reader import PageReader

#: The most URLs of one file; the protocol allows 50,000, and smaller files fit into the cache.
URLS: Final = 20_000
#: The most entries of the feed.
ENTRIES: Final = 50
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_PAGES: Final = (
    "", "companies", "projects", "articles", "map", "timeline", "matrix", "queries",
    "ontology.html",
)  # fmt: skip
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemap(base: str, part: int | None) -> bytes | None:
    """Return the sitemap; if it is too large for one file, the index of its files.

    With ``part``, return the file of this number, from 1; None without such a file.
    """
    context = current()
    paths = [*_PAGES, *(f"queries/{name}" for name in load_catalog()), *_resources(context)]
    parts = -(-len(paths) // URLS)
    if part is None and parts > 1:
        places = (f"{base}sitemap-{number}.xml" for number in range(1, parts + 1))
        return _listed("sitemapindex", "sitemap", places)
    first = 0 if part is None else (part - 1) * URLS
    if not 0 <= first < len(paths):
        return None
    places = (base + quote(path, safe="/") for path in paths[first : first + URLS])
    return _listed("urlset", "url", places)


def _listed(root: str, name: str, places: Iterable[str]) -> bytes:
    lines = (f"<{name}><loc>{escape(place)}</loc></{name}>" for place in places)
    head = f'{_DECLARATION}<{root} xmlns="{_SITEMAP}">'
    return "\n".join([head, *lines, f"</{root}>\n"]).encode()


def _resources(context: Context) -> Iterator[str]:
    """Yield the paths of the pages of entities, sources and ontology terms, sorted by IRI."""
    vocabulary = context.vocabulary
    terms = {iri for iri in (*vocabulary.classes, *vocabulary.properties)
             if iri.startswith(PREFIXES["g60"])}  # fmt: skip
    for iri in sorted(members(context, None) | terms):
        if (path := _page(iri)) is not None:
            yield path


def _page(iri: str) -> str | None:
    """Return the path of a resource's page, without a leading slash; None if it has no page."""
    if not iri.startswith(tuple(KINDS.values())):
        return None
    kind, _, name = iri.removeprefix(BASE).partition("/")
    return f"{kind}/{name}.html" if name and "/" not in name else None


class _PublishedFacts:
    """Reads properties of Facts from the store, and of retracted Facts from the history."""

    def __init__(self, store: LocalStore, entries: Iterable[HistoryEntry]) -> None:
        quads = (quad for entry in entries for quad in entry.quads)
        self._stores = store, LocalStore.holding(quads, "history")

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[Term]:
        """Return the objects in the store, sorted; without one, those in the history."""
        found = (store.objects(subject, predicate) for store in self._stores)
        return sorted(next(filter(None, found), ()), key=str)

    def sources(self, fact: str) -> list[str]:
        pieces = self.objects(NamedNode(fact), HAS_EVIDENCE)
        found = {
            source.value
            for piece in pieces
            if isinstance(piece, NamedNode)
            for source in self.objects(piece, HAS_SOURCE)
            if isinstance(source, NamedNode)
        }
        return sorted(found)


def feed(base: str, language: str) -> bytes:
    """Return additions and retractions, latest first, as a feed of up to ENTRIES entries.

    An Atom entry is about one change and one of its sources. The names of people, the
    reasons and the file names in the history are not published.
    """
    reader = PageReader(language)
    entries = history(reader.store)
    facts = _PublishedFacts(reader.store, entries)
    modified = datetime.fromtimestamp(current().modified, UTC).replace(microsecond=0)
    xml = "{http://www.w3.org/XML/1998/namespace}"
    root = ET.Element(f"{{{_ATOM}}}feed", {f"{xml}lang": language})
    texts = page_texts(language)
    _add(root, "id", f"{BASE}feed.atom")
    between = texts("triple.colon") + texts("after")
    _add(root, "title", between.join((texts("site.name"), texts("feed.title"))))
    last = entries[-1].when if entries else modified.isoformat().replace("+00:00", "Z")
    _add(root, "updated", last)
    _add(_add(root, "author"), "name", PUBLISHER)
    _add(root, "rights", LICENCE)
    address = f"{base}feed.atom?lang={language}"
    _add(root, "link", rel="self", type="application/atom+xml", href=address)
    _add(root, "link", rel="alternate", type="text/html", hreflang=language, href=base)
    for entry, source, count in islice(_by_source(entries, facts), ENTRIES):
        name = _name(reader, facts, source) if source else texts("site.name")
        shown = _add(root, "entry")
        _add(shown, "id", f"{entry.iri}#{quote(local_name(source))}")
        said = texts.counted("facts", count)
        _add(shown, "title", texts(f"feed.{entry.kind}", source=name, facts=said))
        _add(shown, "updated", entry.when)
        _add(shown, "category", term=entry.kind)
        is_here = bool(source) and any(reader.store.quads(NamedNode(source)))
        page = _page(source) if is_here else None
        href = base + quote(page or "", safe="/")
        _add(shown, "link", rel="alternate", type="text/html", href=href)
    written = NOT_XML.sub("\ufffd", ET.tostring(root, "unicode"))
    return f"{_DECLARATION}{written}\n".encode()


@lookup
def graph_version() -> str:
    """Return the time of the latest change of the graph; the program's version without a change."""
    store = current().store
    return store.cached("latest_change", partial(latest_change, store)) or __version__


ET.register_namespace("", _ATOM)


def _by_source(
    entries: list[HistoryEntry], facts: _PublishedFacts
) -> Iterator[tuple[HistoryEntry, str, int]]:
    """Yield each change, the latest first, with each of its sources and the number of its Facts.

    The source is an IRI, or empty for Facts without one. Verifications are left out.
    """
    for entry in reversed(entries):
        counts: defaultdict[str, int] = defaultdict(int)
        for fact in entry.facts:
            for source in facts.sources(fact) or ("",):
                counts[source] += 1
        if entry.kind != "verified":
            for source, count in sorted(counts.items()):
                yield entry, source, count


def _name(reader: PageReader, facts: _PublishedFacts, source: str) -> str:
    label = reader.labels.of(NamedNode(source))
    labels = facts.objects(NamedNode(source), LABEL)
    before = (one.value for one in labels if isinstance(one, Literal))
    return visible(label.value if label else next(before, local_name(source)))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element
