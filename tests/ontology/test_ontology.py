"""The ontology has every term and axiom it should, each term described in both languages."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

import g60kg
from g60kg.namespaces import ONTOLOGY, PREFIXES, A, g60, local_name, term
from tests import graphs
from tests.graphs import ROOT, read_turtle

TOPICS = ("g60", "corridor", "places", "economy", "governance", "evidence", "passages", "history")
OWN = PREFIXES["g60"]

CLASSES = """
    Corridor CorridorPhase CollaborationModel FunctionAllocation
    Place Region Province Municipality City District
    TransportLink Expressway RoadSection Railway Hub
    Zone ComprehensiveInnovationArea ProfessionalInnovationArea IndustrialPark DevelopmentZone
    Organization Enterprise GovernmentBody Project Facility
    Industry IndustryScheme IndustryCluster ResearchField
    PolicyDocument PolicyDocumentGroup Agreement Declaration Meeting Initiative
    Source Article Dataset Fact Evidence Quotation Passage DatasetRecord
    Quantity Modality Comparator Verdict
"""
VERDICTS = {"Verified": "verified", "Moved": "moved", "NotFound": "notFound"}
MODALITIES = "Asserted Derived Quoted Attributed Goal Superlative Evaluative Figurative"
NOTATIONS = {
    "Exactly": "exactly",
    "Approximately": "approximately",
    "LessThan": "lessThan",
    "GreaterThan": "greaterThan",
    "AtLeast": "atLeast",
    "AtMost": "atMost",
}
# What may be said of anything.
OF_ANYTHING = """
    status alternativeName measure achievement receivedApprovalFor brokeMonopolyOn succeededIn
    distinction accomplished strengthens
"""
MEASURES = {
    "length": "KiloM",
    "area": "KiloM2",
    "population": "NUM",
    "periodOfWork": "YR",
    "memberCityCount": "NUM",
    "provinceCount": "NUM",
    "municipalityCount": "NUM",
    "partnerCityCount": "NUM",
    "enterpriseCount": "NUM",
    "targetValue": "CCY_CNY CCY_USD",
    "totalInvestment": "CCY_CNY CCY_USD",
    "shareAlongExpressway": "PERCENT",
    "comprehensiveInnovationAreaCount": "NUM",
    "professionalInnovationAreaCount": "NUM",
    "statedEquivalent": "CCY_CNY CCY_USD",
}
SINGLE_VALUED = """
    developmentStartYear phaseStartYear allocatedTo allocatedFunction length area population
    inProvince administrativeCode latitude longitude constructionStart totalInvestment
    coveredPeriod year ordinal
"""
CLOSED_LISTS = "hasMemberCity signatory organizer issuedBy"
INVERSES = {
    "contains": "locatedIn",
    "phaseOf": "hasPhase",
    "follows": "precedes",
    "memberCityOf": "hasMemberCity",
    "sectionOf": "hasSection",
    "hasPart": "partOf",
    "hasParticipant": "inIndustry",
    "includesIndustry": "inIndustryScheme",
    "includes": "includedIn",
    "signed": "signatory",
    "organized": "organizer",
    "issued": "issuedBy",
}
# About the evidence, not of the subject: the only triples that need no fact.
WITHOUT_EVIDENCE = """
    factSubject hasEvidence modality time startYear endYear verbatim recordKey
    locator normalizedDigest normalizedLength spanDigest verdict checkedOn
    url publicationDate language publisher textDigest textLength licence
    numericValue comparator unit asOf
"""
# Sound as functional: a node with two values would not be the node that its IRI says it is.
FUNCTIONAL = "factSubject normalizedDigest normalizedLength numericValue comparator unit asOf"


@cache
def ontology() -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in graphs.ontology())
    return store


def names(text: str) -> set[str]:
    return set(text.split())


def subjects(predicate: str, value: NamedNode | Literal) -> set[str]:
    """Local names of the project's own terms that have that value."""
    return {
        local_name(quad.subject.value)
        for quad in ontology().quads_for_pattern(None, term(predicate), value)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OWN)
    }


