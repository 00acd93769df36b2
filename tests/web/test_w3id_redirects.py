"""The redirects of w3id.org, by an interpreter of their rules, followed to the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial

import pytest

from docs.make.snippets import ROOT
from tests.conftest import ARTICLE
from tests.web.asking import get

HOST = "https://g60.example.org"
FILE = ROOT / "deploy" / "w3id" / ".htaccess"
CODES = "https://example.org/g60kg/docs/codes.md"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE, JSON_LD, RDF_XML, N_TRIPLES, PAGE = (
    "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples",
    "text/html",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A RewriteRule: its pattern and target, and patterns that Accept must match."""

    pattern: str
    target: str
    conditions: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in order."""
    found: list[Rule] = []
    conditions: list[str] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("RewriteCond %{HTTP_ACCEPT} "):
            assert len(words) == 3
            conditions.append(words[2])
        elif line.startswith("RewriteRule "):
            pattern, target, flags = words[1:]
            assert flags == "[R=303,L]"
            found.append(Rule(pattern, target, tuple(conditions)))
            conditions = []
        else:
            assert (
                not words
                or words[0] in ("#", "Options", "RewriteEngine", "Header")
                or (line.startswith("#"))
            ), line
    return tuple(found)


def rule_for(path: str, accept: str = "") -> Rule | None:
    """Return the first rule that applies, as mod_rewrite evaluates them."""
    for rule in rules():
        if re.search(rule.pattern, path) and all(re.search(one, accept) for one in rule.conditions):
            return rule
    return None


def redirected(path: str, accept: str = "") -> str | None:
    """Return the target for a path; a query is kept, as the targets have none."""
    path, _, query = path.partition("?")
    rule = rule_for(path, accept)
    if rule is None:
        return None
    found = re.search(rule.pattern, path)
    assert found is not None
    target = re.sub(r"\$(\d)", partial(_group, found), rule.target)
    return f"{target}?{query}" if query else target


def _group(found: re.Match[str], number: re.Match[str]) -> str:
    return found[int(number[1])] or ""


#: Paths below https://w3id.org/g60kg/, an Accept header, the target, the type of the last answer.
CASES = [
    ("id/hangzhou", "", "/id/hangzhou", TURTLE),
    ("id/suzhou", BROWSER, "/id/suzhou", PAGE),
    ("id/hangzhou", "text/turtle", "/id/hangzhou.ttl", TURTLE),
    ("id/hangzhou", "text/turtle;q=0.5, application/ld+json", "/id/hangzhou", JSON_LD),
    ("id/hangzhou?format=rdfxml", "", "/id/hangzhou?format=rdfxml", RDF_XML),
    (f"id/article-{ARTICLE}", BROWSER, f"/id/article-{ARTICLE}", PAGE),
    ("fact/gbt2260-7d92e150ac77", JSON_LD, "/fact/gbt2260-7d92e150ac77.jsonld", JSON_LD),
    (f"quote/{ARTICLE}-7414-7455", RDF_XML, f"/quote/{ARTICLE}-7414-7455.rdf", RDF_XML),
    (f"graph/{ARTICLE}", N_TRIPLES, f"/graph/{ARTICLE}.nt", N_TRIPLES),
    ("measure/population", "", "/measure/population", TURTLE),
    ("measure/population", BROWSER, "/measure/population", PAGE),
    ("measure/population.jsonld", "", "/measure/population.jsonld", JSON_LD),
    ("ontology", "text/turtle", "/ontology.ttl", TURTLE),
    ("ontology/", "", "/ontology", TURTLE),
    ("ontology", BROWSER, "/ontology", PAGE),
    ("ontology/Enterprise", "", "/ontology/Enterprise", TURTLE),
    ("shapes/FactHasEvidence", BROWSER, "/shapes/FactHasEvidence", PAGE),
    ("shapes", "text/turtle", "/shapes.ttl", TURTLE),
    ("project", "", "/project", TURTLE),
    ("project.jsonld", "", "/project.jsonld", JSON_LD),
    ("id/hangzhou.rdf", "text/turtle", "/id/hangzhou.rdf", RDF_XML),
    ("ontology.jsonld", "", "/ontology.jsonld", JSON_LD),
    (".well-known/void", "", "/.well-known/void", TURTLE),
    ("void", JSON_LD, "/.well-known/void", JSON_LD),
    ("queries/zones?city=id:songjiang", BROWSER, "/queries/zones?city=id:songjiang", PAGE),
    ("queries", BROWSER, "/queries", PAGE),
    ("articles", BROWSER, "/articles", PAGE),
    ("feed.atom", "", "/feed.atom", "application/atom+xml"),
    ("download/g60kg.trig.gz", "", "/download/g60kg.trig.gz", "application/gzip"),
    ("", RDF_XML, "/.well-known/void", RDF_XML),
    ("", BROWSER, "/", PAGE),
]


@pytest.mark.parametrize(("path", "accept", "place", "media_type"), CASES)
def test_an_iri_ends_in_a_document_of_the_right_type(
    path: str, accept: str, place: str, media_type: str, server: str
) -> None:
    assert redirected(path, accept) == HOST + place
    answer = get(server + place, headers={"Accept": accept or "*/*"})
    if answer.status_code == 303:
        answer = get(server + answer.headers["location"], headers={"Accept": accept or "*/*"})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_a_code_redirects_to_the_page_of_codes_and_other_paths_do_not() -> None:
    # A browser keeps the fragment after a redirect.
    for path in ("docs/codes", "docs/codes.md", "docs/codes/FactHasEvidence"):
        assert redirected(path) == CODES
    for path in (
        "nothing", "id", "id/a/b", "docs/codes/../x", "https://elsewhere.example/", "api/queries",
        "sparql", "download/../x", "queries/../x",
    ):  # fmt: skip
        assert redirected(path) is None, path


def test_each_rule_is_tested() -> None:
    used = {rule_for(path.partition("?")[0], accept) for path, accept, _, _ in CASES}
    used.add(rule_for("docs/codes"))
    assert [rule for rule in rules() if rule not in used] == []
