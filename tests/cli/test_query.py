"""`query list`, `query show`, `query run`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from g60kg.queries.catalog import load_catalog
from tests.cli.run import g60kg


def test_every_query_is_listed_with_its_summary() -> None:
    listed = g60kg("query", "list").stdout
    for query in load_catalog().values():
        assert query.name in listed
        assert query.summary in listed


def test_a_query_is_shown_with_its_parameters_and_text() -> None:
    shown = g60kg("query", "show", "zones").stdout
    assert "-p city=" in shown
    assert "SELECT DISTINCT" in shown
    text = g60kg("query", "show", "zones", "--text").stdout
    assert text == load_catalog()["zones"].text


def test_a_table_shows_labels() -> None:
    done = g60kg("query", "run", "member-cities")
    assert done.returncode == 0
    assert "Hangzhou" in done.stdout
    assert "id:hangzhou" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("query", "run", "quantities", "-p", "measure=number of enterprises"),
            ("nearly 3,000", "more than 840", "July 2023", "as published 11 July 2023"),
        ),
        (
            ("query", "run", "compare", "-p", "measure=scale of an industry", "-p", "status=Goal"),
            ("more than 100 billion", "yuan", "US dollars"),
        ),
        (
            ("query", "run", "trend", "-p", "subject=id:corridor", "-p", "measure=population"),
            ("people", "as published 11 July 2023"),
        ),
        (
            ("--lang", "zh", "query", "run", "quantities", "-p", "measure=企业数量"),
            ("近3,000", "超过840", "发布于2023年7月11日"),
        ),
        (("ask", "Compare the number of enterprises"), ("nearly 3,000",)),
    ],
)
def test_a_table_has_figures_in_words(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    done = g60kg(*arguments)
    assert [word for word in words if word not in done.stdout] == []
    header = done.stdout.splitlines()[0].split()
    heads = {"值", "单位", "时期"} if "zh" in arguments else {"value", "unit", "period"}
    assert heads <= set(header)
    assert not {"comparator", "periodStated", "upper", "限定词", "注明时期", "上限"} & set(header)
    assert "unit:" not in done.stdout


def test_a_machine_format_has_figures_as_in_the_graph() -> None:
    arguments = ("query", "run", "compare", "-p", "measure=number of enterprises", "-f", "csv")
    first = next(csv.DictReader(io.StringIO(g60kg(*arguments).stdout)))
    assert (first["value"], first["comparator"], first["period"]) == ("3000", "nearly", "2023-07")
    assert first["unit"] == "http://qudt.org/vocab/unit/NUM"
    assert first["periodStated"] == "true"


def test_labels_come_in_chinese_and_fall_back_to_english() -> None:
    shown = g60kg("--lang", "zh", "query", "run", "enterprises").stdout
    assert "腾讯" in shown
    assert "CSG" in shown  # no Chinese name is certain


def test_evidence_stands_beneath_each_row() -> None:
    arguments = ("query", "run", "enterprises", "-p", "industry=integrated circuits", "--evidence")
    lines = g60kg(*arguments).stdout.splitlines()
    row = next(number for number, line in enumerate(lines) if "OmniVision" in line)
    assert "major companies such as OmniVision and Quectel Communication" in lines[row + 1]
    assert "3383" in lines[row + 1]


def test_json_is_the_standard_format_with_meta_and_evidence() -> None:
    done = g60kg(
        "query", "run", "projects", "-p", "city=松江", "-f", "json", "--evidence", "--limit", "2"
    )
    answer = json.loads(done.stdout)
    rows = answer["results"]["bindings"]
    assert len(rows) == len(answer["evidence"]) == 2
    assert answer["meta"]["query"] == "projects"
    assert answer["meta"]["complete"] is False
    assert answer["meta"]["parameters"] == {"city": "<https://w3id.org/g60kg/id/songjiang>"}
    members = {"quote", "article", "start", "end", "modality", "locator", "grade"}
    of_source = {"title", "publisher", "date", "url"}
    assert set(answer["evidence"][0][0]) == members | of_source
    assert "more exist" in done.stderr


def test_csv_with_evidence_has_a_line_a_quotation() -> None:
    done = g60kg("query", "run", "projects", "--evidence", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(row["quote"] and row["article"] and row["modality"] for row in rows)
    assert rows[0]["projectLabel"]


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "xml", "md", "html"])
def test_every_format_of_rows_names_the_city(format_: str) -> None:
    done = g60kg("query", "run", "member-cities", "-f", format_)
    assert done.returncode == 0
    assert "Hangzhou" in done.stdout


def test_a_file_takes_its_format_from_its_name(tmp_path: Path) -> None:
    out = tmp_path / "cities.csv"
    assert g60kg("query", "run", "member-cities", "-o", out).stdout == ""
    assert out.read_text(encoding="utf-8").startswith("city,cityLabel,province")


def test_rows_are_sorted_and_paged() -> None:
    done = g60kg(
        "query", "run", "member-cities", "--sort", "-lat", "--offset", "1", "--limit", "1",
        "-f", "csv",
    )  # fmt: skip
    assert len(done.stdout.splitlines()) == 2
    assert "wuhu" in done.stdout  # Hefei lies farther north, then Wuhu
    assert "more exist" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("member-citys",), "member-cities"),
        (("enterprises", "-p", "city=Hangzou"), "Hangzhou"),
        (("enterprises", "-p", "town=Hangzhou"), "It has: city, industry"),
        (("enterprises", "-p", "city"), "-p key=value"),
        (("enterprises", "-p", "city= "), "Parameter city has no value."),
        (("enterprises", "-p", "city=Jiaxing", "-p", "city=Suzhou"), "twice"),
        (("timeline", "-p", "from=soon"), "is not a year"),
        (("member-cities", "--sort", "height"), "Columns:"),
        (("member-cities", "--limit", "-1"), "limit"),
        (("member-cities", "-f", "pdf"), "pdf"),
        (("coverage", "--evidence"), "no evidence"),
        (("enterprises", "-p", 'city=" } UNION { ?s ?p ?o } #'), "city"),
        (("enterprises", "-p", "city=id:none"), "id:none"),
        (("enterprises", "-p", "city=https://w3id.org/g60kg/id/tencent"), "There is no location"),
    ],
)
def test_a_usage_error_is_reported_with_exit_code_2(
    arguments: tuple[str, ...], expected: str
) -> None:
    done = g60kg("query", "run", *arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "text",
    [
        '" } ?zz ?p ?o #',
        "zz\\",
        '"""zz',
        "zz\nb",
        "?_text",
        "{{77*77}}",
        "zz\u202e",
        "%zz",
        "[zz-a]",
    ],
)
def test_a_hostile_text_is_only_a_text(text: str) -> None:
    done = g60kg("query", "run", "search", "-p", f"text={text}", "-f", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["results"]["bindings"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "key=value"), ('"""', "no letter"), ("\\", "no letter")],
)
def test_a_text_without_a_word_is_refused(text: str, expected: str) -> None:
    done = g60kg("query", "run", "search", "-p", f"text={text}")
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_an_answer_without_rows_says_so() -> None:
    done = g60kg(
        "query", "run", "enterprises", "-p", "city=Huzhou", "-p", "industry=integrated circuits"
    )
    assert (done.returncode, done.stderr) == (0, "No rows.\n")


