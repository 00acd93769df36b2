"""Rows as people read them: tables, Markdown, HTML."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from pyoxigraph import (
    Literal,
    NamedNode,
)
from rich.cells import cell_len

from g60kg.model.evidence import EvidenceKind
from g60kg.namespaces import entity, term
from g60kg.row_formats import Evidenced, write_rows
from g60kg.row_formats.evidence_rows import Options
from g60kg.row_formats.reader_rows import evidence_term
from g60kg.row_formats.table import LAYOUT_ROWS, Screen, write_table
from tests.row_formats.test_row_formats import (
    ARTICLE,
    ENTERPRISES,
    EVIDENCED,
    HOSTILE,
    HUAWEI,
    OMNIVISION,
    alone,
    decimal,
    quotation,
    written,
)


def table(
    width: int | None, rows: Sequence[Evidenced], colour: bool = False, evidence: bool = True
) -> str:
    out = io.StringIO()
    screen = Screen(width, colour)
    write_table(ENTERPRISES, iter(rows), out, Options(evidence), screen)
    return out.getvalue()


def test_the_table_as_people_read_it() -> None:
    assert table(80, EVIDENCED) == (
        " enterprise  industry                  value\n"
        "   quote                    article     date        start   end  modality  grade\n"
        " OmniVision  integrated circuits  57,920,000\n"
        "   “major companies such    2307119874  2023-07-11   3383  3428  asserted  C\n"
        "   as OmniVision and\n"
        "   others”\n"
        "   “Omni”                   2307119874  2023-07-11      9    13  asserted  C\n"
        " 华为长三角                              840\n"
        "   record 310117            2307119874  2023-07-11               derived   C\n"
    )


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_a_table_fits_the_terminal_and_loses_nothing(width: int) -> None:
    long = Literal("松江 " + "unbreakable" * 4 + " 长三角" * 12)
    text = table(width, alone((entity("x"), long, entity("y"), long, Literal(1))), evidence=False)
    assert all(cell_len(line) <= width for line in text.splitlines())
    letters = re.sub(r"\s", "", text)
    assert letters.count("三") == 24
    assert letters.count("u") == letters.count("k") + text.count("value") + text.count("industry")


def test_columns_stand_under_one_another_whatever_the_script() -> None:
    rows = alone(
        (entity("a"), Literal("松江"), entity("b"), Literal("here"), None),
        (entity("a"), Literal("Haier 智谷"), entity("b"), Literal("here"), None),
        (entity("a"), Literal("é"), entity("b"), Literal("here"), None),
    )
    lines = table(None, rows, evidence=False).splitlines()
    places = {cell_len(line.partition("here")[0]) for line in lines[1:]}
    assert len(places) == 1
    assert cell_len(lines[0].partition("industry")[0]) == places.pop()


def test_elsewhere_than_on_a_terminal_lines_have_their_full_width(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "word " * 100
    text = table(None, [(OMNIVISION, (quotation(words, 5),))])
    assert f"“{words}”" in text
    monkeypatch.delenv("COLUMNS", raising=False)
    assert Screen.of(io.StringIO()) == Screen(None, False)
    out = io.StringIO()
    write_rows("table", ENTERPRISES, [(OMNIVISION, ())], out)
    assert "\x1b" not in out.getvalue()


def test_rows_past_those_that_the_layout_saw_are_whole() -> None:
    late = Literal("later and longer than any before")
    rows = [*alone(HUAWEI) * LAYOUT_ROWS, *alone((late, None, None, None, None))]
    assert late.value in table(None, rows, evidence=False)
    assert all(cell_len(line) <= 60 for line in table(60, rows, evidence=False).splitlines())


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Screen.of(Terminal()) == Screen(70, True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert Screen.of(Terminal()) == Screen(70, False)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert Screen.of(Terminal()) == Screen(70, False)
    assert Screen.of(io.StringIO()) == Screen(70, False)
    monkeypatch.setenv("COLUMNS", "wide")
    assert Screen.of(io.StringIO()) == Screen(None, False)
    assert re.sub("\x1b\\[[0-9]*m", "", table(80, EVIDENCED, colour=True)) == table(80, EVIDENCED)


@pytest.mark.parametrize(
    ("literal", "shown"),
    [
        (decimal("57920000"), "57,920,000"),
        (decimal("-10000.50"), "-10,000.50"),
        (decimal("9999"), "9999"),
        (decimal("not a number"), "not a number"),
        (Literal("310117"), "310117"),
        (Literal("310117", datatype=term("xsd:integer")), "310117"),
        (Literal("松江", language="zh"), "松江"),
        (Literal("\x1b]0;title\x07"), r"\x1b]0;title\x07"),
        (Literal("\u202eright to left"), r"\u202eright to left"),
    ],
)
def test_values_are_shown_for_people(literal: Literal, shown: str) -> None:
    out = io.StringIO()
    write_rows("table", ["value"], [((literal,), ())], out)
    assert out.getvalue().splitlines()[1].strip() == shown


@pytest.mark.parametrize(
    ("locator", "chinese"),
    [
        ("paragraph 4, sentence 1", "第4段第1句"),
        ("heading 1; date line", "第1个小标题；日期行"),
        ("title", "标题"),
        ("below the map", "below the map"),
    ],
)
def test_a_locator_is_in_chinese_as_on_pages(locator: str, chinese: str) -> None:
    out, translate = io.StringIO(), partial(evidence_term, language="zh")
    quoted = replace(quotation("", 9), kind=EvidenceKind.PASSAGE, locator=locator)
    rows = [((Literal("x"),), (quoted,))]
    write_rows("md", ["value"], rows, out, evidence=True, translate=translate)
    assert f"［未转载：{chinese}］" in out.getvalue()


def test_an_iri_without_a_label_is_shown_as_its_curie() -> None:
    out = io.StringIO()
    write_rows("table", ["x", "xLabel"], [((entity("hangzhou"), None), ())], out)
    assert out.getvalue() == " x\n id:hangzhou\n"


@pytest.mark.parametrize("evidence", [False, True])
def test_markdown_is_one_table_with_any_text(evidence: bool) -> None:
    rows: list[Evidenced] = [
        ((NamedNode("https://example.org/a(b)*c'"), Literal(text), None, None, Literal(text)),
         (quotation(text, 3), quotation("y", 9)))
        for text in HOSTILE
    ]  # fmt: skip
    text = written("md", ENTERPRISES, rows, evidence)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<table>") == 1
    assert html.count("<tr>") == 1 + len(rows) * (2 if evidence else 1)
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    width = 10 if evidence else 3
    assert all(row.count("<td") == width for row in re.findall("<tr>.*?</tr>", html, re.S)[1:])


def test_markdown_links_a_label_to_its_iri_with_the_curie_as_title() -> None:
    lines = written("md", ENTERPRISES, EVIDENCED, evidence=True).splitlines()
    assert lines[0] == (
        "| enterprise | industry | value | quote | article | date | start | end | modality "
        "| grade |"
    )
    iri = entity("omnivision").value
    assert lines[2].startswith(f'| [OmniVision]({iri} "id:omnivision") | ')
    assert "“major companies such as OmniVision and others” | [2307119874](" in lines[2]
    assert lines[3].startswith("|  |  |  | “Omni” | ")


class _Balanced(HTMLParser):
    """Reads HTML, and fails where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_whole_and_harmless() -> None:
    rows: list[Evidenced] = [
        ((NamedNode('javascript:alert("1")'.replace('"', "'")), Literal(text), None, None, None),
         (quotation(text, 3), quotation(text, None)))
        for text in HOSTILE
    ]  # fmt: skip
    out = io.StringIO()
    write_rows("html", ENTERPRISES, rows, out, evidence=True, caption="<Enterprises>")
    page = _Balanced()
    page.feed(out.getvalue())
    page.close()
    assert page.open == []
    tags = {tag for tag, _ in page.seen}
    assert tags <= {
        "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "span", "a",
        "blockquote", "p", "footer", "cite",
    }  # fmt: skip
    assert all(
        (attributes.get("href") or "https:").startswith("https:") for _, attributes in page.seen
    )
    assert "<script>alert(1)</script>" in page.text
    assert "<Enterprises>" in page.text


def test_html_says_what_a_reader_that_speaks_needs() -> None:
    out = io.StringIO()
    write_rows("html", ENTERPRISES, EVIDENCED, out, evidence=True)
    page = _Balanced()
    page.feed(out.getvalue())
    heads = [attributes for tag, attributes in page.seen if tag == "th"]
    assert [head["scope"] for head in heads] == ["col", "col", "col", "row", "row"]
    assert heads[4]["lang"] == "zh"
    assert ("blockquote", {"cite": ARTICLE}) in page.seen
    links = [attributes for tag, attributes in page.seen if tag == "a"]
    assert links[0] == {"href": entity("omnivision").value, "title": "id:omnivision"}
