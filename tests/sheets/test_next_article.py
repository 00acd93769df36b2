"""Sentences of a kind that the first article does not have become rows, and come back in answers.

The article is made up. Each sentence was one that version 0.1 could not express.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import Quad

from g60kg.api import KnowledgeGraph
from g60kg.gate.fact_validation import validate
from g60kg.model.article_text import read_article
from g60kg.queries.catalog import load_catalog
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.conftest import ROOT

SHEET = ROOT / "tests" / "data" / "next-article.csv"
ARTICLE = ROOT / "tests" / "data" / "next-article.txt"

#: A query, its parameters, and columns of a row that the article supports.
ANSWERS: list[tuple[str, dict[str, str], dict[str, object]]] = [
    (
        "quantities",
        {"subject": "Xinghe", "category": "little-giant enterprises"},
        {"value": 69, "measureLabel": "number of enterprises"},
    ),
    (
        "quantities",
        {"subject": "Xinghe", "measure": "rank by number of enterprises"},
        {"value": 2, "referenceLabel": "Linshan"},
    ),
    (
        "quantities",
        {"subject": "G60 corridor", "category": "high-tech firms", "measure": "enterprise-count"},
        {"value": 44200, "comparator": "exactly"},
    ),
    (
        "quantities",
        {"subject": "G60 corridor", "measure": "share of enterprises"},
        {"value": 0.125, "referenceLabel": "China", "categoryLabel": "high-tech enterprises"},
    ),
    (
        "trend",
        {"subject": "G60 corridor", "measure": "GDP"},
        {"value": 5460000000000, "period": "2021-01/2021-09", "periodStated": True},
    ),
    (
        "trend",
        {"subject": "G60 corridor", "measure": "growth of GDP"},
        {"value": Decimal("10.9"), "period": "2021-01/2021-09", "reference": "year-on-year"},
    ),
    (
        "documents",
        {"issuer": "Six ministries"},
        {"documentLabel": "Construction Plan of the G60 corridor", "issued": "2021-04-01"},
    ),
    ("quantities", {"subject": "Optics Alliance"}, {"value": 83}),
    ("timeline", {"from": "2018", "to": "2018"}, {"subjectLabel": "Optics Alliance"}),
    (
        "posts",
        {"organization": "Optics Alliance"},
        {"personLabel": "Li Mingyuan", "period": "2025-01"},
    ),
    (
        "quantities",
        {"subject": "Bluefield Science Park", "measure": "site area"},
        {"value": 730000},
    ),
    (
        "quantities",
        {"subject": "Bluefield Science Park", "measure": "floor area", "category": "office space"},
        {"value": 850000, "modality": "Planned"},
    ),
    (
        "trend",
        {"subject": "Bluefield Science Park", "measure": "enterprises to be accommodated"},
        {"value": 1000, "upper": 1200, "comparator": "between", "status": "Prospective"},
    ),
    (
        "organizations",
        {"kind": "ResearchInstitute", "place": "Jiaxing"},
        {"organizationLabel": "Linshan Robot Institute", "placeLabel": "Qingxi"},
    ),
    ("compare", {"measure": "fund size"}, {"value": 10000000000}),
    ("compare", {"measure": "design speed"}, {"value": 350}),
    (
        "quantities",
        {"subject": "Linshan-Huzhou railway", "measure": "length"},
        {"value": Decimal("163.8")},
    ),
    ("timeline", {"from": "2024", "to": "2024"}, {"subjectLabel": "Linshan-Huzhou railway"}),
    ("quantities", {"category": "satellites"}, {"value": 2}),
    (
        "trend",
        {"subject": "Xinghe", "measure": "R&D intensity"},
        {"value": Decimal("3.2"), "status": "Actual"},
    ),
    (
        "trend",
        {"subject": "Xinghe", "measure": "R&D intensity", "status": "Goal"},
        {"value": 3, "period": "2025"},
    ),
    ("agreements", {"city": "Five districts"}, {"eventLabel": "Harbor Exposition"}),
    ("quantities", {"measure": "growth of PCT applications"}, {"value": Decimal("163.4")}),
    (
        "conflicts",
        {"entity": "G60 corridor"},
        {"valueLabel": "Shanghai", "otherValueLabel": "Songjiang"},
    ),
]


@pytest.fixture(scope="module")
def graph() -> Iterator[KnowledgeGraph]:
    store = LocalStore.shipped()
    drafted = draft(read_sheet(SHEET), store, read_article(ARTICLE))
    assert drafted.problems == ()
    store.extend(
        Quad(triple.subject, triple.predicate, triple.object, drafted.graph)
        for triple in drafted.triples
    )
    yield KnowledgeGraph(store)
    store.close()


def test_a_careful_curator_gets_no_wrong_warning() -> None:
    text = read_article(ARTICLE)
    report = validate(LocalStore.shipped(), [SHEET], texts={text.digest: text})
    found = [one for one in report.findings if one.severity is not Severity.INFO]
    # Shanghai for Songjiang among the nine cities: right.
    assert [one.code for one in found] == ["ListDiffers"]


def test_the_sheet_has_nothing_to_fill_in() -> None:
    store = LocalStore.shipped()
    drafted = draft(read_sheet(SHEET), store, read_article(ARTICLE))
    assert drafted.sheet.text() == SHEET.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("query", "parameters", "expected"), ANSWERS, ids=[f"{n}-{q[0]}" for n, q in enumerate(ANSWERS)]
)
def test_a_sentence_comes_back_from_a_query(
    graph: KnowledgeGraph, query: str, parameters: dict[str, Any], expected: dict[str, object]
) -> None:
    rows = graph.query(query, **parameters).to_dicts()
    assert any(expected.items() <= row.items() for row in rows), rows


@pytest.mark.parametrize(
    "name", [query.name for query in load_catalog().values() if query.evidence]
)
def test_each_row_has_evidence(graph: KnowledgeGraph, name: str) -> None:
    answer = graph.query(name)
    unsupported = [
        row
        for row, evidence in zip(answer.to_dicts(), answer.evidence(), strict=True)
        if not evidence
    ]
    assert unsupported == []
