"""The curator's worklist: what is incomplete, thinly supported, unchecked or in conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from g60kg.gate.fact_validation import validate
from g60kg.model.article_text import Text
from g60kg.model.evidence_lookup import Labels
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import HAS_EVIDENCE, HAS_SOURCE, LABEL, POSSIBLY_SAME, A, g60, term
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.stores.base import GraphStore
from g60kg.validation.report.findings import Severity
from g60kg.validation.texts import check_texts

#: Weight of a finding by its severity, and of codes that weigh more or less.
_WEIGHTS: Final = {Severity.VIOLATION: 9, Severity.WARNING: 5, Severity.INFO: 2}
_CODE_WEIGHTS: Final = {"QuotationUnchecked": 4, "PassageUnchecked": 4, "RecordUnchecked": 0}
_CONFLICT: Final = 8
_POSSIBLY_SAME: Final = 6
_NO_CHINESE: Final = 1
_NO_FACT: Final = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work for a curator.

    Attributes:
        weight: how much it matters, from 9.
        code: the code of the check or shape, or a name of this list.
        severity: ``warning`` or ``info``; ``violation`` for a graph that does not conform.
        file, line: where, for a finding in a file.
    """

    weight: int
    code: str
    severity: str
    entity: str | None
    label: str
    message: str
    file: str | None = None
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return asdict(self)


def worklist(
    store: GraphStore, texts: Mapping[str, Text] | None = None, language: str = "en"
) -> list[Task]:
    """Return the worklist of a graph, the heaviest entry first.

    Args:
        texts: article texts by digest, to check quotations against.
    """
    labels = Labels(store, language)
    found = [*_of_report(store, texts or {}, language)]
    for part in (_conflicts, _possibly_same, _unnamed, _unused):
        found += part(store, labels, language)
    return sorted(found, key=lambda entry: (-entry.weight, entry.code, entry.label, entry.message))


def _of_report(store: GraphStore, texts: Mapping[str, Text], language: str) -> Iterator[Task]:
    for finding in validate(store, (), texts=texts, language=language).findings:
        weight = _CODE_WEIGHTS.get(finding.code, _WEIGHTS[finding.severity])
        if weight:
            yield Task(
                weight,
                finding.code,
                finding.severity.value,
                finding.focus,
                finding.focus_label or "",
                finding.message,
                finding.file,
                finding.line,
            )


def _conflicts(store: GraphStore, labels: Labels, language: str) -> Iterator[Task]:
    answer = run_named(store, named_query("conflicts"), {}, language=language)
    counted = Counter(
        (str(row["subject"]), "possible" if row["otherSubject"] else "conflict")
        for row in answer.to_dicts()
    )
    for (subject, kind), count in sorted(counted.items()):
        message = check_texts("worklist", language)[kind].format(count=count)
        label = labels.text(NamedNode(subject))
        weight, code, severity = _CONFLICTS[kind]
        yield Task(weight, code, severity, subject, label, message)


def _possibly_same(store: GraphStore, labels: Labels, language: str) -> Iterator[Task]:
    for quad in store.quads(None, POSSIBLY_SAME, None):
        one, other = quad.subject, quad.object
        if isinstance(one, NamedNode) and isinstance(other, NamedNode):
            message = check_texts("worklist", language)["same"].format(other=labels.text(other))
            label = labels.text(one)
            yield Task(_POSSIBLY_SAME, "PossiblySame", "warning", one.value, label, message)


def _unnamed(store: GraphStore, labels: Labels, language: str) -> Iterator[Task]:
    """Yield the entities, sources excepted, without a Chinese label or a note on it."""
    sources = Vocabulary(store).subclasses(g60("Source"))
    languages: dict[NamedNode, set[str]] = {}
    for quad in store.quads(None, LABEL, None):
        if (
            isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
            and quad.subject.value.startswith(_ENTITY)
        ):
            languages.setdefault(quad.subject, set()).add(quad.object.language or "")
    for node, found in sorted(languages.items(), key=lambda pair: pair[0].value):
        kinds = {kind.value for kind in store.objects(node, A) if isinstance(kind, NamedNode)}
        if "zh" in found or kinds & sources or any(store.quads(node, term("skos:note"), None)):
            continue
        label, message = labels.text(node), check_texts("worklist", language)["zh"]
        yield Task(_NO_CHINESE, "NoChineseLabel", "info", node.value, label, message)


def _unused(store: GraphStore, labels: Labels, language: str) -> Iterator[Task]:
    """Yield the text sources that support no fact."""
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
                message = check_texts("worklist", language)["unused"]
                label = labels.text(source)
                yield Task(_NO_FACT, "SourceHasNoFact", "info", source.value, label, message)


_ENTITY: Final = term("id:").value

#: Weight, code and severity of conflicts and possible conflicts.
_CONFLICTS: Final = {
    "conflict": (_CONFLICT, "Conflict", "warning"),
    "possible": (_POSSIBLY_SAME, "PossibleConflict", "info"),
}
