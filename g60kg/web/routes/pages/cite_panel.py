"""The panel "Cite" of a page: footnotes, and the links to other formats."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request

from g60kg import formats
from g60kg.namespaces import compact
from g60kg.queries.catalog import NamedQuery
from g60kg.row_formats.citations import Citation, footnote
from g60kg.web.routes.pages.page_request import page_request_of, view_of
from g60kg.web.views.cited_sources import entry_citations
from g60kg.web.views.pages.view_models import TableModel
from g60kg.web.views.query_results import access_on

_LINKED: Final = (formats.BIBTEX, formats.CSL_JSON, formats.FOOTNOTES)


@dataclass(frozen=True, slots=True)
class CitePanel:
    """The panel that cites sources; not all of them if ``is_part``.

    ``links`` are the name, the media type and the URL of each format.
    """

    footnotes: tuple[str, ...]
    links: tuple[tuple[str, str, str], ...]
    is_part: bool


def cite_table(
    request: Request, table: TableModel, query: NamedQuery, given: Mapping[str, str]
) -> CitePanel | None:
    """Return the panel for the rows of a canned query; None if they have no sources."""
    asked = {"query": query.name, **given}
    return _panel(request, table.citations, table.address, asked, table.is_part)


async def cite_entry(request: Request, iri: str) -> CitePanel | None:
    """Return the panel for the sources of a resource; None without sources."""
    citations, is_part = await view_of(request, entry_citations, iri)
    return _panel(request, citations, iri, {"fact": compact(iri)}, is_part)


def _panel(
    request: Request,
    citations: Sequence[Citation],
    permalink: str,
    asked: Mapping[str, str],
    is_part: bool,
) -> CitePanel | None:
    if not citations:
        return None
    here = page_request_of(request)
    access = access_on(dt.datetime.now().date(), permalink, here.language)
    url = partial(here.url, "/api/cite", **asked)
    links = tuple(
        (form.name, form.media_type, url(format=form.name, lang=here.language)) for form in _LINKED
    )
    return CitePanel(tuple(footnote(one, access) for one in citations), links, is_part)
