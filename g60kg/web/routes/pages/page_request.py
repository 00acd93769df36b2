"""The language, theme and path of a page request, and the rendering of the response."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from jinja2 import Environment
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from g60kg import package_data
from g60kg.errors import UsageError
from g60kg.model.i18n import PageTexts, page_texts
from g60kg.model.names import LANGUAGES, LONGEST_NAME
from g60kg.namespaces import BASE, compact, local_name
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.problem_details import HEADERS
from g60kg.web.routes.api.request_parameters import VERSION, RequestParameters
from g60kg.web.svg.chart_drawing import drawings
from g60kg.web.views import published_changes
from g60kg.web.views.pages.view_models import grouped
from g60kg.web.workers import preparing

Given = ParamSpec("Given")
Result = TypeVar("Result")

THEMES: Final = ("auto", "light", "dark")
#: Lifetime of the cookies for language and theme in seconds: one year.
_REMEMBERED: Final = 365 * 24 * 3600
_LANGUAGE, _THEME = "lang", "theme"
_VERSION: Final = re.compile(r"[0-9][\w.:+-]{0,39}", re.ASCII)
_HTML: Final = "text/html; charset=utf-8"
#: The most characters of a URL in a Link header.
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The properties of a request that templates use."""

    language: str
    theme: str
    root: str
    path: str
    query: tuple[tuple[str, str], ...]
    origin: str = ""
    linked: str = ""

    @property
    def address(self) -> str:
        """The absolute URL of this page with its language, without its theme."""
        return self.origin + self.here(lang=self.language)

    @property
    def texts(self) -> PageTexts:
        """The texts of the page's language."""
        return page_texts(self.language)

    def url(self, path: str, **query: object) -> str:
        """Return the URL of a path of this server with query parameters.

        Parameters that are None or empty are left out. A trailing ``_`` of a name is removed.
        """
        given = {k.rstrip("_"): str(value) for k, value in query.items() if value not in (None, "")}
        return self.root + path + (f"?{urlencode(given)}" if given else "")

    def here(self, **changed: object) -> str:
        """Return the URL of this page with changed query parameters.

        Its language, theme and version, and a parameter that is None or empty, are removed.
        """
        kept = [(name, value) for name, value in self.query if name not in changed]
        given = [(name, str(value)) for name, value in changed.items() if value not in (None, "")]
        query = urlencode([*kept, *given])
        return self.root + quote(self.path) + (f"?{query}" if query else "")

    def link(self, iri: str | None) -> str:
        """Return the link target of an IRI: its page on this server if it is in the graph's base.

        Any other IRI is returned unchanged. None and the empty text become ``#``.
        """
        local = self.local(iri)
        return f"{local}.html" if local is not None else iri or "#"

    def local(self, iri: str | None) -> str | None:
        """Return the path on this server of an IRI below the graph's base; None for any other."""
        if iri is None or not iri.startswith(BASE) or len(iri) == len(BASE):
            return None
        return f"{self.root}/{quote(iri[len(BASE) :], safe='/')}"

    def static(self, name: str) -> str:
        """Return the URL of a static file, with a digest of its content."""
        return self.url(f"/static/{name}", v=_digest(name))


def page_request_of(request: Request) -> PageRequest:
    """Return the page request of an HTTP request.

    The first known language is used of the query, the cookie, the Accept-Language header and the
    server. The theme is that of the query, else of the cookie; the default if it is unknown.
    """
    settings = state_of(request).settings
    asked = request.query_params
    wanted = (asked.get(_LANGUAGE), request.cookies.get(_LANGUAGE), *_accepted(request.headers))
    theme = asked.get(_THEME) or request.cookies.get(_THEME, "")
    return PageRequest(
        language=next((one for one in wanted if one in LANGUAGES), settings.language),
        theme=theme if theme in THEMES else THEMES[0],
        root=settings.root_path,
        # Exactly one slash: a path with two would be a link to another host.
        path="/" + request.scope["path"].removeprefix(settings.root_path).lstrip("/"),
        query=tuple(
            (name, value)
            for name, value in asked.multi_items()
            if name not in (_LANGUAGE, _THEME, VERSION)
        ),
        origin=settings.base.removesuffix(settings.root_path)
        or f"{request.url.scheme}://{request.url.netloc}",
        linked=version if _VERSION.fullmatch(version := asked.get(VERSION, "")) else "",
    )


