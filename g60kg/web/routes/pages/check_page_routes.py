"""Route of the page that checks new facts: a form, and the findings line by line."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.errors import G60kgError, UnreadableInput, UsageError
from g60kg.package_data import example_text
from g60kg.rdf.rdf_files import decoded_text
from g60kg.rdf.text_excerpt import excerpt, visible
from g60kg.sheets.sheet_file import sheet_template
from g60kg.validation.checks.quotations import PASSAGE_UNCHECKED, QUOTATION_UNCHECKED
from g60kg.validation.report.findings import Finding, Severity, worst_first
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.routes.pages.page_request import page, page_request_of, parameters_of
from g60kg.web.views import fact_check

#: The file name of a pasted text, by its kind.
NAMES: Final = {"turtle": "pasted.ttl", "sheet": "pasted.csv"}
#: The fact sheets of the documentation, by the name of the example.
EXAMPLES: Final = {"accepted": "sample-facts.csv", "mistakes": "sample-facts-with-mistakes.csv"}
#: The findings whose hints are about the command line.
_WITHOUT_TEXT: Final = frozenset(one.name for one in (QUOTATION_UNCHECKED, PASSAGE_UNCHECKED))
#: The most lines of a text and the most findings on the page.
_LINES: Final = 2000
_FINDINGS: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checked text."""

    number: int
    text: str
    findings: tuple[Finding, ...]


async def _check(request: Request) -> Response:
    """Return the page with the form; after a POST, also with the report or with an error."""
    shown = partial(page, request, "check.html")
    if request.method != "POST":
        name = parameters_of(request, "example").text("example")
        if name is None:
            return shown()
        if name not in EXAMPLES:
            raise UsageError(f"No example {excerpt(name)}.", hint=f"One of: {', '.join(EXAMPLES)}.")
        article = example_text("sample-article.txt")
        return shown(kind="sheet", pasted=example_text(EXAMPLES[name]), article=article)
    settings = state_of(request).settings
    too_large: dict[str, Any] = {"error": "size", "most": settings.max_upload}
    # The lines of multipart/form-data around the file count too.
    if len(await request.body()) > settings.max_upload + 10_000:
        return shown(413, **too_large)
    try:
        form = await request.form(max_files=2, max_fields=5, max_part_size=settings.max_upload)
    except (MultiPartException, HTTPException):
        return shown(400, error="form")
    kind = "sheet" if form.get("kind") == "sheet" else "turtle"
    pasted, article = str(form.get("text", "")), str(form.get("article", ""))
    name, content = NAMES[kind], pasted.encode("utf-8", "replace")
    file, article_file = form.get("file"), form.get("article-file")
    if isinstance(file, UploadFile) and file.filename:
        name, content = file.filename, await file.read()
        await file.close()
    # Forms end lines with CR and LF.
    article = article.replace("\r\n", "\n")
    filled: dict[str, Any] = {"kind": kind, "pasted": pasted, "article": article}
    if isinstance(article_file, UploadFile) and article_file.filename:
        try:
            article = decoded_text(await article_file.read(), visible(article_file.filename))
        except UnreadableInput as wrong:
            return shown(wrong.http_status, **filled, error="reading", wrong=wrong)
        await article_file.close()
        filled["article"] = article
    if len(content) > settings.max_upload:
        return shown(413, **too_large)
    if not content.strip():
        return shown(400, **filled, error="empty")
    language = page_request_of(request).language
    try:
        report = await state_of(request).workers.run_uncached(
            None, fact_check.check, [(name, content)], language, article
        )
    except G60kgError as wrong:
        if wrong.http_status >= 500:
            raise
        return shown(wrong.http_status, **filled, error="reading", wrong=wrong)
    supply = page_request_of(request).texts("check.supply")
    findings = tuple(
        replace(one, hint=supply) if one.code in _WITHOUT_TEXT and not one.path else one
        for one in worst_first(report.findings)
    )
    lines, elsewhere = by_line(content.decode("utf-8", "replace"), findings[:_FINDINGS])
    return shown(
        report=report,
        violations=report.count(Severity.VIOLATION),
        warnings=report.count(Severity.WARNING),
        **filled,
        name=visible(name),
        lines=lines,
        cut=len(findings) > _FINDINGS,
        elsewhere=elsewhere,
    )


def by_line(
    text: str, findings: tuple[Finding, ...]
) -> tuple[tuple[Line, ...], tuple[Finding, ...]]:
    """Return the first 2000 lines of a text with their findings, and all other findings."""
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


async def _template(request: Request) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="fact-sheet.csv"'}
    return sent(request, sheet_template().encode(), "text/csv; charset=utf-8", headers)


routes: Final = [
    Route("/check", _check, methods=["GET", "POST"]),
    Route("/check/template.csv", _template),
]
