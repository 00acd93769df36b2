"""Citations of the sources behind an answer: footnotes, BibTeX, CSL-JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from g60kg.errors import UsageError
from g60kg.formats import CITATIONS
from g60kg.row_formats.citations.footnotes import (
    Access,
    Citation,
    citations_of,
    footnote,
    footnote_of,
    graph_version,
)
from g60kg.row_formats.citations.reference_files import bibtex, csl_json

__all__ = [
    "FORMATS",
    "Access",
    "Citation",
    "citations_of",
    "footnote",
    "footnote_of",
    "graph_version",
    "written",
]

FORMATS: Final = tuple(each.name for each in CITATIONS)


def written(format_: str, citations: Sequence[Citation], access: Access) -> str:
    """Return citations in one of FORMATS; the same citations and access give the same text."""
    match format_:
        case "bibtex":
            return bibtex(citations, access)
        case "csl":
            return csl_json(citations, access)
        case "text":
            return "\n".join(f"{footnote(one, access)}\n" for one in citations)
    raise UsageError(f"Unknown format {format_}.", hint=f"Formats: {', '.join(FORMATS)}.")
