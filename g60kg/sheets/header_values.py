"""Keys of a fact sheet's header, the errors of their values, and the header line `# checked`."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import Literal, Triple

from g60kg.model.passage_evidence import fingerprint
from g60kg.model.sources import has_credentials, web_address
from g60kg.namespaces import CHECKED_ON, PASSAGE, QUOTATION, VERDICT, A, g60
from g60kg.rdf.text_excerpt import excerpt

#: Keys of the `#` lines at the top of a sheet: `# url: https://…`.
HEADER_KEYS: Final = (
    *("id", "title", "url", "archive", "date", "publisher", "author", "type", "language"),
    *("reproduce", "text-sha256", "text-length", "checked"),
)
#: The date of the comparison with the text, and the fingerprint of the evidence compared.
CHECKED: Final = re.compile(r"(\d{4}-\d\d-\d\d) ([0-9a-f]{16})", re.ASCII)


def header_fault(key: str, value: str) -> str | None:
    """Return the error of a header value that is used in IRIs or literals; None if it is valid.

    An empty value and the value of any other key are valid.

    >>> header_fault("id", "../history")
    '"../history" is not an id: letters, digits, hyphens, and dots between them'
    >>> header_fault("language", "zh")
    """
    if not value:
        return None
    short = excerpt(value, 60)
    if key == "id" and not re.fullmatch(r"\w(?:[\w.-]{0,98}\w)?", value):
        return f'"{short}" is not an id: letters, digits, hyphens, and dots between them'
    if key in ("url", "archive") and has_credentials(value):
        return "the address contains a user name or password, which would be published: remove it"
    if key == "archive" and web_address(value) is None:
        return f'"{short}" is not the address of an archived copy, which begins with http'
    if key == "language" and not is_language(value):
        return f'"{short}" is not a language tag such as en or zh'
    if key == "reproduce" and value not in ("yes", "no"):
        return f'"{short}" is not an answer to "reproduce": yes or no'
    if key == "checked" and not CHECKED.fullmatch(value):
        return f'"{short}" is not a date and a digest, as draft writes them'
    if key == "text-length" and not re.fullmatch("[0-9]{1,9}", value):
        return f'"{short}" is not a length of a text'
    return None


def is_language(tag: str) -> bool:
    """Return whether a text is a language tag (BCP 47) that begins with two or three letters.

    >>> is_language("zh-Hans"), is_language("english"), is_language("Chinese, simplified")
    (True, False, False)
    """
    if not re.fullmatch("[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*", tag):
        return False
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True


_KEY = "checked"


def with_checked(
    header: Mapping[str, str], triples: Collection[Triple], *, compared: bool
) -> dict[str, str]:
    """Return a header with the value of ``checked``: the date of comparison and a fingerprint.

    The date is today's; if the evidence is the same as at the last comparison, the earlier date.
    The header is returned unchanged if ``compared`` is false, or without quotations and passages.
    """
    if not compared or not any(triple.object in (QUOTATION, PASSAGE) for triple in triples):
        return dict(header)
    current = fingerprint(triples, header.get("text-sha256", ""))
    match = CHECKED.fullmatch(header.get(_KEY, ""))
    today = datetime.now(UTC).date().isoformat()
    return {**header, _KEY: f"{match[1] if match and match[2] == current else today} {current}"}


def verdicts(header: Mapping[str, str], triples: Collection[Triple]) -> Iterator[Triple]:
    """Yield the verdict "verified" and its date for each quotation and passage of a sheet.

    Nothing if the header has no ``checked``, or if the evidence was changed after that comparison.
    """
    match = CHECKED.fullmatch(header.get(_KEY, ""))
    if match is None or match[2] != fingerprint(triples, header.get("text-sha256", "")):
        return
    for triple in triples:
        if triple.predicate == A and triple.object in (QUOTATION, PASSAGE):
            assert not isinstance(triple.subject, Triple)
            yield Triple(triple.subject, VERDICT, g60("Verified"))
            yield Triple(triple.subject, CHECKED_ON, Literal(match[1]))
