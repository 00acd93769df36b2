"""`terms` lists what a sheet can use; `todo` what a curator should do next."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import g60kg
from tests.conftest import long_only

TOPICS = [
    "classes",
    "predicates",
    "measures",
    "categories",
    "comparators",
    "modalities",
    "stages",
    "units",
]


def as_json(*arguments: str | Path) -> Any:
    ended = g60kg(*arguments, "-f", "json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_all_topics_are_listed() -> None:
    listing = as_json("terms")
    assert list(listing) == TOPICS
    for topic, entries in listing.items():
        assert entries, topic
        names = [entry["name"] for entry in entries]
        assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_has_a_label_and_a_definition(language: str) -> None:
    listing = as_json("--lang", language, "terms")
    for topic in ("classes", "predicates", "measures", "comparators", "modalities", "stages"):
        for entry in listing[topic]:
            assert entry["label"], entry
            assert entry["definition"], entry


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_listed_alone(topic: str) -> None:
    assert list(as_json("terms", topic)) == [topic]


def test_the_stages_that_a_sheet_can_state_are_listed() -> None:
    names = {entry["name"] for entry in as_json("terms", "stages")["stages"]}
    assert {"PlannedStage", "UnderConstruction", "InOperation"} <= names


def test_a_class_has_the_predicates_of_its_superclasses() -> None:
    listing = as_json("terms", "Enterprise")
    assert list(listing) == ["classes", "predicates"]
    names = {entry["name"] for entry in listing["predicates"]}
    assert {"memberOf", "headquarteredIn", "inIndustry", "describedAs"} <= names
    assert not {"signatory", "inScheme", "administrativeCode"} & names


def test_a_class_can_be_named_in_chinese() -> None:
    assert [entry["name"] for entry in as_json("terms", "企业")["classes"]] == ["Enterprise"]


def test_an_unknown_class_is_a_usage_error_with_the_nearest() -> None:
    ended = g60kg("terms", "Enterprize")
    assert ended.returncode == 2
    assert "Did you mean Enterprise" in ended.stderr
    assert "Topics: classes" in ended.stderr


def test_a_predicate_shows_the_classes_that_its_objects_may_have() -> None:
    predicates = {one["name"]: one for one in as_json("terms", "predicates")["predicates"]}
    assert predicates["roleIn"]["range"] == [
        *("IndustryCluster", "Party", "Programme", "Project", "SpatialThing")
    ]
    assert predicates["governs"]["range"] == ["AdministrativeDivision", "Zone"]
    assert predicates["locatedIn"]["range"] == ["SpatialThing"]


def test_a_measure_shows_how_it_is_computed() -> None:
    measures = {entry["name"]: entry for entry in as_json("terms", "measures")["measures"]}
    share = measures["share-of-gdp"]
    assert (share["statistic"], share["of"], share["timeless"]) == ("Share", "gdp", False)
    assert "PERCENT" in share["units"]


def test_the_worklist_is_sorted_by_weight() -> None:
    items = as_json("todo")
    assert [item["weight"] for item in items] == sorted(
        (item["weight"] for item in items), reverse=True
    )
    codes = {item["code"] for item in items}
    assert {"EvidenceUnchecked", "EnterpriseHasIndustryOrPlace"} <= codes
    assert all(set(item) == KEYS for item in items)


@cache
def listed(language: str) -> list[str]:
    ended = g60kg("--lang", language, "todo")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


@pytest.mark.usefixtures("shipped_graph")
@pytest.mark.parametrize("language", ["en", *long_only("zh")])
def test_each_task_is_listed_once_with_the_bearer_and_the_unit_of_a_figure(language: str) -> None:
    lines = listed(language)
    assert len(lines) == len(set(lines))
    assert len([line for line in lines if "EvidenceUnchecked" in line]) == 1
    assert not [line for line in lines if "unit:" in line]
    figures = [line for line in lines if "GrowthSaysSinceWhen" in line]
    texts = {
        "en": ("digital satellite manufacturing factory: growth of unit cost", "-35 %"),
        "zh": ("单位成本", "-35 %"),
    }
    assert [line for line in figures if all(text in line for text in texts[language])]


@pytest.mark.long
@pytest.mark.usefixtures("shipped_graph")
def test_evidence_without_a_text_is_one_task() -> None:
    (task,) = (item for item in as_json("todo") if item["code"].endswith("Unchecked"))
    assert set(task) == KEYS
    assert (task["entity"], task["label"]) == (None, "")
    numbers = [int(text) for text in re.findall("[0-9]+", task["message"])]
    assert numbers[0] == 113
    assert numbers[1] > 1_000
    assert numbers[2] > 100
    lines = [line for line in listed("en") if "Unchecked" in line]
    assert lines == [f"4  EvidenceUnchecked  {task['message']}"]


KEYS = {"weight", "code", "severity", "entity", "label", "message", "file", "line"}


@pytest.mark.long
def test_conflicts_and_missing_names_are_work(own_store: Path, tmp_path: Path) -> None:
    store, facts = own_store, tmp_path / "facts.csv"
    facts.write_text(
        "# url: https://example.org/news/77\n# title: Other\n# date: 2023-09-01\n"
        "# publisher: A newspaper\n# language: en\n"
        f"# text-sha256: {'0' * 64}\n# text-length: 900\n"
        "subject,predicate,object,quote,start,unit\n"
        'G60 corridor,area,70000,"the G60 corridor covers 70,000 square kilometers",10,KiloM2\n'
        "id:newcomer,a,Enterprise,Newcomer is an enterprise,100,\n"
        "id:newcomer,label@en,Newcomer,,,\n",
        encoding="utf-8",
    )
    added = g60kg("--store", store, "add", facts, "--yes")
    assert added.returncode == 0, added.stderr
    items = as_json("--store", store, "todo")
    assert items[0]["code"] == "Conflict"
    assert items[0]["entity"].endswith("/id/corridor")
    assert ("NoChineseLabel", "Newcomer") in {(item["code"], item["label"]) for item in items}
