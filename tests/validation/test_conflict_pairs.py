"""The query ``conflicts`` and the check find the same pairs of figures, dates and lists."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations_with_replacement

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions

from g60kg.model.change import Change
from g60kg.model.dates import days_meet, periods_agree
from g60kg.model.iri_minting import NewObservation
from g60kg.model.observations import read_observation
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import entity, g60, term
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.conflicts.candidates import Side, conflict_candidates
from g60kg.validation.checks.conflicts.differences import list_conflicts, value_conflicts
from tests.conftest import text_of
from tests.graphs import ROOT
from tests.validation.stated import bare, figure_of, members, observation, stated, year

#: Measures with units in which their figures are compared.
MEASURES = {
    "length": ("KiloM", "M"),
    "gdp": ("CCY_CNY", "CCY_USD"),
    "share-of-gdp": ("PERCENT", "FRACTION"),
    "natural-population-growth-rate": ("PERCENT", "PERMILLE"),
    "gdp-growth": ("PERCENT",),
    "enterprise-count-mean-annual-growth": ("PERCENT",),
    "enterprise-count": ("NUM",),
    "phase-count": ("NUM",),
}
NUMBERS = (
    *("0", "9", "10", "10.0", "40", "41", "42", "45", "10.9", "10.95", "13.8", "44200", "44150"),
    *("40000", "-2.5", "-10", "100", "97", "150", "147", "990", "1200", "1198"),
)
FRACTIONS = (("1/24", "0.041666666667"), ("1/2", "0.5"), ("2/3", "0.666666666667"))
COMPARATORS = (
    *("Exactly", "Exactly", "Exactly", "Approximately", "Nearly"),
    *("LessThan", "GreaterThan", "AtLeast", "AtMost"),
)
PERIODS = (
    *(None, "2021", "2021", "2021", "2021-01/2021-09", "2021-01/2021-03", "2021-03", "2021~"),
    *(
        "2018/..",
        "2019/..",
        "../2017",
        "../2016",
        "2021-06-01/2021-06-20",
        "2021-06-15",
        "2020/2021",
    ),
)


#: Parts of a figure besides measure, number and unit.
PARTS: dict[str, st.SearchStrategy[object]] = {
    "categories": st.sampled_from(((), (entity("ai"),), (entity("ai"), entity("ic")))),
    "area": st.sampled_from((None, entity("china"))),
    "compared_with": st.sampled_from((None, "year-on-year", "2020", "2019")),
    "basis": st.sampled_from((None, "one way", "another way")),
    "status": st.sampled_from((None, g60("Goal"))),
    "equivalent_of": st.sampled_from((None, entity("sum"))),
    "period": st.sampled_from(PERIODS),
}


@st.composite
def numbers(draw: st.DrawFn, measure: str) -> NewObservation:
    """A number of a measure; ranges and fractions too."""
    figure = observation(
        "x",
        measure,
        draw(st.sampled_from(NUMBERS)),
        draw(st.sampled_from(COMPARATORS)),
        draw(st.sampled_from(MEASURES[measure])),
    )
    kind = draw(st.sampled_from(("plain", "plain", "range", "fraction")))
    if kind == "range":
        upper = draw(st.sampled_from(("41", "44200")))
        return replace(figure, value="40", upper=upper, comparator=g60("Between"))
    if kind == "fraction" and measure == "share-of-gdp":
        fraction, value = draw(st.sampled_from(FRACTIONS))
        return replace(figure, fraction=fraction, value=value, unit=term("unit:FRACTION"))
    return figure


@st.composite
def rivals(draw: st.DrawFn) -> list[NewObservation]:
    """Two or three figures that differ in their numbers and at most one other part."""
    measure = draw(st.sampled_from(sorted(MEASURES)))
    common = {name: draw(part) for name, part in PARTS.items()}
    common["period"] = draw(st.sampled_from((None, "2021", "2021-01/2021-09", "2018/..")))
    found = []
    for _ in range(draw(st.integers(2, 3))):
        name = draw(st.sampled_from(("", "period", *PARTS)))
        own = {**common, name: draw(PARTS[name])} if name else common
        found.append(replace(draw(numbers(measure)), **own))  # type: ignore[arg-type]
    return found


@cache
def empty() -> LocalStore:
    return bare()


@cache
def query() -> str:
    return (ROOT / "queries" / "evidence" / "conflicts.rq").read_text("utf-8")


def by_query(added: list[Quad]) -> set[tuple[str, frozenset[object]]]:
    """The property of each row with its two values; of figures, what their nodes say."""
    store = bare(added)
    solutions = store.query(query())
    assert isinstance(solutions, QuerySolutions)
    return {
        (
            text_of(row["property"]),
            frozenset(
                read_observation(store, node) or node
                for node in (row["value"], row["otherValue"])
                if node
            ),
        )
        for row in solutions
    }


def side_of(added: list[Quad]) -> Side:
    change = Change.of(empty(), added)
    vocabulary = Vocabulary(empty())
    candidates = conflict_candidates(change, vocabulary)
    return Side(change.after, change.facts, "en", candidates, vocabulary)


def by_check(added: list[Quad]) -> set[frozenset[object]]:
    """The pairs of values of the check's conflicts between sources."""
    found = set()
    for key, finding in value_conflicts(side_of(added)):
        if finding.code in ("FiguresContradict", "SecondValue"):
            assert isinstance(key[-1], tuple)
            _, sides = key[-1]
            found.add(frozenset(value for _, value in sides))
    return found


