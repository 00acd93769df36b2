"""Checks of terms of the ontology, classes of the entity register, and years derived from dates."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.model.class_rules import REGISTER, other_class
from g60kg.model.dates import edtf_years
from g60kg.model.names import Names
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import A, compact, local_name
from g60kg.stores.base import Term, objects_by_predicate
from g60kg.validation.check_codes import FindingList, check_code
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

KNOWN_TERMS: Final = check_code("KnownTerms")
FOREIGN_PROPERTY: Final = check_code("ForeignProperty")
REGISTERED_CLASS: Final = check_code("RegisteredClass")
OTHER_YEAR: Final = check_code("OtherYear")
_OWN = ns.PREFIXES["g60"]
#: Properties whose objects are terms of the ontology.
_TERM_VALUED = frozenset(name.value for name in (ns.FACT_PREDICATE, *ns.MODALITY, ns.COMPARATOR))
#: Vocabularies that need no declaration; the input policy restricts their use.
_BUILT_IN = tuple(ns.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "sh", "oa"))

#: Vocabularies whose terms the ontology uses for its own terms and as wider properties, which would
#: need no evidence, and the properties of them that files state.
_ALIGNED = tuple(
    ns.PREFIXES[prefix] for prefix in ("dcterms", "org", "prov", "schema", "skos", "vann", "wgs84")
)
_STATED = frozenset(
    ns.term(curie).value
    for curie in (
        *("skos:note", "skos:definition", "skos:altLabel", "skos:hiddenLabel", "skos:broader"),
        "schema:sameAs",
    )
)
_SUBPROPERTY = ns.term("rdfs:subPropertyOf")


def unknown_terms(
    quads: Iterable[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return the findings of terms used by quads that the ontology lacks or reserves.

    A class, property, modality or comparator of the ``g60:`` namespace that is not in the
    ontology is a violation. A property of another vocabulary that is undeclared (except
    of rdf, rdfs, owl, sh and oa), or that is for terms of the ontology, is a warning. A
    term is reported once for each subject.
    """
    listing = FindingList(language)
    reported: set[tuple[str, str]] = set()
    for quad in quads:
        for role, node, names in _terms(quad, vocabulary):
            key = (str(quad.subject), node.value)
            if key not in reported:
                reported.add(key)
                code = FOREIGN_PROPERTY if names is None else KNOWN_TERMS
                listing.add(code, _finding, quad, role, node, names, vocabulary, language)
    return listing.findings()


def _terms(quad: Quad, vocabulary: Vocabulary) -> Iterator[tuple[str, NamedNode, Names | None]]:
    predicate, object_ = quad.predicate, quad.object
    if predicate.value not in vocabulary.properties:
        if predicate.value.startswith(_OWN):
            yield "property", predicate, vocabulary.property_names
        elif not predicate.value.startswith(_BUILT_IN):
            yield "property", predicate, None
    elif predicate.value.startswith(_ALIGNED) and predicate.value not in _STATED:
        yield "property", predicate, None
    if not isinstance(object_, NamedNode) or not object_.value.startswith(_OWN):
        return
    if predicate == A:
        if object_.value not in vocabulary.classes:
            yield "class", object_, vocabulary.class_names
    elif predicate.value in _TERM_VALUED:
        name = object_.value
        if name not in vocabulary.individuals and name not in vocabulary.properties:
            names = {
                **{local_name(one.value): vocabulary.modality_names for one in ns.MODALITY},
                "comparator": vocabulary.comparator_names,
            }.get(local_name(predicate.value), vocabulary.property_names)
            yield "term", object_, names


