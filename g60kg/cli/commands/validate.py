"""`validate`: check files of facts, or the graph itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import (
    REPORT_EXTENSIONS,
    REPORT_FORMATS,
    chosen_format,
    format_option,
    output_option,
    text_output,
)
from g60kg.cli.session import session_of
from g60kg.cli.translation import translated_report

if TYPE_CHECKING:
    from g60kg.validation.report.findings import Report


def validate(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="RDF files or fact sheets; default: the graph itself."),
    ] = None,
    format_: Annotated[str | None, format_option(REPORT_FORMATS)] = None,
    output: Annotated[Path | None, output_option()] = None,
    shacl: Annotated[
        Path | None, typer.Option("--shacl", "-s", help="A file with additional shapes.")
    ] = None,
    shape: Annotated[
        str | None, typer.Option(metavar="NAME", help="Check only this shape.")
    ] = None,
    focus: Annotated[str | None, typer.Option(metavar="X", help="Check only this entity.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Check the complete graph, not only the part that the files can affect."
        ),
    ] = False,
) -> None:
    """Check files of facts on top of the graph, or the graph itself.

    Exit code 0: they conform; 1: they do not; 2: a file cannot be read.
    """
    from g60kg.gate.fact_validation import Scope
    from g60kg.gate.fact_validation import validate as run
    from g60kg.queries.parameters import Resolver

    session = session_of(context)
    chosen = chosen_format(REPORT_FORMATS, format_, output, "A report", REPORT_EXTENSIONS)
    session.check_output(output, shacl, *(files or ()))
    store = session.open_store()
    within = Resolver(store).entity(focus).value if focus is not None else None
    report = translated_report(
        run(
            store,
            files or [],
            texts=session.texts(),
            scope=Scope(shape, within, shacl, full),
            language=session.language,
            in_processes=True,
        )
    )
    _print(report, chosen, output, session.language, strict)
    if any(finding.code == "Syntax" for finding in report.findings):
        raise typer.Exit(2)
    if not report.conforms(strict):
        raise typer.Exit(1)


def _print(report: Report, format_: str, output: Path | None, language: str, strict: bool) -> None:
    from g60kg.row_formats.table import Screen
    from g60kg.validation.report.text import header, rows

    if format_ == "table":
        from g60kg.cli.result_output import print_plain_table

        print_plain_table(header(language), rows(report, language), output)
        return
    from g60kg.gate.report_output import format_report

    # The text report has colours, and escapes untrusted text itself.
    with text_output(output, escape=format_ != "text") as out:
        out.write(
            format_report(report, format_, language, strict=strict, colour=Screen.of(out).colour)
        )