@given(rivals())
def test_figures_conflict_in_the_check_as_in_the_query(figures: list[NewObservation]) -> None:
    added = []
    for source, figure in zip(("one", "two", "three"), figures, strict=False):
        node = figure if figure.period else replace(figure, source=source)
        added += figure_of(source, node)
    assert by_check(added) == {pair for _, pair in by_query(added)}


def test_computing_power_conflicts_in_exa_and_in_petaflops() -> None:
    exa = replace(observation("x", "computing-power", "1.5"), unit=g60("ExaFLOPS"), period="2023")
    for number, differs in (("1500", False), ("1900", True)):
        peta = replace(exa, value=number, unit=term("unit:PetaFLOPS"))
        added = [*figure_of("one", exa), *figure_of("two", peta)]
        assert bool(by_check(added)) is bool(by_query(added)) is differs


DATES = (
    *("2016", "2017", "2016-06", "2016-06-30", "2016-07", "2016/2018", "2018/..", "../2016"),
    *("2017~", "/2016-05", "2019/"),
)


def test_dates_conflict_in_the_check_as_in_the_query() -> None:
    added, expected = [], set()
    for number, (one, other) in enumerate(combinations_with_replacement(DATES, 2)):
        added += stated("one", f"phase-{number}", "startedOn", year(one))
        added += stated("two", f"phase-{number}", "startedOn", year(other))
        if not days_meet(one, other):
            expected.add(frozenset((year(one), year(other))))
    assert len(expected) > len(DATES)
    assert by_check(added) == expected
    assert {pair for _, pair in by_query(added)} == expected


@given(st.sampled_from(PERIODS[1:]), st.sampled_from(PERIODS[1:]))
def test_periods_agree_in_both_orders(one: str, other: str) -> None:
    assert periods_agree(one, other) is periods_agree(other, one)
    assert periods_agree(one, one)


CITIES = ("songjiang", "shanghai", "wuhu")
TIMES = (None, "2016", "2018", "2018/..", "2016/2017")
LISTS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(CITIES), min_size=1),
        st.sampled_from(TIMES),
        st.sampled_from((True, True, True, False)),
    ),
    min_size=2,
    max_size=2,
)


@given(LISTS)
def test_lists_conflict_in_the_check_as_in_the_query(
    listed: list[tuple[set[str], str | None, bool]],
) -> None:
    added = []
    for source, (cities, time, complete) in zip(("one", "two"), listed, strict=True):
        added += members(source, *sorted(cities), time=time, complete_list=complete)
    values = {finding.value for _, finding in list_conflicts(side_of(added))}
    rows = by_query(added)
    in_rows = {value.value for _, pair in rows for value in pair if isinstance(value, NamedNode)}
    assert values <= in_rows
    assert bool(values) == bool(rows)
    (one, time, complete), (other, other_time, other_complete) = listed
    meet = time is None or other_time is None or days_meet(time, other_time)
    assert bool(rows) == (one != other and complete and other_complete and meet)


def test_a_list_of_which_a_value_is_not_marked_conflicts_with_nothing() -> None:
    added = [
        *members("one", "songjiang", "wuhu"),
        *members("two", "shanghai"),
        *members("two", "wuhu", complete_list=False),
    ]
    assert by_query(added) == set()
    assert list(list_conflicts(side_of(added))) == []


def test_lists_of_two_times_in_one_source_are_two_lists() -> None:
    added = [
        *members("one", "songjiang", time="2016"),
        *members("one", "songjiang", "wuhu", time="2018"),
        *members("two", "songjiang", "shanghai", time="2018"),
    ]
    pair: frozenset[object] = frozenset((entity("shanghai"), entity("wuhu")))
    assert by_query(added) == {(g60("hasMemberCity").value, pair)}
    (finding,) = (finding for _, finding in list_conflicts(side_of(added)))
    assert finding.value in {entity("wuhu").value, entity("shanghai").value}
