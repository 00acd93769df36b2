"""What the SPARQL protocol answers: a query over the graphs asked for, in the form asked for."""

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
class Asked:
    """A query as it came.

    Attributes:
        text: the query.
        formats: the values of ``?format=``, of which the first that fits counts.
        accept: the Accept header.
        dataset: the graphs that the protocol names; None where it names none.
    """

    text: str
    formats: tuple[str, ...] = ()
    accept: str = ""
    dataset: QueryDataset | None = None


def answer(asked: Asked) -> tuple[query_results.Written, Representation]:
    """The answer, and the form that it is in.

    Raises:
        UsageError: it is no query, or not one that is answered here.
        NotAcceptable: no form of its kind of answer fits.
    """
    offered = _OFFERED[query_results.kind_of(asked.text)]
    form = _form(offered, asked)
    return query_results.sparql(asked.text, form.format, asked.dataset), form


def _form(offered: tuple[Representation, ...], asked: Asked) -> Representation:
    for name in asked.formats[:-1]:
        try:
            return negotiation.chosen(offered, format_=name)
        except NotAcceptable:
            continue
    last = asked.formats[-1] if asked.formats else None
    return negotiation.chosen(offered, format_=last, accept=asked.accept)
