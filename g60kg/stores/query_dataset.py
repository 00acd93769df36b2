"""Queries of the embedded engine: the graphs they run over, and their error messages.

The engine is fastest over the union of all graphs, from which it cannot exclude one. The
history uses predicates of its own, so a query cannot match it if all predicates of the
query are given, and none is of the history. In a store with a history, any other query
runs over a list of the other graphs, which is slower.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypedDict

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from g60kg.errors import QuerySyntaxError, UnsupportedQuery
from g60kg.namespaces import BASE, HISTORY_GRAPH, PREFIXES, g60
from g60kg.rdf.parser_thread import in_own_thread
from g60kg.rdf.rdf_files import position
from g60kg.rdf.sparql_tokens import outline, tokens, undeclared
from g60kg.stores.base import QueryResult
from g60kg.stores.integrity import query_error

#: An IRI of the project that is no term of the ontology, up to its last part.
_ENTITY: Final = re.compile(rf"(<{re.escape(BASE)}(?!ontology)[a-z]+/)[^/#<>\s]+>")


class _DefaultGraph(TypedDict, total=False):
    use_default_graph_as_union: bool
    default_graph: list[NamedNode | BlankNode | DefaultGraph]
    named_graphs: list[NamedNode | BlankNode]


@dataclass(frozen=True, slots=True)
class QueryDataset:
    """The graphs that a query runs over, by their IRIs (SPARQL 1.1 Protocol, section 2.1.4)."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def graphs(self) -> _DefaultGraph:
        """Return the graphs as keyword arguments of the engine's ``query``."""
        return {
            "default_graph": [NamedNode(name) for name in self.default],
            "named_graphs": [NamedNode(name) for name in self.named],
        }


