"""Pages of observations and of measures: figures in words, with their sources."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import cast

import pytest

from g60kg.web.views.pages import home_page
from g60kg.web.views.pages.view_models import FactModel, TermModel
from tests.web.reading_pages import Element, page

NEARLY = "/id/observation-biopharmaceuticals-enterprise-count-03905c4c2b05.html"
GOAL = "/id/observation-biopharmaceutical-cluster-industry-scale-447f129802ae.html"
ZONES = "professional innovation area"


def details(root: Element) -> dict[str, str]:
    """The details of a page by their headings."""
    return {one.one("dt").text: one.one("dd").text for one in root.one("dl").all("div")}


@pytest.mark.parametrize(
    ("path", "language", "heading"),
    [
        (NEARLY, "en", "biopharmaceuticals: number of enterprises: nearly 3,000, July 2023"),
        (NEARLY, "zh", "生物制药：企业数量：近3,000，2023年7月"),
        (
            GOAL,
            "en",
            "Biopharmaceutical cluster: scale of an industry: "
            "more than 100 billion yuan (goal), as published 11 July 2023",
        ),
    ],
)
def test_a_figure_has_a_heading_in_words(
    path: str, language: str, heading: str, server: str
) -> None:
    root = page(server, path, language)
    assert root.one("h1").text == heading
    assert root.one("title").text.startswith(heading)


def test_a_figure_has_its_details_and_evidence(server: str) -> None:
    root = page(server, GOAL)
    found = details(root)
    assert found["Value"] == "more than 100 billion yuan"
    assert found["Comparison"] == "greater than"
    assert found["Unit"] == "yuan"
    assert found["Equivalent"] == "about US$13.8 billion"
    assert found["Period"] == "not stated; as published 11 July 2023"
    assert found["Status"] == "goal"
    stated = root.one("section", **{"aria-labelledby": "words"})
    assert stated.one("h2").text == "Stated in 1 fact"
    assert "100 billion yuan" in stated.one("blockquote").text
    assert "grade A" in stated.text
    assert "SHINE" in stated.one("figcaption").text
    assert details(page(server, NEARLY))["Basis"] == "in the region"


def test_a_figure_leads_to_its_trend_and_comparison(server: str) -> None:
    root = page(server, GOAL)
    for link in ("How it developed", "Compare with others"):
        answer = page(server, root.link(link))
        assert "more than 100 billion yuan" in answer.one("tbody").text
        assert "goal" in answer.one("tbody").text


def test_a_limited_figure_names_its_category(server: str) -> None:
    measure = page(server, "/measure/zone-count.html")
    members = measure.one("section", **{"aria-labelledby": "figures"}).all("li")
    assert {one.text.replace(" :", ":") for one in members} == {
        f"Songjiang: 6 ({ZONES}) (as published 11 July 2023)",
        "Songjiang: 3 (comprehensive innovation area) (as published 11 July 2023)",
    }
    figure = page(server, next(one for one in members if ZONES in one.text).links()[1])
    assert figure.one("h1").text.startswith(f"Songjiang: number of zones ({ZONES}): 6")
    assert details(figure)["Category"] == ZONES
    compared = page(server, figure.link("Compare with others"))
    assert len(compared.one("tbody").all("tr")) == 1


def test_a_measure_lists_its_figures(complete_server: str) -> None:
    root = page(complete_server, "/measure/enterprise-count.html")
    figures = root.one("section", **{"aria-labelledby": "figures"})
    assert len(figures.all("li")) == 20
    assert int(figures.one("span", class_="count").text) > 20
    assert "only the first" in figures.text
    assert "No source states a fact" not in root.text
    assert page(complete_server, figures.link("Everything as a table")).all("tbody")


def test_an_equivalent_is_on_the_page_of_an_entity_once(server: str) -> None:
    root = page(server, "/id/biopharmaceutical-cluster.html")
    values = [one.text for one in root.all("p", class_="value")]
    assert [text.count("US$13.8 billion") for text in values if "US$13.8" in text] == [1]
    (value,) = (one for one in root.all("p", class_="value") if "US$13.8" in one.text)
    assert "more than 100 billion yuan" in value.text
    equivalent = page(server, value.link("about US$13.8 billion"))
    assert equivalent.one("section", **{"aria-labelledby": "words"}).one("blockquote").text


def test_a_measure_has_its_figures_by_time_and_a_chart(complete_server: str) -> None:
    root = page(complete_server, "/measure/share-of-gdp.html")
    section = root.one("section", **{"aria-labelledby": "figures"})
    figures = [one.text for one in section.one("ul").all("li")]
    years = [int((re.findall(r"\b20[0-9]{2}\b", one) or [0])[-1]) for one in figures]
    assert len(years) > 5
    assert years == sorted(years, reverse=True)
    assert any("as published" in one for one in figures)
    assert len(section.all("svg", class_="chart")) == 1
    # Several subjects have no common development.
    assert not page(complete_server, "/measure/gdp.html").all("svg", class_="chart")


@pytest.mark.parametrize(
    ("dates", "first"), [(("", "2021-05", None, "2020"), "2020"), ((None,), ""), ((), "")]
)
def test_a_figure_without_a_period_has_the_first_known_date_of_its_sources(
    dates: tuple[str | None, ...], first: str
) -> None:
    quotes = [SimpleNamespace(source=SimpleNamespace(date=date)) for date in dates]
    fact = cast(FactModel, SimpleNamespace(quotes=quotes))
    assert home_page._period(TermModel("nine"), fact) == first
