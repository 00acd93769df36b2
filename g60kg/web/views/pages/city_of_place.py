"""The member city that a place, or what is located in it, belongs to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import g60
from g60kg.web.views.pages.page_reader import PageReader

#: The properties that place an entity, and the most steps and places on the way to a city.
_WITHIN: Final = (g60("locatedIn"), g60("headquarteredIn"), g60("takesPlaceIn"))
_STEPS: Final = 4
_MOST: Final = 20


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
