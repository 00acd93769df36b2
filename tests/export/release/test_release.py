"""Releases of the data set: every file holds the graph, and the same graph gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse, serialize
from yaml12 import parse_yaml

from g60kg import namespaces as ns
from g60kg.errors import OutputFailure, UsageError
from g60kg.export.release import release_folder
from g60kg.export.release.dataset_description import graph_sizes
from g60kg.export.release.release_folder import write_release
from g60kg.model.names import is_chinese
from g60kg.namespaces import LABEL, A, compact, entity, graph_name, term
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.conftest import ROOT, long_only
from tests.export.release.csvw_rules import problems
from tests.graphs import new_store

pytestmark = pytest.mark.long

DATE = "2026-11-30"
RDF = {"ttl": "turtle", "trig": "trig", "nq": "nquads", "jsonld": "json-ld", "rdf": "xml"}
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("release") / "new"
    done = g60kg("export", "--release", target, "--date", DATE)
    assert (done.returncode, done.stdout) == (0, "")
    return target


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    # As a file that nobody may write: so Datasette opens it.
    with closing(sqlite3.connect(f"file:{folder}/g60kg.db?immutable=1", uri=True)) as opened:
        yield opened


def title(name: str, language: str) -> str:
    return f"{name} {language}"


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def instances(store: LocalStore) -> list[Quad]:
    return [quad for quad in store.quads() if quad.graph_name not in ns.RESERVED_GRAPHS]


@pytest.mark.long
def test_same_graph_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    done = g60kg("--lang", "zh", "export", "--release", tmp_path / "again", "--date", DATE)
    assert done.returncode == 0
    first, second = files(folder), files(tmp_path / "again")
    assert [name for name in first if first[name] != second.get(name)] == []
    assert first.keys() == second.keys()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("extension", ["trig", *long_only(*(one for one in RDF if one != "trig"))])
def test_rdflib_reads_the_graph(extension: str, folder: Path, store: LocalStore) -> None:
    read = rdflib.Dataset(default_union=True)
    read.parse(folder / f"g60kg.{extension}", format=RDF[extension])
    keeps_graphs = extension in ("trig", "nq")
    expected = {
        (str(quad.subject), str(quad.predicate), quad.graph_name.value if keeps_graphs else None)
        for quad in instances(store)
        if isinstance(quad.graph_name, NamedNode)
    }
    found = {
        (s.n3(), p.n3(), str(g) if keeps_graphs else None)
        for s, p, _, g in read.quads()
        if isinstance(s, rdflib.URIRef)
    }
    assert expected <= found
    assert len({quad.triple for quad in store.quads()}) == len(set(read.triples((None,) * 3)))


def test_rdf_12_file_reifies_each_fact_and_asserts_no_plan(folder: Path, store: LocalStore) -> None:
    read = Store()
    read.bulk_load(path=folder / "g60kg-rdf12.nq")
    reifies = term("rdf:reifies")
    lines = (folder / "g60kg-rdf12.nq").read_bytes().splitlines()
    plain = (folder / "g60kg.nq").read_bytes().splitlines()
    assert [line for line in lines if b"<<(" not in line] == plain
    facts = {quad.subject for quad in store.quads(None, A, ns.FACT)}
    found = read.query(
        "SELECT ?f ?status (COUNT(*) AS ?n) (SUM(?asserted) AS ?direct) WHERE {"
        " GRAPH ?g { ?f rdf:reifies <<( ?s ?p ?o )>> ; g60:factSubject ?s ;"
        " g60:factPredicate ?p ; g60:factObject ?o } OPTIONAL { ?f g60:factStatus ?status }"
        " BIND(IF(EXISTS { GRAPH ?g { ?s ?p ?o } }, 1, 0) AS ?asserted) } GROUP BY ?f ?status",
        prefixes=dict(ns.PREFIXES),
        use_default_graph_as_union=True,
    )
    assert isinstance(found, QuerySolutions)
    rows = [(row["f"], row["status"], row["n"].value, row["direct"].value) for row in found]
    assert len(rows) == len(facts) == len(list(read.quads_for_pattern(None, reifies, None)))
    assert {row[0] for row in rows} == facts
    assert {row[2] for row in rows} == {"1"}
    assert {row[3] for row in rows if row[1] is None} == {"1"}, "actual statements are asserted"
    assert "0" in {row[3] for row in rows if row[1] is not None}, "plans are reified only"
    description = rdflib.Graph().parse(folder / "void.ttl", publicID="https://example.org/here/")
    here = rdflib.URIRef("https://example.org/here/g60kg-rdf12.nq")
    assert [str(link) for _, link in description.subject_predicates(here)] == [
        str(DCAT.downloadURL)
    ]


def test_csv_files_follow_the_rules_of_the_w3c(folder: Path) -> None:
    assert problems(folder / "csv") == []


def test_tables_and_columns_have_chinese_titles(folder: Path) -> None:
    metadata = json.loads((folder / "csv" / "csv-metadata.json").read_text("utf-8"))
    titles = [
        column["titles"]["zh"][0]
        for table in metadata["tables"]
        for column in table["tableSchema"]["columns"]
        if not column.get("virtual")
    ]
    titles += [table["dc:title"][1]["@value"] for table in metadata["tables"]]
    assert {title for title in titles if not is_chinese(title)} == {"IRI"}


def test_the_documentation_lists_the_queries_without_a_table(folder: Path) -> None:
    text = (ROOT / "docs" / "release.md").read_text("utf-8")
    rows = text.partition("| query without a table |")[2].partition("\n\n")[0].splitlines()
    listed = {name for row in rows[2:] for name in re.findall("`(.+?)`", row.split("|")[1])}
    without = {
        name
        for name in load_catalog()
        if not (folder / "csv" / f"query_{name.replace('-', '_')}.csv").exists()
    }
    assert listed == without


def test_rules_of_the_w3c_find_mistakes(folder: Path, tmp_path: Path) -> None:
    for name, content in files(folder / "csv").items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "query_member_cities.csv"
    changed = path.read_text("utf-8").replace("lat,long", "latitude,long", 1)
    path.write_text(changed.replace("https://w3id.org/g60kg/id/suzhou", "id:suzhou"), "utf-8")
    assert problems(tmp_path) == [
        "query_member_cities.csv: lat: latitude is none of its titles",
        "query_member_cities.csv: city refers to no row: ['id:suzhou']",
    ]


def test_sqlite_has_the_rows_of_the_csv_files(folder: Path, database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    names = {row[0] for row in database.execute("SELECT name FROM sqlite_master "
                                                "WHERE type = 'table'")}  # fmt: skip
    paths = list((folder / "csv").glob("*.csv"))
    assert names == {path.stem for path in paths}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        found = database.execute(f'SELECT * FROM "{path.stem}"')
        assert [each[0] for each in found.description] == header
        assert len(found.fetchall()) == len(rows), path.stem
        columns = database.execute(f'PRAGMA table_info("{path.stem}")').fetchall()
        assert [column[1] for column in columns if column[5]] == header[:1], "the primary key"


def test_tables_have_the_counts_of_the_graph(
    folder: Path, database: sqlite3.Connection, store: LocalStore
) -> None:
    def count(table: str) -> int:
        found = database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]
        assert isinstance(found, int)
        return found

    members = {name: number for name, number in store.counts().members.items() if number}
    metadata = json.loads((folder / "csv" / "csv-metadata.json").read_bytes())
    tables = {
        column["valueUrl"]: table["url"].removesuffix(".csv")
        for table in metadata["tables"]
        for column in table["tableSchema"]["columns"]
        if column["name"] == "class_of_row"
    }
    for name, number in members.items():
        # Classes of which only the ontology has members are in no table.
        if name in tables or any(quad.object == NamedNode(name) for quad in instances(store)):
            assert count(tables[name]) == number, compact(name)
    assert count("statement") == len(instances(store))
    facts = database.execute("SELECT COUNT(DISTINCT fact) FROM evidence").fetchone()[0]
    assert facts == count("Fact") > 0


def test_a_fact_is_joined_with_the_words_that_support_it(database: sqlite3.Connection) -> None:
    rows = database.execute(
        """
        SELECT s.name, p.name_zh, o.name, e.quote FROM Fact f
        JOIN resource s ON s.iri = f.factSubject
        JOIN resource p ON p.iri = f.factPredicate
        JOIN resource o ON o.iri = f.factObject
        JOIN evidence e ON e.fact = f.iri
        WHERE s.name = 'Songjiang Declaration' AND o.name = 'Hangzhou'
        """
    ).fetchall()
    assert any("Hangzhou" in quote for *_, quote in rows)
    assert {row[:3] for row in rows} == {("Songjiang Declaration", "发布方", "Hangzhou")}


def test_values_have_types(database: sqlite3.Connection) -> None:
    lat = database.execute("SELECT lat FROM query_member_cities WHERE cityLabel_zh = '苏州'")
    assert isinstance(lat.fetchone()[0], float)


def test_description_has_size_and_checksum_of_each_file(folder: Path) -> None:
    found = rdflib.Graph().parse(folder / "void.ttl", publicID="https://example.org/here/void.ttl")
    described = {}
    for node, url in found.subject_objects(DCAT.downloadURL):
        checksum = found.value(node, SPDX.checksum)
        size, digest = found.value(node, DCAT.byteSize), found.value(checksum, SPDX.checksumValue)
        name = str(url).removeprefix("https://example.org/here/")
        described[name] = (int(str(size)), str(digest))
    content = files(folder)
    sums = content.pop("SHA256SUMS").decode()
    expected = {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items()
    }
    assert sums == "".join(f"{expected[name][1]}  {name}\n" for name in sorted(expected))
    del expected["void.ttl"]
    assert described == expected
    issued = rdflib.Literal(DATE, datatype=rdflib.XSD.date)
    assert (None, rdflib.DCTERMS.modified, issued) in found


def test_the_sizes_of_graphs_follow_changes() -> None:
    quads = [Quad(entity(name), A, ns.FACT, graph_name("one")) for name in "ab"]
    store = LocalStore.holding(quads[:1], "a test")
    assert list(graph_sizes(store).values()) == [1]
    store.extend(quads)
    assert list(graph_sizes(store).values()) == [2]


def test_datacite_record_has_the_fields_of_kernel_4(folder: Path) -> None:
    record = json.loads((folder / "datacite.json").read_text("utf-8"))
    mandatory = {"creators", "titles", "publisher", "publicationYear", "types"}
    assert mandatory <= record.keys()
    assert {"doi", "identifiers"}.isdisjoint(record), "a DOI is for who registers the release"
    assert record["publicationYear"] == DATE[:4]
    citation: Any = parse_yaml((ROOT / "CITATION.cff").read_text("utf-8"))
    assert record["titles"][0]["title"] == citation["title"]
    assert record["creators"][0]["name"] == citation["authors"][0]["name"]
    assert record["rightsList"][0]["rightsIdentifier"] in citation["license"]


def test_changes_since_a_previous_release(folder: Path, store: LocalStore, tmp_path: Path) -> None:
    label = Quad(entity("suzhou"), LABEL, Literal("Gusu", language="en"), graph_name("reference"))
    fact = next(q.subject for q in instances(store) if "Fact>" in str(q.object))
    quads = [quad for quad in store.quads() if quad.subject != fact]
    serialize([*quads, label], str(tmp_path / "old.nq"), RdfFormat.N_QUADS)
    write_release(store, tmp_path / "r", date=DATE, title_of=title, previous=tmp_path / "old.nq")
    changes = json.loads((tmp_path / "r" / "changes.json").read_text("utf-8"))
    assert [f"<{each['fact']}>" for each in changes["added"]] == [str(fact)]
    assert changes["otherRemoved"] == [str(label)]
    for language, name in (("en", "Suzhou"), ("zh", "苏州")):
        lines = (tmp_path / "r" / f"changes.{language}.txt").read_text("utf-8").splitlines()
        assert any(line.startswith("- ") and name in line and "Gusu" in line for line in lines)
    assert "changes.json" in (tmp_path / "r" / "void.ttl").read_text("utf-8")
    write_release(store, tmp_path / "s", date=DATE, title_of=title, previous=folder)
    assert (tmp_path / "s" / "changes.en.txt").read_bytes() == b""


@pytest.mark.long
def test_release_of_a_store_has_its_facts_and_not_its_history(tmp_path: Path) -> None:
    own = Quad(entity("suzhou"), LABEL, Literal("Gusu", language="en"), graph_name("own"))
    with closing(new_store(tmp_path / "store")) as made:
        made.extend([own, Quad(own.subject, own.predicate, own.object, ns.HISTORY_GRAPH)])
    done = g60kg("--store", tmp_path / "store", "export", "--release", tmp_path / "r")
    assert done.returncode == 0
    quads = set(parse(path=tmp_path / "r" / "g60kg.nq"))
    assert own in quads
    assert ns.HISTORY_GRAPH not in {quad.graph_name for quad in quads}
    inside = g60kg("--store", tmp_path / "store", "export", "--release", tmp_path / "store" / "r")
    assert inside.returncode == 2


def test_a_release_of_loaded_statements_leaves_out_only_rdf_xml(
    own_store: Path, tmp_path: Path
) -> None:
    unfit = Quad(entity("suzhou"), LABEL, Literal("a\x01b", language="en"), graph_name("own"))
    # A fact that `load` took, with an IRI that has a fragment.
    fact, own = NamedNode("http://example.org/facts#1"), graph_name("own")
    quoted = Quad(fact, ns.HAS_EVIDENCE, NamedNode("http://example.org/q#1"), own)
    with closing(LocalStore.at(own_store, writable=True)) as made:
        made.extend([unfit, quoted, Quad(fact, A, ns.FACT, own)])
    done = g60kg("--store", own_store, "export", "--release", tmp_path / "r")
    assert done.returncode == 0
    assert "warning: g60kg.rdf is left out: RDF/XML cannot hold the control" in done.stderr
    assert unfit in set(parse(path=tmp_path / "r" / "g60kg.nq"))
    nanopublications = parse(path=tmp_path / "r" / "nanopublications.trig")
    assert any(f"{fact.value}-nanopub" in str(quad) for quad in nanopublications)
    assert not (tmp_path / "r" / "g60kg.rdf").exists()
    for name in ("void.ttl", "SHA256SUMS", "datacite.json"):
        assert "g60kg.rdf" not in (tmp_path / "r" / name).read_text("utf-8")


def test_a_failure_leaves_nothing(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(release_folder, "write_sqlite", fail)
    with pytest.raises(OutputFailure, match="disk is full"):
        write_release(store, tmp_path / "r", date=DATE, title_of=title)
    assert list(tmp_path.iterdir()) == []


def test_only_a_new_or_empty_folder_is_written(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    with pytest.raises(UsageError, match="not an empty folder"):
        write_release(store, tmp_path, date=DATE, title_of=title)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    (tmp_path / "empty").mkdir(0o700)
    write_release(store, tmp_path / "empty", date=DATE, title_of=title)
    assert (tmp_path / "empty" / "SHA256SUMS").is_file()
    assert (tmp_path / "empty").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--release", "r", "-f", "turtle"], "complete graph"),
        (["--release", "r", "--date", "30 November"], "not a date"),
        (["--date", DATE], "apply to a release"),
    ],
)
def test_wrong_options_are_refused(options: list[str], message: str, tmp_path: Path) -> None:
    done = g60kg("export", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_previous_file_needs_the_graphs(folder: Path, store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="without the graph"):
        write_release(
            store, tmp_path / "r", date=DATE, title_of=title, previous=folder / "g60kg.ttl"
        )


def test_a_label_with_and_without_a_language_is_released(tmp_path: Path) -> None:
    labels = (Literal("One"), Literal("One", language="en"))
    typed = Quad(entity("one"), A, term("g60:Project"), graph_name("own"))
    said = [Quad(entity("one"), LABEL, label, graph_name("own")) for label in labels]
    held = LocalStore.holding([typed, *said], "a graph")
    write_release(held, tmp_path / "r", date=DATE, title_of=title)
    tables = [path.read_text("utf-8") for path in (tmp_path / "r" / "csv").glob("*.csv")]
    assert any("One" in table for table in tables)


def test_names_are_free_in_sqlite_and_in_csvw(tmp_path: Path) -> None:
    graph = graph_name("own")
    ns = "https://example.org/"
    a = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    held = LocalStore.holding(
        [
            *(Quad(NamedNode(ns + "x"), a, NamedNode(ns + kind), graph) for kind in
              ("Resource", "resource", "类", "a b".replace(" ", "%20"))),
            Quad(NamedNode(ns + "x"), NamedNode(ns + "iri"), Literal("1"), graph),
            Quad(NamedNode(ns + "x"), NamedNode(ns + "IRI"), Literal('a "b",\n#c'), graph),
        ],
        "a graph",
    )  # fmt: skip
    write_release(held, tmp_path / "r", date=DATE, title_of=title)
    assert problems(tmp_path / "r" / "csv") == []
    with closing(sqlite3.connect(tmp_path / "r" / "g60kg.db")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
