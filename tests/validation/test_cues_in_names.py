"""Cues of plans and denials beside names that begin like them or have the same characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_reworded_faults import DENIED, HEDGED, codes

INDUSTRY = "inIndustry"
POOL = "id:g60-corridor-reserve-pool-of-enterprises-for-the-star-market"
PROJECT = "Wusong River Remediation Project"
OUTLINE = "Outline of the Development Plan for the Yangtze River Delta Region"


@pytest.mark.parametrize(
    ("said", "fact", "expected"),
    [
        ("Kuka intends to work on integrated circuits.", (INDUSTRY, "integrated circuits"), HEDGED),
        ("Kuka works on integrated circuits.", (INDUSTRY, "integrated circuits"), []),
        ("库卡拟从事虚拟现实业务。", (INDUSTRY, "id:virtual-reality"), HEDGED),
        ("库卡从事虚拟现实业务。", (INDUSTRY, "id:virtual-reality"), []),
        ("库卡无法生产无人机。", ("produces", "drones"), DENIED),
        ("库卡生产无人机。", ("produces", "drones"), []),
    ],
)
def test_an_object_with_the_letters_of_a_cue(
    said: str, fact: tuple[str, str], expected: list[str], all_sources: LocalStore, tmp_path: Path
) -> None:
    assert codes(all_sources, tmp_path, said, "Kuka", *fact) == expected


@pytest.mark.parametrize(
    ("said", "subject", "expected"),
    [
        (f"The {PROJECT} is projected to be in Suzhou.", PROJECT, HEDGED),
        (f"The {PROJECT} is located in Suzhou.", PROJECT, []),
        ("G60科创走廊拟上科创板企业储备库位于苏州。", POOL, []),
        ("G60科创走廊的拟上科创板企业储备库位于苏州。", POOL, []),
        ("G60科创走廊拟上科创板企业储备库拟设在苏州。", POOL, HEDGED),
    ],
)
def test_a_subject_with_a_cue_in_its_name(
    said: str, subject: str, expected: list[str], all_sources: LocalStore, tmp_path: Path
) -> None:
    found = codes(all_sources, tmp_path, said, subject, "locatedIn", "Suzhou")
    assert [code for code in found if code in ("EvidenceHedges", "EvidenceNegates")] == expected


def test_a_plan_for_the_document_that_is_named_a_plan(
    all_sources: LocalStore, tmp_path: Path
) -> None:
    said = f"Shanghai plans to issue the {OUTLINE}."
    assert codes(all_sources, tmp_path, said, OUTLINE, "issuedBy", "Shanghai") == HEDGED
