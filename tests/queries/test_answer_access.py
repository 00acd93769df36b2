"""Answers in Python: indexing, repeated reading, tables, data frames, JSON."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import Literal as RdflibLiteral

from g60kg.errors import UsageError
from g60kg.model.evidence import Quotation
from g60kg.namespaces import term
from g60kg.queries.answers import Answer, Pair
from g60kg.queries.catalog import load_catalog, named_query
from g60kg.queries.execution import run_named
from g60kg.queries.row_order import Row
from g60kg.stores.local_store import LocalStore


class Source:
    """Rows that count how many of them were read."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.read = 0

    def __iter__(self) -> Iterator[Pair]:
        for number in range(self._count):
            self.read += 1
            yield (Literal(str(number)),), ()


def numbered(count: int, limit: int | None = None, offset: int = 0) -> tuple[Answer, Source]:
    source = Source(count)
    return Answer(["number"], source, limit=limit, offset=offset), source


def numbers(answer: Answer) -> list[str]:
    return [row["number"] for row in answer.to_dicts()]


# -- Indexing and repeated reading ------------------------------------------


def test_a_row_is_read_by_its_index() -> None:
    answer, source = numbered(5)
    assert answer[1] == {"number": RdflibLiteral("1")}
    assert source.read == 2
    assert answer[-1]["number"] == RdflibLiteral("4")
    with pytest.raises(IndexError, match="5 rows"):
        answer[5]
    with pytest.raises(TypeError):
        answer["number"]  # type: ignore[call-overload]


def test_a_slice_is_an_answer_and_reads_no_more_than_it_needs() -> None:
    answer, source = numbered(10)
    part = answer[2:4]
    assert source.read == 4
    assert numbers(part) == ["2", "3"]
    assert not part.complete
    assert answer[:].complete
    assert numbers(answer[-2:]) == ["8", "9"]
    assert numbers(answer[::-3]) == ["9", "6", "3", "0"]
    assert numbers(part[1:]) == ["3"]


def test_a_slice_of_a_cut_answer_is_not_complete() -> None:
    answer, _ = numbered(10, limit=3)
    assert not answer[:].complete


def test_rows_are_read_once_and_iterated_as_often_as_wanted() -> None:
    answer, source = numbered(5)
    assert len(list(answer)) == len(list(answer)) == len(answer) == 5
    assert source.read == 5
    assert [row for row, _ in answer.stream()] == [row for row, _ in answer.stream()]


def test_iteration_reads_rows_as_they_are_wanted() -> None:
    answer, source = numbered(5)
    assert next(iter(answer)) == {"number": RdflibLiteral("0")}
    assert bool(answer)
    assert source.read == 1


def test_a_stream_gives_rows_that_were_read_and_keeps_no_others() -> None:
    answer, _ = numbered(5)
    assert answer[0]
    assert len(list(answer.stream())) == 5
    assert answer.complete
    for use in (answer.to_dicts, answer.stream().__next__, lambda: answer[0]):
        with pytest.raises(UsageError, match="stream"):
            use()
    assert repr(answer) == "<Answer to a query: number>"
    assert answer._repr_html_() is None


@pytest.mark.parametrize(
    ("count", "limit", "complete"), [(2, None, True), (3, None, False), (3, 2, False)]
)
def test_a_slice_keeps_its_rows_after_a_stream(
    count: int, limit: int | None, complete: bool
) -> None:
    answer, _ = numbered(count, limit)
    part = answer[:2]
    assert list(answer.stream())
    assert numbers(part) == ["0", "1"]
    assert json.loads(part.to_json())["meta"]["complete"] is complete is part.complete


def test_rows_after_an_interruption_are_not_given_as_all() -> None:
    def rows() -> Iterator[Pair]:
        yield (Literal("0"),), ()
        raise KeyboardInterrupt

    answer = Answer(["number"], rows())
    with pytest.raises(KeyboardInterrupt):
        len(answer)
    with pytest.raises(UsageError, match="interrupted"):
        len(answer)
    assert not answer.complete