def test_a_search_gives_the_best_names_first() -> None:
    done = g60kg("query", "run", "search", "-p", "text=ai", "-f", "json")
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert rows[0]["entity"]["value"].endswith("/artificial-intelligence")
    assert "Shanghai" not in [row["matched"]["value"] for row in rows]
    ranks = [int(row["rank"]["value"]) for row in rows]
    assert ranks == sorted(ranks)


def test_rows_are_filtered_by_year_and_source() -> None:
    def agreements(*options: str) -> list[dict[str, str]]:
        done = g60kg("query", "run", "agreements", "-f", "csv", *options)
        assert done.returncode == 0
        return list(csv.DictReader(io.StringIO(done.stdout)))

    everything = agreements()
    years = {row["year"] for row in everything}
    assert {"2017", "2018"} <= years
    assert agreements("--from", "2018", "--to", "2018") == [
        row for row in everything if row["year"] == "2018"
    ]
    of_source = agreements("--source", "2307119874", "--evidence")
    assert {row["article"].rpartition("-")[2] for row in of_source} >= {"2307119874"}
    done = g60kg("query", "run", "agreements", "-f", "json", "--from", "2018")
    assert json.loads(done.stdout)["meta"]["parameters"] == {
        "from": '"2018"^^<http://www.w3.org/2001/XMLSchema#integer>'
    }
    assert "by the start of year" in g60kg("query", "show", "agreements").stdout


def test_a_filter_that_makes_no_sense_is_a_usage_error() -> None:
    done = g60kg("query", "run", "enterprises", "--from", "2018")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no filter by year" in done.stderr
    twice = g60kg("query", "run", "timeline", "--from", "2019", "-p", "from=2020")
    assert twice.returncode == 2
    assert "given twice" in twice.stderr


def test_csv_for_excel_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    done = g60kg("query", "run", "member-cities", "--bom", "--escape-formulas", "-o", path)
    assert done.returncode == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcity,")
    for other in ("json", "bibtex"):
        refused = g60kg("query", "run", "member-cities", "--bom", "-f", other)
        assert (refused.returncode, refused.stdout) == (2, "")
