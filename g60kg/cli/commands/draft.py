"""`draft`: compile a fact sheet to Turtle."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g60kg.cli.output import (
    CSV_ONLY,
    TURTLE_ONLY,
    TextFormat,
    chosen_format,
    output_option,
    say,
    show,
    show_json,
    text_output,
)
from g60kg.cli.session import session_of
from g60kg.rdf.text_excerpt import plural

if TYPE_CHECKING:
    from g60kg.gate.article_gaps import Gap


def draft(
    context: typer.Context,
    sheet: Annotated[Path | None, typer.Argument(help="The fact sheet: CSV or TSV, UTF-8.")] = None,
    output: Annotated[Path | None, output_option("The Turtle file; default: stdout.")] = None,
    article: Annotated[
        Path | None,
        typer.Option(help="The article's text: checks quotations, fills in the sheet's offsets."),
    ] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The source's id.")] = None,
    title: Annotated[str | None, typer.Option(help="The article's title.")] = None,
    url: Annotated[str | None, typer.Option(help="The article's URL.")] = None,
    date: Annotated[str | None, typer.Option(help="Its date of publication (EDTF).")] = None,
    publisher: Annotated[str | None, typer.Option(help="Its publisher.")] = None,
    gaps: Annotated[
        bool,
        typer.Option(
            "--gaps",
            help="List the article's sentences that name known entities or figures and support no "
            "row; write nothing.",
        ),
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest",
            help="Write the sheet with candidate rows for figures, dates, memberships and "
            "locations in the article, marked ? before the predicate; default: to stdout.",
        ),
    ] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Write an empty sheet with every column.")
    ] = False,
    format_: Annotated[
        TextFormat, typer.Option("--format", "-f", help="The output format of --gaps.")
    ] = TextFormat.TEXT,
) -> None:
    """Compile a fact sheet to Turtle, or report every mistake in its rows."""
    from g60kg.errors import NoSource, UsageError
    from g60kg.gate.article_gaps import article_gaps
    from g60kg.gate.draft_problems import text_problems
    from g60kg.gate.row_suggestions import with_suggestions
    from g60kg.model.article_text import read_article
    from g60kg.namespaces import PREFIXES
    from g60kg.rdf.atomic_output import writing
    from g60kg.rdf.rdf_files import read_bytes
    from g60kg.rdf.turtle import write_turtle
    from g60kg.sheets.compile import draft as compile_sheet
    from g60kg.sheets.row_problems import grouped_problems
    from g60kg.sheets.sheet_file import read_sheet, sheet_template

    session = session_of(context)
    if template:
        if sheet is not None or article is not None or gaps or suggest:
            raise UsageError("--template takes no sheet, --article, --gaps or --suggest.")
        chosen_format(CSV_ONLY, None, output, "A sheet")
        with text_output(output, escape=False) as out:
            out.write(sheet_template())
        return
    if sheet is None:
        raise UsageError("Give a fact sheet.", hint="`g60kg draft --template` writes an empty one.")
    if (gaps or suggest) and article is None:
        raise UsageError("--gaps and --suggest need the article's text.", hint="Give --article.")
    if gaps and (suggest or output is not None):
        raise UsageError("--gaps writes no file.")
    session.check_output(output, sheet, article, is_graph=True)
    if suggest:
        chosen_format(CSV_ONLY, None, output, "A sheet")
    else:
        chosen_format(TURTLE_ONLY, None, output, "A draft")
    given = {"id": id_, "title": title, "url": url, "date": date, "publisher": publisher}
    read = read_sheet(sheet).with_header({key: text for key, text in given.items() if text})
    text = read_article(article) if article is not None else None
    store = session.open_store()
    try:
        drafted = compile_sheet(read, store, text)
    except NoSource as error:
        error.hint = f"{error.hint} Or give --url, --title, --date and --publisher."
        raise
    if gaps and text is not None:
        found = article_gaps(drafted, store, text.content)
        if format_ is TextFormat.JSON:
            show_json([asdict(gap) for gap in found])
        else:
            show(*map(_written, found))
        if drafted.problems:
            say("Rows with mistakes support nothing: run `draft` without --gaps to see them.")
        return
    if suggest and text is not None:
        suggested = with_suggestions(drafted, store, text.content)
        with text_output(output, escape=False) as out:
            out.write(suggested.text())
        new = len(suggested.rows) - len(drafted.sheet.rows)
        say(f"{new} row{plural(new)} suggested.")
        return
    violations, warnings = text_problems(drafted, store, session.language)
    unusual = (*grouped_problems(drafted.warnings), *warnings)
    say(*(f"warning: {each}" for each in unusual))
    problems = (*drafted.problems, *violations)
    if problems:
        say(*grouped_problems(drafted.problems), *map(str, violations))
        rows = len({problem.line for problem in problems})
        amount = f"{len(problems)} mistake{plural(len(problems))}"
        say(f"{amount} in {rows} row{plural(rows)}; nothing was written.")
        raise typer.Exit(1)
    with writing(output) as out:
        write_turtle(drafted.triples, out, PREFIXES)
    if article is None:
        return
    before = read_bytes(sheet)
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    filled = mark + drafted.sheet.text().encode()
    if filled != before:
        with writing(sheet) as out:
            out.write(filled)
        if drafted.sheet.rows == read.rows:
            say(f"{sheet}: comparison with the text recorded.")
        else:
            say(f"{sheet}: offsets filled in.")


def _written(gap: Gap) -> str:
    from g60kg.namespaces import compact

    names = ", ".join((*map(compact, gap.entities), *gap.figures))
    return f"{gap.start}-{gap.end}  {gap.sentence}  [{names}]"