def test_evidence_is_read_once() -> None:
    calls = []

    def evidence() -> dict[Row, tuple[Quotation, ...]]:
        calls.append(1)
        return {
            (Literal("0"),): (Quotation("said", "https://a.example/", "A", 0, 4, "Asserted", "f"),)
        }

    answer = Answer(["number"], Source(2), evidence=evidence)
    assert [len(quoted) for quoted in answer.evidence()] == [1, 0]
    assert answer[:1].evidence()[0][0].quote == "said"
    assert "said" in answer.to_csv(evidence=True)
    assert len(calls) == 1


def test_evidence_of_a_page_is_that_of_its_rows(store: LocalStore) -> None:
    different = []
    for name, query in load_catalog().items():
        page: dict[str, Any] = {"limit": 3, "offset": 1, "sort": f"-{query.columns[-1]}"}
        read_after = run_named(store, query, {}, **page)
        if query.evidence and read_after.evidence() != [
            quoted for _, quoted in run_named(store, query, {}, **page, evidence=True).stream()
        ]:
            different.append(name)
    assert different == []


# -- Tables -----------------------------------------------------------------


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_short_answer_prints_as_a_table(store: LocalStore) -> None:
    terms = {"city": term("id:songjiang")}
    answer = run_named(store, named_query("projects"), terms)
    lines = str(answer).splitlines()
    assert lines[0].split() == ["project", "place"]
    assert len(lines) == len(answer) + 2
    assert lines[-1] == f"{len(answer)} rows. Query: projects, city=id:songjiang."
    assert repr(answer) == str(answer)
    zh = run_named(store, named_query("projects"), terms, language="zh")
    assert str(zh).endswith(f"共 {len(zh)} 行。查询：projects，city=id:songjiang。")
    assert "松江" in str(zh)


@pytest.mark.parametrize(
    ("count", "options", "footer"),
    [
        (0, {}, "No rows."),
        (1, {}, "1 row."),
        (20, {}, "20 rows."),
        (21, {}, "1 more row. 21 rows."),
        (1000, {}, "980 more rows. 1,000 rows."),
        (1001, {}, "More than 980 more rows; len() counts them."),
        (5, {"limit": 5}, "5 rows."),
        (6, {"limit": 5}, "5 rows; the limit cut off others."),
        (50, {"limit": 30}, "10 more rows. 30 rows; the limit cut off others."),
        (6, {"offset": 2}, "4 rows after the first 2."),
        (2, {"offset": 5}, "No rows after the first 5."),
    ],
)
def test_a_table_says_what_it_leaves_out(count: int, options: dict[str, int], footer: str) -> None:
    answer, source = numbered(count, **options)
    lines = str(answer).splitlines()
    assert lines[-1] == footer
    assert len(lines) <= 22
    assert source.read <= 1001
    assert footer in (answer._repr_html_() or "")


@pytest.mark.parametrize(
    ("count", "options", "footer"),
    [
        (0, {}, "没有行。"),
        (6, {"limit": 5, "offset": 1}, "共 5 行（跳过前 1 行）。"),
        (30, {"limit": 25}, "另有 5 行未显示。共 25 行；受行数限制，还有更多行。"),
        (1001, {}, "另有超过 980 行未显示；len() 可得总数。"),
    ],
)
def test_a_table_says_so_in_chinese(count: int, options: dict[str, int], footer: str) -> None:
    answer = Answer(["number"], Source(count), language="zh", **options)  # type: ignore[arg-type]
    assert str(answer).splitlines()[-1] == footer


def test_a_table_shows_evidence_if_it_was_asked_for(store: LocalStore) -> None:
    query = named_query("enterprises")
    answer = run_named(store, query, {}, evidence=True, limit=2)
    assert "“" in str(answer)
    assert "<blockquote" in (answer._repr_html_() or "")
    assert "“" not in str(run_named(store, query, {}, limit=2))


def test_text_in_a_table_is_short_and_acts_on_nothing() -> None:
    rows: list[Pair] = [
        ((Literal("<script>alert(1)</script>\x1b[31m"),), ()),
        ((NamedNode("javascript:alert(1)"),), ()),
        ((Literal("x" * 100_000, language="en"),), ()),
    ]
    answer = Answer(["text"], rows)
    assert "\x1b" not in str(answer)
    assert len(str(answer)) < 2_000
    html = answer._repr_html_() or ""
    assert "<script>" not in html
    assert 'href="javascript' not in html
    assert len(html) < 2_000


# -- Data frames and JSON ---------------------------------------------------


