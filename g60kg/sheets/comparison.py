"""The line `# checked` of a fact sheet: when its evidence was compared with the article's text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from pyoxigraph import Literal, Triple

from g60kg.model.passage_evidence import fingerprint
from g60kg.namespaces import CHECKED_ON, PASSAGE, QUOTATION, VERDICT, A, g60
from g60kg.sheets.header_values import CHECKED

_KEY = "checked"


def marked(
    header: Mapping[str, str], triples: Collection[Triple], *, compared: bool
) -> dict[str, str]:
    """Return a header with the date of the comparison; the date stays if nothing was changed.

    Args:
        header: the header of a sheet.
        triples: the triples that the sheet compiles to.
        compared: whether all evidence was found in the text just now.
    """
    if not compared or not any(triple.object in (QUOTATION, PASSAGE) for triple in triples):
        return dict(header)
    current = fingerprint(triples, header.get("text-sha256", ""))
    match = CHECKED.fullmatch(header.get(_KEY, ""))
    today = datetime.now(UTC).date().isoformat()
    return {**header, _KEY: f"{match[1] if match and match[2] == current else today} {current}"}


def verdicts(header: Mapping[str, str], triples: Collection[Triple]) -> Iterator[Triple]:
    """Yield the verdict on each quotation and passage, if the header has one that is up to date."""
    match = CHECKED.fullmatch(header.get(_KEY, ""))
    if match is None or match[2] != fingerprint(triples, header.get("text-sha256", "")):
        return
    for triple in triples:
        if triple.predicate == A and triple.object in (QUOTATION, PASSAGE):
            assert not isinstance(triple.subject, Triple)
            yield Triple(triple.subject, VERDICT, g60("Verified"))
            yield Triple(triple.subject, CHECKED_ON, Literal(match[1]))