def objects(name: str, predicate: str) -> list[NamedNode | BlankNode | Literal | Triple]:
    return [q.object for q in ontology().quads_for_pattern(g60(name), term(predicate), None)]


def of_type(kind: str) -> set[str]:
    return subjects("rdf:type", term(kind))


def own_terms() -> list[str]:
    return sorted(
        {
            local_name(quad.subject.value)
            for quad in ontology()
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OWN)
        }
    )


def members(head: object) -> list[NamedNode]:
    found: list[NamedNode] = []
    while isinstance(head, BlankNode):
        (first,) = ontology().quads_for_pattern(head, term("rdf:first"), None)
        (rest,) = ontology().quads_for_pattern(head, term("rdf:rest"), None)
        assert isinstance(first.object, NamedNode)
        found.append(first.object)
        head = rest.object
    return found


TRUE = Literal("true", datatype=term("xsd:boolean"))


# -- The terms ---------------------------------------------------------------


def test_every_class_is_there_and_no_other() -> None:
    assert of_type("owl:Class") == names(CLASSES)


def test_modalities_comparators_and_verdicts_are_concepts_of_a_scheme() -> None:
    assert subjects("skos:inScheme", g60("Modalities")) == names(MODALITIES)
    assert subjects("rdf:type", g60("Modality")) == names(MODALITIES)
    assert subjects("skos:inScheme", g60("Comparators")) == set(NOTATIONS)
    assert subjects("rdf:type", g60("Comparator")) == set(NOTATIONS)
    assert subjects("skos:inScheme", g60("Verdicts")) == set(VERDICTS)
    assert subjects("rdf:type", g60("Verdict")) == set(VERDICTS)
    for name, notation in (NOTATIONS | VERDICTS).items():
        assert objects(name, "skos:notation") == [Literal(notation)]
    assert objects("Modality", "rdfs:subClassOf") == [term("skos:Concept")]


def test_every_term_is_labelled_and_defined() -> None:
    for name in own_terms():
        labels = [o for o in objects(name, "rdfs:label") if isinstance(o, Literal)]
        assert sorted(str(label.language) for label in labels) == ["en", "zh"], name
        (definition,) = objects(name, "skos:definition")
        assert isinstance(definition, Literal)
        assert definition.language == "en", name
        assert definition.value.endswith("."), name
        assert objects(name, "rdfs:isDefinedBy") == [ONTOLOGY], name


def test_no_two_terms_of_a_kind_share_a_label() -> None:
    properties = of_type("owl:ObjectProperty") | of_type("owl:DatatypeProperty")
    for kind in (of_type("owl:Class"), properties | of_type("owl:AnnotationProperty")):
        labels = Counter(str(label) for name in kind for label in objects(name, "rdfs:label"))
        assert [label for label, times in labels.items() if times > 1] == []


def test_every_term_is_of_one_kind() -> None:
    properties = [f"{kind}Property" for kind in ("Object", "Datatype", "Annotation")]
    kinds = ["Class", "NamedIndividual", *properties]
    declared = Counter(name for kind in kinds for name in of_type(f"owl:{kind}"))
    assert dict(declared) == dict.fromkeys(own_terms(), 1)


def test_every_property_has_a_domain_and_a_range() -> None:
    properties = of_type("owl:ObjectProperty") | of_type("owl:DatatypeProperty")
    without_domain = {name for name in properties if not objects(name, "rdfs:domain")}
    assert without_domain == names(OF_ANYTHING)
    assert {name for name in properties if len(objects(name, "rdfs:range")) != 1} == set()


