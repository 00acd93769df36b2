"""Commands in pages with their output: run them, compare the output, update it.

A code block of the language ``console`` contains commands after ``$ ``, each followed by its
output (stdout and stderr). A command continues on the next line after a backslash. In the output
``…`` matches text that varies, such as a time or a digest; a line ``…`` matches any lines.
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
#: The width of tables in pages, in characters.
WIDTH: Final = 84
_MASK: Final = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A command and its expected output lines."""

    command: str
    expected: tuple[str, ...]

    def agrees_with(self, printed: Sequence[str]) -> bool:
        """Return whether printed lines match the expected ones.

        >>> Snippet("date", ("It is … now.",)).agrees_with(["It is 14:05 now."])
        True
        >>> Snippet("ls", ("a", "…", "z")).agrees_with(["a", "b", "c", "z"])
        True
        """
        pattern = "".join(
            r"(?:.*\n)*?" if line == _MASK else _pattern(line) + r"\n" for line in self.expected
        )
        return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def blocks(page: str, language: str) -> list[str]:
    """Return the texts of a page's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def snippets(page: str) -> list[Snippet]:
    """Return the commands of a page, in order."""
    found = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            match = re.match(r"((?:.*\\\n)*.*)\n", part)
            assert match is not None  # a block ends with a newline
            expected = tuple(line.rstrip() for line in part[match.end() :].splitlines())
            found.append(Snippet(match[1], expected))
    return found


def run(command: str, folder: Path) -> list[str]:
    """Run a shell command in a folder and return its output lines; g60kg is this checkout's."""
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
            # stdout and stderr in the order of writing, as on a terminal.
            "PYTHONUNBUFFERED": "1",
        },
        cwd=folder,
        timeout=120,
        check=False,
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def updated_output(page: str, folder: Path) -> str:
    """Return the page with the current output of its commands, run in order in a folder.

    Output that matches stays unchanged, including its ``…`` masks.
    """

    def block(match: re.Match[str]) -> str:
        parts = []
        for snippet in snippets(match[0]):
            printed = run(snippet.command, folder)
            lines = snippet.expected if snippet.agrees_with(printed) else _masked(snippet, printed)
            parts.append("\n".join((f"$ {snippet.command}", *lines)))
        return "```console\n" + "\n".join(parts) + "\n```"

    return re.sub(r"^```console\n.*?^```$", block, page, flags=re.MULTILINE | re.DOTALL)


def _masked(snippet: Snippet, printed: list[str]) -> list[str]:
    """Return the printed lines, with masked expected lines in place of those they match."""
    masks = [line for line in snippet.expected if _MASK in line and line != _MASK]
    return [
        next((mask for mask in masks if re.fullmatch(_pattern(mask), line)), line)
        for line in printed
    ]


def _pattern(line: str) -> str:
    return r"\S+".join(re.escape(part) for part in line.split(_MASK))
