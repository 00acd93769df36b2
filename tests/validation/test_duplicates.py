"""check_duplicates: names that are taken or nearly so, facts that are known, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pyoxigraph import Literal, Quad, Triple

from g60kg.model.change import Change
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, PREFIXES, entity, term
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.duplicates import check_duplicates, label_index
from g60kg.validation.report.findings import Finding, Severity, Status
from tests.validation.stated import CountingStore, bare, named, quads, stated

ID = PREFIXES["id"]
FOSUN = named("one", "fosun-pharma", "Enterprise", en="Fosun Pharma", zh="复星医药")


def found(before: LocalStore, added: Sequence[Quad], language: str = "en") -> tuple[Finding, ...]:
    outcome = check_duplicates(Change.of(before, added), Vocabulary(before), language)
    assert outcome.note is None
    return outcome.findings


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# -- Labels ------------------------------------------------------------------


def test_label_that_is_another_s_is_a_warning_that_names_it() -> None:
    (finding,) = found(bare(FOSUN), named("two", "x", "Project", en="fosun  PHARMA"))
    assert (finding.code, finding.severity) == ("LabelTaken", Severity.WARNING)
    assert finding.message == (
        "“fosun  PHARMA” is already the name of another entity: "
        "Fosun Pharma (id:fosun-pharma), kind: enterprise."
    )
    assert finding.hint == (
        "If it is the same entity, use id:fosun-pharma. If not, make the labels distinguishable."
    )
    assert (finding.focus, finding.path, finding.value) == (ID + "x", LABEL.value, "fosun  PHARMA")
    assert finding.term == '"fosun  PHARMA"@en'
    assert finding.status is Status.INTRODUCED


def test_labels_in_both_languages_count_and_a_pair_is_reported_once() -> None:
    before = bare(FOSUN)
    assert codes(found(before, named("two", "x", "Enterprise", en="New", zh="复星医药"))) == [
        "LabelTaken"
    ]
    both = named("two", "x", "Enterprise", en="Fosun Pharma", zh="复星 医药")
    assert codes(found(before, both)) == ["LabelTaken"]
    # A name may be asked for in any language, so it may be tagged with any.
    assert codes(found(before, named("two", "x", "Enterprise", zh="Fosun Pharma"))) == [
        "LabelTaken"
    ]


@pytest.mark.parametrize(
    "label", ["F\u043esun Pharma", "Fosun Ph\u0251rma", "\u0405hared", "Fo\u200dsun Pharma"]
)
def test_label_that_looks_like_another_s_is_near_it(label: str) -> None:
    before = bare(FOSUN, named("one", "shared", "Industry", en="Shared"))
    # Whatever the other labels and the kind are.
    added = named("two", "x", "Project", en=label, zh="别的名称")
    assert codes(found(before, added)) == ["NearName"]
    assert codes(found(bare(FOSUN), named("two", "x", "Project", en="Зоя"))) == []


def test_label_in_chinese() -> None:
    added = named("two", "x", "Project", zh="复星医药")
    (finding,) = found(bare(FOSUN), added, "zh")
    assert finding.message == (
        "“复星医药”已是另一实体的名称：复星医药（id:fosun-pharma），类型：企业。"
    )


def test_another_label_of_an_old_entity_counts_too() -> None:
    before = bare(FOSUN, named("one", "kuka", "Enterprise", en="Kuka"))
    added = quads("two", [Triple(entity("kuka"), LABEL, Literal("复星医药", language="zh"))])
    (finding,) = found(before, added)
    assert (finding.code, finding.focus) == ("LabelTaken", ID + "kuka")


def test_two_new_entities_with_one_label_are_reported_once() -> None:
    added = [
        *named("two", "x", "Enterprise", en="Kuka"),
        *named("two", "y", "Enterprise", en="KUKA"),
    ]
    assert codes(found(bare(), added)) == ["LabelTaken"]


def test_its_own_label_and_those_of_terms_are_nobody_else_s() -> None:
    before = bare(FOSUN)
    again = named("two", "fosun-pharma", "Enterprise", en="Fosun Pharma", zh="复星医药")
    assert found(before, again) == ()
    # The ontology has a class of that label.
    assert found(before, named("two", "x", "Enterprise", en="enterprise")) == ()


@pytest.mark.parametrize("of", ["skos:altLabel", "g60:alternativeName"])
def test_another_name_that_is_a_label_is_a_warning(of: str) -> None:
    def name(text: str) -> list[Quad]:
        return quads("two", [Triple(entity("x"), term(of), Literal(text, language="en"))])

    (taken,) = found(bare(FOSUN), name("Fosun pharma"))
    assert (taken.code, taken.path) == ("LabelTaken", term(of).value)
    (near,) = found(bare(FOSUN), name("F\u043esun Pharma"))
    assert (near.code, near.path) == ("NearName", term(of).value)
    assert found(bare(FOSUN), name("Fosun Pharmacy")) == ()
    assert found(bare(FOSUN, name("Fosun Pharma")), name("Fosun Pharma")) == ()


# -- Near names --------------------------------------------------------------


def test_new_entity_with_a_near_label_is_a_warning_that_names_the_other() -> None:
    (finding,) = found(bare(FOSUN), named("two", "x", "Enterprise", en="Fosun Pharmaceutical"))
    assert (finding.code, finding.severity) == ("NearName", Severity.WARNING)
    assert finding.message == (
        "“Fosun Pharmaceutical” is very similar to the name of another entity: "
        "Fosun Pharma (id:fosun-pharma), kind: enterprise."
    )
    assert finding.focus == ID + "x"


def test_a_name_with_a_letter_of_another_script_is_near_the_name_that_it_looks_like() -> None:
    before = bare(named("one", "hangzhou", "PrefectureCity", en="Hangzhou"))
    for name in ("Hangzh\u043eu", "Hangzh0u", "H\u0430ngzhou", "\u041dangzhou"):
        assert codes(found(before, named("two", "x", "PrefectureCity", en=name))) == ["NearName"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Hang-zhou", "Hangzhou"),
        ("Hangzh\u00f6u", "Hangzhou"),
        ("HANGZH0U", "Hangzhou"),
        ("Shangha1", "Shanghai"),
        ("H4ngzhou", "Hangzhou"),
        ("5uzhou", "Suzhou"),
        ("Hefe1", "Hefei"),
        ("Hangzh\u00f8u", "Hangzhou"),
        ("\u029cangzhou", "Hangzhou"),
        ("G6O Starlink", "G60 Starlink"),
        ("Ka\u0444ka", "Kafka"),
        ("Ka\u0444ka Works", "Kafka Works"),
    ],
)
def test_a_disguised_name_is_near_whatever_the_class(name: str, other: str) -> None:
    before = bare(named("one", "known", "PrefectureCity", en=other, zh="\u540d\u5b57"))
    added = named("two", "x", "Project", en=name, zh="\u522b\u540d")
    assert codes(found(before, added)) == ["NearName"]


@pytest.mark.parametrize(
    ("name", "other"),
    [("Starlink1", "Starlink2"), ("Area 10", "Area lO"), ("\u0424", "F")],
)
def test_numbers_and_names_in_other_scripts_are_not_disguised(name: str, other: str) -> None:
    before = bare(named("one", "known", "PrefectureCity", en=other))
    assert found(before, named("two", "x", "Project", en=name)) == ()


@pytest.mark.parametrize("first", ["腾讯", "腾讯有限公司"])
@pytest.mark.parametrize("zh", ["腾讯公司", "騰訊公司", "腾讯集团有限公司", "腾讯控股股份有限公司"])
def test_a_name_with_the_form_of_a_company_is_near_the_name_without(first: str, zh: str) -> None:
    before = bare(named("one", "tencent", "Enterprise", en="Tencent", zh=first))
    # Whatever the other label is.
    assert codes(found(before, named("two", "x", "Enterprise", en="Shark", zh=zh))) == ["NearName"]
    assert codes(found(before, named("two", "x", "Facility", en="Shark", zh=zh))) == []


@pytest.mark.parametrize("ending", [" Co., Ltd.", " Group", ", Inc.", " Group Co. Ltd", " and Co"])
def test_an_english_name_with_the_form_of_a_company_is_near_too(ending: str) -> None:
    before = bare(named("one", "tencent", "Enterprise", en="Tencent", zh="腾讯"))
    added = named("two", "x", "Enterprise", en=f"Tencent{ending}", zh="鲨鱼")
    assert codes(found(before, added)) == ["NearName"]


def test_a_similar_name_in_another_class_is_not_reported() -> None:
    assert found(bare(FOSUN), named("two", "x", "Project", en="Fosun Pharmaceutical")) == ()


def test_narrower_and_wider_classes_are_of_one_kind() -> None:
    before = bare(named("one", "songjiang", "PrefectureCity", en="Songjiang"))
    assert codes(found(before, named("two", "x", "CountyDivision", en="Songjiang District"))) == [
        "NearName"
    ]


def test_names_that_differ_in_a_language_that_both_have_are_two() -> None:
    before = bare(named("one", "chuzhou", "PrefectureCity", en="Chuzhou", zh="滁州"))
    assert found(before, named("two", "chizhou", "PrefectureCity", en="Chizhou", zh="池州")) == ()
    assert codes(found(before, named("two", "chizhou", "PrefectureCity", en="Chizhou"))) == [
        "NearName"
    ]
    assert codes(
        found(before, named("two", "x", "PrefectureCity", en="Chuzhou City", zh="滁州市"))
    ) == ["NearName"]


def test_old_entity_with_another_label_is_not_looked_at_for_near_ones() -> None:
    before = bare(FOSUN, named("one", "kuka", "Enterprise"))
    added = quads("two", [Triple(entity("kuka"), LABEL, Literal("Fosun Pharm", language="en"))])
    assert found(before, added) == ()


def test_shipped_graph_has_no_names_alike(store: LocalStore) -> None:
    instances = [
        quad for graph in store.source_graphs() for quad in store.quads(None, None, None, graph)
    ]
    assert len({quad.subject for quad in instances if quad.predicate == LABEL}) > 80
    assert {f.severity for f in found(bare(), instances)} == {Severity.INFO}


# -- Where it ends -----------------------------------------------------------


def crowd(size: int) -> list[Quad]:
    return [quad for n in range(size) for quad in named("one", f"e{n}", "Enterprise", en=f"E {n}")]


def test_of_too_many_names_some_are_looked_up_and_the_note_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_index, "READ", 20)
    hub = named("one", "hub", "Zone", en="Songjiang", zh="松江")
    before = bare(FOSUN, hub, crowd(30))
    added = [
        *named("two", "x", "Enterprise", en="Fosun Pharmaceutical"),
        *named("two", "y", "Enterprise", en="FOSUN PHARMA"),
        *named("two", "z", "Zone", en="Songjiang City"),
    ]
    outcome = check_duplicates(Change.of(before, added), Vocabulary(before))
    assert [(f.code, f.focus) for f in outcome.findings] == [
        ("LabelTaken", ID + "y"),
        ("NearName", ID + "x"),  # near to the other new one, and read with it
        ("NearName", ID + "z"),
    ]
    assert "y" in outcome.findings[1].message
    assert outcome.note == (
        "There are more than 20 names, too many to search all for similar ones: "
        "party not searched. Equal ones were looked up as written, in lower, upper and "
        "title case."
    )
    chinese = check_duplicates(Change.of(before, added), Vocabulary(before), "zh").note
    assert chinese is not None
    assert "主体未作比对" in chinese


def test_without_new_names_there_is_no_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_index, "READ", 20)
    assert found(bare(FOSUN, crowd(30)), stated("two", "e1", "inIndustry", "steel")) == ()


def test_cost_does_not_grow_with_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_index, "READ", 50)
    vocabulary = Vocabulary(bare())
    added = [
        *named("two", "x", "Enterprise", en="Fosun Pharma"),
        *stated("two", "e1", "inIndustry", "steel"),
    ]

    def read(size: int) -> int:
        others = [q for n in range(size) for q in stated("one", f"e{n}", "inIndustry", "steel")]
        store = CountingStore(bare(FOSUN, crowd(size), others))
        assert len(check_duplicates(Change.of(store, added), vocabulary).findings) == 2
        return store.read

    assert read(1000) <= read(100) + 20
