"""Problems of texts and addresses in a compiled sheet, as `validate` reports them, by row."""

from itertools import chain

from pyoxigraph import NamedNode

from g60kg.gate.input_files import of_draft
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, A, compact
from g60kg.sheets.compile import Draft
from g60kg.sheets.sheet_file import SheetProblem
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.input_policy import foreign_statements
from g60kg.validation.checks.input_policy.quad_faults import OF_TERMS
from g60kg.validation.report.findings import Severity
from g60kg.validation.shape_rules import in_sheet_terms, label_faults, labelled_classes


def text_problems(
    drafted: Draft, store: GraphStore, language: str = "en"
) -> tuple[list[SheetProblem], list[SheetProblem]]:
    """Return the violations and the warnings about the texts and the terms of a compiled sheet.

    They are about the header and the rows that could be compiled. Each has the code of its check in
    place of the column, and line 1 if it has no line.
    """
    read = of_draft(drafted, drafted.sheet.file)
    of_terms = {code.name for code in OF_TERMS}
    vocabulary = Vocabulary(store)
    stated = foreign_statements(read.quads, vocabulary, language)
    found = [each for each in stated if each.code in of_terms]
    rows = drafted.lines.triples
    quads = sorted(read.quads, key=lambda quad: rows.get(quad.triple, 0))
    names = chain.from_iterable(map(vocabulary.subclasses, labelled_classes()))
    classes = set(map(NamedNode, names))
    typed = (quad.subject for quad in quads if quad.predicate == A and quad.object in classes)
    entities = dict.fromkeys(node for node in typed if isinstance(node, NamedNode))
    labelled = {*entities, *(quad.subject for quad in quads if quad.predicate == LABEL)}
    known = (store.quads(node, LABEL) for node in labelled if isinstance(node, NamedNode))
    others = (quad for found in known for quad in found if quad.graph_name != drafted.graph)
    found += label_faults((*others, *quads), entities, language)
    found = [each for each in found if not read.may_be_wrong(each)]
    placed = chain.from_iterable(read.placed(each) or [each] for each in found)
    found = sorted(placed, key=lambda one: one.line or 0)
    # A statement and its Fact have the same text.
    problems: dict[SheetProblem, Severity] = {}
    for each in found:
        said = in_sheet_terms(each, language)
        # A missing text has no cell, so the message names the entity.
        about = f"{compact(said.focus)}: " if said.focus and said.term is None else ""
        message = about + said.message
        problem = SheetProblem(read.file, said.line or 1, said.code, message, said.hint)
        problems[problem] = said.severity
    violations = [one for one, severity in problems.items() if severity is Severity.VIOLATION]
    return violations, [one for one in problems if one not in violations]
