"""Writers of BibTeX and CSL-JSON, the input of citation processors (csl-data.json).

In BibTeX, values are escaped for LaTeX and titles keep their case. The field ``url`` is verbatim in
BibLaTeX and in the package url, so its braces and backslashes are percent-encoded instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from g60kg.rdf.text_excerpt import on_a_line
from g60kg.row_formats.citations.footnotes import DAY, Access, Citation, remarks

_LATEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        # BibTeX counts braces that are escaped by a backslash, too.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        **{mark: f"\\{mark}" for mark in "$&#%_"},
    }
)
_NOT_VERBATIM: Final = re.compile(r"[{}\\\s]")
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_LANGUAGE_NAMES: Final = {"en": "english", "zh": "chinese"}


def bibtex(citations: Sequence[Citation], access: Access) -> str:
    """Return the entries of citations."""
    return "\n".join(_entry(one, access) for one in citations)


def _entry(citation: Citation, access: Access) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(citation, access))
    return f"@misc{{{citation.key},\n{fields}}}\n"


def _fields(citation: Citation, access: Access) -> Iterator[tuple[str, str]]:
    source = citation.source
    if citation.authors:
        # A name in braces is not split into given name and surname.
        yield "author", f"{{{' and '.join(map(_text, citation.authors))}}}"
    yield "title", f"{{{_text(citation.title)}}}"
    if source.publisher:
        yield "publisher", _text(source.publisher)
        yield "howpublished", _text(source.publisher)
    if source.edition:
        yield "edition", _text(source.edition)
    yield from _date(source.date)
    if source.url:
        yield "url", f"{{{_verbatim(source.url)}}}"
        yield "urldate", f"{{{access.date.isoformat()}}}"
    if source.language:
        yield "language", _text(_LANGUAGE_NAMES.get(source.language, source.language))
    yield "note", _text(remarks(citation, access))


def _date(date: str) -> Iterator[tuple[str, str]]:
    match = DAY.fullmatch(date)
    if match is None:
        yield "year", _text(date or "n.d.")
        return
    year, month, day = match.groups()
    yield "year", f"{{{year}}}"
    if month:
        yield "month", _MONTHS[int(month) - 1]
    if day:
        yield "day", f"{{{int(day)}}}"


def _text(text: str) -> str:
    return f"{{{on_a_line(text).translate(_LATEX)}}}"


def _verbatim(url: str) -> str:
    return _NOT_VERBATIM.sub(lambda match: f"%{ord(match[0]):02X}", url)


#: The type of each class of sources.
_TYPES: Final = {"Dataset": "dataset", "PressRelease": "webpage", "WebPage": "webpage"}


def csl_json(citations: Sequence[Citation], access: Access) -> str:
    """Return the array of the references of citations."""
    references = [_reference(one, access) for one in citations]
    return json.dumps(references, ensure_ascii=False, indent=2) + "\n"


def _reference(citation: Citation, access: Access) -> dict[str, Any]:
    source = citation.source
    kind = _TYPES.get(source.kind, "article-newspaper")
    members = {
        "id": citation.key,
        "type": kind,
        "genre": "Press release" if source.kind == "PressRelease" else "",
        # Names are not split: the order of given name and surname is not known.
        "author": [{"literal": on_a_line(name)} for name in citation.authors],
        "title": citation.title,
        "container-title": "" if kind == "dataset" else source.publisher,
        "publisher": source.publisher,
        "version": source.edition,
        # Citation styles write "n.d." by themselves, in their own language.
        "issued": _date_parts(source.date) if source.date else None,
        "URL": source.url,
        "accessed": _date_parts(access.date.isoformat()) if source.url else None,
        "archive_location": source.archive,
        "language": source.language,
        "note": remarks(citation, access),
    }
    return {
        name: on_a_line(member) if isinstance(member, str) else member
        for name, member in members.items()
        if member
    }


def _date_parts(date: str) -> dict[str, Any]:
    parts = date.split("/")
    if len(parts) > 2 or not all(map(DAY.fullmatch, parts)):
        return {"literal": date}
    return {"date-parts": [list(map(int, part.split("-"))) for part in parts]}
