"""The knowledge graph as a Python user meets it."""

from __future__ import annotations

import builtins
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rdflib import Dataset, Graph, Literal, URIRef, Variable

import g60kg
from g60kg.errors import G60kgError, MissingExtra, NoStore, QuerySyntaxError, UnknownName

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
    from g60kg.stores.local_store import LocalStore

    LocalStore.create(tmp_path / "store")
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
    with pytest.raises(G60kgError):
        kg.export("pdf")


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
