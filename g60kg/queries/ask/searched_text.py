"""The text that a question searches for: in quotation marks, or where a sample question has one."""

import re
from functools import cache
from typing import Final

from g60kg.queries.ask.lexicon import NameKind
from g60kg.queries.ask.mentions import ReadQuestion
from g60kg.queries.ask.question_tokens import keys, tokens
from g60kg.queries.catalog import NamedQuery

_TEXT: Final = "{text}"
#: The most tokens of a text to search for without quotation marks.
_LONGEST_TEXT: Final = 3
#: What can be before a text to search for.
_WORD_OF: Final = re.compile(
    r"(?:(?:all|any|every|each) )*(?:the )?(?:words?|names?|terms?|text|entit(?:y|ies)|entries"
    r"|everything|anything)(?: (?:that|which|whose names?))?(?: (?:called|named|with|like|having"
    r"|contain\w*|ha(?:s|ve)|includ\w*))?(?: the (?:words?|names?|terms?))? (?=\S)"
    r"| in (?:its|their|the|a) (?:names?|labels?|titles?)$|^带有?|^含有?|^有|二字$|两个?字$"
    r"|(?:的|这个词|字样)(?:实体|名称|东西)?$",
    re.IGNORECASE,
)
_SINGLE: Final = re.compile(r"(?<!\w)['‘]([^'‘’]+)['’](?!\w)")
_QUOTED: Final = re.compile(r"[\"“‘「『《]([^\"“”‘’「」『』《》]+)[\"”’」』》]")


def free_text(query: NamedQuery, question: ReadQuestion) -> str | None:
    """Return the text that a question searches for, or None.

    It is in quotation marks (except an entity's name in 《》), or is where a matching sample
    question of the query has its text. Without quotation marks, it has at most three words or six
    Chinese characters.
    """
    quoted = _QUOTED.search(_SINGLE.sub(r'"\1"', question.plain))
    named = (
        quoted is not None
        and quoted[0].startswith("《")
        and any(
            one.of(NameKind.ENTITY) and keys(one.written) == keys(quoted[1])
            for one in question.mentions
        )
    )
    # The title of a document is rather its name.
    if quoted is not None and not named:
        return quoted[1].strip()
    for pattern in _patterns(query):
        found = pattern.fullmatch(question.plain.strip())
        if found is not None:
            text = _WORD_OF.sub("", found["text"].strip())
            listed = tokens(text)
            if len(listed) <= _LONGEST_TEXT * (1 + all(token.chinese for token in listed)):
                return text
    return None


@cache
def _patterns(query: NamedQuery) -> tuple[re.Pattern[str], ...]:
    """Return patterns of the sample questions with a free text, which is the group ``text``."""
    found = []
    for sample in query.questions:
        if _TEXT in sample:
            before, _, behind = sample.rstrip("?？.。").partition(_TEXT)
            # "搜" is a word of its own only before a space.
            gap = r"\s+" if before.endswith(" ") else r"\s*"
            parts = (re.escape(part.strip()) for part in (before, behind))
            pattern = rf"{gap}(?P<text>.+?)\s*".join(parts)
            found.append(re.compile(rf"{pattern}\s*[?？.。!！]*", re.IGNORECASE))
    return tuple(found)
