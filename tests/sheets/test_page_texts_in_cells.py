"""A sheet accepts the words of pages and of texts for comparators, units and opinions."""

from __future__ import annotations

import pytest

from g60kg.model.i18n import page_texts
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import g60, local_name
from g60kg.stores.local_store import LocalStore
from tests.conftest import text_of
from tests.sheets.test_statements import compiled

COMPARATORS = ("approximately", "nearly", "lessThan", "greaterThan", "atLeast", "atMost")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", COMPARATORS)
def test_comparators(store: LocalStore, language: str, name: str) -> None:
    word = page_texts(language)(f"comparator.{name}", n="").strip()
    vocabulary = Vocabulary(store)
    (meant,) = vocabulary.comparator_names.meanings(word)
    assert vocabulary.notation(meant) == name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_units(store: LocalStore, language: str) -> None:
    vocabulary = Vocabulary(store)
    text = page_texts(language)
    units = {local_name(unit.value) for one in vocabulary.measures.values() for unit in one.units}
    for name in sorted(units):
        (meant,) = vocabulary.unit_names.meanings(text(f"unit-name.{name}"))
        assert local_name(meant.value) == name
    (people,) = vocabulary.unit_names.meanings(text("unit-name.NUM.people"))
    assert local_name(people.value) == "NUM"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_opinions(store: LocalStore, language: str) -> None:
    word = page_texts(language)("modality.evaluative")
    assert Vocabulary(store).modality_names.meanings(word) == (g60("Evaluative"),)


@pytest.mark.parametrize(
    ("measure", "unit", "meant"),
    [
        ("territory-area", "square kilometers", "KiloM2"),
        ("territory-area", "square kilometres", "KiloM2"),
        ("territory-area", "sq km", "KiloM2"),
        ("territory-area", "平方千米", "KiloM2"),
        ("floor-area", "square meters", "M2"),
        ("production-capacity", "tons", "TONNE"),
        ("production-capacity", "GWh", "GigaW-HR"),
        ("production-capacity", "吉瓦时", "GigaW-HR"),
        ("production-capacity", "megawatts", "MegaW"),
        ("population", "persons", "NUM"),
        ("population", "parsecs", None),
        *(("enterprise-count", word, "NUM") for word in ("firms", "Companies", "企业", "家", "户")),
        ("new-enterprise-count", "enterprises", "NUM"),
        ("patent-count", "patents", "NUM"),
        ("enterprise-count", "patents", None),
        ("enterprise-count", "km", None),
        ("floor-area", "firms", None),
    ],
)
def test_units_of_texts(store: LocalStore, measure: str, unit: str, meant: str | None) -> None:
    made = compiled(store, f"Songjiang,measure:{measure},5,words,5,{unit}", columns="unit")
    units = {text_of(t.object) for t in made.triples if t.predicate == g60("unit")}
    assert {local_name(one) for one in units} == ({meant} if meant else set())


@pytest.mark.parametrize(
    ("category", "meant"), [("drones; Little-giant enterprises", {"NUM"}), ("drones", set())]
)
def test_the_unit_of_a_count_may_be_its_category(
    store: LocalStore, category: str, meant: set[str]
) -> None:
    row = f"Songjiang,measure:product-count,5,words,5,little-giant enterprises,{category}"
    made = compiled(store, row, columns="unit,category")
    units = {text_of(t.object) for t in made.triples if t.predicate == g60("unit")}
    assert {local_name(one) for one in units} == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *(("some", "Approximately"), ("左右", "Approximately"), ("近", "Nearly")),
        *((word, "GreaterThan") for word in ("超", "逾", "突破", "余", "多", "exceeding")),
        *(("以上", "AtLeast"), ("or more", "AtLeast"), ("以内", "AtMost")),
    ],
)
def test_comparators_of_texts(store: LocalStore, word: str, meant: str) -> None:
    made = compiled(store, f"Songjiang,population,5,words,5,{word}", columns="comparator")
    assert {t.object for t in made.triples if t.predicate == g60("comparator")} == {g60(meant)}
