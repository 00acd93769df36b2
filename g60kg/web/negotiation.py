"""Content negotiation: ``?format=`` overrides a suffix, which overrides the Accept header."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import mimeparse
from starlette.requests import Request

from g60kg import formats
from g60kg.errors import G60kgError
from g60kg.formats import Format

GRAPHS: Final = formats.GRAPHS
ROWS: Final = (formats.JSON, formats.XML, formats.CSV, formats.TSV)
#: Formats of rows for reading and for spreadsheets.
TABLES: Final = (formats.HTML, formats.MARKDOWN, formats.WORKBOOK)
PAGE: Final = formats.HTML


class NotAcceptable(G60kgError):
    """No representation is acceptable for the client."""

    http_status = 406

    def __init__(self, offered: Sequence[Format]) -> None:
        super().__init__(
            "None of the accepted formats is available.",
            hint="Available: " + ", ".join(form.media_type for form in offered) + ".",
        )


def choose(
    offered: Sequence[Format], *, format_: str | None, suffix: str = "", accept: str = ""
) -> Format:
    """Return the format to send.

    Args:
        offered: the available formats, the preferred one first.
        format_: the value of ``?format=``: a name, a media type or a suffix; None without one.
        suffix: the suffix of the path, with its dot; used only without ``format_``.
        accept: the Accept header (RFC 9110, section 12.5.1), used only without the others; empty
            means any format.

    Raises:
        NotAcceptable: no offered format is acceptable.

    >>> choose(GRAPHS, format_=None, accept="application/rdf+xml, text/turtle;q=0.5").name
    'rdfxml'
    >>> choose(ROWS, format_=None, accept="text/*").name
    'csv'
    """
    if not format_ and not suffix:
        return _accepted(tuple(offered), accept.lower()) if accept.strip() else offered[0]
    wanted = (format_ or "").lower().replace(" ", "+")
    for form in offered:
        known = (form.name, form.media_type, form.suffix.lstrip("."), *form.also, *form.aliases)
        if wanted in known if format_ else suffix == form.suffix:
            return form
    raise NotAcceptable(offered)


def accepted(request: Request) -> str:
    """Return the Accept header, its lines joined (RFC 9110, section 5.3); empty without one."""
    return ", ".join(request.headers.getlist("accept"))


def requested(request: Request, offered: Sequence[Format], suffix: str = "") -> Format:
    """Return the format that the query, else the suffix, else the Accept header requests.

    Raise NotAcceptable if it is not offered.
    """
    format_ = request.query_params.get("format")
    return choose(offered, format_=format_, suffix=suffix, accept=accepted(request))


@lru_cache(maxsize=256)
def _accepted(offered: tuple[Format, ...], accept: str) -> Format:
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
