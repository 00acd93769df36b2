"""Detection of queries that can match any predicate, and so the history.

The engine is fastest over the union of all graphs, from which it cannot exclude one. The history
uses predicates of its own, so a query that names its predicates cannot match it; any other query
runs over a list of graphs, which is slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=256)
def sees_any_predicate(text: str) -> bool:
    """Return whether a query may match triples of any predicate; true if that is not certain.

    >>> sees_any_predicate("SELECT * { ?s ?p ?o }")
    True
    >>> sees_any_predicate("SELECT * { ?city g60:inProvince/rdfs:label ?name }")
    False

    A property that requires evidence is not a predicate of the history.

    >>> sees_any_predicate("SELECT * { ?property g60:requiresEvidence true . ?s ?property ?o }")
    False
    >>> sees_any_predicate(
    ...     "SELECT * { ?s ?property ?o OPTIONAL { ?property g60:requiresEvidence true } }"
    ... )
    True
    >>> sees_any_predicate("ASK { FILTER EXISTS { { ?s g60:time ?t ; g60:basis ?o } } }")
    False
    """
    # Imported here: only a store with a history needs it.
    import logging

    from rdflib import URIRef, Variable
    from rdflib.paths import NegatedPath, Path
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    from g60kg.namespaces import PREFIXES

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
        return str(predicate).startswith((PREFIXES["prov"], PREFIXES["g60"] + "history"))

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
