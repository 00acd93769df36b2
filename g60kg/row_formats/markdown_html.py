"""Writers of rows as a GitHub Markdown table and as an HTML table."""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final, TextIO
from urllib.parse import quote

from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.sources import source_name
from g60kg.rdf.text_excerpt import visible
from g60kg.row_formats.display_text import Cell, display_columns, display_quotation, evidence_text
from g60kg.row_formats.evidence_rows import (
    SHOWN_COLUMNS,
    Evidenced,
    Options,
    with_evidence_columns,
)

#: Characters that are markup in GitHub's Markdown.
_MARKUP: Final = re.compile(r"[\\`*_\[\]|~$]")
#: Other IRIs (``javascript:``, ``file:``) are displayed without a link.
_FOLLOWED: Final = ("http://", "https://")


def write_md(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, options: Options
) -> None:
    """Write a table in GitHub's Markdown.

    With evidence, there is a line for each quotation of a row; the cells of the row are in the
    first.
    """
    evidence, translate = options.evidence, options.translate
    shown = display_columns(columns)
    own = [column.name for column in shown]
    added = tuple(map(translate, SHOWN_COLUMNS))
    names = with_evidence_columns(own, added, translate("evidence")) if evidence else own
    out.write(_line(map(_markdown_text, names)))
    numbers = set(map(translate, ("start", "end"))) if evidence else set()
    out.write(_line("---:" if name in numbers - set(own) else "---" for name in names))
    for row, quotations in rows:
        cells = [_markdown_cell(column.cell(row)) for column in shown]
        if not evidence:
            out.write(_line(cells))
            continue
        for number, quoted in enumerate(quotations):
            out.write(
                _line([*(cells if number == 0 else [""] * len(cells)), *_quoted(quoted, translate)])
            )
        if not quotations:
            out.write(_line([*cells, *("" for _ in SHOWN_COLUMNS)]))


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _markdown_text(text: str) -> str:
    # HTML first, since Markdown's escapes contain no character that HTML escapes.
    marked = _MARKUP.sub(r"\\\g<0>", escape(text, quote=False))
    return marked.strip().replace("\n", "<br>")


def _markdown_link(text: str, iri: str, title: str) -> str:
    if not iri.startswith(_FOLLOWED):
        return _markdown_text(text)
    target = quote(iri, safe="/:?#@!$&'*+,;=%~", encoding="utf-8")
    title = escape(title).replace("\\", "\\\\").replace("|", "\\|")
    return f'[{_markdown_text(text)}]({target} "{title}")'


def _markdown_cell(cell: Cell) -> str:
    if cell.iri is None:
        return _markdown_text(cell.text)
    return _markdown_link(cell.text, cell.iri, visible(cell.curie or cell.iri))


def _quoted(quoted: Quotation, translate: Callable[[str], str]) -> list[str]:
    text, article, *others = display_quotation(quoted, translate)
    link = _markdown_link(article, quoted.article, visible(quoted.article_label))
    return [_markdown_text(text), link, *others]


def write_html(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIO, options: Options
) -> None:
    """Write an HTML table without script or style; with evidence, quotations follow each row.

    The first column is the header of a row. An entity's cell links to its IRI, if that is a web
    address, with its CURIE as title.
    """
    shown = display_columns(columns)
    out.write('<table class="g60kg-rows">\n')
    if options.caption:
        out.write(f"<caption>{_html_text(options.caption)}</caption>\n")
    heads = "".join(f'<th scope="col">{_html_text(column.name)}</th>' for column in shown)
    out.write(f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n")
    for row, quotations in rows:
        cells = [_html_cell(column.cell(row), is_head=column is shown[0]) for column in shown]
        out.write(f"<tr>{''.join(cells)}</tr>\n")
        if options.evidence and quotations:
            out.write(f'<tr class="g60kg-evidence"><td colspan="{len(shown)}">\n')
            out.writelines(_html_quotation(one, options.translate) for one in quotations)
            out.write("</td></tr>\n")
    out.write("</tbody>\n</table>\n")


def _html_text(text: str) -> str:
    return escape(visible(text)).replace("\n", "<br>")


def _html_cell(cell: Cell, *, is_head: bool) -> str:
    text = _html_text(cell.text)
    if cell.iri is not None:
        text = _html_link(text, cell.iri, cell.curie or cell.iri)
    language = f' lang="{escape(cell.language)}"' if cell.language else ""
    kind = ' class="g60kg-number"' if cell.is_number else ""
    tag = "th" if is_head else "td"
    scope = ' scope="row"' if is_head else ""
    return f"<{tag}{scope}{language}{kind}>{text}</{tag}>"


def _html_link(content: str, iri: str, title: str) -> str:
    shown = f'title="{escape(visible(title))}"'
    if not iri.startswith(_FOLLOWED):
        return f"<span {shown}>{content}</span>"
    return f'<a href="{escape(iri)}" {shown}>{content}</a>'


def _html_quotation(quoted: Quotation, translate: Callable[[str], str]) -> str:
    source = _html_link(
        _html_text(quoted.article_label or source_name(quoted.article)),
        quoted.article,
        quoted.article,
    )
    date = f", {_html_text(quoted.date)}" if quoted.date else ""
    modality = f", {_html_text(translate(quoted.modality))}" if quoted.modality else ""
    modality += f", {translate(f'grade {quoted.grade}')}"
    if quoted.kind is not EvidenceKind.QUOTATION:
        text = _html_text(evidence_text(quoted, translate))
        return f"<p>{text} {translate('of')} <cite>{source}</cite>{date}{modality}</p>\n"
    return (
        f'<blockquote cite="{escape(quoted.article)}">\n'
        f"<p>{_html_text(quoted.quote)}</p>\n"
        f"<footer><cite>{source}</cite>{date}, "
        f"{translate(f'characters {quoted.start} to {quoted.end}')}{modality}</footer>\n"
        "</blockquote>\n"
    )
