"""Texts of the pages, one YAML file for each language, and the formats of figures and dates."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from g60kg import package_data
from g60kg.model.dates import date_text
from g60kg.model.i18n.message_catalog import chinese
from g60kg.model.locator_texts import locator_text
from g60kg.model.names import LANGUAGES
from g60kg.model.observations import Observation
from g60kg.namespaces import local_name

#: The columns whose values are listed: local names of terms, and those of parts of a profile.
_LISTED: Final = frozenset(
    ("comparator", "direction", "language", "modality", "reference", "section", "status")
)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def table(language: str) -> dict[str, str]:
    """Return all texts of ``en`` or ``zh``, by key."""
    return package_data.mapping(f"model/i18n/{language}.yaml")


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The texts of one language, ``en`` or ``zh``."""

    language: str

    def __call__(self, key: str, /, **given: object) -> str:
        """Return a text with its placeholders filled; KeyError if the key or a value is missing."""
        return table(self.language)[key].format(**given)

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the text of a key, placeholders unfilled; ``otherwise`` for an unknown key."""
        return table(self.language).get(key, otherwise)

    def message(self, text: str) -> str:
        """Return a message, which is in English, in the language.

        >>> PageTexts("zh").message("The query is too long.")
        '查询过长。'
        """
        return chinese(text) if self.language == "zh" else text

    def counted(self, key: str, count: int) -> str:
        """Return a count with its noun.

        >>> PageTexts("en").counted("companies", 1), PageTexts("zh").counted("companies", 2)
        ('1 enterprise', '2家企业')
        """
        return self(f"{key}.{'one' if count == 1 else 'other'}", n=f"{count:,}")

    def column(self, name: str) -> str:
        """Return the heading of a column.

        A column of evidence begins with ``evidence`` if the query has a column of the same name. A
        column without a text has its name as the heading, with its words apart.

        >>> PageTexts("en").column("evidenceModality"), PageTexts("zh").column("evidenceDate")
        ('Evidence modality', '依据的日期')
        """
        of_evidence = name.removeprefix("evidence")
        if of_evidence[:1].isupper():
            return self("column.of-evidence", name=self.column(of_evidence.lower())).capitalize()
        return self.or_else(f"column.{name}", _HUMP.sub(" ", name).capitalize())

    def value(self, column: str, text: str) -> str:
        """Return the local names, separated by ``;``, or the locator in a column as text.

        Any other text is unchanged. A locator is, for example, "paragraph 1".

        >>> PageTexts("zh").value("modality", "Derived;Goal")
        '整理者推断；目标，尚未实现'
        """
        if column == "locator":
            return locator_text(text, self.language)
        if column not in _LISTED:
            return text
        return self("list.semicolon").join(map(self._listed, text.split(";")))

    def _listed(self, name: str) -> str:
        texts = table(self.language)
        keys = (f"value.{name}", f"modality.{name.lower()}", f"language.{name}")
        return next((texts[key] for key in keys if key in texts), name)

    def parameter(self, name: str) -> str:
        """Return the label of a parameter of a query, by default the heading of such a column."""
        return self.or_else(f"parameter.{name}", self.column(name))

    def number(self, text: str) -> str:
        """Return a number in the format of the language; any other text unchanged."""
        return number(text, self.language)

    def date(self, text: str) -> str:
        """Return an EDTF date or interval as text; any other text unchanged."""
        return date_text(text, self.language)

    def figure(self, figure: Observation) -> str:
        """Return a figure with its comparator and unit.

        >>> from decimal import Decimal
        >>> from g60kg.namespaces import g60, term
        >>> PageTexts("en").figure(Observation(None, Decimal(1), None, term("unit:HR")))
        '1 hour'
        >>> nearly = Observation(None, Decimal(3000), g60("Nearly"), term("unit:NUM"))
        >>> PageTexts("en").figure(nearly), PageTexts("zh").figure(nearly)
        ('nearly 3,000', '近3,000')
        """
        text = self._number_of(figure)
        name = local_name(figure.unit.value) if figure.unit else ""
        with_unit = self.or_else(f"unit.{name}", f"{{n}} {name}").format(n=text)
        return self._bounded(figure, with_unit.removesuffix("s") if text == "1" else with_unit)

    def figure_without_unit(self, figure: Observation) -> str:
        """Return a figure with its comparator, and without its unit."""
        return self._bounded(figure, self._number_of(figure))

    def _number_of(self, figure: Observation) -> str:
        text = "" if figure.number is None else self.number(f"{figure.number:f}")
        if figure.upper is not None:
            text = f"{text}–{self.number(f'{figure.upper:f}')}"
        return figure.fraction or text

    def _bounded(self, figure: Observation, text: str) -> str:
        relation = local_name(figure.comparator.value) if figure.comparator else ""
        key = f"comparator.{relation[:1].lower()}{relation[1:]}"
        return self.or_else(key, "{n}").format(n=text)


@cache
def page_texts(language: str) -> PageTexts:
    """Return the texts of a language; the English ones for an unknown language."""
    return PageTexts(language if language in LANGUAGES else "en")


#: The scale words of each language, the largest first: value, word, most decimals before it.
_SCALES: Final = {
    "en": ((Decimal(10) ** 9, " billion", 3), (Decimal(10) ** 6, " million", 2)),
    "zh": ((Decimal(10) ** 8, "亿", 2), (Decimal(10) ** 4, "万", 2)),
}
#: Numbers with more digits before the decimal point than this are not formatted.
_DIGITS: Final = 24


def number(text: str, language: str) -> str:
    """Return a number with a scale word if 2 decimals suffice (3 for billions), else grouped.

    Any other text, and a number of more than 25 digits before the point, are unchanged.

    >>> number("57920000", "en"), number("57920000", "zh"), number("3000", "zh")
    ('57.92 million', '5,792万', '3,000')
    >>> number("407265000000", "en"), number("407265000000", "zh")
    ('407.265 billion', '4,072.65亿')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or value.adjusted() > _DIGITS:
        return text
    for scale, word, decimals in _SCALES[language]:
        scaled = value / scale
        if abs(scaled) >= 1 and scaled == round(scaled, decimals):
            return f"{_plain(scaled)}{word}"
    return _plain(value)


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