def _finding(
    quad: Quad,
    role: str,
    node: NamedNode,
    names: Names | None,
    vocabulary: Vocabulary,
    language: str,
) -> Finding:
    words = check_texts("known terms", language)
    code = FOREIGN_PROPERTY if names is None else KNOWN_TERMS
    replacement = vocabulary.replacement(node.value, language)
    near = names.nearest(local_name(node.value)) if names and not replacement else ()
    declared = node.value in vocabulary.properties
    if declared:
        narrower = vocabulary.store.quads(None, _SUBPROPERTY, node, ns.ONTOLOGY_GRAPH)
        subjects = (quad.subject for quad in narrower)
        near = tuple(sorted(compact(one.value) for one in subjects if isinstance(one, NamedNode)))
    if names is None:
        role = "of others" if declared else "foreign"
    message = words[role].format(term=compact(node.value))
    if replacement is not None:
        message = words["deprecated"].format(term=compact(node.value), new=replacement)
    return code.finding(
        message,
        words["near"].format(names=words["comma"].join(near)) if near else None,
        focus=None if isinstance(quad.subject, Triple) else quad.subject,
        path=quad.predicate,
        value=node.value,
        term=str(quad.object),
    )


def registered_class_findings(
    quads: Collection[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return the findings of classes that disagree with the graphs ``entities`` and ``categories``.

    A superclass or subclass agrees. Quads in these two graphs have no findings.
    """
    listing = FindingList(language)
    words = check_texts("known terms", language)
    typed = (quad.subject for quad in quads if quad.predicate == A)
    vocabulary.store.prefetch(node for node in typed if isinstance(node, NamedNode))
    for quad in quads:
        node, kind = quad.subject, quad.object
        if quad.predicate != A or quad.graph_name in REGISTER:
            continue
        if isinstance(node, NamedNode) and isinstance(kind, NamedNode):
            registered = other_class(node, kind, vocabulary)
            if registered is not None:
                names = {"node": node, "registered": registered, "kind": kind}
                curies = {name: compact(named.value) for name, named in names.items()}
                texts = [words[key].format(**curies) for key in ("registered", "registered hint")]
                about = partial(REGISTERED_CLASS.finding, focus=node, path=A, value=kind)
                listing.add(REGISTERED_CLASS, about, *texts)
    return listing.findings()


def stated_year_findings(
    quads: Collection[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return the findings of start and end years that no date of the same node gives.

    The date is the object of a fact whose property has dates as values, else the time or the
    period.
    """
    listing = FindingList(language)
    words = check_texts("known terms", language)
    stated = [quad for quad in quads if quad.predicate in (ns.START_YEAR, ns.END_YEAR)]
    nodes = {quad.subject for quad in stated}
    about: dict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        if quad.subject in nodes:
            about[quad.subject].append(quad)
    for quad in stated:
        index = 0 if quad.predicate == ns.START_YEAR else 1
        years = (
            edtf_years(date)
            for date in _dates(objects_by_predicate(about[quad.subject]), vocabulary)
        )
        expected = {str(dates[index]) for dates in years if dates is not None}
        year = quad.object.value if isinstance(quad.object, Literal) else ""
        if year not in expected:
            node = quad.subject
            named = compact(node.value) if isinstance(node, NamedNode) else str(node)
            listing.add(
                OTHER_YEAR,
                OTHER_YEAR.finding,
                words["year"].format(property=compact(quad.predicate.value), node=named),
                words["year hint"],
                focus=node.value if isinstance(node, NamedNode) else None,
                path=quad.predicate,
                value=year,
                term=str(quad.object),
            )
    return listing.findings()


def _dates(about: Mapping[NamedNode, list[Term]], vocabulary: Vocabulary) -> list[str]:
    """Return the dates from which the start and end year of a fact or a figure are derived."""
    properties = vocabulary.properties
    dated = any(
        isinstance(name, NamedNode)
        and name.value in properties
        and properties[name.value].date_valued
        for name in about.get(ns.FACT_PREDICATE, ())
    )
    stating = (ns.FACT_OBJECT,) if dated else (ns.TIME, ns.REFERENCE_PERIOD)
    found = (date for predicate in stating for date in about.get(predicate, ()))
    return [date.value for date in found if isinstance(date, Literal)]
