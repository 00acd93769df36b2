"""Sentences for statements and axioms: "nothing is both a province and a city"."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from g60kg.namespaces import A, compact, term
from g60kg.reasoning.owl_axioms import Axiom
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.consistency.axioms import DIFFERENT
from g60kg.validation.checks.consistency.contradictions import Contradiction
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.texts import check_texts

_DISJOINT: Final = term("owl:disjointWith")
_SAME: Final = term("owl:sameAs")


class AxiomSentences:
    """Sentences for statements and axioms."""

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
        """Return the sentence of an axiom; in Turtle if its kind has none."""
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
        """Return a class with its article, if the language has articles; a datatype as text."""
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
