"""Texts of the pages in Chinese."""

from __future__ import annotations

from typing import Final

from g60kg.web.i18n.zh.entity_texts import ENTITY_TEXTS
from g60kg.web.i18n.zh.query_texts import QUERY_TEXTS
from g60kg.web.i18n.zh.site_texts import SITE_TEXTS
from g60kg.web.i18n.zh.term_labels import TERM_LABELS

TEXTS: Final[dict[str, str]] = {**SITE_TEXTS, **ENTITY_TEXTS, **QUERY_TEXTS, **TERM_LABELS}
