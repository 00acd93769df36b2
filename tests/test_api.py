"""The knowledge graph as a Python user meets it."""

from __future__ import annotations

import builtins
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import Quad
from rdflib import Dataset, Graph, Literal, URIRef, Variable

import g60kg
from g60kg.errors import (
    G60kgError,
    MissingExtra,
    NoStore,
    NotUnderstood,
    QuerySyntaxError,
    UnknownName,
    UsageError,
)
from g60kg.namespaces import LABEL, A, entity, g60, graph_name
from g60kg.stores.local_store import LocalStore
from tests.graphs import new_store

HANGZHOU = URIRef("https://w3id.org/g60kg/id/hangzhou")


@pytest.fixture(scope="module")
def kg() -> g60kg.KnowledgeGraph:
    return g60kg.load()


def test_rows_are_rdflib_terms_and_plain_values(kg: g60kg.KnowledgeGraph) -> None:
    answer = kg.query("member-cities")
    assert len(answer) == 9
    by_city = {row["city"]: row for row in answer.rows}
    assert by_city[HANGZHOU]["cityLabel"] == Literal("Hangzhou", lang="en")
    assert by_city[HANGZHOU]["code"] == Literal("330100")
    plain = {row["cityLabel"]: row for row in answer.to_dicts()}
    assert plain["Hangzhou"]["lat"] == Decimal("30.29365")
    assert answer.complete
    assert [row["city"] for row in answer] == [row["city"] for row in answer.rows]


def test_each_row_has_its_quotations(kg: g60kg.KnowledgeGraph) -> None:
    answer = kg.query("projects", city="松江")
    behind = answer.evidence()
    assert len(behind) == len(answer)
    assert all(quoted.quote for row in behind for quoted in row)
    assert "have settled in Songjiang" in answer.to_csv(evidence=True)
    assert "have settled in Songjiang" not in answer.to_csv()


def test_chinese_labels() -> None:
    labels = {row["cityLabel"] for row in g60kg.load("zh").query("member-cities").to_dicts()}
    assert "杭州" in labels


def test_every_form_of_query(kg: g60kg.KnowledgeGraph) -> None:
    rows = kg.sparql("SELECT ?city { id:corridor g60:hasMemberCity ?city } ORDER BY ?city")
    assert not isinstance(rows, bool | Graph)
    assert rows.to_dicts()[0] == {"city": str(HANGZHOU)}
    assert kg.sparql("ASK { id:hangzhou a g60:Zone }") is False
    described = kg.sparql("DESCRIBE id:hangzhou")
    assert isinstance(described, Graph)
    assert (HANGZHOU, None, None) in described


def test_the_graph_is_an_rdflib_dataset_over_the_same_store(kg: g60kg.KnowledgeGraph) -> None:
    assert isinstance(kg.graph, Dataset)
    names = {str(graph.identifier) for graph in kg.graph.graphs()}
    assert "https://w3id.org/g60kg/graph/2307119874" in names
    code = URIRef("https://w3id.org/g60kg/ontology/administrativeCode")
    # A plain string is plain, as rdflib's own parsers give it.
    assert (HANGZHOU, code, Literal("330100")) in kg.graph
    asked = "SELECT ?code { id:hangzhou g60:administrativeCode ?code }"
    assert [row[Variable("code")] for row in kg.graph.query(asked).bindings] == [Literal("330100")]


def test_a_store_on_disk(tmp_path: Path) -> None:
    new_store(tmp_path / "store")
    kg = g60kg.open(tmp_path / "store")
    assert len(kg.query("member-cities")) == 9
    with pytest.raises(NoStore):
        g60kg.open(tmp_path / "none")


def test_validation_and_export(kg: g60kg.KnowledgeGraph, tmp_path: Path) -> None:
    exported = kg.export("turtle", graph="2307119874")
    file = tmp_path / "again.ttl"
    file.write_text(exported, encoding="utf-8")
    assert kg.validate(file).conforms()
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(
        "<https://w3id.org/g60kg/id/x> a <https://w3id.org/g60kg/ontology/Citty> .",
        encoding="utf-8",
    )
    report = kg.validate(wrong)
    assert not report.conforms()
    assert "KnownTerms" in {finding.code for finding in report.findings}
    out = io.BytesIO()
    kg.write(out, "ntriples", entity="Tencent")
    assert b"tencent" in out.getvalue()
    with pytest.raises(G60kgError) as unknown:
        kg.export("pdf")
    assert "csv" in (unknown.value.hint or "")


