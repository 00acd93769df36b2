"""Passages in fact sheets: words and offsets become digests, and no message repeats the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from g60kg.errors import UnreadableInput
from g60kg.gate.fact_validation import validate
from g60kg.model.article_text import Text
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import CHECKED_ON, HAS_EVIDENCE, LOCATOR, PASSAGE, VERDICT, A, g60
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import sheet_of
from g60kg.sheets.sheet_writer import fact_sheet
from g60kg.stores.local_store import LocalStore

HEADER = (
    "# url: https://example.org/news/2400000001\n# title: A sample\n# date: 2024-05-06\n"
    "# publisher: Example News\n# language: en\n"
)
COLUMNS = "subject,predicate,object,quote,passage,context,locator\n"
WORDS = "moved its seat to Hangzhou"
CONTENT = f"A headline\n\nBlue Rock is a maker of chips. In 2024, it {WORDS}.\n\nIt {WORDS} again."
TEXT = Text(CONTENT)
START = CONTENT.index("In 2024, it moved")
AT = f"{START}-{START + len('In 2024, it ' + WORDS)}"
INTRODUCED = "Blue Rock,a,Enterprise,,,,\n"


def drafted(store: LocalStore, row: str, text: Text | None = TEXT, header: str = HEADER) -> Draft:
    sheet = sheet_of(header + COLUMNS + INTRODUCED + row + "\n", "facts.csv")
    return draft(sheet, store, text)


@pytest.mark.parametrize("cell", [f'"In 2024,  it {WORDS}"', AT], ids=["words", "offsets"])
def test_words_and_offsets_become_the_same_digest(store: LocalStore, cell: str) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{cell},,")
    assert made.problems == ()
    row = made.sheet.rows[-1]
    assert row["passage"].startswith("norm-1:")
    assert f"@{AT}:" in row["passage"]
    assert row["locator"] == "paragraph 2, sentence 2"
    assert WORDS not in made.sheet.text() + "".join(map(str, made.triples))
    # The committed form compiles to the same triples without the text.
    again = draft(sheet_of(made.sheet.text(), "facts.csv"), store)
    assert again.problems == ()
    assert again.triples == made.triples


def test_the_node_is_named_for_its_digest(store: LocalStore) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,")
    (passage,) = {t.subject for t in made.triples if t.object == PASSAGE}
    digest = made.sheet.rows[-1]["passage"].split(":")[1]
    assert isinstance(passage, NamedNode)
    assert passage.value.endswith(f"/quote/2400000001-n{digest[:16]}")


def test_a_context_is_further_evidence(store: LocalStore) -> None:
    row = f'Blue Rock,locatedIn,Hangzhou,"{WORDS}.",,Blue Rock is a maker of chips,'
    made = drafted(store, row)
    assert made.problems == ()
    assert len([t for t in made.triples if t.predicate == HAS_EVIDENCE]) == 2
    assert made.sheet.rows[-1]["context"].startswith("norm-1:")


def test_the_same_words_at_two_places_are_one_node(store: LocalStore) -> None:
    second = CONTENT.rindex(WORDS)
    first = CONTENT.index(WORDS)
    places = "|".join(f"{at}-{at + len(WORDS)}" for at in (first, second))
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{places},,")
    assert made.problems == ()
    assert len([t for t in made.triples if t.object == PASSAGE]) == 1
    assert len([t for t in made.triples if t.predicate == LOCATOR]) == 2


ZEROS = "0" * 64


@pytest.mark.parametrize(
    ("cells", "text", "column", "message"),
    [
        (f"{WORDS},,", None, "passage", "--article"),
        (f"{AT},,", None, "passage", "needs the article's text"),
        (f",{WORDS},", None, "context", "needs the article's text"),
        (f",{AT},", TEXT, "context", "no quote or passage"),
        (f"{WORDS},,", TEXT, "passage", "occurs 2 times in the text"),
        ("moved its SEAT to Hangzhou,,", TEXT, "passage", "not in the article's text"),
        ("10-9999,,", TEXT, "passage", "10-9999 is not a span"),
        ("norm-1:0123,,", TEXT, "passage", "digest of the passage is incomplete"),
        ("the chips,,", TEXT, "passage", "not in the article's text"),
        ("maker of chip,,", TEXT, "passage", "at least 12 are needed"),
        (f"norm-1:{ZEROS}:40,,", TEXT, "passage", "not in the article's text"),
        (f"norm-1:{ZEROS}:40,,", None, "locator", "no locator"),
        (f"norm-1:{ZEROS}:40@3-60:{ZEROS},,", TEXT, "passage", "not at 3-60"),
        (f"norm-1:{ZEROS}:40,,a|b", None, "locator", "more locators (2) than passages (1)"),
        (",,paragraph 2", TEXT, "locator", "no passage"),
    ],
)
def test_errors_name_the_column_and_never_repeat_the_words(
    store: LocalStore, cells: str, text: Text | None, column: str, message: str
) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{cells}", text)
    errors = [str(problem) for problem in made.problems if problem.column == column]
    assert any(message in error for error in errors), made.problems
    said = "".join(map(str, made.problems)).lower()
    assert "seat" not in said
    assert "chip" not in said


def test_a_sheet_that_may_not_reproduce_holds_no_quote(store: LocalStore) -> None:
    header = HEADER + "# reproduce: no\n"
    made = drafted(store, f'Blue Rock,locatedIn,Hangzhou,"{WORDS}",,,', header=header)
    (problem,) = made.problems
    assert problem.column == "quote"
    assert WORDS not in str(problem)


def test_the_header_takes_no_other_answer() -> None:
    with pytest.raises(UnreadableInput, match="yes or no"):
        sheet_of("# reproduce: never\n" + COLUMNS, "facts.csv")


def test_a_verdict_needs_an_unchanged_sheet(store: LocalStore) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,")
    assert verdicts(made) == 1
    changed = made.sheet.text().replace(f"@{AT}:", "@5-60:")
    assert verdicts(draft(sheet_of(changed, "facts.csv"), store)) == 0
    # A mistake in any row: nothing was compared.
    wrong = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,\nBlue Rock,locatedIn,Nowhere,,,,")
    assert "checked" not in wrong.sheet.header


def test_a_passage_without_offsets_is_compared_with_any_copy(store: LocalStore) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,")
    cell = made.sheet.rows[-1]["passage"].partition("@")[0]
    row = f"Blue Rock,locatedIn,Hangzhou,,{cell},,second paragraph"
    copy = Text(f"A newspaper\n{CONTENT.replace(' ', '  ')}\n{CONTENT}")
    compared = drafted(store, row, copy)
    assert compared.problems == ()
    assert compared.sheet.rows[-1]["passage"] == cell
    assert "text-sha256" not in compared.sheet.header
    assert verdicts(compared) == 1
    assert draft(sheet_of(compared.sheet.text(), "facts.csv"), store).triples == compared.triples
    (problem,) = drafted(store, row, Text("Another text.")).problems
    assert problem.column == "passage"


def in_graph(triple: Triple, made: Draft) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, made.graph)


def verdicts(made: Draft) -> int:
    return len([t for t in made.triples if t.predicate in (VERDICT, CHECKED_ON)]) // 2


def test_an_exported_sheet_compiles_to_the_same_triples(store: LocalStore) -> None:
    second = CONTENT.rindex(WORDS)
    rows = (
        f"Blue Rock,locatedIn,Hangzhou,,{AT}|{second}-{second + len(WORDS)},,\n"
        f'Blue Rock,alternativeName,BR,"Blue Rock is a maker",,Blue Rock is a maker of chips,'
    )
    made = drafted(store, rows)
    assert made.problems == ()
    written = fact_sheet([in_graph(triple, made) for triple in made.triples], Vocabulary(store))
    again = draft(sheet_of(written, "facts.csv"), store)
    assert again.problems == ()
    assert set(again.triples) == set(made.triples)
    assert (
        fact_sheet([in_graph(triple, made) for triple in again.triples], Vocabulary(store))
        == written
    )


def test_a_source_of_passages_alone_is_exported_as_not_reproducible(store: LocalStore) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,")
    quads = [in_graph(triple, made) for triple in made.triples]
    assert "# reproduce: no\n" in fact_sheet(quads, Vocabulary(store))


def test_a_verdict_on_some_evidence_alone_is_not_exported(store: LocalStore) -> None:
    made = drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,")
    quads = [in_graph(triple, made) for triple in made.triples if triple.predicate != VERDICT]
    quads += [
        Quad(triple.subject, VERDICT, g60("Moved"), made.graph)
        for triple in made.triples
        if triple.predicate == A and triple.object == PASSAGE
    ]
    assert "# checked" not in fact_sheet(quads, Vocabulary(store))


def test_a_finding_shows_the_locator_in_place_of_the_words(
    store: LocalStore, tmp_path: Path
) -> None:
    file = tmp_path / "facts.csv"
    file.write_text(drafted(store, f"Blue Rock,locatedIn,Hangzhou,,{AT},,").sheet.text(), "utf-8")
    report = validate(store, [file], texts={TEXT.digest: TEXT})
    (finding,) = (one for one in report.findings if one.code == "EvidenceLacksSubject")
    assert "[not reproduced: paragraph 2, sentence 2]" in finding.message
    assert WORDS not in repr(report)
    assert finding.hint is not None
    assert "column context of the row" in finding.hint
    assert "uot" not in finding.hint


def test_locators_of_chinese_sheets_are_chinese(store: LocalStore) -> None:
    text = Text("标题\n蓝石是一家芯片企业。二〇二四年，它把总部迁到了杭州。")
    header = HEADER.replace("language: en", "language: zh")
    made = drafted(
        store, "Blue Rock,locatedIn,Hangzhou,,二〇二四年，它把总部迁到了杭州,,", text, header
    )
    assert made.problems == ()
    assert made.sheet.rows[-1]["locator"] == "第2段第2句"
