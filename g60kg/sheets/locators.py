"""Locators of passages for readers: numbers of paragraphs and sentences of a text."""

import re
from collections.abc import Iterable
from typing import Final

_PARAGRAPH: Final = re.compile(r"[^\r\n]*\S[^\r\n]*")
#: The end of a sentence: a full stop before a capital letter or a digit, or a Chinese one.
_SENTENCE_END: Final = re.compile(
    r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|[。！？]+[\"'”’」』）]*(?=.)"
)


def locator_of(content: str, start: int, end: int, language: str) -> str:
    """Return in words the paragraphs (lines with text) of a span; for one, also the sentences.

    The result is Chinese for the language ``zh``, else English.

    >>> locator_of("Title\\n\\nOne. Two is here. Three.", 12, 23, "en")
    'paragraph 2, sentence 2'
    >>> locator_of("标题\\n一。二。三。", 5, 8, "zh")
    '第2段第2至3句'
    """
    paragraphs = [(m.start(), m.end()) for m in _PARAGRAPH.finditer(content)]
    numbers = _met(paragraphs, start, end)
    words = _WORDS["zh" if language.startswith("zh") else "en"]
    if len(numbers) != 1:
        return words["paragraphs"].format(first=numbers[0], last=numbers[-1])
    sentences = _met(_sentences(content, *paragraphs[numbers[0] - 1]), start, end)
    key = "sentence" if len(sentences) == 1 else "sentences"
    return words[key].format(paragraph=numbers[0], first=sentences[0], last=sentences[-1])


def sentence_spans(content: str) -> list[tuple[int, int]]:
    """Return the start and the exclusive end of each sentence, without white space around it.

    >>> text = "Title\\n\\nOne. Two is here."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['Title', 'One.', 'Two is here.']
    """
    return [
        (start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
        for paragraph in _PARAGRAPH.finditer(content)
        for start, end in _sentences(content, *paragraph.span())
        if (words := content[start:end])
    ]


def _sentences(content: str, first: int, last: int) -> list[tuple[int, int]]:
    ends = [m.end() for m in _SENTENCE_END.finditer(content, first, last)]
    return list(zip([first, *ends], [*ends, last], strict=True))


def _met(parts: Iterable[tuple[int, int]], start: int, end: int) -> list[int]:
    return [n for n, (first, last) in enumerate(parts, 1) if first < end and start < last]


_WORDS: Final = {
    "en": {
        "paragraphs": "paragraphs {first} to {last}",
        "sentence": "paragraph {paragraph}, sentence {first}",
        "sentences": "paragraph {paragraph}, sentences {first} to {last}",
    },
    "zh": {
        "paragraphs": "第{first}至{last}段",
        "sentence": "第{paragraph}段第{first}句",
        "sentences": "第{paragraph}段第{first}至{last}句",
    },
}
