"""Standard streams of a run: closed ones are replaced, and text of others is made safe to print."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Final, TextIO

from g60kg.rdf.text_excerpt import excerpt, on_a_line, visible_json

#: Characters of a line on stderr.
_LONGEST_LINE: Final = 2_000


def prepare_streams() -> None:
    """Replaces closed standard streams, and lets stdout take every character in any encoding.

    Where one was closed, the next file to be opened would take its place, and ``print`` to a
    closed stderr would go to stdout. A write to the replaced stdout fails; input is empty, and
    messages are lost.
    """
    for name, mode in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            # The lowest free descriptor is taken: the one that was closed.
            descriptor = os.open(os.devnull, mode)
            kind = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(descriptor, kind, encoding="utf-8"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(*lines: str) -> None:
    """Prints lines on stderr that a reader of the output must not miss."""
    write_stderr("".join(excerpt(on_a_line(line), _LONGEST_LINE) + "\n" for line in lines))


def write_stderr(text: str) -> None:
    """Writes text that is safe to print as it is; a stderr that takes nothing is no failure."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Send what is left in a stream's buffer nowhere: at exit, writing it would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def show(*lines: str) -> None:
    """Prints lines of the answer on stdout."""
    for line in lines:
        print(on_a_line(line))


def show_json(value: object) -> None:
    """Prints a value as JSON on stdout."""
    print(visible_json(json.dumps(value, ensure_ascii=False, indent=2)))
