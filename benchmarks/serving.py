"""HTTP throughput of canned queries: this server, ``oxigraph serve``, rdflib-endpoint.

The three have the same data and get the same queries with changing parameters. ``python -m
benchmarks.serving STORE`` reads a store on disk; rdflib-endpoint, which has no store, gets its
triples.
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
from g60kg.queries.binding import bind, unordered
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.web.routes.api.request_parameters import LARGEST_PAGE

#: A query that looks up one entity, and one that reads many; each with its parameter and the class
#: whose members are its values.
LOOKUP: Final = "facts-about"
QUERIES: Final = ((LOOKUP, "entity", "Enterprise"), ("enterprises", "industry", "Industry"))
#: The minimum ratio of requests per second to those of ``oxigraph serve``.
RATIOS: Final = {"facts-about": 0.6, "enterprises": 0.8}
#: Seconds of a round, which follows as many uncounted ones; and the rounds of each server.
TURN: Final = 1.0
TURNS: Final = 5
#: The number of distinct requests for measuring cached responses.
FEW: Final = 20
#: The time limit in seconds of the server that gets the runaway query.
LIMIT: Final = 1
_JSON: Final = ("Accept: application/sparql-results+json",)
#: A runaway query: the product of all triples, three times.
_RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a != ?d) }"


@dataclass(frozen=True, slots=True)
class Served:
    """Throughput of one query.

    Attributes:
        query: its name.
        canned: this server, by its name, with labels; no request is repeated.
        again: the same, with repeated requests.
        sparql: this server, by its text at the SPARQL endpoint.
        oxigraph: ``oxigraph serve-read-only``, by its text.
        labelled: the same, by a text that selects the labels too; None for a query of many
            entities, for which the engine reads all labels before the rows.
        rdflib: rdflib-endpoint, by its text; None if not installed.
    """

    query: str
    canned: Traffic
    again: Traffic
    sparql: Traffic
    oxigraph: Traffic
    labelled: Traffic | None
    rdflib: Traffic | None


@dataclass(frozen=True, slots=True)
class Serving:
    """The measurements.

    Attributes:
        triples: the number of triples of the graph.
        served: the throughput of each query.
        runaway: seconds from the time limit to the end of a runaway query.
        beside: the throughput of other requests meanwhile.
    """

    triples: int
    served: tuple[Served, ...]
    runaway: float
    beside: Traffic

    @classmethod
    def from_json(cls, text: str) -> Serving:
        """Return the measurements in the output of :func:`main`."""
        content = json.loads(text)
        served = tuple(
            Served(
                query=one["query"],
                canned=Traffic(**one["canned"]),
                again=Traffic(**one["again"]),
                sparql=Traffic(**one["sparql"]),
                oxigraph=Traffic(**one["oxigraph"]),
                labelled=Traffic(**one["labelled"]) if one["labelled"] else None,
                rdflib=Traffic(**one["rdflib"]) if one["rdflib"] else None,
            )
            for one in content["served"]
        )
        return cls(content["triples"], served, content["runaway"], Traffic(**content["beside"]))


def measure(path: Path) -> Serving:
    """Start the servers and send each the same requests."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(path, Path(folder) / "triples.nt")


def _measure(path: Path, triples: Path) -> Serving:
    store = Store.read_only(str(path))
    serialize({quad.triple for quad in store}, str(triples), RdfFormat.N_TRIPLES)
    named = {name: _members(store, of_class) for name, _, of_class in QUERIES}
    count = len(store)
    del store
    by_name: dict[str, list[str]] = {}
    by_text: dict[str, list[str]] = {}
    with_labels: dict[str, list[str]] = {}
    for name, parameter, _ in QUERIES:
        query = load_catalog()[name]
        by_name[name] = [
            f"/api/queries/{name}?{urlencode({parameter: iri})}" for iri in named[name]
        ]
        texts = [_prefixed(bind(query, {parameter: NamedNode(iri)}).rows) for iri in named[name]]
        by_text[name] = [urlencode({"query": text}) for text in texts]
        if name == LOOKUP:
            with_labels[name] = [urlencode({"query": _labelled(query, text)}) for text in texts]
    asked = _alternating_requests(path, triples, by_name, by_text, with_labels)
    with servers.here(path, "--timeout", str(LIMIT)) as port:
        runaway, beside = _measure_runaway(port, by_name[QUERIES[0][0]])
    served = tuple(
        Served(
            name,
            canned=asked[name, "canned"],
            again=asked[name, "again"],
            sparql=asked[name, "sparql"],
            oxigraph=asked[name, "oxigraph"],
            labelled=asked.get((name, "labelled")),
            rdflib=asked.get((name, "rdflib")),
        )
        for name in by_name
    )
    return Serving(count, served, runaway, beside)


def _alternating_requests(
    path: Path,
    triples: Path,
    by_name: dict[str, list[str]],
    by_text: dict[str, list[str]],
    with_labels: dict[str, list[str]],
) -> dict[tuple[str, str], Traffic]:
    """Return the throughput of each server for each query.

    All run at once and get requests in alternating rounds, so that other load on the machine
    affects all of them.
    """
    with ExitStack() as up:
        here = up.enter_context(servers.here(path))
        oxigraph = up.enter_context(servers.oxigraph(path))
        places = {
            "sparql": (here, "/sparql", by_text),
            "oxigraph": (oxigraph, "/query", by_text),
            "labelled": (oxigraph, "/query", with_labels),
        }
        if find_spec("rdflib_endpoint") is not None:
            places["rdflib"] = (up.enter_context(servers.rdflib(triples)), "/", by_text)
        sources = {(name, "canned"): (here, _never_repeated(of)) for name, of in by_name.items()}
        sources |= {(name, "again"): (here, cycle(of[:FEW])) for name, of in by_name.items()}
        for kind, (port, place, asked) in places.items():
            for name, texts in asked.items():
                sources[name, kind] = (port, cycle([f"{place}?{text}" for text in texts]))
        spells: dict[tuple[str, str], list[Spell]] = {key: [] for key in sources}
        for _ in range(TURNS):
            for key, (port, targets) in sources.items():
                # A virtual machine slows programs that were idle: one by 12 %, another by 40 %.
                send(port, targets, TURN, _JSON)
                spells[key].append(send(port, targets, TURN, _JSON))
    return {key: traffic(found) for key, found in spells.items()}


