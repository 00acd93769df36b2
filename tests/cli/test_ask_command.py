"""`ask`: answers, explanations and refusals on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import g60kg

QUESTION = "Which projects are in Songjiang?"


def test_the_answer_is_on_stdout_and_its_reading_on_stderr() -> None:
    done = g60kg("ask", QUESTION)
    assert done.returncode == 0
    assert "Haier Zhigu" in done.stdout
    assert "Understood as: query run projects -p city=id:songjiang" in done.stderr
    assert done.stdout == g60kg("query", "run", "projects", "-p", "city=id:songjiang").stdout


def test_a_question_can_be_several_arguments() -> None:
    assert g60kg("ask", *QUESTION.split()).stdout == g60kg("ask", QUESTION).stdout


def test_json_has_the_reading_as_meta() -> None:
    printed = json.loads(g60kg("ask", QUESTION, "-f", "json", "--evidence").stdout)
    meta = printed.pop("meta")
    run = json.loads(
        g60kg("query", "run", "projects", "-p", "city=Songjiang", "-f", "json", "--evidence").stdout
    )
    del run["meta"]
    assert printed == run
    alternatives = meta.pop("alternatives")
    assert 0.5 < meta.pop("score") <= 1
    assert meta == {
        "question": QUESTION,
        "understood": True,
        "query": "projects",
        "parameters": {"city": "id:songjiang"},
        "complete": True,
    }
    assert len(alternatives) <= 2
    assert all(one.keys() == {"query", "parameters", "score"} for one in alternatives)


def test_a_limit_makes_the_answer_incomplete() -> None:
    done = g60kg("ask", QUESTION, "-f", "json", "--limit", "1")
    printed = json.loads(done.stdout)
    assert len(printed["results"]["bindings"]) == 1
    assert printed["meta"]["complete"] is False


def test_explain_runs_nothing() -> None:
    done = g60kg("ask", "--explain", QUESTION)
    assert "query run projects -p city=id:songjiang" in done.stdout
    assert "Haier" not in done.stdout
    explained = json.loads(g60kg("ask", "--explain", QUESTION, "-f", "json").stdout)
    answered = json.loads(g60kg("ask", QUESTION, "-f", "json").stdout)["meta"]
    del answered["complete"]
    assert explained == {"meta": answered}


def test_a_reading_does_not_depend_on_the_seed_of_hashes() -> None:
    question = "How did the corridor's share of GDP develop?"
    seeds = ({"PYTHONHASHSEED": seed} for seed in ("0", "1", "2"))
    found = {g60kg("ask", "--explain", question, "-f", "json", env=seed).stdout for seed in seeds}
    assert len(found) == 1


@pytest.mark.parametrize("explain", [(), ("--explain",)])
def test_what_is_not_understood_exits_with_1(explain: tuple[str, ...]) -> None:
    done = g60kg("ask", *explain, "What is the weather in Hangzhou?", "-f", "json")
    assert done.returncode == 1
    printed = json.loads(done.stdout)
    assert printed.keys() == {"meta"}
    assert printed["meta"].keys() == {"question", "understood", "reason", "alternatives"}
    assert printed["meta"]["understood"] is False
    assert "weather" in printed["meta"]["reason"]


def test_the_reason_is_on_stderr_and_in_the_language_asked_for() -> None:
    done = g60kg("--lang", "zh", "ask", "杭州的天气")
    assert (done.returncode, done.stdout) == (1, "")
    assert "图谱没有这方面的内容" in done.stderr
    assert "天气" in done.stderr


def test_the_answer_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    assert g60kg("ask", "松江有哪些项目", "--lang", "zh", "-o", file).stdout == ""
    assert "海尔智谷" in file.read_text(encoding="utf-8")


def test_a_printed_reading_can_be_run_again() -> None:
    done = g60kg("ask", "search for smart electric")
    assert "-p 'text=smart electric'" in done.stderr


def test_rows_without_statements_come_without_evidence() -> None:
    done = g60kg("ask", "Which sources are used?", "--evidence", "-f", "json")
    assert done.returncode == 0
    assert "evidence" not in json.loads(done.stdout)


def test_rows_that_a_limit_cuts_off_are_reported() -> None:
    done = g60kg("ask", "Which projects are in Songjiang?", "--limit", "2", "-f", "csv")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3
    assert "Rows 1–2; more exist." in done.stderr


def test_a_question_in_another_language_is_refused_with_the_known_languages() -> None:
    done = g60kg("ask", "Welche Unternehmen bauen Halbleiter?")
    assert done.returncode == 1
    assert "Ask in English or Chinese." in done.stderr
