"""Hints of findings about sources that a retraction removes, or has removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from g60kg.gate.retraction import retracted_at
from g60kg.model.change import Change
from g60kg.namespaces import PREFIXES, A, compact, local_name
from g60kg.stores.base import GraphStore
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

_SOURCES: Final = tuple(PREFIXES["id"] + kind for kind in ("article-", "dataset-"))


def with_sources_going(finding: Finding, change: Change, language: str) -> Finding:
    """Return a finding that a removal causes; if its value is a removed source, with that hint."""
    source, node, path = _undescribed_source(finding, change.after), finding.node, finding.path
    if source is None or node is None or path is None:
        return finding
    stated = change.after.quads(node, NamedNode(path), source)
    graphs = (quad.graph_name for quad in stated)
    names = sorted({local_name(name.value) for name in graphs if isinstance(name, NamedNode)})
    text = check_texts("shapes", language)["going"]
    return replace(finding, hint=text.format(value=compact(source.value), sources=", ".join(names)))


def with_source_gone(finding: Finding, store: GraphStore, language: str) -> Finding:
    """Return a finding; if its value is a source that was retracted, with that hint."""
    source = _undescribed_source(finding, store)
    when = retracted_at(store, source.value) if source is not None else None
    if source is None or when is None:
        return finding
    text = check_texts("shapes", language)["gone"]
    return replace(finding, hint=text.format(value=compact(source.value), when=when))


def _undescribed_source(finding: Finding, store: GraphStore) -> NamedNode | None:
    """Return the value of a finding of a shape if it is the IRI of a source without a class."""
    value = finding.value_term if finding.component else None
    if not isinstance(value, NamedNode) or not value.value.startswith(_SOURCES):
        return None
    return None if any(store.quads(value, A)) else value
