"""Scope notes, which are rules on how to write a row: in both languages, with the same terms."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pyoxigraph import Literal

from g60kg.model.term_listing import TermListing, listing_lines
from g60kg.namespaces import g60, term
from g60kg.stores.local_store import LocalStore
from tests import graphs
from tests.graphs import read_turtle

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


@pytest.mark.parametrize(
    "topic", ["agents", "corridor", "dates", "economy", "figures", "governance", "places"]
)
def test_scope_notes_of_the_domain_are_in_both_languages(topic: str) -> None:
    notes = Counter(
        (triple.subject, triple.object.language)
        for triple in read_turtle(graphs.ROOT / "ontology" / f"{topic}.ttl")
        if triple.predicate == term("skos:scopeNote") and isinstance(triple.object, Literal)
    )
    assert notes
    for subject, _ in notes:
        assert notes[subject, "en"] == notes[subject, "zh"], subject


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_list_of_terms_has_the_rules_in_the_language_of_the_reader(
    language: str, store: LocalStore
) -> None:
    listed = TermListing(store, language).of("Project")
    found = {one["name"]: one for one in listed["predicates"]}
    assert found["startedOn"]["scope"] == rules("startedOn", language)[0]
    assert any(rules("startedOn", language)[0] in line for line in listing_lines(listed))
