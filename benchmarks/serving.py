"""How quickly canned queries are answered over HTTP: here, by ``oxigraph serve``, by rdflib.

The three have the same data and get the same texts, each with another parameter than the one
before: ``python -m benchmarks.serving STORE`` takes a store on disk; rdflib-endpoint, which has no
store of its own, gets the triples in it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, serialize

from benchmarks import servers
from benchmarks.page import Table, Target
from benchmarks.traffic import Spell, Traffic, send, traffic
from g60kg.namespaces import PREFIXES
from g60kg.queries.binding import bind
from g60kg.queries.catalog import load_catalog
from g60kg.web.routes.api.request_parameters import LARGEST_PAGE

#: A query that looks one thing up, and one that goes through many; each with its parameter and the
#: class whose members take its place in turn.
QUERIES: Final = (("facts-about", "entity", "Enterprise"), ("enterprises", "industry", "Industry"))
#: The least ratio of requests a second to those of ``oxigraph serve``.
RATIOS: Final = {"facts-about": 0.6, "enterprises": 0.8}
#: Seconds of a turn, and how many turns each server gets that are counted.
TURN: Final = 1.0
TURNS: Final = 5
#: Requests of those that have been sent before.
FEW: Final = 20
#: Seconds that a query may take on the server whose runaway query is timed.
LIMIT: Final = 1
_JSON: Final = ("Accept: application/sparql-results+json",)
#: A query that never ends: all triples with all triples with all triples.
_RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a != ?d) }"


@dataclass(frozen=True, slots=True)
class Served:
    """How one query was answered.

    Attributes:
        query: its name.
        canned: here, by its name, with labels joined to each row; nothing is asked twice.
        again: the same, where all has been asked before.
        sparql: here, by its text at the SPARQL endpoint.
        oxigraph: by its text, by ``oxigraph serve-read-only``.
        rdflib: by its text, by rdflib-endpoint; None where that is not installed.
    """

    query: str
    canned: Traffic
    again: Traffic
    sparql: Traffic
    oxigraph: Traffic
    rdflib: Traffic | None


@dataclass(frozen=True, slots=True)
class Serving:
    """What was measured.

    Attributes:
        triples: of the graph.
        served: query by query.
        runaway: seconds that a query without an end was over its limit.
        beside: how others were answered meanwhile.
    """

    triples: int
    served: tuple[Served, ...]
    runaway: float
    beside: Traffic

    @classmethod
    def from_json(cls, text: str) -> Serving:
        """What :func:`main` printed."""

        told = json.loads(text)
        served = tuple(
            Served(
                query=one["query"],
                canned=Traffic(**one["canned"]),
                again=Traffic(**one["again"]),
                sparql=Traffic(**one["sparql"]),
                oxigraph=Traffic(**one["oxigraph"]),
                rdflib=Traffic(**one["rdflib"]) if one["rdflib"] else None,
            )
            for one in told["served"]
        )
        return cls(told["triples"], served, told["runaway"], Traffic(**told["beside"]))


def measure(path: Path) -> Serving:
    """Starts the servers one after the other and sends each the same requests."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(path, Path(folder) / "triples.nt")


def _measure(path: Path, triples: Path) -> Serving:
    store = Store.read_only(str(path))
    serialize({quad.triple for quad in store}, str(triples), RdfFormat.N_TRIPLES)
    named = {name: _members(store, of_class) for name, _, of_class in QUERIES}
    count = len(store)
    del store
    by_name, by_text = {}, {}
    for name, parameter, _ in QUERIES:
        query = load_catalog()[name]
        by_name[name] = [
            f"/api/queries/{name}?{urlencode({parameter: iri})}" for iri in named[name]
        ]
        by_text[name] = [
            urlencode({"query": _prefixed(bind(query, {parameter: NamedNode(iri)}).rows)})
            for iri in named[name]
        ]
    asked = _by_turns(path, triples, by_name, by_text)
    with servers.here(path, "--timeout", str(LIMIT)) as port:
        runaway, beside = _run_away(port, by_name[QUERIES[0][0]])
    served = tuple(
        Served(
            name,
            canned=asked[name, "canned"],
            again=asked[name, "again"],
            sparql=asked[name, "sparql"],
            oxigraph=asked[name, "oxigraph"],
            rdflib=asked.get((name, "rdflib")),
        )
        for name in by_name
    )
    return Serving(count, served, runaway, beside)


def _by_turns(
    path: Path, triples: Path, by_name: dict[str, list[str]], by_text: dict[str, list[str]]
) -> dict[tuple[str, str], Traffic]:
    """How each server answered each query.

    All are up, and they take turns of a second: a slow spell of the machine meets them alike.
    """
    with ExitStack() as up:
        here = up.enter_context(servers.here(path))
        oxigraph = up.enter_context(servers.oxigraph(path))
        places = {"sparql": (here, "/sparql"), "oxigraph": (oxigraph, "/query")}
        if find_spec("rdflib_endpoint") is not None:
            places["rdflib"] = (up.enter_context(servers.rdflib(triples)), "/")
        sources = {(name, "canned"): (here, _never_twice(of)) for name, of in by_name.items()}
        sources |= {(name, "again"): (here, cycle(of[:FEW])) for name, of in by_name.items()}
        for kind, (port, place) in places.items():
            for name, texts in by_text.items():
                sources[name, kind] = (port, cycle([f"{place}?{text}" for text in texts]))
        spells: dict[tuple[str, str], list[Spell]] = {key: [] for key in sources}
        for _ in range(TURNS + 1):
            for key, (port, targets) in sources.items():
                spells[key].append(send(port, targets, TURN, _JSON))
    # In the first turn, what has to be read or imported once is read and imported.
    return {key: traffic(found[1:]) for key, found in spells.items()}


