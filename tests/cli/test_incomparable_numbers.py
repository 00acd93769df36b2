"""Numbers that the engine cannot compare consistently: sorting them ended the process."""

from __future__ import annotations

from pathlib import Path
from random import Random

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from g60kg.model.iri_minting import NewObservation
from g60kg.namespaces import HAS_OBSERVATION, entity, g60, term
from tests.cli.run import g60kg
from tests.web.articles import quads, source_says

SOURCE = "9912345678"
MEASURE = term("measure:total-investment")


def test_a_query_over_numbers_of_many_lengths_gives_its_rows(tmp_path: Path) -> None:
    random = Random(2)
    file, store = tmp_path / "figures.nq", tmp_path / "store"
    figures: list[Quad] = []
    for number in range(60):
        top = random.choice((10**6, 10 ** random.randint(21, 28)))
        figures += investment(number, random.randint(top // 10, top))
    serialize(figures, str(file), RdfFormat.N_QUADS)
    assert g60kg("--store", store, "load", file).returncode == 0
    done = g60kg(
        *("--store", store, "query", "run", "compare"),
        *("-p", "measure=measure:total-investment", "-f", "csv"),
    )
    assert done.returncode == 0, done.stderr
    assert {f"project-{number}" in done.stdout for number in range(60)} == {True}


def investment(number: int, value: int) -> list[Quad]:
    project = entity(f"project-{number}")
    figure = NewObservation(
        subject=project,
        measure=MEASURE,
        value=str(value),
        comparator=g60("Exactly"),
        unit=term("unit:CCY_CNY"),
        period=None,
        source=SOURCE,
    )
    stated = source_says(SOURCE, Triple(project, HAS_OBSERVATION, figure.iri))
    return [*quads(SOURCE, figure.triples()), *stated]
