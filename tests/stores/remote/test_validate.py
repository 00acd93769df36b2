"""Validation on top of a graph behind an endpoint: the same verdict, from the parts it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from g60kg.gate.fact_validation import Scope, validate
from g60kg.model.article_text import read_article
from g60kg.namespaces import PREFIXES, REFERENCE_GRAPH, graph_name
from g60kg.rdf.turtle import write_turtle
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.request_settings import Limits
from g60kg.validation.report.findings import Report
from tests.conftest import ARTICLE, ROOT, long_only
from tests.stores.remote.conftest import publish
from tests.stores.remote.engines import Engine, oxigraph

EXAMPLES = ROOT / "examples"
DOCS = ROOT / "docs" / "endpoints.md"
MISTAKES = EXAMPLES / "sample-facts-with-mistakes.csv"
#: Copies of the article: entities of their own, cities and zones in common.
COPIES = (1, 8)
#: Virtuoso takes long on conflicts, on a busy machine longer than the default limit.
PATIENT = Limits(seconds=300)


def verdict(report: Report) -> tuple[object, ...]:
    """What a report says, without where and how long."""
    return (report.findings, report.facts, report.quotations, report.conforms())


@pytest.fixture
def facts(tmp_path: Path, store: LocalStore) -> Path:
    """Facts of a new article, in Turtle."""
    sheet = read_sheet(EXAMPLES / "sample-facts.csv")
    drafted = draft(sheet, store, read_article(EXAMPLES / "sample-article.txt"))
    path = tmp_path / "new.ttl"
    with path.open("wb") as out:
        write_turtle(drafted.triples, out, PREFIXES)
    return path


@pytest.mark.parametrize("file", [MISTAKES, *long_only(None)])
def test_the_verdict_is_the_same(
    file: Path | None, engine: Engine, store: LocalStore, facts: Path
) -> None:
    here = validate(store, [file or facts], texts={})
    there = validate(RemoteStore.at(engine.url, PATIENT), [file or facts], texts={})
    assert verdict(there) == verdict(here)
    assert here.facts or here.findings


@pytest.mark.long
def test_the_graph_itself_is_judged_alike(on_oxigraph: Engine, store: LocalStore) -> None:
    scope = Scope(shape="FactHasEvidence")
    here = validate(store, [], texts={}, scope=scope)
    remote = RemoteStore.at(on_oxigraph.url)
    assert verdict(validate(remote, [], texts={}, scope=scope)) == verdict(here)
    assert remote.connection.requests < 70  # each graph was fetched once


@pytest.mark.long
def test_what_is_asked_and_moved_does_not_grow_with_the_graph(tmp_path: Path, facts: Path) -> None:
    cost = {}
    for copies in COPIES:
        with grown(tmp_path, copies) as engine:
            there = RemoteStore.at(engine.url)
            report = validate(there, [facts], texts={})
            assert not [found for found in report.findings if found.code == "Syntax"]
            cost[copies] = (there.connection.requests, there.connection.received)
    (few, less), (many, more) = (cost[copies] for copies in COPIES)
    assert many <= few * 1.2, cost
    assert more <= less * 1.5, cost
    stated = dict(
        re.findall(r"^\| ([\d,]+) \| (\d+) \| [\d.]+ MB", DOCS.read_text(encoding="utf-8"), re.M)
    )
    assert few == pytest.approx(int(stated["19,000"]), rel=0.1)
    assert many == pytest.approx(int(stated["45,000"]), rel=0.1)


@contextmanager
def grown(folder: Path, copies: int) -> Iterator[Engine]:
    """An engine with the shipped graph and so many more articles that say the like."""
    shipped = LocalStore.shipped()
    for number in range(copies):
        shipped.extend(_another(shipped, str(number)))
    with oxigraph(folder / "none", "--union-default-graph") as engine:
        publish(shipped, engine)
        yield engine


def _another(store: LocalStore, name: str) -> list[Quad]:
    """The statements of the article, made by another one about other entities there."""
    places = {quad.subject for quad in store.quads(None, None, None, REFERENCE_GRAPH)}

    def renamed(part: object) -> object:
        if not isinstance(part, NamedNode) or part in places:
            return part
        iri = part.value.replace(ARTICLE, f"{ARTICLE}{name}")
        if iri == part.value and iri.startswith(PREFIXES["id"]):
            iri += f"-{name}"
        return NamedNode(iri)

    graph = graph_name(f"{ARTICLE}{name}")
    return [
        Quad(renamed(quad.subject), quad.predicate, renamed(quad.object), graph)  # type: ignore[arg-type]  # a term of its kind
        for quad in store.quads(None, None, None, graph_name(ARTICLE))
    ]
