"""What is to be is known: no note asks for a location, an issuer or a signatory again."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, sheet


@pytest.mark.parametrize(
    ("kind", "predicate", "objects", "code"),
    [
        ("Enterprise", "locatedIn", ["Jinhua"], "EnterpriseHasIndustryOrPlace"),
        ("GovernmentBody", "locatedIn", ["Jinhua"], "GovernmentBodyHasPlaceOrParent"),
        ("Facility", "locatedIn", ["Jinhua"], "FacilityHasIndustryFieldOrPlace"),
        ("Declaration", "issuedBy", ["Jinhua"], "DeclarationHasIssuer"),
        ("PolicyDocument", "issuedBy", ["Jinhua"], "PolicyDocumentHasIssuerOrPeriod"),
        ("Post", "postIn", ["Jinhua"], "PostHasOrganization"),
        ("Agreement", "signatory", ["Jinhua", "Huzhou"], "AgreementHasTwoSignatories"),
    ],
)
def test_a_planned_relation_is_not_asked_for_again(
    kind: str, predicate: str, objects: list[str], code: str, store: LocalStore, tmp_path: Path
) -> None:
    said = "The Lake Works will be in Jinhua and Huzhou."
    rows = [row("Lake Works", "a", kind, said)]
    for last in (False, True):
        path, texts = sheet(tmp_path, said, "en", rows)
        found = {one.code for one in validate(store, [path], texts=texts).findings}
        assert (code in found) is not last
        rows += [row("Lake Works", predicate, one, said, modality="Planned") for one in objects]


@pytest.mark.parametrize(
    "signatories",
    [
        [("Lake Cities", "Planned")],
        [("Jinhua", ""), ("Huzhou", "Planned")],
    ],
    ids=["a group", "one has signed"],
)
def test_planned_signatories_count(
    signatories: list[tuple[str, str]], store: LocalStore, tmp_path: Path
) -> None:
    said = "The Lake Accord of Jinhua and Huzhou, the Lake Cities."
    rows = [row("Lake Accord", "a", "Agreement", said), row("Lake Cities", "a", "AgentGroup", said)]
    for last in (False, True):
        path, texts = sheet(tmp_path, said, "en", rows)
        found = {one.code for one in validate(store, [path], texts=texts).findings}
        assert ("AgreementHasTwoSignatories" in found) is not last
        rows += [
            row("Lake Accord", "signatory", name, said, modality=status)
            for name, status in signatories
        ]
