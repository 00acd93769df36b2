"""Each invalid fixture is one wrong file: its finding points to the line that is at fault.

The line is that of the offending triple; for something missing, the subject's first.
"""

from __future__ import annotations

import csv
from functools import cache

import pytest

from g60kg.gate.input_files import read_incoming
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.shapes import run_shapes
from tests.conftest import ROOT, sampled
from tests.shapes.test_fixtures import FIXTURES, on_ontology, rule_of, shapes

INVALID = [path for path in FIXTURES if path.stem.startswith("invalid-")]
LINES = ROOT / "tests" / "data" / "lines-of-invalid-fixtures.csv"


@cache
def lines() -> dict[str, str]:
    with LINES.open(encoding="utf-8", newline="") as stream:
        return {row["fixture"]: row["lines"] for row in csv.DictReader(stream)}


def found_lines(index: int, store: LocalStore) -> list[int]:
    """The lines to which the findings of an invalid fixture point."""
    incoming = read_incoming(INVALID[index], store)
    with on_ontology([quad.triple for quad in incoming.quads]) as graph:
        findings = run_shapes(graph, shapes(), only=rule_of(INVALID[index]))
    placed = [place for finding in findings for place in incoming.placed(finding)]
    assert placed
    return sorted({one.line for one in placed if one.line is not None})


@pytest.mark.parametrize("index", sampled(range(len(INVALID))), ids=lambda n: INVALID[n].stem)
def test_the_finding_points_to_the_line(index: int, store: LocalStore) -> None:
    path = INVALID[index]
    found = " ".join(map(str, found_lines(index, store)))
    assert found
    assert found == lines()[f"{path.parent.name}/{path.name}"]


def test_findings_of_invalid_fixtures_have_lines() -> None:
    assert lines().keys() == {f"{path.parent.name}/{path.name}" for path in INVALID}
