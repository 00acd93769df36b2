"""The ontology keeps the rules of OOPS!, FOOPS! and ROBOT report."""

from __future__ import annotations

from typing import Final

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from g60kg.namespaces import PREFIXES, local_name
from tests import graphs
from tests.ontology.foops_rules import FOOPS, FOOPS_WITHOUT
from tests.ontology.oops_rules import OOPS, OOPS_WITHOUT
from tests.ontology.robot_rules import ROBOT, ROBOT_WITHOUT
from tests.ontology.rule_queries import Rule

_FOOPS_TESTS: Final = """
    CN1 DOC1 FIND1 FIND2 FIND3 FIND_3_BIS HTTP1 OM1 OM2 OM3 OM4_1 OM4_2 OM5_1 OM5_2 PURL1 RDF1
    URI1 URI2 VER1 VER2 VOC1 VOC2 VOC3 VOC4
"""
_ROBOT_QUERIES: Final = """
    annotation_whitespace deprecated_boolean_datatype deprecated_class_reference
    deprecated_property_reference duplicate_definition duplicate_exact_synonym duplicate_label
    duplicate_label_synonym duplicate_scoped_synonym equivalent_class_axiom_no_genus
    equivalent_pair illegal_use_of_built_in_vocabulary invalid_entity_uri invalid_xref
    label_formatting label_whitespace lowercase_definition missing_definition missing_label
    missing_obsolete_label missing_ontology_description missing_ontology_license
    missing_ontology_title missing_subset_declaration missing_superclass
    missing_synonymtype_declaration misused_obsolete_label misused_replaced_by
    multiple_asserted_superclasses multiple_definitions multiple_equivalent_class_definitions
    multiple_equivalent_classes multiple_labels multiple_logical_definitions
    ontology_metadata
"""
#: The rules of each tool.
CATALOGUES: Final = {
    "OOPS!": {f"P{number:02}" for number in range(1, 42)},
    "FOOPS!": set(_FOOPS_TESTS.split()),
    "ROBOT": set(_ROBOT_QUERIES.split()),
}
TABLES: Final = {
    "OOPS!": (OOPS, OOPS_WITHOUT),
    "FOOPS!": (FOOPS, FOOPS_WITHOUT),
    "ROBOT": (ROBOT, ROBOT_WITHOUT),
}
RULES: Final = [
    pytest.param(rule, id=f"{tool} {name}")
    for tool, (rules, _) in TABLES.items()
    for name, rule in rules.items()
]
_PROLOGUE: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def ontology() -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in graphs.ontology())
    return store


def problems(rule: Rule, store: Store) -> set[str]:
    """Return the local names of what breaks a rule."""
    found = store.query(f"{_PROLOGUE} SELECT DISTINCT ?term WHERE {{ {rule.query} }}")
    assert isinstance(found, QuerySolutions)
    terms = (solution["term"] for solution in found)
    return {local_name(one.value) if isinstance(one, NamedNode) else str(one) for one in terms}


@pytest.mark.parametrize("rule", RULES)
def test_the_ontology_keeps_the_rule(rule: Rule, ontology: Store) -> None:
    assert problems(rule, ontology) == set(rule.accepted)


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_finds_what_breaks_it(rule: Rule) -> None:
    store = Store()
    store.extend(Quad(*triple) for triple in graphs.triples(rule.wrong))
    assert problems(rule, store) - set(rule.accepted)


@pytest.mark.parametrize("tool", TABLES)
def test_every_rule_is_checked_or_has_a_reason(tool: str) -> None:
    checked, without = TABLES[tool]
    assert set(checked) | set(without) == CATALOGUES[tool]
    assert set(checked) & set(without) == set()
    reasons = [
        *without.values(),
        *(text for rule in checked.values() for text in rule.accepted.values()),
    ]
    assert all(reason.endswith(".") for reason in reasons)


def test_the_status_of_the_ontology_follows_its_version() -> None:
    values = {
        local_name(triple.predicate.value): triple.object
        for triple in graphs.ontology()
        if triple.subject == NamedNode("https://w3id.org/g60kg/ontology")
    }
    is_draft = "dev" in str(values["versionInfo"])
    assert local_name(str(values["status"]).strip("<>")) == ("draft" if is_draft else "published")
