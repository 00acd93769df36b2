"""Content negotiation: ``?format=`` overrides a suffix, which overrides the Accept header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import mimeparse
from starlette.requests import Request

from g60kg import formats
from g60kg.errors import G60kgError
from g60kg.formats import Format


@dataclass(frozen=True, slots=True)
class Representation:
    """A representation of a resource.

    Attributes:
        format: its name in this package, such as ``turtle`` or ``json``.
        media_type: its media type.
        suffix: its extension, with a dot; may be empty.
        also: other media types of the same format.
        names: other names that clients use in ``?format=``.
    """

    format: str
    media_type: str
    suffix: str = ""
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The Content-Type header, with the charset for text."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


def _form(form: Format, also: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Representation:
    return Representation(form.name, form.media_type, form.suffixes[0], also, names)


_XML: Final = ("application/xml", "text/xml")
PAGE: Final = _form(formats.HTML, ("application/xhtml+xml",))
GRAPHS: Final = (
    _form(formats.TURTLE, ("application/x-turtle",), ("n3",)),
    _form(formats.N_TRIPLES, ("text/plain",)),
    _form(formats.JSON_LD, ("application/json",), ("json-ld", "json")),
    _form(formats.RDF_XML, _XML, ("xml", "rdf+xml")),
)
ROWS: Final = (
    _form(formats.JSON, ("application/json",)),
    _form(formats.XML, _XML),
    _form(formats.CSV),
    _form(formats.TSV),
)
#: Formats of rows for reading and for spreadsheets.
TABLES: Final = (_form(formats.HTML), _form(formats.MARKDOWN), _form(formats.WORKBOOK))


class NotAcceptable(G60kgError):
    """No representation is acceptable for the client."""

    http_status = 406

    def __init__(self, offered: Sequence[Representation]) -> None:
        super().__init__(
            "None of the accepted formats is available.",
            hint="Available: " + ", ".join(form.media_type for form in offered) + ".",
        )


def choose(
    offered: Sequence[Representation], *, format_: str | None, suffix: str = "", accept: str = ""
) -> Representation:
    """Return the representation to send.

    Args:
        offered: the available ones, the preferred one first.
        format_: the value of ``?format=``: a name, a media type or a suffix.
        suffix: of the path, with its dot.
        accept: the Accept header (RFC 9110, section 12.5.1); empty for anything.

    Raises:
        NotAcceptable: none is acceptable.

    >>> choose(GRAPHS, format_=None, accept="application/rdf+xml, text/turtle;q=0.5").format
    'rdfxml'
    >>> choose(ROWS, format_=None, accept="text/*").format
    'csv'
    """
    if not format_ and not suffix:
        return _accepted(tuple(offered), accept.lower()) if accept.strip() else offered[0]
    wanted = (format_ or "").lower().replace(" ", "+")
    for form in offered:
        known = (form.format, form.media_type, form.suffix.lstrip("."), *form.also, *form.names)
        if wanted in known if format_ else suffix == form.suffix:
            return form
    raise NotAcceptable(offered)


def accepted(request: Request) -> str:
    """Return the Accept header, joined if it has several lines (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist("accept"))


def requested(
    request: Request, offered: Sequence[Representation], suffix: str = ""
) -> Representation:
    """Return the representation that a request asks for; raises NotAcceptable."""
    format_ = request.query_params.get("format")
    return choose(offered, format_=format_, suffix=suffix, accept=accepted(request))


@lru_cache(maxsize=256)
def _accepted(offered: tuple[Representation, ...], accept: str) -> Representation:
    """Return the representation for an Accept header; cached, as few different ones occur."""
    # Other media types count only if named in full: text/* must not match application/….
    named = {part.partition(";")[0].strip() for part in accept.split(",")}
    by_type = {
        kind: form
        for form in reversed(offered)
        for kind in (*(one for one in form.also if one in named), form.media_type)
    }
    try:
        # The library takes the last of equally good ones, so the preferred one is put there.
        best = mimeparse.best_match(list(by_type), accept)
    except mimeparse.MimeTypeParseException:
        best = ""
    if not best:
        raise NotAcceptable(offered)
    return by_type[best]
