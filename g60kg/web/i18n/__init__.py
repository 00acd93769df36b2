"""Texts of the pages, one YAML file for each language, and the formats of figures and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

import yaml

from g60kg.web.i18n.number_text import date, number

LANGUAGES: Final = ("en", "zh")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class FigureLike(Protocol):
    """The properties of a figure that its text needs."""

    @property
    def number(self) -> str:
        """The number, as an xsd:decimal literal."""

    @property
    def upper(self) -> str | None:
        """The upper number of a range."""

    @property
    def comparator(self) -> str:
        """The relation of the number to the value, such as ``lessThan``."""

    @property
    def unit(self) -> str:
        """The local name of the unit, such as ``KiloM2``."""


@cache
def table(language: str) -> dict[str, str]:
    """Return all texts of a language, by key."""
    text = files(__name__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, str] = yaml.load(text, Loader=loader)
    return loaded


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The texts of one language."""

    language: str

    def __call__(self, key: str, /, **given: object) -> str:
        """Return the text of a key, with its placeholders filled."""
        return table(self.language)[key].format(**given)

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the text of a key, or a default."""
        return table(self.language).get(key, otherwise)

    def counted(self, key: str, count: int) -> str:
        """Return a count with its noun.

        >>> PageTexts("en").counted("companies", 1), PageTexts("zh").counted("companies", 2)
        ('1 enterprise', '2家企业')
        """
        return self(f"{key}.{'one' if count == 1 else 'other'}", n=f"{count:,}")

    def column(self, name: str) -> str:
        """Return the heading of a column of a query."""
        return self.or_else(f"column.{name}", _HUMP.sub(" ", name).capitalize())

    def parameter(self, name: str) -> str:
        """Return the label of a parameter of a query."""
        return self.or_else(f"parameter.{name}", self.column(name))

    def number(self, text: str) -> str:
        """Return a number in the format of the language."""
        return number(text, self.language)

    def date(self, text: str) -> str:
        """Return an EDTF date or interval in the format of the language."""
        return date(text, self.language)

    def figure(self, figure: FigureLike) -> str:
        """Return a figure with its comparator and unit.

        >>> from g60kg.web.views.pages.view_models import Figure
        >>> nearly = Figure("", None, "3000", None, "nearly", "NUM", None)
        >>> PageTexts("en").figure(nearly), PageTexts("zh").figure(nearly)
        ('nearly 3,000', '近3,000')
        """
        text = self.number(figure.number)
        if figure.upper is not None:
            text = f"{text}–{self.number(figure.upper)}"
        unit = self.or_else(f"unit.{figure.unit}", f"{{n}} {figure.unit}").format(n=text)
        return self.or_else(f"comparator.{figure.comparator}", "{n}").format(n=unit)


@cache
def page_texts(language: str) -> PageTexts:
    """Return the texts of a language; the English ones for an unknown language."""
    return PageTexts(language if language in LANGUAGES else "en")
