"""Scope notes that are rules on how to write a row: in both languages, with the same terms."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal

from g60kg.namespaces import g60, term
from tests import graphs

#: Properties between which a curator has to choose, with those that their scope notes name.
CHOICES = {
    "startedOn": {"launchedOn", "constructionStartedOn", "foundedOn", "openedOn"},
    "launchedOn": {"startedOn", "openedOn"},
    "openedOn": {"launchedOn", "describedAs"},
    "constructionStartedOn": {"startedOn"},
    "foundedOn": {"startedOn", "openedOn"},
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
