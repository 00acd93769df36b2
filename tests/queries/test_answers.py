"""Canned queries: their contract and their stored answers, each row of which was reviewed.

``python -m tests.queries.test_answers NAME`` stores the answer of a new or changed query, after
every row has been compared with the article.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import (
    Literal,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)
from rdflib import Graph
from rdflib.query import ResultRow
from rdflib.term import Node

from g60kg import package_data
from g60kg.errors import UnknownName, UsageError
from g60kg.namespaces import entity, g60
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, ParameterType, load_catalog
from g60kg.queries.parameters import Resolver
from g60kg.rdf.sparql_tokens import tokens
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import to_rdflib
from tests.conftest import ROOT, long_only, sampled
from tests.graphs import ONTOLOGY_FILES, SHAPE_FILES

Row = tuple[Node | None, ...]

# Topic/name (parameters) columns: public, so that a change here is a breaking one.
CONTRACT: Final = """
corridor/corridor-overview ()          property value unit modality
corridor/corridor-phases ()            phase name slogan startYear
corridor/phase-coverage (phase)        phase place
corridor/timeline (from to)            year what subject modality
cities/member-cities ()                city province code lat long
cities/city-profile (city)             section property value
cities/neighbours (entity)             direction property other
zones/zones (city kind)                zone kind city
economy/enterprises (city industry)    enterprise industry place
economy/industries (scheme)            industry scheme enterprises
economy/projects (city)                project place
economy/quantities (subject measure category) subject measure category reference value \
upper comparator unit period periodStated basis verbatim modality
economy/trend (subject measure category status) subject measure category reference \
period periodStated value upper comparator unit status basis source
economy/compare (measure category period status) subject category reference value upper \
comparator unit period periodStated status basis source
economy/organizations (kind place)     organization kind place industry
economy/posts (organization person post)    person post organization period
economy/industry-city-matrix ()        industry city enterprises projects facilities
economy/achievements (entity award)          entity achievement modality
governance/policies ()                 policy period
governance/events ()                   event time organizer place
governance/documents (issuer)          document kind issuer issued period
governance/agreements (city)           agreement year signatory event
governance/shared-agreements (a b)     agreement year
governance/city-roles (city)           city role counterpart
evidence/facts-about (entity)          fact property value modality time
evidence/evidence-for (entity)         fact property value quote article start end
evidence/facts-in-article (article)    fact subject property value modality
evidence/attributed-statements ()      fact subject property value speaker
evidence/claims-by-modality (modality) fact subject property value modality
evidence/coverage ()                   class entities facts evidence
evidence/sources ()                    source publisher date language facts grade
evidence/source-claims (source)        fact subject property value grade
evidence/unsupported-triples ()        subject property value
evidence/conflicts (entity)            subject property value article otherValue otherArticle
evidence/corroboration ()              subject property value sources publishers
search/search (text)                   entity class matched rank
"""

EVIDENCED: Final = """
SELECT DISTINCT ?fact
WHERE { ?fact a g60:Fact ; g60:hasEvidence/oa:hasSource ?source }
"""

# No source states where a company lies, so no example can find one.
EMPTY_EXAMPLES: Final = {
    ("achievements", "award"),
    ("enterprises", "city"),
    ("posts", "organization"),
    ("posts", "person"),
    ("posts", "post"),
}
EMPTY: Final = {"conflicts", "unsupported-triples", "posts"}

QUERIES: Final = list(load_catalog().values())
CASES: Final = [
    pytest.param(query, name, id=f"{query.name}-{name}" if name else query.name)
    for query in QUERIES
    for name in ("", *(parameter.name for parameter in query.parameters))
]
#: rdflib takes a third of a second or more for these.
SLOW: Final = (
    *("city-profile", "conflicts", "corroboration", "coverage", "facts-in-article"),
    *("organizations", "search", "source-claims"),
)
#: Two of five queries without parameters are portable in `make test`; all else is in
#: `make test-long`.
RDFLIB_CASES: Final = [
    pytest.param(
        *case.values,
        id=case.id,
        marks=pytest.mark.long if case.values[1] or case.id in SLOW or number % 5 > 1 else (),
    )
    for number, case in enumerate(CASES)
]
each_query = pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
each_case = pytest.mark.parametrize(("query", "parameter"), CASES)


@pytest.fixture(scope="session")
def graph() -> Graph:
    """What the shipped store holds, parsed by rdflib into one graph of its own."""
    merged = Graph()
    for file in (
        *ONTOLOGY_FILES,
        *SHAPE_FILES,
        *package_data.own_instance_files(),
    ):
        merged.parse(file, format="turtle")
    return merged


@pytest.fixture(scope="module")
def few(graph: Graph) -> Graph:
    """The city of Hangzhou and its class: rdflib compares a text with every name of a graph."""
    one = Graph()
    subjects = (entity("hangzhou"), g60("PrefectureCity"))
    for subject in map(to_rdflib, subjects):
        one += graph.triples((subject, None, None))
    return one


@cache
def resolver() -> Resolver:
    return Resolver(LocalStore.shipped())


def terms(query: NamedQuery, parameter: str) -> dict[str, Term]:
    """The example of one parameter as a term; none for no parameter."""
    if not parameter:
        return {}
    return resolver().terms(query, {parameter: query.parameter(parameter).example})


def text_of_case(query: NamedQuery, parameter: str) -> str:
    return bind(query, terms(query, parameter)).rows if parameter else query.text


def by_oxigraph(store: LocalStore, text: str) -> list[Row]:
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return rows_of(found, [variable.value for variable in found.variables])


def rows_of(found: QuerySolutions, columns: Iterable[str]) -> list[Row]:
    return [
        tuple(None if solution[name] is None else to_rdflib(solution[name]) for name in columns)
        for solution in found
    ]


def by_rdflib(graph: Graph, text: str) -> list[Row]:
    rows: list[Row] = []
    for row in graph.query(text):
        assert isinstance(row, ResultRow)
        rows.append(tuple(row))
    return rows


# -- The answers -------------------------------------------------------------


def answer_file(query: NamedQuery) -> Path:
    return ROOT / "tests" / "queries" / query.topic / f"{query.name}.json"


def stored_rows(query: NamedQuery, parameter: str) -> list[Row]:
    """The stored rows of the file as it stands, or with the example of a parameter."""
    stored = json.loads(answer_file(query).read_text(encoding="utf-8"))
    results = stored["examples"][parameter] if parameter else stored["results"]
    answer = json.dumps({"head": stored["head"], "results": results})
    found = parse_query_results(answer, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return rows_of(found, query.columns)


def store_answer(store: LocalStore, query: NamedQuery) -> None:
    """Writes the answers of a query: SPARQL 1.1 results in JSON, and those of its examples."""

    def results(parameter: str) -> list[Any]:
        found = store.query(text_of_case(query, parameter))
        assert isinstance(found, QuerySolutions)
        written = found.serialize(format=QueryResultsFormat.JSON)
        assert written is not None
        bindings: list[Any] = json.loads(written)["results"]["bindings"]
        return bindings

    def lines(bindings: list[Any], indent: str) -> str:
        written = (json.dumps(binding, ensure_ascii=False) for binding in bindings)
        inner = ",\n".join(f"{indent}  {line}" for line in written)
        return f'{{"bindings": [\n{inner}\n{indent}]}}' if inner else '{"bindings": []}'

    examples = ",\n".join(
        f'    "{parameter.name}": {lines(results(parameter.name), "    ")}'
        for parameter in query.parameters
    )
    head = json.dumps({"vars": list(query.columns)})
    text = f'{{\n  "head": {head},\n  "results": {lines(results(""), "  ")}'
    text += f',\n  "examples": {{\n{examples}\n  }}\n}}\n' if examples else "\n}\n"
    answer_file(query).parent.mkdir(parents=True, exist_ok=True)
    answer_file(query).write_text(text, encoding="utf-8")


@each_case
def test_the_stored_answer_is_given_by_oxigraph(
    query: NamedQuery, parameter: str, store: LocalStore
) -> None:
    assert by_oxigraph(store, text_of_case(query, parameter)) == stored_rows(query, parameter)


@pytest.mark.parametrize(("query", "parameter"), RDFLIB_CASES)
def test_the_stored_answer_is_given_by_rdflib(
    query: NamedQuery, parameter: str, graph: Graph
) -> None:
    assert by_rdflib(graph, text_of_case(query, parameter)) == stored_rows(query, parameter)


@each_case
def test_there_is_an_answer(query: NamedQuery, parameter: str) -> None:
    empty = (query.name, parameter) in EMPTY_EXAMPLES or query.name in EMPTY
    assert bool(stored_rows(query, parameter)) != empty
    if parameter and query.parameter(parameter).optional:
        assert set(stored_rows(query, parameter)) <= set(stored_rows(query, ""))


# -- The files ---------------------------------------------------------------


def test_names_parameters_and_columns_are_those_of_the_contract() -> None:
    promised = {}
    for line in CONTRACT.strip().splitlines():
        found = re.fullmatch(r"(\S+)/(\S+) \((.*)\)\s+(.+)", line)
        assert found is not None
        topic, name, parameters, columns = found.groups()
        promised[name] = (topic, tuple(parameters.split()), tuple(columns.split()))
    # Queries and further columns may come; what was promised stays as it is.
    assert len(promised) == 36
    found_queries = {
        query.name: (query.topic, tuple(p.name for p in query.parameters), query.columns)
        for query in QUERIES
    }
    for name, (topic, parameters, columns) in promised.items():
        found_topic, found_parameters, found_columns = found_queries[name]
        assert (found_topic, found_parameters) == (topic, parameters), name
        assert found_columns[: len(columns)] == columns, name


@each_query
def test_the_header_describes_the_query(query: NamedQuery, store: LocalStore) -> None:
    found = store.query(query.text)
    assert isinstance(found, QuerySolutions)
    assert tuple(variable.value for variable in found.variables) == query.columns
    assert set(query.labels) <= set(query.columns)
    assert query.summary.endswith("?")
    assert query.description.endswith(".")
    blocks = re.findall(r"^ +VALUES \?_(\w+) \{ .+ \}$", query.text, re.MULTILINE)
    assert list(dict.fromkeys(blocks)) == [parameter.name for parameter in query.parameters]
    assert all(parameter.description for parameter in query.parameters)


@each_query
def test_the_text_is_portable(query: NamedQuery) -> None:
    words = [token.keyword for token in tokens(query.text) if token.keyword]
    assert not {"GRAPH", "SERVICE", "FROM", "LIMIT", "OFFSET", "INSERT"} & set(words)
    assert ("NOT", "EXISTS") not in set(pairwise(words))
    outermost = words.index("SELECT")
    assert words[outermost : outermost + 2] == ["SELECT", "DISTINCT"]
    # It brings its own prefixes, and no more of them than it uses.
    Store().query(query.text)
    body = query.text.partition("\nSELECT")[2]
    declared = re.findall(r"^PREFIX (\w+):", query.text, re.MULTILINE)
    assert declared == sorted({t.text.split(":")[0] for t in tokens(body) if t.kind == "name"})


# -- Parameters --------------------------------------------------------------


@each_query
def test_a_parameter_left_out_means_any(query: NamedQuery, store: LocalStore) -> None:
    assert by_oxigraph(store, bind(query, {}).rows) == stored_rows(query, "")


@pytest.mark.parametrize(
    "text",
    [
        '" } ?entity ?p ?matched . #',
        "' } UNION { ?entity ?p ?matched } #",
        '""" } DELETE WHERE { ?s ?p ?o } #',
        "\\u0022 } ?entity ?p ?matched #",
        ".*",
        "\x00",
        *long_only('") || true || CONTAINS("', "%", "?matched"),
    ],
)
def test_hostile_text_is_only_looked_for(text: str, store: LocalStore, few: Graph) -> None:
    bound = bind(load_catalog()["search"], {"text": Literal(text)}).rows
    assert by_oxigraph(store, bound) == by_rdflib(few, bound) == []


