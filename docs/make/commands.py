"""The page docs/commands.md: the help of every command, as the command line gives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from typer.main import get_command
from typer.testing import CliRunner

from docs.make.markdown import fenced
from g60kg.cli.app import app

PAGE: Final = Path("docs", "commands.md")
#: The width of the help texts, in characters.
WIDTH: Final = 80

_TOP: Final = """\
<!-- Made by `make docs` from the command line's own help. -->

# Commands

Data goes to standard output, everything else to standard error. Global options go before the
command or after it: `g60kg --lang zh info`, `g60kg info --lang zh`. `-h` is `--help`.

The extension of an output file names its format; an unknown one is an error unless `-f` names the
format. A name that ends in `.gz` is compressed. An output is never one of the command's inputs.
Text of others (labels, file names, replies of servers) is printed with its control characters as
escapes; data in files and pipes is left as it is.

| exit code | means |
|---|---|
| 0 | done; the facts conform |
| 1 | the facts do not conform, the graph is inconsistent, or two sides differ |
| 2 | a usage error, or input that cannot be read (`file:line:column` says where) |
| 3 | an engine failed, a time limit was reached, or the output could not be written |"""


def pages() -> dict[Path, str]:
    """The text of the page, by its path from the root of the checkout."""
    parts = [_TOP]
    for words in command_names():
        parts += [f"## {' '.join(words)}", fenced("text", command_help(words))]
    return {PAGE: "\n\n".join(parts) + "\n"}


def command_names() -> Iterator[tuple[str, ...]]:
    """Every command and group of commands, as one types it: ``("g60kg", "query", "run")``."""
    yield from _names(get_command(app), ("g60kg",))


def _names(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(command, "commands", {}).items():
        yield from _names(each, (*words, name))


def command_help(words: tuple[str, ...]) -> str:
    """What a command prints when it is asked for its help."""
    program, *rest = words
    asked = CliRunner().invoke(app, [*rest, "--help"], prog_name=program, terminal_width=WIDTH)
    if asked.exit_code != 0:
        raise ValueError(f"{' '.join(words)} --help: {asked.output}")
    return "\n".join(line.rstrip() for line in asked.output.splitlines())
