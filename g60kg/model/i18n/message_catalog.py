"""Chinese texts of messages by their English texts, from the gettext catalogue messages.po.

Code states its messages in English. Where a message is shown, it is compared with the entries of
the catalogue, which have placeholders for the parts that differ, and shown in Chinese with the
same parts. So modules below know nothing of languages, and the catalogue is data: tools for
gettext edit it. Each ``msgid`` and ``msgstr`` is on one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, starmap
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg import package_data

CATALOGUE: Final = "model/i18n/messages.po"
#: The notes of curators in the graph.
NOTES_CATALOGUE: Final = "model/i18n/notes.po"
_ENTRY: Final = re.compile(r'^msgid (".+")\nmsgstr (".*")$', re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_SENTENCE_END: Final = re.compile(r"[.?!;] ")
_PLACE_END: Final = re.compile(": ")
#: Limits of what is compared with the catalogue: places before a message, its sentences and
#: characters, and messages in messages.
PLACES: Final = 3
SENTENCES: Final = 8
LONGEST: Final = 2_000
DEEPEST: Final = 8
#: What a name does not have: the end of a place or of a sentence, other than an abbreviation.
_SEVERAL: Final = re.compile(r': |(?<!\bCo)(?<!\bLtd)(?<!\bInc)(?<!\bNo)(?<!\b[A-Z])[.?!] ["A-Z]')
#: The end of a company's name has a comma before it.
_NO_ENDING: Final = r"(?!(?:Ltd|Inc|LLC|Limited)\b)"
#: Placeholders for text that is a message itself, for any text, and for names with commas.
MESSAGES: Final = frozenset(("message", "reason", "what"))
TEXTS: Final = frozenset(("error", "reading", "text"))
#: Placeholders for the endings of plurals.
PLURALS: Final = ("s", "s2", "s3", "s4", "s5")
LISTS: Final = frozenset(("names", "names2"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in English and Chinese; ``literals`` are the English around its placeholders."""

    english: str
    chinese: str
    literals: tuple[str, ...]
    placeholders: tuple[str, ...]

    @classmethod
    def of(cls, english: str, chinese: str) -> Entry:
        """Return the entry of an English and a Chinese text."""
        parts = _PLACEHOLDER.split(english)
        return cls(english, chinese, tuple(parts[::2]), tuple(parts[1::2]))

    def match(self, text: str) -> dict[str, str] | None:
        """Return the values of the placeholders in an English text; None for another message.

        >>> Entry.of("No {what} is called {name}.", "").match("No city is called Kunshan.")
        {'what': 'city', 'name': 'Kunshan'}
        """
        first, *rest = self.literals
        if not rest or not text.startswith(first) or not text.endswith(rest[-1]):
            return None
        values, at, end = {}, len(first), len(text) - len(rest[-1])
        for name, literal in zip(self.placeholders[:-1], rest[:-1], strict=True):
            found = text.find(literal, at, end)
            if found < 0:
                return None
            values[name] = text[at:found]
            at = found + len(literal)
        if at > end:
            return None
        values[self.placeholders[-1]] = text[at:end]
        return values if all(values.get(name, "") in ("", "s") for name in PLURALS) else None


@cache
def texts(catalogue: str = CATALOGUE) -> dict[str, str]:
    """Return the Chinese texts of a catalogue by the English ones."""
    found = _ENTRY.findall(package_data.file_text(catalogue))
    # One document is read faster than a thousand.
    english, chinese = (json.loads(f"[{','.join(column)}]") for column in zip(*found, strict=True))
    return dict(zip(english, chinese, strict=True))


@cache
def _templates() -> tuple[tuple[str, str, Entry], ...]:
    """Return first literal, last literal and entry of each entry with placeholders.

    The most specific entry is first.
    """
    found = (Entry.of(*pair) for pair in texts().items() if _PLACEHOLDER.search(pair[0]))

    def rank(entry: Entry) -> tuple[bool, int]:
        return not entry.literals[0], -sum(map(len, entry.literals))

    ordered = sorted(found, key=rank)
    return tuple((entry.literals[0], entry.literals[-1], entry) for entry in ordered)


@lru_cache(maxsize=1_000)
def chinese(text: str, depth: int = 0) -> str:
    """Return an English message in Chinese; a part that no entry matches stays as it is.

    ``depth`` counts the calls that this one is nested in. A text too long or too deep is unchanged.

    >>> chinese("error: Nothing was changed. Topics: a, b.")
    '错误：未作任何更改。主题：a、b。'
    >>> chinese("city: There is no location id:x.")
    'city：没有地点 id:x。'
    """
    if len(text) > LONGEST or depth > DEEPEST:
        return text
    found = _sentences(text, depth)
    # What precedes a colon can be a place: a file and line, a parameter.
    places = () if found else islice(_PLACE_END.finditer(text), PLACES)
    for end in places:
        rest = _sentences(text[end.end() :], depth)
        if rest is not None:
            return f"{text[: end.start()]}{_joint(': ')}{rest}"
    return found or _of_entry(text, depth) or text


def _sentences(text: str, depth: int) -> str | None:
    """Return the Chinese text of a message; None if no entry matches it or its first sentences."""
    whole = _of_entry(text, depth, names=True)
    if whole is not None:
        return whole
    ends = list(islice(_SENTENCE_END.finditer(text), SENTENCES))
    for end in reversed(ends):
        head, joint = text[: end.start()], text[end.start() : end.end()]
        found = _of_entry(head if joint == "; " else head + joint[0], depth, names=True)
        if found is not None:
            return found + _joint(joint) + chinese(text[end.end() :], depth + 1)
    return None


def _joint(english: str) -> str:
    return texts().get(english, "")


def _of_entry(text: str, depth: int, *, names: bool = False) -> str | None:
    """Return the Chinese text of an entry that matches a message, or None.

    With ``names``, an entry does not match if a placeholder would be several sentences.
    """
    if text in texts():
        return texts()[text]
    for first, last, entry in _templates():
        if text.startswith(first) and text.endswith(last):
            found = entry.match(text)
            if found is not None and not (names and any(starmap(_is_several, found.items()))):
                values = {name: _value(name, value, depth) for name, value in found.items()}
                return filled(entry.chinese, values)
    return None


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders replaced by values; each must have one."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def _is_several(name: str, value: str) -> bool:
    return name not in MESSAGES | TEXTS and _SEVERAL.search(value) is not None


def _value(name: str, value: str, depth: int) -> str:
    if name in LISTS:
        return _listed(value)
    return chinese(value, depth + 1) if name in MESSAGES else value


def _listed(names: str) -> str:
    if names == "none":
        return "无"
    names, more, count = names.partition(" and ") if names.endswith(" more") else (names, "", "")
    for english in (", ", " or "):
        names = re.sub(english + _NO_ENDING, _joint(english), names)
    return names + (_of_entry(more + count, 0) or "")


def note_in(
    language: str, note: NamedNode | BlankNode | Literal
) -> NamedNode | BlankNode | Literal:
    """Return a note in a language; a note without an entry, such as a user's, as it is.

    >>> note_in("zh", Literal("In consecutive years.", language="en"))
    <Literal value=连续多年。 language=zh>
    >>> note_in("zh", Literal("Seen by a user.", language="en"))
    <Literal value=Seen by a user. language=en>
    """
    if language != "zh" or not isinstance(note, Literal) or note.language != "en":
        return note
    chinese = texts(NOTES_CATALOGUE).get(note.value)
    return note if chinese is None else Literal(chinese, language=language)
