"""View models over the shipped graph, and over one with conflicting sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from inspect import unwrap
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg.model.iri_minting import fact_iri
from g60kg.namespaces import BASE, HAS_EVIDENCE, LABEL, POSSIBLY_SAME, A, entity, g60, graph_name
from g60kg.stores.base import QueryResult
from g60kg.stores.local_store import LocalStore
from g60kg.web.routes.pages.page_request import PageRequest
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.pages import (
    entity_pages,
    home_page,
    query_pages,
    search_results,
    timeline_page,
)
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.source_pages import segments
from g60kg.web.views.pages.view_models import EvidenceModel, RowModel, SourceModel, TermModel
from tests.graphs import new_store
from tests.web.articles import members, population, quads, source_says

OTHER, THIRD = "2400000001", "2400000002"
CORRIDOR, TWIN = entity("corridor"), entity("another-corridor")


@pytest.fixture(scope="module")
def differing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a second article that states other member cities and another population."""
    folder = tmp_path_factory.mktemp("pages") / "store"
    article = entity(f"article-{OTHER}")
    graph = graph_name(OTHER)
    store = new_store(folder)
    store.extend(
        [
            Quad(article, A, g60("Article"), graph),
            Quad(article, LABEL, Literal("Another article", language="en"), graph),
            Quad(entity("odd"), A, g60("Enterprise"), graph),
            Quad(entity("odd"), g60("url"), Literal("javascript:alert(1)"), graph),
            Quad(entity("odd"), g60("partOf"), NamedNode("javascript:alert(2)"), graph),
            Quad(entity("odd"), LABEL, Literal("<b>Odd & Sons</b>", language="en"), graph),
            *source_says(OTHER, *members("shanghai", "hangzhou"), complete=True),
            *population(OTHER, "70000000"),
            *population("2400000003", "70000000", "Approximately"),
            *population(THIRD, "57920000", "Approximately"),
            Quad(TWIN, A, g60("Corridor"), graph),
            Quad(TWIN, LABEL, Literal("Another corridor", language="en"), graph),
            *source_says(OTHER, Triple(TWIN, g60("startedOn"), Literal("2014"))),
            *source_says(OTHER, Triple(TWIN, POSSIBLY_SAME, CORRIDOR)),
            *source_says(THIRD, Triple(TWIN, POSSIBLY_SAME, CORRIDOR)),
        ]
    )
    store.close()
    return folder


@pytest.fixture(autouse=True)
def opened(request: pytest.FixtureRequest) -> Iterator[None]:
    """Open the graph in this process, as a worker process does."""
    folder = request.getfixturevalue("differing") if "differing" in request.fixturenames else None
    open_graph.open_for(Settings(store=folder, memory_limit=0))
    yield
    open_graph._opened.clear()


def entity_view(name: str, language: str = "en") -> entity_pages.EntityView:
    view = entity_pages.resource_view(language, f"{BASE}id/{name}")
    assert isinstance(view, entity_pages.EntityView)
    return view


@pytest.mark.usefixtures("differing")
def test_conflicting_sources_are_marked() -> None:
    groups = {group.predicate.text: group.statements for group in entity_view("corridor").groups}
    rivals = {
        one.value.figure.number: [r.figure.number for r in one.conflicting if r.figure]
        for one in groups["population"]
        if one.value.figure and one.conflicting
    }
    assert rivals == {57920000: [70000000], 70000000: [57920000]}
    cities = {one.value.text: one for one in groups["member city"]}
    assert cities["Hangzhou"].sources == 2
    assert cities["Hangzhou"].conflicting == ()
    assert "Songjiang" in [rival.text for rival in cities["Shanghai"].conflicting]
    assert "Shanghai" in [rival.text for rival in cities["Songjiang"].conflicting]


@pytest.mark.usefixtures("differing")
@pytest.mark.parametrize(
    ("name", "other", "value"),
    [("corridor", TWIN, "2014"), ("another-corridor", CORRIDOR, "2016")],
)
def test_a_value_of_an_entity_that_may_be_the_same_is_shown(
    name: str, other: NamedNode, value: str
) -> None:
    groups = {group.predicate.text: group.statements for group in entity_view(name).groups}
    (one,) = groups["started on"]
    assert [(about.iri, rival.text) for about, rival in one.possibly] == [(other.value, value)]
    assert one.conflicting == ()


