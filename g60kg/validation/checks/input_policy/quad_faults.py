"""Faults of a quad and their codes: of its subject, its property, its graph and its terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.model.dates import has_impossible_day
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    COMMENT,
    LABEL,
    ONTOLOGY,
    PREFIXES,
    RESERVED_GRAPHS,
    TEXT_POSITION_SELECTOR,
    TEXT_QUOTE_SELECTOR,
    A,
    compact,
    term,
)
from g60kg.rdf.text_excerpt import NOT_XML, is_formula
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.report.findings import Severity

#: Maximum characters of a literal.
MAX_LITERAL: Final = 2_000
#: Maximum characters of an IRI.
MAX_IRI: Final = 500
#: Maximum length of a chain of statements with a transitive property, such as locations.
MAX_CHAIN: Final = 50

_VIOLATION: Final = (Severity.VIOLATION,)
FOREIGN_SUBJECT: Final = CheckCode(
    "ForeignSubject",
    _VIOLATION,
    "A statement is about something outside the namespaces id:, measure:, fact: and quote:.",
    "Other publishers define their IRIs: with statements about those of Wikidata or schema.org, "
    "this graph would speak for them. Use an entity in id:, and refer to theirs.",
)
ONTOLOGY_CHANGED: Final = CheckCode(
    "OntologyChanged",
    _VIOLATION,
    "A statement is about a term of the ontology, a shape or a term of a standard, or makes a new "
    "class, property or shape.",
    "Terms decide what every other fact means and which facts are accepted. The ontology and the "
    "shapes change in their own files, where changes are reviewed.",
)
SCHEMA_PROPERTY: Final = CheckCode(
    "SchemaProperty",
    _VIOLATION,
    "A property is used that defines terms (of RDFS, OWL, SHACL, or the ontology's own for its "
    "terms), where facts are stated.",
    "owl:sameAs would merge two entities in every answer of a reasoner, rdfs:subClassOf would make "
    "a city a class, owl:imports would fetch other statements. Of RDF and RDFS, facts use "
    "rdf:type, rdfs:label, rdfs:comment and rdfs:seeAlso; for the same entity elsewhere use "
    "schema:sameAs.",
)
FOREIGN_TYPE: Final = CheckCode(
    "ForeignType",
    _VIOLATION,
    "A type is not a class of the ontology.",
    "Queries and shapes use only classes of the ontology, so an entity of another type is neither "
    "found nor checked. The ontology maps its classes to those of other vocabularies.",
)
BLANK_NODE: Final = CheckCode(
    "BlankNode",
    _VIOLATION,
    "A blank node is used.",
    "A blank node differs each time its file is read, so merging, comparing and retracting would "
    "be inexact. Every entity has an IRI.",
)
SOURCE_GRAPH: Final = CheckCode(
    "SourceGraph",
    _VIOLATION,
    "A statement is in a graph that is not a source's: that of the ontology, the shapes or the "
    "history, or one outside graph:.",
    "A source's statements are in graph: and the source's id, so that the source can be retracted. "
    "In the graph of the ontology they would need no source, and in that of the history they "
    "would forge it.",
)
RDF_12_TERM: Final = CheckCode(
    "Rdf12Term",
    _VIOLATION,
    "A term of RDF 1.2 is used: a triple as a node, or a text with a direction.",
    "Facts about facts are g60:Fact nodes, which every SPARQL 1.1 engine can read; much software "
    "reads only RDF 1.1.",
)
IRI_SCHEME: Final = CheckCode(
    "IriScheme",
    _VIOLATION,
    "An IRI, or an address given as xsd:anyURI, begins with something other than http:, https: or "
    "urn:.",
    "file: refers to files of one machine; javascript: and data: run in a reader's "
    "browser, where pages show addresses as links.",
)
IRI_NAME: Final = CheckCode(
    "IriName",
    _VIOLATION,
    "An IRI in id:, measure:, fact: or quote: does not end in a simple name: it has none, or one "
    "with a slash, a hash or a question mark.",
    "Every entity has its own address and a CURIE. The part after a hash never reaches a server, "
    "and clients rewrite a path with dots.",
)
TERM_LENGTH: Final = CheckCode(
    "TermLength",
    _VIOLATION,
    f"A text is longer than {MAX_LITERAL:,} characters, or an IRI than {MAX_IRI:,}.",
    "Facts are short; a text of this length is a passage or an article, which is never part of "
    "the graph, since the publisher holds the rights.",
)
CONTROL_CHARACTER: Final = CheckCode(
    "ControlCharacter",
    _VIOLATION,
    "A text has a control character such as NUL, or one that reorders text.",
    "It is invisible, a terminal may act on it, and XML cannot represent it, so the graph could "
    "not be exported as RDF/XML. Bidirectional overrides display a name as another.",
)
FORMULA_TEXT: Final = CheckCode(
    "FormulaText",
    (Severity.WARNING,),
    "A text begins like a formula: with =, +, -, @, also full-width, a tab or a line break.",
    "A spreadsheet that opens the graph's CSV or TSV runs it as a formula. Signed numbers are no "
    "formulas.",
)
LEXICAL_FORM: Final = CheckCode(
    "LexicalForm",
    _VIOLATION,
    "A literal is invalid for its datatype: a number, a date, a boolean or an address; or a number "
    "has more than 18 digits on a side of the point.",
    "Engines disagree about such a literal: for one it is a number, for another a text, and an "
    "exponent that the datatype does not allow occupies one for minutes. XML Schema defines the "
    "valid forms, and lets engines limit the digits; an address is an IRI (RFC 3987).",
)
LONG_CHAIN: Final = CheckCode(
    "LongChain",
    _VIOLATION,
    f"A chain of a transitive property such as g60:locatedIn has more than {MAX_CHAIN} statements.",
    "Real chains have a few steps: a place in a city in a province. The shapes would take too long "
    "on a chain of thousands, so they are not run.",
)
#: The codes of faults of a term, whatever the statement.
OF_TERMS: Final = (IRI_SCHEME, IRI_NAME, TERM_LENGTH, CONTROL_CHARACTER, FORMULA_TEXT, LEXICAL_FORM)
#: The codes of this part of the check ``vocabulary``, in the order above.
CODES: Final = tuple(value for value in list(vars().values()) if isinstance(value, CheckCode))

_OWN: Final = tuple(PREFIXES[prefix] for prefix in ("id", "measure", "fact", "quote"))
_TERMS: Final = PREFIXES["g60"]
_SHAPES: Final = PREFIXES["shape"]
_GRAPHS: Final = PREFIXES["graph"]
#: Vocabularies whose terms cannot be subjects of facts.
_STANDARDS: Final = tuple(
    PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "sh", "xsd", "oa", "skos", "prov")
)
#: Vocabularies that define terms, and the terms of them that facts may use.
_SCHEMA: Final = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "sh"))
_OF_FACTS: Final = frozenset((A, LABEL, COMMENT, term("rdfs:seeAlso")))
_USED_FOR: Final = term("g60:usedFor")
_SELECTORS: Final = frozenset((TEXT_QUOTE_SELECTOR, TEXT_POSITION_SELECTOR))
_ANY_URI: Final = term("xsd:anyURI")
# XML Schema Definition Language 1.1, part 2, sections 3.3 and 3.4: lexical forms. The days of a
# month are checked separately.
_ZONE: Final = r"(Z|[+-]\d{2}:\d{2})?"
_YEAR: Final = r"-?([1-9]\d{3,}|0\d{3})"
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DAY: Final = r"(0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
# Numbers of more digits are texts to the engine, on either side of the point.
_DIGITS: Final = r"0*\d{1,18}"
_FLOAT: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN"
_WRITTEN: Final = {
    term(datatype): re.compile(form, re.ASCII)
    for datatype, form in {
        "xsd:boolean": "true|false|1|0",
        "xsd:integer": rf"[+-]?{_DIGITS}",
        "xsd:nonNegativeInteger": rf"\+?{_DIGITS}|-0+",
        "xsd:positiveInteger": r"\+?0*[1-9]\d{0,17}",
        "xsd:int": rf"[+-]?{_DIGITS}",
        "xsd:long": rf"[+-]?{_DIGITS}",
        "xsd:decimal": rf"[+-]?({_DIGITS}(\.\d{{0,18}})?|\.\d{{1,18}})",
        "xsd:double": _FLOAT,
        "xsd:float": _FLOAT,
        "xsd:gYear": _YEAR + _ZONE,
        "xsd:gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
        "xsd:date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
        "xsd:dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    }.items()
}
#: Bidirectional overrides, embeddings and isolates (UAX #9, section 2).
_REORDERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TEXTS: Final = frozenset((term("xsd:string"), term("rdf:langString")))
_DAYS: Final = frozenset((term("xsd:date"), term("xsd:dateTime")))
_SCHEME: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES: Final = frozenset(("http", "https", "urn"))
#: Valid local names. Clients rewrite dots between slashes.
_NAME: Final = re.compile(r"(?!\.\.?$)[^/?#]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a quad.

    Attributes:
        message: the key of its message.
        at: the term or graph at fault.
        term: its text for the message.
        of_subject: whether it is a fault of the subject, independent of the statement.
    """

    code: CheckCode
    message: str
    at: str
    term: str
    of_subject: bool = False


