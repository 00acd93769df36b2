"""Statements about nodes that do not exist, and facts on evidence that was not read."""

from __future__ import annotations

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.namespaces import HAS_EVIDENCE, PASSAGE, QUOTATION, A
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Report
from tests.validation.test_ownership import HEAD, LINE, NEW_FACT

SOURCE = 'id:article-evil a g60:Article ; rdfs:label "Evil"@en ; g60:publisher "A" , "B" .'


def report_on(store: LocalStore, said: str, name: str = "evil.ttl") -> Report:
    return validate(store, [incoming_of((HEAD + said).encode(), name, store)], texts={})


@pytest.mark.parametrize(
    "said",
    [
        "id:nobody rdfs:seeAlso <https://example.org/> .",
        "id:nobody rdfs:seeAlso id:hangzhou .",
        'id:nobody rdfs:comment "Nobody knows it."@en .',
        "id:nobody schema:sameAs wd:Q8686 .",
        "id:hangzhou rdfs:seeAlso id:nobody .",
        "id:hangzhou rdfs:seeAlso fact:evil-0123456789ab .",
        "id:hangzhou rdfs:seeAlso quote:evil-1-9 .",
    ],
)
def test_a_statement_about_a_node_that_does_not_exist_is_refused(
    store: LocalStore, said: str
) -> None:
    report = report_on(store, said)
    assert not report.conforms()
    assert ("SubjectHasType", LINE) in {(found.code, found.line) for found in report.findings}


@pytest.mark.parametrize("prop", ["dcterms:relation", "skos:related"])
def test_another_vocabulary_s_property_of_it_is_a_warning(store: LocalStore, prop: str) -> None:
    report = report_on(
        store, f"@prefix dcterms: <http://purl.org/dc/terms/> . id:nobody {prop} id:x ."
    )
    assert not report.conforms(strict=True)


@pytest.mark.parametrize(
    ("prop", "hints"),
    [
        ("schema:location", ["Did you mean g60:takesPlaceIn?"]),
        ("prov:wasDerivedFrom", ["Did you mean g60:hasEvidence, g60:republishes?"]),
        ("skos:scopeNote", [None]),
        ("skos:note", []),
    ],
)
@pytest.mark.parametrize("subject", ["id:new", "fact:evil-0123456789ab"])
def test_a_wider_property_of_another_vocabulary_is_a_warning(
    store: LocalStore, subject: str, prop: str, hints: list[str | None]
) -> None:
    prefix = "@prefix prov: <http://www.w3.org/ns/prov#> ."
    report = report_on(store, f"{prefix} {subject} {prop} id:hangzhou .")
    assert [one.hint for one in report.findings if one.code == "ForeignProperty"] == hints


def test_a_source_has_one_publisher(store: LocalStore) -> None:
    codes = {found.code for found in report_on(store, SOURCE).findings}
    assert "TextSourceHasPublisher" in codes


@pytest.mark.parametrize("kind", [QUOTATION, PASSAGE], ids=["quotation", "passage"])
def test_a_fact_on_evidence_of_the_graph_counts_it_as_unchecked(
    kind: object, all_sources: LocalStore
) -> None:
    cited = {quad.object for quad in all_sources.quads(None, HAS_EVIDENCE, None)}
    node, graph = next(
        (quad.subject.value, quad.graph_name.value)  # type: ignore[union-attr]  # IRIs
        for quad in all_sources.quads(None, A, kind)  # type: ignore[arg-type]
        if quad.subject in cited
    )
    fact = NEW_FACT.format(prefix=graph.rpartition("/")[2], evidence=f"<{node}>")
    report = report_on(all_sources, f"GRAPH <{graph}> {{ {fact} }}", "more.trig")
    counts = report.quotations if kind == QUOTATION else report.passages
    assert counts.unchecked == 1
    assert not report.conforms(strict=True)