def test_a_data_frame(kg: g60kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = kg.query("member-cities").to_dataframe()
    assert list(frame.columns)[:2] == ["city", "cityLabel"]
    assert len(frame) == 9

    real = builtins.__import__

    def without_pandas(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(MissingExtra) as caught:
        kg.query("member-cities").to_dataframe()
    assert 'pip install "g60kg[pandas]"' in (caught.value.hint or "")


def test_errors_are_of_one_family_and_carry_their_codes(kg: g60kg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownName) as unknown:
        kg.query("enterprises", city="Hangzou")
    assert (unknown.value.exit_code, unknown.value.http_status) == (2, 404)
    assert "Hangzhou" in str(unknown.value)
    with pytest.raises(QuerySyntaxError) as syntax:
        kg.sparql("SELECT ?x WHERE { ?x ?y }")
    assert syntax.value.line == 1
    assert isinstance(syntax.value, g60kg.G60kgError)


def test_public_names_are_those_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert dir(g60kg) == sorted(g60kg.__all__)
    assert {"UsageError", "UnknownName", "G60kgError"} <= set(dir(g60kg.errors))
    assert all(issubclass(getattr(g60kg.errors, one), G60kgError) for one in dir(g60kg.errors))
    assert {"load", "open", "connect", "KnowledgeGraph", "Answer", "errors"} <= set(dir(g60kg))
    assert g60kg.errors.NoStore is NoStore
    help(g60kg)
    printed = capsys.readouterr().out
    for name in ("class KnowledgeGraph", "class G60kgError", "\n    connect(", "\n    open("):
        assert name in printed
    with pytest.raises(AttributeError):
        g60kg.nothing  # noqa: B018


def test_a_page_of_rows_in_an_order_and_a_language(kg: g60kg.KnowledgeGraph) -> None:
    first = kg.query("member-cities", sort="-lat", limit=2, lang="zh")
    assert [row["cityLabel"] for row in first.to_dicts()] == ["合肥", "芜湖"]
    assert first.cut
    rest = kg.query("member-cities", sort="-lat", offset=2)
    assert len(first) + len(rest) == 9
    assert "Hefei" not in {row["cityLabel"] for row in rest.to_dicts()}
    assert "“" in str(kg.query("projects", evidence=True, limit=1))
    assert kg.query("timeline", from_=2018, to=2018)[0]["year"] == Literal(2018)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": -1}, "limit is not a whole number"),
        ({"offset": "2"}, "offset takes a whole number"),
        ({"lang": "fr"}, "No language fr"),
        ({"sort": "town"}, "No column town"),
        ({"sort": "town", "evidence": True}, "No column town"),
        ({"town": "Hangzhou"}, "no parameter town"),
    ],
)
def test_wrong_options_are_refused(
    kg: g60kg.KnowledgeGraph, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        kg.query("projects", **options)
    assert caught.value.hint or "whole" in message


@pytest.mark.parametrize("path", ["a\0b.csv", "\ud800.ttl", "x" * 5_000 + ".csv"])
def test_what_can_be_no_path_is_refused(kg: g60kg.KnowledgeGraph, path: str) -> None:
    for validate in (
        kg.validate,
        lambda wrong: kg.validate(articles=wrong),
        lambda wrong: kg.validate(shacl=wrong),
    ):
        with pytest.raises(UsageError, match="path"):
            validate(path)


def test_no_parameter_of_a_query_has_the_name_of_an_option(kg: g60kg.KnowledgeGraph) -> None:
    options = {"limit", "offset", "sort", "lang", "evidence"}
    taken = {name: {p.name for p in one.parameters} & options for name, one in kg.queries.items()}
    assert not any(taken.values())


def test_an_answer_to_a_question_says_how_it_was_understood(kg: g60kg.KnowledgeGraph) -> None:
    answer = kg.ask("Which projects have settled in Songjiang?", limit=2)
    understood = answer.understood
    assert understood is not None
    assert understood["parameters"] == {"city": "id:songjiang"}
    assert "Understood as: projects, city=id:songjiang." in str(answer)
    assert json.loads(answer.to_json())["meta"]["question"] == understood["question"]
    other = understood["alternatives"][0]
    assert kg.query(other["query"], **other["parameters"]).query == other["query"]
    assert answer[:1].understood == understood
    zh = kg.ask("松江有哪些项目", lang="zh", evidence=True)
    assert "理解为：projects，city=id:songjiang。" in str(zh)
    assert "“" in str(zh)
    assert kg.ask("松江有哪些项目", sort="-project").to_dicts()[0] != zh.to_dicts()[0]


def test_a_question_that_is_not_understood(kg: g60kg.KnowledgeGraph) -> None:
    with pytest.raises(NotUnderstood, match="weather") as caught:
        kg.ask("What is the weather?")
    assert (caught.value.hint or "").startswith("Nearest: ")
    found = kg.understand("What is the weather?")
    assert found.reading is None
    assert repr(found).startswith(
        'Not understood. The graph has nothing on this topic ("weather").'
    )
    with pytest.raises(NotUnderstood) as caught:
        kg.ask("天气怎么样", lang="zh")
    assert (caught.value.hint or "").startswith("最接近的：")
    assert repr(kg.understand("松江有哪些项目", lang="zh")).startswith("理解为：projects，")


def test_a_search_has_a_row_for_each_entity(kg: g60kg.KnowledgeGraph) -> None:
    found = kg.search("fosun")
    assert found.to_dicts()[0]["entityLabel"] == "Fosun Pharma"
    assert found.to_dicts()[0]["classLabel"] == "enterprise"
    assert kg.search("fosun", lang="zh").to_dicts()[0]["entityLabel"] == "复星医药"
    assert len(kg.search("杭州", limit=1)) == 1
    assert len(kg.search("no such name")) == 0
    names = [row["entityLabel"] for row in kg.search("松江", lang="zh").to_dicts()]
    ordered = kg.search("松江", lang="zh", sort="-entity", offset=1, limit=3)
    assert [row["entityLabel"] for row in ordered.to_dicts()] == sorted(names, reverse=True)[1:4]
    assert len(names) > 4
    assert not ordered.complete
    with pytest.raises(UsageError, match="No column rank"):
        kg.search("松江", sort="rank")
    with pytest.raises(UsageError, match="empty"):
        kg.search(" ")


def test_an_entity_has_names_classes_and_facts_with_evidence(kg: g60kg.KnowledgeGraph) -> None:
    fosun = kg.entity("fosun pharma")
    assert (fosun.curie, fosun.labels["zh"]) == ("id:fosun-pharma", "复星医药")
    assert fosun.classes == {"g60:Enterprise": "enterprise"}
    assert kg.entity(fosun.iri, lang="zh").classes == {"g60:Enterprise": "企业"}
    assert len(fosun.facts) > 0
    assert all(fosun.facts.evidence())
    assert "in" in {row["direction"] for row in kg.entity("Songjiang").neighbours.to_dicts()}
    assert repr(fosun).startswith("Fosun Pharma (id:fosun-pharma): enterprise; 复星医药\n")
    assert "<strong>Fosun Pharma</strong>" in fosun._repr_html_()
    with pytest.raises(UnknownName, match="Fosun Pharma"):
        kg.entity("Fosun Farma")


def test_names_of_an_entity_act_on_nothing() -> None:
    store = LocalStore.shipped()
    name = OxLiteral("<b>Trap</b>\x1b[31m", language="en")
    graph = graph_name("other")
    node = entity("trap")
    store.extend([Quad(node, A, g60("Enterprise"), graph), Quad(node, LABEL, name, graph)])
    trap = g60kg.KnowledgeGraph(store).entity("id:trap")
    assert "<b>" not in trap._repr_html_()
    assert "\x1b" not in repr(trap)


@pytest.mark.parametrize(
    ("answered", "expected", "others"),
    [
        (lambda kg: kg.query("enterprises", lang="zh"), ("企业", "产业"), ("enterprise",)),
        (lambda kg: kg.query("enterprises", lang="zh", evidence=True), ("直接陈述",), ("Ass",)),
        (lambda kg: kg.query("quantities", lang="zh", subject="biopharmaceuticals"),
         ("时期", "近3,000", "个", "整理者推断"), ("unit", "comparator", "Derived")),
        (lambda kg: kg.ask("人工智能企业有多少家", lang="zh"),
         ("超过840", "发布于2023年7月11日"), ("value", "more than 840")),
        (lambda kg: kg.search("AI", lang="zh"), ("实体", "匹配的名称"), ("matched",)),
        (lambda kg: kg.entity("kuka", lang="zh"), ("属性", "评价"), ("property", "Evaluative")),
    ],
)  # fmt: skip
def test_answers_in_chinese_have_chinese_headings_and_values(
    answered: Callable[[g60kg.KnowledgeGraph], Any],
    expected: tuple[str, ...],
    others: tuple[str, ...],
    kg: g60kg.KnowledgeGraph,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    answer = answered(kg)
    html = re.sub('(href|title|class)="[^"]*"|<p>.*', "", answer._repr_html_())
    for shown in (str(answer).rpartition("。")[0].rpartition("\n")[0], html):
        assert [text for text in expected if text not in shown] == []
        assert [text for text in others if text in shown] == []


def test_figures_print_as_on_the_command_line(kg: g60kg.KnowledgeGraph) -> None:
    answer = kg.query("quantities", subject="biopharmaceuticals")
    for shown in (str(answer), answer._repr_html_() or ""):
        assert "nearly 3,000" in shown
        assert "periodStated" not in shown
    assert answer.to_dicts()[0]["unit"].startswith("http")
    frame = kg.query("quantities", lang="zh", subject="biopharmaceuticals").to_dataframe()
    assert list(frame.columns) == list(answer.columns)


def test_queries_are_listed_with_their_parameters(
    kg: g60kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {"projects", "trend"} <= set(kg.queries)
    assert "Which projects are named" in repr(kg.queries)
    assert 'city="Songjiang"' in repr(kg.queries["projects"])
    help(kg.queries["projects"])
    assert 'city="Songjiang"' in capsys.readouterr().out
    assert "from_=" in repr(kg.queries["timeline"])
    assert "来源提及了哪些项目" in repr(g60kg.load("zh").queries)
    assert "可选" in repr(g60kg.load("zh").queries["projects"])
    assert "project" not in kg.queries
    with pytest.raises(UnknownName, match="projects"):
        kg.queries["project"]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="No language"):
        g60kg.load("fr")
