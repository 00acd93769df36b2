"""`sparql`: run a SPARQL query."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import (
    GRAPH_FORMATS,
    ROW_FORMATS,
    EscapeFormulas,
    chosen_format,
    output_option,
    say,
)
from g60kg.cli.session import session_of
from g60kg.cli.time_limit import Timeout, continue_in_child, time_limit
from g60kg.rdf.text_excerpt import excerpt

if TYPE_CHECKING:
    from g60kg.stores.base import GraphStore


def sparql(
    context: typer.Context,
    query: Annotated[
        str | None, typer.Argument(help="The query; -: read it from standard input.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--query-file", "-q", help="A file that contains the query.")
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help=f"{' '.join(ROW_FORMATS)} for rows; "
            f"{' '.join(GRAPH_FORMATS)} for CONSTRUCT and DESCRIBE.",
        ),
    ] = None,
    output: Annotated[Path | None, output_option()] = None,
    escape_formulas: EscapeFormulas = False,
    timeout: Timeout = 60.0,
) -> None:
    """Run a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    The project's prefixes are declared. A query reads only this graph: SERVICE, LOAD and FROM on
    other hosts are refused.
    """
    from g60kg.cli.result_output import print_boolean, print_rows, print_triples
    from g60kg.queries.execution import run_select
    from g60kg.rdf.sparql_tokens import outline

    session_of(context).check_output(output, file)
    text = _text(query, file)
    if "order" in text.lower():
        continue_in_child(output)
    with time_limit(timeout) as limit:
        store = session_of(context).open_store(limit.seconds)
        form = outline(text).form
        if form == "SELECT":
            chosen = chosen_format(ROW_FORMATS, format_, output, "Rows")
            rows = run_select(store, text)
            if not print_rows(rows, chosen, output, limit, escape_formulas=escape_formulas):
                say("No rows.", *_undeclared(store, text))
        elif form == "ASK":
            chosen = chosen_format(ROW_FORMATS, format_, output, "A boolean")
            print_boolean(store.query(text), chosen, output)
        else:
            chosen = chosen_format(GRAPH_FORMATS, format_, output, f"The result of {form}")
            print_triples(store.query(text), chosen, output)


def _undeclared(store: GraphStore, text: str) -> Iterator[str]:
    """Yield a line for each ``g60:`` term of a query that the ontology does not declare.

    The line after it names the most similar term, if there is one. Nothing without an ontology.
    """
    from g60kg.namespaces import g60, local_name, term

    declared = {
        local_name(node.value)
        for node in store.subjects(term("rdfs:isDefinedBy"))
        if node.value.startswith(g60("").value)
    }
    for name in sorted(set(re.findall(r"\bg60:(\w+)", text)) - declared if declared else ()):
        yield f"The ontology does not declare g60:{excerpt(name, 60)}."
        for near in get_close_matches(name, sorted(declared), 1):
            yield f"Did you mean g60:{near}?"


def _text(query: str | None, file: Path | None) -> str:
    from g60kg.errors import UsageError
    from g60kg.rdf.rdf_files import decoded_text, read_text

    if (query is None) == (file is None):
        raise UsageError("Give one query: as an argument, with -q FILE, or - for standard input.")
    if file is not None:
        return read_text(file, pipes=True)
    if query == "-":
        return decoded_text(sys.stdin.buffer.read(), "standard input")
    if query and os.path.isfile(query):  # noqa: PTH113 - Path.is_file raises OSError for a long text
        raise UsageError(
            f"{excerpt(query)} is a file, not a query.", hint="Run the query in it with -q."
        )
    return query or ""