def test_the_graph_of_few_names_has_something_to_find(few: Graph) -> None:
    bound = bind(load_catalog()["search"], {"text": Literal("hangzhou")}).rows
    assert by_rdflib(few, bound)


@pytest.mark.parametrize("query", sampled(QUERIES), ids=[query.name for query in QUERIES])
def test_what_is_no_term_is_refused(query: NamedQuery) -> None:
    for parameter in query.parameters:
        if parameter.type is not ParameterType.STRING:
            with pytest.raises((UnknownName, UsageError)):
                resolver().terms(query, {parameter.name: "> } UNION { ?s ?p ?o } #"})


# -- Evidence ----------------------------------------------------------------


@pytest.mark.parametrize(
    "query", [query for query in QUERIES if query.evidence], ids=lambda query: query.name
)
def test_facts_with_evidence_stand_behind_each_row(query: NamedQuery, store: LocalStore) -> None:
    found = store.query(bind(query, {}).evidence)
    assert isinstance(found, QuerySolutions)
    width = len(query.columns)
    behind: dict[Row, set[Node]] = {}
    for row in rows_of(found, (*query.columns, *query.evidence)):
        behind.setdefault(row[:width], set()).update(cell for cell in row[width:] if cell)
    assert list(behind) == stored_rows(query, "")
    facts = {row[0] for row in by_oxigraph(store, EVIDENCED)}
    for row, supporting in behind.items():
        assert supporting, row
        assert supporting <= facts


@each_query
def test_rows_without_evidence_are_no_statements(query: NamedQuery) -> None:
    without = re.search(r"\bno evidence\b", query.description)
    assert bool(query.evidence) != bool(without)


if __name__ == "__main__":
    for named in sys.argv[1:]:
        store_answer(LocalStore.shipped(), load_catalog()[named])
