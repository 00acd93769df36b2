"""Texts of the checks and their reports: one YAML file for each language, and one for the codes."""

from functools import cache
from typing import Any

from g60kg import package_data
from g60kg.model.names import LANGUAGES


def check_texts(section: str, language: str) -> dict[str, str]:
    """Return the texts of a section of a language's file by key.

    They are in English if the language is unknown.

    >>> check_texts("known terms", "zh")["property"]
    '本体中没有属性 {term}。'
    """
    found: dict[str, str] = read(language if language in LANGUAGES else LANGUAGES[0])[section]
    return found


@cache
def read(name: str) -> dict[str, dict[str, Any]]:
    """Return the content of the file of a language, or of the file ``codes``, by section."""
    return package_data.mapping(f"validation/texts/{name}.yaml")
