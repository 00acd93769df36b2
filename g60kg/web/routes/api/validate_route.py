"""`POST /api/validate`: whether new facts would be accepted; nothing is written."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import PurePosixPath
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import UsageError
from g60kg.formats import RDF, SHEETS, is_rdf
from g60kg.sheets.sheet_file import is_sheet
from g60kg.validation.report.findings import Finding
from g60kg.web.app_state import state_of
from g60kg.web.negotiation import Representation, chosen
from g60kg.web.problem_details import TooLarge, UnsupportedMediaType, problem
from g60kg.web.routes.api.request_parameters import Asked, accepted
from g60kg.web.views import fact_check

#: The media types of what can be checked, with the extension by which its format goes.
ACCEPTED: Final = {each.media_type: each.suffixes[0] for each in (*RDF, *SHEETS)}
MULTIPART: Final = "multipart/form-data"
#: The forms of a report.
REPORTS: Final = (
    Representation("json", "application/json", ".json"),
    Representation("sarif", "application/sarif+json", ".sarif"),
    Representation("junit", "application/xml", ".xml", ("text/xml",)),
    Representation("turtle", "text/turtle", ".ttl"),
    Representation("text", "text/plain", ".txt"),
)
#: Files of one request.
MOST_FILES: Final = 16
#: What a file that came without a name is called in the report.
_UNNAMED: Final = "posted"
_LONGEST_NAME: Final = 200


def _unsupported(reason: str) -> UnsupportedMediaType:
    hint = f"Send one of: {', '.join([*ACCEPTED, MULTIPART])}."
    return UnsupportedMediaType(reason, hint=hint)


async def checked(request: Request) -> Response:
    """The report on what was posted; 4xx only for what cannot be read."""
    asked = Asked(request, ("strict", "lang", "format"))
    form = chosen(REPORTS, format_=asked.text("format"), accept=accepted(request))
    strict, language = asked.flag("strict"), asked.language
    files = await _files(request)
    judged = state_of(request).workers.run_open(fact_check.report_on)
    report, body = await judged(files, language, form.format, strict)
    for finding in report.findings:
        if finding.code == "Syntax":
            return _unreadable(finding)
    headers = {
        "Content-Type": form.content_type,
        "G60kg-Complete": str(all(check.ran for check in report.checks)).lower(),
        "G60kg-Conforms": str(report.conforms(strict)).lower(),
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return Response(body, headers=headers)


def _unreadable(finding: Finding) -> Response:
    return problem(
        400,
        f"{finding.place}: {finding.message}",
        finding.hint,
        file=finding.file,
        line=finding.line,
        column=finding.column,
    )


async def _files(request: Request) -> list[tuple[str, bytes]]:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _unsupported("A body that is packed is not read.")
    if media_type == MULTIPART:
        return await _parts(request)
    extension = ACCEPTED.get(media_type)
    if extension is None:
        raise _unsupported(f'"{media_type[:100]}" is not read here.')
    charset = parameters.lower().replace(" ", "").replace('"', "").partition("charset=")[2]
    if charset.partition(";")[0] not in ("", "utf-8", "utf8", "us-ascii"):
        raise _unsupported("A body in another encoding than UTF-8 is not read.")
    return [(_UNNAMED + extension, b"".join([piece async for piece in _bounded(request)]))]


async def _parts(request: Request) -> list[tuple[str, bytes]]:
    parser = MultiPartParser(request.headers, _bounded(request), max_files=MOST_FILES, max_fields=0)
    # Kept in memory: nothing of it is written anywhere.
    parser.spool_max_size = state_of(request).settings.max_upload + 1
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise UsageError(f"The form cannot be read: {error.message}") from None
    except KeyError:  # a form without its boundary
        raise UsageError("The form cannot be read: it has no boundary.") from None
    try:
        files = [
            (_name(part), await part.read())
            for part in form.getlist("file")
            if isinstance(part, UploadFile)
        ]
    finally:
        await form.close()
    if not files:
        raise UsageError("The form has no file.", hint="Send each as a part called file.")
    return files


def _name(part: UploadFile) -> str:
    """The name of a file without a path; its type's extension where its own says nothing."""
    name = PurePosixPath((part.filename or "").replace("\\", "/")).name[-_LONGEST_NAME:]
    name = "".join(character for character in name if character.isprintable()) or _UNNAMED
    if is_sheet(name) or (is_rdf(name) and not name.lower().endswith(".gz")):
        return name
    extension = ACCEPTED.get((part.content_type or "").partition(";")[0].strip().lower())
    if extension is None:
        raise _unsupported(f"{name}: neither its name nor its type says what it is.")
    return name + extension


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece, up to so many bytes."""
    most = state_of(request).settings.max_upload
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > most:
            raise TooLarge(
                f"The body is larger than {most:,} bytes.",
                hint="Send it in parts, or run g60kg validate on your own machine.",
            )
        yield piece
