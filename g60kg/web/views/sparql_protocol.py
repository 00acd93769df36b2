"""Jobs of the SPARQL protocol: run a query over the given graphs, in the negotiated format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from g60kg.stores.query_dataset import QueryDataset
from g60kg.web import negotiation
from g60kg.web.negotiation import NotAcceptable, Representation
from g60kg.web.views import query_results

_OFFERED: Final = {
    query_results.ROWS: negotiation.ROWS,
    query_results.BOOLEAN: negotiation.ROWS,
    query_results.GRAPH: negotiation.GRAPHS,
}


@dataclass(frozen=True, slots=True)
class ProtocolQuery:
    """A query of a protocol request; the first suitable one of the formats is used."""

    text: str
    formats: tuple[str, ...] = ()
    accept: str = ""
    dataset: QueryDataset | None = None


def answer(asked: ProtocolQuery) -> tuple[query_results.Written, Representation]:
    """Return the result of a query, and its representation.

    Raises:
        UsageError: the query is invalid or not supported.
        NotAcceptable: no format of this kind of result is acceptable.
    """
    offered = _OFFERED[query_results.kind_of(asked.text)]
    form = _form(offered, asked)
    return query_results.sparql(asked.text, form.format, asked.dataset), form


def _form(offered: tuple[Representation, ...], asked: ProtocolQuery) -> Representation:
    for name in asked.formats[:-1]:
        try:
            return negotiation.choose(offered, format_=name)
        except NotAcceptable:
            continue
    last = asked.formats[-1] if asked.formats else None
    return negotiation.choose(offered, format_=last, accept=asked.accept)
