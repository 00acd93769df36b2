"""Jobs that publish what changed: the sitemap (sitemaps.org) and the Atom feed (RFC 4287)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.export.release.dataset_description import LICENCE, PUBLISHER
from g60kg.model.history import HistoryEntry, history
from g60kg.namespaces import (
    BASE,
    FACT_OBJECT,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SOURCE,
    LABEL,
    PREFIXES,
    local_name,
)
from g60kg.queries.catalog import load_catalog
from g60kg.rdf.text_excerpt import NOT_XML, visible
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.web.i18n import page_texts
from g60kg.web.views.api_entities import members
from g60kg.web.views.descriptions import KINDS
from g60kg.web.views.open_graph import Context, current
from g60kg.web.views.pages.page_reader import PageReader

#: The most URLs of one file; the protocol allows 50,000, and smaller files fit into the cache.
URLS: Final = 20_000
#: The most entries of the feed.
ENTRIES: Final = 50
#: The subjects from which on all quads of a predicate are read, which is faster.
_MANY: Final = 5_000
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_PAGES: Final = (
    "", "companies", "projects", "articles", "map", "timeline", "matrix", "queries",
    "ontology.html",
)  # fmt: skip
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemap(base: str, part: int | None) -> bytes | None:
    """Return the sitemap, or its index if there are several parts; None for an unknown part.

    Args:
        base: the URL of this server, with a trailing slash.
        part: the number of a part, from 1; None for the sitemap or the index.
    """
    context = current()
    changed = _last_changes(context.store)
    paths = [*_PAGES, *(f"queries/{name}" for name in load_catalog()), *_resources(context)]
    parts = -(-len(paths) // URLS)
    if part is None and parts > 1:
        places = (f"{base}sitemap-{number}.xml" for number in range(1, parts + 1))
        return _listed("sitemapindex", "sitemap", ((place, "") for place in places))
    first = 0 if part is None else (part - 1) * URLS
    if not 0 <= first < len(paths):
        return None
    last = max(changed.values(), default="")
    return _listed(
        "urlset",
        "url",
        (
            (base + quote(path, safe="/"), changed.get(path, "") if "/" in path else last)
            for path in islice(paths, first, first + URLS)
        ),
    )


def _listed(root: str, name: str, places: Iterable[tuple[str, str]]) -> bytes:
    lines = [f'{_DECLARATION}<{root} xmlns="{_SITEMAP}">']
    for place, changed in places:
        time = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<{name}><loc>{escape(place)}</loc>{time}</{name}>")
    return "\n".join([*lines, f"</{root}>\n"]).encode()


def _resources(context: Context) -> Iterator[str]:
    """Yield the paths of the pages of entities, sources and terms of the ontology, sorted."""
    vocabulary = context.vocabulary
    terms = {iri for iri in (*vocabulary.classes, *vocabulary.properties)
             if iri.startswith(PREFIXES["g60"])}  # fmt: skip
    for iri in sorted(members(context, None) | terms):
        if (path := _page(iri)) is not None:
            yield path


def _page(iri: str) -> str | None:
    """Return the path of a resource's page; None if it is not in the graph's base."""
    if not iri.startswith(tuple(KINDS.values())):
        return None
    kind, _, name = iri.removeprefix(BASE).partition("/")
    return f"{kind}/{name}.html" if name and "/" not in name else None


def _last_changes(store: LocalStore) -> dict[str, str]:
    """Return the time of the last change of the entities and sources in the history, by path."""
    entries = history(store)
    facts = {fact: entry.when for entry in entries for fact in entry.facts}
    retracted = [quad for entry in entries for quad in entry.quads]

    def objects(times: Mapping[str, str], *predicates: NamedNode) -> dict[str, str]:
        """Return the last time of the objects of subjects with their times."""
        found: dict[str, str] = {}
        for predicate in predicates:
            before = (quad for quad in retracted if quad.predicate == predicate)
            for quad in chain(_quads(store, times, predicate), before):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                    iri, time = quad.object.value, times.get(quad.subject.value, "")
                    found[iri] = max(time, found.get(iri, ""))
        return found

    about = objects(facts, FACT_SUBJECT, FACT_OBJECT)
    sources = objects(objects(facts, HAS_EVIDENCE), HAS_SOURCE)
    changed: dict[str, str] = {}
    for iri, time in (*about.items(), *sources.items()):
        if time and (path := _page(iri)) is not None:
            changed[path] = max(time, changed.get(path, ""))
    return changed


def _quads(store: LocalStore, subjects: Collection[str], predicate: NamedNode) -> Iterator[Quad]:
    """Yield the quads of a predicate with one of the subjects; of many subjects, with any."""
    if len(subjects) > _MANY:
        yield from store.quads(None, predicate, None)
    else:
        for subject in subjects:
            yield from store.quads(NamedNode(subject), predicate, None)


class _Facts:
    """Reads facts, also those that were retracted later, from the store and its history."""

    def __init__(self, store: LocalStore, entries: Iterable[HistoryEntry]) -> None:
        self._store = store
        self._retracted: defaultdict[tuple[str, NamedNode], list[Term]] = defaultdict(list)
        for entry in entries:
            for quad in entry.quads:
                if isinstance(quad.subject, NamedNode):
                    self._add(quad, quad.subject)

    def _add(self, quad: Quad, subject: NamedNode) -> None:
        if isinstance(quad.object, NamedNode | Literal):
            self._retracted[subject.value, quad.predicate].append(quad.object)

    def objects(self, subject: str, predicate: NamedNode) -> list[Term]:
        """Return the objects of a subject and a predicate, now or before a retraction."""
        now = [*self._store.objects(NamedNode(subject), predicate)]
        return sorted(now or self._retracted.get((subject, predicate), []), key=str)

    def sources(self, fact: str) -> list[str]:
        """Return the IRIs of the sources of a fact."""
        found = {
            source.value
            for evidence in self.objects(fact, HAS_EVIDENCE)
            if isinstance(evidence, NamedNode)
            for source in self.objects(evidence.value, HAS_SOURCE)
            if isinstance(source, NamedNode)
        }
        return sorted(found)


def feed(base: str, language: str) -> bytes:
    """Return the last additions and retractions as an Atom feed: an entry for each source.

    Names of people, reasons and files, which the history has too, are not published.
    """
    reader = PageReader(language)
    entries = history(reader.store)
    facts = _Facts(reader.store, entries)
    modified = datetime.fromtimestamp(current().modified, UTC).replace(microsecond=0)
    root = ET.Element(f"{{{_ATOM}}}feed", {_LANGUAGE: language})
    texts = page_texts(language)
    _add(root, "id", f"{BASE}feed.atom")
    _add(root, "title", f"{texts('site.name')}: {texts('feed.title')}")
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
        page = _page(source) if any(reader.store.quads(NamedNode(source))) else None
        href = base + quote(page or "", safe="/")
        _add(shown, "link", rel="alternate", type="text/html", href=href)
    written = NOT_XML.sub("\ufffd", ET.tostring(root, "unicode"))
    return f"{_DECLARATION}{written}\n".encode()


_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
ET.register_namespace("", _ATOM)


def _by_source(
    entries: list[HistoryEntry], facts: _Facts
) -> Iterator[tuple[HistoryEntry, str, int]]:
    """Yield the changes by source, the last first, each with its number of facts."""
    for entry in reversed(entries):
        counts: defaultdict[str, int] = defaultdict(int)
        for fact in entry.facts:
            for source in facts.sources(fact) or ("",):
                counts[source] += 1
        if entry.kind != "verified":
            for source, count in sorted(counts.items()):
                yield entry, source, count


def _name(reader: PageReader, facts: _Facts, source: str) -> str:
    label = reader.labels.of(NamedNode(source))
    before = (one.value for one in facts.objects(source, LABEL) if isinstance(one, Literal))
    return visible(label.value if label else next(before, local_name(source)))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element
