"""Output of query results: rows, booleans, triples."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, QueryBoolean, QueryTriples

from g60kg.cli.output import CITATION_FORMATS, READ_FORMATS, say, text_output
from g60kg.cli.session import Session
from g60kg.cli.time_limit import TimeLimit
from g60kg.errors import EngineFailure, UsageError
from g60kg.queries.answers import Answer
from g60kg.queries.parameters import answer_address
from g60kg.row_formats import Evidenced, write_answer, write_rows
from g60kg.stores.base import QueryResult

if TYPE_CHECKING:
    from g60kg.model.evidence import Quotation
    from g60kg.row_formats.citations import Access
    from g60kg.row_formats.workbook import ReaderTexts


def print_answer(
    session: Session,
    answer: Answer,
    format_: str,
    output: Path | None,
    limit: TimeLimit,
    *,
    evidence: bool,
    accessed: dt.datetime | None,
    escape_formulas: bool,
    bom: bool = False,
) -> int:
    """Write the rows of an answer, or the citations of their sources; return the number of rows."""
    if format_ in CITATION_FORMATS:
        return _print_citations(session, answer, format_, output, limit, accessed)
    return print_rows(
        answer,
        format_,
        output,
        limit,
        evidence=evidence,
        escape_formulas=escape_formulas,
        bom=bom,
        language=session.language,
        footnote=_footnote(session, answer, accessed) if format_ == "xlsx" else None,
    )


def print_rows(
    answer: Answer,
    format_: str,
    output: Path | None,
    limit: TimeLimit,
    *,
    evidence: bool = False,
    escape_formulas: bool = False,
    bom: bool = False,
    language: str | None = None,
    footnote: Callable[[Quotation], str] | None = None,
) -> int:
    """Write the rows as they come; return their number.

    After the time limit QueryTimeout is raised: stdout has the rows before it, marked as incomplete
    if the format can; a file is not written. With a language, a table has figures with their
    comparators, units and periods as text; in Chinese, formats for people have Chinese headings. A
    workbook has headings in the language and, with evidence, footnotes.
    """

    def members() -> dict[str, Any]:
        return {"meta": answer.meta(not limit.passed and answer.complete)}

    columns: Sequence[str] = answer.columns
    rows: Iterable[Evidenced] = limit.rows(answer.stream(), printed=output is None)
    if format_ == "table" and language is not None:
        from g60kg.cli.reader_rows import readable_figures

        columns, rows = readable_figures(columns, rows, language)
    translate: Callable[[str], str] = str
    texts: ReaderTexts | None = None
    if format_ == "xlsx" and language is not None:
        from g60kg.row_formats.workbook import ReaderTexts
        from g60kg.web.i18n import page_texts

        texts = ReaderTexts(page_texts(language).column, footnote=footnote)
    if format_ in READ_FORMATS and language == "zh":
        from g60kg.cli.reader_rows import evidence_text, translated_rows

        columns, rows = translated_rows(columns, rows, language, mark=format_ != "html")
        translate = partial(evidence_text, language=language)
    if format_ == "xlsx" and output is None and sys.stdout.isatty():
        raise UsageError("A workbook is not text.", hint="Write it to a file: -o answer.xlsx")
    # A table escapes the text of its cells itself, and has colours.
    with text_output(output, escape=format_ != "table") as out:
        count = write_rows(
            format_,
            columns,
            rows,
            out,
            evidence=evidence,
            members=members,
            caption=answer.query,
            escape_formulas=escape_formulas,
            bom=bom,
            translate=translate,
            texts=texts,
        )
        if output is not None:
            limit.check()
    limit.check()
    return count


def _print_citations(
    session: Session,
    answer: Answer,
    format_: str,
    output: Path | None,
    limit: TimeLimit,
    accessed: dt.datetime | None,
) -> int:
    """Write the citations of the sources behind the rows; return the number of rows.

    After the time limit QueryTimeout is raised, and nothing is written. ``accessed`` is the day
    that citations give; None for today.
    """
    from g60kg.row_formats.citations import citations_of, written

    rows = [quoted for _, quoted in limit.rows(answer.stream(), printed=False)]
    limit.check()
    access = _access(session, answer, accessed)
    citations = citations_of(one for quoted in rows for one in quoted)
    with text_output(output) as out:
        out.write(written(format_, citations, access))
    if not citations:
        say("The answer has no sources to cite.")
    return len(rows)


def _footnote(
    session: Session, answer: Answer, accessed: dt.datetime | None
) -> Callable[[Quotation], str]:
    from g60kg.row_formats.citations import footnote_of

    return partial(footnote_of, access=_access(session, answer, accessed))


def _access(session: Session, answer: Answer, accessed: dt.datetime | None) -> Access:
    from g60kg.row_formats.citations import Access, graph_version

    return Access(
        (accessed or dt.datetime.now()).date(),
        answer_address(answer.query or "", answer.parameters),
        session.language,
        graph_version(session.store, session.endpoint),
    )


def say_range(answer: Answer, count: int, offset: int = 0) -> None:
    """Print on stderr which rows an incomplete answer has; nothing for a complete one."""
    first, last = offset + 1, offset + count
    if answer.complete:
        return
    if not count:
        say("No rows in this range.")
    elif answer.cut:
        say(f"Rows {first}–{last}; more exist.")
    else:
        say(f"Rows {first}–{last} of {last}.")


def print_boolean(result: QueryResult, format_: str, output: Path | None) -> None:
    """Write the answer to an ASK query."""
    if not isinstance(result, QueryBoolean):
        raise EngineFailure("An ASK query did not return a boolean.")
    with text_output(output) as out:
        write_answer(format_, bool(result), out)


def print_triples(result: QueryResult, format_: str, output: Path | None) -> None:
    """Write the result of CONSTRUCT or DESCRIBE; Turtle is canonical."""
    from g60kg.export import write_triples
    from g60kg.rdf.atomic_output import writing

    if not isinstance(result, QueryTriples):
        raise EngineFailure("A CONSTRUCT or DESCRIBE query did not return triples.")
    with writing(output) as out:
        write_triples(result, format_, out)


def print_plain_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], output: Path | None
) -> None:
    """Write rows of plain text as a table."""
    with text_output(output, escape=False) as out:
        terms = (([Literal(cell) for cell in row], ()) for row in rows)
        write_rows("table", columns, terms, out)
