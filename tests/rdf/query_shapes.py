"""Queries of one repeated part: each is run with as many parts as the bounds let through.

Run as a program, it runs the shape that it is given, so that a crash ends this process alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Store

from g60kg.errors import G60kgError, UnsupportedQuery
from g60kg.rdf.input_limits import MAX_QUERY
from g60kg.rdf.sparql_tokens import outline
from g60kg.stores.local_store import LocalStore

#: Start, repeated part and end; ``#`` in the part is the number of the part.
SHAPES: Final[Mapping[str, tuple[str, str, str]]] = {
    "collection": ("ASK { FILTER EXISTS { ?s ?p (", "1 ", ") } }"),
    "collection of empty collections": ("ASK { FILTER EXISTS { ?s ?p (", "()", ") } }"),
    "collection of blank nodes": ("ASK { FILTER EXISTS { ?s ?p (", "[]", ") } }"),
    "collection of variables": ("ASK { FILTER EXISTS { ?s ?p (", "?v#", ") } }"),
    "collection of tagged strings": ("ASK { FILTER EXISTS { ?s ?p (", '"a"@en', ") } }"),
    "collection of typed strings": ("ASK { FILTER EXISTS { ?s ?p (", '"a"^^xsd:date', ") } }"),
    "collection of decimals": ("ASK { FILTER EXISTS { ?s ?p (", ".5 ", ") } }"),
    "collection of names": ("ASK { FILTER EXISTS { ?s ?p (", "id:a()", ") } }"),
    "collection of names and items": ("ASK { FILTER EXISTS { ?s ?p (", "id:a(1)", ") } }"),
    "collection of labels": ("ASK { FILTER EXISTS { ?s ?p (", "_:a ", ") } }"),
    "collections in a collection": ("ASK { FILTER EXISTS { ?s ?p (", "(1)", ") } }"),
    "collection of booleans": ("ASK { FILTER EXISTS { ?s ?p (", "true ", ") } }"),
    "collection as subject": ("ASK { FILTER EXISTS { (", "1 ", ") ?p ?o } }"),
    "collection in a template": ("CONSTRUCT { ?s ?p (", "1 ", ") } WHERE { ?s ?p ?o }"),
    "list of collections": ("ASK { FILTER EXISTS { ?s ?p ()", ",(1)", "} }"),
    "objects in a filter": ("ASK { FILTER(NOT EXISTS { ?s ?p 1", ",1", "}) }"),
    "objects in an expression": ("SELECT (EXISTS { ?s ?p 1", ",1", "} AS ?x) {}"),
    "objects in a collection": ("ASK { FILTER EXISTS { ?s ?p ([ ?p 1", ",1", "]) } }"),
    "predicates in a collection": ("ASK { FILTER EXISTS { ?s ?p ([ ?p 1", ";?p 1", "]) } }"),
    "grouping functions": ("SELECT (1 AS ?x) { ?s ?p ?o } GROUP BY ", "STR(?s)", ""),
    "ordering functions": ("SELECT * { ?s ?p ?o } ORDER BY ", "STR(?s)", ""),
    "grouping variables": ("SELECT (1 AS ?x) { ?s ?p ?o } GROUP BY ", "?v#", ""),
    "projections": ("SELECT ", "(1 AS ?v#)", "{}"),
    "aggregates": ("SELECT ", "(COUNT(?s) AS ?v#)", "{ ?s ?p ?o }"),
    "reifiers": ("ASK { FILTER EXISTS { ?s ?p 1 ", "~<x:r>", "} }"),
    "annotations": ("ASK { FILTER EXISTS { ?s ?p 1 ", "{|?p 1|}", "} }"),
    "triple terms": ("ASK { FILTER EXISTS { ?s ?p 1", ",<<( ?s ?p 1 )>>", "} }"),
    "unions": ("SELECT * { {}", " UNION {}", "}"),
    "options": ("SELECT * { ", "OPTIONAL {}", "}"),
    "subtractions": ("SELECT * { ", "MINUS { ?s ?p 1 }", "}"),
    "sub-selects": ("SELECT * { ", "{SELECT * {}}", "}"),
    "assignments": ("SELECT * { ", "BIND(1 AS ?v#)", "}"),
    "filters": ("SELECT * { ", "FILTER(1)", "}"),
    "sum": ("SELECT * { BIND(1", " +1", " AS ?x) }"),
    "negations": ("SELECT * { FILTER(", "!", "1) }"),
    "conditions": ("SELECT * { ?s ?p ?o FILTER(?s = 1", "&& ?s = 1", ") }"),
    "path alternatives": ("SELECT * { ?s a", "|a", " ?o }"),
    "values": ("SELECT * { VALUES ?v {", '"a"^^xsd:date ', "} }"),
    "rows of values": ("SELECT * { VALUES (?v ?w) {", "(1 UNDEF)", "} }"),
    "list of IN": ("SELECT * { ?s ?p ?o FILTER(?o IN (1", ",STR(?o)", ")) }"),
    "arguments": ('SELECT (CONCAT(""', ", ?x", ") AS ?y) {}"),
    "prefixes": ("", "PREFIX p#: <x:>", "ASK {}"),
}


def query(name: str, parts: int) -> str:
    """Return the query of a shape with so many parts."""
    start, part, end = SHAPES[name]
    return start + "".join(part.replace("#", str(n)) for n in range(parts)) + end


def most_parts(name: str) -> int:
    """Return the largest number of parts that is not refused."""
    low, high = 1, MAX_QUERY
    while low < high:
        middle = (low + high + 1) // 2
        try:
            outline(query(name, middle))
        except UnsupportedQuery:
            high = middle - 1
        else:
            low = middle
    return low


if __name__ == "__main__":
    for shape in sys.argv[1:]:
        parts = most_parts(shape)
        try:
            LocalStore(Store(), "an empty store").query(query(shape, parts))
        except G60kgError as error:
            print(shape, parts, type(error).__name__, error.message[:60], sep="\t", flush=True)
        else:
            print(shape, parts, "answered", "", sep="\t", flush=True)
