"""Rows in every format: independent readers get the terms back, people get a table that fits."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Variable,
    parse_query_results,
)
from rdflib.query import Result

from g60kg.errors import UsageError
from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.sources import Source
from g60kg.namespaces import entity, term
from g60kg.row_formats import (
    FORMATS,
    Evidenced,
    write_answer,
    write_rows,
)
from g60kg.row_formats.evidence_rows import Row
from g60kg.stores.base import Term

#: The formats that are text.
TEXTS = [name for name in FORMATS if name != "xlsx"]
ARTICLE = entity("article-2307119874").value
SOURCE = Source(
    ARTICLE, "走廊专题", publisher="SHINE", date="2023-07-11", url="https://example.org/a?b=1"
)
OF_SOURCE = ["走廊专题", "SHINE", "2023-07-11", "https://example.org/a?b=1"]
HOSTILE = [
    '=HYPERLINK("https://example.org")',
    'a "quoted", comma',
    "tab\there",
    "two\nlines",
    "\r\n",
    "\\t not a tab",
    "<script>alert(1)</script>",
    "pipe | and `code` and *stars* and [link](javascript:alert(1))",
    "]]> & &amp;",
    "\x1b[31mred\x07",
    "\u202egnp.exe",
    "长三角G60科创走廊",
    "\U0001f3d9\ufe0f",
    "",
    " blanks around ",
]


def written(
    format_: str, columns: Sequence[str], rows: Sequence[Evidenced], evidence: bool = False
) -> str:
    out = io.StringIO(newline="")
    assert write_rows(format_, columns, iter(rows), out, evidence=evidence) == len(rows)
    return out.getvalue()


def alone(*rows: Row) -> list[Evidenced]:
    return [(row, ()) for row in rows]


def quotation(words: str, start: int | None, modality: str = "asserted") -> Quotation:
    end = None if start is None else start + len(words)
    return Quotation(
        words,
        ARTICLE,
        "A feature on the corridor",
        start,
        end,
        modality,
        "urn:x:fact",
        EvidenceKind.RECORD if start is None else EvidenceKind.QUOTATION,
        source=SOURCE,
    )


def decimal(number: str) -> Literal:
    return Literal(number, datatype=term("xsd:decimal"))


ENTERPRISES = ("enterprise", "enterpriseLabel", "industry", "industryLabel", "value")
OMNIVISION: Row = (
    entity("omnivision"),
    Literal("OmniVision", language="en"),
    entity("integrated-circuits"),
    Literal("integrated circuits", language="en"),
    decimal("57920000"),
)
HUAWEI: Row = (entity("华为"), Literal("华为长三角", language="zh"), None, None, decimal("840"))
EVIDENCED: list[Evidenced] = [
    (
        OMNIVISION,
        (quotation("major companies such as OmniVision and others", 3383), quotation("Omni", 9)),
    ),
    (HUAWEI, (quotation("310117", None, "derived"),)),
]

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)
terms: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    st.sampled_from([NamedNode("https://example.org/a?b=1&c=2"), entity("华为")]),
    st.sampled_from([BlankNode("b1"), BlankNode("b2")]),
    texts.map(Literal),
    st.builds(lambda text: Literal(text, language="zh-hans"), texts),
    st.builds(lambda text: Literal(text, datatype=term("xsd:decimal")), texts),
)
tables = st.lists(st.lists(terms, min_size=3, max_size=3), max_size=5)
NAMES = ("a", "b", "c")


def read_by_oxigraph(text: str, format_: QueryResultsFormat) -> list[list[object]]:
    solutions = parse_query_results(text, format_)
    assert isinstance(solutions, QuerySolutions)
    columns = [Variable(name) for name in NAMES]
    assert list(solutions.variables) == columns
    return [[solution[name] for name in columns] for solution in solutions]


def read_by_rdflib(text: str, format_: str) -> list[list[object]]:
    result = Result.parse(io.BytesIO(text.encode()), format=format_)
    return [[_ours(row.get(rdflib.Variable(name))) for name in NAMES] for row in result.bindings]


def _ours(found: object) -> Term | None:
    if isinstance(found, rdflib.URIRef):
        return NamedNode(str(found))
    if isinstance(found, rdflib.BNode):
        return BlankNode(str(found))
    if isinstance(found, rdflib.Literal):
        if found.language:
            return Literal(str(found), language=found.language)
        return Literal(str(found), datatype=NamedNode(found.datatype) if found.datatype else None)
    return None


@pytest.fixture(scope="module", autouse=True)
def _literals_as_written() -> Iterator[None]:
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    yield
    rdflib.NORMALIZE_LITERALS = normalize


def same_but_blank_labels(read: Sequence[Sequence[object]], rows: Sequence[Row]) -> bool:
    def unlabelled(table: Sequence[Sequence[object]]) -> list[list[object]]:
        labels: dict[object, str] = {}
        return [
            [
                labels.setdefault(cell, f"_:{len(labels)}") if isinstance(cell, BlankNode) else cell
                for cell in row
            ]
            for row in table
        ]

    return unlabelled(read) == unlabelled(rows)


@given(tables)
def test_json_and_tsv_are_read_back_by_oxigraph(rows: list[list[Term | None]]) -> None:
    for format_, reader in (("json", QueryResultsFormat.JSON), ("tsv", QueryResultsFormat.TSV)):
        read = read_by_oxigraph(written(format_, NAMES, alone(*rows)), reader)
        assert same_but_blank_labels(read, rows)


def _in_xml(cell: Term | None) -> Term | None:
    """A cell as XML can hold it."""
    if not isinstance(cell, Literal):
        return cell
    value = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", cell.value)
    if cell.language:
        return Literal(value, language=cell.language)
    return Literal(value, datatype=cell.datatype)


@given(tables)
def test_xml_is_read_back_by_both(rows: list[list[Term | None]]) -> None:
    text = written("xml", NAMES, alone(*rows))
    expected = [[_in_xml(cell) for cell in row] for row in rows]
    assert same_but_blank_labels(read_by_oxigraph(text, QueryResultsFormat.XML), expected)
    assert same_but_blank_labels(read_by_rdflib(text, "xml"), expected)


@given(tables)
def test_json_is_read_back_by_rdflib(rows: list[list[Term | None]]) -> None:
    assert same_but_blank_labels(read_by_rdflib(written("json", NAMES, alone(*rows)), "json"), rows)


@given(tables)
def test_csv_keeps_every_value_as_it_is(rows: list[list[Term | None]]) -> None:
    text = written("csv", NAMES, alone(*rows))
    bare = [
        ["" if c is None else str(c) if isinstance(c, BlankNode) else c.value for c in row]
        for row in rows
    ]
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [list(NAMES), *bare]


def test_csv_and_tsv_as_rdflib_reads_them() -> None:
    rows: list[Row] = [
        (entity("a"), Literal("two\nlines, and a comma"), None),
        (entity("b"), Literal("=1+1"), Literal("x")),
    ]
    assert read_by_rdflib(written("csv", NAMES, alone(*rows)), "csv") == [list(r) for r in rows]
    typed: list[Row] = [(entity("a"), Literal("Lin\tgang", language="en"), decimal("5.0"))]
    assert read_by_rdflib(written("tsv", NAMES, alone(*typed)), "tsv") == [list(typed[0])]


def test_csv_lines_end_as_rfc_4180_says() -> None:
    assert written("csv", ("a", "b"), alone((Literal("x"), None))) == "a,b\r\nx,\r\n"


def test_members_are_asked_for_after_the_last_row() -> None:
    taken: list[int] = []

    def rows() -> Iterator[Evidenced]:
        for number in range(3):
            taken.append(number)
            yield (Literal(number),), ()

    out = io.StringIO()
    write_rows("json", ["n"], rows(), out, members=lambda: {"meta": {"rows": len(taken)}})
    assert json.loads(out.getvalue())["meta"] == {"rows": 3}


def test_evidence_in_json_is_a_member_beside_the_bindings() -> None:
    answer = json.loads(written("json", ENTERPRISES, EVIDENCED, evidence=True))
    assert len(answer["evidence"]) == len(answer["results"]["bindings"]) == 2
    assert answer["evidence"][0][1] == {
        "quote": "Omni",
        "article": ARTICLE,
        "start": 9,
        "end": 13,
        "modality": "asserted",
        "locator": "",
        "grade": "C",
        "title": "走廊专题",
        "publisher": "SHINE",
        "date": "2023-07-11",
        "url": "https://example.org/a?b=1",
    }
    assert answer["evidence"][1][0]["start"] is None


@pytest.mark.parametrize("format_", ["csv", "tsv", "xml"])
def test_evidence_elsewhere_is_a_line_a_quotation(format_: str) -> None:
    text = written(format_, ENTERPRISES, [*EVIDENCED, (HUAWEI, ())], evidence=True)
    if format_ == "csv":
        lines = list(csv.reader(io.StringIO(text, newline="")))
        assert lines[0][-11:] == [
            "quote", "article", "start", "end", "modality", "locator", "grade",
            "title", "publisher", "date", "url",
        ]  # fmt: skip
        assert [line[-11:] for line in lines[2:]] == [
            ["Omni", ARTICLE, "9", "13", "asserted", "", "C", *OF_SOURCE],
            ["310117", ARTICLE, "", "", "derived", "", "C", *OF_SOURCE],
            [""] * 11,
        ]
        assert lines[1][:5] == lines[2][:5]
    elif format_ == "tsv":
        assert len(text.splitlines()) == 5
    else:
        assert text.count("<result>") == 4


def test_a_column_of_the_query_keeps_its_name_beside_evidence() -> None:
    text = written("csv", ("quote",), [((Literal("x"),), (quotation("y", 0),))], evidence=True)
    assert text.splitlines()[0] == (
        "quote,evidenceQuote,article,start,end,modality,locator,grade,title,publisher,date,url"
    )


@pytest.mark.parametrize("format_", TEXTS)
@pytest.mark.parametrize("evidence", [False, True])
def test_no_rows_are_a_header_alone(format_: str, evidence: bool) -> None:
    text = written(format_, ENTERPRISES, [], evidence)
    assert "enterprise" in text
    if format_ in ("csv", "tsv"):
        assert len(text.splitlines()) == 1
    if format_ == "json":
        assert json.loads(text)["results"] == {"bindings": []}


@pytest.mark.parametrize("format_", TEXTS)
def test_a_closed_pipe_is_heard_of(format_: str) -> None:
    class Closed(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        write_rows(format_, ENTERPRISES, EVIDENCED, Closed())


@pytest.mark.parametrize("format_", [name for name in TEXTS if name != "table"])
def test_rows_are_written_as_they_come(format_: str) -> None:
    out = io.StringIO()
    lengths: list[int] = []

    def rows() -> Iterator[Evidenced]:
        for _ in range(3):
            lengths.append(len(out.getvalue()))
            yield OMNIVISION, ()

    write_rows(format_, ENTERPRISES, rows(), out)
    assert lengths[0] < lengths[1] < lengths[2]


@pytest.mark.parametrize(
    ("format_", "check"),
    [
        ("json", lambda text: json.loads(text) == {"head": {}, "boolean": True}),
        ("xml", lambda text: bool(parse_query_results(text, QueryResultsFormat.XML))),
        ("csv", lambda text: text == "true\n"),
        ("table", lambda text: text == "true\n"),
    ],
)
def test_a_yes_or_no(format_: str, check: Callable[[str], bool]) -> None:
    out = io.StringIO()
    write_answer(format_, True, out)
    assert check(out.getvalue())


def test_an_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Unknown format yaml"):
        write_rows("yaml", ["a"], [], io.StringIO())
    with pytest.raises(UsageError, match="Unknown format yaml"):
        write_answer("yaml", True, io.StringIO())


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+a", "-a", "@a", "＝a", "＋a", "－a", "＠a", "=cmd|x!1"),
        *("\u202e=1", "\x0b=1", "\x85=1", "\u2028=1", "﹦1", "﹫a"),
        *("\ta", "\t=a", "\r=a", "\n=a", "x;=1", "x; =1;y", "x\n=1", "x\t@a"),
    ],
)
def test_a_formula_is_escaped_on_request(text: str) -> None:
    cells = [Literal(text), Literal(text, language="en"), Literal("-5.5e3"), Literal("a=b"), None]
    for format_ in ("csv", "tsv"):
        plain, escaped = io.StringIO(), io.StringIO()
        write_rows(format_, list("abcde"), [(cells, ())], plain)
        write_rows(format_, list("abcde"), [(cells, ())], escaped, escape_formulas=True)
        assert escaped.getvalue().count("'") == 2
        assert escaped.getvalue().replace("'", "") == plain.getvalue()
    with pytest.raises(UsageError, match="CSV and TSV"):
        write_rows("json", list("abcde"), [(cells, ())], io.StringIO(), escape_formulas=True)


def test_a_byte_order_mark_is_written_on_request() -> None:
    for format_ in ("csv", "tsv"):
        plain, marked = io.StringIO(), io.StringIO()
        write_rows(format_, ["a"], [([Literal("杭州")], ())], plain)
        write_rows(format_, ["a"], [([Literal("杭州")], ())], marked, bom=True)
        assert marked.getvalue() == "\ufeff" + plain.getvalue()
    with pytest.raises(UsageError, match="CSV and TSV"):
        write_rows("json", ["a"], [], io.StringIO(), bom=True)
