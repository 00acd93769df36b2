"""Publishing: one named graph a source, each the old one or the new one whatever happens."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from g60kg.errors import G60kgError
from g60kg.namespaces import HISTORY_GRAPH, REFERENCE_GRAPH, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.graph_publishing import TRIPLES, Publisher, batches
from g60kg.stores.remote.http_client import Connection
from g60kg.stores.remote.request_settings import Limits
from tests.cli.run import g60kg
from tests.conftest import ROOT, long_only
from tests.stores.remote.conftest import connection_to, credentials_of, publish
from tests.stores.remote.engines import NO_VIRTUOSO, VIRTUOSO, Engine, oxigraph, virtuoso

GRAPH = graph_name("big")


def graph_of(version: str, size: int) -> LocalStore:
    """A store with one graph, whose triples all contain the version."""
    says = NamedNode("https://example.org/says")
    return LocalStore.holding(
        (
            Quad(NamedNode(f"https://example.org/{n}"), says, Literal(version), GRAPH)
            for n in range(size)
        ),
        version,
    )


def versions(engine: Engine) -> set[tuple[str, int]]:
    """What is in the graph there: each version with the number of its triples."""
    rows = RemoteStore.at(engine.url).rows(
        f"SELECT ?o (COUNT(*) AS ?n) WHERE {{ GRAPH {GRAPH} {{ ?s ?p ?o }} }} GROUP BY ?o"
    )
    found = [(row["o"], row["n"]) for row in rows]
    return {(o.value, int(n.value)) for o, n in found if isinstance(o, Literal)}


def test_every_source_is_a_graph_and_history_is_not(tmp_path: Path, store: LocalStore) -> None:
    with_history = LocalStore.holding(store.quads(), "with history")
    some = NamedNode("https://example.org/x")
    with_history.extend([Quad(some, some, some, HISTORY_GRAPH)])
    with oxigraph(tmp_path / "none", "--union-default-graph") as engine:
        publish(with_history, engine)
        there = RemoteStore.at(engine.url)
        assert there.graph_names() == store.graph_names()
        assert there.source_graphs() == store.source_graphs()
        fetched = LocalStore.holding(there.quads(), "there")
        for graph in store.graph_names():
            here = sum(1 for _ in store.quads(None, None, None, graph))
            assert sum(1 for _ in fetched.quads(None, None, None, graph)) == here


def test_what_is_there_already_is_left_and_what_differs_is_replaced_whole(tmp_path: Path) -> None:
    with oxigraph(tmp_path / "none") as engine:
        for version, size, was_there in (
            ("old", 50, False),
            ("old", 50, True),
            ("new", 50, False),
            ("new", 20, False),
        ):
            target = RemoteStore(connection_to(engine))
            (published,) = Publisher(graph_of(version, size), target).publish([GRAPH])
            assert (published.triples, published.was_there) == (size, was_there)
            assert versions(engine) == {(version, size)}
        assert RemoteStore.at(engine.url).graph_names() == (GRAPH,)


@pytest.mark.parametrize("address", ["update", *long_only("graph_store")])
def test_either_protocol_is_enough(tmp_path: Path, address: str, store: LocalStore) -> None:
    with oxigraph(tmp_path / "none", "--union-default-graph") as engine:
        target = RemoteStore(connection_to(engine))
        base = engine.url.removesuffix("/query")
        if address == "update":
            publisher = Publisher(store, target, update=f"{base}/update")
        else:
            publisher = Publisher(
                store, target, update=f"{base}/nowhere", graph_store=f"{base}/store"
            )
        names = list(store.graph_names())
        assert [done.graph for done in publisher.publish(names)] == names
        assert publisher.default_is_union(store.graph_names())
        # Blank nodes that hang together came together: what the shapes say is the same graph.
        for published in publisher.publish(store.graph_names()):
            assert published.was_there


@pytest.mark.long
def test_virtuoso_takes_what_is_new_in_the_place_of_what_is_old(tmp_path: Path) -> None:
    if VIRTUOSO is None:
        pytest.skip(NO_VIRTUOSO)
    with virtuoso(tmp_path) as engine:
        for version, size in (("old", 1_200), ("new", 700)):
            update = engine.url.replace("/sparql", "/sparql-auth") if version == "new" else None
            target = RemoteStore(connection_to(engine))
            publisher = Publisher(graph_of(version, size), target, update=update)
            (published,) = publisher.publish([GRAPH])
            assert published.triples == size
            assert versions(engine) == {(version, size)}
        assert publisher.default_is_union([GRAPH])
        with pytest.raises(G60kgError, match="401"):
            list(Publisher(graph_of("x", 1), RemoteStore.at(engine.url)).publish([GRAPH]))
        assert versions(engine) == {("new", 700)}


class Deadly(Connection):
    """Ends the engine a little after it has sent the change of a certain number."""

    def __init__(self, engine: Engine, change: int, delay: float) -> None:
        super().__init__(engine.url, credentials_of(engine), Limits(seconds=60, tries=1))
        self._engine = engine
        self._left = change
        self._delay = delay

    def update(self, url: str, text: str) -> None:
        self._count(lambda: super(Deadly, self).update(url, text))

    def put(self, url: str, data: bytes, media: str) -> None:
        self._count(lambda: super(Deadly, self).put(url, data, media))

    def _count(self, send: Callable[[], None]) -> None:
        self._left -= 1
        if self._left:
            send()
            return
        timer = threading.Timer(self._delay, self._engine.kill)
        timer.start()
        try:
            send()
        finally:
            timer.join()


# The changes of one graph are: sweep, put, move. The delays fall before, into and after the work.
@pytest.mark.parametrize(
    ("make", "change", "delay"),
    [
        ("oxigraph", 2, 0.01),
        ("oxigraph", 3, 0.0),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (
                ("oxigraph", 1, 0.0),
                ("oxigraph", 2, 0.0),
                ("oxigraph", 3, 0.01),
                ("virtuoso", 2, 0.02),
                ("virtuoso", 3, 0.05),
            )
        ),
    ],
)
def test_a_server_that_dies_leaves_the_old_graph_or_the_new(
    tmp_path: Path, make: str, change: int, delay: float
) -> None:
    if make == "virtuoso" and VIRTUOSO is None:
        pytest.skip(NO_VIRTUOSO)
    running = oxigraph if make == "oxigraph" else virtuoso
    database = tmp_path / "database"
    database.mkdir()
    sides = [{("old", 3_000)}, {("new", 4_000)}]
    with running(database) as engine:
        publish(graph_of("old", 3_000), engine)
        assert versions(engine) == sides[0]
        target = RemoteStore(Deadly(engine, change, delay))
        with pytest.raises(G60kgError) as caught:
            list(Publisher(graph_of("new", 4_000), target).publish([GRAPH]))
        assert caught.value.exit_code == 3
        assert f"Not done: {GRAPH.value}" in caught.value.message
    with running(database) as engine:
        assert versions(engine) in sides
        publish(graph_of("new", 4_000), engine)
        assert versions(engine) == sides[1]
        assert RemoteStore.at(engine.url).graph_names() == (GRAPH,)


def test_pieces_keep_together_what_hangs_together(store: LocalStore) -> None:
    for graph in store.graph_names():
        triples = [quad.triple for quad in store.quads(None, None, None, graph)]
        pieces = list(batches(triples))
        assert sorted(map(str, triples)) == sorted(str(t) for piece in pieces for t in piece)
        homes: dict[str, int] = {}
        for number, piece in enumerate(pieces):
            for word in (word for triple in piece for word in str(triple).split()):
                if word.startswith("_:"):
                    assert homes.setdefault(word, number) == number
        assert all(len(piece) <= TRIPLES for piece in pieces)


@pytest.mark.long
def test_push_reports_its_steps(tmp_path: Path) -> None:
    with oxigraph(tmp_path / "none") as engine:
        push = ("push", "--endpoint", engine.url)
        dry = g60kg(*push, "--dry-run")
        assert (dry.returncode, RemoteStore.at(engine.url).graph_names()) == (0, ())
        size = sum(1 for _ in LocalStore.shipped().quads(graph=REFERENCE_GRAPH))
        assert f"graph/reference: {size} triples; the endpoint has 0" in dry.stdout
        unasked = g60kg(*push)  # nobody to ask
        assert unasked.returncode == 2
        assert "--yes" in unasked.stderr
        assert "--yes" in (ROOT / "docs" / "endpoints.md").read_text(encoding="utf-8")
        only = g60kg(*push, "--yes", "--graph", "reference")
        assert only.returncode == 0
        assert RemoteStore.at(engine.url).graph_names() == (graph_name("reference"),)
        assert g60kg(*push, "--graph", "nothing").returncode == 2
        whole = g60kg(*push, "--yes")
        assert whole.returncode == 0
        assert "unchanged" in whole.stderr
        assert "--union-default-graph" in whole.stderr
        asked = ("--endpoint", engine.url, "query", "run", "member-cities", "-f", "csv")
        assert len(g60kg(*asked).stdout.splitlines()) == 1
        filled = g60kg(*push, "--yes", "--into-default-graph")
        assert "default graph: " in filled.stderr
        assert g60kg(*asked).stdout == g60kg("query", "run", "member-cities", "-f", "csv").stdout
        engine.kill()
        gone = g60kg(*push, "--yes")
        assert gone.returncode == 3
        assert "cannot be reached" in gone.stderr


def test_a_store_is_published_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store"
    LocalStore(Store(str(path)), "new").extend(graph_of("mine", 3).quads())
    with oxigraph(tmp_path / "none", "--union-default-graph") as engine:
        done = g60kg("--store", path, "push", "--endpoint", engine.url, "-y")
        assert done.returncode == 0, done.stderr
        assert versions(engine) == {("mine", 3)}


def test_a_store_without_graphs_changes_nothing(tmp_path: Path) -> None:
    LocalStore(Store(str(tmp_path / "store")), "new").finish(tmp_path / "store")
    push = ("--store", tmp_path / "store", "push", "--endpoint", "http://localhost:1/query", "-y")
    done = g60kg(*push)
    assert (done.returncode, done.stderr) == (0, "Nothing was changed.\n")


def _chain(length: int) -> list[Quad]:
    nodes = [BlankNode() for _ in range(length)]
    follows = NamedNode("https://example.org/follows")
    return [Quad(a, follows, b, GRAPH) for a, b in itertools.pairwise(nodes)]


def _ring(length: int) -> list[Quad]:
    links = _chain(length)
    return [*links, Quad(links[-1].object, links[0].predicate, links[0].subject, GRAPH)]  # type: ignore[arg-type]  # a blank node


@pytest.mark.parametrize(("quads", "same"), [(_chain(1_000), True), (_ring(400), False)])
def test_blank_nodes_are_compared_in_bounded_time(
    tmp_path: Path, quads: list[Quad], same: bool
) -> None:
    """A graph whose blank nodes have no stable order is sent again."""
    with oxigraph(tmp_path / "none") as engine:
        for again in (False, same):
            target = RemoteStore(connection_to(engine))
            (published,) = Publisher(LocalStore.holding(quads, "blank nodes"), target).publish(
                [GRAPH]
            )
            assert (published.triples, published.was_there) == (len(quads), again)
