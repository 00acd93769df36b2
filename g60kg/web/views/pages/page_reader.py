"""Reader of terms, Facts and query results for one page; each source and label is read once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import cache, cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions

from g60kg import namespaces as ns
from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.evidence_lookup import EvidenceReader
from g60kg.model.facts import FACT_TRIPLE
from g60kg.model.figure_text import counts_people, figure_of_row, fraction_text
from g60kg.model.i18n import page_texts
from g60kg.model.i18n.message_catalog import note_in
from g60kg.model.locator_texts import locator_text, publisher_text
from g60kg.model.observations import Observation, read_observation
from g60kg.model.sources import web_address
from g60kg.namespaces import PREFIXES, A, compact, term
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.queries.joined_figures import categories_of
from g60kg.queries.parameters import answer_address
from g60kg.rdf.text_excerpt import visible
from g60kg.row_formats.citations import citations_of
from g60kg.row_formats.display_text import display_columns
from g60kg.stores.base import Term
from g60kg.web.views.open_graph import Context, current
from g60kg.web.views.pages.view_models import (
    EvidenceModel,
    FactModel,
    RowModel,
    SourceModel,
    TableModel,
    TermModel,
    of_each_number,
)

_FRACTION: Final = term("unit:FRACTION")
#: The column that formats literals, as in all row formats.
(_PLAIN,) = display_columns(("literal",))
#: The columns of figures, and those that a page shows in the value and in the period.
_FIGURE: Final = frozenset(("value", "upper", "comparator", "unit", "period", "periodStated"))
_PARTS: Final = _FIGURE - {"value", "period"}

#: A subject, a property and a value.
TripleModel = tuple[TermModel | None, TermModel | None, TermModel | None]
#: The values that conflict with one, and entities that may be the same, each with another value.
Rivals = tuple[tuple[TermModel, ...], tuple[tuple[TermModel, TermModel], ...]]


class PageReader:
    """Reads the graph for one page in one language."""

    def __init__(self, language: str) -> None:
        self.context: Context = current()
        self.store = self.context.store
        self.language = language
        self.labels = self.context.labels(language)
        self._quotes = EvidenceReader(self.store, self.labels)
        #: Returns the view model of a term, which is read once.
        self.term_model = cache(self._term_model)
        #: Returns the observation of a node, which is read once; None if it is not one.
        self.figure = cache(self._figure)
        #: Returns an article or a data set by its IRI, which is read once.
        self.source = cache(self._source)

    # -- Terms ---------------------------------------------------------------

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> list[Term]:
        """Return the distinct objects of a subject and a predicate in all graphs, sorted."""
        # The history, which pages do not show, uses none of these properties.
        return sorted(self.store.objects(subject, predicate), key=str)

    def predicates(self, subject: NamedNode) -> list[NamedNode]:
        """Return the predicates of a subject outside the history, sorted by IRI."""
        quads = self.store.quads(subject, None, None)
        found = {quad.predicate for quad in quads if quad.graph_name != ns.HISTORY_GRAPH}
        return sorted(found, key=lambda predicate: predicate.value)

    def text(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> str | None:
        """Return the text of the first object of a subject and a predicate; None without one."""
        return next((found.value for found in self.objects(subject, predicate)), None)

    def in_language(self, values: list[Term]) -> list[Term]:
        """Return the values without texts in other languages.

        If no text is in the page's language, return all values.
        """
        tags = [one.language if isinstance(one, Literal) else None for one in values]
        if self.language not in tags:
            return values
        return [one for one, tag in zip(values, tags, strict=True) if tag in (None, self.language)]

    def localized(self, subject: NamedNode, predicate: NamedNode) -> TermModel | None:
        """Return a literal in the page's language, else in English, else any; None without one."""
        found = [one for one in self.objects(subject, predicate) if isinstance(one, Literal)]
        order = {self.language: 0, "en": 1}
        found.sort(key=lambda one: order.get((one.language or "").partition("-")[0], 2))
        return self.term_model(found[0]) if found else None

    def value(self, predicate: NamedNode, value: Term) -> TermModel:
        """Return a value of a property; for a curator's note, its translation if one is known."""
        return self.term_model(note_in(self.language, value) if predicate in ns.NOTES else value)

    def _term_model(self, term: Term) -> TermModel:
        if isinstance(term, BlankNode):
            return TermModel(f"_:{term.value}")
        if isinstance(term, Literal):
            cell, url = _PLAIN.cell((term,)), web_address(term.value)
            return TermModel(cell.text, None, cell.language, url, is_number=cell.is_number)
        if web_address(term.value) is None:
            # Not an HTTP URL, such as javascript: or mailto:, so it must not become a link.
            return TermModel(visible(term.value))
        label = self.labels.of(term)
        if label is None:
            curie = compact(term.value)
            # Terms of other vocabularies have no label in the graph.
            prefix, _, name = curie.partition(":")
            key = f"unit-name.{name}" if prefix == "unit" else f"term.{curie}"
            if text := page_texts(self.language).or_else(key, ""):
                return TermModel(text, term.value, self.language)
            text = curie
        else:
            text = label.value
        figure = self.figure(term)
        if figure is None:
            return TermModel(visible(text), term.value, label.language if label else None)
        equivalents = (
            TermModel("", other.value, figure=self.figure(other))
            for other in self.subjects(ns.EQUIVALENT_OF, term)
            if other != term
        )
        limits = (*sorted(figure.categories, key=str), figure.area, figure.ranking)
        return TermModel(
            visible(label.value) if label else "",
            term.value,
            label.language if label else None,
            figure=figure,
            measure=self.term_model(figure.measure) if figure.measure else None,
            limits=tuple(self.term_model(one) for one in limits if one is not None),
            equivalents=tuple(model for model in equivalents if model.figure),
        )

    def _figure(self, node: Term) -> Observation | None:
        # A popular entity is typed in thousands of graphs, so only the first quad is read.
        is_figure = not isinstance(node, Literal) and any(self.store.quads(node, A, ns.OBSERVATION))
        return read_observation(self.store, node) if is_figure else None

    # -- Facts ---------------------------------------------------------------

    def subjects(self, predicate: NamedNode, object_: Term) -> list[NamedNode]:
        """Return the IRIs that are subjects of a predicate and an object, sorted."""
        return self.store.subjects(predicate, object_)

    def fact(self, node: NamedNode, *, quotes: bool = True) -> FactModel | None:
        """Return the view model of a Fact, with evidence if ``quotes``; None for any other node."""
        found = self._quotes.fact(node)
        subject, predicate, value = map(found.first, FACT_TRIPLE)
        if subject is None or predicate is None or value is None:
            return None
        time, verbatim = found.first(ns.TIME), found.first(ns.VERBATIM)
        speaker, note = found.first(ns.ATTRIBUTED_TO), found.first(ns.COMMENT)
        shown = self.term_model(value)
        return FactModel(
            iri=node.value,
            subject=self.term_model(subject),
            predicate=shown.measure or self.term_model(predicate),
            value=shown,
            modality=found.modality,
            time=time.value if time is not None else None,
            speaker=self.term_model(speaker) if speaker is not None else None,
            note=self.value(ns.COMMENT, note) if note is not None else None,
            verbatim=visible(verbatim.value) if verbatim is not None else None,
            quotes=self.quotes_of([node]) if quotes else (),
        )

    def facts(self, nodes: Iterable[NamedNode], *, quotes: bool = True) -> list[FactModel]:
        """Return the view models of the Facts among some nodes; others are left out."""
        found = (self.fact(node, quotes=quotes) for node in nodes)
        return [fact for fact in found if fact is not None]

    def quotes(self, quoted: Iterable[Quotation]) -> tuple[EvidenceModel, ...]:
        """Return the view models of evidence that has a source, without duplicates."""
        shown = (
            EvidenceModel(
                text=visible(
                    locator_text(one.locator, self.language)
                    if one.kind is EvidenceKind.PASSAGE
                    else one.quote
                ),
                source=self.source(one.article),
                start=one.start,
                end=one.end,
                modality=one.modality,
                speaker=self._of_fact(one.fact, ns.ATTRIBUTED_TO),
                note=self._of_fact(one.fact, ns.COMMENT),
                kind=one.kind,
                grade=one.grade,
                checked_on=one.checked_on,
                link=one.link,
            )
            for one in quoted
            if one.article
        )
        return tuple(dict.fromkeys(shown))

    def _of_fact(self, fact: str, predicate: NamedNode) -> TermModel | None:
        """Return the first value of a Fact's property; None if it has none or ``fact`` is empty."""
        value = self._quotes.fact(NamedNode(fact)).first(predicate) if fact else None
        return None if value is None else self.value(predicate, value)

    def quotes_of(self, facts: Iterable[NamedNode]) -> tuple[EvidenceModel, ...]:
        """Return the view models of the evidence of Facts, without duplicates."""
        return self.quotes(self._quotes.evidence_of(facts))

    def quote(self, evidence: NamedNode) -> EvidenceModel | None:
        """Return the view model of a piece of evidence; None if it has no source."""
        quoted = self._quotes.of(evidence)
        return next(iter(self.quotes([quoted])), None)

    def entities(self, most: int) -> list[NamedNode]:
        """Return at most ``most`` entities that are the subject of a Fact, sorted by IRI."""
        found: dict[str, NamedNode] = {}
        for quad in self.store.quads(None, ns.FACT_SUBJECT, None):
            if isinstance(quad.object, NamedNode):
                found[quad.object.value] = quad.object
            if len(found) >= most:
                break
        return [found[iri] for iri in sorted(found)]

    def members(self, kind: NamedNode) -> list[NamedNode]:
        """Return the instances of a class and its subclasses, sorted by IRI."""
        return self.typed(map(NamedNode, self.context.vocabulary.subclasses(kind)))

    def typed(self, kinds: Iterable[NamedNode]) -> list[NamedNode]:
        """Return the direct instances of some classes, sorted by IRI."""
        # The engine drops the repetitions: many sources state the class of a popular entity.
        listed = " ".join(map(str, kinds))
        text = f"SELECT DISTINCT ?one WHERE {{ VALUES ?kind {{ {listed} }} ?one {A} ?kind . }}"
        found = self.store.query_canned(text)
        assert isinstance(found, QuerySolutions)
        nodes = (node for (node,) in found if isinstance(node, NamedNode))
        return sorted(nodes, key=lambda node: node.value)

    def _source(self, iri: str) -> SourceModel:
        found = self._quotes.source(NamedNode(iri))
        return SourceModel(
            name=self.term_model(NamedNode(iri)),
            is_article=found.kind != "Dataset",
            date=found.date or None,
            publisher=publisher_text(found.publisher, self.language) or None,
            url=found.url or None,
            language=found.language or None,
            archive=found.archive or None,
            schema_types=self.schema_types(NamedNode(iri)),
        )

    def schema_types(self, node: NamedNode) -> tuple[str, ...]:
        """Return the local names of a resource's schema.org classes, sorted."""
        found = self.context.vocabulary.with_superclasses(self.objects(node, A))
        space = PREFIXES["schema"]
        types = {name.removeprefix(space) for name in found if name.startswith(space)}
        if term("dcat:Dataset").value in found:  # DCAT declares its class equivalent
            types.add("Dataset")
        return tuple(sorted(types))

    @cached_property
    def inverses(self) -> dict[str, NamedNode]:
        """The inverse property of each property that has one, by the property's IRI."""
        known = self.context.vocabulary.inverses
        return known | {stored.value: NamedNode(iri) for iri, stored in known.items()}

    # -- Results -------------------------------------------------------------

    def answer(
        self,
        name: str,
        given: Mapping[str, str] | None = None,
        *,
        evidence: bool = False,
        limit: int | None = None,
        offset: int = 0,
        sort: str | None = None,
        facets: Sequence[str] | None = None,
    ) -> TableModel:
        """Return rows of a canned query.

        Raise UsageError if the query or a parameter is unknown or invalid.
        """
        query = named_query(name)
        terms = self.context.resolver.terms(query, given or {})
        answer = run_named(
            self.store,
            query,
            terms,
            evidence=query.shows_evidence(evidence),
            limit=limit,
            offset=offset,
            sort=sort,
            labels=self.labels,
            facets=facets,
            joined=True,
        )
        columns = display_columns(answer.columns)
        behind: list[Quotation] = []
        rows: list[RowModel] = []
        for row, quoted in answer.stream():
            named = {column.name: row[column.term] for column in columns}
            rows.append(RowModel(self._read_together(named), self.quotes(quoted), named))
            behind += quoted
        names = [column.name for column in columns]
        return TableModel(
            tuple(one for one in names if one not in _PARTS or not set(names) >= _FIGURE),
            tuple(rows),
            offset,
            answer.cut,
            citations_of(behind),
            answer_address(name, terms),
            answer.counts(),
        )

    def conflicting_values(self, node: NamedNode) -> dict[TripleModel, Rivals]:
        """Return the values that contradict the statements about a subject, by statement.

        They are the values of other sources; and for entities that are possibly the same, each
        entity with its value.
        """
        conflicting: dict[TripleModel, set[TermModel]] = defaultdict(set)
        possibly: dict[TripleModel, list[tuple[TermModel, TermModel]]] = defaultdict(list)
        for row in self.answer("conflicts", {"entity": node.value}).rows:
            one, two, other = row["value"], row["otherValue"], row["otherSubject"]
            for value, against in ((one, two), (two, one)):
                triple = row["subject"], row["property"], value
                if other is None and against is not None:
                    conflicting[triple].add(against)
                elif other is not None and two is not None and value == one:
                    possibly[triple].append((other, two))
        return {
            triple: (of_each_number(conflicting[triple]), tuple(possibly[triple]))
            for triple in {*conflicting, *possibly}
        }

    def _read_together(self, row: Mapping[str, Term | None]) -> dict[str, TermModel | None]:
        """Return the cells of a row; the cell ``value`` of a figure has its unit and comparator."""
        cells, texts = self.cells(row), page_texts(self.language)
        figure = figure_of_row(row) if row.keys() >= _FIGURE else None
        if figure is None:
            return cells
        cells["value"] = TermModel(texts.figure(figure), language=self.language, is_number=True)
        period, stated = row["period"], row["periodStated"]
        if isinstance(period, Literal) and isinstance(stated, Literal) and stated.value == "false":
            text = texts("chart.published", date=texts.date(period.value))
            cells["period"] = TermModel(text, language=self.language)
        return cells

    def cells(self, row: Mapping[str, Term | None]) -> dict[str, TermModel | None]:
        """Return the cells of a row by column.

        The unit of a population is "people", a value with the unit "fraction" is a fraction such as
        "1/15", and categories are joined in one cell.
        """
        cells = {name: found and self.term_model(found) for name, found in row.items()}
        between = page_texts(self.language)("list.semicolon")
        for name, found in row.items():
            if parts := tuple(map(self.term_model, categories_of(name, found))):
                cells[name] = TermModel(between.join(one.text for one in parts), parts=parts)
        unit = cells.get("unit")
        if unit and counts_people(row["unit"], row.values()):
            cells["unit"] = replace(unit, text=page_texts(self.language)("unit-name.NUM.people"))
        value = cells.get("value")
        if unit and unit.iri == _FRACTION.value and value and value.is_number:
            with suppress(ArithmeticError):
                text = fraction_text(Decimal(value.text))
                cells["value"] = replace(value, text=text or value.text)
        return cells
