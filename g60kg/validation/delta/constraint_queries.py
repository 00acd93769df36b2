"""SPARQL queries of shapes: their executable text and the patterns they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from g60kg.namespaces import PREFIXES
from g60kg.validation.delta.property_paths import Path, as_sparql
from g60kg.validation.delta.query_algebra import ONE_WAY, Algebra, QueryRead, name_of
from g60kg.validation.delta.reads import Unbounded
from g60kg.validation.delta.triple_patterns import THIS

_OF_A_RESULT: Final = (Variable("path"), Variable("value"))
#: Where the SHACL processor inserts the focus node and the path, by the same expressions.
_THIS_IN_TEXT: Final = re.compile(r"[\s{}()][$?]this")
_PATH_IN_TEXT: Final = re.compile(r"([\s{}()])[$?]PATH")


def constraint_text(shapes: Graph, constraint: Node, path: Path | None) -> str:
    """Return the executable query of a sh:sparql: prefixes declared, $PATH replaced."""
    text = _select(shapes, constraint)
    if not _THIS_IN_TEXT.search(text):
        raise Unbounded("its query does not name $this")
    if path is not None:
        text = _PATH_IN_TEXT.sub(lambda found: found[1] + as_sparql(path), text)
    elif _PATH_IN_TEXT.search(text):
        raise Unbounded("its query uses $PATH, and the shape has no path")
    return text


def target_text(shapes: Graph, target: Node) -> str:
    """Return the executable query of a SPARQL target."""
    return _select(shapes, target)


def _select(shapes: Graph, node: Node) -> str:
    texts = list(shapes.objects(node, SH.select))
    if len(texts) != 1 or not isinstance(texts[0], Literal):
        raise Unbounded("it does not have exactly one query")
    declared: dict[str, set[str]] = {"rdf": {str(RDF)}, "rdfs": {str(RDFS)}, "owl": {str(OWL)}}
    ontologies = set(shapes.subjects(RDF.type, OWL.Ontology))
    for named in shapes.objects(node, SH.prefixes):
        # Without prefixes of its own, it uses those of every ontology.
        own = named in ontologies and (named, SH.declare, None) in shapes
        for declaring in {named} if own else {named, *ontologies}:
            for declaration in shapes.objects(declaring, SH.declare):
                prefix = shapes.value(declaration, SH.prefix, any=True)
                namespaces = {str(n) for n in shapes.objects(declaration, SH.namespace)}
                declared[str(prefix)] = declared.get(str(prefix), set()) | namespaces
    lines = []
    for name, meant in sorted(declared.items()):
        if len(meant) > 1:
            raise Unbounded(f"the prefix {name} is declared in several ways")
        lines += [f"PREFIX {name}: <{namespace}>" for namespace in meant]
    return "\n".join((*lines, str(texts[0])))


@lru_cache(maxsize=256)
def parsed(text: str) -> Query:
    """Parse a query.

    Raises:
        Unbounded: it is not a SPARQL query.
    """
    try:
        return prepareQuery(text, initNs=dict(PREFIXES))
    except Exception as error:  # for an undeclared prefix rdflib raises a bare Exception
        raise Unbounded(f"its query is not SPARQL: {error}") from None


@lru_cache(maxsize=256)
def query_reads(text: str, this_is_given: bool) -> tuple[QueryRead, ...]:
    """Return the reads of a query.

    Args:
        text: a SELECT query with all its prefixes.
        this_is_given: whether $this is a known node, as in constraints, or is unknown, as in
            targets.
    """
    query = parsed(text).algebra
    if query.name != "SelectQuery" or query.datasetClause:
        raise Unbounded("its query is not a SELECT on the graph itself")
    if not this_is_given and Variable(THIS) not in query.PV:
        raise Unbounded("its target's query does not return ?this")
    given = frozenset({THIS}) if this_is_given else frozenset()
    return tuple(dict.fromkeys(Algebra(given).reads(query.p, ONE_WAY)))


@lru_cache(maxsize=256)
def result_variables(text: str) -> tuple[str, ...]:
    """Return which of ?path and ?value every result of a constraint's query takes from a pattern.

    Two results that differ in one of them come from different solutions, so their reads are
    independent. None if a result can come from several solutions together, or is a failure.
    """
    query = parsed(text).algebra
    parts = list(_parts(query.p))
    if Variable("failure") in query.PV or any(part.name == "Group" for part in parts):
        return ()
    computed = {part.var for part in parts if part.name == "Extend"}
    certain = Algebra(frozenset({THIS})).certain(query.p)
    taken = (v for v in _OF_A_RESULT if v in query.PV and v not in computed)
    return tuple(name for name in map(name_of, taken) if name in certain)


def _parts(part: Any) -> Iterator[CompValue]:
    if isinstance(part, CompValue):
        yield part
        for inner in part.values():
            yield from _parts(inner)
