"""Check of consistency of added statements with the ontology and the graph.

There are two implementations: rules from the ontology's axioms, on the changed individuals; and
HermiT, an OWL 2 DL reasoner, on the complete graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.errors import EngineFailure, MissingExtra
from g60kg.model.change import Change
from g60kg.namespaces import LABEL, ONTOLOGY_GRAPH, A, compact, term
from g60kg.reasoning.owl_axioms import Axiom
from g60kg.stores.base import GraphStore
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import check_code
from g60kg.validation.checks.consistency.axioms import DIFFERENT, Rules
from g60kg.validation.checks.consistency.contradictions import (
    Contradiction,
    Individuals,
    contradictions,
)
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import CheckResult, Finding, Status
from g60kg.validation.texts import check_texts

INCONSISTENT: Final = check_code("Inconsistent")
_DISJOINT: Final = term("owl:disjointWith")
_SAME: Final = term("owl:sameAs")


def check_consistency(change: Change, language: str = "en") -> CheckResult:
    """Return the contradictions of added quads, found by rules on the changed individuals.

    A reasoner on the complete graph would find the same, if the graph was consistent, no functional
    property has two values, and no quad uses OWL's terms. Two values of a functional property are
    reported. The note of the result names axioms that the rules do not cover; None without any.
    """
    ontology = change.before.quads(None, None, None, ONTOLOGY_GRAPH)
    individuals = Individuals(change, _rules(tuple(quad.triple for quad in ontology)))
    words = _Sentences(change.after, language)
    findings = tuple(
        _finding(found, words, language, [t for t in found.facts if individuals.is_added(t)])
        for found in contradictions(individuals)
    )
    beyond = list(individuals.rules.uncovered)
    beyond += ["owl:sameAs"] if any(change.after.quads(None, term("owl:sameAs"), None)) else []
    return CheckResult(findings, note=_note("beyond", language, beyond) if beyond else None)


@lru_cache(maxsize=4)
def _rules(ontology: tuple[Triple, ...]) -> Rules:
    return Rules(ontology)


def check_consistency_fully(triples: Iterable[Triple], language: str = "en") -> CheckResult:
    """Return at most one contradiction in ontology and instances, found by the reasoner HermiT.

    If HermiT cannot run, the result has ``ran`` False and the reason as its note.
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
    words = _Sentences(LocalStore.holding(labels, "labels"), language)
    found = Contradiction(facts, others)
    return CheckResult((_finding(found, words, language, list(facts)),))


def _finding(found: Contradiction, words: _Sentences, language: str, new: list[Triple]) -> Finding:
    """Return the finding of a contradiction, at one of its statements.

    It is at an added statement if ``new`` has any, and rather at a relation than at a class. Its
    status is existing if ``new`` is empty.
    """
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


class _Sentences:
    """Texts for statements and axioms in a language: "nothing is both a province and a city"."""

    def __init__(self, store: GraphStore, language: str) -> None:
        self.terms = MessageTerms(store, language)
        self._words = check_texts("axioms", language)
        self._datatypes = check_texts("datatypes", language)

    def message(self, contradiction: Contradiction) -> str:
        """Return a contradiction as one sentence: the statements, then the axioms."""
        axioms = sorted(contradiction.axioms, key=lambda one: one.triple.predicate == _DISJOINT)
        parts = [*map(self._fact, contradiction.facts), *map(self._axiom, axioms)]
        if contradiction.literal is not None:
            parts.insert(1, self._literal(contradiction.literal))
        return self._words["end"].format(statements=self._words["and"].join(dict.fromkeys(parts)))

    def _fact(self, triple: Triple) -> str:
        subject, object_ = self._name(triple.subject), self._name(triple.object)
        if triple.predicate == A:
            return self._words["type"].format(a=subject, c=self._a(triple.object))
        if triple.predicate in (_SAME, DIFFERENT):
            key = "same" if triple.predicate == _SAME else "different"
            return self._words[key].format(a=subject, b=object_)
        name = self._name(triple.predicate)
        return self._words["fact"].format(a=subject, p=name, b=object_)

    def _axiom(self, axiom: Axiom) -> str:
        """Return the text of an axiom, or its three terms by name."""
        triple = axiom.triple
        says = triple.object if triple.predicate == A else triple.predicate
        key = _KEYS.get(says) if isinstance(says, NamedNode) else None
        parts = {part.predicate: part.object for part in axiom.structure}
        along, filler = (parts.get(term(f"owl:{n}")) for n in ("onProperty", "allValuesFrom"))
        ends: list[object] = [triple.subject, triple.object]
        name, upper = sorted(ends, key=str) if key == "disjoint" else ends
        if key == "subclass" and along is not None and filler is not None:
            key, upper = "restriction", filler
        elif key is None or axiom.structure:
            return " ".join(self._name(part) for part in (name, triple.predicate, upper))
        return self._words[key].format(
            p=self._name(name if along is None else along),
            q=self._name(upper),
            a=self._a(name),
            b=self._a(upper),
        )

    def _literal(self, literal: Literal) -> str:
        name = compact(literal.datatype.value)
        datatype = self._datatypes.get(name, name)
        return self._words["literal"].format(value=literal.value, datatype=datatype)

    def _name(self, node: object) -> str:
        if not isinstance(node, NamedNode | BlankNode | Literal):
            return str(node)
        return self.terms.value(node)

    def _a(self, node: object) -> str:
        if isinstance(node, NamedNode) and compact(node.value) in self._datatypes:
            return self._datatypes[compact(node.value)]
        name = self._name(node)
        article = "an" if name[:1].lower() in "aeio" else "a"
        return self._words["a"].format(article=article, name=name)


_KEYS: Final = {
    term("rdfs:subClassOf"): "subclass",
    _DISJOINT: "disjoint",
    term("rdfs:domain"): "domain",
    term("rdfs:range"): "range",
    term("rdfs:subPropertyOf"): "subproperty",
    term("owl:inverseOf"): "inverse",
    term("owl:FunctionalProperty"): "functional",
    term("owl:IrreflexiveProperty"): "irreflexive",
    term("owl:AsymmetricProperty"): "asymmetric",
    term("owl:SymmetricProperty"): "symmetric",
    term("owl:TransitiveProperty"): "transitive",
    DIFFERENT: "different axiom",
}
