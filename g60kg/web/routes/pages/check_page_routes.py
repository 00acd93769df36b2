"""Route of the page that checks new facts: a form, and the findings line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.errors import G60kgError
from g60kg.rdf.text_excerpt import visible
from g60kg.validation.report.findings import Finding, Report, Severity, worst_first
from g60kg.web.app_state import state_of
from g60kg.web.routes.pages.page_request import page, page_request_of
from g60kg.web.views import fact_check

#: The file name of a pasted text, by its kind.
NAMES: Final = {"turtle": "pasted.ttl", "sheet": "pasted.csv"}
#: The most lines of a text and the most findings on the page.
_LINES: Final = 2000
_FINDINGS: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text with its number and findings."""

    number: int
    text: str
    findings: tuple[Finding, ...]


async def check(request: Request) -> Response:
    """Return the form; after a POST, with the report."""
    if request.method != "POST":
        return _form(request)
    settings = state_of(request).settings
    declared = request.headers.get("content-length", "")
    # The lines of multipart/form-data around the file count too.
    if not declared.isdecimal() or int(declared) > settings.max_upload + 10_000:
        return _form(request, 413, error="size", most=settings.max_upload)
    try:
        form = await request.form(max_files=1, max_fields=5, max_part_size=settings.max_upload)
    except (MultiPartException, HTTPException):
        return _form(request, 400, error="form")
    kind = str(form.get("kind", "turtle"))
    kind = kind if kind in NAMES else "turtle"
    pasted = str(form.get("text", ""))
    name, content = NAMES[kind], pasted.encode("utf-8", "replace")
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        name, content = file.filename, await file.read()
        await file.close()
    if len(content) > settings.max_upload:
        return _form(request, 413, error="size", most=settings.max_upload)
    if not content.strip():
        return _form(request, 400, kind=kind, error="empty")
    language = page_request_of(request).language
    try:
        report = await state_of(request).workers.run_uncached(
            None, fact_check.check, name, content, language
        )
    except G60kgError as wrong:
        if wrong.http_status >= 500:
            raise
        status = wrong.http_status
        return _form(request, status, kind=kind, pasted=pasted, error="reading", wrong=wrong)
    findings = worst_first(report.findings)
    lines, elsewhere = by_line(content.decode("utf-8", "replace"), findings[:_FINDINGS])
    return _form(
        request,
        report=report,
        violations=report.count(Severity.VIOLATION),
        warnings=report.count(Severity.WARNING),
        kind=kind,
        pasted=pasted,
        name=visible(name),
        lines=lines,
        cut=len(findings) > _FINDINGS,
        elsewhere=elsewhere,
    )


def by_line(
    text: str, findings: tuple[Finding, ...]
) -> tuple[tuple[Line, ...], tuple[Finding, ...]]:
    """Return the lines of a text with their findings, and the findings without a line."""
    at: dict[int, list[Finding]] = {}
    lines = text.split("\n")[:_LINES]
    elsewhere: list[Finding] = []
    for finding in findings:
        if finding.file is not None and finding.line is not None and finding.line <= len(lines):
            at.setdefault(finding.line, []).append(finding)
        else:
            elsewhere.append(finding)
    shown = tuple(
        Line(number, visible(line.rstrip("\r")), tuple(at.get(number, ())))
        for number, line in enumerate(lines, 1)
    )
    return shown, tuple(elsewhere)


def _form(
    request: Request,
    status: int = 200,
    *,
    report: Report | None = None,
    kind: str = "turtle",
    pasted: str = "",
    **values: object,
) -> Response:
    values = {"report": report, "kind": kind, "pasted": pasted, **values}
    return page(request, "check.html", status, **values)


routes: Final = [Route("/check", check, methods=["GET", "POST"])]
