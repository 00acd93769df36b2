"""`ask`: answer a question in English or Chinese by a canned query."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import (
    ANSWER_FORMATS,
    Accessed,
    EscapeFormulas,
    Evidence,
    RowLimit,
    format_option,
    output_option,
    say,
    show,
    show_json,
)
from g60kg.cli.session import session_of
from g60kg.cli.time_limit import Timeout, time_limit
from g60kg.cli.translation import translated

if TYPE_CHECKING:
    from g60kg.queries.ask.refusals import Reading
    from g60kg.queries.ask.understanding import Understanding


def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(help="A question in English or Chinese.")],
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show how the question is understood; do not answer it."),
    ] = False,
    format_: Annotated[str | None, format_option(ANSWER_FORMATS)] = None,
    output: Annotated[Path | None, output_option()] = None,
    evidence: Evidence = False,
    escape_formulas: EscapeFormulas = False,
    limit: RowLimit = None,
    accessed: Accessed = None,
    timeout: Timeout = 60.0,
) -> None:
    """Answer a question by the canned query that it is understood as.

    Exit code 1: the question is not understood; the nearest readings are shown.
    """
    from g60kg.cli.result_output import AnswerOutput
    from g60kg.queries.ask.understanding import Interpreter
    from g60kg.queries.parameters import Resolver

    session = session_of(context)
    target = AnswerOutput(session, format_, output, accessed, escape_formulas)
    with time_limit(timeout) as clock:
        store = session.open_store(timeout)
        found = Interpreter(store).understand(" ".join(question), session.language)
        reading = found.reading
        if explain or reading is None:
            if target.format == "json":
                show_json({"meta": found.meta()})
            else:
                lines = _lines(found, session.language, scores=explain)
                (show if explain else say)(*map(translated, lines))
            raise typer.Exit(0 if reading else 1)
        say(*_lines(found, session.language))
        target.write(
            store,
            reading.query,
            Resolver(store).terms(reading.query, reading.parameters),
            clock,
            evidence=reading.query.shows_evidence(evidence),
            limit=limit,
            understood=found.meta(),
        )


def _lines(found: Understanding, language: str, *, scores: bool = False) -> Iterator[str]:
    """Yield how a question was understood: the interpretation, a note, and the alternatives.

    If the question is not understood, the first line is the reason. With ``scores``, each reading
    has its score before it.
    """
    if found.reading is None:
        yield f"Not understood. {found.reason}"
        heading = "Nearest:"
    else:
        yield f"Understood as: {_line(found.reading, language, scores)}"
        if found.note:
            yield found.note
        heading = "Nearest:" if found.empty else "Or:"
    for other in found.alternatives:
        yield f"{heading} {_line(other, language, scores)}"


def _line(reading: Reading, language: str, scores: bool) -> str:
    given = "".join(
        f" -p {shlex.quote(f'{name}={value}')}" for name, value in reading.parameters.items()
    )
    score = f"{reading.score:.2f}  " if scores else ""
    return f"{score}query run {reading.query.name}{given}   {reading.query.texts(language)[0]}"
