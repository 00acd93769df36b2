"""The words of the pages in English."""

from __future__ import annotations

from typing import Final

from g60kg.web.words.en.answers import ANSWERS
from g60kg.web.words.en.site import SITE
from g60kg.web.words.en.terms import TERMS
from g60kg.web.words.en.things import THINGS

WORDS: Final[dict[str, str]] = {**SITE, **THINGS, **ANSWERS, **TERMS}
