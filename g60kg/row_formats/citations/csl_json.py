"""Writer of CSL-JSON, the input of citation processors (citationstyles.org, csl-data.json)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from g60kg.rdf.text_excerpt import on_a_line
from g60kg.row_formats.citations.citation import DAY, Access, Citation
from g60kg.row_formats.citations.footnotes import remarks

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
        "issued": _date(source.date) if source.date else None,
        "URL": source.url,
        "accessed": _date(access.date.isoformat()) if source.url else None,
        "archive_location": source.archive,
        "language": source.language,
        "note": remarks(citation, access),
    }
    return {
        name: on_a_line(member) if isinstance(member, str) else member
        for name, member in members.items()
        if member
    }


def _date(date: str) -> dict[str, Any]:
    parts = date.split("/")
    if len(parts) > 2 or not all(map(DAY.fullmatch, parts)):
        return {"literal": date}
    return {"date-parts": [list(map(int, part.split("-"))) for part in parts]}
