"""Facts that are known already, from the same source or from another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.facts import Stated, Statements
from g60kg.namespaces import FACT_SUBJECT
from g60kg.stores.overlay import Overlay
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.message_terms import SHOWN, Wording, written
from g60kg.validation.report.findings import Finding, Severity

KNOWN_FACT: Final = CheckCode(
    "KnownFact",
    (Severity.INFO,),
    "The source is on record with the same statement already.",
    "Nothing is wrong: a file may be added again. The graph gains nothing by it; a further "
    "quotation for the fact needs its retraction first.",
)
CORROBORATED: Final = CheckCode(
    "Corroborated",
    (Severity.INFO,),
    "Another source states the same.",
    "Good news: a reader of the statement is shown the words of both. A figure is the same when "
    "number, unit, comparator and date are.",
)


def known_facts(after: Overlay, language: str) -> Iterator[Finding]:
    """The findings on added Facts, one at most a Fact, sorted by the Facts' IRIs."""
    wording, known = Wording(after, language), Wording(after.base, language)
    words = _WORDS.get(language, _WORDS["en"])
    base, whole = Statements(after.base), Statements(after)
    facts = {quad.subject for quad in after.given.quads(None, FACT_SUBJECT, None)}
    named = (fact for fact in facts if isinstance(fact, NamedNode))
    for fact in sorted(named, key=lambda fact: fact.value):
        stated = whole.read(fact)
        if stated is None or not stated.sources or stated.graph is None:
            continue
        triple = (stated.subject, stated.predicate, stated.object)
        own = base.of(*triple, stated.graph)
        same = [one for one in own if one.sources & stated.sources]
        others = [one for one in own if not one.sources & stated.sources]
        graphs = _other_graphs(after, stated)
        for graph in graphs[:SHOWN]:
            others += [one for one in whole.of(*triple, graph) if one.fact != fact]
        if same:
            yield _finding(stated, KNOWN_FACT, wording, words, known.said(same))
        elif others:
            said = wording.said(others, further=max(len(graphs) - SHOWN, 0))
            yield _finding(stated, CORROBORATED, wording, words, said)


def _other_graphs(after: Overlay, stated: Stated) -> list[NamedNode]:
    """The other graphs with the triple. Of two that are both new, the later one has the earlier."""
    triple = (stated.subject, stated.predicate, stated.object)
    old = {quad.graph_name for quad in after.base.quads(*triple)}
    new = {quad.graph_name for quad in after.new.quads(*triple)}
    earlier = {graph for graph in new if str(graph) < str(stated.graph)}
    found = (graph for graph in old | earlier if isinstance(graph, NamedNode))
    return sorted((graph for graph in found if graph != stated.graph), key=str)


def _finding(
    stated: Stated,
    code: CheckCode,
    wording: Wording,
    words: dict[str, str],
    said: str,
) -> Finding:
    return Finding(
        severity=Severity.INFO,
        code=code.name,
        message=words[code.name].format(
            subject=wording.name(stated.subject),
            property=wording.name(stated.predicate),
            value=wording.value(stated.object),
            said=said,
        ),
        focus=stated.subject.value,
        focus_label=wording.label(stated.subject),
        path=stated.predicate.value,
        value=written(stated.object),
        file=None,
        line=None,
        column=None,
        hint=None,
        term=str(stated.object),
    )


_WORDS: Final = {
    "en": {
        "KnownFact": "Known from this source already: {subject}, {property}: {value} ({said}).",
        "Corroborated": "Another source says so too: {subject}, {property}: {value} ({said}).",
    },
    "zh": {
        "KnownFact": "此来源的这一陈述已在图中：{subject}，{property}：{value}（{said}）。",
        "Corroborated": "另有来源佐证：{subject}，{property}：{value}（{said}）。",
    },
}
