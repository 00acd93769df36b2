"""Reads terms, facts and answers from the graph for pages, each thing once a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quoted
from g60kg.model.evidence_lookup import Quotes
from g60kg.namespaces import (
    AS_OF,
    COMPARATOR,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_SOURCE,
    HISTORY_GRAPH,
    NUMERIC_VALUE,
    PREFIXES,
    QUANTITY,
    STATED_EQUIVALENT,
    UNIT,
    A,
    compact,
    g60,
    local_name,
    term,
)
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.rdf.text_excerpt import visible
from g60kg.row_formats.display_text import shown_columns
from g60kg.stores.base import Term
from g60kg.web.i18n import words
from g60kg.web.views.open_graph import Context, current
from g60kg.web.views.pages.view_models import (
    FactShown,
    Figure,
    QuoteShown,
    RowShown,
    Shown,
    SourceShown,
    TableShown,
)

_XSD: Final = PREFIXES["xsd"]
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))
_ADDRESS: Final = ("http://", "https://")
_POPULATION: Final = term("g60:population")
_COUNT: Final = term("unit:NUM")
#: How a literal is shown, as everywhere.
(_PLAIN,) = shown_columns(("literal",))


#: A subject, a property and a value as they are shown.
ShownTriple = tuple[Shown | None, Shown | None, Shown | None]


class Reading:
    """What one page reads from the graph, in one language."""

    def __init__(self, language: str) -> None:
        self.context: Context = current()
        self.store = self.context.store
        self.language = language
        self.labels = self.context.labels(language)
        self._quotes = Quotes(self.store, self.labels)
        self._sources: dict[str, SourceShown] = {}

    # -- Terms ---------------------------------------------------------------

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> list[Term]:
        """The objects of a subject and a predicate, each once, in a stable order."""
        quads = self.store.quads(subject, predicate, None)
        found = {quad.object for quad in quads if quad.graph_name != HISTORY_GRAPH}
        return sorted(
            (term for term in found if isinstance(term, NamedNode | BlankNode | Literal)), key=str
        )

    def predicates(self, subject: NamedNode) -> list[NamedNode]:
        """The properties that a subject has, sorted by IRI."""
        quads = self.store.quads(subject, None, None)
        found = {quad.predicate for quad in quads if quad.graph_name != HISTORY_GRAPH}
        return sorted(found, key=lambda predicate: predicate.value)

    def text(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> str | None:
        """The text of the first object; None where there is none."""
        return next((found.value for found in self.objects(subject, predicate)), None)

    def worded(self, subject: NamedNode, predicate: NamedNode) -> Shown | None:
        """The text in this page's language, else in English, else in any; None without one."""
        found = [one for one in self.objects(subject, predicate) if isinstance(one, Literal)]
        order = {self.language: 0, "en": 1}
        found.sort(key=lambda one: order.get((one.language or "").partition("-")[0], 2))
        return self.shown(found[0]) if found else None

    def shown(self, term: Term) -> Shown:
        """A term as a page shows it."""
        if isinstance(term, BlankNode):
            return Shown(f"_:{term.value}")
        if isinstance(term, Literal):
            is_number = term.datatype.value in _NUMBERS
            url = _address(term.value)
            text = _PLAIN.cell((term,)).text
            return Shown(text, language=term.language, url=url, is_number=is_number)
        if _address(term.value) is None:
            # A browser would do something else with it than fetch a page.
            return Shown(visible(term.value))
        label = self.labels.of(term)
        if label is None:
            curie = compact(term.value)
            # Terms of other vocabularies bear no label here.
            key = (
                curie.replace("unit:", "unit-name.")
                if curie.startswith("unit:")
                else f"term.{curie}"
            )
            if word := words(self.language).or_else(key, ""):
                return Shown(word, term.value, self.language)
            figure = self.figure(term)
            return Shown(visible(curie if figure is None else ""), term.value, figure=figure)
        return Shown(visible(label.value), term.value, label.language, figure=self.figure(term))

    def figure(self, node: NamedNode) -> Figure | None:
        """The quantity that a node is; None where it is none."""
        # A popular thing is given its type in thousands of graphs: one of them is looked for.
        kinds = self.store.quads(node, A, QUANTITY)
        if all(quad.graph_name == HISTORY_GRAPH for quad in kinds):
            return None
        comparators = (one for one in self.objects(node, COMPARATOR))
        comparator = next((one for one in comparators if isinstance(one, NamedNode)), None)
        equivalents = (
            self.figure(other)
            for other in self.objects(node, STATED_EQUIVALENT)
            if isinstance(other, NamedNode) and other != node
        )
        return Figure(
            iri=node.value,
            number=self.text(node, NUMERIC_VALUE) or "",
            comparator=self.context.vocabulary.notation(comparator) if comparator else "",
            unit=local_name(self.text(node, UNIT) or ""),
            as_of=self.text(node, AS_OF),
            equivalents=tuple(figure for figure in equivalents if figure is not None),
        )

    # -- Facts ---------------------------------------------------------------

    def pointing(self, predicate: NamedNode, object_: Term) -> list[NamedNode]:
        """What has that object for a predicate, sorted by IRI."""
        quads = self.store.quads(None, predicate, object_)
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted(found, key=lambda node: node.value)

    def fact(self, node: NamedNode, *, quotes: bool = True) -> FactShown | None:
        """A fact; None where the node is none."""
        about: dict[str, Term] = {}
        for quad in self.store.quads(node, None, None):
            if isinstance(quad.object, NamedNode | Literal):
                about.setdefault(local_name(quad.predicate.value), quad.object)
        triple = [
            about.get(local_name(part.value))
            for part in (FACT_SUBJECT, FACT_PREDICATE, FACT_OBJECT)
        ]
        subject, predicate, value = triple
        if subject is None or predicate is None or value is None:
            return None
        speaker, note = about.get("attributedTo"), about.get("comment")
        return FactShown(
            iri=node.value,
            subject=self.shown(subject),
            predicate=self.shown(predicate),
            value=self.shown(value),
            modality=local_name(about["modality"].value).lower() if "modality" in about else "",
            time=about["time"].value if "time" in about else None,
            speaker=self.shown(speaker) if speaker is not None else None,
            note=self.shown(note) if note is not None else None,
            verbatim=visible(about["verbatim"].value) if "verbatim" in about else None,
            quotes=self.quotes(self._quotes.behind([node])) if quotes else (),
        )

    def quotes(self, quoted: Iterable[Quoted]) -> tuple[QuoteShown, ...]:
        """Quotations as a page shows them, the same words once."""
        shown = (
            QuoteShown(
                visible(one.quote), self.source(one.article), one.start, one.end, one.modality
            )
            for one in quoted
            if one.article
        )
        return tuple(dict.fromkeys(shown))

    def quote(self, evidence: NamedNode) -> QuoteShown | None:
        """A quotation or record by its IRI; None where it has no source."""
        quoted = self._quotes.of(evidence)
        return next(iter(self.quotes([quoted])), None)

    def evidence_of(self, source: NamedNode) -> list[NamedNode]:
        """The quotations or records of a source, sorted by IRI."""
        return self.pointing(HAS_SOURCE, source)

    def entities(self, most: int) -> list[NamedNode]:
        """Entities that facts are about, up to so many, sorted by IRI."""
        found: dict[str, NamedNode] = {}
        for quad in self.store.quads(None, FACT_SUBJECT, None):
            if isinstance(quad.object, NamedNode):
                found[quad.object.value] = quad.object
            if len(found) >= most:
                break
        return [found[iri] for iri in sorted(found)]

    def members(self, kind: NamedNode) -> list[NamedNode]:
        """What is of a class or of one below it, sorted by IRI."""
        above = self.context.vocabulary.superclasses
        below = [name for name, uppers in above.items() if kind.value in uppers]
        found = {
            quad.subject
            for name in below
            for quad in self.store.quads(None, A, NamedNode(name))
            if isinstance(quad.subject, NamedNode)
        }
        return sorted(found, key=lambda node: node.value)

    def source(self, iri: str) -> SourceShown:
        """An article or a data set."""
        if iri not in self._sources:
            node = NamedNode(iri)
            self._sources[iri] = SourceShown(
                name=self.shown(node),
                is_article=g60("Article") in self.objects(node, A),
                date=self.text(node, g60("publicationDate")),
                publisher=self.text(node, g60("publisher")),
                url=_address(self.text(node, g60("url")) or ""),
                language=self.text(node, g60("language")),
            )
        return self._sources[iri]

    @cached_property
    def inverses(self) -> dict[str, NamedNode]:
        """From a property to the one that says the same from the other end."""
        found: dict[str, NamedNode] = {}
        for quad in self.store.quads(None, term("owl:inverseOf"), None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                found[quad.subject.value] = quad.object
                found[quad.object.value] = quad.subject
        return found

    # -- Answers -------------------------------------------------------------

    def answer(
        self,
        name: str,
        given: Mapping[str, str] | None = None,
        *,
        evidence: bool = False,
        limit: int | None = None,
        offset: int = 0,
        sort: str | None = None,
    ) -> TableShown:
        """The answer to a canned query."""
        query = named_query(name)
        answer = run_named(
            self.store,
            query,
            self.context.resolver.terms(query, given or {}),
            language=self.language,
            evidence=evidence,
            limit=limit,
            offset=offset,
            sort=sort,
            labels=self.labels,
        )
        columns = shown_columns(answer.columns)
        rows = tuple(
            RowShown(self._cells([row[column.term] for column in columns]), self.quotes(quoted))
            for row, quoted in answer.stream()
        )
        return TableShown(tuple(column.name for column in columns), rows, offset, answer.cut)

    def rivals(self, node: NamedNode) -> dict[ShownTriple, tuple[Shown, ...]]:
        """What other sources state instead, by statement of a subject."""
        table = self.answer("conflicts", {"entity": node.value})
        subject, prop, value, other = (
            table.column(name) for name in ("subject", "property", "value", "otherValue")
        )
        against: dict[ShownTriple, set[Shown]] = {}
        for row in table.rows:
            cells = row.cells
            for one, two in ((value, other), (other, value)):
                rivals = against.setdefault((cells[subject], cells[prop], cells[one]), set())
                if (rival := cells[two]) is not None:
                    rivals.add(rival)
        return {
            triple: tuple(sorted(rivals, key=lambda rival: rival.text))
            for triple, rivals in against.items()
        }

    def _cells(self, row: list[Term | None]) -> tuple[Shown | None, ...]:
        """Return the cells of a row; the unit of a population is "people" instead of "number"."""
        cells = tuple(None if cell is None else self.shown(cell) for cell in row)
        if _POPULATION not in row:
            return cells
        people = words(self.language)("unit-name.NUM.people")
        return tuple(
            replace(cell, text=people) if cell and cell.iri == _COUNT.value else cell
            for cell in cells
        )


def _address(text: str) -> str | None:
    return text if text.startswith(_ADDRESS) and " " not in text else None


def by(rows: Iterable[RowShown], column: int) -> Iterator[tuple[Shown | None, list[RowShown]]]:
    """The rows by what they have in a column, in the order in which that comes first."""
    groups: dict[str | None, tuple[Shown | None, list[RowShown]]] = {}
    for row in rows:
        cell = row.cells[column]
        key = None if cell is None else cell.iri or cell.text
        groups.setdefault(key, (cell, []))[1].append(row)
    yield from groups.values()
