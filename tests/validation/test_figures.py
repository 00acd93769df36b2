"""Figures: units, periods and bases; which figures contradict each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import Literal, Quad

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import REFERENCE_PERIOD, entity, g60, graph_name, term
from g60kg.validation.report.findings import Status
from tests.validation.stated import (
    bare,
    codes,
    conflicts,
    figure_of,
    measured,
    named,
    observation,
    published,
    quads,
)

CONTRADICT = [("FiguresContradict", "warning")]
MAY_DIFFER = [("FiguresMayDiffer", "info")]
Part = dict[str, object]


PERCENT, KiloM, M, CCY_CNY, CCY_USD = (
    term(f"unit:{name}") for name in ("PERCENT", "KiloM", "M", "CCY_CNY", "CCY_USD")
)


def of(value: str, **parts: object) -> Part:
    return {"value": value, **parts}


#: Pairs of figures: measure, the parts of one, the parts of the other, and what the check finds.
PAIRS: dict[str, tuple[str, Part, Part, list[tuple[str, str]]]] = {
    "other numbers": ("gdp", of("40"), of("60"), CONTRADICT),
    "a goal of what is to be": ("phase-count", of("2"), of("3", status=g60("Goal")), CONTRADICT),
    "rounded": ("gdp", of("5460"), of("5500"), []),
    "cut off": (
        "gdp",
        of("407200000000", unit=CCY_CNY),
        of("407265000000", unit=CCY_CNY),
        MAY_DIFFER,
    ),
    "a percentage cut off": (
        "gdp-growth",
        of("-6.1", unit=PERCENT),
        of("-6.17", unit=PERCENT),
        MAY_DIFFER,
    ),
    "one digit in common": ("gdp", of("4", unit=CCY_CNY), of("4.9", unit=CCY_CNY), CONTRADICT),
    "the same digits of another size": (
        "gdp",
        of("40.72", unit=CCY_CNY),
        of("407.265", unit=CCY_CNY),
        CONTRADICT,
    ),
    "a count of the first digits": ("enterprise-count", of("1200"), of("1296"), CONTRADICT),
    "about": ("gdp", of("41"), of("40", comparator=g60("Approximately")), []),
    "nearly": ("gdp", of("2900"), of("3000", comparator=g60("Nearly")), []),
    "nearly is less": (
        "gdp",
        of("3000.1", comparator=g60("AtLeast")),
        of("3000", comparator=g60("Nearly")),
        CONTRADICT,
    ),
    "more than": ("gdp", of("500"), of("840", comparator=g60("GreaterThan")), CONTRADICT),
    "neighbouring counts": ("enterprise-count", of("8"), of("9"), CONTRADICT),
    "more than a count": (
        "enterprise-count",
        of("9"),
        of("9", comparator=g60("GreaterThan")),
        CONTRADICT,
    ),
    "less than a count": (
        "enterprise-count",
        of("9", comparator=g60("LessThan")),
        of("9"),
        CONTRADICT,
    ),
    "the next count": ("enterprise-count", of("11"), of("10", comparator=g60("GreaterThan")), []),
    "no count between": (
        "enterprise-count",
        of("9", comparator=g60("GreaterThan")),
        of("9", comparator=g60("LessThan")),
        CONTRADICT,
    ),
    "a count that ends in zero": ("enterprise-count", of("10"), of("9"), CONTRADICT),
    "a count of three digits": ("enterprise-count", of("150"), of("147"), CONTRADICT),
    "hundreds": ("enterprise-count", of("100"), of("97"), []),
    "thousands": ("enterprise-count", of("1200"), of("1198"), []),
    "a length that ends in zero": ("length", of("10", unit=KiloM), of("9", unit=KiloM), []),
    "billions": (
        "gdp",
        of("10000000000", unit=CCY_CNY),
        of("9970000000", unit=CCY_CNY),
        [],
    ),
    "about a small count": (
        "enterprise-count",
        of("10", comparator=g60("Approximately")),
        of("9"),
        [],
    ),
    "nearly a small count": ("enterprise-count", of("10", comparator=g60("Nearly")), of("9"), []),
    "more than a round count": (
        "enterprise-count",
        of("20", comparator=g60("GreaterThan")),
        of("20"),
        [],
    ),
    "more than a rounded count": (
        "enterprise-count",
        of("3000"),
        of("3000", comparator=g60("GreaterThan")),
        [],
    ),
    "rounded neighbours": ("enterprise-count", of("100"), of("200"), []),
    "rounded, not neighbours": ("enterprise-count", of("100"), of("300"), CONTRADICT),
    "more than a ratio": (
        "patents-per-10000",
        of("31"),
        of("31", comparator=g60("GreaterThan")),
        [],
    ),
    "neighbouring percentages": ("gdp-growth", of("8", unit=PERCENT), of("9", unit=PERCENT), []),
    "units of one dimension": ("length", of("40", unit=KiloM), of("40000", unit=M), []),
    "units that differ": ("length", of("40", unit=KiloM), of("62000", unit=M), CONTRADICT),
    "currencies": ("gdp", of("40", unit=CCY_CNY), of("60", unit=CCY_USD), []),
    "two periods": ("gdp", of("40"), of("60", period="2022"), []),
    "three quarters of a flow": ("gdp", of("40"), of("60", period="2021-01/2021-09"), []),
    "one period of a flow": ("gdp", of("40"), of("60", period="2021-01/2021-12"), CONTRADICT),
    "growth of three quarters": (
        "gdp-growth",
        of("4", unit=PERCENT),
        of("6", unit=PERCENT, period="2021-01/2021-09"),
        [],
    ),
    "three quarters of a stock": (
        "population",
        of("40"),
        of("60", period="2021-01/2021-09"),
        CONTRADICT,
    ),
    "one quarter": ("gdp", of("40"), of("60", period="2021-01/2021-03"), []),
    "a period missing": ("gdp", of("40"), of("60", period=None), MAY_DIFFER),
    "timeless": ("length", of("40", period=None), of("60", period=None), CONTRADICT),
    "timeless, a period missing": ("length", of("40"), of("60", period=None), MAY_DIFFER),
    "timeless, one period": ("length", of("40"), of("60"), CONTRADICT),
    "both periods missing": (
        "population",
        of("40", period=None),
        of("60", period=None),
        MAY_DIFFER,
    ),
    "timeless, two periods": ("length", of("40"), of("60", period="2001"), []),
    "a basis missing": ("gdp", of("40"), of("60", basis="constant prices"), MAY_DIFFER),
    "two bases": ("gdp", of("40", basis="x"), of("60", basis="y"), []),
    "one basis": ("gdp", of("40", basis="x"), of("60", basis="x"), CONTRADICT),
    "a goal": ("gdp", of("40"), of("60", status=g60("Goal")), []),
    "two goals": ("gdp", of("40", status=g60("Goal")), of("60", status=g60("Goal")), CONTRADICT),
    "categories": ("gdp", of("40"), of("60", categories=(entity("ai"),)), []),
    "areas": (
        "share-of-gdp",
        of("40", area=entity("china")),
        of("60", area=entity("shanghai")),
        [],
    ),
    "rankings": (
        "enterprise-count-rank",
        of("1", ranking=entity("one-list")),
        of("3", ranking=entity("another-list")),
        [],
    ),
    "mean growth over another period": (
        "enterprise-count-mean-annual-growth",
        of("40", period="2016/2020"),
        of("60", period="2017/2020"),
        [],
    ),
    "mean growth over one period": (
        "enterprise-count-mean-annual-growth",
        of("40", period="2016/2020"),
        of("60", period="2016-01/2020-12"),
        CONTRADICT,
    ),
    "periods of comparison": (
        "gdp-growth",
        of("40", compared_with="year-on-year"),
        of("60", compared_with="2019"),
        [],
    ),
    "a period of comparison missing": (
        "gdp-growth",
        of("40"),
        of("60", compared_with="year-on-year"),
        MAY_DIFFER,
    ),
    "the year before": (
        "gdp-growth",
        of("40", compared_with="2020"),
        of("60", compared_with="year-on-year"),
        CONTRADICT,
    ),
    "the quarter of the year before": (
        "gdp-growth",
        of("40", period="2021-01/2021-03", compared_with="2020-01/2020-03"),
        of("60", period="2021-01/2021-03", compared_with="year-on-year"),
        CONTRADICT,
    ),
    "an area missing": ("share-of-gdp", of("40"), of("60", area=entity("china")), MAY_DIFFER),
    "an area that differs and a basis missing": (
        "share-of-gdp",
        of("40", area=entity("shanghai"), basis="x"),
        of("60", area=entity("china")),
        [],
    ),
    "compared with an area, and with a year": (
        "gdp-growth-change",
        of("40", area=entity("china")),
        of("60", compared_with="year-on-year"),
        [],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_of_figures(name: str) -> None:
    measure, one, other, expected = PAIRS[name]
    before = bare(stating("one", measure, one))
    assert codes(conflicts(before, stating("two", measure, other))) == expected


def stating(source: str, measure: str, parts: Part) -> list[Quad]:
    """A figure of 2021 with some other parts, as a source of that year states it."""
    figure = replace(observation("x", measure, 0), **{"period": "2021", **parts})  # type: ignore[arg-type]
    figure = figure if figure.period else replace(figure, source=source)
    return [*figure_of(source, figure), published(source, "2021")]


@pytest.mark.parametrize(
    ("dates", "expected"), [(["2022-12"], CONTRADICT), (["2023"], MAY_DIFFER), ([], MAY_DIFFER)]
)
def test_a_plan_can_be_revised_after_a_year(
    dates: list[str], expected: list[tuple[str, str]]
) -> None:
    def length(source: str, number: int, dates: list[str]) -> list[Quad]:
        figure = measured(source, "x", "length", number, unit="KiloM", status=g60("Planned"))
        return [*figure, *(published(source, date) for date in dates)]

    before = bare(length("one", 40, ["2021"]))
    assert codes(conflicts(before, length("two", 60, dates))) == expected


def test_figures_of_one_source_are_a_violation() -> None:
    before = bare(measured("one", "x", "gdp", 40, period="2021"))
    for other, expected in (("60", [("FiguresContradict", "violation")]), ("40", [])):
        approximate = measured("one", "x", "gdp", other, "Approximately", period="2021")
        assert codes(conflicts(before, approximate)) == expected


def lengths(number: str, *sources: str) -> list[Quad]:
    """A length without a period, of which each source has its own node."""
    return [quad for one in sources for quad in measured(one, "x", "length", number, unit="KiloM")]


SOURCES = tuple(f"s{n}" for n in range(10, 35))


@pytest.mark.parametrize("existing", [True, False])
def test_a_rival_of_a_figure_of_many_sources_is_reported_once(existing: bool) -> None:
    many, rival = lengths("40", *SOURCES), lengths("60", "two")
    before, added = (bare(many), rival) if existing else (bare(rival), many)
    (finding,) = conflicts(before, added)
    assert codes([finding]) == CONTRADICT
    assert "Article s10: “Exactly 40 KiloM”; Article s11: " in finding.message
    assert "and 22 more" in finding.message
    assert finding.message.count("length 40 km") == finding.message.count("length 60 km") == 1


def test_one_more_source_of_a_figure_in_conflict_is_quoted() -> None:
    before = bare(lengths("40", *SOURCES), lengths("60", "two"))
    (finding,) = conflicts(before, lengths("40", "z"))
    assert (codes([finding]), finding.status) == (CONTRADICT, Status.INTRODUCED)
    assert "Article z: “Exactly 40 KiloM”; and 23 more" in finding.message


def test_a_source_of_both_figures_contradicts_itself() -> None:
    (finding,) = conflicts(bare(lengths("40", *SOURCES)), lengths("60", "s20"))
    assert codes([finding]) == [("FiguresContradict", "violation")]
    assert finding.message == (
        "One source contradicts itself on id:x: length 60 km (Article s20: “Exactly 60 KiloM”), "
        "but length 40 km (Article s20: “Exactly 40 KiloM”)."
    )


def test_figures_of_two_subjects_are_no_conflict() -> None:
    before = bare(measured("one", "x", "gdp", 40, period="2021"))
    assert conflicts(before, measured("two", "y", "gdp", 60, period="2021")) == ()


def test_messages_show_figures_as_text() -> None:
    before = bare(
        named("one", "ai", "Industry", en="artificial intelligence"),
        measured("one", "ai", "enterprise-count", 84000, "GreaterThan", period="2021"),
    )
    added = measured("two", "ai", "enterprise-count", 500, period="2021")
    (finding,) = conflicts(before, added)
    assert finding.message == (
        "Sources contradict each other on artificial intelligence: "
        "number of enterprises 500, 2021 (Article two: “Exactly 500 NUM 2021”), "
        "but number of enterprises greater than 84,000, 2021 "
        "(Article one: “GreaterThan 84000 NUM 2021”)."
    )


def test_a_period_added_to_a_figure_ends_its_conflict() -> None:
    figure = replace(observation("c", "population", 300), source="two")
    before = bare(
        measured("one", "c", "population", 100, period="2016"),
        measured("two", "c", "population", 300),
    )
    added = [Quad(figure.iri, REFERENCE_PERIOD, Literal("2023"), graph_name("two"))]
    (finding,) = conflicts(before, added)
    assert (finding.code, finding.status) == ("FiguresMayDiffer", Status.FIXED)
    assert quads("two", figure.triples())


def test_what_is_computed_from_a_flow_is_a_flow() -> None:
    measures = Vocabulary(bare()).measures
    growth = {g60("Growth"), g60("MeanAnnualGrowth")}
    for measure in measures.values():
        base = measures.get(measure.base.value) if measure.base else None
        if measure.statistic in growth or (base is not None and base.flow):
            assert measure.flow, measure.name
        assert not (measure.flow and measure.timeless), measure.name
