"""The codes of what is not a file of facts' to state."""

from __future__ import annotations

from typing import Final

from g60kg.validation.check_codes import CheckCode
from g60kg.validation.report.findings import Severity

#: Characters that a literal may have: it is the few words that a source or a curator needs.
MAX_LITERAL: Final = 2_000
#: Characters that an IRI may have.
MAX_IRI: Final = 500
#: Statements in a row of what carries on, such as one place in another, in a third.
MAX_CHAIN: Final = 50

_VIOLATION: Final = (Severity.VIOLATION,)
FOREIGN_SUBJECT: Final = CheckCode(
    "ForeignSubject",
    _VIOLATION,
    "A statement is about something outside the namespaces id:, fact: and quote:.",
    "What other people's IRIs mean is theirs to say: a file of facts that speaks of Wikidata's or "
    "schema.org's would have this graph vouch for it. Make a thing of one's own in id:, and point "
    "to theirs.",
)
ONTOLOGY_CHANGED: Final = CheckCode(
    "OntologyChanged",
    _VIOLATION,
    "A statement is about a term of the ontology, a shape or a term of a standard, or makes a new "
    "class, property or shape.",
    "What the terms mean decides what every other fact means and which facts are let in. The "
    "ontology and the shapes change in their own files, where a change is read by people.",
)
SCHEMA_PROPERTY: Final = CheckCode(
    "SchemaProperty",
    _VIOLATION,
    "A property is used that defines terms (of RDFS, OWL, SHACL, or the ontology's own for its "
    "terms), where facts are stated.",
    "owl:sameAs would make two things one in every answer of a reasoner, rdfs:subClassOf a class "
    "of a city, owl:imports would have others' statements fetched. Of RDF and RDFS, facts use "
    "rdf:type, rdfs:label, rdfs:comment and rdfs:seeAlso; the same thing elsewhere is named with "
    "skos:exactMatch.",
)
FOREIGN_TYPE: Final = CheckCode(
    "ForeignType",
    _VIOLATION,
    "A type is no class of the ontology.",
    "Queries ask by the ontology's classes and the shapes look at these alone, so a thing of "
    "another type is neither found nor checked. Which classes of other vocabularies a class "
    "belongs to is said in the ontology, once.",
)
BLANK_NODE: Final = CheckCode(
    "BlankNode",
    _VIOLATION,
    "A blank node is used.",
    "A blank node is another one each time its file is read: merging, comparing and retracting "
    "would no longer be exact. Whatever is worth a statement has an IRI.",
)
SOURCE_GRAPH: Final = CheckCode(
    "SourceGraph",
    _VIOLATION,
    "A statement stands in a graph that is no source's: that of the ontology, the shapes or the "
    "history, or one outside graph:.",
    "A source's statements stand in graph: and the source's id, by which the whole source can be "
    "retracted. In the graph of the ontology they would be believed without a source, in that of "
    "the history they would forge it.",
)
RDF_12_TERM: Final = CheckCode(
    "Rdf12Term",
    _VIOLATION,
    "A term of RDF 1.2 is used: a triple in the place of a node, or a text with a direction.",
    "Facts about facts are g60:Fact nodes here, which every SPARQL 1.1 engine can read; much of "
    "what reads this graph knows RDF 1.1 alone.",
)
IRI_SCHEME: Final = CheckCode(
    "IriScheme",
    _VIOLATION,
    "An IRI, or an address given as xsd:anyURI, begins with something other than http:, https: or "
    "urn:.",
    "file: names what is on somebody's own machine, javascript: and data: run in a reader's "
    "browser, where pages show addresses as links.",
)
IRI_NAME: Final = CheckCode(
    "IriName",
    _VIOLATION,
    "An IRI in id:, fact: or quote: does not end in a plain name: it has none, or one with a "
    "slash, a hash or a question mark in it.",
    "Every thing is looked up on its own over HTTP and has a CURIE. What comes after a hash never "
    "reaches a server, and a path with dots in it is taken for another address.",
)
TERM_LENGTH: Final = CheckCode(
    "TermLength",
    _VIOLATION,
    f"A text is longer than {MAX_LITERAL:,} characters, or an IRI than {MAX_IRI:,}.",
    "Facts are short; what is so long is a passage, or a whole article, whose text is its "
    "publisher's and is never a part of the graph.",
)
CONTROL_CHARACTER: Final = CheckCode(
    "ControlCharacter",
    _VIOLATION,
    "A text has a control character in it, such as NUL, or one that reorders text.",
    "Nobody sees it, a terminal may act on it, and no XML can hold it, so the graph could not be "
    "exported as RDF/XML any more. With bidirectional overrides a name is shown as another.",
)
FORMULA_TEXT: Final = CheckCode(
    "FormulaText",
    (Severity.WARNING,),
    "A text begins as a formula does: with =, +, -, @, a tab or a carriage return.",
    "A spreadsheet that opens the graph's CSV or TSV runs it as a formula. Signed numbers are no "
    "formulas.",
)
LONG_CHAIN: Final = CheckCode(
    "LongChain",
    _VIOLATION,
    f"More than {MAX_CHAIN} statements that carry on, such as g60:locatedIn, follow one another.",
    "A place lies in a city, the city in a province: some few steps. What follows from a chain of "
    "thousands could not be worked out in any reasonable time, so where there is one, the shapes "
    "are not run.",
)
LEXICAL_FORM: Final = CheckCode(
    "LexicalForm",
    _VIOLATION,
    "A literal is not written as its datatype is: a number, a date or a truth value is none.",
    "Engines disagree about such a literal: one takes it for a number, another for a text, and "
    "one works for minutes on an exponent that the datatype does not have. XML Schema says how "
    "the values of a datatype are written.",
)
