"""The tools, each by calls of the SDK's client."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from pyoxigraph import Literal, Triple

from g60kg.model.article_text import Text
from g60kg.namespaces import POSSIBLY_SAME, entity, g60
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from tests.mcp.clients import Assistant, assistant
from tests.web.articles import population, source_says

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
SHEET = (EXAMPLES / "sample-facts.csv").read_text(encoding="utf-8")
MISTAKES = (EXAMPLES / "sample-facts-with-mistakes.csv").read_text(encoding="utf-8")
SAMPLE = (EXAMPLES / "sample-article.txt").read_text(encoding="utf-8")
PASSAGES = (EXAMPLES / "sample-passages.csv").read_text(encoding="utf-8")
QUOTE = "major companies such as OmniVision and Quectel Communication"


@pytest.fixture(scope="module")
def rivals() -> Assistant:
    """A graph in which two articles give different populations of the corridor."""
    store = LocalStore.shipped()
    added = [*population("1001", "57000000"), *population("1002", "91000000")]
    store.change([], added)
    return assistant(store)


# -- Declarations ------------------------------------------------------------


def test_all_tools_say_that_they_only_read(store: LocalStore) -> None:
    for tool in assistant(store, all_queries=True).tools():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False


def test_each_canned_query_is_a_tool_on_request(store: LocalStore) -> None:
    with_queries = assistant(store, all_queries=True)
    names = {tool.name for tool in with_queries.tools()}
    assert {f"query_{name}" for name in load_catalog()} <= names
    assert not any(tool.name.startswith("query_") for tool in assistant(store).tools())
    (tool,) = (tool for tool in with_queries.tools() if tool.name == "query_zones")
    assert {"city", "kind", "limit", "offset"} <= set(tool.input_schema["properties"])
    typed = with_queries.answer("query_zones", city="Songjiang")
    named = with_queries.answer("run_query", name="zones", parameters={"city": "Songjiang"})
    assert typed == named
    assert typed["data"]["rows"]


# -- Questions ---------------------------------------------------------------


@pytest.mark.parametrize("question", ["Which projects are in Songjiang?", "松江有哪些项目？"])
def test_a_question_finds_its_query(shipped: Assistant, question: str) -> None:
    data = shipped.answer("find_query", question=question)["data"]
    assert data["understood"] is True
    best = data["readings"][0]
    assert (best["query"], best["parameters"]) == ("projects", {"city": "id:songjiang"})
    assert best["summary"] == load_catalog()["projects"].summary
    assert len(data["readings"]) <= 3
    rows = shipped.answer("run_query", name=best["query"], parameters=best["parameters"])
    assert "id:haier-zhigu" in {row["project"]["id"] for row in rows["data"]["rows"]}


def test_a_question_that_is_not_understood_has_a_reason(shipped: Assistant) -> None:
    data = shipped.answer("find_query", question="Who won the football cup in Peru?")["data"]
    assert data["understood"] is False
    assert data["reason"]


# -- Queries -----------------------------------------------------------------


def test_rows_name_their_evidence_and_the_evidence_its_source(shipped: Assistant) -> None:
    data = shipped.answer(
        "run_query", name="enterprises", parameters={"industry": "integrated circuits"}
    )["data"]
    first = data["rows"][0]
    assert first["enterprise"] == {"id": "id:omnivision", "label": "OmniVision"}
    (reference,) = first["evidence"]
    evidence = data["evidence"][reference["id"]]
    assert QUOTE in evidence["quote"]
    assert evidence["end"] - evidence["start"] == len(evidence["quote"])
    assert data["sources"][evidence["source"]]["url"].startswith("https://www.shine.cn/")
    assert reference["modality"] == "Asserted"


def test_a_row_names_evidence_of_several_sources_and_how_much_more_there_is(
    all_sources: LocalStore,
) -> None:
    found = assistant(all_sources).answer("run_query", name="member-cities")
    assert found["complete"]
    for row in found["data"]["rows"]:
        sources = {found["data"]["evidence"][one["id"]]["source"] for one in row["evidence"]}
        assert len(sources) == 3
        assert row["more_evidence"] > 5


def test_rows_without_evidence_on_request(shipped: Assistant) -> None:
    data = shipped.answer("run_query", name="projects", evidence=False)["data"]
    assert data["rows"]
    assert "evidence" not in data
    assert "evidence" not in data["rows"][0]


def test_labels_are_in_the_language_of_the_call(shipped: Assistant) -> None:
    data = shipped.answer("run_query", name="member-cities", language="zh")["data"]
    assert "杭州" in {row["city"]["label"] for row in data["rows"]}


def test_limit_and_offset_select_rows(shipped: Assistant) -> None:
    everything = shipped.answer("run_query", name="member-cities")["data"]["rows"]
    part = shipped.answer("run_query", name="member-cities", limit=2, offset=3)
    assert part["data"]["rows"] == everything[3:5]
    assert (part["complete"], part.get("next_offset")) == (False, 5)
    last = shipped.answer("run_query", name="member-cities", limit=2, offset=len(everything) - 2)
    assert (last["complete"], last.get("next_offset")) == (True, None)


def test_sparql_returns_rows_triples_or_a_boolean(shipped: Assistant) -> None:
    rows = shipped.answer(
        "sparql", query="SELECT ?l { id:hangzhou rdfs:label ?l FILTER (LANG(?l) = 'zh') }"
    )
    assert rows["data"]["rows"] == [{"l": {"text": "杭州", "language": "zh"}}]
    triples = shipped.answer("sparql", query="CONSTRUCT WHERE { id:hangzhou a ?kind }")
    assert triples["data"]["triples"][0]["subject"] == {"iri": "id:hangzhou"}
    assert shipped.answer("sparql", query="ASK { id:hangzhou ?p ?o }")["data"]["boolean"] is True


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC ?x {}", "SELECT"),
        ("INSERT DATA { id:x a g60:Enterprise }", "update"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_a_query_that_cannot_run_is_an_error_of_the_tool(
    shipped: Assistant, query: str, message: str
) -> None:
    error = shipped.error("sparql", query=query)
    assert message.lower() in f"{error['message']} {error.get('hint')}".lower()


def test_schema_is_brief_without_a_topic_and_complete_with_one(shipped: Assistant) -> None:
    brief = shipped.answer("schema")
    assert brief["complete"] is True
    topics = {term["topic"]: term["names"] for term in brief["data"]["terms"]}
    assert "inIndustry" in topics["predicates"]
    enterprise = shipped.answer("schema", topic="Enterprise")["data"]["terms"]
    assert any(term["name"] == "inIndustry" and term["definition"] for term in enterprise)
    assert "Enterprise" in shipped.error("schema", topic="Enterprize")["hint"]


# -- Entities ----------------------------------------------------------------


def test_search_finds_names_of_both_languages(shipped: Assistant) -> None:
    for text in ("tencent", "腾讯"):
        found = shipped.answer("search", text=text)["data"]["entities"]
        assert found[0]["id"] == "id:tencent"
        assert found[0]["class"]["id"] == "g60:Enterprise"
        assert (found[0]["rank"], found[0]["names"][0].casefold()) == (1, text)
    places = shipped.answer("search", **{"text": "hangzhou", "class": "Place"})["data"]
    assert places["entities"][0]["id"] == "id:hangzhou"
    assert all("quotations" in entity for entity in places["entities"][1:])
    assert places["total"] == len(places["entities"])
    fact = places["entities"][0]["facts"][0]
    assert (fact["property"]["id"], fact["further"]) == ("g60:inProvince", 0)
    (fact,) = shipped.answer("search", text="tencent")["data"]["entities"][0]["facts"]
    assert (fact["property"]["id"], fact["direction"]) == ("g60:associatedWith", "in")
    assert "no letter" in shipped.error("search", text="?!")["message"]


def test_search_without_a_result_names_the_nearest_entities(shipped: Assistant) -> None:
    data = shipped.answer("search", text="Tencnet")["data"]
    assert data["entities"] == []
    assert "id:tencent" in {entity["id"] for entity in data["nearest"]}


def test_description_has_the_facts_about_an_entity_and_with_it_as_value(
    shipped: Assistant,
) -> None:
    data = shipped.answer("describe", entity="Tencent")["data"]
    assert data["names"]["zh"] == ["腾讯"]
    assert {fact["subject"]["id"] for fact in data["facts"]} > {"id:tencent"}
    for fact in data["facts"]:
        assert fact["evidence"]
        assert set(fact["evidence"]) <= set(data["evidence"])
    fact = data["facts"][0]
    assert shipped.answer("describe", entity=fact["id"])["data"]["facts"] == [fact]


def test_evidence_of_a_fact_and_of_an_entity(shipped: Assistant) -> None:
    (evidence,) = shipped.answer("evidence", entity="id:tencent")["data"]["evidence"]
    fact = evidence["facts"][0]["id"]
    data = shipped.answer("evidence", fact=fact)["data"]
    assert data["evidence"][0]["quote"] == evidence["quote"]
    assert data["sources"][evidence["source"]]["date"] == "2023-07-11"
    assert "No fact" in shipped.error("evidence", fact="fact:none")["message"]
    assert shipped.error("evidence")["message"] == "Give one of the arguments fact and entity."


def test_conflicts_have_both_sides_with_their_evidence(rivals: Assistant) -> None:
    data = rivals.answer("conflicts", entity="id:corridor")["data"]
    pairs = [pair["sides"] for pair in data["conflicts"]]
    ((one, other),) = [
        pair for pair in pairs if {side["source"]["id"] for side in pair}
        == {"id:article-1001", "id:article-1002"}
    ]  # fmt: skip
    for side in (one, other):
        (reference,) = side["evidence"]
        assert data["evidence"][reference["id"]]["source"] == side["source"]["id"]
    assert one["value"]["label"] != other["value"]["label"]
    assert "otherSubject" not in data["conflicts"][0]


def test_a_possible_conflict_has_the_other_subject() -> None:
    store = LocalStore.shipped()
    date = Triple(entity("x"), g60("startedOn"), Literal("2014"))
    same = Triple(entity("x"), POSSIBLY_SAME, entity("corridor"))
    store.change([], [*source_says("1001", date), *source_says("1002", same)])
    (pair,) = assistant(store).answer("conflicts", entity="id:corridor")["data"]["conflicts"]
    assert pair["otherSubject"]["id"] == "id:x"
    assert [side["value"] for side in pair["sides"]] == ["2016", "2014"]


# -- Texts -------------------------------------------------------------------


def test_a_quote_is_found_in_known_evidence_with_the_facts_on_it(shipped: Assistant) -> None:
    data = shipped.answer("verify_quote", quote=QUOTE)["data"]
    assert (data["verdict"], data["exact"]) == ("verified", True)
    facts = [fact for match in data["matches"] for fact in match["facts"]]
    assert "id:omnivision" in {fact["subject"]["id"] for fact in facts}


def test_a_quote_is_found_in_a_text_without_reproducing_it(
    store: LocalStore, article_text: Text
) -> None:
    with_text = assistant(store, article_text)
    start = article_text.content.index("This local practice")
    words = article_text.content[start : start + 40]
    data = with_text.answer("verify_quote", quote=f"  {words.replace(' ', '  ')}")["data"]
    assert (data["verdict"], data["exact"], data["texts_searched"]) == ("verified", False, 1)
    places = [match for match in data["matches"] if match["match"] == "text"]
    assert [(place["start"], place["end"]) for place in places] == [(start, start + 40)]
    wrong = with_text.answer(
        "verify_quote", quote="The corridor has ten cities", source="2307119874"
    )
    assert wrong["data"]["verdict"] == "notFound"
    assert wrong["data"]["matches"] == []


def test_a_quote_that_no_text_at_hand_can_refute_is_unchecked(shipped: Assistant) -> None:
    data = shipped.answer("verify_quote", quote="The corridor has ten cities")["data"]
    assert (data["verdict"], data["sources_without_text"]) == ("unchecked", 1)
    assert "Sources" in shipped.error("verify_quote", quote=QUOTE, source="17")["hint"]
    assert "letters" in shipped.error("verify_quote", quote="a , b")["message"]


def test_a_passage_is_verified_by_its_digest() -> None:
    from g60kg.gate.input_files import incoming_of

    store = LocalStore.shipped()
    added = incoming_of(PASSAGES.encode(), "passages.csv", store, Text(SAMPLE))
    assert added.findings == ()
    store.change([], added.quads)
    words = "has moved its headquarters to Hangzhou"
    data = assistant(store).answer("verify_quote", quote=words)["data"]
    (match,) = data["matches"]
    assert (data["verdict"], match["match"], match["kind"]) == ("verified", "equal", "passage")
    assert "quote" not in match
    assert match["facts"][0]["property"]["id"] == "g60:locatedIn"


def test_a_report_is_in_the_language_of_the_call(shipped: Assistant) -> None:
    found = shipped.answer("check_facts", facts=MISTAKES, article=SAMPLE, language="zh")["data"]
    assert re.search("[\u4e00-\u9fff]", found["results"][0]["message"])


def test_facts_are_checked_until_the_report_is_clean(shipped: Assistant) -> None:
    first = shipped.answer("check_facts", facts=MISTAKES, article=SAMPLE)["data"]
    assert first["conforms"] is False
    assert "Did you mean Hangzhou?" in {result.get("hint") for result in first["results"]}
    assert {result["line"] for result in first["results"]} >= {9, 12, 16}
    last = shipped.answer("check_facts", facts=SHEET, article=SAMPLE)["data"]
    assert (last["conforms"], last["results"]) == (True, [])
    assert last["summary"]["quotations"]["verified"] == 7


def test_checked_facts_are_not_stored(shipped: Assistant) -> None:
    shipped.answer("check_facts", facts=SHEET, article=SAMPLE)
    assert shipped.answer("search", text="Example Optics")["data"]["entities"] == []


def test_turtle_is_recognized_and_its_errors_have_a_line(shipped: Assistant) -> None:
    data = shipped.answer("check_facts", facts="@prefix x: <urn:x> .\nx:a x:b")["data"]
    assert data["files"] == ["facts.ttl"]
    assert (data["results"][0]["code"], data["results"][0]["line"]) == ("Syntax", 2)


# -- Wrong calls -------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "given", "text"),
    [
        ("run_query", {"nam": "zones"}, "Did you mean name?"),
        ("run_query", {}, "name: the value is missing."),
        ("run_query", {"name": "zone"}, "zones"),
        ("run_query", {"name": "zones", "parameters": {"town": "x"}}, "city, kind, source."),
        ("run_query", {"name": "zones", "parameters": {"city": "Hangzou"}}, "Hangzhou"),
        ("run_query", {"name": "zones", "parameters": {"city": ["a"]}}, "must be a name"),
        ("run_query", {"name": "zones", "parameters": "city"}, "must be of type object"),
        ("run_query", {"name": "zones", "limit": 0}, "limit: must be from 1"),
        ("run_query", {"name": "zones", "limit": True}, "limit: must be of type integer"),
        ("run_query", {"name": "zones", "limit": 1.5}, "limit: must be of type integer"),
        ("run_query", {"name": "zones", "language": "fr"}, "Known: en, zh."),
        ("describe", {"entity": "Tencnet"}, "Tencent"),
        ("describe", {"entity": " "}, "entity: the value is empty."),
        ("search", {"text": "x" * 401}, "text: longer than 400"),
        ("search", {"text": "a", "class": "Enterprize"}, "Enterprise"),
    ],
)
def test_a_wrong_argument_is_an_error_with_the_nearest_name(
    shipped: Assistant, tool: str, given: dict[str, Any], text: str
) -> None:
    error = shipped.error(tool, **given)
    assert text.lower() in f"{error['message']} {error.get('hint')}".lower()


def test_null_is_a_missing_argument_and_numbers_may_be_text_or_floats(
    shipped: Assistant,
) -> None:
    given = {"name": "zones", "limit": "2", "offset": 0.0, "language": None}
    given["parameters"] = '{"city": "Songjiang"}'
    assert len(shipped.answer("run_query", **given)["data"]["rows"]) == 2


def test_an_unknown_tool_is_an_error_of_the_protocol_with_the_nearest_name(
    shipped: Assistant,
) -> None:
    with pytest.raises(MCPError, match="Did you mean describe"):
        shipped.call("descibe")


def test_rows_are_filtered_by_year_and_source(shipped: Assistant) -> None:
    given = {"from": 2018, "source": "2307119874"}
    data = shipped.answer("run_query", name="agreements", parameters=given)["data"]
    assert {row["year"] for row in data["rows"]} == {2018}
