"""Whether what is added can be true together with the ontology and with what the graph says.

Two ways to the same verdict: rules made from the ontology's axioms, on the individuals that are
touched; and HermiT, an OWL 2 DL reasoner, on the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.errors import EngineFailure, MissingExtra
from g60kg.namespaces import LABEL, ONTOLOGY_GRAPH, A
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.checks.consistency.axiom_rules import Rules
from g60kg.validation.checks.consistency.contradictions import Contradiction, contradictions
from g60kg.validation.checks.consistency.explanations import AxiomWords
from g60kg.validation.checks.consistency.individuals import Individuals
from g60kg.validation.message_terms import written
from g60kg.validation.report.findings import Finding, Severity, Status

INCONSISTENT: Final = CheckCode(
    "Inconsistent",
    (Severity.VIOLATION,),
    "Statements and axioms of the ontology that cannot all be true.",
    "From a contradiction everything follows, so no inference could be trusted any more. The "
    "message names the statements, then what the ontology says that they break: “Zhejiang is a "
    "province; corridor: member city Zhejiang; “member city” is always a city; nothing is both a "
    "city and a province”. Of one that the rules find, the place is that of the added statement.",
)
#: The codes of this check.
CODES: Final = (INCONSISTENT,)


@dataclass(frozen=True, slots=True)
class ConsistencyCheck:
    """What came of a look at consistency.

    Attributes:
        findings: the contradictions found.
        ran: whether there is a verdict; False where the reasoner is not at hand or gave up.
        note: why there is none, or what the verdict does not take in; else None.
    """

    findings: tuple[Finding, ...]
    ran: bool = True
    note: str | None = None


def check_consistency(
    before: GraphStore, added: Sequence[Quad], language: str = "en"
) -> ConsistencyCheck:
    """The contradictions that added quads bring, by rules, on the individuals that they touch.

    The verdict is that of a reasoner on the whole, as long as the graph was consistent and has
    no second value of a functional property. Of an ontology with axioms that the rules do not
    cover, or axioms among what is added, the note says that only a reasoner can tell.

    Args:
        before: the graph without what is added, the ontology in its named graph.
        added: the quads to be added.
        language: of messages and note, ``en`` or ``zh``.
    """
    after = Overlay(before, added)
    ontology = before.quads(None, None, None, ONTOLOGY_GRAPH)
    individuals = Individuals(after, Rules(quad.triple for quad in ontology))
    words = AxiomWords(after, language)
    findings = tuple(
        _finding(found, words, language, [t for t in found.facts if individuals.is_added(t)])
        for found in contradictions(individuals)
    )
    beyond = (*individuals.rules.uncovered, *individuals.axioms)
    return ConsistencyCheck(findings, note=_note("beyond", language, beyond) if beyond else None)


def check_consistency_fully(triples: Iterable[Triple], language: str = "en") -> ConsistencyCheck:
    """Whether a whole graph is consistent, by the reasoner HermiT; if not, one contradiction.

    Args:
        triples: ontology and instances together, without shapes and history.
        language: of message and note, ``en`` or ``zh``.
    """
    # Imported here: only --full asks for it.
    from g60kg.reasoning.inconsistency import explain
    from g60kg.reasoning.owl_axioms import logical_triples
    from g60kg.reasoning.reasoner_process import first_inconsistent, workplace, write_ontology

    given = list(triples)
    try:
        with workplace() as folder:
            ontology = write_ontology(folder / "whole.nt", logical_triples(given))
            if first_inconsistent([ontology]) is None:
                return ConsistencyCheck(())
        axioms = explain(given).axioms
    except (EngineFailure, MissingExtra) as error:
        return ConsistencyCheck((), False, _note("not run", language, [error.message]))
    facts = tuple(axiom.triple for axiom in axioms if axiom.is_assertion)
    others = tuple(axiom for axiom in axioms if not axiom.is_assertion)
    labels = (Quad(t.subject, t.predicate, t.object) for t in given if t.predicate == LABEL)
    words = AxiomWords(LocalStore.holding(labels, "labels"), language)
    found = Contradiction(facts, others)
    return ConsistencyCheck((_finding(found, words, language, list(facts)),))


def _finding(found: Contradiction, words: AxiomWords, language: str, new: list[Triple]) -> Finding:
    """The finding at the first added statement; at any, where the contradiction is an old one."""
    facts = new or found.facts
    # Of a class and a relation that exclude each other, the relation is the likelier mistake.
    fact = next((one for one in facts if one.predicate != A), next(iter(facts), None))
    focus = fact.subject if fact is not None else None
    value = fact.object if fact is not None else None
    return Finding(
        severity=Severity.VIOLATION,
        code=INCONSISTENT.name,
        message=words.message(found),
        focus=written(focus) if isinstance(focus, NamedNode | BlankNode) else None,
        focus_label=words.wording.label(focus) if isinstance(focus, NamedNode) else None,
        path=fact.predicate.value if fact is not None else None,
        value=None if value is None or isinstance(value, Triple) else written(value),
        file=None,
        line=None,
        column=None,
        hint=_HINTS.get(language, _HINTS["en"]),
        status=Status.INTRODUCED if new else Status.EXISTING,
        term=str(value) if value is not None else None,
    )


def _note(key: str, language: str, names: Iterable[str]) -> str:
    words = _NOTES.get(language, _NOTES["en"])
    return words[key].format(names=words["comma"].join(dict.fromkeys(names)))


_HINTS: Final = {
    "en": "One of these statements is wrong: mend it, or take it out.",
    "zh": "这些陈述中有一条是错的：请改正或删去。",
}
_NOTES: Final = {
    "en": {
        "beyond": "The quick check does not take in {names}: --full asks a reasoner.",
        "not run": "Not run: {names}",
        "comma": ", ",
    },
    "zh": {
        "beyond": "快速检查未涵盖 {names}：--full 会使用推理机。",
        "not run": "未执行：{names}",
        "comma": "、",
    },
}
