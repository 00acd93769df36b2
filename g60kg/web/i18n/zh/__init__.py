"""The words of the pages in Chinese."""

from __future__ import annotations

from typing import Final

from g60kg.web.i18n.zh.entity_texts import THINGS
from g60kg.web.i18n.zh.query_texts import ANSWERS
from g60kg.web.i18n.zh.site_texts import SITE
from g60kg.web.i18n.zh.term_labels import TERMS

WORDS: Final[dict[str, str]] = {**SITE, **THINGS, **ANSWERS, **TERMS}
