"""Reader of BibTeX for tests: entries with braced values, as LaTeX would print them.

It is written after the format, not after the writer: it fails for a key or a field that occurs
twice, for braces that do not match, and for a character that is special to LaTeX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_KEY: Final = re.compile(r"[^\s{}(),\"'#%\\=~]+")
_NAME: Final = re.compile(r"[a-z]+")
_MONTH: Final = re.compile(r"[a-z]{3}")
_SYMBOLS: Final = {
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbraceleft": "{",
    "textbraceright": "}",
}


@dataclass
class _Reader:
    text: str
    at: int = 0

    def expect(self, token: str) -> None:
        self.skip()
        assert self.text.startswith(token, self.at), self.text[self.at : self.at + 40]
        self.at += len(token)

    def skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def match(self, pattern: re.Pattern[str]) -> str:
        self.skip()
        found = pattern.match(self.text, self.at)
        assert found, self.text[self.at : self.at + 40]
        self.at = found.end()
        return found[0]

    def braced(self) -> str:
        """Return the text between matching braces; those behind a backslash count as well."""
        self.expect("{")
        start, depth = self.at, 1
        while depth:
            character = self.text[self.at]
            depth += (character == "{") - (character == "}")
            self.at += 1
        return self.text[start : self.at - 1]


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Return the fields of each entry by its key; fields keep their LaTeX."""
    reader, entries = _Reader(text), {}
    while text[reader.at :].strip():
        reader.expect("@")
        assert reader.match(_NAME) == "misc"
        reader.expect("{")
        key = reader.match(_KEY)
        fields: dict[str, str] = {}
        while True:
            reader.expect(",")
            reader.skip()
            if text[reader.at] == "}":
                break
            name = reader.match(_NAME)
            assert name not in fields
            reader.expect("=")
            reader.skip()
            is_text = text[reader.at] == "{"
            fields[name] = reader.braced() if is_text else reader.match(_MONTH)
        reader.expect("}")
        assert key not in entries
        entries[key] = fields
    return entries


def printed(latex: str) -> str:
    """Return the characters that LaTeX prints for the text of a field."""
    out, at = "", 0
    while at < len(latex):
        character = latex[at]
        if command := re.compile(r"\\([a-z]+)\{\}").match(latex, at):
            out, at = out + _SYMBOLS[command[1]], command.end()
        elif character == "\\":
            assert latex[at + 1] in "{}$&#%_", latex[at:]
            out, at = out + latex[at + 1], at + 2
        else:
            assert character not in "$&#%_~^", latex[at:]
            # Braces group, and print nothing.
            out, at = out + ("" if character in "{}" else character), at + 1
    return out
