"""Labels that deceive readers or harm their software are reported when a file is added."""

from __future__ import annotations

import re
import sys

import pytest
from pyoxigraph import Literal, NamedNode

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.model.names import INVISIBLE, has_ink
from g60kg.namespaces import LABEL, PREFIXES
from g60kg.rdf.text_excerpt import NOT_XML
from g60kg.stores.local_store import LocalStore

HEAD = """\
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.mark.parametrize(
    ("label", "code"),
    [
        (r"\u200B", "LabelIsNotEmpty"),
        (r"\u200B\u2060\uFE0F", "LabelIsNotEmpty"),
        (r"\u3164", "LabelIsNotEmpty"),
        (r"\u0301\u0302", "LabelIsNotEmpty"),
        (r"\uE000\uE001", "LabelIsNotEmpty"),
        (r"\U0001D173\U0001D17A", "LabelIsNotEmpty"),
        (r"\uFFF9\U0001BCA0", "LabelIsNotEmpty"),
        *((f"a{mark}c", "LabelIsTrimmed") for mark in (r"\n", r"\u0085", r"\u2028", r"\u2029")),
        (r"Kuka\u3164", "NearName"),
        (r"\u115FKu\uFFA0ka", "NearName"),
        (r"Ku\U000E0100ka\u034F", "NearName"),
        (r"\u202Eevil", "ControlCharacter"),
        (r"a\u2066b", "ControlCharacter"),
        *((f"{mark}Blue", "ControlCharacter") for mark in (r"\u061C", r"\u200E", r"\u200F")),
        *((f"Bl{mark}ue", "ControlCharacter") for mark in (r"\u200B", r"\u2060", r"\uFFF9")),
        ("=cmd|' /C calc'!A0", "FormulaText"),
        ("﹦1+1", "FormulaText"),
        ("@SUM(1+1)", "FormulaText"),
        ("-2+3", "FormulaText"),
        ("＝1+1", "FormulaText"),
        (r";=1", "FormulaText"),
        (r"x;=1", "FormulaText"),
        (r"\u00A0=1", "FormulaText"),
        (r"\u200B=1", "FormulaText"),
        ("＋1+1", "FormulaText"),
        ("－2+3", "FormulaText"),
        ("＠SUM(1+1)", "FormulaText"),
    ],
)
def test_a_label_that_deceives_is_reported(store: LocalStore, label: str, code: str) -> None:
    text = f'{HEAD}id:sample-body a g60:Organization ;\n    rdfs:label "{label}"@en .\n'
    report = validate(store, [incoming_of(text.encode(), "sample.ttl", store)], texts={})
    assert (code, 5) in {(found.code, found.line) for found in report.findings}
    assert not report.conforms(strict=True)


@pytest.mark.parametrize("name", ["alternativeName", "hiddenLabel", "altLabel", "comment"])
@pytest.mark.parametrize("text", [r"\u200B\u2060", r"\u3164", r"\u0301", " ", ""])
def test_an_invisible_name_or_note_is_refused(store: LocalStore, name: str, text: str) -> None:
    prefix = {"alternativeName": "g60", "comment": "rdfs"}.get(name, "skos")
    skos = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    said = f'id:kuka-2 a g60:Enterprise ; rdfs:label "Blue"@en ; {prefix}:{name} "{text}"@en .\n'
    file = incoming_of((HEAD + skos + said).encode(), "sample.ttl", store)
    report = validate(store, [file], texts={})
    codes = {found.code for found in report.findings}
    assert ("InvisibleText" in codes) == (name != "comment" or text != "")


@pytest.mark.parametrize("label", ["騰訊", "騰讯"])
def test_a_traditional_form_of_a_name_is_reported(store: LocalStore, label: str) -> None:
    pytest.importorskip("opencc", reason="the extra `traditional` is not installed")
    text = f'{HEAD}id:sample-body a g60:Organization ; rdfs:label "Blue Rock"@en , "{label}"@zh .\n'
    report = validate(store, [incoming_of(text.encode(), "sample.ttl", store)], texts={})
    assert [found.code for found in report.findings] == ["NearName"]


def test_names_and_labels_have_the_same_invisible_characters(store: LocalStore) -> None:
    shape, pattern = PREFIXES["shape"] + "LabelIsNotEmpty", PREFIXES["sh"] + "pattern"
    (found,) = store.quads(NamedNode(shape), NamedNode(pattern))
    assert isinstance(found.object, Literal)
    visible = re.compile(found.object.value)
    marks = [one for one in map(chr, range(sys.maxunicode + 1)) if not NOT_XML.match(one)]
    assert [mark for mark in marks if has_ink(mark)] == list(filter(visible.match, marks))
    assert not any(has_ink(mark) for mark in marks if INVISIBLE.match(mark))


@pytest.mark.parametrize(
    "label", ["北杨", "+12.5 %", "-5", "－5", "A = B", "Zhang\u00adjiang", "㐂", "Wu\u0301x Vyq"]
)
def test_an_ordinary_label_is_not(store: LocalStore, label: str) -> None:
    text = f'{HEAD}id:sample-body a g60:Organization ;\n    rdfs:label "{label}"@en .\n'
    report = validate(store, [incoming_of(text.encode(), "sample.ttl", store)], texts={})
    assert [found.code for found in report.findings] == []


def test_a_name_of_two_scripts_is_no_second_chinese_label(store: LocalStore) -> None:
    sheet = (
        "# url: https://example.org/news/2400000001\nsubject,predicate,object,quote\n"
        "𠮷田 Instruments,a,Enterprise,\n𠮷田 Instruments,label@zh,吉田仪器,\n"
        "蓝岩,a,Enterprise,\n蓝岩,label@en,Blue Rock,\n"
    )
    read = incoming_of(sheet.encode(), "sample.csv", store)
    labels = {
        (quad.object.value, quad.object.language)  # type: ignore[union-attr]  # labels are texts
        for quad in read.quads
        if quad.predicate == LABEL and "Article" not in str(quad.object)
    }
    assert labels == {
        ("𠮷田 Instruments", "en"),
        ("吉田仪器", "zh"),
        ("蓝岩", "zh"),
        ("Blue Rock", "en"),
    }
