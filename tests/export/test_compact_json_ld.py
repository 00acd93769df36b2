"""Compact JSON-LD is the same graph as the expanded form."""

from __future__ import annotations

import io
import json

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from g60kg.export import described_facts, write_compact
from g60kg.namespaces import PREFIXES
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import facts_behind
from g60kg.stores.local_store import LocalStore


def dataset(quads: list[Quad]) -> Dataset:
    found = Dataset(Quad(*quad.triple) for quad in quads)
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def written_and_read(quads: list[Quad]) -> tuple[bytes, Dataset]:
    out = io.BytesIO()
    write_compact(quads, "jsonld", out)
    return out.getvalue(), dataset(list(parse(out.getvalue(), format=RdfFormat.JSON_LD)))


def test_the_facts_of_rows_have_a_context() -> None:
    store = LocalStore.shipped()
    quads = described_facts(store, facts_behind(store, named_query("member-cities"), {}).facts)
    text, read = written_and_read(quads)
    document = json.loads(text)
    assert document["@context"]["g60"] == PREFIXES["g60"]
    assert "g60:Fact" in [node.get("@type") for node in document["@graph"]]
    assert read == dataset(quads)


@pytest.mark.parametrize(
    "text",
    [
        '<http://a/b> <http://a/p> "007"^^<http://www.w3.org/2001/XMLSchema#integer>, "x"@zh .',
        '<http://a/b> a "text", <http://a/C> .',
        "<http://a/b> a <http://a/C>, _:c .",
        "<id:hefei> <g60:p> <id:wuhu> .",  # IRIs that a prefix would change
        "_:a <http://a/p> _:b, [] .",
        "<https://w3id.org/g60kg/id/> <http://a/p> <https://w3id.org/g60kg/id/a/b%20c> .",
        "<https://w3id.org/g60kg/id//b> <http://a/p> <https://w3id.org/g60kg/id/a:b> .",
    ],
)
def test_no_term_is_changed(text: str) -> None:
    quads = list(parse(text, format=RdfFormat.TURTLE))
    assert written_and_read(quads)[1] == dataset(quads)
