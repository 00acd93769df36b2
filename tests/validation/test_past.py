"""The check of support: what is past, and what is not, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.api import KnowledgeGraph
from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, sheet, warnings

PAST_CODES = {"EvidenceHedges", "EndedRelationIsPast", "FigureOrDateIsPast"}


@pytest.mark.parametrize(
    ("said", "object_", "codes"),
    [
        ("In 2022 Blue Rock moved its headquarters from Jiaxing to Huzhou.", "Jiaxing", True),
        ("In 2022 Blue Rock moved its headquarters from Jiaxing to Huzhou.", "Huzhou", False),
        ("Blue Rock, formerly in Jiaxing, left in 2022.", "Jiaxing", True),
        ("Blue Rock was based in Jiaxing until 2022.", "Jiaxing", True),
        ("Blue Rock used to be in Jiaxing and left in 2022.", "Jiaxing", True),
        ("In 2022 the former mayor of Huzhou opened Blue Rock in Jiaxing.", "Jiaxing", False),
        ("Blue Rock grew from 5 to 9 plants in Jiaxing by 2022.", "Jiaxing", False),
        ("2022年，蓝石从嘉兴搬迁至湖州。", "Jiaxing", True),
        ("2022年，蓝石从嘉兴搬迁至湖州。", "Huzhou", False),
        ("2022年前，蓝石曾在嘉兴。", "Jiaxing", True),
        ("In 2022 Blue Rock left Jiaxing.", "Jiaxing", True),
        ("In 2022 Blue Rock left Huzhou for Jiaxing.", "Jiaxing", False),
        ("In 2022 Blue Rock left home and settled in Jiaxing.", "Jiaxing", False),
        ("In 2022 Blue Rock closed its old plant in Jiaxing.", "Jiaxing", True),
        ("In 2022 Blue Rock closed a deal in Jiaxing.", "Jiaxing", False),
        ("In 2022 Blue Rock gave up a site in Jiaxing.", "Jiaxing", True),
        ("Before 2022 Blue Rock once had a plant in Jiaxing.", "Jiaxing", True),
        ("Once open in 2022, Blue Rock had a plant in Jiaxing.", "Jiaxing", False),
        ("2022年，蓝石已撤出嘉兴。", "Jiaxing", True),
        ("2022年，蓝石搬离嘉兴。", "Jiaxing", True),
        ("2022年，蓝石迁出嘉兴。", "Jiaxing", True),
        ("2022年，蓝石迁出，落户至嘉兴。", "Jiaxing", False),
        ("2022年，蓝石关闭了嘉兴工厂。", "Jiaxing", True),
        ("2022年，蓝石关闭了旧厂，在嘉兴建新厂。", "Jiaxing", False),
        ("2022年前，蓝石原址在嘉兴。", "Jiaxing", True),
    ],
)
def test_what_was_so_is_past(
    said: str, object_: str, codes: bool, store: LocalStore, tmp_path: Path
) -> None:
    language = "en" if said.isascii() else "zh"
    found = {}
    for modality in ("", "Past"):
        fact = row("id:blue-rock", "locatedIn", object_, said, time="2022", modality=modality)
        found[modality] = [one.code for one in warnings(store, tmp_path, said, language, fact)]
    assert found == {"": ["EvidenceHedges"] * codes, "Past": []}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Blue Rock is based in Jiaxing.", True),
        ("Blue Rock now has its headquarters in Jiaxing.", True),
        ("蓝石位于嘉兴。", True),
        ("Blue Rock is no longer based in Jiaxing.", False),
        ("Blue Rock, which has moved to Huzhou, is a child of Jiaxing.", False),
        ("Blue Rock worked in Jiaxing.", False),
        ("蓝石曾位于嘉兴。", False),
    ],
)
def test_what_is_so_is_not_past(said: str, codes: bool, store: LocalStore, tmp_path: Path) -> None:
    language = "en" if said.isascii() else "zh"
    found = {}
    for modality, time in (("Past", ""), ("Past;Derived", ""), ("Past", "../2022")):
        fact = row(
            "id:blue-rock",
            "locatedIn",
            "Jiaxing",
            said,
            time=time,
            modality=modality,
            note="A note",
        )
        every = (one.code for one in warnings(store, tmp_path, said, language, fact))
        found[modality, time] = "EvidenceHedges" in every
    assert found == {("Past", ""): codes, ("Past;Derived", ""): False, ("Past", "../2022"): False}


@pytest.mark.parametrize(
    ("predicate", "object_"), [("a", "Zone"), ("label@en", "Old Rock"), ("alternativeName", "Rock")]
)
def test_a_class_and_a_name_are_not_past(
    predicate: str, object_: str, store: LocalStore, tmp_path: Path
) -> None:
    said = "Old Rock, the former zone of Rock, is Blue Rock now."
    fact = row("id:blue-rock", predicate, object_, said, modality="Past")
    path, texts = sheet(tmp_path, said, "en", [fact])
    findings = validate(store, [path], texts=texts).findings
    assert {one.code for one in findings} & PAST_CODES == {"FigureOrDateIsPast"}


@pytest.mark.parametrize(
    ("subject", "predicate", "said", "lasts"),
    [
        ("id:blue-rock", "foundedBy", "Blue Rock, formerly in Jiaxing, was set up in 2022.", False),
        ("id:blue-rock", "investor", "2022年前，蓝石曾在嘉兴。", False),
        ("id:blue-rock", "alternativeName", "Blue Rock was formerly Jiaxing until 2022.", False),
        ("id:blue-rock", "locatedIn", "Blue Rock, formerly in Jiaxing, left in 2022.", True),
        ("id:blue-rock", "locatedIn", "2022年前，蓝石曾在嘉兴。", True),
    ],
)
def test_an_act_and_a_name_are_not_past(
    subject: str, predicate: str, said: str, lasts: bool, store: LocalStore, tmp_path: Path
) -> None:
    language = "en" if said.isascii() else "zh"

    def found(**more: str) -> set[str]:
        fact = row(subject, predicate, "Jiaxing", said, **more)
        path, texts = sheet(tmp_path, said, language, [fact])
        findings = validate(store, [path], texts=texts).findings
        return {one.code for one in findings} & PAST_CODES

    assert found() == ({"EvidenceHedges"} if lasts else set())
    assert found(time="../2022") == ({"EndedRelationIsPast"} if lasts else set())
    assert found(modality="Past") == (set() if lasts else {"FigureOrDateIsPast"})


@pytest.mark.parametrize(
    ("kind", "is_state"),
    [
        ("Programme", True),
        ("IndustryCluster", True),
        ("Meeting", False),
        ("Facility", False),
        ("Project", False),
    ],
)
def test_a_party_can_have_left_a_programme(
    kind: str, is_state: bool, store: LocalStore, tmp_path: Path
) -> None:
    said = "In 2022 Jiaxing withdrew from the Lake Talks."

    def found(**more: str) -> set[str]:
        part = row("Lake Talks", "participant", "Jiaxing", said, time="../2022", **more)
        path, texts = sheet(tmp_path, said, "en", [row("Lake Talks", "a", kind, said), part])
        findings = validate(store, [path], texts=texts).findings
        return {one.code for one in findings} & {"FigureOrDateIsPast", "EndedRelationIsPast"}

    assert found(modality="Past") == (set() if is_state else {"FigureOrDateIsPast"})
    assert found() == ({"EndedRelationIsPast"} if is_state else set())


def test_the_extent_of_a_phase_is_not_past(store: LocalStore, tmp_path: Path) -> None:
    said = "Until 2018 the second phase, formerly in Jiaxing, grew."
    found = {}
    for subject in ("id:corridor", "id:corridor-phase-2"):
        fact = row(subject, "spans", "Jiaxing", said)
        found[subject] = [one.code for one in warnings(store, tmp_path, said, "en", fact)]
    assert "EvidenceHedges" in found["id:corridor"]
    assert "EvidenceHedges" not in found["id:corridor-phase-2"]


def test_no_query_gives_what_is_past_as_present(store: LocalStore, tmp_path: Path) -> None:
    said = "In 2022 Blue Rock left Jiaxing, where it was no longer needed, for Huzhou."
    rows = [
        row("id:blue-rock", "headquarteredIn", "Jiaxing", said, time="../2022", modality="former"),
        row("id:blue-rock", "headquarteredIn", "Huzhou", said, time="2022/.."),
    ]
    assert not warnings(store, tmp_path, said, "en", *rows[:1])
    path, _ = sheet(tmp_path, said, "en", rows)
    after = LocalStore.shipped()
    after.extend(incoming_of(path.read_bytes(), path.name, store).quads)
    graph = KnowledgeGraph(after)
    found = {
        place: [
            one["organizationLabel"]
            for one in graph.query("organizations", place=f"id:{place}").to_dicts()
        ]
        for place in ("jiaxing", "huzhou")
    }
    assert {place for place, names in found.items() if "Blue Rock" in names} == {"huzhou"}
    stated = graph.query("facts-about", entity="id:blue-rock").to_dicts()
    times = [(one["time"], one["modality"]) for one in stated if one["valueLabel"] == "Jiaxing"]
    assert times == [("../2022", "Past")]
