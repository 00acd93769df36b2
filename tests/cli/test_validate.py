"""`validate`: the verdict on files, and on the graph itself."""

from __future__ import annotations

import json
import os
import pty
from functools import partial
from io import FileIO
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from g60kg.namespaces import term
from tests.cli.run import g60kg, started
from tests.conftest import ARTICLE, TEXTS, long_only

PREFIXES = """\
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_the_shipped_graph_conforms() -> None:
    done = g60kg("validate", "-f", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["conforms"] is True
    assert report["summary"]["violations"] == 0
    codes = {one["code"] for one in report["results"] if one["severity"] != "info"}
    assert codes == {"QuotationUnchecked"}
    assert [check["name"] for check in report["checks"] if check["ran"]] == [
        "syntax",
        "vocabulary",
        "shapes",
        "quotations",
        "support",
    ]


def test_quotations_are_checked_against_the_texts_at_hand() -> None:
    if not (TEXTS / f"{ARTICLE}.txt").is_file():
        pytest.skip("the publisher's text of the article is not beside this checkout")
    done = g60kg("--articles", TEXTS, "validate", "-f", "json", "--strict")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    # Infos are what an article may leave unsaid.
    assert {one["severity"] for one in report["results"]} <= {"info"}
    assert report["summary"]["quotations"]["failed"] == 0
    assert report["summary"]["quotations"]["verified"] > 100


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "new.ttl"
    path.write_text(
        PREFIXES
        + 'id:blue-rock a g60:Enterprice ; rdfs:label "Blue Rock"@en ;\n'
        + "    g60:inIndustri id:new-energy .\n"
        + "id:corridor g60:hasMemberCity id:shanghai .\n",
        encoding="utf-8",
    )
    return path


def test_unknown_terms_and_violated_shapes_are_reported_in_one_run(wrong: Path) -> None:
    done = g60kg("validate", wrong, "-f", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    by_code: dict[str, list[dict[str, str]]] = {}
    for result in report["results"]:
        by_code.setdefault(result["code"], []).append(result)
    hints = " ".join(result["hint"] or "" for result in by_code["KnownTerms"])
    assert "enterprise" in hints.lower()
    assert "industry" in hints.lower()
    assert len(report["results"]) > len(by_code["KnownTerms"])
    assert all(result["status"] == "introduced" for result in report["results"])


def test_an_unknown_term_of_a_blank_node_has_the_label_of_the_blank_node(tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(PREFIXES + '_:one g60:inIndustri "x" .\n', encoding="utf-8")
    results = json.loads(g60kg("validate", path, "-f", "json").stdout)["results"]
    (unknown,) = [result for result in results if result["code"] == "KnownTerms"]
    assert unknown["focus"].startswith("_:")


def test_the_report_in_other_forms(wrong: Path) -> None:
    assert "KnownTerms" in g60kg("validate", wrong).stdout
    assert "KnownTerms" in g60kg("validate", wrong, "-f", "table").stdout
    turtle = g60kg("validate", wrong, "-f", "turtle").stdout
    quads = list(parse(turtle, format=RdfFormat.TURTLE))
    (conforms,) = [quad.object for quad in quads if quad.predicate == term("sh:conforms")]
    assert conforms == Literal("false", datatype=term("xsd:boolean"))
    kinds = [quad.object for quad in quads if isinstance(quad.object, NamedNode)]
    assert term("sh:ValidationResult") in kinds


def test_messages_come_in_chinese(wrong: Path) -> None:
    done = g60kg("--lang", "zh", "validate", wrong)
    assert any("一" <= character <= "鿿" for character in done.stdout)


@pytest.mark.long
def test_what_was_there_before_does_not_bar_the_files(wrong: Path, tmp_path: Path) -> None:
    store, more = tmp_path / "store", tmp_path / "more.ttl"
    assert g60kg("--store", store, "load", wrong).returncode == 0
    more.write_text(PREFIXES + 'id:corridor rdfs:label "Couloir G60"@fr .\n', encoding="utf-8")
    assert g60kg("--store", store, "validate", more).returncode == 0
    done = g60kg("--store", store, "validate", more, "-f", "json", "--full")
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    # All that was there before is met only by looking at everything.
    assert report["summary"]["existing"] > 0
    assert report["summary"]["violations"] > 0


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", b"<http://a/> <http://b/> .", "a.ttl:1:"),
        ("a.ttl", b"\xe9", "not UTF-8"),
        ("a.csv", b"a,b\n", "no column subject"),
        ("a.jsonld", b'{"@context": "http://127.0.0.1:1/"}', "nothing is fetched"),
        ("a.jsonld", b'{"@id": "x:a",\n "x:p" 1}', "a.jsonld:2:8"),
        ("a.rdf", b"<a>\n  <b></c>\n</a>", "a.rdf:2:8"),
    ],
)
def test_a_file_that_cannot_be_read_exits_with_2(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = g60kg("validate", path)
    assert done.returncode == 2
    assert expected in done.stdout + done.stderr


FACT = "https://w3id.org/g60kg/fact/1/x"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("new.jsonld", f'{{"@id": "{FACT}",\n "@type": "https://w3id.org/g60kg/ontology/Fakt"}}'),
        pytest.param(
            "new.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
            f'  xmlns:g60="https://w3id.org/g60kg/ontology/"><g60:Fakt rdf:about="{FACT}"/>\n'
            "</rdf:RDF>",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_finding_in_jsonld_or_rdfxml_names_file_and_subject_without_a_line(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    results = json.loads(g60kg("validate", path, "-f", "json").stdout)["results"]
    (found,) = [result for result in results if result["code"] == "KnownTerms"]
    assert (found["file"], found["focus"]) == (str(path), FACT)
    assert (found["line"], found["column"]) == (None, None)
    log = json.loads(g60kg("validate", path, "-f", "sarif").stdout)
    (result,) = [one for one in log["runs"][0]["results"] if one["ruleId"] == "KnownTerms"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": path.as_uri()}}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == FACT
    assert f"  violation  KnownTerms  {path}\n" in g60kg("validate", path).stdout
    junit = g60kg("validate", path, "-f", "junit").stdout
    assert f'message="{path}: ' in junit
    assert f'name="KnownTerms {FACT}"' in junit or 'name="KnownTerms fact:1/x"' in junit


def test_a_number_that_a_store_spells_otherwise_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    ontology = "https://w3id.org/g60kg/ontology/"
    path.write_text(
        f"<https://w3id.org/g60kg/id/x> a <{ontology}Zone> ;\n  <{ontology}latitude> 200.50 .\n",
        encoding="utf-8",
    )
    results = json.loads(g60kg("validate", path, "-f", "json").stdout)["results"]
    (found,) = [result for result in results if result["code"] == "PlaceLatitudeIsInRange"]
    assert (found["value"], found["line"]) == ("200.5", 2)
    assert found["column"] == len(f"  <{ontology}latitude> ") + 1


def test_a_sheet_is_validated_as_it_would_be_drafted(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        "# url: https://example.org/news/2400000001\nsubject,predicate,object,quote,start\n"
        "Songjiang,locatdIn,Hangzhou,moved,3\n",
        encoding="utf-8",
    )
    done = g60kg("validate", path, "-f", "json")
    assert done.returncode == 1
    (result,) = [r for r in json.loads(done.stdout)["results"] if r["code"] == "SheetRow"]
    assert result["line"] == 3


@pytest.mark.parametrize("format_", ["text", "table", "junit", "sarif"])
def test_a_line_break_in_a_file_name_or_label_begins_no_line(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "new\nviolation  Forged.ttl"
    path.write_text(
        PREFIXES
        + 'id:blue-rock a g60:Zone ; rdfs:label "Blue\\nviolation  Forged Rock"@en ;\n'
        + '    g60:describedAs "hub\\nviolation  Forged"@en .\n',
        encoding="utf-8",
    )
    done = g60kg("validate", path, "-f", format_)
    assert "EvidencedTripleHasFact" in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith("violation  Forged")]
    assert "&#10;" not in done.stdout


def test_a_finding_names_its_row_and_none_is_caused_by_the_error_of_another(tmp_path: Path) -> None:
    sheet = tmp_path / "facts.csv"
    sheet.write_text(
        "# url: https://example.org/news/42\n"
        "# title: News\n"
        "# date: 2024-02-30\n"
        "subject,predicate,object,quote,start\n"
        "Foo Base,a,Projekt,Foo Base is a project,10\n"
        "Bar Base,a,Project,Bar Base is a project,10\n"
        "Bar Base,foundedOn,2020,Bar Base was founded in 2020,x\n"
        "Bar Base,locatedIn,Songjiang,Bar Base settled in Songjiang,x\n"
        "Baz Base,locatedIn,Songjiang,Baz Base settled in Songjiang,100\n"
        "Baz Base,a,Project,Baz Base is a project,\n",
        encoding="utf-8",
    )
    done = g60kg("validate", sheet, "-f", "json")
    lines = {
        (result["code"], result["focusLabel"]): result["line"]
        for result in json.loads(done.stdout)["results"]
    }
    # Once the rows with errors are read, these would be untrue.
    assert not {code for code, _ in lines} & {"SubjectHasType", "ProjectHasPlace"}
    assert lines["DateIsEdtf", "News"] == 3
    assert lines["TextSourceHasPublisher", "News"] == 1


@pytest.mark.parametrize("header", ["", *long_only("# language: en\n")])
def test_a_sheet_of_an_accepted_source_need_not_repeat_its_header(
    loaded: Path, tmp_path: Path, header: str
) -> None:
    store, sheet = loaded, tmp_path / "facts.csv"
    address = f"https://www.shine.cn/feature/district/{ARTICLE}/"
    sheet.write_text(
        f"# url: {address}\n{header}subject,predicate,object,quote,start\n"
        "Hangzhou,alternativeName,Lin'an,a city with the name Hangzhou or Lin'an,100\n",
        encoding="utf-8",
    )
    done = g60kg("--store", store, "validate", sheet, "-f", "json")
    report = json.loads(done.stdout)
    codes = {result["code"] for result in report["results"]}
    assert (done.returncode, codes) == (0, {"QuotationUnchecked"})
    drafted = g60kg("--store", store, "draft", sheet).stdout
    assert f"Article {ARTICLE}" not in drafted
    assert '"Feature on the G60 Science and Technology Innovation Corridor' in drafted


def test_a_finding_on_a_sheet_is_in_the_terms_of_sheets(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        "# url: https://example.org/news/2400000001\nsubject,predicate,object,quote,start\n"
        "Pact of Two,a,Agreement,,\n"
        "Pact of Two,signedOn,2017,signed,0\n",
        encoding="utf-8",
    )
    results = json.loads(g60kg("validate", path, "-f", "json").stdout)["results"]
    found = {result["code"]: result for result in results}
    assert "predicate signatory" in found["AgreementHasTwoSignatories"]["message"]
    assert "# date:" in found["TextSourceHasPublicationDate"]["message"]
    places = {code: (one["line"], one["column"]) for code, one in found.items()}
    assert places["AgreementHasTwoSignatories"] == (3, 1)
    assert places["QuotationHasWords"] == (4, 4)
    assert places["EvidenceLacksYear"] == (4, 4)
    assert places["TextSourceHasPublicationDate"] == (1, 1)
    of_sheets = [one["message"] + (one["hint"] or "") for one in results]
    assert not [text for text in of_sheets if "g60:" in text or "IRI" in text or "rdf:" in text]


def test_one_shape_and_one_focus(wrong: Path) -> None:
    done = g60kg("validate", wrong, "--shape", "EntityHasEnglishLabel", "-f", "json")
    report = json.loads(done.stdout)
    assert {result["code"] for result in report["results"]} <= {"EntityHasEnglishLabel"}
    ran = {check["name"]: check["ran"] for check in report["checks"]}
    assert {name for name in ran if ran[name]} == {"syntax", "shapes"}
    assert "duplicates" in ran
    done = g60kg("validate", "--shape", "EntityHasEnglishLabel", "-f", "json")
    assert json.loads(done.stdout)["results"] == []
    assert g60kg("validate", "--shape", "NoSuchShape").returncode == 2
    assert g60kg("validate", "--focus", "nowhere").returncode == 2


def test_one_focus_of_a_file_includes_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        "# url: https://example.org/news/2400000001\nsubject,predicate,object,quote,start\n"
        "Hangzhou,population,9,Hangzhou has about nine inhabitants,0\n"
        "Huzhou,describedAs,fair,Hangzhou is fair,60\n",
        encoding="utf-8",
    )
    for focus, code in (("Hangzhou", "EvidenceHedges"), ("Huzhou", "EvidenceLacksSubject")):
        done = g60kg("validate", path, "--focus", focus, "-f", "json")
        found = [result["code"] for result in json.loads(done.stdout)["results"]]
        assert (done.returncode, found) == (0, [code])


@pytest.mark.parametrize("focus", ["id:hangzhou", *long_only("id:corridor")])
def test_nested_shapes_check_the_values_of_one_focus(focus: str) -> None:
    done = g60kg("validate", "--focus", focus, "-f", "json")
    assert (done.returncode, json.loads(done.stdout)["results"]) == (0, [])


def test_further_shapes(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        PREFIXES
        + "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        + "@prefix shape: <https://w3id.org/g60kg/shapes/> .\n"
        + "shape:CityHasMayor a sh:PropertyShape ; sh:targetClass g60:PrefectureCity ;\n"
        + '  sh:path g60:mayor ; sh:minCount 1 ; sh:message "A city has a mayor."@en .\n',
        encoding="utf-8",
    )
    done = g60kg("validate", "-s", path, "-f", "json")
    assert done.returncode == 1
    mayors = [r for r in json.loads(done.stdout)["results"] if r["code"] == "CityHasMayor"]
    assert len(mayors) == 8  # Songjiang is a district


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), pytest.param({"NO_COLOR": "1"}, False, marks=pytest.mark.long)],
)
def test_a_terminal_gets_colours_unless_it_wants_none(
    environment: dict[str, str], coloured: bool, wrong: Path
) -> None:
    screen, keyboard = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as shown:
        running = started(
            "validate",
            wrong,
            stdout=Path(os.ttyname(keyboard)),
            env={"TERM": "xterm", **environment},
        )
        os.close(keyboard)
        text = b"".join(iter(partial(_read, shown), b"")).decode()
    assert running.wait() == 1
    assert "violation" in text
    assert ("\x1b[1;31m" in text) is coloured


def _read(shown: FileIO) -> bytes:
    try:
        return shown.read(65536)
    except OSError:  # what a terminal whose other end is closed gives on Linux
        return b""


def test_a_file_gets_no_colours(wrong: Path) -> None:
    assert "\x1b" not in g60kg("validate", wrong).stdout


@pytest.mark.parametrize(
    ("command", "name", "expected"),
    [
        ("validate", "folder", "folder is a folder."),
        ("validate", "notes.md", "Known: .csv .tsv .jsonld"),
        ("validate", "facts.xlsx", "Save its sheet as CSV (UTF-8)"),
        ("draft", "facts.ods", "Save its sheet as CSV (UTF-8)"),
    ],
)
def test_what_is_neither_rdf_nor_a_sheet_is_refused_with_what_to_give(
    command: str, name: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    (path.mkdir if name == "folder" else path.touch)()
    done = g60kg(command, path)
    assert done.returncode == 2
    assert expected in done.stderr
