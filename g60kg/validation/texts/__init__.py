"""Texts of the checks and their reports, one YAML file for each language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from g60kg.model.names import LANGUAGES


@cache
def check_texts(section: str, language: str) -> dict[str, str]:
    """Return the texts of a section by key, in English for an unknown language.

    >>> check_texts("known terms", "zh")["property"]
    '本体中没有属性 {term}。'
    """
    return _sections(language if language in LANGUAGES else LANGUAGES[0])[section]


@cache
def _sections(language: str) -> dict[str, dict[str, str]]:
    text = files(__name__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)
    return loaded
