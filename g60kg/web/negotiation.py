"""Which representation is sent: ``?format=`` beats a suffix, which beats the Accept header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import mimeparse

from g60kg import formats
from g60kg.errors import G60kgError
from g60kg.formats import Format


@dataclass(frozen=True, slots=True)
class Representation:
    """A form in which something is sent.

    Attributes:
        format: what this package calls it: ``turtle``, ``json``.
        media_type: its media type.
        suffix: the extension that asks for it, with its dot; empty for none.
        also: other media types that ask for it.
        names: what else clients call it in ``?format=``.
    """

    format: str
    media_type: str
    suffix: str = ""
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The Content-Type header: what is text says that it is UTF-8."""
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
#: Rows for people.
TABLES: Final = (_form(formats.HTML), _form(formats.MARKDOWN))


class NotAcceptable(G60kgError):
    """No form of what is asked for is one that the client takes."""

    http_status = 406

    def __init__(self, offered: Sequence[Representation]) -> None:
        super().__init__(
            "None of the forms that you accept is there.",
            hint="There are: " + ", ".join(form.media_type for form in offered) + ".",
        )


def chosen(
    offered: Sequence[Representation], *, format_: str | None, suffix: str = "", accept: str = ""
) -> Representation:
    """The representation to send.

    Args:
        offered: what there is, the one to prefer first.
        format_: the value of ``?format=``: a name, a media type or a suffix.
        suffix: of the path, with its dot.
        accept: the Accept header (RFC 9110, section 12.5.1); empty for anything.

    Raises:
        NotAcceptable: none fits.

    >>> chosen(GRAPHS, format_=None, accept="application/rdf+xml, text/turtle;q=0.5").format
    'rdfxml'
    >>> chosen(ROWS, format_=None, accept="text/*").format
    'csv'
    """
    if format_:
        wanted = format_.lower().replace(" ", "+")
        for form in offered:
            known = (form.format, form.media_type, form.suffix.lstrip("."))
            if wanted in (*known, *form.also, *form.names):
                return form
        raise NotAcceptable(offered)
    if suffix:
        for form in offered:
            if suffix == form.suffix:
                return form
        raise NotAcceptable(offered)
    if not accept.strip():
        return offered[0]
    return _accepted(tuple(offered), accept.lower())


@lru_cache(maxsize=256)
def _accepted(offered: tuple[Representation, ...], accept: str) -> Representation:
    """The representation for an Accept header; clients send few different ones."""
    # What else a form is called counts where it is named: text/* is none of application/….
    named = {part.partition(";")[0].strip() for part in accept.split(",")}
    by_type = {
        kind: form
        for form in reversed(offered)
        for kind in (*(one for one in form.also if one in named), form.media_type)
    }
    try:
        # The last of equally good ones is taken: the one to prefer is put there.
        best = mimeparse.best_match(list(by_type), accept)
    except mimeparse.MimeTypeParseException:
        best = ""
    if not best:
        raise NotAcceptable(offered)
    return by_type[best]
