"""The words of the pages in English."""

from __future__ import annotations

from typing import Final

from g60kg.web.i18n.en.entity_texts import THINGS
from g60kg.web.i18n.en.query_texts import ANSWERS
from g60kg.web.i18n.en.site_texts import SITE
from g60kg.web.i18n.en.term_labels import TERMS

WORDS: Final[dict[str, str]] = {**SITE, **THINGS, **ANSWERS, **TERMS}
