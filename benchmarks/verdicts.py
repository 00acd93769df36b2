"""Verdicts on the targets, and the tables, from the measurements."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from benchmarks import page_times, serving
from benchmarks.cold_start import COLD_QUERY, IMPORT_RDFLIB, VALIDATE
from benchmarks.page import Table, Target
from benchmarks.query_times import EVIDENCE_OF, PATIENCE, Asked

if TYPE_CHECKING:
    from benchmarks.full_validation import FullValidation
    from benchmarks.session import Bench

#: Differences below these seconds are within the precision of the measurement.
PRECISION: Final = 0.005
LINES: Final = ("nquads", "ntriples")


def verdicts(bench: Bench) -> list[Target]:
    """Return a verdict on each target of the parts that were run, in the order of the design."""
    found = [
        *_growth_verdicts(bench),
        *_against_rdflib(bench),
        *_validation(bench),
        *_added(bench),
        *_full_validation(bench),
        *_cold(bench),
        *_export_verdicts(bench),
        *(serving.targets(bench.serving) if bench.serving else ()),
    ]
    busy = _busy()
    return [one if one.met or one.reason else replace(one, reason=busy) for one in found]


def _growth_verdicts(bench: Bench) -> list[Target]:
    if not bench.sizes:
        return []
    largest = bench.sizes[-1]
    size = f"{largest.triples:,} triples"
    load = largest.load.seconds / largest.load_alone.seconds
    slow = [one for one in largest.asked if _ratio(one) > 1.2]
    plain = sum(one.here <= 1.2 * one.pyoxigraph for one in largest.asked)
    worst = max(largest.asked, key=_ratio)
    evidence = largest.evidence.with_quotations / largest.evidence.without
    return [
        Target(
            f"bulk load, {size}",
            "≤ 1.1× pyoxigraph alone",
            f"{load:.2f}× ({largest.load.seconds:.1f} s, {largest.load.mebibytes:,.0f} MiB)",
            load <= 1.1,
            ""
            if load <= 1.1
            else "This includes the start of the command and the check of input limits.",
        ),
        Target(
            f"each canned query, {size}",
            "≤ 1.2× the same text on pyoxigraph",
            f"{len(largest.asked) - len(slow)} of {len(largest.asked)}; "
            f"{worst.name} {_ratio(worst):.2f}×",
            not slow,
            f"Only g60kg adds labels to rows. Differences below {PRECISION * 1000:.0f} ms count as "
            f"1×: without that, {plain} of {len(largest.asked)}."
            + _names(" Slower", [one.name for one in slow]),
        ),
        Target(
            f"`--evidence` on {largest.evidence.rows:,} rows",
            "≤ 1.5× the query without",
            f"{evidence:.2f}× ({largest.evidence.with_quotations:.2f} s)",
            evidence <= 1.5,
            f"The query {EVIDENCE_OF}.",
        ),
    ]


def _export_verdicts(bench: Bench) -> list[Target]:
    found = []
    for name in LINES if bench.exported else ():
        ours, alone = bench.exported[name]
        assert alone is not None
        ratio = ours.seconds / alone.seconds
        found.append(
            Target(
                f"export {name}, {bench.size:,} triples",
                "≤ 1.2× pyoxigraph's dump, memory flat",
                f"{ratio:.2f}× ({ours.seconds:.1f} s, {ours.mebibytes:,.0f} MiB; "
                f"dump {alone.mebibytes:,.0f} MiB)",
                ratio <= 1.2 and ours.mebibytes <= 2 * alone.mebibytes,
                ""
                if ratio <= 1.2
                else "Lines are sorted for stable bytes; those of the dump are not.",
            )
        )
    return found


def _names(heading: str, names: list[str]) -> str:
    return f"{heading}: {', '.join(names)}." if names else ""


def _busy() -> str:
    """Return a note on other load of the machine, if any."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load <= 2 * cores:
        return ""
    return f"The machine had other work: its load at the end was {load:.1f} on {cores} cores."


def _ratio(one: Asked) -> float:
    return one.here / one.pyoxigraph if one.here - one.pyoxigraph > PRECISION else 1.0


