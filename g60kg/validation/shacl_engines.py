"""SHACL engines: pySHACL or, on a large graph, pyshacl-turbo if it is installed.

No other module imports them.
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

#: Number of triples from which pySHACL is too slow.
LARGE: Final = 5_000


def complete_graph(triples: Iterable[Triple]) -> Graph:
    """Return a graph for running all shapes, in the form that the fastest engine reads.

    pyshacl-turbo reads an Oxigraph store directly; building an rdflib graph first would take 50 %
    of the time of validation, and more memory. Numbers and dates are written as rdflib writes
    them, so that both engines report the same terms.
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
    """Return the SHACL validation report as a graph.

    Args:
        graph: the data; pyshacl-turbo runs if it is one of :func:`complete_graph` over a store, and
            neither ``chosen`` nor ``focus`` is given.
        shapes: the shapes.
        chosen: the IRIs of the shapes to run; empty for all.
        focus: the IRI of the focus node. With chosen shapes, others can have results too.
    """
    store = store_under(graph)
    try:
        if store is None or chosen or focus:
            _, report, text = _by_pyshacl(graph, shapes, chosen, focus)
        else:
            _, report, text = _by_turbo(store, shapes)
    except RecursionError:
        # rdflib follows paths by recursion.
        raise UnsupportedQuery(
            "A chain of statements is too long for the shapes.",
            hint="Look for circular locations or parts.",
        ) from None
    except (ReportableRuntimeError, re.error) as error:
        # This includes its subclasses ShapeLoadError and ConstraintLoadError.
        raise UsageError(f"Invalid SHACL shapes: {error}") from None
    if isinstance(report, Graph):
        return report
    # pySHACL returns a ValidationFailure instead of raising it.
    reason = getattr(report, "message", text)
    raise UsageError(f"These shapes cannot be run: {reason}")


def _by_pyshacl(
    graph: Graph, shapes: Graph, chosen: list[str], focus: str | None
) -> tuple[bool, object, str]:
    result: tuple[bool, object, str] = pyshacl.validate(
        _Prepared(store=graph.store, identifier=graph.identifier),
        shacl_graph=shapes,
        # Shapes can have SPARQL targets (SHACL Advanced Features, section 3.1).
        advanced=True,
        # Without inference and rules, no copy of the graph is needed.
        inplace=True,
        inference="none",
        meta_shacl=False,
        do_owl_imports=False,
        use_shapes=chosen or None,
        # Given shapes and a focus node, it runs each shape on it whatever the targets; so
        # with chosen shapes the results are filtered by focus node.
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
        raise UnsupportedQuery("The query of a shape has FROM, which is not allowed.")


class _Prepared(Graph):
    """A graph that parses each query once instead of once per focus node.

    pySHACL runs each sh:sparql as text for every focus node; parsing takes nine tenths of the
    time. The class also refuses queries that access the network.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Return the result of a query as :meth:`rdflib.Graph.query` does."""
        if isinstance(query_object, str):
            query_object = _prepared(query_object)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    _refuse_from(text)
    try:
        return prepareQuery(text, initNs=dict(PREFIXES))
    except Exception as error:  # for an undeclared prefix rdflib raises a bare Exception
        raise UsageError(f"A shape's query is not SPARQL: {error}") from None


@contextmanager
def quiet() -> Iterator[None]:
    """Keep two logs off stderr; findings report the same (ill-typed literals, bad shapes)."""
    logs = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    before = [log.disabled for log in logs]
    for log in logs:
        log.disabled = True
    try:
        yield
    finally:
        for log, disabled in zip(logs, before, strict=True):
            log.disabled = disabled
