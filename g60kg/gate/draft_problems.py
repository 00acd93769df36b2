"""Problems of texts and addresses in a drafted sheet: what `validate` reports on them, by row."""

from __future__ import annotations

from g60kg.gate.input_files import of_draft
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.sheets.compile import Draft
from g60kg.sheets.sheet_file import SheetProblem
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.input_policy import OF_TERMS, foreign_statements
from g60kg.validation.report.findings import Severity
from g60kg.validation.shape_rules import empty_labels, in_sheet_terms


def text_problems(
    drafted: Draft, store: GraphStore, language: str = "en"
) -> tuple[list[SheetProblem], list[SheetProblem]]:
    """Return the violations and the warnings, with the code in place of the column.

    They are about the header and the rows that could be compiled.
    """
    read = of_draft(drafted, drafted.sheet.file)
    of_terms = {code.name for code in OF_TERMS}
    stated = foreign_statements(read.quads, Vocabulary(store), language)
    found = [each for each in stated if each.code in of_terms]
    found += empty_labels(read.quads, language)
    found = sorted((read.placed(each) or each for each in found), key=lambda one: one.line or 0)
    # A statement and its Fact have the same text.
    problems: dict[SheetProblem, Severity] = {}
    for each in found:
        said = in_sheet_terms(each, language)
        problem = SheetProblem(read.file, said.line or 1, said.code, said.message, said.hint)
        problems[problem] = said.severity
    violations = [one for one, severity in problems.items() if severity is Severity.VIOLATION]
    return violations, [one for one in problems if one not in violations]