def test_columns_of_numbers_are_numeric(store: LocalStore) -> None:
    pandas = pytest.importorskip("pandas")
    frame = run_named(store, named_query("quantities"), {}).to_dataframe()
    assert frame["value"].dtype == "float64"
    assert pandas.api.types.is_string_dtype(frame["period"])
    frame = run_named(store, named_query("agreements"), {}).to_dataframe()
    assert frame["year"].dtype == "Int64"
    cities = run_named(store, named_query("member-cities"), {}).to_dataframe()
    assert cities["lat"].mean() > 28
    assert "330100" in set(cities["code"])


@pytest.mark.parametrize("given", [{"subject": term("id:biopharmaceuticals")}, {"limit": 0}])
def test_columns_of_figures_are_numeric_without_a_value(
    given: dict[str, Any], store: LocalStore
) -> None:
    limit = given.pop("limit", None)
    answer = run_named(store, named_query("quantities"), given, limit=limit)
    assert {str(answer.to_dataframe()[name].dtype) for name in ("value", "upper")} == {"float64"}
    frame = answer.to_dataframe(evidence=True)
    expected = {"periodStated": "boolean", "start": "Int64", "end": "Int64", "upper": "float64"}
    assert {name: str(frame[name].dtype) for name in expected} == expected


def test_columns_of_a_query_of_the_user_without_a_value_have_no_type() -> None:
    frame = Answer(["upper"], [((None,), ())]).to_dataframe(evidence=True)
    assert [str(frame[name].dtype) for name in ("upper", "start")] == ["object", "Int64"]


@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        ([Literal(1), None], "Int64"),
        ([Literal("2018", datatype=term("xsd:gYear"))], "Int64"),
        ([Literal(1), Literal("2.5", datatype=term("xsd:decimal"))], "float64"),
        ([Literal("3", datatype=term("xsd:decimal")), None], "float64"),
        ([Literal(2**70)], "object"),
        ([Literal("NaN", datatype=term("xsd:double"))], "float64"),
        ([Literal("1e400", datatype=term("xsd:decimal"))], "str"),
        ([Literal(1), Literal("one")], "object"),
        ([Literal(True), None], "boolean"),
        ([Literal("2018-05", datatype=term("xsd:gYearMonth"))], "str"),
        ([None], "object"),
        ([], "object"),
    ],
)
def test_the_type_of_a_column_follows_the_datatypes(
    cells: list[Literal | None], dtype: str
) -> None:
    pytest.importorskip("pandas")
    frame = Answer(["x"], [((cell,), ()) for cell in cells]).to_dataframe()
    assert (str(frame["x"].dtype), len(frame)) == (dtype, len(cells))


def test_a_data_frame_with_evidence_has_a_line_for_each_quotation(store: LocalStore) -> None:
    pytest.importorskip("pandas")
    answer = run_named(store, named_query("projects"), {"city": term("id:songjiang")})
    frame = answer.to_dataframe(evidence=True)
    assert len(frame) == sum(len(quoted) or 1 for quoted in answer.evidence())
    assert list(frame.columns)[4:7] == ["quote", "article", "start"]
    assert frame["start"].dtype == "Int64"
    assert frame["quote"].str.contains("have settled in Songjiang").any()


def test_json_is_that_of_the_command_line(store: LocalStore) -> None:
    answer = run_named(store, named_query("projects"), {"city": term("id:songjiang")}, limit=2)
    written = json.loads(answer.to_json(evidence=True))
    assert len(written["results"]["bindings"]) == len(written["evidence"]) == 2
    assert written["meta"]["complete"] is False
    assert written["meta"]["query"] == "projects"


def test_plain_values_keep_their_precision() -> None:
    cell = Literal("24.9", datatype=term("xsd:decimal"))
    assert Answer(["x"], [((cell,), ())]).to_dicts() == [{"x": Decimal("24.9")}]


def test_an_answer_that_was_read_in_part_is_freed_without_the_garbage_collector(
    store: LocalStore,
) -> None:
    """The collector can run in another thread, which must not free a result of the engine."""
    gc.disable()
    try:
        answer = run_named(store, named_query("timeline"), {})
        next(iter(answer))
        reference = weakref.ref(answer)
        del answer
        assert reference() is None
    finally:
        gc.enable()
