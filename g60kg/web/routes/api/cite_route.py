"""Route `/api/cite`: the sources behind a canned query's answer, or behind an entry."""

from __future__ import annotations

import datetime as dt
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from g60kg import formats
from g60kg.errors import UsageError
from g60kg.model.names import LONGEST_NAME
from g60kg.queries.catalog import named_query
from g60kg.rdf.text_excerpt import excerpt
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import Representation, choose
from g60kg.web.routes.api.request_parameters import ALL, RequestParameters, accepted
from g60kg.web.views import cited_sources

#: The representations of citations; citation services also use ``text/x-bibliography``.
CITATIONS: Final = tuple(
    Representation(form.name, form.media_type, also=also)
    for form, also in zip(
        formats.CITATIONS,
        (("application/json",), ("text/x-bibtex",), ("text/x-bibliography",)),
        strict=True,
    )
)
#: The parameters of every request, and those of the answers of queries alone.
COMMON: Final = ("query", "fact", "lang", "format", "accessed")
OF_ANSWERS: Final = ("limit", "offset", "sort")
_ONE_OF: Final = "Give either query=NAME, with the query's parameters, or fact=IRI."


async def cited(request: Request) -> Response:
    """Return the citations in the negotiated format."""
    name = request.query_params.get("query", "")
    query = named_query(name[:LONGEST_NAME]) if name else None
    own = [parameter.name for parameter in query.parameters] if query else []
    given = RequestParameters(request, (*COMMON, *own, *(OF_ANSWERS if name else ())))
    fact = given.text("fact")
    if bool(name) == bool(fact):
        wrong = "A query and a fact are given." if name else "The query or the fact is missing."
        raise UsageError(wrong, hint=_ONE_OF)
    form = choose(CITATIONS, format_=given.text("format"), accept=accepted(request))
    run, language = state_of(request).workers.run, given.language
    accessed = _day(given.text("accessed"))
    if fact:
        written = await run(
            cited_sources.cited_entry, fact, form.format, language=language, accessed=accessed
        )
    else:
        written = await run(
            cited_sources.cited_answer,
            name,
            {key: given.text(key) or "" for key in given if key in own},
            form.format,
            language=language,
            accessed=accessed,
            limit=None if given.text("limit") in (None, ALL) else given.limit,
            offset=given.offset,
            sort=given.text("sort"),
        )
    headers = {"G60kg-Complete": str(written.complete).lower(), "Vary": "Accept"}
    return sent(request, written.body, form.content_type, headers)


def _day(text: str | None) -> dt.date:
    """Return the day on which sources were read; today by default."""
    if text is None:
        return dt.datetime.now().date()
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(
            f'accessed: "{excerpt(text)}" is not a date.', hint="Write it 2026-11-26."
        ) from None
