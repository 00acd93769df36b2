"""Descriptions of pages in the terms of schema.org, as JSON-LD for the head of a page.

The context is in the document, so that readers need no network. The ``value`` of a figure that is
not exact is text, because a number would be more exact than its source.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from g60kg import formats
from g60kg.export.release.dataset_description import (
    DATASET,
    DESCRIPTIONS,
    KEYWORDS,
    LICENCE,
    PUBLISHER,
    TITLES,
)
from g60kg.model.evidence import EvidenceKind
from g60kg.model.observations import Observation
from g60kg.namespaces import ONTOLOGY, PREFIXES, g60
from g60kg.package_data import __version__
from g60kg.queries.catalog import NamedQuery
from g60kg.web.routes.pages.page_request import PageRequest
from g60kg.web.views.pages.entity_pages import EntityView, EvidenceView, FactView, ResourceView
from g60kg.web.views.pages.figure_pages import FigureView
from g60kg.web.views.pages.ontology_page import OntologyView
from g60kg.web.views.pages.source_pages import SourceView
from g60kg.web.views.pages.term_pages import TermView
from g60kg.web.views.pages.view_models import FactModel, SourceModel, TermModel

Members = dict[str, Any]

_CONTEXT: Final = {"@vocab": "https://schema.org/"}
#: Dates of schema.org: a day, a month or a year.
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_EXACT: Final = (None, g60("Exactly"))
_DATASET: Final = {"@id": DATASET.value}
_PUBLICATION: Final = {
    "license": {"@id": LICENCE},
    "creator": {"@type": "Organization", "name": PUBLISHER},
}


def of_graph(here: PageRequest) -> Members:
    """Return the schema.org description of the complete graph: a Dataset."""
    return _document(
        {
            **_DATASET,
            "@type": "Dataset",
            "name": [_text(text, tag) for tag, text in TITLES.items()],
            "description": [_text(text, tag) for tag, text in DESCRIPTIONS.items()],
            "keywords": [_text(word, tag) for tag, word in KEYWORDS],
            "url": here.origin + here.url("/"),
            "version": __version__,
            "inLanguage": list(TITLES),
            "isAccessibleForFree": True,
            **_PUBLICATION,
            "distribution": [
                _download(here, f"/download/g60kg{form.suffix}", form) for form in formats.RDF
            ],
        }
    )


def of_page(here: PageRequest, title: str, kind: str = "WebPage") -> Members | None:
    """Return a page's schema.org data; None with parameters besides language, theme, version."""
    if here.query:
        return None
    url = here.origin + here.url(here.path)
    return _document(
        {
            "@id": url,
            "@type": kind,
            "name": _text(here.texts(title), here.language),
            "url": url,
            "inLanguage": here.language,
            "isPartOf": _DATASET,
        }
    )


def of_query(here: PageRequest, query: NamedQuery) -> Members:
    """Return the description of a canned query's answer, a Dataset that is part of the graph."""
    summary, description = query.texts(here.language)
    path = f"/queries/{query.name}"
    return _document(
        {
            "@id": here.origin + here.url(path),
            "@type": "Dataset",
            "name": _text(summary, here.language),
            "description": _text(description, here.language),
            "url": here.origin + here.url(path),
            "isPartOf": _DATASET,
            **_PUBLICATION,
            "distribution": [
                _download(here, f"/api{path}{form.suffix}", form)
                for form in (formats.JSON, formats.CSV)
            ],
        }
    )


def of_resource(here: PageRequest, view: ResourceView, iri: str) -> Members | None:
    """Return the JSON-LD description of the resource that a page is about.

    None for a TermView of a resource that is not a named graph or in the ontology. An entity
    without a type in schema.org has a description without ``@type``.
    """
    match view:
        case EntityView():
            members: Members | None = {
                "@type": list(view.schema_types),
                "additionalType": [{"@id": kind.iri} for kind in view.classes if kind.iri],
                "name": _name(view.name),
                "alternateName": [_name(one) for one in view.other_names],
                "sameAs": [{"@id": same.iri} for same in view.same if same.iri],
            }
        case SourceView():
            members = {**_source(view.source), "isPartOf": _DATASET}
        case FactView():
            members = _claim(here, view.fact)
        case FigureView():
            members = _figure(here, view)
        case EvidenceView():
            members = _quote(view)
        case TermView():
            members = _term(view, iri)
        case OntologyView():
            members = {
                "@type": "DefinedTermSet",
                "name": [_name(one) for one in view.title],
                "description": [_name(one) for one in view.description],
                **_PUBLICATION,
            }
    if members is None:
        return None
    return _document({"@id": iri, "mainEntityOfPage": here.origin + here.link(iri), **members})


