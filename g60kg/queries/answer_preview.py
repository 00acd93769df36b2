"""Display of the first rows of an answer in a terminal and in a notebook."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from pyoxigraph import Literal

from g60kg.model.names import LANGUAGES
from g60kg.namespaces import compact
from g60kg.rdf.text_excerpt import excerpt
from g60kg.row_formats.evidence_rows import Evidenced, Options
from g60kg.stores.base import Term

#: The most rows that are displayed.
SHOWN: Final = 20
#: The most rows that are read to count those that are not displayed.
COUNTED: Final = 1_000
#: The most characters of a text in a cell.
_LONGEST: Final = 300

#: The texts in English and Chinese, by key.
_WORDS: Final = {
    "none": ("No rows", "没有行"),
    "one": ("1 row", "共 1 行"),
    "rows": ("{count:,} rows", "共 {count:,} 行"),
    "more_one": ("1 more row.", "另有 1 行未显示。"),
    "more": ("{count:,} more rows.", "另有 {count:,} 行未显示。"),
    "uncounted": (
        "More than {count:,} more rows; len() counts them.",
        "另有超过 {count:,} 行未显示；len() 可得总数。",
    ),
    "offset": (" after the first {offset:,}", "（跳过前 {offset:,} 行）"),
    "cut": ("; the limit cut off others", "；受行数限制，还有更多行"),
    "end": (".", "。"),
    "joined": ("The rows of one figure are shown as one.", "同一数据的各行合为一行显示。"),
    "gap": (" ", ""),
    "comma": (", ", "，"),
    "query": ("Query: {query}.", "查询：{query}。"),
    "understood": ("Understood as: {query}.", "理解为：{query}。"),
    "other": ("Or: {query}.", "或者：{query}。"),
    "nearest": ("Nearest: {query}.", "最接近的：{query}。"),
}
_TEXTS: Final = {
    language: {key: texts[at] for key, texts in _WORDS.items()}
    for at, language in enumerate(LANGUAGES)
}


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of an answer, with what the footer below them needs.

    Attributes:
        pairs: the rows to display, each with the quotations to display; of a canned query, the
            rows of one figure are joined.
        shown: the number of rows of the answer in ``pairs``, before rows were joined.
        evidence: whether quotations are displayed.
        read: the number of rows that were read.
        counted: whether these are all rows of the answer.
        offset: the number of rows skipped before the first one.
        cut: whether a limit cut rows off.
        query: the canned query's name; None for a user's query.
        parameters: the RDF terms of the parameters, by name.
        understood: how a question was understood, as the member ``meta`` of JSON results; None for
            an answer to no question.
        language: ``zh`` for Chinese; otherwise English.
    """

    columns: Sequence[str]
    pairs: Sequence[Evidenced]
    shown: int
    evidence: bool
    read: int
    counted: bool
    offset: int
    cut: bool
    query: str | None
    parameters: Mapping[str, Term]
    understood: Mapping[str, Any] | None
    language: str

    def text(self) -> str:
        """Return a table that fits the terminal, and the footer."""
        from g60kg.row_formats.table import Screen, write_table

        out = StringIO()
        screen = Screen(shutil.get_terminal_size().columns)
        columns, rows, translate = self._for_people(mark=True)
        write_table(columns, rows, out, Options(self.evidence, translate=translate), screen)
        return out.getvalue() + self._footer()

    def html(self) -> str:
        """Return an HTML table and the footer; all text is escaped."""
        from html import escape

        from g60kg.row_formats.markdown_html import write_html

        out = StringIO()
        columns, rows, translate = self._for_people(mark=False)
        write_html(columns, rows, out, Options(self.evidence, translate=translate))
        return f"{out.getvalue()}<p>{escape(self._footer())}</p>\n"

    def _for_people(
        self, *, mark: bool
    ) -> tuple[Sequence[str], Iterable[Evidenced], Callable[[str], str]]:
        """Return the columns, the rows with long texts shortened, and the translation of evidence.

        The columns, figures and evidence of a user's query are not translated. ``mark`` is as
        for :func:`rows_for_people`.
        """
        rows = (([_shortened(cell) for cell in row], quoted) for row, quoted in self.pairs)
        if self.query is None:
            return self.columns, rows, str
        from g60kg.row_formats.reader_rows import rows_for_people

        return rows_for_people(self.columns, rows, self.language, mark=mark)

    def _footer(self) -> str:
        texts = _TEXTS.get(self.language, _TEXTS["en"])
        return texts["gap"].join((*self._counts(texts), *self._queries(texts)))

    def _counts(self, texts: Mapping[str, str]) -> Iterator[str]:
        if not self.counted:
            yield texts["uncounted"].format(count=self.read - 1 - self.shown)
            return
        if more := self.read - self.shown:
            yield texts["more_one" if more == 1 else "more"].format(count=more)
        key = {0: "none", 1: "one"}.get(self.read, "rows")
        skipped = texts["offset"].format(offset=self.offset) if self.offset else ""
        limited = texts["cut"] if self.cut else ""
        yield texts[key].format(count=self.read) + skipped + limited + texts["end"]
        if self.shown > len(self.pairs):
            yield texts["joined"]

    def _queries(self, texts: Mapping[str, str]) -> Iterator[str]:
        def line(key: str, query: str, given: Mapping[str, object]) -> str:
            parts = (f"{name}={excerpt(str(value))}" for name, value in given.items())
            return texts[key].format(query=texts["comma"].join((query, *parts)))

        if self.query is None:
            return
        own = {name: compact(cell.value) for name, cell in self.parameters.items()}
        yield line("understood" if self.understood else "query", self.query, own)
        understood = self.understood or {}
        if "note" in understood:
            yield understood["note"]
        for other in understood.get("alternatives", ()):
            yield line(
                "nearest" if "note" in understood else "other", other["query"], other["parameters"]
            )


def _shortened(cell: Term | None) -> Term | None:
    if isinstance(cell, Literal) and len(cell.value) > _LONGEST:
        return Literal(excerpt(cell.value, _LONGEST), language=cell.language)
    return cell
