"""Output of query results: rows, citations, booleans, triples."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, QueryBoolean, QueryTriples

from g60kg.cli.output import (
    ANSWER_FORMATS,
    CITATION_FORMATS,
    READ_FORMATS,
    chosen_format,
    say,
    text_output,
)
from g60kg.cli.session import Session
from g60kg.cli.time_limit import TimeLimit
from g60kg.errors import UsageError
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import NamedQuery
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import answer_address
from g60kg.row_formats import Evidenced, check_spreadsheet_options, write_answer, write_rows
from g60kg.stores.base import GraphStore, QueryResult, Term

if TYPE_CHECKING:
    from g60kg.model.evidence import Quotation
    from g60kg.row_formats.citations import Access
    from g60kg.row_formats.evidence_rows import ReaderTexts


@dataclass
class AnswerOutput:
    """The format and the place of the answer of a canned query.

    Attributes:
        asked: the format given; None for that of the output's extension, else the default.
        path: the output file; None for stdout.
        accessed: the date of access in citations; None for today.
        escape_formulas: whether text that a spreadsheet would evaluate is escaped.
        bom: whether the output begins with a byte order mark.

    Raises:
        UsageError: the format does not suit the other options, or the output is a file to read.
    """

    session: Session
    asked: str | None
    path: Path | None
    accessed: dt.datetime | None
    escape_formulas: bool
    bom: bool = False

    def __post_init__(self) -> None:
        self.format = chosen_format(ANSWER_FORMATS, self.asked, self.path, "Rows")
        if self.format in CITATION_FORMATS:
            check_spreadsheet_options(
                self.format, escape_formulas=self.escape_formulas, bom=self.bom
            )
        self.session.check_output(self.path)

    def write(
        self,
        store: GraphStore,
        query: NamedQuery,
        terms: Mapping[str, Term],
        clock: TimeLimit,
        *,
        evidence: bool,
        offset: int = 0,
        **options: Any,
    ) -> None:
        """Run a query and write its rows, or citations of their sources; ``options`` as run_named.

        If the answer is empty or incomplete, print a message on stderr. Raise QueryTimeout at the
        time limit.
        """
        cites, language = self.format in CITATION_FORMATS, self.session.language
        answer = run_named(
            store,
            query,
            terms,
            language=language,
            evidence=evidence or cites,
            offset=offset,
            joined=self.format in READ_FORMATS,
            **options,
        )
        if cites:
            count = self._write_citations(answer, clock)
        else:
            count = print_rows(
                answer,
                self.format,
                self.path,
                clock,
                evidence=evidence,
                escape_formulas=self.escape_formulas,
                bom=self.bom,
                language=language,
                footnote=self._footnote(answer) if self.format == "xlsx" else None,
            )
        _say_range(answer, count, offset)

    def _write_citations(self, answer: Answer, clock: TimeLimit) -> int:
        from g60kg.row_formats.citations import citations_of, format_citations

        rows = [quoted for _, quoted in clock.rows(answer.stream(), printed=False)]
        clock.check()
        citations = citations_of(one for quoted in rows for one in quoted)
        with text_output(self.path) as out:
            out.write(format_citations(self.format, citations, self._access(answer)))
        if not citations:
            say("The answer has no sources to cite.")
        return len(rows)

    def _footnote(self, answer: Answer) -> Callable[[Quotation], str]:
        from g60kg.row_formats.citations import footnote_of

        return partial(footnote_of, access=self._access(answer))

    def _access(self, answer: Answer) -> Access:
        from g60kg.row_formats.citations import Access, graph_version

        return Access(
            (self.accessed or dt.datetime.now()).date(),
            answer_address(answer.query or "", answer.parameters),
            self.session.language,
            graph_version(self.session.store, self.session.endpoint),
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
    """Write the rows of an answer while they are computed; return their number.

    Args:
        language: the language of headings and values in formats for people; None leaves them.

    Raises:
        QueryTimeout: the limit passed; the earlier rows were printed, but a file is not written.
        UsageError: a workbook would be printed on a terminal.
    """

    def members() -> dict[str, Any]:
        return {"meta": answer.meta(not limit.passed and answer.complete)}

    columns: Sequence[str] = answer.columns
    rows: Iterable[Evidenced] = limit.rows(answer.stream(), printed=output is None)
    translate: Callable[[str], str] = str
    texts: ReaderTexts | None = None
    if format_ == "xlsx" and language is not None:
        from g60kg.row_formats.reader_rows import reader_texts

        texts = reader_texts(language, footnote)
    if format_ in READ_FORMATS and language is not None:
        from g60kg.row_formats.reader_rows import rows_for_people

        columns, rows, translate = rows_for_people(
            columns, rows, language, figures=format_ == "table", mark=format_ != "html"
        )
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


def _say_range(answer: Answer, count: int, offset: int) -> None:
    """Print on stderr that there are no rows, or the range of rows of an incomplete answer."""
    first, last = offset + 1, offset + count
    if not count:
        say("No rows." if answer.complete else "No rows in this range.")
    elif answer.complete:
        return
    elif answer.cut and count == 1:
        say(f"Row {last}; more exist.")
    elif answer.cut:
        say(f"Rows {first}–{last}; more exist.")
    else:
        say(f"Rows {first}–{last} of {last}.")


def print_boolean(result: QueryResult, format_: str, output: Path | None) -> None:
    """Write the result of an ASK query; ``output`` None is stdout."""
    assert isinstance(result, QueryBoolean)
    with text_output(output) as out:
        write_answer(format_, bool(result), out)


def print_triples(result: QueryResult, format_: str, output: Path | None) -> None:
    """Write the result of CONSTRUCT or DESCRIBE in an RDF format; ``output`` None is stdout.

    Turtle is canonical: equal triples are equal bytes.
    """
    from g60kg.export import write_triples
    from g60kg.rdf.atomic_output import writing

    assert isinstance(result, QueryTriples)
    with writing(output) as out:
        write_triples(result, format_, out)


def print_plain_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], output: Path | None
) -> None:
    """Write rows of text as a table; ``output`` None is stdout."""
    with text_output(output, escape=False) as out:
        terms = (([Literal(cell) for cell in row], ()) for row in rows)
        write_rows("table", columns, terms, out)
