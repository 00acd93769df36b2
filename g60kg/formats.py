"""The only table of the formats of rows, graphs, citations and fact sheets.

It has names, media types, file name extensions and parsers. Formats by extension, the
choices of the command line, HTTP content negotiation, downloads and uploads derive from
it; those of validation reports do not. A new format is an entry here and a writer in
g60kg.row_formats or g60kg.export.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat

from g60kg.errors import UsageError


@dataclass(frozen=True, slots=True)
class Format:
    """A format of rows, graphs or citations.

    Attributes:
        name: the name in ``--format`` and ``?format=``.
        suffixes: the file name extensions, each with its dot; files are written with the first one.
        rdf: the format of pyoxigraph's parser and serializer; None for rows or citations.
        also: other media types of the format in the header Accept.
        aliases: other names in ``?format=``.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...] = ()
    rdf: RdfFormat | None = None
    also: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The extension with which files are written, with its dot; empty without an extension."""
        return self.suffixes[0] if self.suffixes else ""

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header, with the charset for ``text/…``."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


_OTHER_XML: Final = ("application/xml", "text/xml")
TURTLE: Final = Format(
    "turtle", "text/turtle", (".ttl",), RdfFormat.TURTLE, ("application/x-turtle",), ("n3",)
)
N_TRIPLES: Final = Format(
    "ntriples", "application/n-triples", (".nt",), RdfFormat.N_TRIPLES, ("text/plain",)
)
N_QUADS: Final = Format("nquads", "application/n-quads", (".nq",), RdfFormat.N_QUADS)
TRIG: Final = Format("trig", "application/trig", (".trig",), RdfFormat.TRIG)
JSON_LD: Final = Format(
    "jsonld", "application/ld+json", (".jsonld",), RdfFormat.JSON_LD,
    ("application/json",), ("json-ld", "json"),
)  # fmt: skip
RDF_XML: Final = Format(
    "rdfxml", "application/rdf+xml", (".rdf", ".owl", ".xml"), RdfFormat.RDF_XML,
    _OTHER_XML, ("xml", "rdf+xml"),
)  # fmt: skip
#: N-Quads of RDF 1.2, whose draft keeps the media type and the extension; only exports write it.
RDF_12: Final = Format("rdf12", "application/n-quads", (".nq",), RdfFormat.N_QUADS)
TABLE: Final = Format("table", "text/plain", (".txt",))
CSV: Final = Format("csv", "text/csv", (".csv",))
TSV: Final = Format("tsv", "text/tab-separated-values", (".tsv",))
JSON: Final = Format(
    "json", "application/sparql-results+json", (".json", ".srj"), also=("application/json",)
)
XML: Final = Format("xml", "application/sparql-results+xml", (".xml", ".srx"), also=_OTHER_XML)
MARKDOWN: Final = Format("md", "text/markdown", (".md",))
HTML: Final = Format("html", "text/html", (".html",), also=("application/xhtml+xml",))
WORKBOOK: Final = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)
)
BIBTEX: Final = Format("bibtex", "application/x-bibtex", (".bib",), also=("text/x-bibtex",))
CSL_JSON: Final = Format(
    "csl", "application/vnd.citationstyles.csl+json", also=("application/json",)
)
#: Citation services also use ``text/x-bibliography``.
FOOTNOTES: Final = Format("text", "text/plain", also=("text/x-bibliography",))

#: The formats of datasets and graphs.
RDF: Final = (TURTLE, N_TRIPLES, N_QUADS, TRIG, JSON_LD, RDF_XML)
#: The formats of exports.
EXPORTS: Final = (*RDF, RDF_12, CSV)
#: The formats of one graph.
GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
#: The formats of rows for reading, with one row for each figure; a table of the terminal too.
READING: Final = (MARKDOWN, HTML)
#: The formats of rows.
ROWS: Final = (TABLE, CSV, TSV, JSON, XML, MARKDOWN, HTML, WORKBOOK)
#: The formats of citations, which share the extensions .json and .txt with formats of rows.
CITATIONS: Final = (CSL_JSON, BIBTEX, FOOTNOTES)
#: The formats of fact sheets.
SHEETS: Final = (CSV, TSV)
SHEET_EXTENSIONS: Final = (*CSV.suffixes, *TSV.suffixes)

_RDF_BY_SUFFIX: Final = {end: each.rdf for each in RDF for end in each.suffixes if each.rdf}


def suffix(path: str | Path) -> str:
    """Return the extension that names the format, in lower case and without ``.gz``.

    It is empty if the name has no dot.

    >>> suffix("facts.TTL.gz")
    '.ttl'
    >>> suffix(".csv")
    '.csv'
    """
    name = Path(str(path).lower().removesuffix(".gz")).name
    return name[name.rindex(".") :] if "." in name else ""


def is_rdf(path: str | Path) -> bool:
    """Return whether a file's extension names an RDF format."""
    return suffix(path) in _RDF_BY_SUFFIX


def rdf_format_of(path: str | Path, others: Iterable[str] = ()) -> RdfFormat:
    """Return the RDF format that a file's extension names.

    Args:
        others: the further extensions that the caller accepts, for the message.

    Raises:
        UsageError: the extension names no RDF format.
    """
    check_no_workbook(path)
    found = _RDF_BY_SUFFIX.get(suffix(path))
    if found is None:
        known = " ".join((*others, *sorted(_RDF_BY_SUFFIX)))
        message = f"{path}: no RDF format has that extension."
        if others:
            message = f"{path}: no format has that extension."
        raise UsageError(message, hint=f"Known: {known}")
    return found


def check_no_workbook(path: str | Path) -> None:
    """Raise UsageError if a file's extension names a workbook format; workbooks are never read."""
    if suffix(path) in (".xlsx", ".xls", ".ods"):
        raise UsageError(
            f"{path} is a workbook.", hint="Save its sheet as CSV (UTF-8), and give that file."
        )
