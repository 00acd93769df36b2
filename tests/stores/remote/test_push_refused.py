"""A server that refuses a large graph before it has read it: the refusal is reported."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import quote, unquote_plus

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from g60kg.namespaces import graph_name
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.conftest import long_only
from tests.stores.remote.test_misbehaving import Handler, serving

#: Together more bytes than the buffers of a connection hold.
TRIPLES, LENGTH = 20_000, 1_000
COUNTED_NONE = json.dumps(
    {"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "0"}}]}}
).encode()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "store"
    link = NamedNode("https://example.org/p")
    Store(str(path)).bulk_extend(
        Quad(NamedNode(f"https://example.org/{n}"), link, Literal("x" * LENGTH), graph_name("many"))
        for n in range(TRIPLES)
    )
    return path


def answer(handler: Handler) -> None:
    """Counts no triples, takes small updates, and none that inserts."""
    asked = unquote_plus(handler.sent.decode())
    if asked.startswith("query="):
        handler.say(200, COUNTED_NONE)
    elif handler.path != "/update":
        handler.say(404, b"", "text/plain")
    elif "INSERT DATA" in asked:
        handler.say(413, b"Too much at once.", "text/plain")
    else:
        handler.say(200, b"", "text/plain")


def refuse_unread(handler: Handler) -> None:
    handler.close_connection = True
    handler.say(413, b"Too much at once.", "text/plain")


@pytest.mark.parametrize("status", [413, *long_only(401)])
def test_the_first_refusal_is_reported_with_the_last(
    status: int, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handler: Handler) -> None:
        handler.close_connection = True
        handler.say(status, b"Not through this URL", "text/plain")

    monkeypatch.setattr(Handler, "do_PUT", refuse, raising=False)
    with serving(answer) as (url, _):
        graph_store, update = (url.replace("query", name) for name in ("store", "update"))
        ways = ("--graph-store", graph_store, "--update", update)
        done = g60kg("--store", large, "push", "--endpoint", url, "--yes", *ways)
    assert done.returncode == 3
    first = done.stderr.index(f"/store?graph={quote(graph_name('many').value, safe='')}")
    assert f" answers {status} " in done.stderr[first:]
    assert done.stderr.index("/update answers 413 ") > first
    assert "Not through this URL. http" in done.stderr
    assert "Too much at once. Done: none. Not done: " in done.stderr


@pytest.mark.long
def test_the_reason_of_an_early_400_is_reported(
    large: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(handler: Handler) -> None:
        handler.close_connection = True
        handler.say(400, b"Bad\x1b[31m line 7, " + b"x" * 1_000, "text/plain")

    def deny(handler: Handler) -> None:
        if unquote_plus(handler.sent.decode()).startswith("query="):
            answer(handler)
        else:
            handler.say(400, b"No updates here", "text/plain")

    monkeypatch.setattr(Handler, "do_PUT", refuse, raising=False)
    store = tmp_path / "store"
    shutil.copytree(large, store)
    more = [graph_name(f"more-{number}") for number in range(30)]
    LocalStore.at(store, writable=True).extend(Quad(name, name, name, name) for name in more)
    with serving(deny) as (url, _):
        done = g60kg("--store", store, "push", "--endpoint", url, "--yes")
    assert done.returncode == 3
    assert "/update answers 400 Bad Request: No updates here" in done.stderr
    assert " answers 400 Bad Request: Bad\\x1b[31m line 7, xxx" in done.stderr
    assert "no URL for updates was found. Done: none. Not done: " in done.stderr
    assert " and 26 more" in done.stderr
    assert max(map(len, done.stderr.splitlines())) < 600


@pytest.mark.parametrize("update", ["update", *long_only("none")])
def test_a_refusal_before_the_end_of_a_graph_is_reported(
    update: str, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Handler, "do_PUT", refuse_unread, raising=False)
    with serving(answer) as (url, _):
        base = url.removesuffix("/query")
        ways = ("--graph-store", f"{base}/store", "--update", f"{base}/{update}")
        done = g60kg("--store", large, "push", "--endpoint", url, "--yes", *ways)
    assert done.returncode == 3
    assert " answers 413 " in done.stderr
    assert f"{base}/{'update' if update == 'update' else 'store'}" in done.stderr
    assert "Too much at once." in done.stderr