def _never_repeated(paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths repeatedly, each time with another limit that cuts no row off."""
    for limit in range(LARGEST_PAGE, LARGEST_PAGE // 10, -1):
        for path in paths:
            yield f"{path}&limit={limit}"


def _members(store: Store, of_class: str) -> list[str]:
    text = f"SELECT DISTINCT ?x {{ GRAPH ?g {{ ?x a g60:{of_class} }} }} ORDER BY ?x"
    found = store.query(text, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return [row["x"].value for row in found if isinstance(row["x"], NamedNode)]


def _prefixed(text: str) -> str:
    # Servers do not need the header's comments.
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+"))


def _labelled(query: NamedQuery, text: str) -> str:
    """Return a query that selects the rows of a text and their English labels, unordered."""
    names = query.labels
    labels = " ".join(f"?{name}Label" for name in names)
    parts = " ".join(
        f'OPTIONAL {{ ?{name} rdfs:label ?{name}Label FILTER (LANG(?{name}Label) = "en") }}'
        for name in names
    )
    start = text.index("SELECT")
    columns = " ".join(f"?{name}" for name in query.columns)
    rdfs = f"PREFIX rdfs: <{PREFIXES['rdfs']}>\n"
    head = text[:start] if "rdfs:" in text[:start] else text[:start] + rdfs
    return f"{head}SELECT {columns} {labels} WHERE {{ {{ {unordered(text[start:])} }} {parts} }}"


def _measure_runaway(port: int, targets: Sequence[str]) -> tuple[float, Traffic]:
    """Return the seconds of a runaway query over its limit, and other requests' throughput."""
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
    beside = traffic([send(port, _never_repeated(targets), LIMIT)])
    status, seconds = asking.communicate(timeout=servers.START)[0].split()
    if status != "503":
        raise RuntimeError(f"a runaway query got {status}")
    return max(0.0, float(seconds) - LIMIT), beside


# -- Results -------------------------------------------------------------


def targets(serving: Serving) -> list[Target]:
    """Return the verdict on each target."""
    size = f"{serving.triples:,} triples"
    found = []
    for one in serving.served:
        ratio = one.canned.rate / one.oxigraph.rate
        least = RATIOS[one.query]
        reason = "Only g60kg adds labels to rows."
        if one.labelled is not None:
            equal = one.canned.rate / one.labelled.rate
            reason += f" With labels in the query for `oxigraph serve`: {equal:.2f}×."
        found.append(
            Target(
                f"serve `{one.query}`, {size}",
                f"≥ {least}× the requests/s of `oxigraph serve`",
                f"{ratio:.2f}× ({one.canned.rate:,.0f} requests/s)",
                ratio >= least,
                reason,
            )
        )
        if one.rdflib is None:
            measured, met = "", None
            reason = "rdflib-endpoint is not installed."
        else:
            times = one.canned.rate / one.rdflib.rate
            engine = one.oxigraph.rate / one.rdflib.rate
            measured, met = f"{times:,.0f}×", times >= 20 or engine < 20
            reason = "" if times >= 20 else f"`oxigraph serve` is at {engine:,.0f}×."
        limit = "≥ 20× rdflib-endpoint, where `oxigraph serve` is"
        found.append(Target(f"serve `{one.query}`, {size}", limit, measured, met, reason))
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
    """Return the table of the measurements."""
    rows = []
    for one in serving.served:
        for server, answered in (
            ("g60kg, canned query", one.canned),
            ("g60kg, canned query, cached", one.again),
            ("g60kg, /sparql", one.sparql),
            ("oxigraph serve", one.oxigraph),
            ("oxigraph serve, labels in the query", one.labelled),
            ("rdflib-endpoint", one.rdflib),
        ):
            if answered is not None:
                rows.append((one.query, server, *_formatted(answered)))
    rows.append(
        (
            QUERIES[0][0],
            "g60kg, during a query that does not terminate",
            *_formatted(serving.beside),
        )
    )
    return Table(
        f"Serving {serving.triples:,} triples",
        ("query", "server", "requests/s", "p50, ms", "p99, ms"),
        tuple(rows),
        "8 clients on the same machine, each request with a different parameter. Rows of canned "
        "queries include labels, and those of `facts-about` are read from a copy of the graph in "
        'memory; "cached" repeats earlier requests, all others are computed. The servers are '
        "measured in turns, each after as long a warm-up.",
    )


def _formatted(answered: Traffic) -> tuple[str, str, str]:
    return (
        f"{answered.rate:,.1f}",
        f"{answered.median * 1000:,.1f}",
        f"{answered.slowest * 1000:,.1f}",
    )


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path, help="a store on disk")
    options = parser.parse_args()
    print(json.dumps(asdict(measure(options.store))))


if __name__ == "__main__":
    main()
