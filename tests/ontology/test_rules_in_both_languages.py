"""Scope notes, which are rules on how to write a row, and examples: in both languages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from pyoxigraph import Literal, NamedNode

from g60kg.model.term_listing import TermListing, listing_lines
from g60kg.namespaces import g60, local_name, term
from g60kg.stores.local_store import LocalStore
from tests import graphs

#: Properties between which a curator has to choose, with those that their scope notes name.
CHOICES = {
    "startedOn": {"launchedOn", "constructionStartedOn", "foundedOn", "openedOn", "issuedOn"},
    "launchedOn": {"startedOn", "openedOn"},
    "openedOn": {"launchedOn", "describedAs"},
    "constructionStartedOn": {"startedOn"},
    "foundedOn": {"startedOn", "constructionStartedOn", "openedOn"},
    "foundedBy": {"initiatedBy"},
    "initiatedBy": {"foundedBy"},
}

#: Terms whose example is a date, a code or another notation, which is the same in any language.
NOTATIONS = {
    *("foundedOn", "startedOn", "constructionStartedOn", "openedOn", "issuedOn", "signedOn"),
    *("heldOn", "effectiveFrom", "coveredPeriod", "publicationDate", "referencePeriod", "time"),
    *("administrativeCode", "recordKey", "recordText", "fraction", "normalizedDigest"),
    *("Notation", "language"),
}


def languages_of(name: str) -> dict[NamedNode, Counter[str | None]]:
    """Return how many texts of a property each term has in each language."""
    found: dict[NamedNode, Counter[str | None]] = defaultdict(Counter)
    for triple in graphs.ontology():
        if triple.predicate == term(name) and isinstance(triple.object, Literal):
            assert isinstance(triple.subject, NamedNode)
            found[triple.subject][triple.object.language] += 1
    return found


def rules(name: str, language: str) -> list[str]:
    return [
        triple.object.value
        for triple in graphs.ontology()
        if (triple.subject, triple.predicate) == (g60(name), term("skos:scopeNote"))
        and isinstance(triple.object, Literal)
        and triple.object.language == language
    ]


@pytest.mark.parametrize("name", CHOICES)
def test_alternatives_are_named_in_both_languages(name: str) -> None:
    for language in ("en", "zh"):
        (rule,) = rules(name, language)
        assert set(re.findall(r"g60:(\w+)", rule)) == CHOICES[name]


def test_what_is_launched_has_one_date() -> None:
    used = {
        name: {
            triple.object
            for triple in graphs.ontology()
            if (triple.subject, triple.predicate) == (g60(name), g60("usedFor"))
        }
        for name in ("startedOn", "launchedOn")
    }
    assert used["launchedOn"] == {g60("Product"), g60("Service")}
    assert used["startedOn"].isdisjoint(used["launchedOn"])
    assert {g60("Programme"), g60("Project")} < used["startedOn"]


def test_scope_notes_are_in_both_languages() -> None:
    notes = languages_of("skos:scopeNote")
    assert notes
    for subject, languages in notes.items():
        assert languages["en"] == languages["zh"], subject


def test_examples_are_in_both_languages_unless_they_are_notations() -> None:
    texts = languages_of("skos:example")
    only_english = {local_name(subject.value) for subject, said in texts.items() if not said["zh"]}
    assert only_english == NOTATIONS
    assert all(languages["en"] == 1 for languages in texts.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_list_of_terms_has_the_rules_in_the_language_of_the_reader(
    language: str, store: LocalStore
) -> None:
    listed = TermListing(store, language).of("Project")
    found = {one["name"]: one for one in listed["predicates"]}
    assert found["startedOn"]["scope"] == rules("startedOn", language)[0]
    assert any(rules("startedOn", language)[0] in line for line in listing_lines(listed))


@pytest.mark.parametrize(("language", "example"), [("en", "national strategy"), ("zh", "国家战略")])
def test_a_list_of_terms_has_the_examples_in_the_language_of_the_reader(
    language: str, example: str, store: LocalStore
) -> None:
    listed = TermListing(store, language).of("Project")
    found = {one["name"]: one for one in listed["predicates"]}
    assert found["describedAs"]["example"] == example
    assert any(line.endswith(example) for line in listing_lines(listed))