@pytest.mark.usefixtures("differing")
def test_what_curators_infer_has_no_number_of_sources() -> None:
    groups = {one.predicate.text: one.statements for one in entity_view("another-corridor").groups}
    (one,) = groups["possibly same as"]
    assert (len(one.facts), one.sources) == (2, 0)


def listen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts of the queries that are run from now on."""
    asked: list[str] = []
    query = LocalStore.query_canned

    def recorded(store: LocalStore, text: str, template: str | None = None) -> QueryResult:
        asked.append(text)
        return query(store, text, template)

    monkeypatch.setattr(LocalStore, "query_canned", recorded)
    return asked


def test_home_and_timeline_run_no_query_over_all_statements(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = listen(monkeypatch)
    assert home_page.home("en").numbers
    assert all("DISTINCT ?one WHERE" in text for text in asked)
    asked.clear()
    assert timeline_page.timeline("en", "", "").table.rows
    assert all("hasMemberCity" in text or "DISTINCT ?year " in text for text in asked)


@pytest.mark.usefixtures("differing")
def test_conflicts_are_searched_for_one_entity_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = listen(monkeypatch)
    entity_view("corridor", "zh")
    (text,) = (text for text in asked if "otherArticle" in text)
    blocks = text.count("VALUES ?_entity")
    assert blocks == text.count(f"VALUES ?_entity {{ {CORRIDOR} }}") > 1


def test_statements_of_one_source_have_no_conflicts() -> None:
    against = [
        one.conflicting for group in entity_view("corridor").groups for one in group.statements
    ]
    assert len(against) > 20
    assert not any(against)


@pytest.mark.usefixtures("differing")
def test_long_lists_are_cut_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = unwrap(entity_pages.resource_view)("en", f"{BASE}id/corridor")
    monkeypatch.setattr(entity_pages, "MOST", 3)
    monkeypatch.setattr(entity_pages, "SHOWN", 3)
    monkeypatch.setattr(entity_pages, "FEWEST_OF_GROUP", 2)
    view = unwrap(entity_pages.resource_view)("en", f"{BASE}id/corridor")
    assert isinstance(whole, entity_pages.EntityView)
    assert isinstance(view, entity_pages.EntityView)
    assert (whole.cut, view.cut) == (False, True)
    # Each property is there, with the number of all its facts and of the sources of each triple.
    all_facts = {group.predicate.text: group.size for group in whole.groups}
    assert {group.predicate.text: group.count for group in view.groups} == all_facts
    assert {group.predicate.text for group in view.groups if group.cut} == {
        name for name, count in all_facts.items() if count > 2
    }
    assert max(group.size for group in view.groups) == 2
    # One fact of each value comes before a second fact of the same value.
    assert all(
        len(group.statements) == 2
        for group, complete in zip(view.groups, whole.groups, strict=True)
        if len(complete.statements) > 1
    )
    sources = {one.value: one.sources for group in whole.groups for one in group.statements}
    shown = [one for group in view.groups for one in group.statements]
    assert {one.value: one.sources for one in shown} == {
        one.value: sources[one.value] for one in shown
    }
    assert view.details == whole.details
    monkeypatch.setattr(home_page, "MOST", 2)
    listed = unwrap(home_page.listed)("en", "enterprises", "industry")
    assert (len(listed.rows), listed.more) == (2, True)
    following = unwrap(home_page.listed)("en", "enterprises", "industry", 2)
    assert not {str(row.cells) for row in listed.rows} & {str(row.cells) for row in following.rows}


def anchors(row: RowModel) -> set[str]:
    """Return the sources and positions of the evidence of a row; notes are of single facts."""
    return {f"{quote.source.name.iri}#{quote.anchor}" for quote in row.quotes}


@pytest.mark.usefixtures("differing")
def test_a_page_of_the_timeline_has_the_rows_and_quotations_of_the_query() -> None:
    for offset in (0, 50):
        view = timeline_page.timeline("en", "", "", offset=offset)
        table = PageReader("en").answer(
            "timeline", evidence=True, limit=timeline_page.MOST, offset=offset
        )
        # The page has a row for each group of values with the same evidence.
        found: dict[tuple[TermModel | None, ...], set[str]] = {}
        for row in view.table.rows:
            found.setdefault(tuple(row[name] for name in table.columns), set()).update(anchors(row))
        assert list(found) == [tuple(row.cells.values()) for row in table.rows]
        assert list(found.values()) == [anchors(row) for row in table.rows]
        assert all(row.quotes for row in view.table.rows)


@pytest.mark.usefixtures("differing")
def test_a_key_number_has_its_sources_and_the_conflicting_values() -> None:
    numbers = {
        str(number.value.figure.number): number
        for number in home_page.home("en").numbers
        if number.value.figure and number.measure.text == "population"
    }
    assert {
        number: (
            [str(r.figure.number) for r in one.conflicting if r.figure],
            one.sources,
            one.others,
        )
        for number, one in numbers.items()
    } == {"57920000": (["70000000"], 2, 1)}
    measures = [number.measure.text for number in home_page.home("en").numbers]
    assert measures.count("population") == 1


@pytest.mark.parametrize(
    ("figures", "rivals"),
    [
        ([("61500000", None), ("61500000", "2025"), ("50000000", "2025")], ["50000000"]),
        (2 * [("61500000", None)] + [("50000000", None)], ["50000000", "61500000"]),
        ([("61500000", None), ("50000000", None)], ["50000000", "61500000"]),
        ([("61500000", None), ("50000000", "2025")], []),
    ],
    ids=["equal figures", "two of one day", "one day", "another time"],
)
def test_a_key_number_has_the_rivals_of_equal_figures_and_of_one_day(
    figures: list[tuple[str, str | None]], rivals: list[str], own_store: Path
) -> None:
    store = LocalStore.at(own_store, writable=True)
    for source, (number, period) in enumerate(figures, 2_400_000_011):
        about = entity(f"article-{source}"), g60("publicationDate"), Literal("2026-01-01")
        store.extend(
            [*population(str(source), number, period=period), *quads(f"{source}", [Triple(*about)])]
        )
    store.close()
    open_graph.open_for(Settings(store=own_store, memory_limit=0))
    (one,) = (one for one in home_page.home("en").numbers if one.measure.text == "population")
    found = {str(rival.figure.number) for rival in one.conflicting if rival.figure}
    assert found == set(rivals) - {str(one.value.figure and one.value.figure.number)}
    # Of figures of one day, the one that most sources state.
    assert figures[1][1] or one.sources == Counter(figures).most_common(1)[0][1]


@pytest.mark.usefixtures("differing")
def test_a_view_follows_a_write_to_the_graph(differing: Path) -> None:
    before = home_page.home("zh")
    store = LocalStore.at(differing, writable=True)
    graph = graph_name(OTHER)
    store.extend([Quad(entity("new"), A, g60("Project"), graph)])
    store.extend(source_says(OTHER, Triple(entity("new"), g60("locatedIn"), entity("hefei"))))
    store.close()
    open_graph.refresh()
    after = home_page.home("zh")
    assert "合肥" in [name.text for name, _ in after.places]
    assert "合肥" not in [name.text for name, _ in before.places]


def of_timeline(year: str, subject: str) -> dict[str, tuple[TermModel, ...]]:
    """Return the values of an entity in a year, by property."""
    rows = timeline_page.timeline("en", year, year).table.rows
    return {
        what.text: value.parts
        for row in rows
        if (about := row["subject"]) and about.text == subject
        if (what := row["what"]) and (value := row["value"])
    }


def test_the_timeline_has_values() -> None:
    (signed,) = of_timeline("2017", "Strategic cooperation agreement of 2017")["signed on"]
    assert signed.text == "2017"


def test_the_timeline_names_a_stage_once() -> None:
    found = of_timeline("2023", "Wuhu (Shanghai) Industrial Innovation Center project")
    assert found["under construction"] == ()
    assert "stage of realization" not in found


def test_the_timeline_has_figures_of_the_period() -> None:
    found = of_timeline("2018", "G60 corridor version 3.0")["number of provinces"]
    assert [one.figure.number for one in found if one.figure] == [3]


def test_a_search_takes_a_curie_too_and_offers_the_nearest() -> None:
    assert [one.text for one in search_results.search("zh", "id:hefei").nearest] == ["合肥"]
    found = search_results.search("en", "Hefei")
    assert (found.hits[0].name.text, found.hits[0].matched, found.hits[0].quotes) == (
        "Hefei",
        None,
        (),
    )
    limited = search_results.search("en", "Hefei", "PrefectureCity")
    assert (limited.classes, limited.total) == (found.classes, found.total)
    assert limited.count == len(limited.hits) < found.total
    assert search_results.nearest("en", "qqqqqqqq") == ()


def test_an_answer_of_any_width_is_shown_in_part() -> None:
    wide = " ".join(f"(1 AS ?v{number})" for number in range(900))
    shown = query_pages.outcome(f"SELECT {wide} {{ ?s a ?c }}", "en")
    assert shown.table is not None
    assert (len(shown.table.rows), shown.more) == (20_000 // 900, True)
    text = f'SELECT ?x {{ BIND ("{"long " * 1000}" AS ?x) }}'
    long = query_pages.outcome(text, "en")
    assert long.table is not None
    (cell,) = long.table.rows[0].cells.values()
    assert cell is not None
    assert len(cell.text) == 2000


def test_a_graph_that_turtle_cannot_hold_is_an_error_of_the_query() -> None:
    text = "CONSTRUCT { id:a g60:b <<( id:a g60:b 1 )>> } WHERE {}"
    assert "triple terms cannot be written" in query_pages.outcome(text, "en").error


def test_overlapping_quotations_share_a_text() -> None:
    source = SourceModel(TermModel(""), True, None, None, None, "en")
    text = "one two three\n\n\n\nfour"
    quotes = [
        EvidenceModel(text[a:b], source, a, b) for a, b in ((0, 13), (4, 7), (0, 7), (900, 901))
    ]
    found = segments(text, quotes)
    assert [(one.text, one.anchor, one.start) for one in found] == [
        ("one ", "at-0-7", 0),
        ("two", "at-4-7", 4),
        (" three", "at-0-13", None),
        ("\n\nfour", None, None),
    ]


def test_urls_have_the_root_path_and_are_encoded() -> None:
    page_request = PageRequest(
        "en", "auto", "/g60", "/queries/zones", (("city", "A&B"), ("sort", "-zone"))
    )
    assert page_request.link(f"{BASE}id/hangzhou") == "/g60/id/hangzhou.html"
    assert page_request.link(f"{BASE}ontology") == "/g60/ontology.html"
    assert page_request.link(f"{BASE}shapes/FactHasEvidence") == "/g60/shapes/FactHasEvidence.html"
    assert page_request.link(f"{BASE}id/华为") == "/g60/id/%E5%8D%8E%E4%B8%BA.html"
    assert page_request.link("http://www.wikidata.org/entity/Q4970") == (
        "http://www.wikidata.org/entity/Q4970"
    )
    assert page_request.url("/search", q="a b&c", page=None) == "/g60/search?q=a+b%26c"
    assert page_request.url("/search", q="None", from_=2021) == "/g60/search?q=None&from=2021"
    assert page_request.here(lang="zh") == "/g60/queries/zones?city=A%26B&sort=-zone&lang=zh"
    assert page_request.here(sort="") == "/g60/queries/zones?city=A%26B"
    assert page_request.static("pages.css").startswith("/g60/static/pages.css?v=")


def test_a_name_with_markup_is_only_a_name(differing: Path) -> None:
    assert differing.is_dir()
    view = entity_view("odd")
    assert view.name == TermModel("<b>Odd & Sons</b>", f"{BASE}id/odd", "en")
    assert NamedNode(view.name.iri or "") == entity("odd")


@pytest.mark.usefixtures("differing")
def test_only_http_urls_become_links() -> None:
    values = [value for _, value in entity_view("odd").details]
    assert [value.text for value in values] == ["javascript:alert(2)", "javascript:alert(1)"]
    assert {(value.iri, value.url) for value in values} == {(None, None)}


@pytest.mark.usefixtures("differing")
@pytest.mark.parametrize(("most", "shown"), [(1, 1), (0, 0)])
def test_a_fact_lists_other_facts_of_its_triple_though_its_subject_has_many(
    monkeypatch: pytest.MonkeyPatch, most: int, shown: int
) -> None:
    monkeypatch.setattr(entity_pages, "MOST", most)
    (triple,) = members("hangzhou")
    fact = fact_iri(OTHER, triple)
    view = entity_pages.resource_view("en", fact.value)
    assert isinstance(view, entity_pages.FactView)
    assert len(view.others) == shown
    assert view.is_cut == (not shown)
    (quote,) = PageReader("en").objects(fact, HAS_EVIDENCE)
    assert isinstance(quote, NamedNode)
    evidence = entity_pages.resource_view("en", quote.value)
    assert isinstance(evidence, entity_pages.EvidenceView)
    assert (len(evidence.facts), evidence.is_cut) == (most, True)
