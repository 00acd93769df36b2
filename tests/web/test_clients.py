"""Third-party clients: SPARQLWrapper, rdflib, Comunica."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML
from SPARQLWrapper import SPARQLWrapper as Wrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

BASE = "https://w3id.org/g60kg/"
PROLOGUE = f"PREFIX g60: <{BASE}ontology/> PREFIX id: <{BASE}id/> "
CITIES = PROLOGUE + "SELECT ?city { id:corridor g60:hasMemberCity ?city } ORDER BY ?city"
NINE = sorted(
    f"{BASE}id/{name}"
    for name in (
        "hangzhou", "hefei", "huzhou", "jiaxing", "jinhua", "songjiang", "suzhou", "wuhu",
        "xuancheng",
    )
)  # fmt: skip

# -- SPARQLWrapper -----------------------------------------------------------


def wrapped(server: str, query: str, form: str, **how: str) -> Any:
    wrapper = Wrapper(f"{server}/sparql")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(form)
    if "method" in how:
        wrapper.setMethod(how["method"])
    if "posting" in how:
        wrapper.setRequestMethod(how["posting"])
    with warnings.catch_warnings():
        # It leaves its connection to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        # It creates a graph in a way that rdflib deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        return wrapper.query().convert()


@pytest.mark.parametrize("how", [{}, {"method": POST}, {"method": POST, "posting": POSTDIRECTLY}])
def test_sparqlwrapper_asks_in_each_way(how: dict[str, str], server: str) -> None:
    answer = wrapped(server, CITIES, JSON, **how)
    assert [row["city"]["value"] for row in answer["results"]["bindings"]] == NINE


@pytest.mark.parametrize("form", [XML, CSV, TSV])
def test_sparqlwrapper_gets_rows_in_each_form(form: str, server: str) -> None:
    answer = wrapped(server, CITIES, form)
    text = answer.toxml() if form == XML else answer.decode()
    assert all(city in text for city in NINE)


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML, JSONLD])
def test_sparqlwrapper_gets_a_graph_in_each_form(form: str, server: str) -> None:
    query = PROLOGUE + "CONSTRUCT WHERE { id:corridor g60:hasMemberCity ?city }"
    answer = wrapped(server, query, form)
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert sorted(str(city) for city in graph.objects()) == NINE


def test_sparqlwrapper_gets_a_boolean_and_an_error(server: str) -> None:
    assert wrapped(server, "ASK { ?s ?p ?o }", JSON)["boolean"] is True
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        wrapped(server, "SELECT nonsense", JSON)


# -- rdflib ------------------------------------------------------------------


def test_rdflibs_store_reads_the_graph(server: str) -> None:
    graph = Graph(SPARQLStore(f"{server}/sparql", returnFormat="json"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        rows = [str(row[0]) for row in graph.query(CITIES)]  # type: ignore[index]  # rows of a SELECT
        assert rows == NINE
        hangzhou = URIRef(f"{BASE}id/hangzhou")
        label = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
        assert (hangzhou, label, Literal("杭州", lang="zh")) in graph
        assert len(list(graph.triples((None, URIRef(f"{BASE}ontology/hasMemberCity"), None)))) == 9
        assert bool(graph.query("ASK { ?s ?p ?o }").askAnswer) is True
        # With "json" it accepts rows only.
        in_xml = Graph(SPARQLStore(f"{server}/sparql"))
        described = in_xml.query(f"DESCRIBE <{hangzhou}>").graph
        assert described is not None
        assert (hangzhou, label, Literal("Hangzhou", lang="en")) in described


def test_rdflib_follows_an_iri(server: str) -> None:
    """With rdflib's own Accept header and through the 303."""
    graph = Graph().parse(f"{server}/id/hangzhou")
    member = URIRef(f"{BASE}ontology/hasMemberCity")
    assert (URIRef(f"{BASE}id/corridor"), member, URIRef(f"{BASE}id/hangzhou")) in graph


# -- Comunica ----------------------------------------------------------------

#: Later versions need a newer Node.js.
COMUNICA = "@comunica/query-sparql@4.4.1"
SECONDS = 180
SCRIPT = """
const { QueryEngine } = require("@comunica/query-sparql");
const [server, iri, query] = process.argv.slice(2);
(async () => {
  const engine = new QueryEngine();
  const rows = async (text, source) => {
    const found = await engine.queryBindings(text, { sources: [source] });
    return (await found.toArray()).map((row) => row.get("city").value).sort();
  };
  console.log(JSON.stringify({
    endpoint: await rows(query, { type: "sparql", value: server + "/sparql" }),
    found: await rows(query, server + "/sparql"),
    data: await rows(query, server + "/id/corridor"),
    yes: await engine.queryBoolean(`ASK { <${iri}> ?p ?o }`, { sources: [server + "/sparql"] }),
  }));
})();
"""


@pytest.fixture(scope="session")
def comunica(request: pytest.FixtureRequest) -> Path:
    """A folder with Comunica (80 MB), installed once in pytest's cache."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node and npm are not installed, so Comunica was not tried as a client")
    cache = getattr(request.config, "cache", None)
    if cache is None:
        pytest.skip("pytest's cache is off, so Comunica was not installed there")
    folder: Path = cache.mkdir("comunica")
    done = folder / "done"
    if not done.is_file():
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        command = ("npm", "install", "--no-audit", "--no-fund", COMUNICA)
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)
        except (subprocess.SubprocessError, OSError):
            pytest.skip("npm could not get Comunica, so it was not tried as a client")
        done.touch()
    return folder


@pytest.mark.long
def test_comunica_asks_and_follows(comunica: Path, server: str) -> None:
    script = comunica / "ask.cjs"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        ("node", str(script), server, f"{BASE}id/hangzhou", CITIES.replace(" ORDER BY ?city", "")),
        cwd=comunica, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result == {"endpoint": NINE, "found": NINE, "data": NINE, "yes": True}
