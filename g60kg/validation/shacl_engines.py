"""What runs SHACL shapes: pySHACL or, on a large graph, pyshacl-turbo where it is installed.

The one module that knows them.
"""

from __future__ import annotations

import importlib.util
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final

import pyshacl
from pyoxigraph import Quad, Store, Triple
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from g60kg.errors import UnsupportedQuery, UsageError
from g60kg.namespaces import PREFIXES
from g60kg.rdf.sparql_tokens import outline
from g60kg.stores.rdflib_view import graph_over, normal, rdflib_graph, store_under

#: Triples from which on pySHACL takes too long for a person to wait.
LARGE: Final = 20_000


def whole_graph(triples: Iterable[Triple]) -> Graph:
    """A graph on which all shapes are to run, held so that the quickest engine can take it.

    pyshacl-turbo reads an Oxigraph store as it is; to build an rdflib graph first would take half
    as long again as to validate it, and more memory than both. Numbers and dates are spelled there
    as rdflib spells them, so that both engines tell of the same terms.
    """
    rest = iter(triples)
    first = list(islice(rest, LARGE))
    if len(first) < LARGE or importlib.util.find_spec("pyshacl_turbo") is None:
        return rdflib_graph(chain(first, rest))
    store = Store()
    store.bulk_extend(map(_respelled, chain(first, rest)))
    return graph_over(store)


def _respelled(triple: Triple) -> Quad:
    assert not isinstance(triple.object, Triple)
    return Quad(triple.subject, triple.predicate, normal(triple.object))


def report_of(graph: Graph, shapes: Graph, chosen: list[str], focus: str | None) -> Graph:
    """The SHACL validation report as a graph.

    Args:
        graph: the data; pyshacl-turbo runs if it is one of :func:`whole_graph` over a store, and
            neither ``chosen`` nor ``focus`` is given.
        shapes: the shapes.
        chosen: the IRIs of the shapes to run; all, if empty.
        focus: the IRI of the node to look at. With chosen shapes there may be results for others.

    Raises:
        UsageError: the shapes are not SHACL, or a query in them is not SPARQL.
        UnsupportedQuery: a query in the shapes asks for what is closed off, such as SERVICE.
    """
    store = store_under(graph)
    try:
        if store is None or chosen or focus:
            _, report, text = _by_pyshacl(graph, shapes, chosen, focus)
        else:
            _, report, text = _by_turbo(store, shapes)
    except RecursionError:
        # rdflib follows a path of any length by recursion.
        raise UnsupportedQuery(
            "The shapes cannot follow so many statements in a row.",
            hint="Look for places that lie in one another without end, and the like.",
        ) from None
    except (ReportableRuntimeError, re.error) as error:
        # Of the first type are also its ShapeLoadError and ConstraintLoadError.
        raise UsageError(f"These are no SHACL shapes: {error}") from None
    if isinstance(report, Graph):
        return report
    # What is here then is a ValidationFailure, returned and not raised.
    reason = getattr(report, "message", text)
    raise UsageError(f"These shapes cannot be run: {reason}")


def _by_pyshacl(
    graph: Graph, shapes: Graph, chosen: list[str], focus: str | None
) -> tuple[bool, object, str]:
    result: tuple[bool, object, str] = pyshacl.validate(
        _Prepared(store=graph.store, identifier=graph.identifier),
        shacl_graph=shapes,
        # Shapes find their focus nodes by SPARQL too (SHACL Advanced Features, section 3.1).
        advanced=True,
        # Nothing is inferred and no rule of ours adds triples, so no copy is needed.
        inplace=True,
        inference="none",
        meta_shacl=False,
        do_owl_imports=False,
        use_shapes=chosen or None,
        # Given shapes and a focus node, it would run each shape on it, its target or not; so
        # with chosen shapes the node is picked out of the results.
        focus_nodes=[focus] if focus and not chosen else None,
    )
    return result


def _by_turbo(store: Store, shapes: Graph) -> tuple[bool, object, str]:
    import pyshacl_turbo

    for text in (*shapes.objects(None, SH.select), *shapes.objects(None, SH.ask)):
        _refuse_from(str(text))
    result: tuple[bool, object, str] = pyshacl_turbo.validate(
        store, shacl_graph=shapes, advanced=True, inference="none", do_owl_imports=False
    )
    return result


def _refuse_from(text: str) -> None:
    if outline(text).from_graphs:
        raise UnsupportedQuery("A shape's query has FROM; it can only ask the graph itself.")


class _Prepared(Graph):
    """A graph that parses each query once, not once a focus node.

    pySHACL asks every sh:sparql of every focus node as text; parsing it is nine tenths of the
    time. It also keeps queries of shapes off the network.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """The result of a query, as :meth:`rdflib.Graph.query` gives it."""
        if isinstance(query_object, str):
            query_object = _prepared(query_object)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    _refuse_from(text)
    try:
        return prepareQuery(text, initNs=dict(PREFIXES))
    except Exception as error:  # of an undeclared prefix rdflib tells by a bare Exception
        raise UsageError(f"A shape's query is not SPARQL: {error}") from None


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps two logs off stderr: what they tell (ill-typed literals, bad shapes) is told here."""
    logs = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    before = [log.disabled for log in logs]
    for log in logs:
        log.disabled = True
    try:
        yield
    finally:
        for log, disabled in zip(logs, before, strict=True):
            log.disabled = disabled
