"""Validation of new facts against the graph, without writing them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.gate.report_output import format_report
from g60kg.model.article_text import Text
from g60kg.validation.report.findings import Report
from g60kg.web.views.open_graph import current


def check(files: Sequence[tuple[str, bytes]], language: str, article: str = "") -> Report:
    """Return the validation report on new facts; ``article`` is the text of their source.

    An unreadable file is a finding with the code ``Syntax``. An unknown file extension raises
    UsageError.
    """
    context, text = current(), Text(article) if article else None
    incoming = [incoming_of(content, name, context.store, text) for name, content in files]
    report = validate(context.store, incoming, texts=context.texts, article=text, language=language)
    # Clients must not see the path of the store on the server's disk.
    report = replace(report, store=Path(report.store).name)
    return report.in_chinese() if language == "zh" else report


def report_on(
    files: Sequence[tuple[str, bytes]], language: str, format_: str, strict: bool
) -> tuple[Report, bytes]:
    """Return the report on several files, and the same report in an output format.

    ``strict`` only changes the formatted report: a new warning fails as a violation does. Turtle
    and SARIF do not change.
    """
    report = check(files, language)
    return report, format_report(report, format_, language, strict=strict).encode()
