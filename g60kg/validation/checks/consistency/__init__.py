"""Check of consistency of added statements with the ontology and the graph.

There are two implementations: rules from the ontology's axioms, on the changed individuals; and
HermiT, an OWL 2 DL reasoner, on the complete graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from g60kg.errors import EngineFailure, MissingExtra
from g60kg.model.change import Change
from g60kg.namespaces import LABEL, ONTOLOGY_GRAPH, A, term
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import check_code
from g60kg.validation.checks.consistency.axioms import Rules
from g60kg.validation.checks.consistency.contradictions import Contradiction, contradictions
from g60kg.validation.checks.consistency.explanations import AxiomSentences
from g60kg.validation.checks.consistency.individuals import Individuals
from g60kg.validation.report.findings import CheckResult, Finding, Status
from g60kg.validation.texts import check_texts

INCONSISTENT: Final = check_code("Inconsistent")


def check_consistency(change: Change, language: str = "en") -> CheckResult:
    """Return the contradictions that added quads introduce, by rules on the changed individuals.

    The result is that of a reasoner on the complete graph if the graph was consistent, no property
    that is functional has two values, and no quads are OWL's (which the input policy refuses). Two
    values of a functional property are reported, where a reasoner would take two entities for one.
    For axioms that the rules do not cover, the note refers to the reasoner.

    Args:
        change: the added quads; the ontology is in its named graph.
    """
    ontology = change.before.quads(None, None, None, ONTOLOGY_GRAPH)
    individuals = Individuals(change, _rules(tuple(quad.triple for quad in ontology)))
    words = AxiomSentences(change.after, language)
    findings = tuple(
        _finding(found, words, language, [t for t in found.facts if individuals.is_added(t)])
        for found in contradictions(individuals)
    )
    beyond = list(individuals.rules.uncovered)
    beyond += ["owl:sameAs"] if any(change.after.quads(None, term("owl:sameAs"), None)) else []
    return CheckResult(findings, note=_note("beyond", language, beyond) if beyond else None)


@lru_cache(maxsize=4)
def _rules(ontology: tuple[Triple, ...]) -> Rules:
    """Return the rules of an ontology, which seldom differs from that of the change before."""
    return Rules(ontology)


def check_consistency_fully(triples: Iterable[Triple], language: str = "en") -> CheckResult:
    """Check a complete graph with the reasoner HermiT; return at most one contradiction.

    Args:
        triples: ontology and instances together, without shapes and history.
    """
    # Imported here: only --full needs it.
    from g60kg.reasoning.inconsistency import explain
    from g60kg.reasoning.owl_axioms import logical_triples
    from g60kg.reasoning.reasoner_process import first_inconsistent, workplace, write_ontology

    given = list(triples)
    try:
        with workplace() as folder:
            ontology = write_ontology(folder / "whole.nt", logical_triples(given))
            if first_inconsistent([ontology]) is None:
                return CheckResult(())
        axioms = explain(given)
    except (EngineFailure, MissingExtra) as error:
        return CheckResult((), False, _note("not run", language, [error.message]))
    facts = tuple(axiom.triple for axiom in axioms if axiom.is_assertion)
    others = tuple(axiom for axiom in axioms if not axiom.is_assertion)
    labels = (Quad(t.subject, t.predicate, t.object) for t in given if t.predicate == LABEL)
    words = AxiomSentences(LocalStore.holding(labels, "labels"), language)
    found = Contradiction(facts, others)
    return CheckResult((_finding(found, words, language, list(facts)),))


def _finding(
    found: Contradiction, words: AxiomSentences, language: str, new: list[Triple]
) -> Finding:
    """Return the finding at the first added statement, else at any statement."""
    facts = new or found.facts
    # Of a class and a relation that exclude each other, the relation is more likely wrong.
    fact = next((one for one in facts if one.predicate != A), next(iter(facts), None))
    focus, value = (None, None) if fact is None else (fact.subject, fact.object)
    return INCONSISTENT.finding(
        words.message(found),
        check_texts("consistency", language)["hint"],
        focus=None if isinstance(focus, Triple) else focus,
        label=words.terms.label(focus) if isinstance(focus, NamedNode) else None,
        path=fact.predicate if fact is not None else None,
        value=None if isinstance(value, Triple) else value,
        status=Status.INTRODUCED if new else Status.EXISTING,
    )


def _note(key: str, language: str, names: Iterable[str]) -> str:
    words = check_texts("consistency", language)
    return words[key].format(names=words["comma"].join(dict.fromkeys(names)))