def run_query(
    store: Store, text: str, dataset: QueryDataset | None = None, *, template: str = ""
) -> QueryResult:
    """Return the result of one query; errors as :meth:`GraphStore.query`.

    The project's base resolves relative IRIs. The query runs over the graphs of ``dataset``, else
    of its FROM clauses. Without either, the default graph is the union of all graphs, and no triple
    of the history matches. ``template`` is the text before binding of a canned query, which must
    declare its prefixes and have no FROM.
    """
    from_graphs = () if template else outline(text).from_graphs
    named = from_graphs if dataset is None else (*dataset.default, *dataset.named)
    unknown = set(named) - {graph.value for graph in named_graphs(store)} if named else ()
    for name in sorted(unknown):
        raise UnsupportedQuery(
            f"<{name}> is not a graph of this store; nothing is fetched.",
            hint="Its graphs: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        )
    over = _default(store, text, template, from_graphs) if dataset is None else dataset.graphs()
    # The text of a canned query declares its own; parsing ours takes a tenth of a lookup.
    prefixes = {} if template else dict(PREFIXES)
    try:
        return store.query(text, base_iri=BASE, prefixes=prefixes, **over)
    except SyntaxError as error:
        raise _syntax_error(text, str(error)) from None
    except (OSError, ValueError, RuntimeError) as error:
        raise query_error(error) from None


def named_graphs(store: Store) -> tuple[NamedNode, ...]:
    """Return the names of the graphs, sorted."""
    named = (name for name in store.named_graphs() if isinstance(name, NamedNode))
    return tuple(sorted(named, key=lambda name: name.value))


def _default(store: Store, text: str, template: str, from_graphs: tuple[str, ...]) -> _DefaultGraph:
    if from_graphs:
        return {}
    if any(True for _ in store.quads_for_pattern(None, None, None, HISTORY_GRAPH)) and (
        (_template_may_match(template) if template else may_match_history(text))
        or _history_requires_evidence(store)
    ):
        names = [name for name in named_graphs(store) if name != HISTORY_GRAPH]
        return {"default_graph": [*names], "named_graphs": [*names]}
    return {"use_default_graph_as_union": True}


def _history_requires_evidence(store: Store) -> bool:
    namespaces = (PREFIXES["prov"], PREFIXES["g60"] + "history")
    quads = store.quads_for_pattern(None, g60("requiresEvidence"), None, None)
    return any(str(quad.subject).startswith(namespaces, 1) for quad in quads)


def _syntax_error(text: str, message: str) -> QuerySyntaxError:
    found = re.search(r"at (\d+):(\d+): ", message)
    if not found:
        return QuerySyntaxError(f"Not a SPARQL query: {message}")
    line, column = int(found[1]), int(found[2])
    lines = text.split("\n")
    before = sum(map(len, lines[: line - 1])) + line - 1
    # The parser reports an undeclared prefix only after the name.
    name = next(undeclared(text), None)
    if name is not None and name.start < before + column:
        line, column = position(text, name.start)
        reason = f"the prefix {name.prefix}: is not declared"
        return QuerySyntaxError(f"line {line}, column {column}: {reason}", line, column)
    rest = "".join(lines[line - 1 : line])[column - 1 :].strip()
    if rest:
        reason = f"unexpected {rest.split()[0]!r}"
    else:
        reason = "the query ends too early or the line is incomplete"
    return QuerySyntaxError(f"line {line}, column {column}: {reason}", line, column)


def may_match_history(text: str) -> bool:
    """Return whether a query may match triples of the history; True if that is not certain.

    It may if its form is DESCRIBE, or if a predicate is a variable, a negated path, or a property
    of the history.

    >>> may_match_history("SELECT * { ?s ?p ?o }")
    True
    >>> may_match_history("SELECT * { ?city g60:inProvince/rdfs:label ?name }")
    False

    A variable that is the subject of g60:requiresEvidence cannot match a property of the history.

    >>> may_match_history("SELECT * { ?property g60:requiresEvidence true . ?s ?property ?o }")
    False
    >>> may_match_history(
    ...     "SELECT * { ?s ?property ?o OPTIONAL { ?property g60:requiresEvidence true } }"
    ... )
    True
    >>> may_match_history("ASK { FILTER EXISTS { { ?s g60:time ?t ; g60:basis ?o } } }")
    False
    """
    return _may_match_history(_patterns(text))


#: The same for the text of a canned query, which is not analysed again.
_template_may_match: Final = lru_cache(maxsize=256)(may_match_history)


def _patterns(text: str) -> str:
    """Return a query without the data of its VALUES, and with the same name for all entities.

    Neither the data nor an entity is a predicate of the history.
    """
    kept: list[str] = []
    start = 0
    follows = within = False
    for token in tokens(text):
        if token.keyword == "VALUES":
            follows = True
        elif follows and token.text == "{":
            kept.append(text[start : token.end])
            follows, within = False, True
        elif within and token.text == "}":
            start, within = token.start, False
    return _ENTITY.sub(r"\1_>", "".join((*kept, text[start:])))


@lru_cache(maxsize=256)
def _may_match_history(text: str) -> bool:
    return in_own_thread(lambda: _matches_any_predicate(text))


def _matches_any_predicate(text: str) -> bool:
    # Imported here: only a store with a history needs it.
    import logging

    from rdflib import URIRef, Variable
    from rdflib.paths import NegatedPath, Path
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    requires_evidence = URIRef(PREFIXES["g60"] + "requiresEvidence")

    def patterns(node: Any) -> Iterator[Any]:
        if isinstance(node, CompValue):
            # All patterns of a group must match, so one can restrict the predicate of another.
            # A group within EXISTS is as parsed: lists of the terms of several triples.
            group = [
                tuple(terms[at : at + 3])
                for terms in dict.get(node, "triples") or ()
                for at in range(0, len(terms), 3)
            ]
            limited = {subject for subject, predicate, _ in group if predicate == requires_evidence}
            yield from (pattern for pattern in group if pattern[1] not in limited)
            for part in node.values():
                yield from patterns(part)
        elif isinstance(node, list | tuple):
            for part in node:
                yield from patterns(part)

    def is_wide(predicate: Any) -> bool:
        if isinstance(predicate, NegatedPath | Variable):
            return True
        if isinstance(predicate, Path):
            parts = [getattr(predicate, name, None) for name in ("arg", "path")]
            parts += getattr(predicate, "args", None) or []
            return any(is_wide(part) for part in parts if part is not None)
        # rdflib leaves the backslash of an escaped character in a prefixed name.
        name = str(predicate).replace("\\", "")
        return name.startswith((PREFIXES["prov"], PREFIXES["g60"] + "history"))

    # Without a handler, its warnings of ill-formed literals, with tracebacks, go to stderr.
    log = logging.getLogger("rdflib.term")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    try:
        algebra = prepareQuery(text, initNs=dict(PREFIXES)).algebra
    except Exception:  # the engine may accept what rdflib's parser does not
        return True
    if algebra.name == "DescribeQuery":
        return True
    return any(is_wide(pattern[1]) for pattern in patterns(algebra))


def blocks(quads: Iterable[Quad]) -> str:
    """Return quads of named graphs in SPARQL Update syntax, each term as in N-Triples."""
    return " ".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)
