"""The pitfalls of OOPS! (oops.linkeddata.es/catalogue.jsp)."""

from __future__ import annotations

from typing import Final

from tests.ontology.rule_queries import (
    BARE,
    CLASS,
    EQUIVALENT,
    NAME,
    NO_LABEL,
    ONTOLOGY,
    PROPERTY,
    SAME_LABELS,
    SERVED,
    TERM,
    Rule,
    lacks,
    shared,
)

OOPS: Final = {
    "P02": Rule(
        f"{CLASS} ?term owl:equivalentClass ?b FILTER STRSTARTS(STR(?b), STR(g60:))", EQUIVALENT
    ),
    "P03": Rule(
        f"{PROPERTY} FILTER REGEX({NAME}, '^is(A|An)?$')", "g60:isA a owl:ObjectProperty ."
    ),
    "P04": Rule(
        f"""{CLASS} FILTER NOT EXISTS {{ ?term rdfs:subClassOf ?above }}
            FILTER NOT EXISTS {{ ?any ?by ?term . FILTER(?by != dcterms:isReplacedBy) }}""",
        NO_LABEL,
    ),
    "P05": Rule(
        """?term owl:inverseOf ?q . ?term rdfs:domain|^rdfs:domain ?x .
           { ?term rdfs:domain ?a . ?q rdfs:range ?b }
           UNION { ?term rdfs:range ?a . ?q rdfs:domain ?b }
           FILTER(?a != ?b)""",
        "g60:p owl:inverseOf g60:q ; rdfs:domain g60:A . g60:q rdfs:range g60:B .",
    ),
    "P06": Rule(
        "?term rdfs:subClassOf+ ?term",
        "g60:A rdfs:subClassOf g60:B . g60:B rdfs:subClassOf g60:A .",
    ),
    "P07": Rule(
        f"{CLASS} FILTER REGEX({NAME}, '[a-z](And|Or)[A-Z]')", "g60:StyleAndPeriod a owl:Class ."
    ),
    "P08": Rule(
        f"""{TERM} FILTER(NOT EXISTS {{ ?term rdfs:label ?label }}
            || NOT EXISTS {{ ?term skos:definition ?definition }})""",
        NO_LABEL,
    ),
    "P10": Rule(
        f"""VALUES ?term {{ <{ONTOLOGY}> }}
            FILTER NOT EXISTS {{ ?a owl:disjointWith ?b }}
            FILTER NOT EXISTS {{ ?c a owl:AllDisjointClasses }}""",
        BARE,
    ),
    # A property of the domain without rdfs:domain is one of several classes, which only a union
    # could name; unions are outside OWL 2 RL, so shapes name them.
    "P11": Rule(
        f"""{PROPERTY} FILTER(NOT EXISTS {{ ?term rdfs:range ?range }}
            || (NOT EXISTS {{ ?term rdfs:domain ?domain }}
                && NOT EXISTS {{ ?term g60:requiresEvidence true }}))""",
        "g60:p a owl:ObjectProperty ; rdfs:domain g60:A .",
        dict.fromkeys(
            (
                "category",
                "counterpart",
                "factSubject",
                "focusesOn",
                "mentions",
                "partOf",
                "possiblySameAs",
                "produces",
                "resultsIn",
                "roleIn",
            ),
            "An entity of any class; shapes limit focusesOn, partOf and produces.",
        ),
    ),
    "P12": Rule(
        shared("rdfs:label", "rdfs:label|skos:altLabel", PROPERTY),
        'g60:p a owl:ObjectProperty ; rdfs:label "x" . g60:q rdfs:label "x" .',
    ),
    "P15": Rule("?term owl:complementOf|owl:someValuesFrom ?x", "g60:A owl:complementOf g60:B ."),
    "P17": Rule(
        f"{CLASS} ?term a owl:NamedIndividual", "g60:A a owl:Class , owl:NamedIndividual ."
    ),
    "P19": Rule(
        f"""{PROPERTY} ?term ?end ?a , ?b .
            VALUES ?end {{ rdfs:domain rdfs:range }} FILTER(?a != ?b)""",
        "g60:p a owl:ObjectProperty ; rdfs:domain g60:A , g60:B .",
    ),
    "P20": Rule(
        f"""{TERM} ?term rdfs:label ?l ; skos:definition ?d . FILTER(LANG(?l) = LANG(?d))
            FILTER(STRLEN(?l) >= STRLEN(?d) || REGEX(?l, '[.。]$'))""",
        'g60:A a owl:Class ; rdfs:label "A body with a purpose." ; skos:definition "Body." .',
    ),
    "P21": Rule(
        f"{CLASS} FILTER REGEX({NAME}, '^(Other|Misc|Unknown|Various)')",
        "g60:OtherPlace a owl:Class .",
    ),
    "P22": Rule(
        f"""{TERM} FILTER(!REGEX({NAME}, IF(?kind IN (owl:Class, owl:NamedIndividual),
            '^[A-Z][A-Za-z0-9]*$', '^[a-z][A-Za-z0-9]*$')))""",
        "g60:located_in a owl:ObjectProperty .",
    ),
    "P23": Rule(
        "?term a rdfs:Datatype FILTER STRSTARTS(STR(?term), STR(g60:))",
        "g60:date a rdfs:Datatype .",
        {"Notation": "SKOS asks for a datatype of the notations of each system of them."},
    ),
    "P24": Rule(
        "?term (rdfs:subClassOf|owl:equivalentClass)/(owl:someValuesFrom|owl:allValuesFrom) ?term",
        "g60:A rdfs:subClassOf [ owl:onProperty g60:p ; owl:someValuesFrom g60:A ] .",
    ),
    "P25": Rule("?term owl:inverseOf ?term", "g60:p owl:inverseOf g60:p ."),
    "P26": Rule(
        "?term a owl:SymmetricProperty ; owl:inverseOf|^owl:inverseOf ?q",
        "g60:p a owl:SymmetricProperty ; owl:inverseOf g60:q .",
    ),
    "P27": Rule("?term owl:equivalentProperty ?q", "g60:p owl:equivalentProperty g60:q ."),
    "P28": Rule(
        "?term a owl:SymmetricProperty ; rdfs:domain ?a ; rdfs:range ?b . FILTER(?a != ?b)",
        "g60:p a owl:SymmetricProperty ; rdfs:domain g60:A ; rdfs:range g60:B .",
    ),
    "P29": Rule(
        "?term a owl:TransitiveProperty ; rdfs:domain ?a ; rdfs:range ?b . FILTER(?a != ?b)",
        "g60:p a owl:TransitiveProperty ; rdfs:domain g60:A ; rdfs:range g60:B .",
    ),
    # Classes that have the same name as a declared class of another vocabulary.
    "P30": Rule(
        f"""{CLASS} ?other a owl:Class . FILTER(!STRSTARTS(STR(?other), STR(g60:)))
            FILTER(REPLACE(STR(?other), '^.*[/#]', '') = {NAME})
            FILTER NOT EXISTS {{ ?term rdfs:subClassOf+|rdfs:seeAlso ?other }}""",
        "g60:Dataset a owl:Class . dcat:Dataset a owl:Class .",
    ),
    "P31": Rule(
        "?term owl:equivalentClass ?b . ?term rdfs:subClassOf+|owl:disjointWith ?b",
        "g60:A owl:equivalentClass g60:B ; rdfs:subClassOf g60:B .",
    ),
    "P32": Rule(shared("rdfs:label", "rdfs:label", CLASS), SAME_LABELS),
    "P33": Rule(
        "?term owl:propertyChainAxiom/rdf:rest rdf:nil",
        "g60:p a owl:ObjectProperty ; owl:propertyChainAxiom ( g60:q ) .",
    ),
    "P34": Rule(
        """?any rdfs:subClassOf|rdfs:domain|rdfs:range|owl:disjointWith|owl:allValuesFrom ?term .
           FILTER(isIRI(?term) && !STRSTARTS(STR(?term), STR(xsd:)) && ?term != rdf:PlainLiteral)
           FILTER NOT EXISTS { ?term a owl:Class }""",
        "g60:A a owl:Class ; rdfs:subClassOf g60:B .",
    ),
    "P35": Rule(
        """?any ?term ?o . FILTER NOT EXISTS { ?term a ?kind .
             VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty } }
           FILTER(!STRSTARTS(STR(?term), STR(rdf:)) && !STRSTARTS(STR(?term), STR(rdfs:))
                  && !STRSTARTS(STR(?term), STR(owl:)))""",
        "g60:a g60:knows g60:b .",
    ),
    "P36": Rule(
        r"?term a owl:Ontology FILTER REGEX(STR(?term), '[.](owl|rdf|ttl|n3|rdfxml)$')",
        "<https://w3id.org/g60kg/ontology.owl> a owl:Ontology .",
    ),
    "P38": Rule(
        f"VALUES ?term {{ <{ONTOLOGY}> }} FILTER NOT EXISTS {{ ?term a owl:Ontology }}", ""
    ),
    "P39": lacks("vann:preferredNamespaceUri"),
    "P40": Rule(
        """?term a ?kind ; ?by ?value . VALUES ?kind {
             owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
           FILTER(?by != rdf:type && !STRSTARTS(STR(?term), STR(g60:)) && isIRI(?term))""",
        "prov:Agent a owl:Class ; rdfs:subClassOf prov:Entity .",
    ),
    "P41": lacks("dcterms:license"),
}

_READ: Final = "A reader decides; the reviews of version 0.2 found none that was left."
OOPS_WITHOUT: Final = {
    "P01": _READ,
    "P09": "The sentences of tests/sheets/test_next_article.py say what the domain needs.",
    "P13": "An inverse is declared only where a page uses it, and stored in one direction.",
    "P14": "The three owl:allValuesFrom say where evidence of a kind is; evidence has one source.",
    "P16": "No class is defined by conditions: an entity is what a source says that it is.",
    "P18": _READ,
    "P37": SERVED,
}
