"""One source states a triple once, or as two terms, or with two statuses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pyoxigraph import Quad

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.namespaces import PREFIXES, compact, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Finding, Report, Status
from tests.validation.stated import bare

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
SOURCE = """
id:article-{0} a g60:Article ; rdfs:label "Article {0}"@en .
quote:{0}-1-9 a g60:Quotation ; oa:hasSource id:article-{0} ; oa:hasSelector quote:{0}-1-9-text .
quote:{0}-1-9-text a oa:TextQuoteSelector ; oa:exact "words of {0}" .
id:kuka a g60:Enterprise ; rdfs:label "Kuka"@en ; g60:locatedIn id:songjiang .
id:songjiang a g60:District ; rdfs:label "Songjiang"@en .
"""
FACT = """
fact:{0}-{1} a g60:Fact ; g60:factSubject id:kuka ; g60:factPredicate g60:locatedIn ;
    g60:factObject id:songjiang ; {2} ;
    g60:hasEvidence quote:{0}-1-9 .
"""
PLAIN = "g60:factPredicate g60:locatedIn"


def turtle(*parts: str, source: str = "one", first: int = 1) -> str:
    """A source that states one triple in Facts with these parts, numbered from the first."""
    facts = (FACT.format(source, number, part) for number, part in enumerate(parts, first))
    return HEAD + SOURCE.format(source) + "".join(facts)


def time(*times: str) -> list[str]:
    return [f'g60:time "{one}"' if one else PLAIN for one in times]


def run(store: LocalStore, *files: str, language: str = "en") -> Report:
    given = [
        incoming_of(text.encode(), f"{number}.ttl", store) for number, text in enumerate(files, 1)
    ]
    return validate(store, given, texts={}, language=language)


def twice(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.code == "SameFactTwice"]


def nodes(found: Sequence[Finding]) -> list[str]:
    return [compact(one.focus or "") for one in found]


def quads(text: str, source: str = "one") -> list[Quad]:
    given = incoming_of(text.encode(), "1.ttl", bare()).quads
    return [Quad(quad.subject, quad.predicate, quad.object, graph_name(source)) for quad in given]


def test_another_time_is_a_violation_on_the_line_of_the_second_fact() -> None:
    text = turtle(*time("2019/..", "2021/.."))
    report = run(bare(), text)
    (finding,) = twice(report)
    assert not report.conforms()
    assert finding.message == (
        "One source states the same fact twice: Kuka, located in: Songjiang, here (Article one: "
        "“words of one”) and in fact:one-1 (Article one: “words of one”). "
        "What differs: time 2021/.. here, 2019/.. there."
    )
    assert nodes([finding]) == ["fact:one-2"]
    assert text.splitlines()[(finding.line or 0) - 1].endswith('g60:time "2021/.." ;')


def test_every_difference_is_named_in_both_languages() -> None:
    text = turtle(PLAIN, 'g60:voice g60:Attributed ; g60:time "2021"')
    assert twice(run(bare(), text))[0].message.endswith(
        "What differs: time 2021 here, none there; voice attributed here, none there."
    )
    assert twice(run(bare(), text, language="zh"))[0].message.endswith(
        "不同之处：时间（此处：2021；另一处：无），转述方式（此处：他人所述；另一处：无）。"
    )


@pytest.mark.parametrize(
    "parts",
    [
        [PLAIN, "g60:voice g60:Quoted"],
        [PLAIN, "g60:wording g60:Superlative"],
        ["g60:origin g60:Derived", PLAIN],
        ["g60:factStatus g60:Goal", "g60:factStatus g60:Goal ; g60:voice g60:Attributed"],
        time("2019", ""),
        time("2010/2013", "2018/.."),
        time("2010/2013", "2018"),
        time("../2013", "2018/2021"),
        time("2010/2013", "2012/2021"),
        time("2018-05/2018-06", "2018-06-30/2018-08"),
    ],
)
def test_a_slip_is_found(parts: list[str]) -> None:
    assert nodes(twice(run(bare(), turtle(*parts)))) == ["fact:one-2"]


@pytest.mark.parametrize(
    "parts",
    [
        [PLAIN, PLAIN],
        time("2010/2013", "2018/2021"),
        time("2018/2021", "2010/2013", "2014-01/2017-12"),
        time("2018-05/2018-06", "2018-07/2018-08"),
        [PLAIN, 'g60:factStatus g60:Goal ; g60:time "2027"'],
        ['g60:factStatus g60:Past ; g60:time "../2019"', 'g60:time "2021/.."'],
    ],
)
def test_terms_and_statuses_are_further_facts(parts: list[str]) -> None:
    assert twice(run(bare(), turtle(*parts))) == []


def test_each_fact_is_reported_once_with_an_earlier_one() -> None:
    terms = time("2010/2013", "2018/2021", "2020/2022", "2012/2012", "", "2030/2031", "2018/2021")
    found = twice(run(bare(), turtle(*terms)))
    assert nodes(found) == [f"fact:one-{number}" for number in (3, 4, 5, 6)]
    others = [one.message.partition(" and in ")[2].partition(" ")[0] for one in found]
    assert others == [f"fact:one-{number}" for number in (2, 1, 1, 1)]


def test_two_sources_may_differ() -> None:
    one, two = turtle(*time("2019/..")), turtle(*time("2021/.."), source="two")
    assert twice(run(bare(), one, two)) == []
    # The same sources in one graph.
    both = [*quads(one, "reference"), *quads(two, "reference")]
    assert twice(run(bare(both))) == []


def test_a_graph_is_checked_without_files() -> None:
    report = run(bare(quads(turtle(*time("2019/..", "2021/..")))))
    assert nodes(twice(report)) == ["fact:one-2"]
    assert not report.conforms()


def test_a_fact_of_the_graph_is_the_first_of_two() -> None:
    store = bare(quads(turtle(*time("2019/.."))))
    # Its IRI comes first in the order of IRIs.
    (finding,) = twice(run(store, turtle(*time("2021/.."), first=0)))
    assert (nodes([finding]), finding.status) == (["fact:one-0"], Status.INTRODUCED)
    assert " and in fact:one-1 (" in finding.message
    assert finding.file == "1.ttl"


def test_what_the_graph_has_already_is_existing() -> None:
    store = bare(quads(turtle(*time("2019/..", "2021/.."))))
    (finding,) = twice(run(store, turtle(*time("2019/..", "2021/..", "2019/.."))))
    assert (nodes([finding]), finding.status) == (["fact:one-2"], Status.EXISTING)


def test_the_shipped_graph_has_none(store: LocalStore) -> None:
    assert twice(run(store)) == []
