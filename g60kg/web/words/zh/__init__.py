"""The words of the pages in Chinese."""

from __future__ import annotations

from typing import Final

from g60kg.web.words.zh.answers import ANSWERS
from g60kg.web.words.zh.site import SITE
from g60kg.web.words.zh.terms import TERMS
from g60kg.web.words.zh.things import THINGS

WORDS: Final[dict[str, str]] = {**SITE, **THINGS, **ANSWERS, **TERMS}
