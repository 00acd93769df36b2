"""The queries of ROBOT report (robot.obolibrary.org/report_queries)."""

from __future__ import annotations

from typing import Final

from tests.ontology.rule_queries import (
    CLASS,
    EQUIVALENT,
    NO_LABEL,
    SAME_LABELS,
    TERM,
    Rule,
    lacks,
    shared,
    twice,
)

ROBOT: Final = {
    "annotation_whitespace": Rule(
        r"?term ?by ?text FILTER(isLiteral(?text) && REGEX(STR(?text), '^\\s|\\s$|\\s\\s'))",
        'g60:A rdfs:label " x" .',
    ),
    "deprecated_boolean_datatype": Rule(
        "?term owl:deprecated ?x FILTER(DATATYPE(?x) != xsd:boolean)",
        'g60:A owl:deprecated "true" .',
    ),
    "deprecated_class_reference": Rule(
        """?old a owl:Class ; owl:deprecated true .
           ?term ?by ?old . FILTER(?by != dcterms:isReplacedBy)""",
        "g60:A a owl:Class ; owl:deprecated true . g60:B rdfs:subClassOf g60:A .",
    ),
    "deprecated_property_reference": Rule(
        """?old a ?kind ; owl:deprecated true . FILTER(?kind != owl:Class)
           { ?term ?old ?x } UNION { ?term ?by ?old . FILTER(?by != dcterms:isReplacedBy) }""",
        "g60:p a owl:ObjectProperty ; owl:deprecated true . g60:q rdfs:subPropertyOf g60:p .",
    ),
    "duplicate_definition": Rule(
        shared("skos:definition", "skos:definition"),
        'g60:A a owl:Class ; skos:definition "X." . g60:B skos:definition "X." .',
    ),
    "duplicate_exact_synonym": Rule(
        shared("skos:altLabel", "skos:altLabel"),
        'g60:A a owl:Class ; skos:altLabel "x" . g60:B skos:altLabel "x" .',
    ),
    "duplicate_label": Rule(shared("rdfs:label", "rdfs:label"), SAME_LABELS),
    "duplicate_label_synonym": Rule(
        shared("rdfs:label", "skos:altLabel"),
        'g60:A a owl:Class ; rdfs:label "x" . g60:B skos:altLabel "x" .',
    ),
    "equivalent_class_axiom_no_genus": Rule(
        "?term owl:equivalentClass ?x FILTER isBlank(?x)",
        "g60:A owl:equivalentClass [ a owl:Restriction ] .",
    ),
    "equivalent_pair": Rule("?term owl:equivalentClass ?x FILTER isIRI(?x)", EQUIVALENT),
    "illegal_use_of_built_in_vocabulary": Rule(
        """?term ?by ?value FILTER(isIRI(?term) && (STRSTARTS(STR(?term), STR(owl:))
             || STRSTARTS(STR(?term), STR(rdfs:)) || STRSTARTS(STR(?term), STR(rdf:))))""",
        "owl:Thing a owl:Class .",
    ),
    "invalid_entity_uri": Rule(
        "?term a ?kind FILTER(isIRI(?term) && !REGEX(STR(?term), '^https?://[!-~]+$'))",
        "<https://w3id.org/g60kg/ontology/机构> a owl:Class .",
    ),
    "label_formatting": Rule(
        r"?term rdfs:label ?text FILTER REGEX(STR(?text), '[\\n\\t\\r]')",
        r'g60:A rdfs:label "a\nb" .',
    ),
    "label_whitespace": Rule(
        r"?term rdfs:label ?text FILTER REGEX(STR(?text), '^\\s|\\s$')", 'g60:A rdfs:label "x " .'
    ),
    "lowercase_definition": Rule(
        "?term skos:definition ?text FILTER REGEX(STR(?text), '^[a-z]')",
        'g60:A skos:definition "a body." .',
    ),
    # ROBOT reads obo:IAO_0000115; the definitions here are skos:definition.
    "missing_definition": Rule(
        f"{TERM} FILTER NOT EXISTS {{ ?term skos:definition ?d }}", NO_LABEL
    ),
    "missing_label": Rule(f"{TERM} FILTER NOT EXISTS {{ ?term rdfs:label ?l }}", NO_LABEL),
    "missing_obsolete_label": Rule(
        # In Chinese, the word is another.
        """?term owl:deprecated true ; rdfs:label ?l
           FILTER(!STRSTARTS(?l, 'obsolete ') && !STRSTARTS(?l, '已废止：'))""",
        'g60:A owl:deprecated true ; rdfs:label "x" .',
    ),
    "missing_ontology_description": lacks("dcterms:description"),
    "missing_ontology_license": lacks("dcterms:license"),
    "missing_ontology_title": lacks("dcterms:title"),
    "ontology_metadata": lacks("dcterms:title", "dcterms:description", "dcterms:license"),
    "missing_superclass": Rule(
        f"{CLASS} FILTER NOT EXISTS {{ ?term rdfs:subClassOf ?above }}",
        NO_LABEL,
        dict.fromkeys(
            ("Project", "Programme", "IndustryCluster", "Role"),
            "A top class; no class of another vocabulary contains it.",
        ),
    ),
    "misused_obsolete_label": Rule(
        """?term rdfs:label ?l FILTER STRSTARTS(?l, 'obsolete')
           FILTER NOT EXISTS { ?term owl:deprecated true }""",
        'g60:A rdfs:label "obsolete x" .',
    ),
    "misused_replaced_by": Rule(
        "?term dcterms:isReplacedBy ?x FILTER NOT EXISTS { ?term owl:deprecated true }",
        "g60:A dcterms:isReplacedBy g60:B .",
    ),
    "multiple_asserted_superclasses": Rule(
        f"""{CLASS} ?term rdfs:subClassOf ?a , ?b . FILTER(?a != ?b)
            FILTER(STRSTARTS(STR(?a), STR(g60:)) && STRSTARTS(STR(?b), STR(g60:)))""",
        "g60:A a owl:Class ; rdfs:subClassOf g60:B , g60:C .",
        {"AdministrativeDivision": "A place that acts through its government."},
    ),
    "multiple_definitions": Rule(
        twice("skos:definition"), 'g60:A a owl:Class ; skos:definition "X."@en , "Y."@en .'
    ),
    "multiple_equivalent_class_definitions": Rule(
        "?term owl:equivalentClass ?a , ?b FILTER(?a != ?b)", EQUIVALENT
    ),
    "multiple_equivalent_classes": Rule(
        "?term owl:equivalentClass ?a , ?b FILTER(?a != ?b)", EQUIVALENT
    ),
    "multiple_logical_definitions": Rule(
        "?term owl:equivalentClass ?a , ?b FILTER(?a != ?b)", EQUIVALENT
    ),
    # ROBOT counts the labels of all languages together.
    "multiple_labels": Rule(
        twice("rdfs:label"), 'g60:A a owl:Class ; rdfs:label "x"@en , "y"@en .'
    ),
}
_OBO: Final = "An annotation of OBO files, which this ontology does not use."
ROBOT_WITHOUT: Final = dict.fromkeys(
    (
        "duplicate_scoped_synonym",
        "invalid_xref",
        "missing_subset_declaration",
        "missing_synonymtype_declaration",
    ),
    _OBO,
)
