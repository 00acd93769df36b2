"""JSON-LD of one entity is a tree: the entity, its facts, their evidence, the sources."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import rdflib
import rdflib.compare
from pyoxigraph import NamedNode, RdfFormat, parse

import g60kg
from g60kg.export import write_compact
from tests.cli.run import g60kg as command

# rdflib's reader of JSON-LD uses it.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


def test_an_export_of_an_entity_is_a_tree(tmp_path: Path) -> None:
    out = tmp_path / "kuka.jsonld"
    assert command("export", "--entity", "Kuka", "-o", out).returncode == 0
    (tree,) = json.loads(out.read_text(encoding="utf-8"))["@graph"]
    assert tree["@id"] == "id:kuka"
    assert {fact["g60:factPredicate"]["@id"] for fact in tree["facts"]} == {
        "g60:inIndustry",
        "g60:describedAs",
    }
    for fact in tree["facts"]:
        evidence = fact["g60:hasEvidence"]
        assert evidence["oa:hasSource"]["g60:publisher"] == "SHINE"
        assert any("Kuka" in one.get("oa:exact", "") for one in evidence["oa:hasSelector"])


@pytest.mark.parametrize("name", ["Kuka", "Songjiang", "id:corridor", "measure:gdp"])
def test_a_tree_has_the_same_triples(name: str) -> None:
    kg = g60kg.load()
    tree = kg.export("jsonld", entity=name)
    expected = rdflib.Graph().parse(data=kg.export("ntriples", entity=name), format="nt")
    assert set(rdflib.Graph().parse(data=tree, format="json-ld")) == set(expected)
    assert tree == kg.export("jsonld", entity=name)


@pytest.mark.parametrize(
    "text",
    [
        "<id:r> <g:p> <id:r> .",
        "<id:r> <g:p> <id:a> . <id:a> <g:p> <id:r>, <id:a> ; <g:q> <id:r> .",
        "<id:a> <g:p> <id:r>, <id:b>, 1 . <id:b> <g:p> <id:c> . <id:d> <g:p> <id:d> .",
        "<id:a> a <id:r> . <id:r> a <id:a>, _:b . _:b <g:p> <id:r> .",
        # Two links to each next node would double the tree at each step.
        "".join(f"<id:{n}> <g:p> <id:{n + 1}> ; <g:q> <id:{n + 1}> . " for n in range(60))
        + "<id:60> <g:p> <id:r> . <id:r> <g:p> <id:0> .",
    ],
    ids=["itself", "cycle", "apart", "type", "doubling"],
)
def test_any_graph_keeps_its_triples_and_a_linear_size(text: str) -> None:
    text = text.replace("<id:", "<https://w3id.org/g60kg/id/").replace("<g:", "<http://a/")
    quads = list(parse(text, format=RdfFormat.TURTLE))
    out = io.BytesIO()
    write_compact(quads, "jsonld", out, NamedNode("https://w3id.org/g60kg/id/r"))
    assert json.loads(out.getvalue())["@graph"][0]["@id"] == "id:r"
    read = rdflib.Graph().parse(data=out.getvalue(), format="json-ld")
    assert rdflib.compare.isomorphic(read, rdflib.Graph().parse(data=text, format="turtle"))
    assert len(out.getvalue()) < 3_000 + 1_000 * len(quads)
