"""`verify`: compare quotations and passages with article texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from g60kg.cli.output import chosen_format, format_option, output_option, say, text_output
from g60kg.cli.session import session_of
from g60kg.cli.translation import translated
from g60kg.rdf.text_excerpt import visible_json

if TYPE_CHECKING:
    from g60kg.gate.evidence_verification import Verification

_FORMATS: Final = ("table", "json")


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
    format_: Annotated[str | None, format_option(_FORMATS)] = None,
    output: Annotated[Path | None, output_option()] = None,
) -> None:
    """Compare quotations and passages with the texts in --articles.

    Exit code 1: a text does not have all of them. Evidence without a text is unchecked.
    """
    from g60kg.errors import UsageError
    from g60kg.gate import evidence_verification
    from g60kg.model.evidence_comparison import Verdict

    session = session_of(context)
    chosen = chosen_format(_FORMATS, format_, output, "A verification")
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
    from g60kg.cli.result_output import print_plain_table
    from g60kg.namespaces import compact

    if format_ == "json":
        text = json.dumps(found.to_json(), ensure_ascii=False, indent=2)
        with text_output(output) as out:
            out.write(visible_json(text) + "\n")
        return
    rows = (
        (
            *(compact(node.value) for node in (one.iri, one.source)),
            *map(translated, (one.kind.value, comparison.verdict.value)),
            *("" if at is None else str(at) for at in (comparison.start, comparison.end)),
        )
        for one, comparison in found.compared
    )
    columns = ("evidence", "source", "kind", "verdict", "start", "end")
    print_plain_table(list(map(translated, columns)), rows, output)
