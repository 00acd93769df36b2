"""Faults of a quad and their codes: of its subject, its property, its graph and its terms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import category

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.model.dates import has_impossible_day
from g60kg.model.names import has_ink
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, PREFIXES, A, compact, term
from g60kg.rdf.text_excerpt import NOT_XML, formula_sign
from g60kg.validation.check_codes import CheckCode, check_code

#: Maximum characters of a literal.
MAX_LITERAL: Final = 2_000
#: Maximum characters of an IRI.
MAX_IRI: Final = 500
#: Maximum length of a chain of statements with a transitive property, such as locations.
MAX_CHAIN: Final = 50

FOREIGN_SUBJECT: Final = check_code("ForeignSubject")
ONTOLOGY_CHANGED: Final = check_code("OntologyChanged")
SCHEMA_PROPERTY: Final = check_code("SchemaProperty")
FOREIGN_TYPE: Final = check_code("ForeignType")
BLANK_NODE: Final = check_code("BlankNode")
SOURCE_GRAPH: Final = check_code("SourceGraph")
RDF_12_TERM: Final = check_code("Rdf12Term")
IRI_SCHEME: Final = check_code("IriScheme")
IRI_NAME: Final = check_code("IriName")
TERM_LENGTH: Final = check_code("TermLength")
CONTROL_CHARACTER: Final = check_code("ControlCharacter")
INVISIBLE_TEXT: Final = check_code("InvisibleText")
FORMULA_TEXT: Final = check_code("FormulaText")
LEXICAL_FORM: Final = check_code("LexicalForm")
LONG_CHAIN: Final = check_code("LongChain")
#: The codes of faults of a term, whatever the statement.
OF_TERMS: Final = (
    *(IRI_SCHEME, IRI_NAME, TERM_LENGTH, CONTROL_CHARACTER, INVISIBLE_TEXT, FORMULA_TEXT),
    LEXICAL_FORM,
)

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
_OF_FACTS: Final = frozenset((A, LABEL, ns.COMMENT, term("rdfs:seeAlso")))
_SELECTORS: Final = frozenset((ns.TEXT_QUOTE_SELECTOR, ns.TEXT_POSITION_SELECTOR))
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
#: Bidirectional marks, overrides, embeddings and isolates (UAX #9, section 2).
_REORDERING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TEXTS: Final = frozenset((term("xsd:string"), term("rdf:langString")))
_DAYS: Final = frozenset((term("xsd:date"), term("xsd:dateTime")))
_SCHEME: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES: Final = frozenset(("http", "https", "urn"))
#: Valid local names. Clients rewrite dots between slashes.
_NAME: Final = re.compile(r"(?!\.\.?$)[^/?#]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """A violation of the input policy by a quad.

    ``message`` is the key of the message, ``at`` the text of the term at fault, and ``term`` a text
    for the message.
    """

    code: CheckCode
    message: str
    at: str
    term: str
    of_subject: bool = False


class InputPolicy:
    """The input policy: a check of whether a file of facts may contain a quad and its terms."""

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
        """Yield the faults of a quad.

        For a quad with a triple term, these are only that and a fault of the graph.
        """
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
                if _is_invisible(quad.predicate, node):
                    yield Fault(INVISIBLE_TEXT, "invisible", node.value, "")
                elif quad.predicate in ns.NAMING and (mark := _hidden_mark(node.value)):
                    yield Fault(CONTROL_CHARACTER, "control", node.value, f"U+{ord(mark):04X}")
            else:
                yield from _of_iri(node.value, node is subject)

    def _of_meaning(
        self,
        subject: NamedNode | BlankNode,
        predicate: NamedNode,
        object_: NamedNode | BlankNode | Literal,
    ) -> Iterator[Fault]:
        name = subject.value
        if isinstance(subject, NamedNode) and not name.startswith(_OWN):
            code, words = (
                (ONTOLOGY_CHANGED, "term") if self._is_term(name) else (FOREIGN_SUBJECT, "foreign")
            )
            yield Fault(code, words, name, compact(name), of_subject=True)
        elif (
            predicate.value in self._of_terms
            and not (predicate == term("g60:usedFor") and name.startswith(PREFIXES["measure"]))
        ) or (predicate.value.startswith(_SCHEMA) and predicate not in _OF_FACTS):
            yield Fault(SCHEMA_PROPERTY, "property", predicate.value, compact(predicate.value))
        elif predicate == A and not isinstance(object_, BlankNode):
            yield from _of_type(object_)

    def _is_term(self, iri: str) -> bool:
        if iri in (ns.ONTOLOGY.value, _SHAPES.rstrip("/")) or iri in self._properties:
            return True
        return iri in self._classes or iri.startswith((_TERMS, _SHAPES, *_STANDARDS))


@lru_cache(maxsize=1_000)
def _is_source_graph(graph: NamedNode) -> bool:
    if graph in ns.RESERVED_GRAPHS or not graph.value.startswith(_GRAPHS):
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
    found = []
    if len(iri) > MAX_IRI:
        found.append(Fault(TERM_LENGTH, "long IRI", iri, f"{len(iri):,}", of_subject))
    elif scheme := _other_scheme(iri):
        found.append(Fault(IRI_SCHEME, "scheme", iri, scheme, of_subject))
    spaces = [len(space) for space in _OWN if iri.startswith(space)]
    if not all(_NAME.fullmatch(iri, length) for length in spaces):
        found.append(Fault(IRI_NAME, "name", iri, iri, of_subject))
    return tuple(found)


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
    elif literal.datatype in _TEXTS and (sign := formula_sign(text)):
        yield Fault(FORMULA_TEXT, "formula", text, sign)
    yield from _of_iri(literal.datatype.value)


def _is_invisible(predicate: NamedNode, literal: Literal) -> bool:
    """Whether a text has no visible character.

    False for labels, and for empty texts other than names.
    """
    if predicate == LABEL or literal.datatype not in _TEXTS or has_ink(literal.value):
        return False
    return bool(literal.value) or predicate in ns.NAMING


def _hidden_mark(name: str) -> str:
    """Return the first invisible format character of a name, such as a zero-width space, or "".

    A soft hyphen is allowed. "" also for a name with a character that reorders text.
    """
    if name.isascii() or _REORDERING.search(name):
        return ""
    return next((mark for mark in name if category(mark) == "Cf" and mark != "\u00ad"), "")


def _is_iri(address: str) -> bool:
    try:
        NamedNode(address)
    except ValueError:
        return False
    return True


def _other_scheme(address: str) -> str | None:
    scheme = _SCHEME.match(address)
    return scheme[1] if scheme and scheme[1].lower() not in _SCHEMES else None
