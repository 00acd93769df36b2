"""Commands that a page shows with their output: run in order, compared, brought up to date.

A block of code of the language ``console`` has commands after ``$ ``, each followed by what it
prints on both channels. A command ends in a backslash where it goes on in the next line. In the
output ``…`` stands for what differs from run to run, such as a time or a digest, and a line of
``…`` alone for any number of lines.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
#: The width at which pages show tables.
WIDTH: Final = 84
_MASK: Final = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A command and the lines that a page shows as its output."""

    command: str
    shown: tuple[str, ...]

    def agrees_with(self, printed: Sequence[str]) -> bool:
        """Whether a run printed what is shown.

        >>> Snippet("date", ("It is … now.",)).agrees_with(["It is 14:05 now."])
        True
        >>> Snippet("ls", ("a", "…", "z")).agrees_with(["a", "b", "c", "z"])
        True
        """
        pattern = "".join(
            r"(?:.*\n)*?" if line == _MASK else _pattern(line) + r"\n" for line in self.shown
        )
        return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def blocks(page: str, language: str) -> list[str]:
    """The texts of a page's blocks of code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def snippets(page: str) -> list[Snippet]:
    """The commands of a page, in their order."""
    found = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            match = re.match(r"((?:.*\\\n)*.*)\n", part)
            assert match is not None  # a block ends in a line feed
            shown = tuple(line.rstrip() for line in part[match.end() :].splitlines())
            found.append(Snippet(match[1], shown))
    return found


def run(command: str, folder: Path) -> list[str]:
    """The lines that a command prints in a folder, run by a shell; g60kg is this checkout's."""
    python = shlex.quote(sys.executable)
    cleared = {name: text for name, text in os.environ.items() if not name.startswith("G60KG_")}
    done = subprocess.run(
        ["sh", "-c", f'g60kg() {{ {python} -m g60kg "$@"; }}\n{command}'],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={
            **cleared,
            "COLUMNS": str(WIDTH),
            "NO_COLOR": "1",
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            # Both channels in the order of what is written to them, as on a terminal.
            "PYTHONUNBUFFERED": "1",
        },
        cwd=folder,
        timeout=120,
        check=False,
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def refreshed(page: str, folder: Path) -> str:
    """The page with the output of its commands as they give it now, run in order in a folder.

    Lines that agree stay as they are, with what is left out or masked in them.
    """

    def block(match: re.Match[str]) -> str:
        parts = []
        for snippet in snippets(match[0]):
            printed = run(snippet.command, folder)
            lines = snippet.shown if snippet.agrees_with(printed) else _masked(snippet, printed)
            parts.append("\n".join((f"$ {snippet.command}", *lines)))
        return "```console\n" + "\n".join(parts) + "\n```"

    return re.sub(r"^```console\n.*?^```$", block, page, flags=re.MULTILINE | re.DOTALL)


def _masked(snippet: Snippet, printed: list[str]) -> list[str]:
    """The printed lines, those that a shown line with a mask stands for written as it is."""
    masks = [line for line in snippet.shown if _MASK in line and line != _MASK]
    return [
        next((mask for mask in masks if re.fullmatch(_pattern(mask), line)), line)
        for line in printed
    ]


def _pattern(line: str) -> str:
    return r"\S+".join(re.escape(part) for part in line.split(_MASK))
