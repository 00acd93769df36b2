"""Running queries: a canned one with its parameters, or any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from pyoxigraph import NamedNode, QuerySolutions, Triple, Variable

from g60kg.answers import Answer, Row, sorted_rows
from g60kg.catalog import NamedQuery, bind, gathers_facts_apart
from g60kg.errors import EngineFailure, UsageError
from g60kg.evidence import Quoted
from g60kg.ordering import taken_apart
from g60kg.querytext import outline
from g60kg.quotes import Labels, Quotes
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.local import LocalStore

#: Facts by their IRIs.
Facts = dict[str, NamedNode]
#: Rows that are taken together, so that a store far away can fetch their labels together.
AHEAD: Final = 100


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
) -> Answer:
    """The answer to a canned query.

    Labels are joined here and not in the queries: a query stays readable and the same file serves
    every language.

    Args:
        store: where it runs.
        query: the canned query.
        terms: an RDF term for each parameter given.
        language: of the labels; English where there is none in it.
        evidence: whether each row comes with its quotations.
        limit: the most rows to give.
        offset: how many rows to pass over.
        sort: a column to sort by, ``-column`` from the highest; gathers all rows.
        labels: those looked up before, in that language; None for none.
    """
    if evidence:
        _needs_evidence(query)
    labels = Labels(store, language) if labels is None else labels
    columns = _columns(query)

    def evidenced() -> dict[Row, tuple[Quoted, ...]]:
        quotes = Quotes(store, labels)
        behind = _with_facts(store, query, terms, labels, quotes)
        return {row: quotes.behind(facts.values()) for row, facts in behind}

    pairs: Iterable[tuple[Row, tuple[Quoted, ...]]]
    if evidence:
        quotes = Quotes(store, labels)
        page = None if limit is None else slice(offset, offset + limit)
        behind: Iterable[tuple[Row, Facts]]
        behind = _with_facts(store, query, terms, labels, quotes, page, sort)
        if sort:
            behind = list(behind)
        pairs = ((row, quotes.behind(facts.values())) for row, facts in behind)
    else:
        found = _in_order(store, query, bind(query, terms), query.columns)
        expected = _expected(store, query, found)
        pairs = ((row, ()) for row in _labelled(query, expected, labels))
        if sort:
            pairs = sorted_rows(columns, pairs, sort)
    return Answer(
        columns,
        pairs,
        query=query.name,
        parameters=terms,
        limit=limit,
        offset=offset,
        evidence=None if evidence or not query.evidence else evidenced,
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """The Facts behind a page of rows.

    Attributes:
        facts: each once, in the order of the rows.
        rows: how many rows the page has.
        complete: whether those are all rows.
        cut: whether a limit cut rows off.
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
    language: str = "en",
    limit: int | None = None,
    offset: int = 0,
    sort: str | None = None,
    labels: Labels | None = None,
) -> Behind:
    """The Facts behind the rows that :func:`run_named` gives for the same arguments.

    Raises:
        UsageError: the rows of the query are no statements, or there is no such column to sort by.
    """
    _needs_evidence(query)
    labels = Labels(store, language) if labels is None else labels
    page = None if limit is None else slice(offset, offset + limit)
    pairs = _with_facts(store, query, terms, labels, Quotes(store, labels), page, sort)
    # One row more tells whether there are more.
    taken = list(islice(pairs, offset, None if limit is None else offset + limit + 1))
    cut = limit is not None and len(taken) > limit
    shown = taken[:limit]
    facts = {iri: fact for _, behind in shown for iri, fact in sorted(behind.items())}
    return Behind(tuple(facts.values()), len(shown), not cut and offset == 0, cut)


def _needs_evidence(query: NamedQuery) -> None:
    if not query.evidence:
        raise UsageError(
            f"Query {query.name} has no evidence to show: its rows are no statements.",
            hint=query.description,
        )


def run_select(store: GraphStore, text: str) -> Answer:
    """The answer to a SELECT query of the user's.

    Raises:
        UsageError: the query is of another form.
    """
    return select_answer(_solutions(store, text), text)


def select_answer(solutions: QuerySolutions, text: str) -> Answer:
    """The answer that the solutions of a SELECT query are; the text is the query's."""
    columns = tuple(variable.value for variable in solutions.variables)
    asked = outline(text)
    if asked.everything:
        # The standard leaves the order open and the engine's is by name; a reader expects this.
        columns = tuple(sorted(columns, key=asked.variables.index))
    return Answer(columns, ((row, ()) for row in _rows(solutions, columns)))


def _columns(query: NamedQuery) -> tuple[str, ...]:
    columns: list[str] = []
    for name in query.columns:
        columns.append(name)
        if name in query.labels:
            columns.append(f"{name}Label")
    return tuple(columns)


def _solutions(store: GraphStore, text: str) -> QuerySolutions:
    result = store.query(text)
    if not isinstance(result, QuerySolutions):
        raise UsageError("The query is not a SELECT.")
    return result