async def version_of(request: Request) -> str:
    """Return the identifier of the graph's version, which permalinks contain."""
    return await state_of(request).workers.run(published_changes.graph_version)


async def view_of(
    request: Request,
    job: Callable[Concatenate[str, Given], Result],
    *given: Given.args,
    **named: Given.kwargs,
) -> Result:
    """Run a job with the language of the request as its first argument; return its result.

    Raise UsageError if the query has an unknown language.
    """
    if request.query_params.get(_LANGUAGE, "") not in ("", *LANGUAGES):
        raise UsageError("lang: must be en or zh.")
    return await state_of(request).workers.run(
        job, page_request_of(request).language, *given, **named
    )


def parameters_of(request: Request, *known: str, longest: int = LONGEST_NAME) -> RequestParameters:
    """Return the query parameters of a page: ``known``, the language and the theme."""
    return RequestParameters(request, (*known, _LANGUAGE, _THEME), longest)


def _accepted(headers: Headers) -> list[str]:
    """Return the primary languages of Accept-Language (RFC 9110, section 12.5.4), best first.

    Languages of weight 0 are left out. Only the first 500 characters of the header are read.
    """
    weighed: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "")[:500].split(","):
        tag, *parameters = (one.strip().lower() for one in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            weighed.append((float(weight), tag.partition("-")[0]))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Return the page of a template in the language and theme of the request.

    In the warm-up, the response is empty.
    """
    if preparing.get() is not None:
        return Response(status_code=status)
    page_request = page_request_of(request)
    state = state_of(request)
    text = state.pages.get(
        (template, page_request),
        values,
        lambda: rendered(state.templates, template, page_request, **values),
    )
    headers = {"Vary": "Accept, Accept-Language, Cookie", "Content-Language": page_request.language}
    if status == 200 and (address := _canonical(request, page_request)):
        headers["Link"] = f'<{address}>; rel="canonical"'
    if status == 200 and request.method in ("GET", "HEAD"):
        response = sent(request, text.encode(), _HTML, headers)
    else:
        response = Response(text, status, headers | HEADERS.get(status, {}), _HTML)
    for name, chosen in ((_LANGUAGE, page_request.language), (_THEME, page_request.theme)):
        if request.query_params.get(name) == chosen:
            response.set_cookie(
                name,
                chosen,
                _REMEMBERED,
                path=f"{page_request.root}/",
                samesite="lax",
                httponly=True,
            )
    return response


def rendered(
    templates: Environment, template: str, page_request: PageRequest, **values: object
) -> str:
    """Return the text of a template with ``values`` and the variables that all templates have."""
    return templates.get_template(template).render(
        request=page_request,
        t=page_request.texts,
        compact=_if_iri(compact),
        local_name=_if_iri(local_name),
        grouped=grouped,
        drawings=lambda chart: drawings(chart, page_request.texts.number),
        has_editor=_digest("bundle/editor.js") is not None,
        has_editor_style=_digest("bundle/editor.css") is not None,
        **values,
    )


def _if_iri(named: Callable[[str], str]) -> Callable[[str | None], str]:
    """Return ``named`` as a function that returns an empty text for None and the empty text."""
    return lambda iri: named(iri) if iri else ""


def _canonical(request: Request, page_request: PageRequest) -> str:
    """Return the canonical URL of a page (RFC 6596); empty if too long or without a server URL.

    It contains the language if the query gives it, and never the theme.
    """
    settings = state_of(request).settings
    asked = request.query_params.get(_LANGUAGE)
    here = page_request.here(lang=asked if asked in LANGUAGES else None)
    # Headers have a lower size limit than URLs, so the URL of a long SPARQL query gets no header.
    if not settings.base or len(here) > _LONGEST:
        return ""
    return settings.base.removesuffix(settings.root_path) + here


@cache
def _digest(name: str) -> str | None:
    """Return the first 8 hexadecimal digits of a static file's SHA-256; None if it is missing."""
    content = package_data.file_bytes(f"web/static/{name}")
    return None if content is None else hashlib.sha256(content).hexdigest()[:8]
