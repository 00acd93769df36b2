"""Accuracy of `ask` on a set of questions with their expected readings.

    python -m tests.queries.ask_accuracy [FILE.tsv] [--split NAME] [--wrong]

A file has the columns split, language, question and expected: ``query?parameter=value&…``, several
right readings joined with `` || ``, or ``-`` for a question that must not be answered.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from g60kg.queries.ask.refusals import Reading
from g60kg.queries.ask.understanding import Interpreter, Understanding
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore

QUESTIONS: Final = Path(__file__).parent.parent / "data" / "questions.tsv"
_REFUSED: Final = "-"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its right readings; none if it must be refused."""

    split: str
    text: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The rates of right first readings, of right ones among three, and of right refusals.

    Attributes:
        declined: like ``refused``; an answer that says that the graph has no such fact counts too.
    """

    first: float
    among_three: float
    refused: float
    declined: float


def read(path: Path = QUESTIONS) -> list[Question]:
    """Return the questions in a file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Question(row["split"], row["question"], _expected(row["expected"])) for row in rows]


def _expected(text: str) -> tuple[str, ...]:
    return () if text == _REFUSED else tuple(map(_sorted, text.split(" || ")))


def _sorted(reading: str) -> str:
    """Return a reading with its parameters in order; two parties have none."""
    query, _, given = reading.partition("?")
    pairs = [pair.split("=", 1) for pair in given.split("&") if pair]
    if query == "shared-agreements":
        parties = [pair for pair in pairs if pair[0] in "ab"]
        for pair, value in zip(parties, sorted(value for _, value in parties), strict=True):
            pair[1] = value
    return query + "?" + "&".join(sorted("=".join(pair) for pair in pairs))


def written(reading: Reading) -> str:
    """Return a reading as a file has it."""
    given = "&".join(f"{name}={value}" for name, value in reading.parameters.items())
    return _sorted(f"{reading.query.name}?{given}")


def is_right(question: Question, found: Understanding, *, among_three: bool = False) -> bool:
    """Return whether a question is understood, or refused, as it must be.

    The nearest readings of a refused question are links too, so they count among three.
    """
    if not question.expected:
        return found.reading is None
    shown = [found.reading, *(found.alternatives if among_three else ())]
    return any(written(reading) in question.expected for reading in filter(None, shown))


def accuracy(interpreter: Interpreter, questions: Iterable[Question]) -> Accuracy:
    """Return the accuracy on questions; a rate without a question is 1."""
    asked = [(question, interpreter.understand(question.text)) for question in questions]
    inside = [(question, found) for question, found in asked if question.expected]
    outside = [(question, found) for question, found in asked if not question.expected]
    return Accuracy(
        _rate(is_right(question, found) for question, found in inside),
        _rate(is_right(question, found, among_three=True) for question, found in inside),
        _rate(is_right(question, found) for question, found in outside),
        _rate(is_right(question, found) or found.empty for question, found in outside),
    )


def rows(store: LocalStore, reading: Reading, limit: int | None = None) -> list[dict[str, Any]]:
    """The rows of a reading."""
    terms = Resolver(store).terms(reading.query, reading.parameters)
    return run_named(store, reading.query, terms, limit=limit).to_dicts()


def _rate(verdicts: Iterable[bool]) -> float:
    listed = list(verdicts)
    return sum(listed) / len(listed) if listed else 1.0


def main() -> None:
    """Print the accuracy on a file, and with ``--wrong`` the questions that are not right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=QUESTIONS)
    parser.add_argument("--split", help="only the questions of a split")
    parser.add_argument("--wrong", action="store_true", help="print what is not right")
    options = parser.parse_args()
    interpreter = Interpreter(LocalStore.shipped())
    chosen = [one for one in read(options.file) if options.split in (None, one.split)]
    if options.wrong:
        for question in chosen:
            found = interpreter.understand(question.text)
            if not is_right(question, found):
                shown = [written(one) for one in (found.reading, *found.alternatives) if one]
                print(f"{question.text}\n  {found.reason or 'understood'} {shown}")
    rates = accuracy(interpreter, chosen)
    print(
        f"{len(chosen)} questions: first {rates.first:.1%}, among three {rates.among_three:.1%}, "
        f"refused {rates.refused:.1%} (or said to be without an answer {rates.declined:.1%})"
    )


if __name__ == "__main__":
    main()