def _against_rdflib(bench: Bench) -> list[Target]:
    beside = bench.rdflib_asked
    if beside is None:
        return []
    slow = beside.by_rdflib
    ratios = {one.name: (slow[one.name] or PATIENCE) / one.here for one in beside.asked}
    # A query that was stopped is at least that much slower.
    below = [name for name, ratio in ratios.items() if ratio < 20]
    least = min(ratios, key=lambda name: ratios[name])
    over = "> " if slow[least] is None else ""
    return [
        Target(
            f"each canned query, {beside.triples:,} triples",
            "≥ 20× faster than rdflib in memory",
            f"{len(ratios) - len(below)} of {len(ratios)}; {least} {over}{ratios[least]:.0f}×",
            not below,
            "Both in memory."
            + _names(" Slower", [name for name in below if slow[name] is not None])
            + _names(" Rdflib was stopped before 20×", [n for n in below if slow[n] is None]),
        )
    ]


def _validation(bench: Bench) -> list[Target]:
    if not bench.validated:
        return []
    first, last = bench.validated[0][0], bench.validated[-1][0]
    ratio = last.seconds / first.seconds
    return [
        Target(
            f"validate 100 new facts on {last.triples:,} triples",
            "≤ 0.4 s",
            f"{last.seconds:.2f} s",
            last.seconds <= 0.4,
        ),
        Target(
            f"validate 100 new facts, {last.triples:,} against {first.triples:,} triples",
            "≤ 1.2×",
            f"{ratio:.2f}×",
            ratio <= 1.2,
            "The target is for 1,000,000 against 10,000 triples; the shipped graph has more.",
        ),
    ]


def _added(bench: Bench) -> list[Target]:
    if bench.added is None:
        return []
    seconds = bench.added.seconds
    shown = f"{seconds:.1f} s ({bench.added.mebibytes:,.0f} MiB)"
    return [Target("add 5,000 facts at once", "≤ 10 s", shown, seconds <= 10)]


def _full_validation(bench: Bench) -> list[Target]:
    if bench.full_validation is None:
        return []
    largest, done = bench.full_validation
    estimate = _extrapolated(bench.by_pyshacl, largest.triples)
    ratio = estimate / largest.seconds
    met = ratio >= 10 and done.mebibytes <= 2048
    return [
        Target(
            f"validate all {largest.triples:,} triples",
            "≥ 10× pySHACL's time in proportion, ≤ 2 GiB",
            f"{ratio:.1f}× ({largest.seconds:.0f} s, {done.mebibytes:,.0f} MiB; "
            f"pySHACL {estimate:,.0f} s)",
            met,
            "The time of pySHACL is extrapolated.",
        )
    ]


def _extrapolated(measured: list[FullValidation], triples: int) -> float:
    """Return the seconds at a size, on the line through the smallest and the largest measured."""
    least, most = measured[0], measured[-1]
    if least.triples == most.triples:
        return most.seconds * triples / most.triples
    slope = (most.seconds - least.seconds) / (most.triples - least.triples)
    return most.seconds + slope * (triples - most.triples)


def _cold(bench: Bench) -> list[Target]:
    if not bench.started:
        return []
    ratio = bench.started[COLD_QUERY] / bench.started[IMPORT_RDFLIB]
    return [
        Target(
            f"`{COLD_QUERY.name}`, cold",
            '≤ 2.5× `python -c "import rdflib"`',
            f"{ratio:.2f}× ({bench.started[COLD_QUERY]:.2f} s)",
            ratio <= 2.5,
        )
    ]


def tables(bench: Bench) -> list[Table]:
    """Return the tables of the measurements."""
    found = [
        _growth(bench) if bench.sizes else None,
        _queries(bench) if bench.sizes and bench.rdflib_asked else None,
        _exports(bench) if bench.exported else None,
        _deltas(bench) if bench.validated else None,
        _full_validations(bench) if bench.full_validation else None,
        _starts(bench) if bench.started else None,
        page_times.table(bench.size, bench.pages) if bench.pages else None,
        serving.table(bench.serving) if bench.serving else None,
    ]
    return [table for table in found if table is not None]


def _growth(bench: Bench) -> Table:
    return Table(
        "Growth",
        ("triples", "load, s", "pyoxigraph, s", "load, MiB", "all queries, s", "queries, MiB"),
        tuple(
            (
                f"{one.triples:,}",
                f"{one.load.seconds:.1f}",
                f"{one.load_alone.seconds:.1f}",
                f"{one.load.mebibytes:,.0f}",
                f"{sum(asked.here for asked in one.asked):.2f}",
                f"{one.asking.mebibytes:,.0f}",
            )
            for one in bench.sizes
        ),
        "All queries: sum of the medians of each canned query without parameters.",
    )


