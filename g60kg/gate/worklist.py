"""The curator's worklist: what is incomplete, thinly supported, unchecked or in conflict."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.gate.fact_validation import validate
from g60kg.model.article_text import Text
from g60kg.model.evidence_lookup import Labels
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import HAS_EVIDENCE, HAS_SOURCE, LABEL, NOTE, POSSIBLY_SAME, A, g60, term
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.stores.base import GraphStore
from g60kg.validation.report.findings import Severity
from g60kg.validation.texts import check_texts

#: Weight of a finding by its severity.
_WEIGHTS: Final = {Severity.VIOLATION: 9, Severity.WARNING: 5, Severity.INFO: 2}
#: Findings on each source without a text, which are one task.
_UNCHECKED_CODES: Final = {"QuotationUnchecked", "PassageUnchecked"}
#: Weight, code and severity of what is not a finding.
_CONFLICTS: Final = {
    "conflict": (8, "Conflict", "warning"),
    "possible": (6, "PossibleConflict", "info"),
}
_UNCHECKED: Final = (4, "EvidenceUnchecked", "warning")
_POSSIBLY_SAME: Final = (6, "PossiblySame", "warning")
_NO_CHINESE: Final = (1, "NoChineseLabel", "info")
_NO_FACT: Final = (3, "SourceHasNoFact", "info")


@dataclass(frozen=True, slots=True)
class Task:
    """A task for a curator.

    Attributes:
        weight: the importance, from 9 (a violation) down to 1.
        code: the code of the check or shape, or a name that this module defines.
        severity: ``warning`` or ``info``; ``violation`` for a graph that does not conform.
        entity: the IRI, or ``_:label``, of the node that it is about;
            None if it is about the graph.
        label: the label of that node; may be empty.
    """

    weight: int
    code: str
    severity: str
    entity: str | None
    label: str
    message: str
    file: str | None = None
    line: int | None = None


def worklist(
    store: GraphStore, texts: Mapping[str, Text] | None = None, language: str = "en"
) -> list[Task]:
    """Return the tasks that a graph has for a curator, the most important first."""
    labels, words = Labels(store, language), check_texts("worklist", language)
    found = [*_of_report(store, texts or {}, language)]
    for part in (_conflicts, _possibly_same, _unnamed, _unused):
        for (weight, code, severity), node, key, given in part(store, labels):
            message = words[key].format(**given)
            found.append(Task(weight, code, severity, node.value, labels.text(node), message))
    # Several sources can state one open point, such as that two entities may be the same.
    return sorted(
        set(found), key=lambda entry: (-entry.weight, entry.code, entry.label, entry.message)
    )


def _of_report(store: GraphStore, texts: Mapping[str, Text], language: str) -> Iterator[Task]:
    report = validate(store, (), texts=texts, language=language)
    unchecked: set[str | None] = set()
    for finding in report.findings:
        if finding.code in _UNCHECKED_CODES:
            unchecked.add(finding.focus)
        elif finding.code != "RecordUnchecked":
            about = (finding.focus, finding.focus_label or "", finding.message)
            kind = (_WEIGHTS[finding.severity], finding.code, finding.severity.value)
            yield Task(*kind, *about, finding.file, finding.line)
    if unchecked:
        message = check_texts("worklist", language)["unchecked"].format(
            quotations=report.quotations.unchecked,
            passages=report.passages.unchecked,
            sources=len(unchecked),
        )
        yield Task(*_UNCHECKED, None, "", message)


#: The weight, code and severity of a task, its entity, and the key and arguments of its message.
_Open = tuple[tuple[int, str, str], NamedNode, str, dict[str, object]]


def _conflicts(store: GraphStore, labels: Labels) -> Iterator[_Open]:
    answer = run_named(store, named_query("conflicts"), {}, language=labels.language)
    counted = Counter(
        (str(row["subject"]), "possible" if row["otherSubject"] else "conflict")
        for row in answer.to_dicts()
    )
    for (subject, kind), count in sorted(counted.items()):
        yield _CONFLICTS[kind], NamedNode(subject), kind, {"count": count}


def _possibly_same(store: GraphStore, labels: Labels) -> Iterator[_Open]:
    for quad in store.quads(None, POSSIBLY_SAME, None):
        one, other = quad.subject, quad.object
        if isinstance(one, NamedNode) and isinstance(other, NamedNode):
            yield _POSSIBLY_SAME, one, "same", {"other": labels.text(other)}


def _unnamed(store: GraphStore, _: Labels) -> Iterator[_Open]:
    sources = Vocabulary(store).subclasses(g60("Source"))
    languages: dict[NamedNode, set[str]] = {}
    for quad in store.quads(None, LABEL, None):
        if (
            isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
            and quad.subject.value.startswith(term("id:").value)
        ):
            languages.setdefault(quad.subject, set()).add(quad.object.language or "")
    for node, found in sorted(languages.items(), key=lambda pair: pair[0].value):
        kinds = {kind.value for kind in store.objects(node, A) if isinstance(kind, NamedNode)}
        if "zh" not in found and not kinds & sources and not any(store.quads(node, NOTE)):
            yield _NO_CHINESE, node, "zh", {}


def _unused(store: GraphStore, _: Labels) -> Iterator[_Open]:
    for kind in sorted(Vocabulary(store).subclasses(g60("TextSource"))):
        for quad in store.quads(None, A, NamedNode(kind)):
            source = quad.subject
            if not isinstance(source, NamedNode):
                continue
            supports = (
                True
                for evidence in store.quads(None, HAS_SOURCE, source)
                if isinstance(evidence.subject, NamedNode)
                for _ in store.quads(None, HAS_EVIDENCE, evidence.subject)
            )
            if not any(supports):
                yield _NO_FACT, source, "unused", {}
