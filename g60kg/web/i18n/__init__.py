"""Texts of the pages, one YAML file for each language, and the formats of figures and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from g60kg.model.observations import Observation
from g60kg.namespaces import local_name
from g60kg.web.i18n.number_text import date, number

LANGUAGES: Final = ("en", "zh")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


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

    def figure(self, figure: Observation) -> str:
        """Return a figure with its comparator and unit.

        >>> from decimal import Decimal
        >>> from g60kg.namespaces import g60, term
        >>> nearly = Observation(Decimal(3000), g60("LessThan"), term("unit:NUM"), None)
        >>> PageTexts("en").figure(nearly), PageTexts("zh").figure(nearly)
        ('less than 3,000', '不到3,000')
        """
        text = "" if figure.number is None else self.number(f"{figure.number:f}")
        name = local_name(figure.unit.value) if figure.unit else ""
        unit = self.or_else(f"unit.{name}", f"{{n}} {name}").format(n=text)
        relation = local_name(figure.comparator.value) if figure.comparator else ""
        key = f"comparator.{relation[:1].lower()}{relation[1:]}"
        return self.or_else(key, "{n}").format(n=unit)


@cache
def page_texts(language: str) -> PageTexts:
    """Return the texts of a language; the English ones for an unknown language."""
    return PageTexts(language if language in LANGUAGES else "en")
