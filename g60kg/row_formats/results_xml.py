"""Writer of SPARQL Query Results XML, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TextIO
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, NamedNode

from g60kg.rdf.text_excerpt import NOT_XML
from g60kg.row_formats.evidence_rows import Evidenced, Term
from g60kg.row_formats.sparql_results import flat

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
#: White space that XML readers normalise, or strip from the ends of a text, if not escaped.
_XML_SPACE: Final = re.compile(r"[\t\n\r]|^ | $")
_XML_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)


def write_xml(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, *, evidence: bool = False
) -> None:
    """Write SPARQL Query Results XML, with evidence as in CSV.

    The few control characters that XML cannot hold become U+FFFD.
    """
    names, lines = flat(columns, rows, evidence)
    out.write(_XML_HEAD + "<head>\n")
    for name in names:
        out.write(f"<variable name={quoteattr(name)}/>\n")
    out.write("</head>\n<results>\n")
    for row in lines:
        out.write("<result>")
        for name, cell in zip(names, row, strict=True):
            if cell is not None:
                out.write(f"<binding name={quoteattr(name)}>{_xml_term(cell)}</binding>")
        out.write("</result>\n")
    out.write("</results>\n</sparql>\n")


def xml_answer(answer: bool) -> str:
    """Write SPARQL Query Results XML of an ASK query."""
    return f"{_XML_HEAD}<head/>\n<boolean>{str(answer).lower()}</boolean>\n</sparql>\n"


def _xml_term(term: Term) -> str:
    text = escape(NOT_XML.sub("\ufffd", term.value))
    text = _XML_SPACE.sub(lambda match: f"&#{ord(match[0])};", text)
    if isinstance(term, NamedNode):
        return f"<uri>{text}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{text}</bnode>"
    if term.language:
        return f"<literal xml:lang={quoteattr(term.language)}>{text}</literal>"
    if term.datatype.value == _XSD + "string":
        return f"<literal>{text}</literal>"
    return f"<literal datatype={quoteattr(term.datatype.value)}>{text}</literal>"