def _never_twice(paths: Sequence[str]) -> Iterator[str]:
    """The paths again and again, each time with another limit, none of which cuts a row off."""
    for limit in range(LARGEST_PAGE, LARGEST_PAGE // 10, -1):
        for path in paths:
            yield f"{path}&limit={limit}"


def _members(store: Store, of_class: str) -> list[str]:
    text = f"SELECT DISTINCT ?x {{ GRAPH ?g {{ ?x a g60:{of_class} }} }} ORDER BY ?x"
    found = store.query(text, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return [row["x"].value for row in found if isinstance(row["x"], NamedNode)]


def _prefixed(text: str) -> str:
    # The header's comments tell a server nothing.
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+"))


def _run_away(port: int, targets: Sequence[str]) -> tuple[float, Traffic]:
    """Seconds over its limit that a query without an end took, and what others had meanwhile."""
    opener = build_opener(ProxyHandler({}))
    address = f"http://127.0.0.1:{port}/sparql?{urlencode({'query': _RUNAWAY})}"
    script = (
        "import sys, time, urllib.error, urllib.request as r\n"
        "start = time.perf_counter()\n"
        "try: r.build_opener(r.ProxyHandler({})).open(sys.argv[1])\n"
        "except urllib.error.HTTPError as error: print(error.code, time.perf_counter() - start)"
    )
    opener.open(f"http://127.0.0.1:{port}{targets[0]}").read()
    asking = subprocess.Popen(
        [sys.executable, "-c", script, address], stdout=subprocess.PIPE, text=True
    )
    beside = traffic([send(port, _never_twice(targets), LIMIT)])
    status, seconds = asking.communicate(timeout=servers.START)[0].split()
    if status != "503":
        raise RuntimeError(f"a query without an end got {status}")
    return max(0.0, float(seconds) - LIMIT), beside


# -- What came of it -------------------------------------------------------------


def targets(serving: Serving) -> list[Target]:
    """The verdict on each target."""
    size = f"{serving.triples:,} triples"
    found = []
    for one in serving.served:
        ratio = one.canned.rate / one.oxigraph.rate
        least = RATIOS[one.query]
        found.append(
            Target(
                f"serve `{one.query}`, {size}",
                f"≥ {least}× the requests/s of `oxigraph serve`",
                f"{ratio:.2f}× ({one.canned.rate:,.0f} requests/s)",
                ratio >= least,
                "Only g60kg adds labels to rows."
                if ratio >= least
                else "HTTP in Python takes longer than the query.",
            )
        )
        if one.rdflib is None:
            measured, met = "", None
            reason = "rdflib-endpoint is not installed."
        else:
            times = one.canned.rate / one.rdflib.rate
            measured, met = f"{times:,.0f}×", times >= 20
            engine = one.oxigraph.rate / one.rdflib.rate
            reason = "" if met else f"`oxigraph serve` is at {engine:,.0f}×."
        found.append(Target(f"serve `{one.query}`, {size}", "≥ 20× rdflib-endpoint", measured, met,
                            reason))  # fmt: skip
    found.append(
        Target(
            "a query that does not terminate",
            "ended within 1 s of its limit, others unaffected",
            f"{serving.runaway:.2f} s after it; others: {serving.beside.rate:,.0f} requests/s",
            serving.runaway <= 1,
            f"The limit was {LIMIT} s.",
        )
    )
    return found


def table(serving: Serving) -> Table:
    """The numbers."""
    rows = []
    for one in serving.served:
        for server, answered in (
            ("g60kg, canned query", one.canned),
            ("g60kg, canned query, cached", one.again),
            ("g60kg, /sparql", one.sparql),
            ("oxigraph serve", one.oxigraph),
            ("rdflib-endpoint", one.rdflib),
        ):
            if answered is not None:
                rows.append((one.query, server, *_shown(answered)))
    rows.append(
        (QUERIES[0][0], "g60kg, during a query that does not terminate", *_shown(serving.beside))
    )
    return Table(
        f"Serving {serving.triples:,} triples",
        ("query", "server", "requests/s", "p50, ms", "p99, ms"),
        tuple(rows),
        "8 clients on the same machine, each request with a different parameter. Rows of canned "
        'queries include labels; "cached" repeats earlier requests, all others are computed. The '
        "servers are measured in turns.",
    )


def _shown(answered: Traffic) -> tuple[str, str, str]:
    return (
        f"{answered.rate:,.1f}",
        f"{answered.median * 1000:,.1f}",
        f"{answered.slowest * 1000:,.1f}",
    )


def main() -> None:
    """Measures, and prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path, help="a store on disk")
    options = parser.parse_args()
    print(json.dumps(asdict(measure(options.store))))


if __name__ == "__main__":
    main()
