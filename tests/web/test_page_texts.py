"""Texts of the pages in both languages; formats of figures and dates."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

import g60kg.web
from g60kg import package_data
from g60kg.model.i18n import page_texts, table
from g60kg.model.names import is_chinese
from g60kg.model.observations import Observation
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import g60, local_name, term
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore

TEMPLATES = Path(g60kg.web.__file__).parent / "templates"
EN, ZH = table("en"), table("zh")
#: Texts that are the same in both languages.
SAME = re.compile(
    r"form\.|nav/sparql|site\.api|comparator\.(exactly|between)|unit\.NUM|unit\.FRACTION|unit\.PERCENT|sparql\.title"
    r"|check\.kind\.turtle|unit(-name)?\.(Peta|Exa)FLOPS"
)


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    assert sorted(EN) == sorted(ZH)
    differing = [key for key in EN if placeholders(EN[key]) != placeholders(ZH[key])]
    assert differing == []


def test_each_text_is_in_its_language() -> None:
    assert [key for key, text in EN.items() if is_chinese(text) and "search" not in key
            and "home.examples" not in key] == []  # fmt: skip
    untranslated = [
        key
        for key, text in ZH.items()
        if text == EN[key] and not SAME.match(key) and re.search("[a-z]", text)
    ]
    assert untranslated == []


def test_keys_of_the_templates_are_in_the_tables() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    asked = set(re.findall(r"""\bt\(['"]([\w./-]+)['"][,)]""", text))
    assert len(asked) > 100
    assert sorted(asked - set(EN)) == []
    counted = set(re.findall(r"""t\.counted\(['"](\w+)['"]""", text))
    assert sorted({f"{key}.one" for key in counted} - set(EN)) == []


def test_each_query_has_chinese_texts() -> None:
    catalog = load_catalog()
    assert all(is_chinese(text) for query in catalog.values() for text in query.texts("zh"))
    columns = {column for query in catalog.values() for column in query.columns}
    assert sorted(columns - {key.removeprefix("column.") for key in EN}) == []
    topics = {query.topic for query in catalog.values()}
    assert sorted(topic for topic in topics if f"topic.{topic}" not in EN) == []
    parameters = {one.name for query in catalog.values() for one in query.parameters}
    keys = {key.partition(".")[2] for key in EN if key.startswith(("column.", "parameter."))}
    assert sorted(parameters - keys) == []


def test_each_modality_comparator_and_unit_has_a_text(store: LocalStore) -> None:
    vocabulary = Vocabulary(store)
    kinds = ("Voice", "FactStatus", "Wording", "Origin")
    modes = {"asserted"} | {
        local_name(iri).lower() for kind in kinds for iri in members(store, kind)
    }
    bounds = {local_name(iri) for iri in members(store, "Comparator")}
    units = {
        local_name(unit.value) for known in vocabulary.measures.values() for unit in known.units
    }
    asked = {f"modality.{name}" for name in modes} | {f"modality.{name}.means" for name in modes}
    asked |= {f"comparator.{name[0].lower()}{name[1:]}" for name in bounds}
    asked |= {f"unit.{name}" for name in units} | {f"unit-name.{name}" for name in units}
    assert len(modes) == 11
    assert sorted(asked - set(EN)) == []


def members(store: LocalStore, kind: str) -> list[str]:
    quads = store.quads(None, None, g60(kind))
    return [str(quad.subject)[1:-1] for quad in quads if quad.predicate.value.endswith("#type")]


@pytest.mark.parametrize(
    ("figure", "english", "chinese"),
    [
        (("57920000", "approximately", "NUM"), "about 57.92 million", "约5,792万"),
        (("3000", "lessThan", "NUM"), "less than 3,000", "不到3,000"),
        (("3000", "nearly", "NUM"), "nearly 3,000", "近3,000"),
        (("1/24", "exactly", "FRACTION"), "1/24", "1/24"),
        (("100000000000", "greaterThan", "CCY_CNY"), "more than 100 billion yuan", "超过1,000亿元"),
        (("13800000000", "exactly", "CCY_USD"), "US$13.8 billion", "138亿美元"),
        (("76200", "exactly", "KiloM2"), "76,200 km²", "7.62万平方公里"),
        (("95", "atLeast", "PERCENT"), "at least 95%", "至少95%"),
        (("0.5", "atMost", "FURLONG"), "at most 0.5 FURLONG", "至多0.5 FURLONG"),
        (("1234567", "exactly", "NUM"), "1,234,567", "1,234,567"),
        (("-20000", "exactly", "NUM"), "-20,000", "-2万"),
    ],
)
def test_figures_are_formatted_in_each_language(
    figure: tuple[str, str, str], english: str, chinese: str
) -> None:
    number, comparator, unit = figure
    shown = Observation(
        measure=None,
        number=None if "/" in number else Decimal(number),
        comparator=g60(comparator[0].upper() + comparator[1:]),
        unit=term(f"unit:{unit}"),
        fraction=number if "/" in number else None,
    )
    assert (page_texts("en").figure(shown), page_texts("zh").figure(shown)) == (english, chinese)


@pytest.mark.parametrize(
    ("edtf", "english", "chinese"),
    [
        ("2018", "2018", "2018年"),
        ("2023-06", "June 2023", "2023年6月"),
        ("2023-07-11", "11 July 2023", "2023年7月11日"),
        ("2016/..", "since 2016", "2016年以来"),
        ("2021/2025", "2021 to 2025", "2021年至2025年"),
        ("2023-13", "2023-13", "2023-13"),
        ("../2025", "../2025", "../2025"),
        ("2016/soon", "2016/soon", "2016/soon"),
    ],
)
def test_times_are_formatted_in_each_language(edtf: str, english: str, chinese: str) -> None:
    assert (page_texts("en").date(edtf), page_texts("zh").date(edtf)) == (english, chinese)


def test_an_unknown_language_is_english() -> None:
    assert page_texts("fr").language == "en"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_key_occurs_once(language: str) -> None:
    text = package_data.file_text(f"model/i18n/{language}.yaml")
    keys = re.findall(r"^([^\s#'].*?): ", text, re.MULTILINE)
    assert len(keys) > 400
    assert [key for key, count in Counter(keys).items() if count > 1] == []
