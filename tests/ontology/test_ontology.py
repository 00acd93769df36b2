"""The ontology has every term and axiom it should, each term described in both languages."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from g60kg.namespaces import LABEL, ONTOLOGY, PREFIXES, A, g60, local_name, term
from tests import graphs
from tests.graphs import ROOT, read_turtle

TOPICS = (
    *("g60", "agents", "corridor", "economy", "evidence"),
    *("sources", "figures", "governance", "dates", "history", "places"),
)
#: The topics whose properties are about facts, evidence, sources and figures.
RECORDS = ("evidence", "sources", "figures", "history")
OWN = PREFIXES["g60"]

CLASSES = """
    SpatialThing Place Region AdministrativeDivision Country Province Municipality PrefectureCity
    CountyDivision Township Zone TransportLine TransportNode Facility Corridor CorridorPhase
    Party Agent Person Post AgentGroup Organization Enterprise GovernmentBody University
    ResearchInstitute Alliance Fund FinancialInstitution
    Document PolicyDocument Agreement Declaration Ranking DocumentGroup
    Event Meeting Exposition Ceremony
    Project Product Service Programme IndustryCluster Role
    Concept Industry ResearchField EnterpriseCategory ZoneKind ProductCategory Recognition Stage
    IndustryScheme
    Source TextSource Article PressRelease WebPage Dataset
    Meta Fact Evidence Quotation Passage DatasetRecord Observation Measure
    Modality Voice FactStatus Wording Origin Verdict Statistic Comparator
"""
CATEGORIES = """
    Concept Industry ResearchField EnterpriseCategory ZoneKind ProductCategory Recognition
"""
ENUMERATIONS = {
    "Voice": "Quoted Attributed",
    "FactStatus": "Goal Planned Expected Past",
    "Wording": "Superlative Evaluative Figurative",
    "Origin": "Derived",
    "Verdict": "Verified Moved NotFound",
    "Statistic": "Level Share Growth MeanAnnualGrowth Change Rank Ratio",
    "Comparator": "Exactly Approximately Nearly LessThan GreaterThan AtLeast AtMost Between",
    "Stage": "PlannedStage UnderConstruction InOperation Completed Discontinued",
}
#: At most this many properties about the domain, see docs/model.md.
MOST_DOMAIN_PROPERTIES = 65
SINGLE_VALUED = """
    inProvince administrativeCode latitude longitude coveredPeriod directlyPrecedes ordinal
    roleFunction foundedOn startedOn constructionStartedOn completedOn openedOn launchedOn issuedOn
    signedOn heldOn effectiveFrom
"""
IRREFLEXIVE = """
    commissionedBy directlyPrecedes equivalentOf foundedBy integratesWith investor memberOf
    possiblySameAs republishes signatory unitOf
"""
# Sound as functional: a node with two values would not be the node that its IRI says it is.
FUNCTIONAL = """
    factSubject voice factStatus wording origin verdict checkedOn
    observedMeasure numericValue upperValue fraction comparator unit referencePeriod referenceArea
    inRanking comparedWith basis statistic ofMeasure timeless flow prospective
    partOfWhole mayBeNegative