def _queries(bench: Bench) -> Table:
    largest, beside = bench.sizes[-1], bench.rdflib_asked
    assert beside is not None
    in_memory = {one.name: one.here for one in beside.asked}
    rows = []
    for one in largest.asked:
        slow = beside.by_rdflib[one.name]
        over = "> " if slow is None else ""
        rows.append(
            (
                one.name,
                f"{one.rows:,}",
                f"{one.here * 1000:,.1f}",
                f"{one.pyoxigraph * 1000:,.1f}",
                f"{one.here / one.pyoxigraph:.2f}×",
                f"{in_memory[one.name] * 1000:,.1f}",
                f"{over}{(slow or PATIENCE) * 1000:,.0f}",
                f"{over}{(slow or PATIENCE) / in_memory[one.name]:,.0f}×",
            )
        )
    at, less = f"{largest.triples:,}", f"{beside.triples:,}"
    return Table(
        "Canned queries",
        (
            "query",
            "rows",
            f"{at} on disk, ms",
            "pyoxigraph, ms",
            "ratio",
            f"{less} in memory, ms",
            "rdflib, ms",
            "rdflib ÷ g60kg",
        ),
        tuple(rows),
        f"Without parameters. Queries that take rdflib longer than {PATIENCE} s are stopped. "
        f"rdflib used {beside.mebibytes:,.0f} MiB.",
    )


def _exports(bench: Bench) -> Table:
    rows = []
    for name, (ours, alone) in bench.exported.items():
        rows.append(
            (
                name,
                f"{ours.seconds:.1f}",
                f"{ours.mebibytes:,.0f}",
                f"{alone.seconds:.1f}" if alone else "",
                f"{alone.mebibytes:,.0f}" if alone else "",
                f"{ours.seconds / alone.seconds:.2f}×" if alone else "",
            )
        )
    return Table(
        f"Export of {bench.size:,} triples",
        ("format", "s", "MiB", "pyoxigraph, s", "pyoxigraph, MiB", "ratio"),
        tuple(rows),
        "g60kg writes the same bytes for any loading order; pyoxigraph writes in the order of its "
        "index. The fact sheet (csv) is that of one source.",
    )


def _deltas(bench: Bench) -> Table:
    return Table(
        "Validation of 100 new facts",
        ("triples", "delta, s", "focus nodes", "context triples", "MiB"),
        tuple(
            (
                f"{row.triples:,}",
                f"{row.seconds:.2f}",
                f"{row.focus_nodes:,}",
                f"{row.context_triples:,}",
                f"{done.mebibytes:,.0f}",
            )
            for row, done in bench.validated
        ),
        "The facts of a synthetic article that conforms, about entities of which some are in many "
        "other articles.",
    )


def _full_validations(bench: Bench) -> Table:
    assert bench.full_validation is not None
    largest, done = bench.full_validation
    estimate = _extrapolated(bench.by_pyshacl, largest.triples)
    rows = [
        *(
            (f"{one.triples:,}", "pySHACL on every target", f"{one.seconds:,.1f}", "")
            for one in bench.by_pyshacl
        ),
        (f"{largest.triples:,}", "pySHACL on every target", f"{estimate:,.1f}~", ""),
        (f"{largest.triples:,}", "candidates", f"{largest.seconds:,.1f}", f"{done.mebibytes:,.0f}"),
    ]
    return Table(
        "Validation of the complete graph",
        ("triples", "engine", "s", "MiB"),
        tuple(rows),
        "All shapes, once, from the open store to the findings. The value with ~ is extrapolated "
        "from the two sizes above.",
    )


def _starts(bench: Bench) -> Table:
    unit = bench.started[IMPORT_RDFLIB]
    commands = (IMPORT_RDFLIB, COLD_QUERY, VALIDATE)
    return Table(
        "Cold start",
        ("command", "s", "ratio"),
        tuple(
            (
                f"`{command.name}`",
                f"{bench.started[command]:.2f}",
                f"{bench.started[command] / unit:.2f}×",
            )
            for command in commands
        ),
    )
