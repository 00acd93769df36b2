"""Fact sheets: what is read, what is refused, and all that is wrong named in one run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import UnreadableInput
from g60kg.model.article_text import Text
from g60kg.namespaces import LABEL, A, entity, g60, term
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import Sheet, read_sheet
from g60kg.stores.local_store import LocalStore

HEADER = "# url: https://example.org/news/2400000001\n# title: A sample\n# date: 2024-05-06\n"
COLUMNS = "subject,predicate,object,quote,start,occurrence,modality,time,unit,comparator\n"
TEXT = Text(
    "In 2024, Blue Rock Chips moved to Hangzhou. Blue Rock Chips has more than 300 people. "
    "“A new start,” it said."
)


def sheet_of(tmp_path: Path, rows: str, *, columns: str = COLUMNS, header: str = HEADER) -> Sheet:
    path = tmp_path / "facts.csv"
    path.write_text(header + columns + rows, encoding="utf-8")
    return read_sheet(path)


def drafted(
    tmp_path: Path, store: LocalStore, rows: str, text: Text | None = TEXT, header: str = HEADER
) -> Draft:
    return draft(sheet_of(tmp_path, rows, header=header), store, text)


GOOD = """\
Blue Rock Chips,a,Enterprise,,,,,,,
id:blue-rock-chips,label@zh,蓝石芯片,,,,,,,
Blue Rock Chips,locatedIn,杭州,Blue Rock Chips moved to Hangzhou,,,,2024,,
"""


def test_a_row_becomes_a_triple_its_fact_and_its_quotation(
    tmp_path: Path, store: LocalStore
) -> None:
    made = drafted(tmp_path, store, GOOD)
    assert made.problems == ()
    triples = set(made.triples)
    company = entity("blue-rock-chips")
    assert Triple(company, A, g60("Enterprise")) in triples
    assert Triple(company, LABEL, Literal("Blue Rock Chips", language="en")) in triples
    assert Triple(company, LABEL, Literal("蓝石芯片", language="zh")) in triples
    assert Triple(company, g60("locatedIn"), entity("hangzhou")) in triples
    (fact,) = {t.subject for t in triples if t.predicate == g60("factSubject")}
    assert Triple(fact, g60("time"), Literal("2024")) in triples
    quotations = {t.subject for t in triples if t.object == g60("Quotation")}
    assert quotations == {NamedNode("https://w3id.org/g60kg/quote/2400000001-9-42")}


def test_the_offsets_found_are_filled_in_and_then_suffice(
    tmp_path: Path, store: LocalStore
) -> None:
    first = drafted(tmp_path, store, GOOD)
    path = tmp_path / "filled.csv"
    path.write_text(first.sheet.text(), encoding="utf-8")
    second = draft(read_sheet(path), store)
    assert second.problems == ()
    assert second.triples == first.triples
    assert "9" in {row["start"] for row in first.sheet.rows}


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("Blue Rok,locatedIn,Hangzhou,moved to Hangzhou,,,,,,", "subject", "Did you mean"),
        (
            "Blue Rock Chips,locatedIn,Blue Rock Chips,moved to Hangzhou,,,,,,",
            "object",
            "add an `a` row with Facility",
        ),
        (
            "Blue Rock Chips,terminus,Hangzhou,moved to Hangzhou,,,,,,",
            "predicate",
            "is for the class TransportLine",
        ),
        ("Hangzhou,locatedAt,Zhejiang,moved to Hangzhou,,,,,,", "predicate", "located"),
        ("Hangzhou,a,PrefectureCitty,,,,,,,", "object", "PrefectureCity"),
        ("Hangzhou,population,many,moved to Hangzhou,,,,,,", "object", "57.92 million"),
        ("id:corridor,territory-area,5,moved to Hangzhou,,,,,NUM,", "unit", "KiloM2"),
        ("id:corridor,area,5,moved to Hangzhou,,,,,parsec,", "unit", "KiloM2"),
        ("Hangzhou,describedAs,hub,not in the text at all,,,,,,", "quote", "not in the article"),
        ("Hangzhou,describedAs,hub,moved to Hangzou,,,,,,", "quote", "moved to Hangzhou"),
        ("Hangzhou,describedAs,hub,Blue Rock Chips,,,,,,", "quote", "2 times"),
        (
            "Hangzhou,describedAs,hub,Blue Rock Chips,,3,,,,",
            "occurrence",
            "is not one of",
        ),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,3,,,,,", "start", "25"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,x,,,,,", "start", "offset"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,,,Certain,,,", "modality", "modalities"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,,,Derived,,,", "note", "no explanation"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,,,Attributed,,,", "attributed_to", "speaker"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,,,,last May,,", "time", "EDTF"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,,,,2024/2019,,", "time", "starts before"),
        ("Hangzhou,describedAs,hub,moved to Hangzhou,,,,2024-02-30,,", "time", "no such month or"),
        ("id:corridor,population,5,moved to Hangzhou,,,,,,quasi", "comparator", "comparators"),
        ("id:corridor,a,Xqzwv,,,,,,,", "object", "g60kg terms classes"),
        ("id:corridor,locatedIn,2023,moved to Hangzhou,,,,,,", "object", "column time"),
        ("id:Blue Rock,a,Enterprise,,,,,,,", "subject", "Write id:blue-rock."),
        ("id:blue/rock,a,Enterprise,,,,,,,", "subject", "Write id:blue-rock."),
        ("Hangzhou,describedAs,hub,,,,,,,", "quote", "needs evidence"),
        ("Hangzhou,label@e'n,Hangchow,,,,,,,", "predicate", "not a language tag"),
        ("Hangzhou,describedAs@e'n,hub,moved to Hangzhou,,,,,,", "predicate", "language tag"),
        ("Hangzhou,,hub,moved to Hangzhou,,,,,,", "predicate", "missing"),
        (
            "Hangzhou,latitude,May,moved to Hangzhou,,,,,,",
            "object",
            "takes a number",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(
    tmp_path: Path, store: LocalStore, row: str, column: str, expected: str
) -> None:
    made = drafted(tmp_path, store, GOOD + row + "\n")
    (problem,) = made.problems
    assert (problem.line, problem.column) == (8, column)
    assert expected in str(problem)


def test_ten_errors_are_reported_in_one_run(tmp_path: Path, store: LocalStore) -> None:
    rows = "".join(
        f"Nobody {number},locatedIn,Hangzhou,moved to Hangzhou,,,,,,\n" for number in range(10)
    )
    made = drafted(tmp_path, store, rows)
    assert [problem.line for problem in made.problems] == list(range(5, 15))


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("Hangzhou,situatedAt,Shanhgai,moved to Hangzhou,,,,,,", ["predicate", "object"]),
        ("Hangzhou,situatedAt,id:shangai,moved to Hangzhou,,,,,,", ["predicate", "object"]),
        ("Hangzhou,situatedAt,Blue Hills,moved to Hangzhou,,,,,,", ["predicate"]),
        ("Hangzhou,situatedAt,Shanghai,moved to Hangzhou,,,,,,", ["predicate"]),
        ("Hangzhou,umbrellas,8x,moved to Hangzhou,,,,,people,quasi",
         ["predicate", "object", "comparator"]),
        ("Hangzhou,umbrellas,8,moved to Hangzhou,,,,,people,about", ["predicate"]),
        ("Hangzhou,describedAs,hub,moved to Hangzou,x,,,,,", ["quote", "start"]),
        ("Hangzhou,describedAs,hub," + "x" * 161 + ",x,,,,,", ["quote", "quote", "start"]),
    ],
)  # fmt: skip
def test_an_unknown_predicate_or_a_wrong_offset_hides_no_other_mistake(
    tmp_path: Path, store: LocalStore, row: str, columns: list[str]
) -> None:
    assert [one.column for one in drafted(tmp_path, store, row + "\n").problems] == columns


def test_a_missing_quote_hides_no_warning_of_a_class(tmp_path: Path, store: LocalStore) -> None:
    made = drafted(tmp_path, store, "Hangzhou,hasMemberCity,Shanghai,,,,,,,\n")
    assert [one.column for one in (*made.problems, *made.warnings)] == ["quote", "predicate"]


def test_a_wrong_passage_or_record_hides_no_other_mistake(
    tmp_path: Path, store: LocalStore
) -> None:
    columns = "subject,predicate,object,quote,passage,context,dataset,record,retrieved\n"
    rows = (
        "Hangzhou,describedAs,hub,Nothing moved,500-600,,,,\n"
        "Hangzhou,describedAs,hub,,,moved to Hangzhou,,,\n"
        "Hangzhou,describedAs,hub,,,,Wikidota,Q1,last May\n"
    )
    made = draft(sheet_of(tmp_path, rows, columns=columns), store, TEXT)
    assert [(one.line, one.column) for one in made.problems] == [
        *((5, "quote"), (5, "passage"), (6, "context")),
        *((7, "dataset"), (7, "retrieved")),
    ]


def test_a_name_over_two_lines_is_an_error_and_keeps_later_rows_in_place(
    tmp_path: Path, store: LocalStore
) -> None:
    """As in Turtle: a label with a tab or a line break is a violation."""
    rows = '"Blue\nRock",a,Enterprise,,,,,,,\nNobody,locatedIn,Hangzhou,x,,,,,,\n'
    made = drafted(tmp_path, store, rows)
    assert {problem.line for problem in made.problems} == {5, 7}
    (problem,) = drafted(tmp_path, store, "Blue\tRock,a,Enterprise,,,,,,,\n").problems
    assert "The name has a tab or a line break." in str(problem)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *((f"Blue{mark}Rock", "a line break") for mark in "\u0085\u2028\u2029"),
        ("Blue\u3164Rock", "an invisible character, U+3164"),
    ],
)
def test_an_alternative_name_is_written_as_a_name(
    tmp_path: Path, store: LocalStore, name: str, said: str
) -> None:
    quoted = "moved to Hangzhou"
    made = drafted(tmp_path, store, f"Hangzhou,alternativeName,{name},{quoted},,,,,,\n")
    assert said in " ".join(map(str, made.problems))
    made = drafted(tmp_path, store, f"Hangzhou,alternativeName,Blue Rock,{quoted},,,,,,\n")
    assert "Blue Rock" not in " ".join(map(str, made.problems))


def test_two_places_of_one_statement_are_one_fact(tmp_path: Path, store: LocalStore) -> None:
    rows = GOOD + "Blue Rock Chips,locatedIn,Hangzhou,to Hangzhou,,,,,,\n"
    made = drafted(tmp_path, store, rows)
    facts = [t for t in made.triples if t.predicate == g60("factSubject")]
    evidence = [t for t in made.triples if t.predicate == g60("hasEvidence")]
    assert (len(facts), len(evidence)) == (1, 2)


def test_a_fact_cannot_be_of_two_modalities(tmp_path: Path, store: LocalStore) -> None:
    rows = GOOD + "Blue Rock Chips,locatedIn,Hangzhou,to Hangzhou,,,Evaluative,,,\n"
    (problem,) = drafted(tmp_path, store, rows).problems
    assert problem.column == "modality"


def test_another_text_than_the_sheet_was_made_from_is_refused(
    tmp_path: Path, store: LocalStore
) -> None:
    header = HEADER + f"# text-sha256: {'0' * 64}\n"
    with pytest.raises(UnreadableInput, match="another text"):
        drafted(tmp_path, store, GOOD, header=header)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"subject,predicate,quote\n", "no column object"),
        (b"subject,predicate,object,quote,colour\n", "colour"),
        (b"subject,predicate,object,quote,quote\n", "twice"),
        (b"subject,predicate,object,quote\nJos\xe9,a,City,\n", "2:4: byte 0xe9 is not UTF-8"),
        ("subject,predicate,object,quote\n".encode("utf-16"), "UTF-16"),
        (b"subject,predicate,object,quote\n\0\n", "NUL"),
        (b'subject,predicate,object,quote\n"a,b\n', "not CSV"),
        (b"# url: x\n", "no row of column names"),
    ],
)
def test_what_is_no_sheet_is_refused_with_its_place(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput) as caught:
        read_sheet(path)
    assert expected in caught.value.message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("variant", ["bom", "crlf", "tsv", "semicolon", "Capitals"])
def test_sheets_as_spreadsheets_save_them(tmp_path: Path, store: LocalStore, variant: str) -> None:
    text = HEADER + COLUMNS + GOOD
    if variant == "crlf":
        text = text.replace("\n", "\r\n")
    if variant == "Capitals":
        text = text.replace("subject,predicate", "Subject,Predicate")
    if variant in ("tsv", "semicolon"):
        text = text.replace(",", "\t" if variant == "tsv" else ";")
    path = tmp_path / ("facts.tsv" if variant == "tsv" else "facts.csv")
    path.write_text(text, encoding="utf-8-sig" if variant == "bom" else "utf-8", newline="")
    assert draft(read_sheet(path), store, TEXT).problems == ()


#: What spreadsheets and hurried hands make of a good sheet, that is understood all the same.
UNDERSTOOD = {
    "carriage returns": lambda text: text.replace("\n", "\r"),
    "empty rows and columns at the end": lambda text: text.replace("\n", ",,,\n") + ",,,\n\n",
    "Excel's separator line": lambda text: "sep=,\n" + text,
    "header lines as cells": lambda text: text.replace(
        "# title: A sample", '"# title: A, sample",,'
    ),
    "blanks around column names": lambda text: text.replace("predicate,", " Predicate ,"),
    "no-break spaces in names": lambda text: text.replace("Rock Chips,loc", "Rock\u00a0Chips,loc"),
    "characters without width": lambda text: text.replace("locatedIn", "\u200blocated\ufeffIn"),
    "RDF's own predicates": lambda text: text.replace(",a,", ",rdf:type,"),
}


@pytest.mark.parametrize("variant", UNDERSTOOD)
def test_a_sheet_is_understood_with(tmp_path: Path, store: LocalStore, variant: str) -> None:
    path = tmp_path / "facts.csv"
    text = UNDERSTOOD[variant](HEADER + COLUMNS + GOOD)
    path.write_text(text, encoding="utf-8", newline="")
    made = draft(read_sheet(path), store, TEXT)
    assert made.problems == ()
    assert made.triples[1:] == drafted(tmp_path, store, GOOD).triples[1:] or "title" in text


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        ("Facts,,,\nsubject,predicate,object,quote\n", "in the row of column names"),
        ("subject，predicate，object，quote\n", "separated by commas"),
        ("subject,predicat,object,quote\n", "did you mean predicate"),
        ("subject,predicate,object,quote,,note\n", "column 5 has no name"),
        ('subject,predicate,object,quote\n"a,b\nc,a,City,\n', "is not closed"),
        ('subject,predicate,object,quote\n"a"b,a,City,\n', "text follows the closing"),
    ],
)
def test_a_refused_sheet_says_how_to_repair_it(tmp_path: Path, content: str, reported: str) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(HEADER + content, encoding="utf-8")
    with pytest.raises(UnreadableInput) as caught:
        read_sheet(path)
    assert reported in str(caught.value)


def test_numbers_are_read_as_people_write_them(tmp_path: Path, store: LocalStore) -> None:
    for written in ("57 920 000", "５７９２００００", "57\u00a0920\u00a0000", '"57,920,000"'):
        row = f"Hangzhou,population,{written},more than 300 people,,,,,,\n"
        made = drafted(tmp_path, store, row)
        assert made.problems == ()
        assert any("57920000" in str(triple) for triple in made.triples)


def test_a_row_of_shifted_cells_has_one_mistake(tmp_path: Path, store: LocalStore) -> None:
    (problem,) = drafted(tmp_path, store, "Nobody,a,b,c,d,e,f,g,h,i,j\n").problems
    assert "11 cells under 10 columns" in str(problem)


def test_an_archived_copy_has_an_http_address(tmp_path: Path, store: LocalStore) -> None:
    address = "https://archive.example/2024/https://example.org/"
    drafted = draft(sheet_of(tmp_path, GOOD, header=f"{HEADER}# archive: {address}\n"), store, TEXT)
    archived = [one.object for one in drafted.triples if one.predicate == g60("archivedAt")]
    assert archived == [Literal(address, datatype=term("xsd:anyURI"))]
    with pytest.raises(UnreadableInput, match="address of an archived copy"):
        sheet_of(tmp_path, GOOD, header=f"{HEADER}# archive: javascript:alert(1)\n")


@pytest.mark.parametrize("key", ["url", "archive"])
def test_an_address_with_a_password_is_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    with pytest.raises(UnreadableInput, match="user name or password") as refused:
        sheet_of(tmp_path, GOOD, header=f"{HEADER}# {key}: https://user:secret@example.org/a\n")
    assert "secret" not in str(refused.value)


def test_an_invalid_publication_date_is_reported(tmp_path: Path, store: LocalStore) -> None:
    header = HEADER.replace("2024-05-06", "2023-02-30")
    (problem,) = drafted(tmp_path, store, GOOD, header=header).problems
    assert (problem.line, problem.column) == (3, "date")


def test_a_header_key_given_twice_is_reported(tmp_path: Path, store: LocalStore) -> None:
    header = HEADER + "# URL: https://a.example\n"
    (problem,) = drafted(tmp_path, store, GOOD, header=header).problems
    assert (problem.line, "url twice; the first is on line 1" in problem.message) == (4, True)


def test_the_order_of_rows_does_not_matter(tmp_path: Path, store: LocalStore) -> None:
    turned = "".join(reversed(GOOD.splitlines(keepends=True)))
    one, other = drafted(tmp_path, store, GOOD), drafted(tmp_path, store, turned)
    assert one.problems == other.problems == ()
    assert one.triples == other.triples


@given(st.binary(max_size=400))
def test_no_bytes_end_in_anything_but_a_sheet_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, store: LocalStore, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "facts.csv"
    path.write_bytes(HEADER.encode() + COLUMNS.encode() + content)
    with suppress(UnreadableInput):
        draft(read_sheet(path), store, TEXT)


@pytest.mark.parametrize("predicate", ["label@zh", "skos:hiddenLabel@zh", "alternativeName@zh"])
def test_a_name_that_a_sheet_gives_is_a_name_in_it(
    tmp_path: Path, store: LocalStore, predicate: str
) -> None:
    rows = (
        "石英湖产业园,locatedIn,松江,some words,5\n"
        f"Quartz Lake Park,{predicate},石英湖产业园,some words,5\n"
        "Quartz Lake Park,a,Zone,,\n"
    )
    made = draft(sheet_of(tmp_path, rows, columns="subject,predicate,object,quote,start\n"), store)
    assert made.problems == ()
    park, place = entity("quartz-lake-park"), entity("songjiang")
    assert Triple(park, g60("locatedIn"), place) in made.triples


@pytest.mark.parametrize(
    ("chinese", "tag"), [("", "zh"), ("Dangu,label@zh,丹古,,\n", "en")], ids=["alone", "named"]
)
def test_a_latin_word_of_a_chinese_sheet_is_english_beside_a_chinese_name(
    tmp_path: Path, store: LocalStore, chinese: str, tag: str
) -> None:
    header, columns = f"{HEADER}# language: zh\n", "subject,predicate,object,quote,start\n"
    rows = f"Dangu,a,Zone,,\n{chinese}"
    made = draft(sheet_of(tmp_path, rows, columns=columns, header=header), store)
    assert Triple(entity("dangu"), LABEL, Literal("Dangu", language=tag)) in made.triples
