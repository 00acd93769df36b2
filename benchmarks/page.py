"""The page of results: a verdict on each target, the tables behind it, and one plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: The grey that is read on a light ground and on a dark one.
GREY: Final = "#7a7f87"
COLOURS: Final = ("#d1662f", "#2f86d1", "#3d9a50", "#a05fc4", "#b08a1e")
#: Text that stays text, in that grey; no mark that would differ from run to run.
STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "g60kg",
    "text.color": GREY,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "font.family": "sans-serif",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A target and what was measured.

    Attributes:
        work: what is done.
        limit: the target, in words.
        measured: what came out, in words.
        met: whether it was met; None where it was not measured.
        reason: why it was not, or what is to be known of the number.
    """

    work: str
    limit: str
    measured: str
    met: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, the columns, the rows as they are shown, and what a reader must know of them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """The seconds of one kind of work by the number of triples."""

    name: str
    points: tuple[tuple[int, float], ...]


def page(targets: Sequence[Target], tables: Sequence[Table], machine: str, plot: str) -> str:
    """The page, in Markdown."""
    verdicts = Table(
        "Targets",
        ("work", "target", "measured", "met", "remark"),
        tuple((t.work, t.limit, t.measured, _met(t.met), t.reason) for t in targets),
    )
    parts = [
        "# Benchmarks",
        "Made by `make bench`, in one run, each line beside what it is compared with. Times are "
        "wall time, medians of several runs; memory is the peak of the process that did the work. "
        "The graph is made up by `benchmarks/make_graph.py`: articles with facts, quotations, "
        "figures and conflicts in two languages, the same bytes each time.",
        f"Measured on {machine}.",
        _markdown(verdicts),
        f"![Seconds by size of the graph]({plot})",
        *(_markdown(table) for table in tables),
    ]
    return "\n\n".join(parts) + "\n"


def _met(met: bool | None) -> str:
    return "not measured" if met is None else "yes" if met else "**missed**"


def _markdown(table: Table) -> str:
    numeric = [
        all(row[index][:1].isdigit() or not row[index] for row in table.rows)
        for index in range(len(table.columns))
    ]
    lines = [
        f"## {table.title}\n",
        f"| {' | '.join(table.columns)} |",
        f"|{'|'.join('--:' if right else '---' for right in numeric)}|",
        *(f"| {' | '.join(row)} |" for row in table.rows),
    ]
    return "\n".join(lines) + (f"\n\n{table.note}" if table.note else "")


def draw(curves: Sequence[Curve], out: Path) -> None:
    """The curves as an SVG whose ground is clear and whose text is text."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    with pyplot.rc_context():
        pyplot.rcParams.update(STYLE)
        figure, axes = pyplot.subplots(figsize=(7.5, 4.2), layout="constrained")
        for curve, colour in zip(curves, COLOURS, strict=False):
            sizes, seconds = zip(*curve.points, strict=True)
            axes.plot(sizes, seconds, marker="o", markersize=4, color=colour, label=curve.name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("triples")
        axes.set_ylabel("seconds")
        axes.grid(color=GREY, alpha=0.25, linewidth=0.5)
        axes.legend(frameon=False)
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        pyplot.close(figure)
