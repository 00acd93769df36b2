"""Codes of the input policy."""

from __future__ import annotations

from typing import Final

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
