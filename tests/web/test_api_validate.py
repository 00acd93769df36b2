"""`POST /api/validate`: reports, and errors about unreadable input."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from g60kg.web.server_settings import Settings

SHAPES = Path(__file__).parents[1] / "shapes" / "organization"
VALID = SHAPES / "valid-enterprise-has-industry-or-place.ttl"
INVALID = SHAPES / "invalid-enterprise-has-industry-or-place.ttl"
TURTLE = {"Content-Type": "text/turtle"}
SHEET = "# id: mine\nsubject,predicate,object,quote\nid:photonics,a,Industry,\n"


def codes(answer: httpx.Response) -> set[str]:
    return {result["code"] for result in answer.json()["results"]}


def test_the_report_says_what_is_wrong_and_on_which_line(api: httpx.Client) -> None:
    nameless = INVALID.read_bytes().replace(b'"X"@en', b'"X"')
    answer = api.post("/api/validate", content=nameless, headers=TURTLE)
    assert answer.status_code == 200
    report = answer.json()
    assert report["conforms"] is False
    assert answer.headers["g60kg-conforms"] == "false"
    (wrong,) = (r for r in report["results"] if r["code"] == "EnterpriseHasIndustryOrPlace")
    assert (wrong["file"], wrong["line"], wrong["column"]) == ("posted.ttl", 7, 1)
    assert wrong["severity"] == "info"
    assert report["store"] == "the shipped graph"


def test_valid_facts_do_not_get_the_finding(api: httpx.Client) -> None:
    answer = api.post("/api/validate", content=VALID.read_bytes(), headers=TURTLE)
    assert answer.status_code == 200
    assert "EnterpriseHasIndustryOrPlace" not in codes(answer)


def test_messages_come_in_the_language_asked_for(api: httpx.Client) -> None:
    answer = api.post("/api/validate?lang=zh", content=INVALID.read_bytes(), headers=TURTLE)
    assert any("该企业" in result["message"] for result in answer.json()["results"])


def test_warnings_fail_with_strict(api: httpx.Client) -> None:
    nothing = "# nothing is stated here\n"
    mild = api.post("/api/validate", content=nothing, headers=TURTLE).json()
    strict = api.post("/api/validate?strict=true", content=nothing, headers=TURTLE).json()
    assert mild["summary"]["warnings"] == strict["summary"]["warnings"] == 1
    assert (mild["conforms"], strict["conforms"]) == (True, False)


def test_files_of_a_form_keep_their_names_without_their_folders(api: httpx.Client) -> None:
    files = [
        ("file", ("C:\\Users\\me\\one.ttl", INVALID.read_bytes(), "application/octet-stream")),
        ("file", ("../../etc/sheet.csv", SHEET.encode(), "text/csv")),
        ("file", ("noname", b"<urn:a", "application/n-triples")),
    ]
    answer = api.post("/api/validate", files=files[:2])
    assert answer.json()["files"] == ["one.ttl", "sheet.csv"]
    (wrong,) = (r for r in answer.json()["results"] if r["code"] == "EnterpriseHasIndustryOrPlace")
    assert (wrong["file"], wrong["line"]) == ("one.ttl", 7)
    unread = api.post("/api/validate", files=files[2:])
    assert (unread.status_code, unread.json()["file"]) == (400, "noname.nt")


@pytest.mark.parametrize(
    ("media_type", "body", "line", "column"),
    [
        ("text/turtle", b"<urn:a> <urn:b>\n  @ .\n", 2, 4),
        ("text/turtle", b"<urn:a> <urn:b> <urn:c> .\n\xff", 2, 1),
        ("application/n-triples", b"<urn:a> <urn:b> <urn:c> .\nnothing\n", 2, None),
        ("application/rdf+xml", b"<a>\n</b>", 2, None),
        ("application/ld+json", b'{"@context": "https://schema.org/"}', None, None),
        ("text/csv", b"subject,predicate\nid:a,b\n", 1, None),
    ],
)
def test_a_syntax_error_has_its_line_and_column(
    api: httpx.Client, media_type: str, body: bytes, line: int | None, column: int | None
) -> None:
    answer = api.post("/api/validate", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    if line is not None:
        assert problem["line"] == line, problem
    if column is not None:
        assert problem["column"] == column, problem


def test_wrong_rows_of_a_sheet_are_a_verdict_and_not_an_error(api: httpx.Client) -> None:
    body = SHEET + "Songjing,located in,Shanghai,words\n"
    answer = api.post("/api/validate", content=body, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200
    rows = [result for result in answer.json()["results"] if result["code"] == "SheetRow"]
    assert {row["line"] for row in rows} == {4}
    assert any("Songjiang" in (row["hint"] or "") for row in rows)


def test_a_sheet_without_a_source_gets_a_hint_about_header_lines(api: httpx.Client) -> None:
    sheet = SHEET.partition("\n")[2]
    answer = api.post("/api/validate", content=sheet, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 400
    page = api.post("/check", data={"kind": "sheet", "text": sheet})
    for text in (answer.json()["detail"], page.text):
        # The hint names a header line of the sheet, not an option of the command line.
        assert "--url" not in text
        assert "`# url: …` above the first row" in text
    named = f"# url: https://example.org/news/17\n{sheet}"
    answer = api.post("/api/validate", content=named, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200
    assert "Syntax" not in codes(answer)


def test_the_report_comes_in_the_form_asked_for(api: httpx.Client) -> None:
    def posted(accept: str) -> httpx.Response:
        headers = {**TURTLE, "Accept": accept}
        answer = api.post("/api/validate", content=INVALID.read_bytes(), headers=headers)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(accept.partition(";")[0])
        return answer

    assert posted("application/sarif+json").json()["version"] == "2.1.0"
    assert ElementTree.fromstring(posted("application/xml").content).tag == "testsuites"
    assert any(True for _ in parse(posted("text/turtle").content, format=RdfFormat.TURTLE))
    assert "posted.ttl:7:1" in posted("text/plain").text
    by_name = api.post("/api/validate?format=text", content=INVALID.read_bytes(), headers=TURTLE)
    assert by_name.text == posted("text/plain").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"Content-Type": "application/pdf"}, 415),
        ({"Content-Type": "text/turtle; charset=gb18030"}, 415),
        ({"Content-Type": "text/turtle", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "multipart/form-data"}, 400),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 400),
        ({"Content-Type": "text/turtle", "Accept": "image/png"}, 406),
    ],
)
def test_unsupported_bodies_are_refused(
    api: httpx.Client, headers: dict[str, str], status: int
) -> None:
    answer = api.post("/api/validate", content=b"<urn:a> <urn:b> <urn:c> .", headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_without_a_file_or_with_a_field_is_refused(api: httpx.Client) -> None:
    for files in ({"other": ("a.ttl", b"")}, {"file": ("a.pdf", b"%PDF")}):
        answer = api.post("/api/validate", files=files)
        assert answer.status_code in (400, 415), answer.text
    field = api.post("/api/validate", data={"note": "x"}, files={"file": ("a.ttl", b"")})
    assert field.status_code == 400
    many = [("file", (f"{n}.ttl", b"")) for n in range(17)]
    assert api.post("/api/validate", files=many).status_code == 400


def test_bodies_that_are_too_large_are_refused(api: httpx.Client) -> None:
    body = b"#" * (Settings().max_upload + 1)
    assert api.post("/api/validate", content=body, headers=TURTLE).status_code == 413
    in_a_form = api.post("/api/validate", files={"file": ("a.ttl", body)})
    assert in_a_form.status_code == 413
    pieces = (body[at : at + 100_000] for at in range(0, len(body), 100_000))
    assert api.post("/api/validate", content=pieces, headers=TURTLE).status_code == 413


def test_nothing_is_written(api: httpx.Client) -> None:
    body = (
        "<https://w3id.org/g60kg/id/hangzhou> "
        '<http://www.w3.org/2000/01/rdf-schema#label> "Nowhere at all"@en .'
    )
    before = api.get("/api/entities/hangzhou").content
    assert api.post("/api/validate", content=body, headers=TURTLE).status_code == 200
    assert api.get("/api/entities/hangzhou").content == before
    assert api.get("/api/search", params={"q": "Nowhere at all"}).json()["data"]["total"] == 0