class InputPolicy:
    """The rules of the input policy for one quad."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._properties = vocabulary.properties.keys()
        self._classes = vocabulary.classes
        # Annotations of properties belong to the ontology; g60:usedFor also to measures.
        self._of_terms = frozenset(
            quad.predicate.value
            for iri in self._properties
            for quad in vocabulary.store.quads(NamedNode(iri))
            if quad.predicate.value.startswith(_TERMS)
        )

    def faults(self, quad: Quad) -> Iterator[Fault]:
        """Yield the faults of a quad."""
        subject, object_, graph = quad.subject, quad.object, quad.graph_name
        if isinstance(graph, NamedNode) and not _is_source_graph(graph):
            yield Fault(SOURCE_GRAPH, "graph", graph.value, compact(graph.value))
        if isinstance(subject, Triple) or isinstance(object_, Triple):
            yield Fault(RDF_12_TERM, "triple", str(object_), "")
            return
        yield from self._of_meaning(subject, quad.predicate, object_)
        for node in (subject, quad.predicate, object_):
            if isinstance(node, BlankNode):
                yield Fault(BLANK_NODE, "blank", f"_:{node.value}", "", node is subject)
            elif isinstance(node, Literal):
                yield from _of_literal(node)
            else:
                yield from _of_iri(node.value, node is subject)

    def _of_meaning(
        self,
        subject: NamedNode | BlankNode,
        predicate: NamedNode,
        object_: NamedNode | BlankNode | Literal,
    ) -> Iterator[Fault]:
        """Yield the first fault of the statement."""
        name = subject.value
        if isinstance(subject, NamedNode) and not name.startswith(_OWN):
            code, words = (
                (ONTOLOGY_CHANGED, "term") if self._is_term(name) else (FOREIGN_SUBJECT, "foreign")
            )
            yield Fault(code, words, name, compact(name), of_subject=True)
        elif (
            predicate.value in self._of_terms
            and not (predicate == _USED_FOR and name.startswith(PREFIXES["measure"]))
        ) or (predicate.value.startswith(_SCHEMA) and predicate not in _OF_FACTS):
            yield Fault(SCHEMA_PROPERTY, "property", predicate.value, compact(predicate.value))
        elif predicate == A and not isinstance(object_, BlankNode):
            yield from _of_type(object_)

    def _is_term(self, iri: str) -> bool:
        if iri in (ONTOLOGY.value, _SHAPES.rstrip("/")) or iri in self._properties:
            return True
        return iri in self._classes or iri.startswith((_TERMS, _SHAPES, *_STANDARDS))


@lru_cache(maxsize=1_000)
def _is_source_graph(graph: NamedNode) -> bool:
    if graph in RESERVED_GRAPHS or not graph.value.startswith(_GRAPHS):
        return False
    return bool(_NAME.fullmatch(graph.value, len(_GRAPHS)))


def _of_type(kind: NamedNode | Literal) -> Iterator[Fault]:
    name = kind.value
    if isinstance(kind, NamedNode) and name.startswith(_SCHEMA):
        yield Fault(ONTOLOGY_CHANGED, "type", name, compact(name))
    elif isinstance(kind, Literal) or not (name.startswith(_TERMS) or kind in _SELECTORS):
        yield Fault(FOREIGN_TYPE, "foreign type", name, compact(name))


@lru_cache(maxsize=50_000)
def _of_iri(iri: str, of_subject: bool = False) -> tuple[Fault, ...]:
    return tuple(_faults_of_iri(iri, of_subject))


def _faults_of_iri(iri: str, of_subject: bool) -> Iterator[Fault]:
    if len(iri) > MAX_IRI:
        yield Fault(TERM_LENGTH, "long IRI", iri, f"{len(iri):,}", of_subject)
    elif scheme := _other_scheme(iri):
        yield Fault(IRI_SCHEME, "scheme", iri, scheme, of_subject)
    for namespace in _OWN:
        if iri.startswith(namespace) and not _NAME.fullmatch(iri, len(namespace)):
            yield Fault(IRI_NAME, "name", iri, iri, of_subject)


def _of_literal(literal: Literal) -> Iterator[Fault]:
    text = literal.value
    if literal.direction is not None:
        yield Fault(RDF_12_TERM, "direction", text, literal.direction.value)
    if len(text) > MAX_LITERAL:
        yield Fault(TERM_LENGTH, "long text", text, f"{len(text):,}")
    elif found := NOT_XML.search(text) or _REORDERING.search(text):
        yield Fault(CONTROL_CHARACTER, "control", text, f"U+{ord(found[0]):04X}")
    elif literal.datatype == _ANY_URI and (scheme := _other_scheme(text)):
        yield Fault(IRI_SCHEME, "scheme", text, scheme)
    elif literal.datatype == _ANY_URI and not _is_iri(text):
        yield Fault(LEXICAL_FORM, "address", text, f'"{text}"')
    elif (written := _WRITTEN.get(literal.datatype)) and (
        not written.fullmatch(text) or (literal.datatype in _DAYS and has_impossible_day(text))
    ):
        datatype = compact(literal.datatype.value)
        yield Fault(LEXICAL_FORM, "form", text, f'"{text}"^^{datatype}')
    elif literal.datatype in _TEXTS and is_formula(text):
        yield Fault(FORMULA_TEXT, "formula", text, text[0])
    yield from _of_iri(literal.datatype.value)


def _is_iri(address: str) -> bool:
    try:
        NamedNode(address)
    except ValueError:
        return False
    return True


def _other_scheme(address: str) -> str | None:
    """Return the scheme of an address if it is not allowed."""
    scheme = _SCHEME.match(address)
    return scheme[1] if scheme and scheme[1].lower() not in _SCHEMES else None
