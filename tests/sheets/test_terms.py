"""Two terms of one relation in one source are two Facts; two times of one statement are a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.model.article_text import Text
from g60kg.namespaces import COMPLETE_LIST, TIME
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import sheet_of
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Finding, Severity
from tests.conftest import text_of

HEADER = """\
# url: https://example.org/news/2400000003
# title: Sample
# date: 2024-05-08
# publisher: Example News
# language: {language}
# text-sha256: {text.digest}
# text-length: {text.length}
"""
#: A sentence with two terms, and another with the post.
SENTENCES = {
    "en": (
        "Li was mayor of Jinhua from 2010 to 2013 and again from 2018 to 2021.",
        "Li, former mayor of Jinhua, spoke.",
    ),
    "zh": ("李明2010年至2013年、2018年至2021年曾任金华市市长。", "金华市原市长李明讲话。"),
}


def findings(path: Path, language: str, store: LocalStore, *times: str) -> list[Finding]:
    """The findings of a sheet with the terms of a mayor; without a time: with another quotation."""
    first, second = SENTENCES[language]
    text = Text(first + second)
    terms = "".join(
        f'id:li-ming,holdsPost,id:mayor-test,"{first if time else second}",'
        f"{0 if time else len(first)},{time},Past\n"
        for time in times
    )
    path.write_text(
        HEADER.format(language=language, text=text)
        + "subject,predicate,object,quote,start,time,modality\n"
        "id:li-ming,a,Person,,,,\nid:li-ming,label@en,Li,,,,\nid:li-ming,label@zh,李明,,,,\n"
        "id:mayor-test,a,Post,,,,\nid:mayor-test,label@en,mayor of Jinhua,,,,\n"
        "id:mayor-test,label@zh,金华市市长,,,,\n"
        f'id:mayor-test,postIn,Jinhua,"{first}",0,,\n{terms}',
        encoding="utf-8",
    )
    report = validate(store, [path], texts={text.digest: text})
    # The title of the Chinese source has no English label.
    ignored = {"EntityHasEnglishLabel"}
    return [
        one
        for one in report.findings
        if one.severity is not Severity.INFO and one.code not in ignored
    ]


@pytest.mark.parametrize("language", SENTENCES)
def test_two_terms_of_a_post_are_two_facts(
    language: str, store: LocalStore, tmp_path: Path
) -> None:
    path = tmp_path / "new.csv"
    assert findings(path, language, store, "2010/2013", "2018/2021", "") == []
    quads = incoming_of(path.read_bytes(), "new.csv", store).quads
    times = {quad.subject: text_of(quad.object) for quad in quads if quad.predicate == TIME}
    assert sorted(times.values()) == ["2010/2013", "2018/2021"]


@pytest.mark.parametrize(
    "times",
    [
        ("2010/2013", "2012/2021"),
        ("2010/2013", "2018/.."),
        ("2010/2013", "2018"),
        ("../2013", "2018/2021"),
        ("2010/2013", "2018/2021", "2020/2022"),
    ],
)
def test_times_with_a_common_day_or_without_an_end_are_a_slip(
    times: tuple[str, ...], store: LocalStore, tmp_path: Path
) -> None:
    found = findings(tmp_path / "new.csv", "en", store, *times)
    assert any("states the same fact with another time" in one.message for one in found)


@pytest.mark.parametrize(
    ("predicate", "codes"),
    [("approvedOn", set()), ("openedOn", {"SecondValue", "SourceGivesOneValue"})],
)
@pytest.mark.parametrize(
    "said",
    ["The Example Zone did so in 2018 and in 2019.", "示例园区2018年、2019年两次如此。"],
    ids=["en", "zh"],
)
def test_an_entity_is_approved_more_than_once_and_opens_once(
    said: str, predicate: str, codes: set[str], store: LocalStore, tmp_path: Path
) -> None:
    path, text = tmp_path / "new.csv", Text(said)
    path.write_text(
        HEADER.format(language="en" if said.isascii() else "zh", text=text)
        + "subject,predicate,object,quote,start\nid:zone-test,a,Zone,,\n"
        "id:zone-test,label@en,Example Zone,,\nid:zone-test,label@zh,示例园区,,\n"
        + "".join(f'id:zone-test,{predicate},{year},"{said}",0\n' for year in (2018, 2019)),
        encoding="utf-8",
    )
    report = validate(store, [path], texts={text.digest: text})
    found = {one.code: one for one in report.findings if one.severity is not Severity.INFO}
    found.pop("EntityHasEnglishLabel", None)  # of the title of the Chinese source
    assert set(found) == codes
    assert not codes or "reopening" in found["SourceGivesOneValue"].message


@pytest.mark.parametrize("lists", [("complete", ""), ("", "complete"), ("", "")])
def test_a_list_is_complete_if_any_row_of_the_fact_says_so(
    lists: tuple[str, str], store: LocalStore
) -> None:
    text = "# url: https://example.org/1\nsubject,predicate,object,quote,start,list\n"
    for start, complete in enumerate(lists):
        text += f"id:corridor,spans,Songjiang,some words,{start},{complete}\n"
    made = draft(sheet_of(text, "facts.csv"), store)
    assert made.problems == ()
    assert any(one.predicate == COMPLETE_LIST for one in made.triples) is any(lists)
