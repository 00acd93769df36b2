"""Values that are not of their datatype get findings, whatever rules read them."""

from __future__ import annotations

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.namespaces import PREFIXES
from g60kg.stores.local_store import LocalStore


@pytest.mark.parametrize(
    "number", ['"1,200"^^xsd:decimal', '"NaN"^^xsd:double', '"INF"^^xsd:float']
)
def test_a_count_that_is_no_number_is_reported(store: LocalStore, number: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    figure = "g60:observedMeasure measure:jobs ; g60:unit unit:NUM"
    content = f"{prefixes}id:own a g60:Observation ; {figure} ; g60:numericValue {number} ."
    report = validate(store, [incoming_of(content.encode(), "own.ttl", store)], texts={})
    assert not report.conforms()


@pytest.mark.parametrize("number", ['"NaN"^^xsd:double', '"NaN"^^xsd:float', '"INF"^^xsd:double'])
def test_a_latitude_that_is_no_decimal_is_reported(store: LocalStore, number: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    content = f"{prefixes}id:omnivision g60:latitude {number} ."
    report = validate(store, [incoming_of(content.encode(), "own.ttl", store)], texts={})
    assert "PlaceLatitudeIsInRange" in {finding.code for finding in report.findings}
