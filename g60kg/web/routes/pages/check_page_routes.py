"""The page on which new facts are checked: a text, and what is wrong with it, line by line."""

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
from g60kg.validation.report.findings import Finding, Severity, worst_first
from g60kg.web.app_state import state_of
from g60kg.web.routes.pages.page_request import page, visit_of
from g60kg.web.views import fact_check

#: What a pasted text is called, by what it is said to be.
NAMES: Final = {"turtle": "pasted.ttl", "sheet": "pasted.csv"}
#: Lines of a text, and findings, that the page shows where there are very many.
_LINES: Final = 2000
_FINDINGS: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text, its number, and what is found there."""

    number: int
    text: str
    findings: tuple[Finding, ...]


async def check(request: Request) -> Response:
    """The form, and the report where something was sent."""
    if request.method != "POST":
        return page(request, "check.html", report=None, kind="turtle", pasted="")
    settings = state_of(request).settings
    declared = request.headers.get("content-length", "")
    # Multipart has room for its own lines beside the file.
    if not declared.isdecimal() or int(declared) > settings.max_upload + 10_000:
        return _too_large(request, settings.max_upload)
    try:
        form = await request.form(max_files=1, max_fields=5, max_part_size=settings.max_upload)
    except (MultiPartException, HTTPException):
        return page(request, "check.html", 400, report=None, kind="turtle", pasted="", error="form")
    kind = str(form.get("kind", "turtle"))
    kind = kind if kind in NAMES else "turtle"
    pasted = str(form.get("text", ""))
    name, content = NAMES[kind], pasted.encode("utf-8", "replace")
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        name, content = file.filename, await file.read()
        await file.close()
    if len(content) > settings.max_upload:
        return _too_large(request, settings.max_upload)
    if not content.strip():
        return page(request, "check.html", 400, report=None, kind=kind, pasted="", error="empty")
    language = visit_of(request).language
    try:
        check = state_of(request).workers.run_open(fact_check.check)
        report = await check(name, content, language)
    except G60kgError as wrong:
        if wrong.http_status >= 500:
            raise
        return page(
            request,
            "check.html",
            wrong.http_status,
            report=None,
            kind=kind,
            pasted=pasted,
            error="reading",
            wrong=wrong,
        )
    findings = worst_first(report.findings)
    lines, elsewhere = by_line(content.decode("utf-8", "replace"), findings[:_FINDINGS])
    return page(
        request,
        "check.html",
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
    """The lines of a text with what is found at each, and what is found at none of them."""
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


def _too_large(request: Request, most: int) -> Response:
    return page(
        request, "check.html", 413, report=None, kind="turtle", pasted="", error="size", most=most
    )


routes: Final = [Route("/check", check, methods=["GET", "POST"])]