def _rows(solutions: QuerySolutions, columns: Iterable[str]) -> Iterator[Row]:
    asked = [Variable(name) for name in columns]
    as_they_come = asked == list(solutions.variables)
    try:
        for solution in solutions:
            row = tuple(solution if as_they_come else [solution[name] for name in asked])
            if Triple in map(type, row):
                triple = next(cell for cell in row if isinstance(cell, Triple))
                raise EngineFailure(f"A cell holds what no format here can write: {triple}")
            yield cast(Row, row)
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineFailure(f"The query failed: {error}") from None


def _in_order(
    store: GraphStore, query: NamedQuery, text: str, columns: Iterable[str]
) -> Iterator[Row]:
    """The rows of a canned query in its order: by whom it is found sooner, the engine or here."""
    columns = tuple(columns)
    apart = taken_apart(text, query.columns) if isinstance(store, LocalStore) else None
    if apart is not None:
        unordered, order = apart
        rows = order.sorted(_rows(_solutions(store, unordered), columns))
        if rows is not None:
            return iter(rows)
    return _rows(_solutions(store, text), columns)


def _expected(store: GraphStore, query: NamedQuery, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows; before each some of them the store is told whose labels will be asked for."""
    shown = [index for index, name in enumerate(query.columns) if name in query.labels]
    while some := list(islice(rows, AHEAD)):
        cells = (row[index] for row in some for index in shown)
        store.expect(cell for cell in cells if isinstance(cell, NamedNode))
        yield from some


def _labelled(query: NamedQuery, rows: Iterable[Row], labels: Labels) -> Iterator[Row]:
    shown = [name in query.labels for name in query.columns]
    of = labels.of
    for row in rows:
        cells: list[Term | None] = []
        for cell, has_label in zip(row, shown, strict=True):
            cells.append(cell)
            if has_label:
                cells.append(of(cell))
        yield tuple(cells)


def _with_facts(
    store: GraphStore,
    query: NamedQuery,
    terms: Mapping[str, Term],
    labels: Labels,
    quotes: Quotes,
    page: slice | None = None,
    sort: str | None = None,
) -> Iterator[tuple[Row, Facts]]:
    """All rows in the order asked for, each once, with the Facts that give it.

    Of a page, those of its rows are all there; others may be left out. The store is told whose
    quotations will be asked for.
    """
    columns = _columns(query)
    if page is not None and gathers_facts_apart(query):
        rows = _labelled_rows(store, query, terms, labels)
        if sort:
            rows = sorted_rows(columns, rows, sort)
        behind = _facts_of_rows(store, query, terms, {visible for _, visible in rows[page]})
        quotes.expect(fact for facts in behind.values() for fact in facts.values())
        yield from ((labelled, behind.get(visible, {})) for labelled, visible in rows)
        return
    behind = _facts_of_all(store, query, terms)
    quotes.expect(fact for facts in behind.values() for fact in facts.values())
    labelled_rows = _labelled(query, _expected(store, query, iter(behind)), labels)
    pairs = zip(labelled_rows, behind.values(), strict=True)
    yield from sorted_rows(columns, pairs, sort) if sort else pairs


def _facts_of_all(
    store: GraphStore, query: NamedQuery, terms: Mapping[str, Term]
) -> dict[Row, Facts]:
    """The Facts behind each row, in the order of the rows."""
    width = len(query.columns)
    behind: dict[Row, Facts] = {}
    if gathers_facts_apart(query):
        # A triple that has lost its Fact makes a row all the same, with nothing behind it.
        behind = {row: {} for row in _in_order(store, query, bind(query, terms), query.columns)}
    text = bind(query, terms, evidence=True)
    for row in _in_order(store, query, text, (*query.columns, *query.evidence)):
        behind.setdefault(row[:width], {}).update(_facts_of(row[width:]))
    return behind


def _facts_of_rows(
    store: GraphStore, query: NamedQuery, terms: Mapping[str, Term], shown: Set[Row]
) -> dict[Row, Facts]:
    """The Facts behind each of some rows: gathered for these alone."""
    anchors = dict.fromkeys(visible[0] for visible in shown if visible[0] is not None)
    behind: dict[Row, Facts] = {visible: {} for visible in shown}
    if anchors:
        text = bind(query, terms, evidence=True, rows_of=anchors)
        width = len(query.columns)
        for row in _rows(_solutions(store, text), (*query.columns, *query.evidence)):
            if row[:width] in behind:
                behind[row[:width]].update(_facts_of(row[width:]))
    return behind


def _facts_of(cells: Row) -> Facts:
    """The Facts in some cells, by their IRIs."""
    return {fact.value: fact for fact in cells if isinstance(fact, NamedNode)}


def _labelled_rows(
    store: GraphStore, query: NamedQuery, terms: Mapping[str, Term], labels: Labels
) -> list[tuple[Row, Row]]:
    """Each row with its labels, and as the query gives it."""
    visible = list(_in_order(store, query, bind(query, terms), query.columns))
    labelled = _labelled(query, _expected(store, query, iter(visible)), labels)
    return list(zip(labelled, visible, strict=True))