"""


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
        - deprecated()
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


def deprecated() -> set[str]:
    return subjects("owl:deprecated", TRUE)


def properties() -> set[str]:
    found = of_type("owl:ObjectProperty") | of_type("owl:DatatypeProperty")
    return found - deprecated()


def declared_in(*topics: str) -> set[str]:
    """The terms that the files of some topics declare."""
    return {
        local_name(triple.subject.value)
        for triple in read_turtle(*(ROOT / "ontology" / f"{topic}.ttl" for topic in topics))
        if isinstance(triple.subject, NamedNode) and triple.predicate == A
    }


# -- The terms ---------------------------------------------------------------


def test_every_class_is_there_and_no_other() -> None:
    assert of_type("owl:Class") - deprecated() == names(CLASSES)


@pytest.mark.parametrize("kind", ENUMERATIONS)
def test_enumerations_are_complete(kind: str) -> None:
    assert subjects("rdf:type", g60(kind)) == names(ENUMERATIONS[kind])


def test_comparators_have_notations() -> None:
    for name in names(ENUMERATIONS["Comparator"]):
        notation = name[0].lower() + name[1:]
        assert objects(name, "skos:notation") == [Literal(notation, datatype=g60("Notation"))]


def test_the_domain_has_at_most_65_properties() -> None:
    assert len(properties() - declared_in(*RECORDS)) <= MOST_DOMAIN_PROPERTIES


def test_every_term_is_labelled_and_defined_in_both_languages() -> None:
    for name in own_terms():
        for predicate in ("rdfs:label", "skos:definition"):
            texts = [o for o in objects(name, predicate) if isinstance(o, Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "zh"], name
            assert all(text.value == text.value.strip() for text in texts), name
        ends = {
            str(text.language): text.value[-1]
            for text in objects(name, "skos:definition")
            if isinstance(text, Literal)
        }
        assert ends == {"en": ".", "zh": "。"}, name
        assert objects(name, "rdfs:isDefinedBy") == [ONTOLOGY], name


def test_no_two_terms_share_a_label() -> None:
    labels = Counter(
        (label.value.casefold(), label.language)
        for name in own_terms()
        for label in objects(name, "rdfs:label")
        if isinstance(label, Literal)
    )
    assert [label for label, times in labels.items() if times > 1] == []


def test_no_measure_or_category_shares_a_label() -> None:
    kinds = {"Measure", *names(f"{CATEGORIES} Stage")}
    files = ("measures", "categories", "entities")
    triples = read_turtle(*(ROOT / "instances" / f"{name}.ttl" for name in files))
    listed = {
        t.subject for t in triples if t.predicate == A and t.object in {g60(kind) for kind in kinds}
    }
    labels = Counter(
        (t.object.value.casefold(), t.object.language)
        for t in triples
        if t.predicate == LABEL and t.subject in listed and isinstance(t.object, Literal)
    )
    assert len(listed) > 100
    assert [label for label, times in labels.items() if times > 1] == []


@pytest.mark.parametrize("name", ["measures", "categories"])
def test_every_measure_and_category_is_defined_in_both_languages(name: str) -> None:
    triples = read_turtle(ROOT / "instances" / f"{name}.ttl")
    listed = {t.subject for t in triples if t.predicate == A}
    # Of some categories no Chinese name is certain.
    labelled = (LABEL,) if name == "measures" else ()
    for predicate in (*labelled, term("skos:definition")):
        found = Counter(
            (t.subject, t.object.language)
            for t in triples
            if t.predicate == predicate and isinstance(t.object, Literal)
        )
        assert found == {(one, language): 1 for one in listed for language in ("en", "zh")}


def test_every_term_is_of_one_kind() -> None:
    kinds = [f"owl:{kind}Property" for kind in ("Object", "Datatype", "Annotation")]
    kinds += ["owl:Class", "owl:NamedIndividual", "rdfs:Datatype"]
    declared = Counter(name for kind in kinds for name in of_type(kind))
    assert dict(declared) == dict.fromkeys([*own_terms(), *deprecated()], 1)


def test_no_domain_or_range_is_a_union() -> None:
    """Unions are outside OWL 2 RL."""
    datatypes = {"rdf:PlainLiteral", *(f"xsd:{n}" for n in ("anyURI", "decimal", "integer"))}
    datatypes |= {"xsd:string", "xsd:boolean"}
    known = {g60(name) for name in names(CLASSES)} | {term(name) for name in datatypes}
    known.add(term("qudt:Unit"))
    for predicate in ("rdfs:domain", "rdfs:range"):
        for quad in ontology().quads_for_pattern(None, term(predicate), None):
            assert quad.object in known, quad
    for name in properties():
        assert len(objects(name, "rdfs:domain")) <= 1, name
        assert len(objects(name, "rdfs:range")) <= 1, name


def test_a_record_of_the_graph_has_a_domain() -> None:
    """Properties of facts, evidence, sources and figures are not properties of anything."""
    records = properties() & declared_in(*RECORDS)
    without = {name for name in records if not objects(name, "rdfs:domain")}
    assert without == {"hasObservation"}


# -- Axioms ------------------------------------------------------------------


def test_inverses_are_named() -> None:
    pairs = {
        (local_name(str(quad.subject.value)), local_name(str(quad.object.value)))
        for quad in ontology().quads_for_pattern(None, term("owl:inverseOf"), None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    assert pairs == {("hasMember", "memberOf")}


def test_property_characteristics() -> None:
    expected = {
        "owl:TransitiveProperty": {"locatedIn", "partOf"},
        "owl:SymmetricProperty": {"integratesWith", "possiblySameAs"},
        "owl:FunctionalProperty": names(FUNCTIONAL),
        "owl:AsymmetricProperty": {"directlyPrecedes"},
        "owl:IrreflexiveProperty": names(IRREFLEXIVE),
    }
    assert {kind: of_type(kind) for kind in expected} == expected


def test_property_hierarchy_without_chain() -> None:
    located_in = {"inProvince", "headquarteredIn", "takesPlaceIn"}
    assert subjects("rdfs:subPropertyOf", g60("locatedIn")) == located_in
    assert not list(ontology().quads_for_pattern(None, term("owl:propertyChainAxiom"), None))


TOP = names("SpatialThing Person Document Event Meta Concept")
DIVISIONS = names("Country Province Municipality PrefectureCity CountyDivision Township")
RECORDED = names("Fact Modality Evidence Verdict Observation Measure Statistic Comparator")
EVIDENCE = names("Quotation Passage DatasetRecord")
MODALITIES = names("Voice FactStatus Wording Origin")
DISJOINT = {
    frozenset(pair)
    for group in (TOP, DIVISIONS, RECORDED, EVIDENCE, MODALITIES)
    for pair in combinations(group, 2)
} | {
    frozenset((one, other))
    for one, others in {
        "Party": "Document Meta Concept IndustryScheme",
        "Post": "Party SpatialThing Document Event Role Product Programme Project Service "
        "IndustryCluster",
        "Role": "Party SpatialThing Document Event Product Programme Project Service "
        "IndustryCluster",
        "Product": "Event",
        "Corridor": "CorridorPhase Party",
        "CorridorPhase": "Party",
        "IndustryScheme": "Concept SpatialThing Event Meta Product Service Project IndustryCluster "
        "Role Post",
        "Concept": "IndustryCluster Post Product Programme Project Role Service",
        "Person": "IndustryCluster Post Product Programme Project Role Service",
        "Source": "Party SpatialThing Event Meta Concept",
        "AgentGroup": "Event Person",
        "Organization": "Person Event AdministrativeDivision",
        "AdministrativeDivision": "Zone TransportLine TransportNode Facility Corridor "
        "CorridorPhase Region",
    }.items()
    for other in names(others)
}


def test_exactly_these_classes_exclude_each_other() -> None:
    assert disjoint_pairs() == {frozenset(map(g60, pair)) for pair in DISJOINT}


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


# -- What the checks read from the ontology --------------------------------------


def test_properties_of_the_domain_need_evidence_and_records_do_not() -> None:
    needing = properties() - (declared_in(*RECORDS) - {"hasObservation"})
    assert subjects("g60:requiresEvidence", TRUE) == needing
    assert subjects("g60:singleValued", TRUE) == names(SINGLE_VALUED)


def test_dates_end_in_on_and_have_no_domain() -> None:
    dated = subjects("g60:dateValued", TRUE)
    dates = dated & subjects("g60:requiresEvidence", TRUE)
    assert dates - {"coveredPeriod", "effectiveFrom"} == {n for n in dates if n.endswith("On")}
    assert not [name for name in dates if objects(name, "rdfs:domain")]


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
    dates = {header[term(f"dcterms:{name}")] for name in ("created", "issued", "modified")}
    # OWL 2 DL has no xsd:date.
    assert {date.datatype for date in dates if isinstance(date, Literal)} == {term("xsd:dateTime")}
    assert header[term("vann:preferredNamespacePrefix")] == Literal("g60")
    assert header[term("vann:preferredNamespaceUri")] == Literal(OWN)
    described = ("title", "description", "license", "creator", "issued", "modified")
    assert {term(f"dcterms:{name}") for name in described} <= set(header)
    creator = header[term("dcterms:creator")]
    assert isinstance(creator, NamedNode)
    kinds = [quad.object for quad in ontology().quads_for_pattern(creator, A, None)]
    assert kinds == [term("schema:Organization")]
    assert term("owl:imports") not in header
