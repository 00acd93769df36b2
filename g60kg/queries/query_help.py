"""Help texts of canned queries: the list by topic, and one query with its parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from g60kg.queries.argument_types import checked_types
from g60kg.queries.catalog import NamedQuery, load_catalog, named_query

_COLUMNS: Final = {"en": "Columns: ", "zh": "列："}
_NEEDS: Final = {"en": ("optional", "has a default"), "zh": ("可选", "有默认值")}


def query_list(language: str = "en") -> Iterator[str]:
    """Yield the lines of a list of all canned queries, with the question that each answers."""
    catalog = load_catalog().values()
    names = {
        query.name: " ".join([query.name, *(f"[{p.name}]" for p in query.parameters)])
        for query in catalog
    }
    width = max(map(len, names.values()), default=0)
    topic = ""
    for query in catalog:
        if query.topic != topic:
            if topic:
                yield ""
            topic = query.topic
            yield topic
        yield f"  {names[query.name]:<{width}}  {query.texts(language)[0]}"


def query_help(
    query: NamedQuery,
    assigned: Callable[[str, str], str],
    language: str = "en",
    translate: Callable[[str], str] = str,
) -> Iterator[str]:
    """Yield the lines of a query's help: summary, description, columns and parameters.

    ``assigned`` formats a name with a value; ``translate`` gets English texts.
    """
    summary, description = query.texts(language)
    yield from (f"{query.name}: {summary}", "", description, "")
    yield _COLUMNS.get(language, _COLUMNS["en"]) + ", ".join(query.columns)
    needs = _NEEDS.get(language, _NEEDS["en"])
    for parameter in (*query.parameters, *query.filters):
        kind = parameter.of_class or parameter.type
        need = needs[0] if parameter.optional else needs[1]
        example = assigned(parameter.name, parameter.example)
        description = translate(": ") + translate(parameter.description)
        yield f"  {example}   {translate(kind)}{translate(', ')}{need}{description}"


class ListedQuery:
    """A canned query as Python users read it; it prints as its help.

    Attributes:
        name: its name, for ``kg.query``.
        topic: its folder.
        summary: the question that it answers.
        description: what a row is.
        parameters: its parameters without filters, in order.
        columns: its columns, without those of labels.
        text: its SPARQL.
    """

    def __init__(self, query: NamedQuery, language: str = "en") -> None:
        self.name = query.name
        self.topic = query.topic
        self.summary, self.description = query.texts(language)
        self.parameters = query.parameters
        self.columns = query.columns
        self.text = query.text
        # help() prints the docstring of an object that has its own.
        self.__doc__ = "\n".join(query_help(query, _as_argument, language))

    def __repr__(self) -> str:
        return self.__doc__ or ""


def _as_argument(name: str, value: str) -> str:
    # A name that Python reserves is written with an underscore: from_="2018".
    return f'{name}{"_" if name == "from" else ""}="{value}"'


class ListedQueries(dict[str, ListedQuery]):
    """The canned queries by name; prints as a list by topic. An unknown name raises UnknownName.

    >>> queries = ListedQueries()
    >>> queries["projects"].summary
    'Which projects are named, and where are they located?'
    >>> print(queries["timeline"])
    timeline: What happened or started in which year?
    ...
      from_="2018"   integer, optional: first year
      to="2021"   integer, optional: last year
      source="2307119874"   Source, optional: only rows with a fact of this source, by id or name
    """

    def __init__(self, language: str = "en") -> None:
        listed = load_catalog().items()
        super().__init__((name, ListedQuery(query, language)) for name, query in listed)
        self._language = language

    @checked_types
    def __missing__(self, name: str) -> ListedQuery:
        # Raises UnknownName with the nearest names.
        return ListedQuery(named_query(name), self._language)

    def __repr__(self) -> str:
        return "\n".join(query_list(self._language))
