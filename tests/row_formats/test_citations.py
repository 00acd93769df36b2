"""Citations of sources: footnotes, BibTeX and CSL-JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from g60kg.errors import UsageError
from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.sources import Source, read_source
from g60kg.namespaces import LABEL, A, entity, g60, graph_name, term
from g60kg.rdf.text_excerpt import on_a_line
from g60kg.row_formats.citations import (
    FORMATS,
    Access,
    Citation,
    citations_of,
    footnote,
    format_citations,
)
from g60kg.stores.local_store import LocalStore
from tests.row_formats.bibtex_reader import printed, read_bibtex

PERMALINK = "https://w3id.org/g60kg/queries/projects?city=id%3Asongjiang"
ACCESS = Access(dt.date(2026, 11, 26), PERMALINK, "en", "g60kg 1.2.3")
IN_CHINESE = replace(ACCESS, language="zh")
ENGLISH = Source(
    entity("article-2307119874").value,
    "Nine cities & one corridor",
    publisher="SHINE",
    author="Hu Min; Tan Weiyun",
    date="2023-07-11",
    url="https://example.org/a_b?x=1&y=%20",
    language="en",
)
CHINESE = Source(
    entity("article-newsxc-568994").value,
    "【答卷】宣城:奔腾中的追风骏马",
    publisher="宣城新闻网",
    url="http://example.org/568994.html",
    language="zh",
)
DATASET = Source(entity("dataset-gbt2260").value, "GB/T 2260", kind="Dataset", edition="June 2023")

#: The shape of CSL-JSON input data, as far as these members go.
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        },
        "literal": {"type": "string"},
        "circa": {"type": "boolean"},
    },
    "additionalProperties": False,
    "minProperties": 1,
}
_TEXTS = (
    *("id", "title", "container-title", "publisher", "version"),
    *("URL", "language", "note", "genre", "archive_location"),
)
_NAME = {"type": "object", "properties": {"literal": {"type": "string"}}, "required": ["literal"]}
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "properties": {
            **{name: {"type": "string", "minLength": 1} for name in _TEXTS},
            "type": {"enum": ["article-newspaper", "webpage", "dataset"]},
            "author": {"type": "array", "minItems": 1, "items": _NAME},
            "issued": _DATE,
            "accessed": _DATE,
        },
        "additionalProperties": False,
    },
}


def quoted(source: Source | None, start: int, **changed: Any) -> Quotation:
    """A quotation of five characters, grade A, with changes."""
    iri = "" if source is None else source.iri
    one = Quotation(
        "words", iri, "", start, start + 5, "Asserted", "urn:x:fact", grade="A",
        iri=f"urn:x:{iri}-{start}", source=source,
    )  # fmt: skip
    return replace(one, **changed)


def passage(source: Source, locator: str, **changed: Any) -> Quotation:
    at = {"start": None, "end": None, "locator": locator, "iri": f"urn:x:{locator}"}
    return replace(
        quoted(source, 0),
        **{"quote": "", "kind": EvidenceKind.PASSAGE, "grade": "C", **at, **changed},
    )


def record(key: str) -> Quotation:
    return replace(quoted(DATASET, 0), start=None, quote=key, kind=EvidenceKind.RECORD)


def cited(*evidence: Quotation) -> Citation:
    (citation,) = citations_of(evidence)
    return citation


def references(*evidence: Quotation, access: Access = ACCESS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        format_citations("csl", citations_of(evidence), access)
    )
    jsonschema.validate(found, CSL)
    return found


# -- Footnotes ----------------------------------------------------------------


def test_a_footnote_has_the_source_the_places_the_grade_and_the_permalink() -> None:
    assert footnote(cited(quoted(ENGLISH, 30), quoted(ENGLISH, 3)), ACCESS) == (
        "Hu Min, Tan Weiyun, “Nine cities & one corridor”, SHINE, 11 July 2023, "
        "https://example.org/a_b?x=1&y=%20 (accessed 26 November 2026). "
        "Characters 3–8, 30–35. Grade A: compared with the source and found there. "
        f"Cited from g60kg 1.2.3: {PERMALINK}"
    )


def test_a_footnote_in_chinese_leaves_the_title_unchanged() -> None:
    assert footnote(cited(passage(CHINESE, "第4段第2句")), IN_CHINESE) == (
        "《【答卷】宣城:奔腾中的追风骏马》，宣城新闻网，无日期，"
        "http://example.org/568994.html （访问日期：2026年11月26日）。第4段第2句。"
        f"C级：段落尚未与原文比对。引自g60kg 1.2.3：{PERMALINK}"
    )


def test_a_source_without_a_date_is_cited_as_n_d() -> None:
    assert ", n.d., http://example.org" in footnote(cited(quoted(CHINESE, 0)), ACCESS)
    assert read_bibtex(format_citations("bibtex", citations_of([quoted(CHINESE, 0)]), ACCESS))[
        "newsxc-568994"
    ]["year"] == "n.d."  # fmt: skip
    (reference,) = references(quoted(CHINESE, 0))
    assert "issued" not in reference


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ([quoted(ENGLISH, 0, grade="C")], "Grade C: not compared with the source. "),
        ([passage(ENGLISH, "headline")], "Grade C: passage not compared with a text. "),
        ([passage(ENGLISH, "headline", grade="B")], "Grade B: passage not reproduced; its digest"),
        ([quoted(ENGLISH, 0, grade="X")], "Grade X: not found in the source. "),
        (
            [quoted(ENGLISH, 0), quoted(ENGLISH, 9), passage(ENGLISH, "headline")],
            "Grade A (2): compared with the source and found there. "
            "Grade C (1): passage not compared with a text. ",
        ),
    ],
)
def test_the_grades_of_the_evidence_are_reported(evidence: list[Quotation], said: str) -> None:
    assert said in footnote(cited(*evidence), ACCESS)


def test_inferred_statements_are_reported() -> None:
    inferred, stated = quoted(ENGLISH, 0, modality="Goal;Derived"), quoted(ENGLISH, 9)
    assert ". Inferred by the curator" in footnote(cited(inferred), ACCESS)
    assert ". Partly inferred by the curator" in footnote(cited(inferred, stated), ACCESS)
    both = cited(inferred, replace(inferred, modality="Asserted"))
    assert ". Partly inferred" in footnote(both, ACCESS)
    assert "Characters 0–5. Grade A: " in footnote(both, ACCESS)
    assert "nferred" not in footnote(cited(stated), ACCESS)


def test_places_are_offsets_locators_and_records_up_to_ten() -> None:
    several = passage(ENGLISH, "paragraph 2, sentence 1; paragraph 10, sentence 3")
    named = footnote(cited(passage(ENGLISH, "paragraph 10, sentence 3"), several), ACCESS)
    assert "Paragraph 2, sentence 1; paragraph 10, sentence 3. Grade" in named
    many = [quoted(ENGLISH, 10 * number) for number in range(14)]
    text = footnote(cited(passage(ENGLISH, "headline"), *many), ACCESS)
    assert text.count("–") == 10
    assert "90–95; and 5 more. " in text
    text = footnote(cited(record("310117 松江区")), ACCESS)
    assert text.startswith("“GB/T 2260”, June 2023, n.d. Record 310117 松江区. Grade A")


def test_a_descriptive_title_is_in_brackets() -> None:
    source = replace(ENGLISH, title="Feature on a city", is_descriptive=True, author="")
    assert footnote(cited(quoted(source, 0)), ACCESS).startswith("[Feature on a city], SHINE")
    assert references(quoted(source, 0))[0]["title"] == "[Feature on a city]"


def test_an_archived_copy_is_named_where_the_source_has_one() -> None:
    one = quoted(replace(ENGLISH, archive="https://archive.example/1"), 0)
    assert "). Archived at https://archive.example/1. Characters" in footnote(cited(one), ACCESS)
    assert references(one)[0]["archive_location"] == "https://archive.example/1"
    assert "Archived at" in format_citations("bibtex", citations_of([one]), ACCESS)


def test_line_breaks_and_control_characters_do_not_break_a_footnote() -> None:
    source = replace(ENGLISH, title="one\ntwo\x1b[31m", publisher="a\r\nb")
    for format_ in ("text", "bibtex"):
        text = format_citations(format_, citations_of([quoted(source, 0)]), ACCESS)
        assert "\x1b" not in text
        assert "one two" in text
    assert format_citations("text", citations_of([quoted(source, 0)]), ACCESS).count("\n") == 1


# -- BibTeX and CSL-JSON ------------------------------------------------------


def test_bibtex_has_the_fields_of_the_source_under_its_id() -> None:
    entries = read_bibtex(format_citations("bibtex", citations_of([quoted(ENGLISH, 3)]), ACCESS))
    (fields,) = entries.values()
    note = printed(fields.pop("note"))
    assert list(entries) == ["2307119874"]
    assert fields == {
        "author": "{Hu Min} and {Tan Weiyun}",
        "title": r"{Nine cities \& one corridor}",
        "publisher": "SHINE",
        "howpublished": "SHINE",
        "year": "2023",
        "month": "jul",
        "day": "11",
        "url": "https://example.org/a_b?x=1&y=%20",
        "urldate": "2026-11-26",
        "language": "english",
    }
    assert note.startswith("Characters 3–8. Grade A: ")
    assert note.endswith(PERMALINK)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_title_is_printed_by_latex_as_it_is(title: str) -> None:
    source = replace(ENGLISH, title=title, publisher=title)
    (fields,) = read_bibtex(
        format_citations("bibtex", citations_of([quoted(source, 0)]), ACCESS)
    ).values()
    assert printed(fields["title"]).strip() == on_a_line(title).strip()


@given(st.text(st.sampled_from("ab{}\\%&_ \n=,"), max_size=12))
def test_any_address_keeps_the_entry_valid(path: str) -> None:
    source = replace(ENGLISH, url=f"https://example.org/{path}")
    (fields,) = read_bibtex(
        format_citations("bibtex", citations_of([quoted(source, 0)]), ACCESS)
    ).values()
    assert fields["url"].startswith("https://example.org/")
    assert not set(fields["url"]) & set("{}\\ \n")


def test_csl_json_has_the_shape_of_its_schema() -> None:
    release = replace(CHINESE, iri="urn:release", kind="PressRelease", date="2018-11/2019")
    english, dataset, other = references(quoted(ENGLISH, 3), record("310117"), quoted(release, 0))
    assert english["id"] == "2307119874"
    assert english["type"] == "article-newspaper"
    assert english["author"] == [{"literal": "Hu Min"}, {"literal": "Tan Weiyun"}]
    assert english["issued"] == {"date-parts": [[2023, 7, 11]]}
    assert english["accessed"] == {"date-parts": [[2026, 11, 26]]}
    assert PERMALINK in english["note"]
    assert (dataset["id"], dataset["type"]) == ("dataset-gbt2260", "dataset")
    assert dataset["version"] == "June 2023"
    assert (other["type"], other["genre"]) == ("webpage", "Press release")
    assert other["issued"] == {"date-parts": [[2018, 11], [2019]]}


def test_an_approximate_date_is_cited_as_such() -> None:
    evidence = quoted(replace(ENGLISH, date="2024-08~"), 3)
    (citation,) = citations_of([evidence])
    assert references(evidence)[0]["issued"] == {"date-parts": [[2024, 8]], "circa": True}
    assert "year = {ca. 2024},\n  month = aug" in format_citations("bibtex", [citation], ACCESS)
    assert "about August 2024" in footnote(citation, ACCESS)


@pytest.mark.parametrize("date", ["2018/..", "2018-21", "about 2018"])
def test_another_date_is_a_literal_text(date: str) -> None:
    (reference,) = references(quoted(replace(ENGLISH, date=date), 0))
    assert reference["issued"] == {"literal": date}
    bibtex = format_citations(
        "bibtex", citations_of([quoted(replace(ENGLISH, date=date), 0)]), ACCESS
    )
    assert f"year = {{{date}}}" in bibtex


@pytest.mark.parametrize("format_", FORMATS)
def test_the_order_of_the_evidence_changes_no_byte(format_: str) -> None:
    evidence = [quoted(ENGLISH, 3), quoted(CHINESE, 1), quoted(ENGLISH, 30), passage(CHINESE, "x")]
    text = format_citations(format_, citations_of(evidence), ACCESS)
    assert text == format_citations(format_, citations_of(reversed(evidence)), ACCESS)
    other_day = replace(ACCESS, date=dt.date(2027, 1, 2))
    assert text != format_citations(format_, citations_of(evidence), other_day)


@pytest.mark.parametrize("format_", FORMATS)
def test_without_sources_there_are_no_citations(format_: str) -> None:
    assert format_citations(format_, citations_of([quoted(None, 0)]), ACCESS).strip() in ("", "[]")


def test_an_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Unknown format ris"):
        format_citations("ris", (), ACCESS)


# -- Sources ------------------------------------------------------------------


def test_a_source_has_the_title_of_its_own_language(own_store: Path) -> None:
    store = LocalStore.at(own_store, writable=True)
    node, graph = entity("article-1"), graph_name("1")
    any_uri = term("xsd:anyURI")
    store.extend(
        Quad(node, predicate, value, graph)
        for predicate, value in (
            (A, g60("WebPage")),
            (LABEL, Literal("A translation", language="en")),
            (LABEL, Literal("原标题", language="zh")),
            (g60("language"), Literal("zh")),
            (g60("url"), Literal("javascript:alert(1)", datatype=any_uri)),
            (g60("archivedAt"), Literal("https://archive.example/1", datatype=any_uri)),
        )
    )
    found = read_source(store, node, "en")
    assert (found.title, found.kind, found.url) == ("原标题", "WebPage", "")
    assert found.archive == "https://archive.example/1"
    assert read_source(store, NamedNode("urn:x:none"), "en").title == "urn:x:none"


def test_only_quotations_link_to_their_words() -> None:
    one = quoted(replace(ENGLISH, url="https://example.org/a"), 0, quote="high-tech, big\n& new")
    assert one.link == "https://example.org/a#:~:text=high%2Dtech%2C%20big%20%26%20new"
    assert replace(one, kind=EvidenceKind.PASSAGE).link == "https://example.org/a"
    assert replace(one, kind=EvidenceKind.RECORD).link == "https://example.org/a"
    assert replace(one, source=replace(ENGLISH, url="https://example.org/a#b")).link.startswith(
        "https://example.org/a#b:~:text=high"
    )
