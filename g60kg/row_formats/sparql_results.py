"""Writers of the W3C formats of query results CSV, TSV, JSON and XML, row by row."""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring
from typing import Final, TextIO

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.rdf.text_excerpt import NOT_XML, without_formulas
from g60kg.row_formats.evidence_rows import (
    EVIDENCE_COLUMNS,
    Evidenced,
    Options,
    Row,
    one_line_per_quotation,
    with_evidence_columns,
)
from g60kg.stores.base import Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def write_csv(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, options: Options
) -> None:
    """Write SPARQL 1.1 CSV: plain values, lines that end in CR LF (RFC 4180).

    A spreadsheet evaluates some values as formulas; ``escape_formulas`` prevents that.
    """
    names, lines = rows_with_evidence_columns(
        columns, rows, options.evidence, options.escape_formulas
    )
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_bare(cell) for cell in row] for row in lines)


def write_tsv(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, options: Options
) -> None:
    """Write SPARQL 1.1 TSV: RDF terms as in N-Triples; an unbound cell is empty.

    A spreadsheet evaluates the text of some literals as a formula: see :func:`write_csv`.
    """
    names, lines = rows_with_evidence_columns(
        columns, rows, options.evidence, options.escape_formulas
    )
    out.write("\t".join(f"?{name}" for name in names) + "\n")
    for row in lines:
        # N-Triples allows an unescaped tab, which would end the cell here.
        cells = ("" if cell is None else str(cell).replace("\t", "\\t") for cell in row)
        out.write("\t".join(cells) + "\n")


def write_json(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, options: Options
) -> None:
    """Write SPARQL 1.1 JSON results, one row per line, then the further members.

    With evidence, the member ``evidence`` has a list of quotations for each row, in order.
    """
    out.write(f'{{"head": {{"vars": {_json(list(columns))}}},\n"results": {{"bindings": [')
    quotations: list[str] = []
    separator = "\n"
    names = [f"{encode_basestring(name)}: " for name in columns]
    for row, quoted in rows:
        cells = (
            name + _json_term(cell)
            for name, cell in zip(names, row, strict=True)
            if cell is not None
        )
        out.write(f"{separator}{{{', '.join(cells)}}}")
        separator = ",\n"
        if options.evidence:
            shown = [{name: getattr(one, name) for name in EVIDENCE_COLUMNS} for one in quoted]
            quotations.append(_json(shown))
    out.write("\n]}")
    for name, member in (options.members() if options.members else {}).items():
        out.write(f",\n{_json(name)}: {_json(member)}")
    if options.evidence:
        out.write(',\n"evidence": [\n' + ",\n".join(quotations) + "\n]")
    out.write("}\n")


def json_answer(answer: bool) -> str:
    """Return SPARQL 1.1 JSON results of an ASK query."""
    return _json({"head": {}, "boolean": answer}) + "\n"


def rows_with_evidence_columns(
    columns: Sequence[str], rows: Iterable[Evidenced], evidence: bool, escape_formulas: bool = False
) -> tuple[Sequence[str], Iterable[Row]]:
    """Return columns and rows of terms; evidence adds columns, and a line for each quotation.

    ``escape_formulas`` is described at :func:`write_rows`.
    """
    lines = one_line_per_quotation(rows) if evidence else (row for row, _ in rows)
    if escape_formulas:
        lines = (tuple(map(_no_formula, row)) for row in lines)
    return with_evidence_columns(columns) if evidence else columns, lines


def _no_formula(cell: Term | None) -> Term | None:
    if not isinstance(cell, Literal) or (text := without_formulas(cell.value)) == cell.value:
        return cell
    return Literal(text, language=cell.language)


def _bare(cell: Term | None) -> str:
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, BlankNode) else cell.value


_json: Final = json.JSONEncoder(ensure_ascii=False).encode


def _json_term(term: Term) -> str:
    # Written here: an encoder takes three times as long for an object (measured).
    value = encode_basestring(term.value)
    if isinstance(term, NamedNode):
        return f'{{"type": "uri", "value": {value}}}'
    if isinstance(term, BlankNode):
        return f'{{"type": "bnode", "value": {value}}}'
    if term.language:
        language = encode_basestring(term.language)
        return f'{{"type": "literal", "value": {value}, "xml:lang": {language}}}'
    if term.datatype.value == _XSD + "string":
        return f'{{"type": "literal", "value": {value}}}'
    datatype = encode_basestring(term.datatype.value)
    return f'{{"type": "literal", "value": {value}, "datatype": {datatype}}}'


#: White space that XML readers normalise, or strip from the ends of a text, if not escaped.
_XML_SPACE: Final = re.compile(r"[\t\n\r]|^ | $")
_XML_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)


def write_xml(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, options: Options
) -> None:
    """Write SPARQL Query Results XML; evidence adds columns, and a row for each quotation.

    The control characters that XML cannot represent become U+FFFD.
    """
    names, lines = rows_with_evidence_columns(columns, rows, options.evidence)
    out.write(_XML_HEAD + "<head>\n")
    for name in names:
        out.write(f'<variable name="{name}"/>\n')
    out.write("</head>\n<results>\n")
    for row in lines:
        out.write("<result>")
        for name, cell in zip(names, row, strict=True):
            if cell is not None:
                out.write(f'<binding name="{name}">{_xml_term(cell)}</binding>')
        out.write("</result>\n")
    out.write("</results>\n</sparql>\n")


def xml_answer(answer: bool) -> str:
    """Return SPARQL Query Results XML of an ASK query."""
    return f"{_XML_HEAD}<head/>\n<boolean>{str(answer).lower()}</boolean>\n</sparql>\n"


def _xml_term(term: Term) -> str:
    from html import escape  # takes 2 ms, and only XML needs it

    text = escape(NOT_XML.sub("\ufffd", term.value), quote=False)
    text = _XML_SPACE.sub(lambda match: f"&#{ord(match[0])};", text)
    if isinstance(term, NamedNode):
        return f"<uri>{text}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{text}</bnode>"
    if term.language:
        return f'<literal xml:lang="{term.language}">{text}</literal>'
    if term.datatype.value == _XSD + "string":
        return f"<literal>{text}</literal>"
    return f'<literal datatype="{escape(term.datatype.value)}">{text}</literal>'
