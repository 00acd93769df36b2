"""The words of the pages, one table a language, and how figures and dates are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import g60kg.web.i18n.en as en
import g60kg.web.i18n.zh as zh
from g60kg.web.i18n.number_text import date, number

LANGUAGES: Final = ("en", "zh")
_TABLES: Final[Mapping[str, Mapping[str, str]]] = {"en": en.WORDS, "zh": zh.WORDS}
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Figured(Protocol):
    """What a figure has that is told."""

    @property
    def number(self) -> str:
        """Its number, as an xsd:decimal writes it."""

    @property
    def comparator(self) -> str:
        """How the number bounds the value: ``lessThan``."""

    @property
    def unit(self) -> str:
        """The local name of its unit: ``KiloM2``."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str

    def __call__(self, key: str, /, **given: object) -> str:
        """The words under that key, with what is given in their places."""
        return _TABLES[self.language][key].format(**given)

    def or_else(self, key: str, otherwise: str) -> str:
        """The words under that key, or what is given."""
        return _TABLES[self.language].get(key, otherwise)

    def counted(self, key: str, count: int) -> str:
        """So many of something.

        >>> Words("en").counted("companies", 1), Words("zh").counted("companies", 2)
        ('1 company', '2家企业')
        """
        return self(f"{key}.{'one' if count == 1 else 'other'}", n=f"{count:,}")

    def column(self, name: str) -> str:
        """The heading of a column of a query."""
        return self.or_else(f"column.{name}", _HUMP.sub(" ", name).capitalize())

    def parameter(self, name: str) -> str:
        """The label of a parameter of a query."""
        return self.or_else(f"parameter.{name}", self.column(name))

    def number(self, text: str) -> str:
        """A number as it is written in a sentence."""
        return number(text, self.language)

    def date(self, text: str) -> str:
        """A date or span of time, given in EDTF, as it is written in a sentence."""
        return date(text, self.language)

    def figure(self, figure: Figured) -> str:
        """A figure with what bounds it and its unit.

        >>> from g60kg.web.views.pages.view_models import Figure
        >>> nearly = Figure("", "3000", "lessThan", "NUM", None)
        >>> Words("en").figure(nearly), Words("zh").figure(nearly)
        ('less than 3,000', '不到3,000')
        """
        text = self.number(figure.number)
        unit = self.or_else(f"unit.{figure.unit}", f"{{n}} {figure.unit}").format(n=text)
        return self.or_else(f"comparator.{figure.comparator}", "{n}").format(n=unit)


@cache
def words(language: str) -> Words:
    """The words of a language; English for one that has none."""
    return Words(language if language in _TABLES else "en")
