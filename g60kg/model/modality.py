"""Modality of Facts: whose statement it is, its status, its wording and its origin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import local_name

#: The modality of a Fact without any of the four properties.
ASSERTED: Final = "Asserted"


def modality_text(values: Iterable[NamedNode]) -> str:
    """Return the local names of the values of modality, joined by ``;``, or ``Asserted``.

    >>> from g60kg.namespaces import g60
    >>> modality_text([g60("Attributed"), g60("Expected")]), modality_text([])
    ('Attributed;Expected', 'Asserted')
    """
    return ";".join(local_name(value.value) for value in values) or ASSERTED