def _claim(here: PageRequest, fact: FactModel) -> Members:
    t = here.texts
    value = t.figure(fact.value.figure) if fact.value.figure else fact.value.text
    space = t("after")
    text = f"{fact.subject.text}{space}{fact.predicate.text}{t('triple.colon')}{space}{value}"
    modes = [one for one in fact.modality.lower().split(";") if one not in ("", "asserted")]
    if modes:
        text += f" ({t('list.comma').join(t.or_else(f'modality.{one}', one) for one in modes)})"
    sources = [_source(one) for one in dict.fromkeys(quote.source for quote in fact.quotes)]
    return {
        "@id": fact.iri,
        "@type": "Claim",
        "text": _text(text, here.language),
        "about": _reference(fact.subject),
        "appearance": sources,
        "citation": [{"@id": one["@id"]} for one in sources],
        "isPartOf": _DATASET,
    }


def _figure(here: PageRequest, view: FigureView) -> Members | None:
    figure = view.name.figure
    if figure is None:
        return None
    measure = view.name.measure
    period = figure.period or ""
    return {
        "@type": "Observation",
        "name": _text(here.texts.figure(figure), here.language),
        **_quantity(here, figure),
        "unitText": view.unit and view.unit.text,
        "variableMeasured": measure and {"@type": "StatisticalVariable", **_reference(measure)},
        "observationAbout": view.subject and _reference(view.subject),
        "observationDate": period if _DATE.fullmatch(period) else None,
        "subjectOf": [_claim(here, fact) for fact in view.facts],
    }


def _quantity(here: PageRequest, figure: Observation) -> Members:
    number, upper = figure.number, figure.upper
    if number is None or figure.fraction or figure.comparator not in _EXACT:
        return {"value": here.texts.figure(figure)}
    if upper is not None:
        return {"minValue": float(number), "maxValue": float(upper)}
    return {"value": int(number) if number == int(number) else float(number)}


def _quote(view: EvidenceView) -> Members:
    quote = view.quote
    is_quotation = quote.kind is EvidenceKind.QUOTATION
    return {
        "@type": "Quotation" if is_quotation else "CreativeWork",
        "text": _text(quote.text, quote.source.language) if is_quotation else None,
        "isPartOf": _source(quote.source),
    }


def _term(view: TermView, iri: str) -> Members | None:
    if iri.startswith(PREFIXES["graph"]):
        kind: Members = {"@type": "Dataset", "isPartOf": _DATASET, **_PUBLICATION}
    elif iri.startswith(PREFIXES["g60"]):
        kind = {"@type": "DefinedTerm", "inDefinedTermSet": {"@id": ONTOLOGY.value}}
    else:
        return None
    return {
        **kind,
        "name": _name(view.name),
        "description": view.definition and _name(view.definition),
    }


def _source(source: SourceModel) -> Members:
    publisher = {"@type": "Organization", "name": _text(source.publisher or "", source.language)}
    return {
        "@id": source.name.iri,
        "@type": list(source.schema_types) or "CreativeWork",
        "name": _name(source.name),
        "url": source.url,
        "datePublished": source.date if _DATE.fullmatch(source.date or "") else None,
        "inLanguage": source.language,
        "publisher": publisher if source.publisher else None,
        "archivedAt": source.archive,
    }


def _download(here: PageRequest, path: str, form: formats.Format) -> Members:
    url = here.origin + here.url(path)
    return {"@type": "DataDownload", "contentUrl": url, "encodingFormat": form.media_type}


def _reference(term: TermModel) -> Members:
    return {"@id": term.iri, "name": _name(term)}


def _name(term: TermModel) -> Members | str:
    return _text(term.text, term.language)


def _text(text: str, language: str | None) -> Members | str:
    return {"@value": text, "@language": language} if language else text


def _document(members: Members) -> Members:
    return {"@context": _CONTEXT, **_filled(members)}


def _filled(members: Members) -> Members:
    """Return the members whose value is not None, empty text, an empty list or an empty object."""
    filled = {name: _value(value) for name, value in members.items()}
    return {name: value for name, value in filled.items() if value not in (None, "", [], {})}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return _filled(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_value(one) for one in value]
    return value
