"""Texts of the pages in English."""

from __future__ import annotations

from typing import Final

from g60kg.web.i18n.en.entity_texts import ENTITY_TEXTS
from g60kg.web.i18n.en.query_texts import QUERY_TEXTS
from g60kg.web.i18n.en.site_texts import SITE_TEXTS
from g60kg.web.i18n.en.term_labels import TERM_LABELS

TEXTS: Final[dict[str, str]] = {**SITE_TEXTS, **ENTITY_TEXTS, **QUERY_TEXTS, **TERM_LABELS}
