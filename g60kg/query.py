"""Running queries: a canned one with its parameters, or any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Variable

from g60kg.answers import Answer, Row, sorted_rows
from g60kg.catalog import NamedQuery, bind
from g60kg.errors import EngineFailure, UsageError
from g60kg.evidence import Quoted
from g60kg.querytext import outline
from g60kg.quotes import Labels, Quotes
from g60kg.stores.base import GraphStore, Term


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
    """
    if evidence and not query.evidence:
        raise UsageError(
            f"Query {query.name} has no evidence to show: its rows are no statements.",
            hint=query.description,
        )
    labels = Labels(store, language)

    def evidenced() -> dict[Row, tuple[Quoted, ...]]:
        return dict(_evidenced(store, query, terms, labels))

    pairs: Iterable[tuple[Row, tuple[Quoted, ...]]]
    if evidence:
        pairs = _evidenced(store, query, terms, labels)
    else:
        solutions = _solutions(store, bind(query, terms))
        pairs = ((row, ()) for row in _labelled(query, _rows(solutions, query.columns), labels))
    columns = _columns(query)
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
    solutions = _solutions(store, text)
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
    variables = [Variable(name) for name in columns]
    try:
        for solution in solutions:
            yield tuple(_term(solution[variable]) for variable in variables)
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineFailure(f"The query failed: {error}") from None


def _term(found: object) -> Term | None:
    if found is None or isinstance(found, (NamedNode, BlankNode, Literal)):
        return found
    raise EngineFailure(f"A cell holds what no format here can write: {found}")


def _labelled(query: NamedQuery, rows: Iterable[Row], labels: Labels) -> Iterator[Row]:
    shown = [name in query.labels for name in query.columns]
    for row in rows:
        cells: list[Term | None] = []
        for cell, has_label in zip(row, shown, strict=True):
            cells.append(cell)
            if has_label:
                cells.append(labels.of(cell))
        yield tuple(cells)


def _evidenced(
    store: GraphStore, query: NamedQuery, terms: Mapping[str, Term], labels: Labels
) -> Iterator[tuple[Row, tuple[Quoted, ...]]]:
    """Each row once, with what stands behind all the Facts that give it."""
    solutions = _solutions(store, bind(query, terms, evidence=True))
    width = len(query.columns)
    facts: dict[Row, dict[str, NamedNode]] = {}
    for row in _rows(solutions, (*query.columns, *query.evidence)):
        behind = facts.setdefault(row[:width], {})
        behind.update({fact.value: fact for fact in row[width:] if isinstance(fact, NamedNode)})
    quotes = Quotes(store, labels)
    for visible, row in zip(facts, _labelled(query, facts, labels), strict=True):
        yield row, quotes.behind(facts[visible].values())
