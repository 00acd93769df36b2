"""Running queries: a canned one with its parameters, or any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    if evidence and not query.evidence:
        raise UsageError(
            f"Query {query.name} has no evidence to show: its rows are no statements.",
            hint=query.description,
        )
    labels = Labels(store, language) if labels is None else labels
    columns = _columns(query)

    def evidenced() -> dict[Row, tuple[Quoted, ...]]:
        return dict(_evidenced(store, query, terms, labels))

    pairs: Iterable[tuple[Row, tuple[Quoted, ...]]]
    if evidence and limit is not None and gathers_facts_apart(query):
        rows = _labelled_rows(store, query, terms, labels)
        if sort:
            rows = sorted_rows(columns, rows, sort)
            sort = None
        pairs = _evidenced_page(store, query, terms, labels, rows, slice(offset, offset + limit))
    elif evidence:
        pairs = _evidenced(store, query, terms, labels)
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


def _evidenced(
    store: GraphStore, query: NamedQuery, terms: Mapping[str, Term], labels: Labels
) -> Iterator[tuple[Row, tuple[Quoted, ...]]]:
    """Each row once, with what stands behind all the Facts that give it."""
    width = len(query.columns)
    facts: dict[Row, dict[str, NamedNode]] = {}
    if gathers_facts_apart(query):
        # A triple that has lost its Fact makes a row all the same, with nothing behind it.
        facts = {row: {} for row in _in_order(store, query, bind(query, terms), query.columns)}
    text = bind(query, terms, evidence=True)
    for row in _in_order(store, query, text, (*query.columns, *query.evidence)):
        facts.setdefault(row[:width], {}).update(_facts_of(row[width:]))
    quotes = Quotes(store, labels)
    quotes.expect(fact for behind in facts.values() for fact in behind.values())
    visibles = _expected(store, query, iter(facts))
    for visible, row in zip(facts, _labelled(query, visibles, labels), strict=True):
        yield row, quotes.behind(facts[visible].values())


def _facts_of(cells: Row) -> dict[str, NamedNode]:
    """The Facts in some cells, by their IRIs."""
    return {fact.value: fact for fact in cells if isinstance(fact, NamedNode)}


def _labelled_rows(
    store: GraphStore, query: NamedQuery, terms: Mapping[str, Term], labels: Labels
) -> list[tuple[Row, Row]]:
    """Each row with its labels, and as the query gives it."""
    visible = list(_in_order(store, query, bind(query, terms), query.columns))
    labelled = _labelled(query, _expected(store, query, iter(visible)), labels)
    return list(zip(labelled, visible, strict=True))


def _evidenced_page(
    store: GraphStore,
    query: NamedQuery,
    terms: Mapping[str, Term],
    labels: Labels,
    rows: list[tuple[Row, Row]],
    page: slice,
) -> Iterator[tuple[Row, tuple[Quoted, ...]]]:
    """All rows, those of a page with what stands behind them: gathered for these alone."""
    shown = {visible for _, visible in rows[page]}
    anchors = dict.fromkeys(visible[0] for visible in shown if visible[0] is not None)
    behind: dict[Row, dict[str, NamedNode]] = {visible: {} for visible in shown}
    if anchors:
        text = bind(query, terms, evidence=True, rows_of=anchors)
        width = len(query.columns)
        for row in _rows(_solutions(store, text), (*query.columns, *query.evidence)):
            if row[:width] in behind:
                behind[row[:width]].update(_facts_of(row[width:]))
    quotes = Quotes(store, labels)
    quotes.expect(fact for facts in behind.values() for fact in facts.values())
    for labelled, visible in rows:
        yield labelled, quotes.behind(behind.get(visible, {}).values())
