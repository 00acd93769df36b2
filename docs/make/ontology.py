"""Generator of docs/ontology.html: the page of the ontology as one file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from markupsafe import Markup

from g60kg.namespaces import BASE
from g60kg.web.app import page_templates
from g60kg.web.negotiation import GRAPHS
from g60kg.web.routes.pages.page_request import PageRequest, rendered
from g60kg.web.server_settings import Settings
from g60kg.web.svg.ontology_drawing import draw_ontology
from g60kg.web.views import open_graph
from g60kg.web.views.pages.ontology_page import ontology_view

PAGE: Final = Path("docs", "ontology.html")
_LANGUAGE: Final = "en"


class _Document(PageRequest):
    """A request for a file outside the server: links lead to the IRIs themselves."""

    def link(self, iri: str) -> str:
        return iri


def pages() -> dict[Path, str]:
    """Return the text of the page, by its path from the root of the checkout."""
    open_graph.open_for(Settings(memory_limit=0))
    view = ontology_view(_LANGUAGE)
    request = _Document(_LANGUAGE, "auto", BASE.rstrip("/"), "/ontology", ())
    text = rendered(
        page_templates(),
        "ontology_document.html",
        request,
        view=view,
        drawing=draw_ontology(view),
        forms=GRAPHS,
        styles={"screen": _style("pages.css", "content.css"), "print": _style("print.css")},
    )
    return {PAGE: text + "\n"}


def _style(*names: str) -> Markup:
    folder = files("g60kg.web") / "static"
    return Markup("".join((folder / name).read_text(encoding="utf-8") for name in names))
