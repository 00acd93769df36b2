"""Route `POST /api/validate`: validation of new facts, without writing them."""

from pathlib import PurePosixPath
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import UsageError
from g60kg.formats import RDF, SHEETS, TURTLE, Format, is_rdf
from g60kg.sheets.sheet_file import is_sheet
from g60kg.web.app_state import state_of
from g60kg.web.negotiation import requested
from g60kg.web.problem_details import Problem, TooLarge, UnsupportedMediaType
from g60kg.web.routes.api.request_parameters import RequestParameters, media_type
from g60kg.web.views import fact_check

#: The media types of input files, each with its file extension.
ACCEPTED: Final = {each.media_type: each.suffix for each in (*RDF, *SHEETS)}
MULTIPART: Final = "multipart/form-data"
REPORTS: Final = (
    Format("json", "application/json", (".json",)),
    Format("sarif", "application/sarif+json", (".sarif",)),
    Format("junit", "application/xml", (".xml",), also=("text/xml",)),
    TURTLE,
    Format("text", "text/plain", (".txt",)),
)
MOST_FILES: Final = 16
#: The name of a file without a name in the report.
_UNNAMED: Final = "posted"
_LONGEST_NAME: Final = 200


def _unsupported(reason: str) -> UnsupportedMediaType:
    hint = f"Supported: {', '.join([*ACCEPTED, MULTIPART])}."
    return UnsupportedMediaType(reason, hint=hint)


async def validate_facts(request: Request) -> Response:
    """Return the validation report on the posted files, in the negotiated format.

    The status is 200 also if the files do not conform. A file with a syntax error has status 400.
    """
    given = RequestParameters(request, ("strict", "lang", "format"))
    form = requested(request, REPORTS)
    strict, language = given.flag("strict"), given.language
    files = await _files(request)
    report, body = await state_of(request).workers.run_uncached(
        None, fact_check.report_on, files, language, form.name, strict
    )
    for one in report.findings:
        if one.code == "Syntax":
            message = f"{one.place}: {one.message}"
            return Problem(400, message, one.hint, file=one.file, line=one.line, column=one.column)
    headers = {
        "Content-Type": form.content_type,
        "G60kg-Complete": str(all(check.ran for check in report.checks)).lower(),
        "G60kg-Conforms": str(report.conforms(strict)).lower(),
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return Response(body, headers=headers)


async def _files(request: Request) -> list[tuple[str, bytes]]:
    most = state_of(request).settings.max_upload
    if len(await request.body()) > most:
        raise TooLarge(
            f"The body is larger than {most:,} bytes.",
            hint="Send it in parts, or run g60kg validate on your own machine.",
        )
    kind = media_type(request)
    if kind == MULTIPART:
        return await _parts(request)
    extension = ACCEPTED.get(kind)
    if extension is None:
        raise _unsupported(f'Content-Type "{kind[:100]}" is not supported.')
    return [(_UNNAMED + extension, await request.body())]


async def _parts(request: Request) -> list[tuple[str, bytes]]:
    parser = MultiPartParser(request.headers, request.stream(), max_files=MOST_FILES, max_fields=0)
    # Uploads stay in memory and are never written to disk.
    parser.spool_max_size = state_of(request).settings.max_upload + 1
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise UsageError(f"The form cannot be read: {error.message}") from None
    except KeyError:  # a form without its boundary
        raise UsageError("The form cannot be read: its Content-Type has no boundary.") from None
    try:
        files = [
            (_name(part), await part.read())
            for part in form.getlist("file")
            if isinstance(part, UploadFile)
        ]
    finally:
        await form.close()
    if not files:
        raise UsageError("The form has no file.", hint='Send each file as a part named "file".')
    return files


def _name(part: UploadFile) -> str:
    """Return the name of an uploaded file, without folders.

    If its extension is unknown, that of the media type is added; UnsupportedMediaType without one.
    """
    name = PurePosixPath((part.filename or "").replace("\\", "/")).name[-_LONGEST_NAME:]
    name = "".join(character for character in name if character.isprintable()) or _UNNAMED
    if (is_sheet(name) or is_rdf(name)) and not name.lower().endswith(".gz"):
        return name
    extension = ACCEPTED.get((part.content_type or "").partition(";")[0].strip().lower())
    if extension is None:
        raise _unsupported(f"{name}: the extension and the media type are both unknown.")
    return name + extension
