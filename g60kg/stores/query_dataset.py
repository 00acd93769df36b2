"""Queries of the embedded engine: the graphs they run over, and their error messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypedDict

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store

from g60kg.errors import QuerySyntaxError, UnsupportedQuery
from g60kg.namespaces import HISTORY_GRAPH, PREFIXES, g60
from g60kg.rdf.rdf_files import position
from g60kg.rdf.sparql_tokens import outline, undeclared
from g60kg.stores.base import QueryResult
from g60kg.stores.integrity import query_error

_POSITION: Final = re.compile(r"at (\d+):(\d+): ")


class _DefaultGraph(TypedDict, total=False):
    use_default_graph_as_union: bool
    default_graph: list[NamedNode | BlankNode | DefaultGraph]
    named_graphs: list[NamedNode | BlankNode]


@dataclass(frozen=True, slots=True)
class QueryDataset:
    """The graphs that a query runs over, by their IRIs (SPARQL 1.1 Protocol, section 2.1.4).

    Attributes:
        default: the graphs whose union is the default graph, which can be empty.
        named: the named graphs.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def graphs(self) -> _DefaultGraph:
        """Return the graphs as arguments of the engine."""
        return {
            "default_graph": [NamedNode(name) for name in self.default],
            "named_graphs": [NamedNode(name) for name in self.named],
        }


def ask(
    store: Store,
    text: str,
    dataset: QueryDataset | None = None,
    base: str | None = None,
    *,
    canned: bool = False,
) -> QueryResult:
    """Return the result of one query; its default graph is the union of all but the history.

    Args:
        store: the engine's store.
        text: the query.
        dataset: the graphs it runs over, instead of those of its FROM clauses.
        base: the base of relative IRIs; None refuses them.
        canned: whether it is the text of a canned query: without FROM, and within all limits.
    """
    from_graphs = () if canned else outline(text).from_graphs
    named = from_graphs if dataset is None else (*dataset.default, *dataset.named)
    unknown = set(named) - {graph.value for graph in named_graphs(store)} if named else ()
    for name in sorted(unknown):
        raise UnsupportedQuery(
            f"<{name}> is not a graph of this store; nothing is fetched.",
            hint="Its graphs: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        )
    over = _default(store, text, from_graphs) if dataset is None else dataset.graphs()
    # The text of a canned query declares its own; parsing ours takes a tenth of a lookup.
    prefixes = {} if canned else dict(PREFIXES)
    try:
        return store.query(text, base_iri=base, prefixes=prefixes, **over)
    except SyntaxError as error:
        raise _syntax_error(text, str(error)) from None
    except (OSError, ValueError, RuntimeError) as error:
        raise query_error(error) from None


def named_graphs(store: Store) -> tuple[NamedNode, ...]:
    """Return the names of the graphs, sorted."""
    named = (name for name in store.named_graphs() if isinstance(name, NamedNode))
    return tuple(sorted(named, key=lambda name: name.value))


def _default(store: Store, text: str, from_graphs: tuple[str, ...]) -> _DefaultGraph:
    """Return the default graph of a query: the union of all graphs but the history."""
    if from_graphs:
        return {}
    if any(True for _ in store.quads_for_pattern(None, None, None, HISTORY_GRAPH)):
        from g60kg.stores.predicate_scope import sees_any_predicate

        if sees_any_predicate(text) or _history_requires_evidence(store):
            names = [name for name in named_graphs(store) if name != HISTORY_GRAPH]
            return {"default_graph": [*names], "named_graphs": [*names]}
    return {"use_default_graph_as_union": True}


def _history_requires_evidence(store: Store) -> bool:
    """Return whether a property of the history requires evidence, which none should."""
    namespaces = (PREFIXES["prov"], PREFIXES["g60"] + "history")
    quads = store.quads_for_pattern(None, g60("requiresEvidence"), None, None)
    return any(str(quad.subject).startswith(namespaces, 1) for quad in quads)


def _syntax_error(text: str, message: str) -> QuerySyntaxError:
    found = _POSITION.search(message)
    if not found:
        return QuerySyntaxError(f"Not a SPARQL query: {message}")
    line, column = int(found[1]), int(found[2])
    before = sum(map(len, text.split("\n")[: line - 1])) + line - 1
    # The parser reports an undeclared prefix only after the name.
    name = undeclared(text)
    if name is not None and name.start < before + column:
        line, column = position(text, name.start)
        reason = f"the prefix {name.text.partition(':')[0]}: is not declared"
        return QuerySyntaxError(f"line {line}, column {column}: {reason}", line, column)
    rest = "".join(text.splitlines(keepends=True)[line - 1 : line])[column - 1 :].strip()
    if rest:
        reason = f"unexpected {rest.split()[0]!r}"
    else:
        reason = "the query ends too early or the line is incomplete"
    return QuerySyntaxError(f"line {line}, column {column}: {reason}", line, column)
