"""The SHACL engine: pySHACL, run on the focus nodes that may have findings.

No other module imports pySHACL.
"""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import InvalidOperation, localcontext
from functools import cached_property, lru_cache
from typing import Any

import pyshacl
from pyoxigraph import Literal, NamedNode, Triple
from pyshacl.errors import ReportableRuntimeError
from pyshacl.rdfutil.stringify import stringify_blank_node
from rdflib import Graph
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from g60kg.errors import UnsupportedQuery, UsageError
from g60kg.rdf.sparql_tokens import outline
from g60kg.stores.rdflib_view import from_rdflib, graph_over, rdflib_graph, store_under, to_rdflib
from g60kg.validation.candidates import FocusNodes, candidates
from g60kg.validation.candidates.data_index import DataIndex, store_of
from g60kg.validation.shape_structure.constraint_queries import parsed
from g60kg.validation.shape_structure.shape_graph import retargeted
from g60kg.validation.shape_structure.triple_patterns import Unbounded


def complete_graph(triples: Iterable[Triple]) -> Graph:
    """Return an rdflib graph of the triples, on which shapes can be run.

    Its store is Oxigraph if that keeps every literal unchanged, else memory.
    """
    known = list(triples)
    store = store_of(known)
    return rdflib_graph(known) if store is None else graph_over(store)


def report_of(
    graph: Graph,
    shapes: Graph,
    chosen: list[str],
    focus: str | None,
    focus_nodes: FocusNodes | None = None,
) -> Graph:
    """Return the SHACL report as a graph, empty if no focus node can have a result.

    ``chosen`` (IRIs of shapes; empty for all), ``focus`` (an IRI) and ``focus_nodes`` (by shape)
    limit what is validated, unless None. ``focus`` does not limit shapes with a SPARQL target or
    an unsupported construct.

    Raises:
        UsageError: the shapes cannot be run.
    """
    try:
        data = DataIndex(store_under(graph) or _held(graph))
        found, kept = candidates(shapes, data, chosen, focus_nodes)
        failing = {
            shape: [to_rdflib(node) for node in nodes if focus in (None, node.value)]
            for shape, nodes in found.items()
        }
        if not kept and not any(failing.values()):
            return Graph()
        if kept and store_under(graph) is not None:
            graph = rdflib_graph(_held(graph))  # faster where many nodes are checked
        _, report, text = _by_pyshacl(graph, retargeted(shapes, failing, kept))
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


def _held(graph: Graph) -> Iterator[Triple]:
    for triple in Graph(store=graph.store, identifier=graph.identifier):
        subject, predicate, object_ = map(from_rdflib, triple)
        assert not isinstance(subject, Literal)
        assert isinstance(predicate, NamedNode)
        yield Triple(subject, predicate, object_)


def _by_pyshacl(graph: Graph, shapes: Graph) -> tuple[bool, object, str]:
    # pySHACL keeps the texts of blank nodes by the address of their graph, which a later graph
    # can have: messages would describe nodes of another graph.
    stringify_blank_node.dict_cache.clear()
    with localcontext() as context:
        # NaN compares with a decimal as with any number: false, and no error.
        context.traps[InvalidOperation] = False
        try:
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
            )
        except (AssertionError, LookupError, TypeError) as error:
            # sh:lessThanOrEquals with an invalid number, for which SHACL asks for a result. Without
            # a message: an IRI as sh:maxInclusive, for example.
            reason = str(error) or "a constraint has a value of the wrong kind"
            raise UsageError(f"These shapes cannot be run: {reason}") from None
    return result


class _Prepared(Graph):
    """A graph that parses each query once instead of once per focus node.

    A query with FROM raises UnsupportedQuery.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        if isinstance(query_object, str):
            query_object = _prepared(query_object)
        return super().query(query_object, *args, **kwargs)

    def __len__(self) -> int:
        # pySHACL asks for each result whether the graph is empty, which a store finds by counting.
        return self._count

    @cached_property
    def _count(self) -> int:
        # rdflib's view of a store counts by a query with DISTINCT.
        store = store_under(self)
        return super().__len__() if store is None else len(store)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    if outline(text).from_graphs:
        raise UnsupportedQuery("The query of a shape has FROM, which is not allowed.")
    try:
        return parsed(text)
    except Unbounded as error:
        raise UsageError(f"A shape cannot be run: {error}") from None


@contextmanager
def quiet() -> Iterator[None]:
    """Suppress in the block logs of pySHACL and of rdflib's literals, and a warning of rdflib."""
    logs = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    before = [log.disabled for log in logs]
    for log in logs:
        log.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Serializing weird numerical")
            yield
    finally:
        for log, disabled in zip(logs, before, strict=True):
            log.disabled = disabled
