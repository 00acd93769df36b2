"""check_duplicates: facts that the graph has, from the same source or from another one."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from g60kg.model.iri_minting import fact_iri
from g60kg.namespaces import HAS_SOURCE, ORIGIN, PREFIXES, entity, g60, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.validation.stated import bare, measured, named, quads, stated
from tests.validation.test_duplicates import codes, found

ID = PREFIXES["id"]


def test_statement_of_the_same_source_is_known() -> None:
    before = bare(stated("one", "c", "hasMemberCity", "wuhu", "Wuhu and Hefei"))
    (finding,) = found(before, stated("one", "c", "hasMemberCity", "wuhu", "other words"))
    assert (finding.code, finding.severity) == ("KnownFact", Severity.INFO)
    assert finding.message == (
        "Already known from this source: id:c, member city: id:wuhu "
        "(Article one: “Wuhu and Hefei”)."
    )
    assert (finding.focus, finding.value) == (ID + "c", ID + "wuhu")


def test_the_same_file_again_is_known_fact_by_fact(store: LocalStore) -> None:
    graph = graph_name("2307119874")
    again = list(store.quads(None, None, None, graph))
    findings = found(store, again)
    facts = {q.object for q in again if q.predicate.value.endswith("factSubject")}
    assert {finding.focus for finding in findings} == {
        node.value for node in facts if not isinstance(node, Triple)
    }
    assert set(codes(findings)) == {"KnownFact"}


def test_statement_of_another_source_is_corroborated_with_its_words() -> None:
    before = bare(
        named("one", "wuhu", "PrefectureCity", en="Wuhu"),
        stated("one", "c", "hasMemberCity", "wuhu", "Wuhu and Hefei"),
    )
    added = stated("two", "c", "hasMemberCity", "wuhu", "Wuhu alone")
    (finding,) = found(before, added)
    assert (finding.code, finding.severity) == ("Corroborated", Severity.INFO)
    assert finding.message == (
        "Also in another source: id:c, member city: Wuhu (Article one: “Wuhu and Hefei”)."
    )
    (finding,) = found(before, added, "zh")
    assert finding.message == (
        "另有来源佐证：id:c，成员城市：Wuhu（Article one：“Wuhu and Hefei”）。"
    )


@pytest.mark.parametrize(
    ("reprints", "expected"),
    [([("two", "one")], 0), ([("one", "two")], 0), ([("one", "three"), ("two", "three")], 0),
     ([("two", "three")], 1)],
    ids=["the new one", "the old one", "both of a third", "of another one"],
)  # fmt: skip
def test_a_reprint_corroborates_nothing(reprints: list[tuple[str, str]], expected: int) -> None:
    facts = {
        number: stated(number, "c", "hasMemberCity", "wuhu", number) for number in ("one", "two")
    }
    sources = {
        number: next(q.object for q in quads_ if q.predicate == HAS_SOURCE)
        for number, quads_ in facts.items()
    }
    sources["three"] = entity("article-three")
    for reprint, original in reprints:
        subject, object_ = sources[reprint], sources[original]
        assert isinstance(subject, NamedNode)
        facts[reprint].append(Quad(subject, g60("republishes"), object_, graph_name(reprint)))
    assert codes(found(bare(facts["one"]), facts["two"])) == ["Corroborated"] * expected


def test_what_curators_infer_is_not_corroborated() -> None:
    before = bare(stated("one", "c", "possiblySameAs", "d"))
    assert found(before, stated("two", "c", "possiblySameAs", "d")) == ()
    triple = Triple(entity("c"), g60("locatedIn"), entity("d"))
    inferred = {
        source: quads(source, [Triple(fact_iri(source, triple), ORIGIN, g60("Derived"))])
        for source in ("one", "two")
    }
    one, two = (stated(source, "c", "locatedIn", "d") for source in ("one", "two"))
    assert codes(found(bare(one), two)) == ["Corroborated"]
    assert found(bare(one, inferred["one"]), two) == ()
    assert found(bare(one), [*two, *inferred["two"]]) == ()


def test_figures_corroborate_when_all_of_them_is_the_same() -> None:
    before = bare(measured("one", "c", "population", 100, "Approximately", period="2020"))
    assert codes(
        found(before, measured("two", "c", "population", 100, "Approximately", period="2020"))
    ) == ["Corroborated"]
    assert found(before, measured("two", "c", "population", 100, period="2020")) == ()


def test_two_new_sources_corroborate_each_other_once() -> None:
    added = [
        *stated("one", "c", "hasMemberCity", "wuhu"),
        *stated("two", "c", "hasMemberCity", "wuhu"),
    ]
    assert codes(found(bare(), added)) == ["Corroborated"]


@pytest.mark.parametrize("status", ["Past", "Planned"])
@pytest.mark.parametrize("graphs", [("one", "two"), ("two", "one")])
def test_what_is_past_or_planned_is_not_corroborated_by_what_is_actual(
    status: str, graphs: tuple[str, str]
) -> None:
    actual = stated(graphs[0], "kejie", "headquarteredIn", "shanghai", "in Shanghai")
    other = stated(graphs[1], "kejie", "headquarteredIn", "shanghai", status=status)
    for before, added in ((bare(actual), other), (bare(), [*actual, *other])):
        (finding,) = found(before, added)
        assert (finding.code, finding.severity) == ("ActualElsewhere", Severity.INFO)
        assert finding.message == (
            f"Actual in another source, here “{status.lower()}”: id:kejie, headquartered in: "
            f"id:shanghai (Article {graphs[0]}: “in Shanghai”)."
        )
    again = found(bare(actual, other), [*actual, *other])
    assert [
        finding.message.split(":")[0] for finding in again if finding.code == "ActualElsewhere"
    ] == [f"Actual in another source, here “{status.lower()}”"]
    alike = stated(graphs[1], "kejie", "headquarteredIn", "shanghai", "as well", status=status)
    assert codes(found(bare(other), alike)) == ["KnownFact"]


def test_an_actual_fact_that_is_added_after_a_past_one_is_reported_too() -> None:
    past = [
        *stated("two", "kejie", "headquarteredIn", "shanghai", "from Shanghai", status="Past"),
        *stated("three", "kejie", "headquarteredIn", "hefei", "from Hefei", status="Past"),
    ]
    actual = stated("one", "kejie", "headquarteredIn", "shanghai", "in Shanghai")
    (finding,) = found(bare(past), actual)
    assert (finding.code, finding.severity) == ("ActualElsewhere", Severity.INFO)
    assert finding.message == (
        "Here actual, “past” in another source: id:kejie, headquartered in: id:shanghai "
        "(Article two: “from Shanghai”)."
    )
    (finding,) = found(bare(past), actual, "zh")
    assert finding.message == (
        "此处为现状，而另有来源称其为“曾经”：id:kejie，总部位于：id:shanghai"
        "（Article two：“from Shanghai”）。"
    )
    assert found(bare(past), stated("two", "kejie", "headquarteredIn", "shanghai")) == ()


def test_a_known_fact_is_reported_instead_of_a_corroborated_one() -> None:
    before = bare(
        stated("one", "c", "hasMemberCity", "wuhu"), stated("two", "c", "hasMemberCity", "wuhu")
    )
    assert codes(found(before, stated("two", "c", "hasMemberCity", "wuhu"))) == ["KnownFact"]


def test_many_sources_are_counted() -> None:
    before = bare(*(stated(f"s{n}", "c", "hasMemberCity", "wuhu") for n in range(9)))
    (finding,) = found(before, stated("two", "c", "hasMemberCity", "wuhu"))
    assert "and 6 more" in finding.message
