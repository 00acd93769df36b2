"""Queries that exceed the limits."""

from __future__ import annotations

#: Runs for hours: the cross product of all triples, four times.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def _long(steps: int) -> str:
    """Binds texts ?x0, ?x1 … of which each is eight times as long as the one before."""
    first = "BIND ('aaaaaaaa' AS ?x0) "
    return first + "".join(
        f"BIND (CONCAT({', '.join([f'?x{step}'] * 8)}) AS ?x{step + 1}) " for step in range(steps)
    )


#: A text of eight gigabytes.
HUGE = f"SELECT (STRLEN(?x10) AS ?length) {{ {_long(10)} }}"


def large(megabytes: int) -> str:
    """Rows of two megabytes each, that many megabytes in all."""
    return f"SELECT ?x6 {{ {{ SELECT ?s {{ ?s ?p ?o }} LIMIT {megabytes // 2} }} {_long(6)} }}"
