"""The catalogue of Chinese messages is complete, and commands print Chinese with --lang zh."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from g60kg import package_data
from g60kg.cli.translation import translated
from g60kg.model.i18n import page_texts
from g60kg.model.i18n.message_catalog import (
    CATALOGUE,
    LISTS,
    NOTES_CATALOGUE,
    PLURALS,
    Entry,
    chinese,
    filled,
    texts,
)
from g60kg.model.names import is_chinese
from g60kg.queries.catalog import load_catalog
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore
from tests.cli.message_texts import (
    all_strings,
    code_texts,
    commands,
    help_texts,
    parameter_texts,
    shape,
)
from tests.cli.run import g60kg
from tests.conftest import sampled

#: Words of which an English sentence has at least one, and a name of an option has none.
_ENGLISH: Final = re.compile(
    r"(?<![\w/-])(?:the|an|of|is|are|and|or|not|no|for|with|by|in|only|must|give|which|that)(?![\w-])",
    re.IGNORECASE,
)


CATALOGUES: Final = (CATALOGUE, NOTES_CATALOGUE)


@cache
def entries() -> dict[str, Entry]:
    """Return the entries by their English text."""
    return {english: Entry.of(english, chinese) for english, chinese in texts().items()}


def notes() -> dict[str, str]:
    """Return the note above each entry of the catalogue that has one."""
    found = re.findall(r'^#\. (.+)\nmsgid (".+")$', package_data.file_text(CATALOGUE), re.MULTILINE)
    return {json.loads(english): note for note, english in found}


def covers(entry: str, text: str) -> bool:
    """Return whether an entry that the code composes has the words of one of its parts."""
    return parts_of(text).search(shape(entry)) is not None


@cache
def parts_of(text: str) -> re.Pattern[str]:
    parts = [re.escape(part.strip()) for part in text.split("{}") if part.strip()]
    return re.compile(".*".join(parts))


def entry_of(text: str) -> str | None:
    """Return the entry that a complete text has."""
    matching = (e for e in entries().values() if e.placeholders and e.match(text) is not None)
    return text if text in entries() else next((entry.english for entry in matching), None)


def test_each_message_in_the_code_has_a_chinese_text() -> None:
    shapes = {shape(english) for english in entries()}
    composed = [english for english, note in notes().items() if note == "Composed in the code"]
    found = code_texts()
    missing = {
        text: place
        for text, place in found.items()
        if text not in shapes and not any(covers(entry, text) for entry in composed)
    }
    assert len(found) > 400
    assert missing == {}


def test_each_text_of_the_help_and_of_parameters_has_a_chinese_text() -> None:
    found = {*help_texts(), *parameter_texts()}
    assert len(found) > 150
    assert sorted(text for text in found if entry_of(text) is None) == []


def test_each_class_of_a_parameter_has_a_chinese_name(store: LocalStore) -> None:
    resolver = Resolver(store)
    given = (one for query in load_catalog().values() for one in query.parameters)
    kinds = {one.of_class for one in given if one.of_class} - {"Measure", "Class", "Property"}
    names = {resolver._label_of_class(kind) for kind in kinds}
    noted = {english for english, note in notes().items() if note == "Kind of a parameter"}
    assert names <= noted
    assert noted - names == {"entity", "measure", "class", "property"}


def test_no_entry_is_unused() -> None:
    noted = notes()
    strings = all_strings()
    shown = {entry_of(text) for text in (*help_texts(), *parameter_texts())}
    parts = [text for text in strings if " " in text and len(text) > 4]
    unused = [
        english
        for english in entries()
        if shape(english) not in strings
        and english not in shown
        and noted.get(english, "")[:5] not in ("Typer", "Kind ")
        and not (english in noted and any(covers(english, part) for part in parts))
    ]
    assert unused == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    # A plural's ending is nothing in Chinese, and neither is what a message of the system adds.
    differing = [
        entry.english
        for entry in entries().values()
        if {name for name in entry.placeholders if name not in (*PLURALS, "kind")}
        - set(re.findall(r"\{(\w+)\}", entry.chinese))
        or set(re.findall(r"\{(\w+)\}", entry.chinese)) - set(entry.placeholders)
        or len(set(entry.placeholders)) != len(entry.placeholders)
    ]
    assert [one for one in differing if "internal error" not in one] == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_the_catalogue_is_a_gettext_file_with_an_entry_once(catalogue: str) -> None:
    text = package_data.file_text(catalogue)
    found = re.findall(r'^msgid (".+")$', text, re.MULTILINE)
    assert len(found) == len(set(found)) == len(texts(catalogue)) == text.count("\nmsgstr ") - 1
    rest = [line for line in text.split("\n") if line and not line.startswith("#")]
    assert all(re.fullmatch(r'(?:(?:msgid|msgstr) )?"(?:[^"\\]|\\.)*"', line) for line in rest)


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_each_text_is_chinese_with_chinese_punctuation(catalogue: str) -> None:
    # Some are only placeholders, options and punctuation.
    found = list(texts(catalogue).values())
    rest = [re.sub(r"\{\w+\}|--\w+|\.rq", "", text) for text in found]
    assert [text for text in rest if re.search(r"\w", text) and not is_chinese(text)] == []
    wrong = re.compile(
        "[\u4e00-\u9fff][,;:?!.](?![\\w/])|[,;:?!.][\u4e00-\u9fff]"
        "|[，。；：？！]{2}| [，。；：？！]"
    )
    assert [text for text in found if wrong.search(text)] == []


def test_a_message_keeps_its_values_in_chinese() -> None:
    for english, entry in entries().items():
        names = entry.placeholders
        values = {name: "s" if name in PLURALS else f"#{at}" for at, name in enumerate(names)}
        text = filled(english, values)
        if values and not LISTS & set(values):
            assert entry.match(text) == values
            assert chinese(text) == filled(entry.chinese, values)


def test_an_empty_list_is_chinese() -> None:
    text = "Too much at once. Done: none. Not done: a, b."
    assert "已完成：无。未完成：a、b。" in chinese(text)


@pytest.mark.parametrize(
    "difference", ["nothing where the text has “h”", "“b” where the text has nothing"]
)
def test_a_difference_is_chinese(difference: str) -> None:
    assert "nothing" not in chinese(f"{difference}, at character 9")


@pytest.mark.parametrize("name", sampled(commands()))
def test_the_help_of_each_command_is_chinese(name: str) -> None:
    done = g60kg("--lang", "zh", *name.split(), "--help", env={"COLUMNS": "200"})
    assert done.returncode == 0
    assert is_chinese(done.stdout)
    assert [line for line in done.stdout.split("\n") if _ENGLISH.search(line)] == []


def test_the_language_is_known_before_the_arguments_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def message(*arguments: str, variable: str = "") -> str:
        monkeypatch.setenv("G60KG_LANG", variable)
        monkeypatch.setattr("sys.argv", ["g60kg", *arguments])
        return translated("Nothing was added.")

    assert message("add", "--lang", "zh") == message("--lang=zh") == message(variable="zh")
    assert is_chinese(message("--lang", "zh"))
    assert message("--lang", "en", variable="zh") == message("--", "--lang", "zh") == message()
    assert message("--lang", "fr") == message("--lang") == "Nothing was added."


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("query run nope", "错误：没有名为“nope”的查询。"),
        ("query run projects -p city=Hangzou", "错误：city：没有名为“Hangzou”的地点。"),
        ("query run projects -p since=2018", "可用的参数：city、source。"),
        ("query run compare --limit x", "错误：--limit 的值无效：“x”不是整数。"),
        ("--store /nowhere/store info", "错误：/nowhere/store 不存在。"),
        ("sparql -f turtle ASK{}", "错误：真假值不能写成 turtle 格式。"),
        ("info --store", "错误：选项 --store 需要一个值。"),
        ("bogus", "错误：没有名为“bogus”的命令。"),
    ],
)
def test_errors_are_in_chinese(arguments: str, line: str) -> None:
    done = g60kg("--lang", "zh", *arguments.split())
    assert done.returncode == 2
    assert line in done.stderr.splitlines()
    assert is_chinese(g60kg(*arguments.split(), env={"G60KG_LANG": "zh"}).stderr)


def test_mistakes_in_a_sheet_are_in_chinese(tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    rows = ("Songjiang,number of enterprises,12,x,2,KM", "Songjiang,populationn,69,x,2,NUM")
    sheet.write_text(
        "# url: https://example.org/1\nsubject,predicate,object,quote,start,unit\n"
        + "\n".join(rows),
        encoding="utf-8",
    )
    drafted = g60kg("--lang", "zh", "draft", sheet)
    assert f"{sheet}:3, unit：enterprise-count 不以 KM 为单位。可用的值：NUM。" in drafted.stderr
    assert drafted.stderr.endswith("2 行中有 2 处错误；未写出任何内容。\n")
    report = json.loads(g60kg("--lang", "zh", "validate", sheet, "-f", "json").stdout)
    rowwise = [one for one in report["results"] if one["code"] == "SheetRow"]
    assert rowwise[1]["message"] == "predicate：没有名为“populationn”的谓词。"
    assert rowwise[1]["hint"].startswith("您要找的是不是 population、")


def test_the_hint_on_a_wrong_quotation_is_in_chinese(tmp_path: Path) -> None:
    sheet, checks = tmp_path / "a.csv", Path(__file__).parents[1] / "checks"
    wrong = (checks / "quotations/with-quotation-verbatim.csv").read_text(encoding="utf-8")
    sheet.write_text(wrong.replace("made integrated", "maks integrated"), encoding="utf-8")
    done = g60kg("--lang", "zh", "--articles", checks, "validate", sheet)
    hint = "相近：第 14 个字符处：原文此处有 “e”。原文的字句：Blue Rock makes integrated circuits\n"
    assert hint in done.stdout


def test_further_lines_of_a_wrong_quotation_are_chinese() -> None:
    near = "Near: the texts differ. The article's text: It moved"
    assert chinese(f"a.csv:3, quote: {near} Also in line 4.").endswith(
        "It moved 第 4 行有同样的错误。"
    )


def test_a_hint_is_the_chinese_description_of_a_query() -> None:
    said = g60kg("--lang", "zh", "query", "run", "coverage", "--evidence").stderr
    assert load_catalog()["coverage"].in_chinese[1] in said
    assert load_catalog()["coverage"].description not in said


def test_a_period_of_comparison_is_in_chinese() -> None:
    assert page_texts("zh").value("reference", "year-on-year") == "上年同期"
    assert page_texts("zh").value("reference", "2020") == "2020"


def test_terms_have_full_width_punctuation() -> None:
    line = "  nearly（近）：真实值略低于该数值。"
    assert line in g60kg("--lang", "zh", "terms", "comparators").stdout.splitlines()
    assert "。 " not in g60kg("--lang", "zh", "terms", "modalities").stdout


def test_a_message_with_a_hint_is_two_sentences() -> None:
    """A message whose last value is any text does not take the hint for a part of it."""
    said = 'population takes a number, not "1,2,3". Write 57920000, 57.92 million, 5792万, '
    assert chinese(f"{said}1,000-1,200 or 1/24.").startswith(
        "population 的值须为数字，而不是“1,2,3”"
    )
    assert chinese("port takes an integer, not x.") == "port 的值应为an integer，不能是 x。"


def test_the_comma_of_a_company_stays_in_a_list_of_names() -> None:
    said = "Did you mean Kuka, Spacesail Co., Ltd or Zenner Meters, Inc?"
    assert chinese(said).endswith("Kuka、Spacesail Co., Ltd或Zenner Meters, Inc？")
    said = 'No entity is called "Ankai Co. Ltd". Introduce it with a row: A. B,a,Enterprise.'
    assert chinese(said) == (
        "没有名为“Ankai Co. Ltd”的实体。请增加一行引入该实体：A. B,a,Enterprise。"
    )


def test_only_formats_for_people_have_chinese_headings() -> None:
    def head(format_: str) -> str:
        arguments = ("query", "run", "claims-by-modality", "--limit", "1", "-f", format_)
        return g60kg("--lang", "zh", *arguments).stdout

    table = head("table")
    assert table.split()[:5] == ["事实", "对象", "属性", "值", "陈述性质"]
    assert "直接陈述" in table
    assert head("md").startswith("| 事实 | 对象 | 属性 | 值 | 陈述性质 |")
    assert head("csv").startswith("fact,subject,subjectLabel,property,")
    assert '"Asserted"' in head("json")


def test_each_section_of_a_profile_has_a_name_in_both_languages() -> None:
    sections = re.findall(r'"([a-z]+)"', load_catalog()["city-profile"].text)
    assert len(sections) > 10
    for language in ("en", "zh"):
        assert [s for s in sections if not page_texts(language).or_else(f"value.{s}", "")] == []


def test_texts_in_another_language_are_marked_for_people_alone() -> None:
    def phases(format_: str, language: str = "zh") -> str:
        run = ("query", "run", "corridor-phases", "-f", format_)
        return g60kg("--lang", language, *run).stdout.replace("\\", "")

    slogan = "Originating from Songjiang"
    for format_ in ("table", "md"):
        assert f"[en] {slogan}" in phases(format_)
        assert f"[en] {slogan}" not in phases(format_, "en")
    for format_ in ("csv", "tsv", "json", "html"):
        assert slogan in phases(format_)
        assert f"[en] {slogan}" not in phases(format_)


def test_headings_of_a_query_differ_in_chinese() -> None:
    for query in load_catalog().values():
        names = [page_texts("zh").column(name) for name in query.columns]
        assert len(set(names)) == len(names)


def test_what_is_added_and_its_history_are_in_chinese() -> None:
    assert chinese("1 fact and 8 other statements added.") == "已添加 1 条事实和 8 条其他陈述。"
    assert chinese("Add 2 facts?") == "是否添加 2 条事实？"
    line = "2026-11-27T07:11:39.295Z  added 1 fact and 8 other statements by root"
    assert chinese(line) == "2026-11-27T07:11:39.295Z  root 添加 1 条事实和 8 条其他陈述"
    removed = "Retracted: 1 fact, 32 triples; other sources still mention id:a, id:b and 2 more."
    assert chinese(removed) == (
        "已撤回：1 条事实、32 个三元组；其他来源仍提到 id:a、id:b 等，另有 2 项。"
    )
    assert chinese("2 mistakes in 1 row; nothing was written.") == (
        "1 行中有 2 处错误；未写出任何内容。"
    )


@pytest.mark.parametrize(
    "text",
    [
        "error: " * 280,
        "Delete it. " * 180,
        ": " * 990,
        ". " * 990,
        "No " * 600 + 'is called "x".',
        "a: b. c; " * 200,
        "x" * 5_000,
    ],
)
def test_a_text_of_many_parts_is_shown_within_limits(text: str) -> None:
    assert len(chinese(text)) <= len(text)
