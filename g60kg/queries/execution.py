"""Query execution: a canned query with its parameters, or any SELECT text.

Labels are joined to the rows here and not in the queries, so that one file serves every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple, Variable

from g60kg.errors import EngineFailure, UsageError
from g60kg.model.evidence import Quotation
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.facts import modalities
from g60kg.model.figure_text import NAMING_FIGURES, figure_label
from g60kg.namespaces import HAS_EVIDENCE, HAS_SOURCE, compact
from g60kg.queries.answers import Answer, Pair, sorted_rows
from g60kg.queries.binding import BoundQuery, bind, unordered, without_modality
from g60kg.queries.catalog import NamedQuery
from g60kg.queries.joined_figures import categories_of, has_figures, joined_label, joined_rows
from g60kg.queries.row_filters import RowFilter
from g60kg.queries.row_order import Row
from g60kg.rdf.sparql_tokens import outline
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.integrity import query_error
from g60kg.stores.local_store import LocalStore

if TYPE_CHECKING:
    from g60kg.queries.row_counts import RowCounter

#: Facts by their IRIs.
Facts = dict[str, NamedNode]
#: Rows read together, so that a remote store can fetch their labels in one request.
BATCH: Final = 100


def run_named(
    store: GraphStore,
    query: NamedQuery,
    terms: Mapping[str, Term],
    *,
    language: str = "en",
    evidence: bool = False,
    limit: int | None = None,
    offset: int = 0,
    sort: str | None = None,
    labels: Labels | None = None,
    understood: Mapping[str, Any] | None = None,
    facets: Sequence[str] | None = None,
    joined: bool = False,
) -> Answer:
    """Run a canned query and return its answer.

    Args:
        terms: an RDF term for each parameter and filter given, by name.
        language: of the labels; English where there is no label in it.
        evidence: whether each row comes with its quotations.
        limit: the most rows of the answer; None for all.
        offset: the number of rows to skip.
        sort: a column to sort by, ``-column`` for descending order; reads all rows first.
        labels: a label cache, whose language replaces ``language``; None for a new one.
        understood: how the question was understood that the query answers.
        facets: the columns whose values are counted, for :meth:`Answer.counts`; None to count
            nothing.
        joined: whether the rows of a figure, one for each of its categories, are joined to one row
            without the column of the figure; other rows are unchanged.

    Raises:
        UsageError: the query has no such parameter, column or evidence.
    """
    if evidence:
        _require_evidence(query, language)
    counter = None
    if facets is not None:
        from g60kg.queries.row_counts import RowCounter

        counter = RowCounter(query, facets)
    labels = Labels(store, language) if labels is None else labels
    run = _Run(store, bind(query, terms), labels, counter, joined)
    page = None if limit is None else slice(offset, offset + limit)
    pairs: Iterable[Pair]
    if evidence:
        if sort:
            sorted_rows(run.columns, (), sort)  # an unknown column is an error before rows are read
        pairs = run.with_quotations(page, sort)
    else:
        pairs = ((row, ()) for row in run.labelled(run.rows()))
        if sort:
            pairs = sorted_rows(run.columns, pairs, sort)

    def evidence_by_row() -> dict[Row, tuple[Quotation, ...]]:
        return dict(run.with_quotations(page, sort))

    return Answer(
        run.columns,
        pairs,
        query=query.name,
        parameters=terms,
        limit=limit,
        offset=offset,
        evidence=None if evidence or not query.evidence else evidence_by_row,
        shows_evidence=evidence,
        understood=understood,
        language=labels.language,
        counts=None if counter is None else counter.counts,
    )


def rows_of(store: GraphStore, bound: BoundQuery) -> Iterator[Row]:
    """Yield the rows of a canned query in its order, filtered, without labels."""
    return _Run(store, bound, Labels(store, "en")).rows()


def has_rows(store: GraphStore, query: NamedQuery, terms: Mapping[str, Term]) -> bool:
    """Return whether a canned query has a row with these parameters.

    It reads rows up to the first one, but all of them with a filter by source.
    """
    run = _Run(store, bind(query, terms), Labels(store, "en"))
    return any(True for _ in run.some_rows())


@dataclass(frozen=True, slots=True)
class FactPage:
    """The Facts behind ``rows`` rows of an answer.

    ``complete`` if the answer has no other rows, ``cut`` if it has rows after them.
    """

    facts: tuple[NamedNode, ...]
    rows: int
    complete: bool
    cut: bool


def facts_behind(
    store: GraphStore,
    query: NamedQuery,
    terms: Mapping[str, Term],
    *,
    limit: int | None = None,
    offset: int = 0,
    sort: str | None = None,
    labels: Labels | None = None,
) -> FactPage:
    """Return the Facts behind the rows of :func:`run_named` for the same arguments.

    Raises:
        UsageError: the query has no such parameter, column or evidence.
    """
    _require_evidence(query)
    run = _Run(store, bind(query, terms), Labels(store, "en") if labels is None else labels)
    page = None if limit is None else slice(offset, offset + limit)
    # One row beyond the page shows whether there are more.
    pairs = run.with_facts(EvidenceReader(store, run.labels), page, sort)
    taken = list(islice(pairs, offset, None if limit is None else offset + limit + 1))
    cut = limit is not None and len(taken) > limit
    rows = taken[:limit]
    facts = {iri: fact for _, of_row in rows for iri, fact in sorted(of_row.items())}
    return FactPage(tuple(facts.values()), len(rows), not cut and offset == 0, cut)


def run_select(store: GraphStore, text: str, language: str = "en") -> Answer:
    """Run a SELECT query and return its answer, displayed in a language.

    Raises:
        UsageError: the query is invalid or not a SELECT.
    """
    return select_answer(_solutions(store, text), text, language)


def select_answer(solutions: QuerySolutions, text: str, language: str = "en") -> Answer:
    """Return the solutions of a SELECT query as an answer.

    ``text`` is the query: it gives the order of the columns of ``SELECT *``.
    """
    columns = tuple(variable.value for variable in solutions.variables)
    parsed = outline(text)
    if parsed.everything:
        # SPARQL leaves the order of SELECT * open and the engine sorts by name; users expect this.
        columns = tuple(sorted(columns, key=parsed.variables.index))
    pairs = ((row, ()) for row in _rows(solutions, columns))
    return Answer(columns, pairs, language=language)


def _require_evidence(query: NamedQuery, language: str = "en") -> None:
    if not query.evidence:
        raise UsageError(
            f"Query {query.name} has no evidence: its rows are not statements.",
            hint=query.texts(language)[1],
        )


def _solutions(store: GraphStore, text: str, template: str | None = None) -> QuerySolutions:
    if template and isinstance(store, LocalStore):
        result = store.query_canned(text, template)
    else:
        result = store.query(text)
    if not isinstance(result, QuerySolutions):
        raise UsageError("The query is not a SELECT.")
    return result


def _rows(solutions: QuerySolutions, columns: Iterable[str]) -> Iterator[Row]:
    variables = [Variable(name) for name in columns]
    same_order = variables == list(solutions.variables)
    lacks = not {*variables} <= {*solutions.variables}
    try:
        for solution in solutions:
            if lacks:
                raise EngineFailure("The answer of the endpoint has other columns than requested.")
            row = tuple(solution if same_order else [solution[name] for name in variables])
            if Triple in map(type, row):
                triple = next(cell for cell in row if isinstance(cell, Triple))
                raise UsageError(
                    f"A cell is a triple term, which no format can write: {excerpt(str(triple))}"
                )
            yield cast(Row, row)
    except (OSError, RuntimeError, ValueError) as error:
        raise query_error(error) from None


class _Run:
    def __init__(
        self,
        store: GraphStore,
        bound: BoundQuery,
        labels: Labels,
        counter: RowCounter | None = None,
        joined: bool = False,
    ) -> None:
        self._store = store
        self._bound = bound
        self._query = bound.query
        self._counter = counter
        self._filter = RowFilter.of(bound.query, bound.terms)
        self._joined = joined and has_figures(bound.query.columns)
        self.labels = labels
        self._names = self._query.columns[:-1] if self._joined else self._query.columns
        self._labelled = [name in self._query.labels for name in self._names]
        self.columns = tuple(
            column
            for name, has_label in zip(self._names, self._labelled, strict=True)
            for column in ((name, f"{name}Label") if has_label else (name,))
        )

    def rows(self) -> Iterator[Row]:
        """Yield the rows in the query's order, filtered, joined if requested, without labels."""
        if self._filter.source is not None:
            return self._counted(self._of_source)
        rows = self._ordered(self._bound.rows, self._query.columns)
        return self._counted(joined_rows(self._query.columns, rows) if self._joined else rows)

    def some_rows(self) -> Iterator[Row]:
        """Yield the filtered rows in any order."""
        if self._filter.source is not None:
            return iter(self._of_source)
        text = unordered(self._bound.rows)
        return self._filter.in_years(self._solved(text, self._query.columns))

    def _counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        return iter(rows) if self._counter is None else self._counter.counting(rows)

    def labelled(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows with a label after each cell of a column that has labels.

        Without a label, a figure of one number has its text, each of several joined categories its
        CURIE, and any other cell None.
        """
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            self._store.prefetch(
                (
                    one
                    for row in batch
                    for name, cell, has_label in zip(self._names, row, self._labelled, strict=True)
                    for one in (cell, *categories_of(name, cell))
                    if has_label and isinstance(one, NamedNode)
                ),
                NAMING_FIGURES,
            )
            for row in batch:
                cells: list[Term | None] = []
                for name, cell, has_label in zip(self._names, row, self._labelled, strict=True):
                    cells.append(cell)
                    if not has_label:
                        continue
                    if several := categories_of(name, cell):
                        named = (
                            self.labels.of(one) or Literal(compact(one.value)) for one in several
                        )
                        cells.append(joined_label(named))
                    else:
                        label = self.labels.of(cell)
                        cells.append(label or figure_label(self._store, self.labels, cell))
                yield tuple(cells)

    def with_quotations(
        self, page: slice | None = None, sort: str | None = None
    ) -> Iterator[tuple[Row, tuple[Quotation, ...]]]:
        """Yield the rows with their quotations; the arguments are as for :meth:`with_facts`."""
        quotes = EvidenceReader(self._store, self.labels)
        for row, facts in self.with_facts(quotes, page, sort):
            yield row, quotes.evidence_of(facts.values())

    def with_facts(
        self, quotes: EvidenceReader, page: slice | None = None, sort: str | None = None
    ) -> Iterator[tuple[Row, Facts]]:
        """Yield all distinct rows, labelled, with the Facts that support each.

        Rows outside ``page`` can be without Facts.
        """
        of_source = self._filter.source is not None
        if page is not None and self._bound.collects_facts_apart and not of_source:
            # Only rows up to the end of the page get labels, unless all are sorted by them.
            rows = list(self.rows())
            pairs: Iterable[tuple[Row, Row]] = zip(self.labelled(rows), rows, strict=True)
            if sort:
                pairs = sorted_rows(self.columns, pairs, sort)
                rows = [row for _, row in pairs]
            of_rows = self._facts_of(set(rows[page]))
            quotes.prefetch(fact for facts in of_rows.values() for fact in facts.values())
            yield from ((labelled, of_rows.get(row, {})) for labelled, row in pairs)
            return
        of_rows = self._of_source if of_source else self._facts_of_all()
        quotes.prefetch(fact for facts in of_rows.values() for fact in facts.values())
        found = zip(self.labelled(self._counted(of_rows)), of_rows.values(), strict=True)
        yield from sorted_rows(self.columns, found, sort) if sort else found

    def _ordered(self, text: str, columns: tuple[str, ...]) -> Iterator[Row]:
        order = self._bound.order
        if order is None or not isinstance(self._store, LocalStore):
            return self._filter.in_years(self._solved(text, columns))
        return self._filter.in_years(order.sorted(self._unordered(unordered(text), columns)))

    def _unordered(self, text: str, columns: tuple[str, ...]) -> Iterator[Row]:
        shorter = without_modality(text) if "fact" in columns else text
        rows = self._solved(shorter, columns)
        if shorter == text:
            return rows
        fact, at = columns.index("fact"), columns.index("modality")
        return (
            (*row[:at], Literal(modality), *row[at + 1 :])
            for row in rows
            for modality in modalities(self._store, cast(NamedNode, row[fact]))
        )

    def _solved(self, text: str, columns: tuple[str, ...]) -> Iterator[Row]:
        return _rows(_solutions(self._store, text, self._query.text), columns)

    @cached_property
    def _of_source(self) -> dict[Row, Facts]:
        """The rows with a Fact of the filter's source, each with all its Facts."""
        text = (
            f"SELECT ?fact WHERE {{ ?piece {HAS_SOURCE} {self._filter.source} . "
            f"?fact {HAS_EVIDENCE} ?piece . }}"
        )
        found = self._solved(text, ("fact",))
        stated = {fact.value for (fact,) in found if isinstance(fact, NamedNode)}
        return {
            row: facts
            for row, facts in self._facts_of_all().items()
            if not stated.isdisjoint(facts)
        }

    def _facts_of_all(self) -> dict[Row, Facts]:
        columns = self._query.columns
        found: dict[Row, Facts] = {}
        if self._bound.collects_facts_apart:
            # A triple without a Fact is still a row, with no evidence.
            found = {row: {} for row in self._ordered(self._bound.rows, columns)}
        for row in self._ordered(self._bound.evidence, (*columns, *self._query.evidence)):
            found.setdefault(row[: len(columns)], {}).update(_facts_in(row[len(columns) :]))
        if not self._joined:
            return found
        return {
            row: {iri: fact for one in group for iri, fact in found[one].items()}
            for row, group in joined_rows(columns, found).items()
        }

    def _facts_of(self, rows: Set[Row]) -> dict[Row, Facts]:
        anchors = dict.fromkeys(row[0] for row in rows if row[0] is not None)
        found: dict[Row, Facts] = {row: {} for row in rows}
        if anchors:
            text = self._bound.evidence_of(anchors)
            columns = self._query.columns
            for row in self._solved(text, (*columns, *self._query.evidence)):
                if row[: len(columns)] in found:
                    found[row[: len(columns)]].update(_facts_in(row[len(columns) :]))
        return found


def _facts_in(cells: Row) -> Facts:
    return {fact.value: fact for fact in cells if isinstance(fact, NamedNode)}
