"""`verify`: compare quotations and passages with article texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import (
    READ_FORMATS,
    ROW_FORMATS,
    chosen_format,
    format_option,
    output_option,
    say,
    show_json,
    text_output,
)
from g60kg.cli.session import session_of
from g60kg.cli.translation import translated

if TYPE_CHECKING:
    from g60kg.gate.evidence_verification import Verification
    from g60kg.row_formats import Evidenced


def verify(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE…", help="Sources by id, article or graph IRI; default: all."
        ),
    ] = None,
    record: Annotated[
        bool,
        typer.Option(
            "--record", help="Store the verdicts of recorded texts, with the date; needs --store."
        ),
    ] = False,
    format_: Annotated[str | None, format_option(ROW_FORMATS)] = None,
    output: Annotated[Path | None, output_option()] = None,
) -> None:
    """Compare quotations and passages with the texts in --articles.

    Exit code 1: a text does not have all of them. Evidence without a text is unchecked.
    """
    from g60kg.errors import UsageError
    from g60kg.gate import evidence_verification
    from g60kg.model.evidence_comparison import Verdict

    session = session_of(context)
    chosen = chosen_format(ROW_FORMATS, format_, output, "A verification")
    session.check_output(output)
    if session.articles is None:
        raise UsageError(
            "verify needs the folder of article texts.", hint="Give it: --articles DIR"
        )
    texts = session.texts()
    if record:
        writable = session.open_persistent("verify --record", writable=True)
        found = evidence_verification.verify(writable, texts, sources or ())
        stored = evidence_verification.record(writable, found)
    else:
        found = evidence_verification.verify(session.open_store(), texts, sources or ())
    _print(found, chosen, output)
    counts = found.counts()
    say(
        f"Verified: {counts[Verdict.VERIFIED]}, moved: {counts[Verdict.MOVED]}, "
        f"not found: {counts[Verdict.NOT_FOUND]}, unchecked: {counts[Verdict.UNCHECKED]}."
    )
    if record:
        others = sum(
            one.verdict is not Verdict.UNCHECKED and not one.of_record for _, one in found.compared
        )
        say(
            f"Verdicts recorded: {stored}."
            + (f" Not recorded, since the text is another copy: {others}." if others else "")
        )
    if counts[Verdict.NOT_FOUND]:
        raise typer.Exit(1)


def _print(found: Verification, format_: str, output: Path | None) -> None:
    from g60kg.row_formats import write_rows

    if format_ == "json" and output is None:
        show_json(found.to_json())
        return
    with text_output(output, escape=format_ != "table") as out:
        if format_ == "json":
            import json

            out.write(json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n")
            return
        columns = ("evidence", "source", "kind", "verdict", "start", "end")
        translate = translated if format_ in READ_FORMATS else str
        heads = tuple(map(translate, columns))
        write_rows(format_, heads, _rows(found, translate), out, caption="verify")


def _rows(found: Verification, translate: Callable[[str], str]) -> Iterable[Evidenced]:
    from pyoxigraph import Literal

    for one, comparison in found.compared:
        place = (comparison.start, comparison.end)
        yield (
            (
                one.iri,
                one.source,
                Literal(translate(one.kind.value)),
                Literal(translate(comparison.verdict.value)),
                *(None if offset is None else Literal(offset) for offset in place),
            ),
            (),
        )
