"""Order of readings by whether they have rows; a reading is a canned query with parameters."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import compact, expand, term
from g60kg.queries.ask.lexicon import CORRIDOR, Lexicon
from g60kg.queries.ask.refusals import (
    ALIKE,
    NEAR,
    SURE,
    YEARS,
    Reading,
    different,
    equally_good,
)
from g60kg.queries.catalog import SOURCE
from g60kg.queries.execution import has_rows, run_named
from g60kg.queries.parameters import Resolver
from g60kg.stores.base import GraphStore

#: The most readings that are run.
_COMPARED: Final = 3
#: The statistics of a measure without figures that are shown instead.
_STATISTICS: Final = ("Growth", "Rank", "Share", "Change")
#: The columns of queries of figures, and of the one that compares facts.
_FIGURE, _CONFLICT = "figure", "otherValue"
#: The parameters without which a question about a figure is another one.
_OF_FIGURE: Final = ("subject", "measure")
#: How similar a question is at least that can ask for conflicts.
_ASKED_CONFLICTS: Final = 0.3
_CORRIDOR: Final = compact(CORRIDOR.value)
_BROADER: Final = term("skos:broader")


def _named(one: Reading) -> set[str | int]:
    return {*one.parameters.values()} - ({_CORRIDOR} if "measure" in one.parameters else set())


class ReadingRows:
    """The order of readings by whether they have rows in a store."""

    def __init__(self, store: GraphStore, lexicon: Lexicon) -> None:
        self._store = store
        self._lexicon = lexicon
        self._resolver = Resolver(store)

    def with_rows(self, found: list[Reading], first: int, most: int) -> tuple[Reading, ...]:
        """Return up to ``most`` readings, as :func:`different` selects them.

        Readings after the first ``first`` ones are left out if they are known to have no rows.
        """
        rest = list(found)
        known: set[int] = set(map(id, found[:first]))
        while unknown := [one for one in different(rest, most) if id(one) not in known]:
            known.update(map(id, unknown))
            empty = set(map(id, filter(self._is_empty, unknown)))
            rest = [one for one in rest if id(one) not in empty]
        return different(rest, most)

    def _is_empty(self, one: Reading) -> bool:
        """Return whether a reading has no rows; False if this is not known without a slow query.

        For queries of figures, any figure of the measure and the subject counts. A query that
        compares facts counts as empty only if its words are not similar to the question. A reading
        without an entity is not empty.
        """
        given = {
            name: iri
            for name, value in one.parameters.items()
            if isinstance(value, str) and (iri := expand(value)) is not None and name != SOURCE
        }
        if _CONFLICT in one.query.columns:
            return bool(given) and one.similarity < _ASKED_CONFLICTS
        if not given:
            return False
        if _FIGURE not in one.query.columns:
            return not self._has_rows(one)
        subjects = [given["subject"]] if "subject" in given else []
        if "measure" in given:
            return not self._lexicon.has_figure_of(given["measure"], subjects)
        return not all(map(self._lexicon.has_figures, subjects))

    def drop_empty_ties(self, found: list[Reading]) -> None:
        """Remove the equally good readings without rows if one has rows; not for a free text."""
        ties = equally_good(found)
        if len(ties) > 1 and "text" not in found[0].parameters:
            empty = [one for one in ties if not self._has_rows(one)]
            if len(empty) < len(ties):
                found[:] = [one for one in found if not any(one is other for other in empty)]

    def put_first(self, found: list[Reading]) -> bool:
        """Move the first reading with rows to the front; return False if no reading has rows.

        Only the best reading and up to two complete readings with the same values count: in other
        parameters of its query or, for a measure, in another query that is nearly as good. A best
        reading without values, or with a text to search for, is not run and stays first: True.

        If no such reading has rows, a wider reading that has rows is inserted as the second one:
        for instance the best reading without its years, or with a related measure.
        """
        best = found[0]
        if not best.parameters or "text" in best.parameters:
            return True
        values = _named(best)
        near = [
            one
            for one in found[1:]
            if _named(one) == values
            and one.complete
            # Only figures are in several queries: who is governor is in no list of companies.
            and (one.query is best.query or "measure" in best.parameters)
            and one.score >= max(SURE, best.score - NEAR)
            and one.similarity >= best.similarity * ALIKE
        ]
        near.sort(key=lambda one: one.query is not best.query)
        for one in (best, *near)[:_COMPARED]:
            if self._has_rows(one):
                found.remove(one)
                found.insert(0, one)
                return True
        always = {name: v for name, v in best.parameters.items() if name not in YEARS}
        of_category = dict(always)
        if "subject" in always and "category" in always:
            of_category["subject"] = of_category.pop("category")
        narrower = (
            {**always, name: compact(quad.subject.value)}
            for name, value in always.items()
            if isinstance(value, str) and (wide := expand(value)) is not None
            for quad in self._store.quads(None, _BROADER, wide)
            if isinstance(quad.subject, NamedNode)
        )
        whole = {name: value for name, value in always.items() if name != "category"}
        unsourced = {name: value for name, value in always.items() if name != SOURCE}
        unmeasured = {name: value for name, value in best.parameters.items() if name == "subject"}
        narrow = islice(narrower, _COMPARED)
        related = ({**always, "measure": measure} for measure in self._related(best))
        less = self._less(always, values, found)
        for rest in chain(
            (always, unsourced, of_category), narrow, (whole,), related, (unmeasured,), less
        ):
            wider = replace(best, parameters=rest)
            if rest and rest != best.parameters and self._has_rows(wider):
                found.insert(1, wider)
                break
        return False

    def _less(
        self, given: dict[str, str | int], values: set[str | int], found: list[Reading]
    ) -> Iterator[dict[str, str | int]]:
        """Yield the parameters without one of them, the last one first; subject and measure stay.

        Yield nothing if a reading after the first has all values and is not known to be empty.
        """
        if not any(_named(one) == values and not self._is_empty(one) for one in found[1:]):
            for left_out in reversed(given):
                if left_out not in _OF_FIGURE:
                    yield {name: value for name, value in given.items() if name != left_out}

    def _related(self, reading: Reading) -> Iterator[str]:
        measure = expand(str(reading.parameters.get("measure")))
        for statistic in _STATISTICS:
            if measure and (other := self._lexicon.of_statistic(measure, statistic)):
                yield compact(other.iri.value)

    def nearest(self, found: list[Reading], most: int) -> tuple[Reading, ...]:
        """Return up to ``most`` readings for a question that is not understood.

        None is known to be empty. If a measure is ambiguous, all figures of the subject
        of the best reading follow the equally good readings, and are left out if
        ``most - 1`` of these may have rows. If the best reading cannot be limited to a
        name of the question, readings without that problem follow it.
        """
        best, ties = found[:1], equally_good(found)
        if len(ties) > 1 and {"subject", "measure"} <= best[0].parameters.keys():
            subject = {"subject": best[0].parameters["subject"]}
            found = [*ties, replace(best[0], parameters=subject), *found[len(ties) :]]
        if any(one.unlimited for one in best):
            found = [*best, *sorted(found[1:], key=lambda one: bool(one.unlimited))]
        return self.with_rows(found, 0, most)

    def put_wider_second(self, found: list[Reading]) -> None:
        """Insert the best reading without its category second, if it also has a measure."""
        best = found[0]
        rest = {name: value for name, value in best.parameters.items() if name != "category"}
        if len(rest) < len(best.parameters) and "measure" in rest:
            found.insert(1, replace(best, parameters=rest))

    def _has_rows(self, reading: Reading) -> bool:
        terms = self._resolver.terms(reading.query, reading.parameters)
        if not reading.compared:
            return has_rows(self._store, reading.query, terms)
        rows = run_named(self._store, reading.query, terms).to_dicts()
        subjects = {compact(str(row.get("subject"))) for row in rows}
        return reading.compared <= subjects
