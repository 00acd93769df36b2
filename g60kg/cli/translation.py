"""Language of messages and of the help: the value of ``--lang``, or else of G60KG_LANG."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from g60kg.validation.report.findings import Report

#: A Chinese character or a word, with the punctuation that must not be on another line. As a text:
#: compiling it takes 3 ms, and only Chinese needs it.
_PART: Final = r"[（［“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef“”]+)[，。；：、）”？！》］]*|\s+"
_EXTRA: Final = re.compile(r"(.*?) {2}\[(.*)\]", re.DOTALL)


def is_chinese() -> bool:
    """Return whether messages are in Chinese, by ``sys.argv`` and the variable G60KG_LANG."""
    asked = os.environ.get("G60KG_LANG", "")
    for at, argument in enumerate(sys.argv):
        if argument == "--":
            break
        if argument == "--lang":
            asked = "".join(sys.argv[at + 1 : at + 2])
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return asked == "zh"


def translated(text: str) -> str:
    """Return a message in the language of the command line; unchanged without a translation."""
    if not is_chinese():
        return text
    from g60kg.model.i18n.message_catalog import chinese

    return chinese(text)


def translated_report(report: Report) -> Report:
    """Return a validation report with its messages in the language of the command line."""
    return report.in_chinese() if is_chinese() else report


def translated_usage(arguments: str) -> str:
    """Return the arguments of a usage line with ``[OPTIONS]`` and ``COMMAND`` translated.

    Other names of arguments are unchanged.
    """
    for name in ("[OPTIONS]", "COMMAND [ARGS]..."):
        arguments = arguments.replace(name, translated(name))
    return arguments


def write_chinese(formatter: Any, commands: dict[str, Any]) -> None:
    """Make a formatter write the help of commands, given by name, in Chinese."""
    write, usage, list_ = formatter.write, formatter.write_usage, formatter.write_dl

    def write_usage(program: str, arguments: str = "", prefix: str | None = None) -> None:
        usage(program, translated_usage(arguments), prefix or translated("Usage: "))

    def write_heading(heading: str) -> None:
        write(translated(f"{heading}:") + "\n")

    def write_text(text: str) -> None:
        shown = [_wrapped(part, formatter.width - 2) for part in _paragraphs(text)]
        indent = " " * formatter.current_indent
        write("\n\n".join("\n".join(indent + line for line in part) for part in shown) + "\n")

    def write_list(rows: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        first = min(max(len(name) for name, _ in rows), 30)
        texts = [
            # A command has the first sentence of its help.
            re.split("(?<=。)", next(_paragraphs(commands[name].help)))[0]
            if name in commands
            else _option(text)
            for name, text in rows
        ]
        shown = ("\b\n" + "\n".join(_wrapped(text, formatter.width - first - 6)) for text in texts)
        list_([(name, text) for (name, _), text in zip(rows, shown, strict=True)], *args, **options)

    formatter.write_usage, formatter.write_heading = write_usage, write_heading
    formatter.write_text, formatter.write_dl = write_text, write_list


def _paragraphs(text: str) -> Iterator[str]:
    return (translated(" ".join(part.split())) for part in text.split("\n\n"))


def _option(text: str) -> str:
    found = _EXTRA.fullmatch(text)
    if found is None:
        return translated(text)
    extra = "；".join(map(translated, found[2].split("; ")))
    return f"{translated(found[1])}［{extra}］"


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text wrapped at ``width``, in cells; a Chinese character has two cells.

    >>> _wrapped("显示版本，然后退出。", 10)
    ['显示版本，', '然后退出。']
    """
    lines, used = [""], 0
    for part in re.findall(_PART, text):
        cells = sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in part)
        if used + cells > width and used and not part.isspace():
            lines.append("")
            used = 0
        lines[-1] += part
        used += cells
    return [line.strip() for line in lines]
