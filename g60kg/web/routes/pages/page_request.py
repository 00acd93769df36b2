"""One visit of a page: in which language and colours, at which path, and how the page is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from g60kg.namespaces import BASE, compact, local_name
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.i18n import LANGUAGES, Words, words

THEMES: Final = ("auto", "light", "dark")
#: Seconds that a choice of language or colours is remembered: a year.
_REMEMBERED: Final = 365 * 24 * 3600
_LANGUAGE, _THEME = "lang", "theme"
_HTML: Final = "text/html; charset=utf-8"
#: Characters of an address that is named in a header.
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Visit:
    """What the templates know of a request.

    Attributes:
        language: of the page.
        theme: its colours: ``auto``, ``light`` or ``dark``.
        root: the path that a proxy has in front.
        path: of the page, without the root.
        query: of the URL, without what chooses language and colours.
    """

    language: str
    theme: str
    root: str
    path: str
    query: tuple[tuple[str, str], ...]

    @property
    def words(self) -> Words:
        """The words of the page's language."""
        return words(self.language)

    def url(self, path: str, **query: object) -> str:
        """A path of this server, with a query; parts of it that are None are left out."""
        given = [(name.rstrip("_"), str(value)) for name, value in query.items()]
        given = [(name, value) for name, value in given if value not in ("None", "")]
        return self.root + path + (f"?{urlencode(given)}" if given else "")

    def here(self, **changed: object) -> str:
        """This page with other values in its query."""
        kept = [(name, value) for name, value in self.query if name not in changed]
        given = [(name, str(value)) for name, value in changed.items() if value not in (None, "")]
        query = urlencode([*kept, *given])
        return self.root + quote(self.path) + (f"?{query}" if query else "")

    def link(self, iri: str) -> str:
        """Where an IRI leads: the page of this server for the graph's own."""
        local = self.local(iri)
        return iri if local is None else f"{local}.html"

    def local(self, iri: str) -> str | None:
        """The path of an IRI of the graph's own; None for any other."""
        if not iri.startswith(BASE) or len(iri) == len(BASE):
            return None
        return f"{self.root}/{quote(iri[len(BASE) :], safe='/')}"

    def static(self, name: str) -> str:
        """The path of a file of the pages; another one after any change to it."""
        return self.url(f"/static/{name}", v=_digest(name))


def visit_of(request: Request) -> Visit:
    """What a request asks for."""
    settings = state_of(request).settings
    asked = request.query_params
    theme = asked.get(_THEME) or request.cookies.get(_THEME, "")
    return Visit(
        language=_language(asked.get(_LANGUAGE), request) or settings.language,
        theme=theme if theme in THEMES else THEMES[0],
        root=settings.root_path.rstrip("/"),
        # One slash: two would make a link to another host.
        path="/" + request.url.path.removeprefix(settings.root_path.rstrip("/")).lstrip("/"),
        query=tuple(
            (name, value) for name, value in asked.multi_items() if name not in (_LANGUAGE, _THEME)
        ),
    )


def _language(asked: str | None, request: Request) -> str | None:
    wanted = (asked, request.cookies.get(_LANGUAGE), *_accepted(request.headers))
    return next((language for language in wanted if language in LANGUAGES), None)


def _accepted(headers: Headers) -> list[str]:
    """The primary languages of Accept-Language (RFC 9110, section 12.5.4), the best first."""
    weighed: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "")[:500].split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.strip().partition("-")[0].lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """A page made of a template, in the language and colours asked for."""
    visit = visit_of(request)
    made = state_of(request).templates.get_template(template)
    text = made.render(
        visit=visit,
        t=visit.words,
        compact=compact,
        local_name=local_name,
        has_editor=has_file("bundle/editor.js"),
        has_editor_style=has_file("bundle/editor.css"),
        **values,
    )
    headers = {
        "Vary": "Accept, Accept-Language, Cookie",
        "Content-Language": visit.language,
    }
    if status == 200 and (address := _canonical(request, visit)):
        headers["Link"] = f'<{address}>; rel="canonical"'
    if status == 200 and request.method in ("GET", "HEAD"):
        response = sent(request, text.encode(), _HTML, headers)
    else:
        response = Response(text, status, headers, _HTML)
    for name, chosen in ((_LANGUAGE, visit.language), (_THEME, visit.theme)):
        if request.query_params.get(name) == chosen:
            response.set_cookie(
                name, chosen, _REMEMBERED, path=f"{visit.root}/", samesite="lax", httponly=True
            )
    return response


def _canonical(request: Request, visit: Visit) -> str:
    """The one address of a page (RFC 6596); empty where the server's own is not known.

    It has the language where that was asked for, and never the colours.
    """
    settings = state_of(request).settings
    asked = request.query_params.get(_LANGUAGE)
    here = visit.here(lang=asked if asked in LANGUAGES else None)
    # A header has less room than a URL: what a query of one's own is in needs none.
    if not settings.base or len(here) > _LONGEST:
        return ""
    return settings.base.removesuffix(settings.root_path) + here


def has_file(name: str) -> bool:
    """Whether a file is among those of the pages."""
    return files("g60kg.web").joinpath("static", name).is_file()


@cache
def _digest(name: str) -> str:
    content = files("g60kg.web").joinpath("static", name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:8]