def test_every_domain_and_range_names_a_declared_class_or_datatype() -> None:
    datatypes = {"rdf:PlainLiteral", *(f"xsd:{n}" for n in ("anyURI", "decimal", "integer"))}
    datatypes |= {"xsd:string", "xsd:boolean"}
    known = {g60(name) for name in of_type("owl:Class")} | {term(name) for name in datatypes}
    known |= {term("owl:Thing"), term("qudt:Unit")}
    for predicate in ("rdfs:domain", "rdfs:range"):
        for quad in ontology().quads_for_pattern(None, term(predicate), None):
            if isinstance(quad.object, BlankNode):
                unions = ontology().quads_for_pattern(quad.object, term("owl:unionOf"), None)
                parts = [part for union in unions for part in members(union.object)]
                assert len(parts) > 1
                assert set(parts) <= known, quad
            else:
                assert quad.object in known, quad


# -- Axioms ------------------------------------------------------------------


def test_inverses_are_named() -> None:
    pairs = {
        (local_name(str(quad.subject.value)), local_name(str(quad.object.value)))
        for quad in ontology().quads_for_pattern(None, term("owl:inverseOf"), None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    assert pairs == set(INVERSES.items())


def test_property_characteristics() -> None:
    transitive = {"locatedIn", "precedes", "partOf"}
    expected = {
        "owl:TransitiveProperty": transitive | {"contains", "follows", "hasPart"},
        "owl:SymmetricProperty": {"integratesWith", "complements"},
        "owl:FunctionalProperty": names(FUNCTIONAL),
        "owl:AsymmetricProperty": {"directlyPrecedes"},
        "owl:IrreflexiveProperty": {
            "directlyPrecedes",
            "integratesWith",
            "complements",
            "unitOf",
        },
    }
    assert {kind: of_type(kind) for kind in expected} == expected


def test_property_hierarchy_and_chain() -> None:
    located_in = {"inProvince", "settledIn"}
    assert subjects("rdfs:subPropertyOf", g60("locatedIn")) == located_in
    assert subjects("rdfs:subPropertyOf", g60("precedes")) == {"directlyPrecedes"}
    (chain,) = objects("locatedIn", "owl:propertyChainAxiom")
    assert members(chain) == [g60("partOf"), g60("locatedIn")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Enterprise", "GovernmentBody"),
        ("ComprehensiveInnovationArea", "ProfessionalInnovationArea"),
        ("Article", "Dataset"),
        ("Quotation", "DatasetRecord"),
        ("Quotation", "Passage"),
        ("Passage", "DatasetRecord"),
        ("Region", "Province"),
        ("Province", "Municipality"),
        ("Province", "City"),
        ("Province", "District"),
        ("Region", "City"),
        ("Region", "District"),
        ("Expressway", "RoadSection"),
        ("Railway", "Hub"),
        ("Project", "Organization"),
        ("Corridor", "CorridorPhase"),
        ("Zone", "Place"),
        ("Modality", "Comparator"),
    ],
)
def test_kinds_exclude_each_other(one: str, other: str) -> None:
    assert frozenset((g60(one), g60(other))) in disjoint_pairs()


@pytest.mark.parametrize("level", ["District", "Municipality"])
def test_a_city_may_be_a_district_or_a_municipality(level: str) -> None:
    assert frozenset((g60("City"), g60(level))) not in disjoint_pairs()


@cache
def disjoint_pairs() -> frozenset[frozenset[NamedNode]]:
    pairs = {
        frozenset((quad.subject, quad.object))
        for quad in ontology().quads_for_pattern(None, term("owl:disjointWith"), None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    for quad in ontology().quads_for_pattern(None, A, term("owl:AllDisjointClasses")):
        (listed,) = ontology().quads_for_pattern(quad.subject, term("owl:members"), None)
        excluded = members(listed.object)
        pairs |= {frozenset((a, b)) for a in excluded for b in excluded if a != b}
    return frozenset(pairs)


def test_every_top_class_excludes_the_others() -> None:
    top = {name for name in of_type("owl:Class") if not own_superclasses(name)}
    wanted = {frozenset((g60(a), g60(b))) for a in top for b in top if a != b}
    assert wanted <= disjoint_pairs()


def own_superclasses(name: str) -> list[str]:
    above = objects(name, "rdfs:subClassOf")
    return [o.value for o in above if isinstance(o, NamedNode) and o.value.startswith(OWN)]


# -- What the checks read from the ontology --------------------------------------


def test_every_measure_says_its_units() -> None:
    assert subjects("rdfs:subPropertyOf", g60("measure")) == set(MEASURES)
    for name, units in MEASURES.items():
        allowed = {str(unit) for unit in objects(name, "g60:allowedUnit")}
        assert allowed == {f"<{PREFIXES['unit']}{unit}>" for unit in units.split()}, name
        assert objects(name, "rdfs:range") == [g60("Quantity")], name


def test_flags_stand_where_they_belong() -> None:
    properties = of_type("owl:ObjectProperty") | of_type("owl:DatatypeProperty")
    assert subjects("g60:requiresEvidence", TRUE) == properties - names(WITHOUT_EVIDENCE)
    assert subjects("g60:singleValued", TRUE) == names(SINGLE_VALUED)
    assert subjects("g60:closedList", TRUE) == names(CLOSED_LISTS)


def test_single_valued_properties_are_not_functional() -> None:
    # Two sources that disagree are a conflict to show, not an inconsistency.
    assert names(SINGLE_VALUED).isdisjoint(of_type("owl:FunctionalProperty"))


# -- The header, and who says what -------------------------------------------


def test_header_describes_the_ontology() -> None:
    header = {
        quad.predicate: quad.object
        for quad in ontology().quads_for_pattern(ONTOLOGY, None, None)
        if not isinstance(quad.object, Literal) or quad.object.language in (None, "en")
    }
    version = g60kg.__version__
    assert header[term("owl:versionIRI")] == NamedNode(f"{ONTOLOGY.value}/{version}")
    assert header[term("owl:versionInfo")] == Literal(version)
    assert header[term("vann:preferredNamespacePrefix")] == Literal("g60")
    assert header[term("vann:preferredNamespaceUri")] == Literal(OWN)
    described = ("title", "description", "license", "creator", "issued", "modified")
    assert {term(f"dcterms:{name}") for name in described} <= set(header)
    creator = header[term("dcterms:creator")]
    assert isinstance(creator, NamedNode)
    kinds = [quad.object for quad in ontology().quads_for_pattern(creator, A, None)]
    assert kinds == [term("schema:Organization")]
    assert term("owl:imports") not in header


def test_files_are_those_of_the_topics_and_the_alignments() -> None:
    files = {path.stem for path in (ROOT / "ontology").glob("*.ttl")}
    assert files == {*TOPICS, "alignments"}


def test_topic_files_speak_of_own_terms_only() -> None:
    project = NamedNode("https://w3id.org/g60kg/project")
    for triple in read_turtle(*(ROOT / "ontology" / f"{topic}.ttl" for topic in TOPICS)):
        if isinstance(triple.subject, NamedNode) and triple.subject not in (ONTOLOGY, project):
            assert triple.subject.value.startswith(OWN), triple


def test_alignments_only_declare_foreign_terms_and_place_own_ones() -> None:
    kinds = {term(f"owl:{k}Property") for k in ("Object", "Datatype", "Annotation")}
    kinds.add(term("owl:Class"))
    placing = {term(n) for n in ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:seeAlso")}
    for quad in read_turtle(ROOT / "ontology" / "alignments.ttl"):
        assert isinstance(quad.subject, NamedNode)
        if quad.subject.value.startswith(OWN):
            assert quad.predicate in placing, quad
            assert isinstance(quad.object, NamedNode)
            assert not quad.object.value.startswith(OWN), quad
        else:
            assert (quad.predicate, quad.object in kinds) == (A, True), quad


def test_files_declare_only_prefixes_that_they_use() -> None:
    for path in (ROOT / "ontology").glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        body = "\n".join(line for line in text.splitlines() if not line.startswith("@prefix"))
        declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
        assert [prefix for prefix in declared if prefix not in body] == [], path.name
        assert declared == sorted(declared), path.name
