"""Search: ranks, order, words and parts of words, quotations, and the facts beside a result."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

import g60kg
from g60kg.errors import UsageError
from g60kg.namespaces import local_name
from g60kg.queries.binding import bind
from g60kg.queries.catalog import named_query
from g60kg.queries.entity_search import QUOTED, FoundEntity, TellingFacts, search_entities
from g60kg.queries.execution import rows_of
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore


def found(store: LocalStore, text: str) -> list[FoundEntity]:
    return search_entities(store, Resolver(store), text)


def names(entries: list[FoundEntity]) -> list[str]:
    return [local_name(entry.iri.value) for entry in entries]


def test_exact_labels_come_before_other_names_words_beginnings_and_quotations(
    store: LocalStore,
) -> None:
    entries = found(store, "hangzhou")
    assert (names(entries)[0], entries[0].rank) == ("hangzhou", 1)
    ranks = [entry.rank for entry in entries]
    assert ranks == sorted(ranks)
    assert ranks[-1] == QUOTED
    assert found(store, "AI")[0].rank == 2
    assert found(store, "robot")[0].rank == 3
    assert found(store, "manufactur")[0].rank == 4


@pytest.mark.parametrize("text", ["ai", "angzhou", "60", "hang zhou"])
def test_a_word_in_latin_script_is_not_found_inside_another(text: str, store: LocalStore) -> None:
    matched = [name.value.casefold() for entry in found(store, text) for name in entry.matched]
    assert not any("hangzhou" in name and " ai" not in f" {name}" for name in matched)


@pytest.mark.parametrize(
    "text",
    ["hangzhou", "松江", "a", "0.5", "G60科技", "Ｇ６０", "of the", "İ", "s&t in the nine cities"],
)  # fmt: skip
def test_the_entities_are_those_of_the_query(text: str, all_sources: LocalStore) -> None:
    query = named_query("search")
    bound = bind(query, Resolver(all_sources).terms(query, {"text": text}))
    rows = dict.fromkeys(row[0] for row in rows_of(all_sources, bound))
    assert [entry.iri for entry in found(all_sources, text)] == list(rows)


def test_chinese_is_found_inside_a_name(store: LocalStore) -> None:
    assert "fosun-pharma" in names(found(store, "星医"))
    assert "corridor" in names(found(store, "科创走廊"))


@pytest.mark.parametrize(
    "text",
    [
        "innovation wuhu center",
        "CENTER (Wuhu) innovation",
        "Wuhu  innovat-cent",
        "Ｗｕｈｕ center inno",
    ],
)
def test_words_have_any_order_case_width_and_punctuation(text: str, store: LocalStore) -> None:
    assert "wuhu-shanghai-industrial-innovation-center-project" in names(found(store, text))


def test_words_in_two_scripts_are_found_together(store: LocalStore) -> None:
    for text in ("走廊 g60", "G60科创走廊", "g60 长三角"):
        assert "corridor" in names(found(store, text)), text


def test_every_word_is_needed(store: LocalStore) -> None:
    assert found(store, "hangzhou zzzz") == []
    assert found(store, "songjiang g60 corridor innovation center zzzz") == []


def test_quotations_are_results_of_entities_that_no_name_matches(store: LocalStore) -> None:
    entries = [entry for entry in found(store, "international advanced") if entry.rank == QUOTED]
    assert entries
    assert all("international advanced" in name.value for e in entries for name in e.matched)
    assert all(entry.rank < QUOTED for entry in found(store, "g"))


@pytest.mark.parametrize("text", ["", "  ", "…", "***", "\u200b", "(+)"])
def test_a_text_without_a_word_is_refused(text: str, store: LocalStore) -> None:
    with pytest.raises(UsageError, match="text: The text"):
        found(store, text)


@pytest.mark.parametrize(
    "text", ["a\ud800", "x" * 401], ids=["a lone surrogate", "more than 400 characters"]
)
def test_a_text_that_is_no_name_is_refused(text: str, store: LocalStore) -> None:
    with pytest.raises(UsageError, match="text: "):
        found(store, text)


@pytest.mark.parametrize("text", ["songjiang", "松江", "innovation center"])
def test_entities_are_in_the_order_of_the_query(text: str, store: LocalStore) -> None:
    rows = g60kg.KnowledgeGraph(store).query("search", text=text).to_dicts()
    assert list(dict.fromkeys(row["entity"] for row in rows)) == [
        entry.iri.value for entry in found(store, text)
    ]


# -- The facts beside a result ------------------------------------------------


def test_facts_beside_a_result_are_relations_with_one_value_first(store: LocalStore) -> None:
    facts = TellingFacts(store, "en").of(NamedNode("https://w3id.org/g60kg/id/hangzhou"))
    assert "inProvince" in [local_name(fact.predicate.value) for fact in facts]
    assert 1 <= len(facts) <= 2
    assert [fact.further for fact in facts] == sorted(fact.further for fact in facts)


def test_a_text_is_beside_a_result_only_without_relations(store: LocalStore) -> None:
    telling = TellingFacts(store, "en")
    shown = [
        telling.of(NamedNode(f"https://w3id.org/g60kg/id/{name}"))
        for name in ("hangzhou", "songjiang", "corridor", "fosun-pharma")
    ]
    for facts in shown:
        assert len({isinstance(fact.value, Literal) for fact in facts}) <= 1


def test_an_entity_without_facts_has_one_of_which_it_is_the_value(all_sources: LocalStore) -> None:
    (fact,) = TellingFacts(all_sources, "en").of(NamedNode("https://w3id.org/g60kg/id/airbus"))
    assert (local_name(fact.predicate.value), fact.is_inverse) == ("signatory", True)


def test_facts_of_another_modality_are_the_last_choice_and_say_so(all_sources: LocalStore) -> None:
    telling = TellingFacts(all_sources, "zh")
    (fact,) = telling.of(NamedNode("https://w3id.org/g60kg/id/songjiang-hub"))
    assert (local_name(fact.predicate.value), fact.modality) == ("locatedIn", "Derived")
    (fact,) = telling.of(NamedNode("https://w3id.org/g60kg/id/smart-manufacturing"))
    assert getattr(fact.value, "language", "zh") == "zh"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nearly_all_results_have_a_fact(language: str, all_sources: LocalStore) -> None:
    telling = TellingFacts(all_sources, language)
    hits = [
        entry.iri
        for text in ("Songjiang", "satellite", "Airbus", "robot", "railway", "fund", "大学", "园区")
        for entry in found(all_sources, text)[:20]
    ]
    without = [local_name(iri.value) for iri in hits if not telling.of(iri)]
    assert len(without) <= len(hits) * 0.05, without


def test_only_the_texts_that_have_the_words_are_compared(store: LocalStore) -> None:
    resolver = Resolver(store)
    assert search_entities(store, resolver, "Songjiang")
    resolver.texts = []
    assert search_entities(store, resolver, "Songjiang") == []


def test_no_text_is_compared_with_characters_that_are_no_word(store: LocalStore) -> None:
    assert Resolver(store).texts_with("𠮷") == []
