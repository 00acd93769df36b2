"""The member city that a place, or what is located in it, belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UnknownName
from g60kg.namespaces import g60
from g60kg.rdf.text_excerpt import excerpt
from g60kg.web.views.open_graph import current, lookup
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import TermModel

#: The properties that place an entity, and the most steps and places on the way to a city.
_WITHIN: Final = (g60("locatedIn"), g60("headquarteredIn"), g60("takesPlaceIn"))
_STEPS: Final = 4
_MOST: Final = 20


@lookup
def iri_of_place(_language: str, asked: str) -> str:
    """Return the IRI of the place that a name or an IRI means; empty for an unknown one."""
    if asked.strip():
        with suppress(UnknownName):
            return current().resolver.entity(asked.strip(), "SpatialThing").value
    return ""


def chosen_place(asked: str, iri: str, places: Iterable[TermModel | None]) -> TermModel | None:
    """Return the place with an IRI, None if none is asked for; raise UnknownName for another."""
    if not asked.strip():
        return None
    known = {place.iri: place for place in places if place is not None and place.iri}
    if iri not in known:
        names = ", ".join(place.text for place in known.values())
        raise UnknownName(
            f"There are no entries for the city {excerpt(asked)}.", hint=f"There are for: {names}."
        )
    return known[iri]


def city_of(reader: PageReader, iri: str, cities: Collection[str]) -> str | None:
    """Return the IRI of the nearest of the cities: the place itself, or one that it is in."""
    reached = [iri]
    for _ in range(_STEPS):
        found = next((one for one in reached if one in cities), None)
        if found is not None:
            return found
        reached = [
            place.value
            for one in reached[:_MOST]
            for predicate in _WITHIN
            for place in reader.objects(NamedNode(one), predicate)
        ]
    return None
