"""`/api/ask` and the page `/ask`: the answer to a question, or the nearest ready questions."""

from __future__ import annotations

from urllib.parse import quote

import jsonschema
import pytest

from g60kg.web.routes.api.openapi_document import document
from tests.web.asking import get
from tests.web.reading_pages import page

QUESTION = "Which projects are in Songjiang?"
WEATHER = "What is the weather in Hangzhou?"


@pytest.mark.parametrize("question", [QUESTION, WEATHER, "松江有哪些项目", "深圳有哪些企业"])
def test_the_api_answers_as_it_is_described(question: str, server: str) -> None:
    answer = get(f"{server}/api/ask?q={quote(question)}&evidence=true")
    assert answer.status_code == 200
    described = document("")
    schema = {"$ref": "#/components/schemas/Asked", "components": described["components"]}
    jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)
    assert answer.json()["meta"]["question"] == question


def test_the_api_has_the_rows_and_the_reading(server: str) -> None:
    asked = get(f"{server}/api/ask?q={quote(QUESTION)}&limit=2")
    run = get(f"{server}/api/queries/projects?city=Songjiang&limit=2").json()
    assert asked.json()["results"] == run["results"]
    assert asked.json()["meta"]["parameters"] == {"city": "id:songjiang"}
    assert asked.headers["G60kg-Complete"] == "false"
    assert "offset=2" in asked.headers["Link"]


def test_the_api_says_why_a_question_is_not_understood(server: str) -> None:
    body = get(f"{server}/api/ask?q={quote(WEATHER)}&lang=zh").json()
    assert body.keys() == {"meta"}
    assert body["meta"]["understood"] is False
    assert "图谱没有这方面的内容" in body["meta"]["reason"]


@pytest.mark.parametrize("parameters", ["", "q=", "q=%20", "q=x&text=y", "q=" + "x" * 401])
def test_the_api_needs_one_question(parameters: str, server: str) -> None:
    assert get(f"{server}/api/ask?{parameters}").status_code == 400


@pytest.mark.parametrize("path", ["/companies", "/", "/id/songjiang.html"])
def test_the_search_box_of_a_page_asks(path: str, server: str) -> None:
    form = page(server, path).one("form", role="search")
    assert form.attributes["action"] == "/ask"
    assert form.one("input").attributes["name"] == "q"


def test_the_page_shows_the_reading_the_table_and_other_readings(server: str) -> None:
    root = page(server, f"/ask?q={quote(QUESTION)}")
    links = [one.attributes["href"] for one in root.one("main").all("a")]
    assert "/queries/projects?city=id%3Asongjiang" in links
    assert "Understood as:" in root.one("main").text
    assert "Haier Zhigu" in root.one("table").text
    assert any(link.startswith("/queries/") and "projects" not in link for link in links)
    assert "Or did you mean" in root.one("main").text


def test_the_page_shows_the_quotations_of_the_rows(server: str) -> None:
    root = page(server, f"/ask?q={quote(QUESTION)}")
    link = next(
        one.attributes["href"]
        for one in root.one("main").all("a")
        if "evidence=true" in one.attributes["href"] and "/ask" in one.attributes["href"]
    )
    assert page(server, link).one("blockquote").text


def test_the_page_of_a_question_not_understood_helps(server: str) -> None:
    root = page(server, f"/ask?q={quote('projects in Kukaland')}")
    text = root.one("main").text
    assert "Not understood." in text
    assert "Kukaland" in root.one("p", role="alert").text
    assert "The nearest ready questions" in text
    assert "Names with this text" in text


def test_the_page_is_wholly_in_chinese(server: str) -> None:
    text = page(server, f"/ask?q={quote('松江有哪些项目')}", "zh").one("main").text
    assert "理解为：" in text
    assert "海尔智谷" in text
