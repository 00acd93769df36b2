"""What the first and the second request of a page read, in counts: independent of time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from starlette.testclient import TestClient

from g60kg.errors import UnknownName
from g60kg.export import graph_writers
from g60kg.model.evidence_lookup import Labels
from g60kg.namespaces import FACT_SUBJECT, LABEL, A, entity, g60, graph_name
from g60kg.queries import parameters
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.local_store import LocalStore, stated_pairs
from g60kg.web.app import application
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.descriptions import describe
from g60kg.web.views.pages import entity_pages, term_pages
from g60kg.web.views.pages.ontology_page import OntologyView
from g60kg.web.views.pages.page_reader import PageReader

LOCATED_IN = g60("locatedIn")


@pytest.fixture(autouse=True)
def _opened() -> Iterator[None]:
    open_graph.open_for(Settings(memory_limit=0))
    yield
    open_graph._opened.clear()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client of a server that has every job in its own process."""
    monkeypatch.setattr(open_graph.Context, "need_process", lambda _: None)
    monkeypatch.setattr(open_graph, "MOST_LINKS", 10_000)
    app = application(Settings(warm_up=False, workers=1))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000)) as made:
        yield made


def page_of(client: TestClient, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_a_page_of_an_entity_is_read_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    run = open_graph.run_in_memory

    def counted(job: partial[object]) -> object:
        read.append(job.func)
        return run(job)

    monkeypatch.setattr(open_graph, "run_in_memory", counted)
    first = page_of(client, "/id/hangzhou.html")
    assert read.count(entity_pages.resource_view) == 1
    assert page_of(client, "/id/hangzhou.html") == first
    assert read.count(entity_pages.resource_view) == 1


@pytest.mark.parametrize("most", [1_000, 10])
@pytest.mark.parametrize(
    ("language", "note"),
    [("en", "conflicting values are not marked"), ("zh", "不标注相互冲突的说法")],
)
def test_conflicts_of_an_entity_with_very_many_facts_are_on_a_page_of_their_own(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, most: int, language: str, note: str
) -> None:
    asked: list[str] = []
    answer = PageReader.answer

    def recorded(reader: PageReader, name: str, *given: object, **named: object) -> object:
        asked.append(name)
        return answer(reader, name, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(PageReader, "answer", recorded)
    monkeypatch.setattr(entity_pages, "_may_conflict", lambda *_: True)
    monkeypatch.setattr(entity_pages, "MOST_COMPARED", most)
    text = page_of(client, "/id/corridor.html", language)
    link = "/queries/conflicts?entity=id%3Acorridor"
    assert (asked, note in text, link in text) == (
        (["conflicts"], False, False) if most == 1_000 else ([], True, True)
    )


def test_the_page_of_a_large_entity_reads_the_facts_that_it_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corridor, read = entity("corridor"), set[object]()
    facts = PageReader("en").subjects(FACT_SUBJECT, corridor)
    quads = LocalStore.quads

    def recorded(store: LocalStore, *given: object) -> Iterator[Quad]:
        read.update(given[:1])
        return quads(store, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalStore, "quads", recorded)
    for name, most in (("MOST", 3), ("SHOWN", 3), ("FEWEST_OF_GROUP", 1)):
        monkeypatch.setattr(entity_pages, name, most)
    view = entity_pages.resource_view("en", corridor.value)
    assert isinstance(view, entity_pages.EntityView)
    shown = sum(group.size for group in view.groups)
    assert 0 < shown < len(facts) / 2
    # Of a value that it shows, all facts are read, to count their sources.
    assert len(read.intersection(facts)) <= 2 * shown


def test_an_example_reads_few_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, asked = PageReader("en"), []
    of = Labels.of

    def counted(labels: Labels, node: Term | None) -> Literal | None:
        asked.append(node)
        return of(labels, node)

    monkeypatch.setattr(Labels, "of", counted)
    assert len(term_pages.example_of_property(reader, LOCATED_IN)) == 2
    assert 0 < len(asked) < 5


def test_the_page_of_the_ontology_reads_only_labels_and_classes_of_categories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    category, read = entity("academicians"), []
    quads = LocalStore.quads

    def counted(store: LocalStore, *given: object) -> Iterator[Quad]:
        read.append(given)
        return quads(store, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalStore, "quads", counted)
    view = entity_pages.resource_view("en", g60("").value.rstrip("/"))
    assert isinstance(view, OntologyView)
    assert category.value in [one.iri for one in view.categories]
    every = [given for given in read if given[0] == category and set(given[1:]) <= {None}]
    assert every == []


def test_a_large_description_is_complete_and_laid_out_by_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def triples(body: bytes) -> set[str]:
        store = Store()
        store.load(body, RdfFormat.TURTLE)
        return {str(quad.triple) for quad in store}

    laid_out = describe("id", "hangzhou", "turtle")
    monkeypatch.setattr(graph_writers, "MOST_LAID_OUT", 10)
    monkeypatch.setattr(graph_writers, "stream_turtle", None)
    assert triples(describe("id", "hangzhou", "turtle")) == triples(laid_out)


def test_names_are_read_once_for_unknown_names_of_all_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[NamedNode] = []

    def counted(store: GraphStore, naming: NamedNode) -> object:
        read.append(naming)
        return stated_pairs(store, naming)

    monkeypatch.setattr(parameters, "stated_pairs", counted)
    resolver = open_graph.current().resolver
    for of_class in ("Source", "Place", "Industry", None):
        with pytest.raises(UnknownName):
            resolver.entity("Nowhere at all", of_class)
    assert len(read) == len(set(read)) > 0


def test_a_resolver_of_a_changing_store_reads_names_again() -> None:
    store = LocalStore.shipped()
    resolver = parameters.Resolver(store)
    with pytest.raises(UnknownName):
        resolver.entity("new place")
    place = entity("new-place-of-a-test")
    name = Literal("New Place", language="en")
    store.extend(Quad(place, p, o, graph_name("1")) for p, o in ((A, g60("Place")), (LABEL, name)))
    assert resolver.entity("new place") == place
