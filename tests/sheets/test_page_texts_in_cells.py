"""A sheet accepts the words that pages show for comparators, units and opinions."""

from __future__ import annotations

import pytest

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import g60, local_name
from g60kg.stores.local_store import LocalStore
from g60kg.web.i18n import page_texts

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
