"""`draft --suggest`: candidate rows with exact quotations, and how many figures are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.row_suggestions import with_suggestions
from g60kg.model.article_text import Text, read_article
from g60kg.sheets.cell_literals import read_figure
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import SheetRow, read_sheet, sheet_of
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.conftest import ARTICLE, ROOT, TEXTS, long_only

HEADER = (
    "# url: https://example.org/news/2400000001\n# title: A sample\n# date: 2024-05-06\n"
    "# publisher: Example\n# language: en\n"
)
EMPTY = HEADER + "subject,predicate,object,quote\n"
#: Each sentence with the cells of its candidate rows; the predicate without its mark.
SENTENCES: tuple[tuple[str, list[tuple[str, ...]]], ...] = (
    (
        "Songjiang had 69 enterprises.",
        [("id:songjiang", "measure:enterprise-count", "69", "NUM", "")],
    ),
    (
        "Jiaxing invested nearly 1.2 billion yuan.",
        [("id:jiaxing", "", "1.2 billion", "CCY_CNY", "nearly")],
    ),
    (
        "Hefei took 30 million euros.",
        [("id:hefei", "", "30 million", "CCY_EUR", "")],
    ),
    (
        "Hefei took HK$30 million.",
        [("id:hefei", "", "30 million", "CCY_HKD", "")],
    ),
    (
        "Huzhou covers an area of 5,820 square kilometers.",
        [("id:huzhou", "measure:territory-area", "5,820", "KiloM2", "")],
    ),
    (
        "The line in Jinhua is 163.8 km long.",
        [("id:jinhua", "", "163.8", "KiloM", "")],
    ),
    (
        "松江区人口约200万。",
        [("id:songjiang", "measure:population", "200万", "NUM", "approximately")],
    ),
    (
        "Shanghai Jiahuan Industrial Co got bank credit of 355 million yuan.",
        [("", "", "355 million", "CCY_CNY", "")],
    ),
    (
        "Jiaxing invested 10 billion yuan (US$1.39 billion) in it.",
        [("id:jiaxing", "", "10 billion", "CCY_CNY", "")],
    ),
    (
        "The park covers 730,000 square meters, with 850,000 square meters of offices planned.",
        [
            ("", "measure:site-area", "730,000", "M2", ""),
            ("", "measure:floor-area", "850,000", "M2", ""),
        ],
    ),
    (
        "园区占地73万平方米，规划办公楼85万平方米。",
        [
            ("", "measure:site-area", "73万", "M2", ""),
            ("", "measure:floor-area", "85万", "M2", ""),
        ],
    ),
    ("In 2016, Songjiang did it.", []),
    ("Songjiang issued its 14th Five-Year Plan.", []),
    ("松江发布“十四五”规划。", []),
)


def suggested(store: LocalStore, text: str, sheet: str = EMPTY) -> list[SheetRow]:
    read = sheet_of(sheet, "new.csv")
    drafted = draft(read, store, Text(text))
    return list(with_suggestions(drafted, store, text).rows[len(read.rows) :])


def test_an_invalid_offset_of_a_row_is_ignored(store: LocalStore) -> None:
    sentence = "Songjiang had 69 enterprises."
    row = "subject,predicate,object,quote,start\nid:songjiang,enterprise-count,69,had 69,x\n"
    drafted = draft(sheet_of(HEADER + row, "facts.csv"), store, Text(sentence))
    (suggested,) = with_suggestions(drafted, store, sentence).rows[1:]
    assert suggested["object"] == "69"


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_figures_are_suggested(
    store: LocalStore, sentence: str, expected: list[tuple[str, ...]]
) -> None:
    text = f"A title\n\n{sentence}"
    rows = suggested(store, text)
    for row in rows:
        start = int(row["start"])
        assert text[start : start + len(row["quote"])] == row["quote"] == sentence
        assert row["predicate"].startswith("?")
    found = [
        (row["subject"], row["predicate"][1:], row["object"], row["unit"], row["comparator"])
        for row in rows
    ]
    assert [each[:1] + each[2:] for each in found] == [each[:1] + each[2:] for each in expected]
    for given, wanted in zip(found, expected, strict=True):
        assert given[1] == wanted[1] or not wanted[1]


def test_ranges_dates_and_locations_are_suggested(store: LocalStore) -> None:
    (row,) = suggested(store, "Songjiang expects 1,000 to 1,200 enterprises.")
    assert (row["object"], row["upper"]) == ("1,000", "1,200")
    (row,) = suggested(store, "Songjiang signed an agreement on July 12, 2017.")
    assert (row["predicate"], row["object"]) == ("?signedOn", "2017-07-12")
    (row,) = suggested(store, "A train runs to Songjiang in Shanghai.")
    assert (row["subject"], row["predicate"], row["object"]) == (
        "id:songjiang",
        "?locatedIn",
        "id:shanghai",
    )


@pytest.mark.parametrize(
    ("kind", "predicate"),
    [("Programme", "?startedOn"), ("Project", "?startedOn"), ("Service", "?launchedOn")],
)
@pytest.mark.parametrize("text", ["Seven Sea was launched in 2019.", "七海2019年启动。"])
def test_the_date_of_a_launch_depends_on_what_is_launched(
    store: LocalStore, text: str, kind: str, predicate: str
) -> None:
    named = f"id:sea,a,{kind},\nid:sea,label@en,Seven Sea,\nid:sea,label@zh,七海,\n"
    (row,) = suggested(store, text, EMPTY + named)
    assert (row["subject"], row["predicate"], row["object"]) == ("id:sea", predicate, "2019")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (
            "Songjiang has 69 high-tech enterprises.",
            ("id:songjiang", "69", "NUM", "id:high-tech-enterprises"),
        ),
        (
            "松江共有高新技术企业4200家。",
            ("id:songjiang", "4200", "NUM", "id:high-tech-enterprises"),
        ),
        ("Songjiang has one eighth of the parks.", ("id:songjiang", "1/8", "FRACTION", "")),
        ("松江线设计时速350公里。", ("", "350", "KiloM-PER-HR", "")),
        ("In the first three quarters, Songjiang had 69 parks.", ("id:songjiang", "69", "NUM", "")),
        ("前三季度松江有69家企业。", ("id:songjiang", "69", "NUM", "")),
    ],
)
def test_kinds_fractions_speeds_and_periods(
    store: LocalStore, text: str, cells: tuple[str, ...]
) -> None:
    (row,) = suggested(store, text)
    found = tuple(row[name] for name in ("subject", "object", "unit", "category"))
    assert found[1:] == cells[1:]
    assert cells[0] in ("", found[0])


def test_what_a_row_states_is_not_suggested(store: LocalStore) -> None:
    text = "Songjiang had 69 enterprises and 5 parks."
    row = f"Songjiang,number of enterprises,69,{text}\n"
    assert [each["object"] for each in suggested(store, text, EMPTY + row)] == ["5"]


def test_a_sheet_that_may_not_reproduce_the_text_gets_passages(store: LocalStore) -> None:
    text = "Songjiang had 69 enterprises and 5 parks."
    header = EMPTY.replace("quote", "passage").replace("subject,", "# reproduce: no\nsubject,", 1)
    row = f"Songjiang,number of enterprises,69,{text}\n"
    (found,) = suggested(store, text, header + row)
    assert (found["object"], found["passage"]) == ("5", text)
    assert found["quote"] == found["start"] == ""


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Songjiang met the nine cities.", ["9"]),
        ("松江会见九城市。", ["9"]),
        ("Songjiang praised its integration with eight cities.", ["8"]),
        ("Songjiang uses the Seven Sea of 2000.", []),
        ("Songjiang has one office and three parks.", ["1", "3"]),
        ("Songjiang has one office and a park.", []),
    ],
)
def test_a_number_counts_what_its_name_or_a_further_number_counts(
    store: LocalStore, text: str, numbers: list[str]
) -> None:
    named = "".join(
        f"id:{name},a,{kind},\nid:{name},label@en,{english},\nid:{name},label@zh,{chinese},\n"
        for name, kind, english, chinese in (
            ("group", "AgentGroup", "the nine cities", "九城市"),
            ("effort", "Programme", "integration with eight cities", "与八个城市一体化"),
            ("tool", "Product", "Seven Sea of 2000", "七海"),
        )
    )
    found = suggested(store, text, EMPTY + named)
    assert sorted(row["object"] for row in found) == numbers


@pytest.mark.parametrize("graph", ["first article", "all sources"])
def test_most_figures_of_the_first_article_are_suggested(
    graph: str, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    if graph == "all sources":
        monkeypatch.delenv("G60KG_DATA")
        store = LocalStore.shipped()
    path = TEXTS / f"{ARTICLE}.txt"
    if not path.is_file():
        pytest.skip("the publisher's text of the article is not beside this checkout")
    text = read_article(path)
    sheet = read_sheet(ROOT / "instances" / "articles" / f"{ARTICLE}.csv")
    header = "".join(f"# {key}: {sheet.header[key]}\n" for key in ("url", "title", "date"))
    header += f"# publisher: {sheet.header['publisher']}\n# language: en\n"
    rows = suggested(store, text.content, header + "subject,predicate,object,quote\n")
    figures: dict[tuple[str, ...], list[int]] = {}
    for row in sheet.rows:
        if row["predicate"].startswith("measure:"):
            cells = ("subject", "predicate", "object", "unit", "comparator")
            figures.setdefault(tuple(row[cell] for cell in cells), []).append(int(row["start"]))
    missed = [
        figure
        for figure, starts in figures.items()
        if not any(_agrees(row, figure, start) for row in rows for start in starts)
    ]
    assert len(missed) <= 0.2 * len(figures), missed
    cities = {row["object"] for row in sheet.rows if row["predicate"] == "hasMemberCity"}
    found = {row["object"] for row in rows if row["predicate"] == "?hasMemberCity"}
    assert found
    names = {local.removeprefix("id:").casefold() for local in found}
    assert names == {city.removeprefix("id:").casefold() for city in cities}


def _agrees(row: SheetRow, figure: tuple[str, ...], start: int) -> bool:
    """Whether a candidate has the value, the unit and the comparator, and a span of a figure."""
    object_, unit, comparator = figure[2:]
    suggestion, stated = read_figure(row["object"]), read_figure(object_)
    if suggestion is None or stated is None or suggestion.number != stated.number:
        return False
    same = (row["unit"], row["comparator"]) == (unit, comparator)
    first = int(row["start"])
    return same and first <= start < first + len(row["quote"])


def test_draft_refuses_unconfirmed_rows(tmp_path: Path) -> None:
    sheet, text, out = tmp_path / "new.csv", tmp_path / "text.txt", tmp_path / "out.csv"
    sheet.write_text(EMPTY, encoding="utf-8")
    text.write_text("Songjiang had 69 enterprises.", encoding="utf-8")
    done = g60kg("draft", sheet, "--article", text, "--suggest", "-o", out)
    assert (done.returncode, done.stderr) == (0, "1 row suggested.\n")
    assert sheet.read_text(encoding="utf-8") == EMPTY
    done = g60kg("draft", out)
    assert done.returncode == 1
    assert "The row is a suggestion." in done.stderr
    out.write_text(out.read_text(encoding="utf-8").replace(",?", ","), encoding="utf-8")
    done = g60kg("draft", out)
    assert done.returncode == 0, done.stderr
    assert "enterprise-count" in done.stdout


def test_a_ratio_is_not_suggested_as_the_amount_that_it_divides(store: LocalStore) -> None:
    (row,) = suggested(store, "Songjiang had tax revenue per mu of 355,000 yuan.")
    assert row["predicate"] == "?"
    (row,) = suggested(store, "Songjiang had operating revenue of 355,000 yuan.")
    assert row["predicate"] == "?measure:operating-revenue"


@pytest.mark.parametrize("text", ["Hangzhou 51 " * 300, "杭州51" * 300, *long_only("杭州51" * 900)])
def test_a_text_without_a_full_stop_is_quoted_in_pieces(store: LocalStore, text: str) -> None:
    rows = suggested(store, text)
    quotes = {row["quote"] for row in rows}
    assert len(rows) > 200
    assert max(map(len, quotes)) <= 700
    assert all(text[int(row["start"]) :].startswith(row["quote"]) for row in rows)
