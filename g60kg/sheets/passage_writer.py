"""Passages and verdicts of a graph as cells and header of a fact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from pyoxigraph import NamedNode, Triple

from g60kg import namespaces as ns
from g60kg.errors import UsageError
from g60kg.model.passage_evidence import SEPARATOR, SPAN_PREFIX, PassageCell, Place, fingerprint
from g60kg.model.text_normalization import DIGEST_PREFIX
from g60kg.namespaces import compact, g60
from g60kg.sheets.source_claims import Cells, Said


def passage_cells(said: Said, passages: Sequence[NamedNode], column: str) -> Cells:
    """Return the passages of a fact as the cells of a column and of ``locator``.

    A passage with several positions or locators is written as often, which compiles to one node.
    """
    cells: list[str] = []
    locators: list[str] = []
    for passage in sorted(passages, key=lambda node: _first_place(said, node)):
        written = _cells(said, passage)
        known = sorted(value.value for value in said.values(passage, ns.LOCATOR))
        for cell, locator in zip_longest(written, known):
            cells.append(cell or written[-1])
            locators.append(locator or known[-1] if known else "")
    return {column: SEPARATOR.join(cells), "locator": SEPARATOR.join(locators)}


def _cells(said: Said, passage: NamedNode) -> list[str]:
    digest = said.text(passage, ns.NORMALIZED_DIGEST).removeprefix(DIGEST_PREFIX)
    length = said.text(passage, ns.NORMALIZED_LENGTH)
    spans = sorted(
        value.value.removeprefix(SPAN_PREFIX) for value in said.values(passage, ns.SPAN_DIGEST)
    )
    places = _places(said, passage)
    if not length.isdecimal() or (places and not spans):
        raise UsageError(f"A fact sheet cannot hold the passage {compact(passage.value)}.")
    if not places:
        return [str(PassageCell(digest, int(length)))]
    cells = []
    for place, span in zip_longest(places, spans):
        start, end = place or places[-1]
        cells.append(str(PassageCell(digest, int(length), Place(start, end, span or spans[-1]))))
    return cells


def _places(said: Said, passage: NamedNode) -> list[tuple[int, int]]:
    return sorted(
        (int(said.text(selector, ns.START)), int(said.text(selector, ns.END)))
        for selector in said.nodes(passage, ns.HAS_SELECTOR)
        if said.text(selector, ns.START).isdecimal() and said.text(selector, ns.END).isdecimal()
    )


def _first_place(said: Said, passage: NamedNode) -> tuple[int, str]:
    return next(iter(_places(said, passage)), (0, 0))[0], passage.value


def written_checked(said: Said, text_digest: str) -> str:
    """Return the header value ``checked`` if all evidence was verified on one day, else empty."""
    evidence = said.typed("Quotation") | said.typed("Passage")
    days = {value.value for node in evidence for value in said.values(node, ns.CHECKED_ON)}
    if len(days) != 1 or any(said.one(node, ns.VERDICT) != g60("Verified") for node in evidence):
        return ""
    triples = (Triple(*claim) for claim in said.claims())
    return f"{days.pop()} {fingerprint(triples, text_digest)}"
