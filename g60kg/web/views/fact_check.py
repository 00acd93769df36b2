"""Whether new facts would be accepted on top of the graph; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.gate.report_output import written
from g60kg.validation.report.findings import Report
from g60kg.web.views.open_graph import current


def check(name: str, content: bytes, language: str) -> Report:
    """The verdict on a file of facts on top of the graph.

    What cannot be read is a finding of the code ``Syntax`` with its line and column.

    Args:
        name: the file's name, whose extension tells RDF formats and sheets apart.
        content: its bytes.
        language: of messages and labels, ``en`` or ``zh``.

    Raises:
        UsageError: an extension that names no format.
    """
    return check_all([(name, content)], language)


def check_all(files: Sequence[tuple[str, bytes]], language: str) -> Report:
    """The verdict on files of facts together, each with its name and its bytes."""
    context = current()
    incoming = [incoming_of(content, name, context.store) for name, content in files]
    report = validate(context.store, incoming, texts=context.texts, language=language)
    # Where a store lies on the server's disk is nobody else's business.
    return replace(report, store=Path(report.store).name)


def report_on(
    files: Sequence[tuple[str, bytes]], language: str, format_: str, strict: bool
) -> tuple[Report, bytes]:
    """The verdict on files of facts, and how it is written in a format of reports."""
    report = check_all(files, language)
    return report, written(report, format_, language, strict=strict).encode()
